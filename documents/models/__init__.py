from .documents import Document, HashRegister, new_token
from .jobs import Job, RenderJob, SealJob, WorkerBeat
from .numbers import LetterNumber, NumberCounter

__all__ = [
    "Document",
    "HashRegister",
    "Job",
    "LetterNumber",
    "NumberCounter",
    "RenderJob",
    "SealJob",
    "WorkerBeat",
    "new_token",
]
