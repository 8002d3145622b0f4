"""DEED: load texts and legal bases that everybody may use; read classifications and ranks for suggestion lists.

The files in ``data/`` are the project's own. Loading twice changes nothing; a text whose words changed in the file
becomes a new version, because published words stay.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from accounts import audit
from accounts.writing import writing

from . import texts
from .evidence import DEFAULT_CONSENT, text_sha256
from .models import LegalBasis, PledgeText, TextVersion
from .models.texts import Kind

FOLDER = Path(__file__).parent / "data"
PRINTED = "Bunyi sebagaimana tercetak pada sumbernya."
APPROVED_ORIGINS = {TextVersion.Origin.AS_PRINTED, TextVersion.Origin.VERBATIM}


class UnusableData(Exception):
    """One Indonesian sentence that says which file cannot be used, and why."""


@dataclass
class Loaded:
    """What a run did; counts."""

    texts: int = 0
    texts_added: int = 0
    versions_added: int = 0
    legal_bases: int = 0
    legal_bases_added: int = 0
    legal_bases_changed: int = 0
    classifications: int = 0
    ranks: int = 0
    unapproved: list[str] = field(default_factory=list)


def load_reference_data(*, source: Path = FOLDER) -> Loaded:
    """Legal bases first, then texts; everything or nothing. UnusableData when a file cannot be used."""
    bases, rows = read_legal_bases(source), read_texts(source)
    _check_keys(bases, rows)
    done = Loaded(
        classifications=len(read_classifications(source)), ranks=sum(map(len, read_ranks(source).values()))
    )
    with writing():
        for row in bases:
            _load_basis(row, done)
        for row in bases:  # a successor may stand further down
            LegalBasis.objects.filter(pk=row["key"]).update(superseded_by=row["superseded_by"])
        for row in rows:
            _load_text(row, done)
    return done


# -- suggestion lists --------------------------------------------------------------------------------------------


@cache
def classifications() -> list[tuple[str, str]]:
    """(code, name) of the archive codes useful here (Perbawaslu 11/2020)."""
    return read_classifications(FOLDER)


@cache
def ranks() -> dict[str, list[str]]:
    """Ranks as they are written, by service: pns, pppk, tni_ad, tni_al, tni_au, polri; junior to senior."""
    return read_ranks(FOLDER)


# -- files → checked rows ----------------------------------------------------------------------------------------


def read_legal_bases(source: Path) -> list[dict]:
    def row(raw: dict) -> dict:
        last = raw["valid_to"]
        return raw | {
            "valid_from": date.fromisoformat(raw["valid_from"]),
            "valid_to": date.fromisoformat(last) if last else None,
        }

    return _rows(source / "legal_bases.json", row, {field.name for field in LegalBasis._meta.concrete_fields})


def read_texts(source: Path) -> list[dict]:
    wanted = {"key", "title", "kind", "applies_to", "origin", "opening", "points", "closing"}

    def row(raw: dict) -> dict:
        Kind(raw["kind"]), TextVersion.Origin(raw["origin"])
        return raw

    return _rows(source / "pledge_texts.json", row, wanted | {"legal_bases", "note", "sources"})


def read_classifications(source: Path) -> list[tuple[str, str]]:
    path = source / "classifications.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [(row["code"], row["name"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise UnusableData(f"{path.name} tidak dapat dibaca ({type(error).__name__}).") from None


def read_ranks(source: Path) -> dict[str, list[str]]:
    path = source / "ranks.json"
    try:
        raw = _json(path)
        return {
            service: [
                f"{rank['name']} ({rank['short']})" if rank["name"] else rank["short"] for rank in listed
            ]
            for service, listed in raw.items()
        }
    except (KeyError, TypeError, AttributeError):
        raise UnusableData(f"{path.name} tidak berbentuk daftar pangkat.") from None


def _rows(path: Path, row: Callable[[dict], dict], fields: set[str]) -> list[dict]:
    raw = _json(path)
    if not isinstance(raw, list):
        raise UnusableData(f"{path.name} bukan sebuah daftar.")
    rows, seen = [], set()
    for n, item in enumerate(raw, 1):
        if not isinstance(item, dict) or set(item) != fields or item["key"] in seen:
            raise UnusableData(
                f"{path.name} baris data ke-{n}: isian tidak lengkap, tidak dikenal, atau kunci ganda."
            )
        seen.add(item["key"])
        try:
            rows.append(row(item))
        except (ValueError, TypeError, KeyError):
            raise UnusableData(f"{path.name}: isi {item['key']!r} tidak sah.") from None
    return rows


def _json(path: Path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableData(f"{path.name} tidak dapat dibaca ({type(error).__name__}).") from None


def _check_keys(bases: list[dict], rows: list[dict]) -> None:
    known = {row["key"] for row in bases}
    named = {row["superseded_by"] for row in bases if row["superseded_by"]}
    named |= {key for row in rows for key in row["legal_bases"]}
    if unknown := sorted(named - known):
        raise UnusableData(f"Dasar hukum tidak dikenal: {', '.join(unknown)}.")


# -- rows → database ---------------------------------------------------------------------------------------------


def _load_basis(row: dict, done: Loaded) -> None:
    fields = {name: value for name, value in row.items() if name not in ("key", "superseded_by")}
    done.legal_bases += 1
    known = LegalBasis.objects.filter(pk=row["key"]).first()
    if known is None:
        LegalBasis.objects.create(key=row["key"], **fields)
        done.legal_bases_added += 1
    elif any(getattr(known, name) != value for name, value in fields.items()):
        LegalBasis.objects.filter(pk=known.pk).update(**fields)
        done.legal_bases_changed += 1


def _load_text(row: dict, done: Loaded) -> None:
    """The newest version already says this: nothing to do. Otherwise a first or a further version."""
    done.texts += 1
    content = {name: row[name] for name in ("title", "opening", "points", "closing")}
    known = PledgeText.objects.reference().filter(key=row["key"]).first()
    newest = known.versions.order_by("-number").first() if known else None
    if newest and newest.sha256 == text_sha256(content | {"consent": DEFAULT_CONSENT}):
        version = newest
    else:
        version = _publish(row, content, newest)
        done.texts_added += known is None
        done.versions_added += known is not None
    if not version.is_approved:
        done.unapproved.append(row["key"])


def _publish(row: dict, content: dict, newest: TextVersion | None) -> TextVersion:
    bases = list(LegalBasis.objects.filter(pk__in=row["legal_bases"]))
    note = " ".join([row["note"], f"Sumber: {'; '.join(row['sources'])}."]).strip()
    fields = content | {"applies_to": row["applies_to"], "source_note": note}
    if newest is None:
        version = texts.create_text(
            office=None,
            kind=row["kind"],
            key=row["key"],
            origin=row["origin"],
            legal_bases=bases,
            by=audit.SYSTEM,
            **fields,
        )
    else:
        version = texts.add_reference_version(
            version=newest, origin=row["origin"], legal_bases=bases, by=audit.SYSTEM, **fields
        )
    version = texts.publish_version(version=version, by=audit.SYSTEM)
    if row["origin"] in APPROVED_ORIGINS:
        version = texts.approve_version(version=version, by=audit.SYSTEM, note=PRINTED)
    return version
