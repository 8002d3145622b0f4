"""The steps in the life of an event as the pages offer them: words, right, deed."""

from collections.abc import Callable
from typing import NamedTuple

from accounts.roles import Permission

from . import readiness, scheduling
from .models import Event


class Step(NamedTuple):
    """``state`` is where the step leads; ``starts_from`` the states that offer it."""

    name: str
    state: str
    starts_from: tuple[str, ...]
    permission: Permission
    deed: Callable[..., Event]
    label: str
    question: str
    done: str
    wrong_state: str
    needs_reason: bool = False
    is_main: bool = True
    checks: str = ""

    def issues(self, event: Event) -> list[readiness.Issue]:
        return readiness.issues(event, self.checks) if self.checks else []


def _main(name, state, permission, deed, label, question, done) -> Step:
    froms, wrong = scheduling.FROM[state], scheduling.WRONG_STATE[state]
    return Step(name, state, froms, permission, deed, label, question, done, wrong, checks=state)


STEPS = {
    step.name: step
    for step in (
        _main(
            "schedule",
            Event.State.SCHEDULED,
            Permission.EVENT_PLAN,
            scheduling.schedule_event,
            "Jadwalkan kegiatan",
            "Kegiatan ditandai siap dilaksanakan. Rencana masih dapat diubah.",
            "Kegiatan dijadwalkan.",
        ),
        _main(
            "start",
            Event.State.RUNNING,
            Permission.EVENT_RUN,
            scheduling.start_event,
            "Mulai kegiatan",
            "Kehadiran dan penandatanganan dapat dimulai.",
            "Kegiatan dimulai.",
        ),
        _main(
            "close",
            Event.State.CLOSED,
            Permission.EVENT_CLOSE,
            scheduling.close_event,
            "Tutup kegiatan",
            "Rencana dan daftar peserta terkunci, lalu naskah dapat disegel.",
            "Kegiatan ditutup.",
        ),
        _main(
            "archive",
            Event.State.ARCHIVED,
            Permission.EVENT_CLOSE,
            scheduling.archive_event,
            "Arsipkan kegiatan",
            "Setelah diarsipkan, kegiatan ini hanya dapat dibaca dan tidak dapat dibuka kembali.",
            "Kegiatan diarsipkan.",
        ),
        Step(
            "reopen",
            Event.State.RUNNING,
            (Event.State.CLOSED,),
            Permission.EVENT_CLOSE,
            scheduling.reopen_event,
            "Buka kembali",
            "Kegiatan kembali berstatus Berlangsung. Hanya mungkin selama belum ada dokumen yang disegel.",
            "Kegiatan dibuka kembali.",
            "Hanya kegiatan berstatus Selesai yang dapat dibuka kembali.",
            needs_reason=True,
            is_main=False,
        ),
        Step(
            "cancel",
            Event.State.CANCELLED,
            scheduling.FROM[Event.State.CANCELLED],
            Permission.EVENT_PLAN,
            scheduling.cancel_event,
            "Batalkan kegiatan",
            "Kegiatan tidak jadi dilaksanakan. Catatannya tetap tersimpan.",
            "Kegiatan dibatalkan.",
            scheduling.WRONG_STATE[Event.State.CANCELLED],
            needs_reason=True,
            is_main=False,
        ),
    )
}


def next_step(event: Event) -> Step | None:
    """The one step that moves the event forward, or None at the end of its life."""
    return next((step for step in STEPS.values() if step.is_main and event.state in step.starts_from), None)


def other_steps(event: Event) -> list[Step]:
    return [step for step in STEPS.values() if not step.is_main and event.state in step.starts_from]
