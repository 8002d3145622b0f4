"""DEEDS: the part "texts" of a copied event: its papers with the same version of their text (EVENTS §3).

Numbers, states, readings, signatories and sealed papers stay with the event they belong to. Whether the cited laws are
in force on the new day is asked by *Kesiapan kegiatan* of the copy.
"""

from datetime import date as Date

from events.copying import Copying, register

from .models import Declaration, Party, TextVersion
from .planning import add_declaration, add_witness, set_parties

PAPER_FIELDS = (
    "text_version",
    "kind",
    "signing_mode",
    "order",
    "classification",
    "categories",
    "blocs",
    "identity_print",
    "subject",
    "requires_reading",
)
PARTY_FIELDS = ("institution", "representative_name", "position", "address")
WITNESS_FIELDS = ("role", "name", "position", "agency")


def copy_papers(copying: Copying) -> None:
    """Each paper that was not revoked; one whose text the new office may not use stays behind, with a sentence."""
    usable = set(TextVersion.objects.usable_by(copying.copy.office).values_list("pk", flat=True))
    papers = copying.source.declarations.exclude(state=Declaration.State.VOID)
    for paper in papers.select_related("text_version").prefetch_related("parties__attendee", "witnesses"):
        if paper.text_version_id in usable:
            _copy_paper(copying, paper)
        else:
            copying.left_out.append(
                f"Naskah “{paper.title}” tidak disalin, karena kantor ini tidak dapat memakainya. Pilih naskah lain."
            )


def _copy_paper(copying: Copying, paper: Declaration) -> None:
    fields = {name: getattr(paper, name) for name in PAPER_FIELDS}
    if copying.is_at_home:
        fields["place"] = paper.place
    date = _shifted(copying, paper.date)
    copy = add_declaration(event=copying.copy, date=date, by=copying.by, **fields)
    if copying.is_own and copy.is_two_party and paper.parties.count() == 2:
        set_parties(declaration=copy, parties=[_side(copying, p) for p in paper.parties.all()], by=copying.by)
    witnesses = paper.witnesses.all()
    if witnesses and not copying.is_at_home:  # the Camat of another kecamatan has not seen this paper
        copying.left_out.append(f"Saksi {paper.title} tidak disalin, karena kantor atau wilayahnya lain.")
        return
    for witness in witnesses:
        facts = {name: getattr(witness, name) for name in WITNESS_FIELDS}
        add_witness(declaration=copy, by=copying.by, **facts)


def _side(copying: Copying, party: Party) -> dict:
    """One side without its number; the person on the list of attendees only where the list was copied, too."""
    facts = {name: getattr(party, name) for name in PARTY_FIELDS}
    return {**facts, "attendee": copying.twins.get(party.attendee)}


def _shifted(copying: Copying, day: Date | None) -> Date | None:
    """As many days after the start as before; None means the day of the event."""
    if day is None or copying.source.date is None or copying.copy.date is None:
        return None
    return copying.copy.date + (day - copying.source.date)


def register_all() -> None:
    """Called once by the app."""
    register(
        "texts",
        "Naskah",
        "Versi naskah yang sama, cara penandatanganan, para pihak, dan saksi; tanpa nomor.",
        copy_papers,
    )
