"""DEED: the cover of everything that is sealed for an event, ordered again whenever there is more."""

from accounts.canonical import canonical_bytes, sha256_hex
from documents.models import Document

from .dossier_paper import KIND, PAPER
from .issuing import issue_event_paper, paper_family
from .models import Event
from .paper_snapshot import freeze_paper

MORE = "Berkas kegiatan bertambah atau diperbarui."


def order_cover(*, event: Event, by) -> Document:
    """The cover that lists and carries what is sealed now.

    Effects: those of ``issue_event_paper``, as a revision when an earlier cover is in force; none when that one still
    says everything, or when the event is archived. Refused with what is missing, in words.
    """
    sealed = paper_family(event, PAPER).sealed().first()
    if sealed and (event.is_archived or _says_everything(sealed, event)):
        return sealed
    return issue_event_paper(event=event, kind=KIND, by=by, reason=MORE if sealed else "")


def newest_cover(event: Event) -> Document | None:
    """The cover on its way, else the one in force."""
    return paper_family(event, PAPER).living().order_by("-revision", "-created_at").first()


def _says_everything(cover: Document, event: Event) -> bool:
    return sha256_hex(canonical_bytes(freeze_paper(event, PAPER))) == cover.input_sha256
