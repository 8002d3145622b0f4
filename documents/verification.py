"""PURE: the bytes of any file → what can be said about them, with no database and no network (PDF.md §5.5).

All checks run even when an earlier one failed; each has its own words, never one green tick for all. What a file's
evidence says is judged by checkers that upper rooms register for its schema.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from cryptography import x509

from accounts.canonical import parse_canonical
from regions.wording import clock_with_zone, long_date_no_day

from . import certificates, pades
from .opened import OpenedPaper, Unreadable
from .pades import Integrity, SealReport, StampReport, Trust

__all__ = ["Check", "Judgement", "Paper", "Report", "Status", "Unreadable", "register_checker", "verify_file"]

MAX_BYTES = 100 * 1024 * 1024
TIME_ZONE = "Asia/Jakarta"  # in which times are told where no office is known
CHECKS = (
    "file_integrity",
    "seal",
    "certificate",
    "timestamp",
    "evidence",
    "device_signatures",
    "chain",
    "text",
)
REQUIRED = ("file_integrity", "seal", "certificate")


class Status(StrEnum):
    OK = "ok"
    FAILED = "failed"
    ABSENT = "absent"


@dataclass(frozen=True)
class Check:
    """``message`` is an Indonesian sentence; ``facts`` are for machines (JSON-able)."""

    status: Status
    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def ok(message: str, **facts) -> Check:
    return Check(Status.OK, message, facts)


def failed(message: str, **facts) -> Check:
    return Check(Status.FAILED, message, facts)


def absent(message: str, **facts) -> Check:
    return Check(Status.ABSENT, message, facts)


@dataclass(frozen=True)
class Paper:
    """What a checker of evidence may ask of the file it came in."""

    data: bytes
    opened: OpenedPaper

    @cached_property
    def xmp(self) -> dict[str, str]:
        """Our XMP properties (documents/xmp.py) and ``title``; empty when unreadable."""
        return self.opened.xmp()

    def page_contents(self) -> list[bytes]:
        """Decompressed drawing operators of each page: where ink is looked for."""
        return self.opened.page_contents()

    def page_texts(self) -> Iterator[str]:
        """What can be read on each page, one by one; ValueError when a page does not read."""
        return self.opened.page_texts()

    def signature_labels(self) -> list[str]:
        """Alternative texts of the signature figures, in the order of the file's objects."""
        return self.opened.signature_labels()


class Judgement(NamedTuple):
    """``checks``: any of evidence, text, device_signatures, chain. ``document``: kind, title, event, signatures."""

    checks: Mapping[str, Check]
    document: Mapping[str, Any] = {}


Checker = Callable[[dict, Paper], Judgement]
CHECKERS: dict[str, Checker] = {}


def register_checker(schema: str, checker: Checker) -> None:
    """``checker(evidence, paper)`` judges evidence of the schema ("netralitas-evidence/1"); it may raise ValueError."""
    if CHECKERS.get(schema, checker) is not checker:
        raise ValueError(f"evidence schema {schema!r} is registered twice")
    CHECKERS[schema] = checker


@dataclass(frozen=True)
class Report:
    checks: Mapping[str, Check]
    document: Mapping[str, Any]
    pades_level: str = ""
    certificate_fingerprint: str = ""
    seal: SealReport | None = None

    @property
    def timestamp_expires(self) -> datetime | None:
        """End of the certificate of the newest timestamp over the whole file."""
        newest = self.seal and self.seal.newest_stamp
        return newest.certificate_ends if newest else None

    @property
    def valid(self) -> bool:
        """Bytes, seal and certificate are in order and nothing else failed."""
        sound = all(self.checks[name].status == Status.OK for name in REQUIRED)
        return sound and not self.failed

    @property
    def failed(self) -> list[str]:
        return [name for name, check in self.checks.items() if check.status == Status.FAILED]

    def as_json(self) -> dict[str, Any]:
        return {
            "valid": self.valid,
            "checks": {
                name: {"status": str(check.status), "message": check.message, "facts": dict(check.facts)}
                for name, check in self.checks.items()
            },
            "document": dict(self.document),
        }


def verify_file(
    data: bytes, *, roots: Sequence[x509.Certificate] | None = None, changes: bool = True
) -> Report:
    """Check everything about the bytes. ``roots`` are those of DATA_DIR/pki/roots when not given; ``changes`` as in
    ``pades.report``.

    Raises Unreadable (with ``message``) for what is no PDF, is encrypted or has more than 100 MB, and for nothing
    else: whatever is wrong with a sealed file becomes part of the report.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("Berkas lebih besar dari 100 MB.")
    trusted = certificates.trusted_roots() if roots is None else roots
    seal = pades.report(data, trusted, changes=changes)
    with OpenedPaper(data, damaged=seal.found) as opened:
        paper = Paper(data, opened)
        judgement = _judge_evidence(paper)
        document = {
            "kind": paper.xmp.get("documentKind", ""),
            "title": paper.xmp.get("title", ""),
            "event": paper.xmp.get("eventCode", ""),
            **judgement.document,
        }
        document.setdefault("signatures", len(paper.signature_labels()))
    checks = _seal_checks(seal) | _evidence_checks(judgement.checks)
    return Report(
        checks={name: checks[name] for name in CHECKS},
        document={**document, "sha256": hashlib.sha256(data).hexdigest(), "pades_level": seal.level},
        pades_level=seal.level,
        certificate_fingerprint=seal.fingerprint,
        seal=seal,
    )


# --- bytes and seal ---------------------------------------------------------------------------------------------


def _seal_checks(seal: SealReport) -> dict[str, Check]:
    return {
        "file_integrity": _integrity_check(seal),
        "seal": _seal_check(seal),
        "certificate": _certificate_check(seal),
        "timestamp": _timestamp_check(seal),
    }


def _integrity_check(seal: SealReport) -> Check:
    if seal.integrity == Integrity.INTACT:
        return ok("Berkas utuh sejak disegel.")
    if seal.integrity == Integrity.UNSEALED:
        return absent("Berkas ini tidak bersegel, jadi keutuhannya tidak dapat diperiksa.")
    messages = {
        Integrity.CHANGED: "Isi berkas berubah setelah disegel.",
        Integrity.UPDATED: "Ada perubahan setelah segel yang tidak diizinkan.",
        Integrity.APPENDED: f"Ada {seal.appended} bita tambahan di belakang segel.",
    }
    return failed(messages[seal.integrity], kind=str(seal.integrity))


def _seal_check(seal: SealReport) -> Check:
    if not seal.found:
        return absent("Berkas ini tidak bersegel.")
    if not seal.genuine:
        return failed("Segel tidak sah.")
    facts = {"name": seal.name, "fields": list(seal.fields)}
    if seal.claimed_at:
        facts["claimed_at"] = seal.claimed_at.isoformat()
    return ok(f"Segel elektronik {seal.name} sah.", **facts)


def _certificate_check(seal: SealReport) -> Check:
    if not seal.found:
        return absent("Tidak ada segel, jadi tidak ada sertifikat.")
    if not seal.genuine:
        return failed("Sertifikat tidak dapat diperiksa karena segel tidak sah.")
    facts = {"fingerprint": seal.fingerprint, "issuer": seal.issuer, "top_fingerprint": seal.top_fingerprint}
    if seal.trust == Trust.TRUSTED:
        return ok(f"Sertifikat {seal.name}, penerbit {seal.issuer}, berlaku saat disegel.", **facts)
    if seal.trust == Trust.UNKNOWN_ROOT:
        return failed(
            f"Akar sertifikat tidak dikenal di komputer ini (sidik {_grouped(seal.top_fingerprint[:32])})."
            " Cocokkan dengan pengumuman kantor.",
            **facts,
        )
    messages = {
        Trust.EXPIRED: "Sertifikat kedaluwarsa atau belum berlaku saat disegel.",
        Trust.REVOKED: "Sertifikat dicabut saat disegel.",
    }
    return failed(
        messages.get(seal.trust or Trust.BAD, "Sertifikat tidak dapat dipakai untuk segel ini."), **facts
    )


def _timestamp_check(seal: SealReport) -> Check:
    """Each timestamp by itself; the sentence speaks of the one nearest to the seal."""
    if not seal.stamps:
        return absent("Tanpa stempel waktu; waktu menurut jam kantor.")
    facts = {"level": seal.level, "stamps": [_stamp_facts(stamp) for stamp in reversed(seal.stamps)]}
    if not all(stamp.genuine for stamp in seal.stamps):
        return failed("Stempel waktu rusak.", **facts)
    unknown = next((stamp for stamp in seal.stamps if not stamp.trusted), None)
    if unknown:
        return failed(
            f"Akar sertifikat stempel waktu dari {unknown.name} tidak dikenal di komputer ini, atau tidak"
            " berlaku pada waktu itu. Cocokkan dengan pengumuman kantor.",
            **facts,
        )
    first = seal.stamps[0]
    said = f"{long_date_no_day(first.at, TIME_ZONE)} pukul {clock_with_zone(first.at, TIME_ZONE)}"
    clock = ", menurut jam kantor" if first.is_local else ""
    return ok(f"Stempel waktu {said} dari {first.name}{clock}.", **facts)


def _stamp_facts(stamp: StampReport) -> dict[str, Any]:
    return {
        "at": stamp.at.isoformat() if stamp.at else "",
        "name": stamp.name,
        "local": stamp.is_local,
        "archive": stamp.is_archive,
        "genuine": stamp.genuine,
        "trusted": stamp.trusted,
    }


def _grouped(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


# --- evidence ---------------------------------------------------------------------------------------------------


def _judge_evidence(paper: Paper) -> Judgement:
    """No attachment and no word of one: nothing to judge. Anything else in its place is a failure with its reason."""
    try:
        raw = paper.opened.evidence()
        if raw is None:
            return _mismatch("berkas bukti tidak ada lagi") if paper.xmp.get("merkleRoot") else Judgement({})
        evidence = parse_canonical(raw)
        schema = evidence.get("schema") if isinstance(evidence, dict) else None
        if schema not in CHECKERS:
            return _mismatch(f"skema {schema!s:.40} tidak dikenal oleh versi ini")
        if problem := _enclosed_differ(evidence, paper.opened.enclosed()):
            return _mismatch(problem)
        return CHECKERS[schema](evidence, paper)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as problem:
        return _mismatch(f"tidak terbaca ({type(problem).__name__})")


def _enclosed_differ(evidence: dict, enclosed: list[tuple[str, str]]) -> str:
    """Which embedded file is not the one that the evidence names, as a phrase; empty when all are.

    A paper carries other files only when its evidence lists every one of them with name and hash (the dossier).
    """
    listed = {
        str(source.get("name", "")): str(source.get("sha256", ""))
        for source in evidence.get("sources", [])
        if source.get("name")
    }
    names = [name for name, _ in enclosed]
    if len(names) != len(set(names)):
        return "ada berkas terlampir bernama sama"
    for name, sha256 in enclosed:
        if name not in listed:
            return f"berkas terlampir {name!s:.80} tidak tercantum dalam bukti"
        if listed[name] != sha256:
            return f"berkas terlampir {name!s:.80} tidak sesuai dengan sidiknya"
    if lost := sorted(set(listed) - set(names)):
        return f"berkas {lost[0]!s:.80} yang tercantum dalam bukti tidak terlampir"
    return ""


def _mismatch(reason: str) -> Judgement:
    return Judgement({"evidence": failed(f"Bukti tidak cocok: {reason}.")})


def _evidence_checks(judged: Mapping[str, Check]) -> dict[str, Check]:
    defaults = {
        "evidence": absent("Tidak ada berkas bukti."),
        "device_signatures": absent("Tidak ada tanda tangan tablet untuk diperiksa."),
        "chain": absent("Tidak ada rantai tablet untuk diperiksa."),
        "text": absent("Tidak ada naskah dalam bukti untuk dicocokkan."),
    }
    return defaults | {name: check for name, check in judged.items() if name in defaults}
