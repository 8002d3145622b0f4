from .ahead import AheadPaper
from .documents import Document, HashRegister, new_token
from .jobs import Job, RenderJob, SealJob, WorkerBeat
from .numbers import LetterNumber, NumberCounter
from .seals import SealSetting

__all__ = [
    "AheadPaper",
    "Document",
    "HashRegister",
    "Job",
    "LetterNumber",
    "NumberCounter",
    "RenderJob",
    "SealJob",
    "SealSetting",
    "WorkerBeat",
    "new_token",
]
