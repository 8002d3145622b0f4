"""What reports of an event say of its naskah: outcomes per unsur, who read, villages that signed (DOMAIN §8).

Reads rows only; freezing twice without a change gives the same.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from documents.letterhead import tidy
from documents.models import Document
from events.models import Event, EventPerson
from events.report_parts import people_in_role
from regions.models import Region
from regions.wording import clock_with_zone, long_date_no_day, percent

from .models import Declaration, Signatory, Witness
from .models.declarations import SigningMode
from .paper_family import ADDENDUM, family
from .recap import HEADS
from .snapshot import numbers_of
from .snapshot_people import LATE_CODES, count, group_labels

State = Declaration.State
NO_NASKAH = "Belum ada naskah yang disegel pada kegiatan ini."


def papers_of(event: Event) -> QuerySet[Declaration]:
    """Naskah that people signed or heard; drafts are none, and what was withdrawn is none any more."""
    found = event.declarations.exclude(state__in=(State.DRAFT, State.VOID))
    return found.select_related("event__region", "text_version").order_by("order", "created_at")


def missing_naskah(event: Event) -> list[str]:
    return [] if papers_of(event).exists() else [NO_NASKAH]


def paper_facts(declaration: Declaration) -> dict:
    """One naskah: title, kind, numbers, parties, reading, outcomes in all and per unsur, sealed files."""
    rows = list(declaration.signatories.current().select_related("attendee"))
    totals = count(rows, group_labels(declaration))
    return tidy(
        {
            "title": " ".join(declaration.title.split()),
            "kind": declaration.get_kind_display(),
            "number": " dan ".join(numbers_of(declaration)),
            "between": " dengan ".join(_institutions(declaration)),
            "read": read_by(declaration),
            **_outcomes(totals),
            "late": late_count(declaration),
            "groups": [{"label": group["label"], **_outcomes(group)} for group in totals["by_group"]],
            **files_of(declaration),
        }
    )


def _outcomes(counts: dict) -> dict:
    return {
        "listed": counts["listed"],
        "signed": counts["signed"],
        "refused": counts["refused"],
        "absent": counts["absent"] + counts["excused"],
    }


def _institutions(declaration: Declaration) -> list[str]:
    if not declaration.is_two_party:
        return []
    return [party.institution for party in declaration.parties.order_by("order")]


def read_by(declaration: Declaration) -> str:
    """ "Dibacakan pukul 10.05 WIB, dipandu oleh Rudiyanto, Sekretaris Daerah, dan diikuti seluruh peserta yang hadir." """
    if not declaration.read_at:
        return ""
    leader = ", ".join(part for part in (declaration.read_by_name, declaration.read_by_position) if part)
    by = f", dipandu oleh {leader}" if leader else ""
    followed = ", dan diikuti seluruh peserta yang hadir" if declaration.read_followed_by_all else ""
    hour = clock_with_zone(declaration.read_at, declaration.event.time_zone)
    return f"Dibacakan pukul {hour}{by}{followed}."


def late_count(declaration: Declaration) -> int:
    """Signatures that were given after the signing was closed or the naskah was sealed."""
    valid = declaration.signatures.valid().filter(outcome="signed")
    return sum(code in LATE_CODES or "late" in flags for code, flags in valid.values_list("code", "flags"))


def files_of(declaration: Declaration) -> dict:
    """{"files": [{label, number?, sealed, sha256}]} or, of a naskah with a sheet per person, {"sheets": 31}."""
    sealed = family(declaration).sealed().order_by("sealed_at", "pk").defer("snapshot")
    if declaration.signing_mode == SigningMode.INDIVIDUAL:
        return {"sheets": sealed.count()}
    return {"files": [_file(document, declaration.event) for document in sealed]}


def _file(document: Document, event: Event) -> dict:
    return {
        "kind": document.kind,
        "label": "Addendum" if document.kind == ADDENDUM else "Naskah",
        "title": document.title,
        "sealed": long_date_no_day(document.sealed_at, event.time_zone),
        "sha256": document.sha256,
    }


def witnesses_of(event: Event) -> dict:
    """{"witnesses": […], "acknowledged": […]}: as the naskah and the list of people name them, each once."""
    named = Witness.objects.filter(declaration__in=papers_of(event)).order_by(
        "declaration__order", "order", "pk"
    )
    found: dict[str, list[str]] = defaultdict(list)
    for witness in named:
        line = ", ".join(part for part in (witness.name, witness.position, witness.agency) if part)
        found[witness.role].append(line)
    seen = found[Witness.Role.WITNESS] + people_in_role(event, EventPerson.Role.WITNESS)
    return {
        "witnesses": list(dict.fromkeys(seen)),
        "acknowledged": list(dict.fromkeys(found[Witness.Role.ACKNOWLEDGED])),
    }


def legal_bases_of(event: Event) -> list[str]:
    """Citations of the laws that the texts heed, each once."""
    bases = (
        f"{basis.citation.strip().rstrip('.;')}"
        for paper in papers_of(event)
        for basis in paper.text_version.legal_bases.order_by("valid_from", "key")
    )
    return list(dict.fromkeys(bases))


# -- villages ------------------------------------------------------------------------------------------------------


def coverage_of(event: Event) -> dict:
    """{word: "Desa/Kelurahan", lines, listed, signed, share}; {} when nobody on the lists signs for a village.

    ``lines`` per kecamatan: [{name, listed, signed, share, missing?: names}].

    Expected are all villages of the region of the kinds (desa, kelurahan) that stand on the lists: who was not even
    invited is missing too.
    """
    signed_by = _signed_by_village(event)
    if not signed_by:
        return {}
    expected = _expected(event, signed_by)
    parents = {village.code.rpartition(".")[0] for village in expected}
    titles = {region.code: region.titled for region in Region.objects.filter(code__in=parents)}
    found: dict[str, list[Region]] = defaultdict(list)
    for village in expected:
        found[village.code.rpartition(".")[0]].append(village)
    lines = [_line(titles.get(code, code), villages, signed_by) for code, villages in sorted(found.items())]
    listed, signed = (sum(line[name] for line in lines) for name in ("listed", "signed"))
    word = "/".join(dict.fromkeys(village.kind_name for village in expected))
    return {
        "word": word,
        "lines": lines,
        "listed": listed,
        "signed": signed,
        "share": percent(signed, listed),
    }


def _signed_by_village(event: Event) -> dict[str, bool]:
    """Code of each village that somebody on the lists signs for → whether somebody did."""
    rows = Signatory.objects.current().filter(declaration__in=papers_of(event), category__in=HEADS)
    rows = rows.filter(attendee__village__isnull=False).values_list("attendee__village_id", "outcome")
    signed: dict[str, bool] = {}
    for village, outcome in rows:
        signed[village] = signed.get(village, False) or outcome == Signatory.Outcome.SIGNED
    return signed


def _expected(event: Event, signed_by: Iterable[str]) -> list[Region]:
    listed = list(Region.objects.filter(code__in=signed_by))
    kinds = {village.kind for village in listed}
    within = Region.objects.filter(level="village", is_current=True, code__within=event.region.code)
    found = {village.code: village for village in [*listed, *within] if village.kind in kinds}
    return [found[code] for code in sorted(found)]


def _line(name: str, villages: list[Region], signed_by: dict[str, bool]) -> dict:
    missing = [village.name for village in villages if not signed_by.get(village.code)]
    signed = len(villages) - len(missing)
    return {
        "name": name,
        "listed": len(villages),
        "signed": signed,
        "share": percent(signed, len(villages)),
        "missing": missing,
    }


# -- moments -------------------------------------------------------------------------------------------------------


def newest_of(event: Event) -> str:
    """The newest moment that these facts tell of, for ``as_of``."""
    rows = Signatory.objects.filter(declaration__event=event, outcome_at__isnull=False)
    moments: list[datetime] = list(rows.order_by("-outcome_at").values_list("outcome_at", flat=True)[:1])
    came = event.attendees.expected().filter(first_seen_at__isnull=False).order_by("-first_seen_at")
    moments += came.values_list("first_seen_at", flat=True)[:1]
    for paper in papers_of(event):
        moments += [paper.read_at] if paper.read_at else []
        moments += family(paper).sealed().order_by("-sealed_at").values_list("sealed_at", flat=True)[:1]
    return max(moments).isoformat() if moments else ""
