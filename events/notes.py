"""DEEDS: what is written down during the day, notula and kendala; nothing that was saved is ever lost (DOMAIN §12)."""

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from .issuing import refuse_unless_issuable
from .locking import lock
from .models import Event, NoteRevision, PaperDraft
from .note_rows import PRINTED, Kind, follow, latest_of
from .report_parts import LONG

TOO_LONG = (
    "Tulisan ini lebih panjang dari {limit} karakter, sehingga belum disimpan di peladen. Ringkas tulisannya, atau "
    "pindahkan sebagian ke Tanya jawab pada isian notula."
)


def save_note(
    *, event: Event, kind: str, text: str, base: int | None, by, writer: str = "", apart: bool = False
) -> NoteRevision:
    """Keep the text of a pad and print it where it belongs.

    Effects in order: the text is kept as a row (``note_rows.follow``); the draft of its paper says the same; audit
    ``note.changed`` without the text, once per text of the history. NoteConflict when somebody else saved since
    ``base``; refused when too long, and for an event that is archived, cancelled or a template.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > LONG:
        raise Refusal(TOO_LONG.format(limit=f"{LONG:,}".replace(",", ".")))
    with writing():
        refuse_unless_issuable(lock(event))
        latest = latest_of(event, kind)
        row, is_new = follow(
            latest,
            text,
            base=base,
            by=audit.user_or_none(by),
            writer=writer.replace("\x00", "")[:40],
            apart=apart,
        )
        _print(event, kind, text)
        if is_new:
            audit.record(by, "note.changed", row)
    return row


def restore_note(*, event: Event, kind: str, revision: NoteRevision, by) -> NoteRevision:
    """An earlier text counts again; the later ones stay in the history. Effects: those of ``save_note``."""
    return save_note(event=event, kind=kind, text=revision.text, base=None, by=by, apart=True)


def _print(event: Event, kind: str, text: str) -> None:
    paper, field = PRINTED[Kind(kind)]
    draft, _ = PaperDraft.objects.get_or_create(event=event, kind=paper)
    if draft.details.get(field, "") != text.strip():
        draft.details = {**draft.details, field: text.strip()}
        draft.save(update_fields=["details", "changed_at"])
