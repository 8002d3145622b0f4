"""Sertifikat peserta: one paper for each person who was there (DOMAIN §8, Perbawaslu 13/2020 contoh 21B)."""

from uuid import UUID

from accounts.refusals import Refusal

from . import paper_kinds
from .letter_parts import missing_occasion, missing_signers, office_signers, town_of, wording
from .models import Attendee, Event
from .paper_kinds import Block, Part
from .paper_snapshot import PrintSettings
from .people_rows import newest, row_of

EASY, FULL = 460, 900  # letters on a certificate in the usual type, and in the smaller one
EXAMPLE = "Nama Peserta"
NOT_CERTIFIED = "Orang ini tidak tercatat hadir atau belum bernama, jadi tidak menerima sertifikat."
BLOCKS = (
    Block("given_to", "Kalimat pengantar", "diberikan kepada"),
    Block(
        "reason",
        "Kalimat isi",
        "sebagai *peserta* kegiatan {judul_kegiatan} yang diselenggarakan oleh {nama_kantor}"
        " pada {tanggal_panjang} di {tempat}.",
    ),
)


def certified(event: Event):
    """Named people who were there, in the order of the lists."""
    return event.attendees.expected().named().exclude(first_seen_at=None).in_order()


def parts(event: Event) -> list[Part]:
    return [Part(str(person.pk), person.printed_name) for person in certified(event)]


def needs(event: Event) -> list[str]:
    issues = missing_occasion(event) + missing_signers(event)
    return issues + ([] if certified(event).exists() else ["Belum ada peserta bernama yang tercatat hadir."])


def freeze(event: Event, settings: PrintSettings, part: str) -> dict:
    """``part`` is the attendee. A preview takes the first who is certified, or an example; nothing else does."""
    people = certified(event).select_related("village")
    person = people.filter(pk=_id(part)).first() if part else people.first() if settings.draft else None
    if person is None and not settings.draft:
        raise Refusal(NOT_CERTIFIED)
    who = row_of(person, settings) if person else {"name": EXAMPLE}
    return {
        "title": f"Sertifikat {event.title} – {who['name']}",
        "public": {"title": f"Sertifikat {event.title}"},
        "person": who,
        "wording": wording(event, settings, BLOCKS),
        "signed_at": town_of(event),
        "signers": office_signers(event, settings),
        "as_of": newest([person]) if isinstance(person, Attendee) else "",
    }


def _id(part: str) -> UUID | None:
    """What stands in the form may be anything."""
    try:
        return UUID(part)
    except ValueError:
        return None


def context(content: dict) -> dict:
    """The post first, then where, unless the post says it already: "Kepala Desa Dungus", "Kapolsek · Polsek Cerme"."""
    post, agency = content["person"].get("post", ""), content["person"].get("agency", "")
    line = " · ".join(filter(None, (post, "" if agency in post else agency)))
    return {"person_line": line, "fit": _fit(content, line)}


def _fit(content: dict, line: str) -> str:
    """Which size of type keeps the certificate on one page: "", "tight" or "tighter"."""
    who = (content["person"].get(name, "") for name in ("name", "rank", "number"))
    words = [line, *who, *(run.get("text", "") for run in _runs(content))]
    signers = [part for signer in content["signers"] for part in signer.values()]
    length = sum(map(len, words)) + 2 * max(map(len, signers), default=0)
    return "" if length < EASY else "tight" if length < FULL else "tighter"


def _runs(content: dict) -> list[dict]:
    return [
        run for paragraphs in content["wording"].values() for paragraph in paragraphs for run in paragraph
    ]


PAPER = paper_kinds.register(
    paper_kinds.EventPaper(
        kind="sertifikat",
        label="Sertifikat peserta",
        template="certificate",
        about="Satu sertifikat bersegel untuk setiap peserta yang tercatat hadir, dengan satu nomor surat.",
        needs=needs,
        freeze=freeze,
        numbered=True,
        classification="HM.03.00",
        layout="landscape",
        blocks=BLOCKS,
        parts=parts,
        context=context,
        order=60,
    )
)
