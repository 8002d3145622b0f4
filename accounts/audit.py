"""DEED: write into the audit log what somebody did; walk a chain and say where it breaks (EVENTS §9).

An entry is written in the transaction of the deed. Its hash covers every field and the hash before it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from .canonical import canonical_bytes, sha256_hex
from .models import AuditEntry, AuditStream, User
from .models.audit import GENESIS

client_ip: ContextVar[str] = ContextVar("client_ip", default="")  # set by the middleware

VERB = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\Z")
SECRET_KEY = re.compile(
    r"(?:^|_)(?:nip|nrp|nik|phone|telepon|hp|password|passphrase|token|secret|identity_number)(?:_|$)"
)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
LONG_NUMBER = re.compile(r"(?<!\w)(?:\d{16}|\d{18})(?!\w)")


class Actor(NamedTuple):
    """Who did it; what is not a user offers one as ``audit_actor`` (kind device|link|system)."""

    kind: str
    id: str
    label: str


class _System:
    """The house itself: commands, worker, clean-up."""

    audit_actor = Actor("system", "", "Sistem")


@dataclass(frozen=True)
class SystemStream:
    """Target for what belongs to no office: the stream "system"."""

    label: str
    pk: str = ""
    audit_stream: str = "system"
    audit_type: str = "system"

    def __str__(self):
        return self.label


@dataclass(frozen=True)
class StreamReport:
    """Result of walking one chain; ``first_broken`` is the first seq that is wrong, ``problem`` says how."""

    stream: str
    entries: int
    first_broken: int | None = None
    problem: str = ""
    verb: str = ""

    @property
    def is_whole(self) -> bool:
        return self.first_broken is None


SYSTEM = _System()
BROKEN = "isi catatan rusak"

# Verb → what the log page says after the person's name. Rooms above add theirs in AppConfig.ready().
VERBS: dict[str, str] = {}
# Fact → its label on the log page; a fact without label is kept but not shown.
FACTS: dict[str, str] = {}
# Field or fact → what one of its stored values is called ("kades" → "Kepala Desa tiap desa"); None if it is no such value.
WORDS: dict[str, Callable[[str], str | None]] = {}


def register_verbs(verbs: dict[str, str]) -> None:
    """Add Indonesian wordings ("event.closed": "menutup kegiatan"); the same verb twice must mean the same."""
    for verb, wording in verbs.items():
        if not VERB.match(verb):
            raise ValueError(f"Not a verb: {verb}")
        if VERBS.setdefault(verb, wording) != wording:
            raise ValueError(f"Verb registered twice: {verb}")


def register_facts(facts: dict[str, str]) -> None:
    """Add labels of facts ("reason": "alasan")."""
    for name, label in facts.items():
        if FACTS.setdefault(name, label) != label:
            raise ValueError(f"Fact registered twice: {name}")


def register_words(words: dict[str, Callable[[str], str | None]]) -> None:
    """Add what stored values without choices of their own are called, by field or fact."""
    WORDS.update(words)


def record(actor, verb: str, target, **facts) -> AuditEntry:
    """Append one entry to the chain of the target.

    Locks the head row of the stream, numbers and hashes the entry, moves the head. ValueError for a fact that is a
    secret or has no canonical form; RuntimeError outside a transaction, because the deed must carry its entry.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record() needs the transaction of its deed: with writing(): …")
    if not VERB.match(verb):
        raise ValueError(f"Not a verb: {verb}")
    who = actor_of(actor)
    stream = _locked_head(target.audit_stream)
    entry = AuditEntry(
        stream=stream,
        seq=stream.head_seq + 1,
        at=_milliseconds(timezone.now()),
        actor_kind=who.kind,
        actor_id=who.id,
        actor_label=_text(who.label)[:200],
        verb=verb,
        object_type=type_of(target),
        object_id=str(target.pk),
        object_label=_text(str(target))[:300],
        facts=plain_facts(facts),
        ip=client_ip.get()[:45],
        prev_hash=stream.head_hash,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    AuditStream.objects.filter(pk=stream.pk).update(head_seq=entry.seq, head_hash=entry.hash)
    return entry


def actor_of(actor) -> Actor:
    if isinstance(actor, User) and actor.pk:
        return Actor("user", str(actor.pk), str(actor))
    described = getattr(actor, "audit_actor", None)
    if described is None:
        raise ValueError(f"No actor: {type(actor).__name__}")
    kind, id_, label = described
    return Actor(AuditEntry.ActorKind(kind).value, str(id_), str(label))


def user_or_none(actor) -> User | None:
    """For the columns that name a person: empty when the house itself or a device did it."""
    return actor if isinstance(actor, User) else None


def type_of(target) -> str:
    meta = getattr(target, "_meta", None)
    return meta.label_lower if meta else target.audit_type


def diff(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Facts of an edit: ``changes`` {field: [before, after]}; numbers, phones and tokens only as ``changed_private``."""
    different = [name for name in after if plain(before.get(name)) != plain(after[name])]
    open_ = {name: [before.get(name), after[name]] for name in different if not SECRET_KEY.search(name)}
    private = [name for name in different if SECRET_KEY.search(name)]
    return ({"changes": open_} if open_ else {}) | ({"changed_private": private} if private else {})


def plain_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as canonical JSON knows them; a fact that is None is left out."""
    value = {_fact_name(name): plain(fact) for name, fact in facts.items() if fact is not None}
    canonical_bytes(value)
    return value


def plain(value: Any) -> Any:
    """Dates to ISO, UUIDs and decimals to text, None to "" ; ValueError for what has no plain form or is a secret."""
    if value is None:
        return ""
    if isinstance(value, bool) or (isinstance(value, int) and type(value) is int):
        return value
    if isinstance(value, int):  # an IntegerChoices member
        return int(value)
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, dict):
        return {_fact_name(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    raise ValueError(f"{type(value).__name__} cannot be a fact of the audit log")


def timestamp(moment: datetime) -> str:
    """UTC with milliseconds, as everywhere in canonical JSON: 2026-11-22T02:41:07.123Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over canonical JSON of all fields but the hash itself."""
    return sha256_hex(
        canonical_bytes(
            {
                "stream": entry.stream_id,
                "seq": entry.seq,
                "at": timestamp(entry.at),
                "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "label": entry.actor_label},
                "verb": entry.verb,
                "object": {"type": entry.object_type, "id": entry.object_id, "label": entry.object_label},
                "facts": entry.facts,
                "ip": entry.ip,
                "prev_hash": entry.prev_hash,
            }
        )
    )


def verify_stream(stream: str) -> StreamReport:
    """Walk one chain from its first entry and compare its end with the head. Reads only, locks nothing.

    Others may append meanwhile: the head is read before and after the walk, and the end must lie between.
    """
    before = AuditStream.objects.filter(pk=stream).first()
    previous, count, at_head = GENESIS, 0, GENESIS
    entries = AuditEntry.objects.filter(stream_id=stream).order_by("seq", "pk").iterator(chunk_size=2000)
    try:
        for entry in entries:
            problem = _problem_of(entry, count + 1, previous)
            if problem:
                return StreamReport(stream, count, min(entry.seq, count + 1), problem, entry.verb)
            previous, count = entry.hash, count + 1
            if before is not None and count == before.head_seq:
                at_head = previous
    except ValueError:  # a column that does not even read as its type
        return StreamReport(stream, count, count + 1, BROKEN)
    return _compare_with_head(stream, count, before, at_head)


def verify_all() -> Iterator[StreamReport]:
    """One report per stream, also for entries whose head was removed."""
    heads = set(AuditStream.objects.values_list("pk", flat=True))
    used = set(AuditEntry.objects.order_by().values_list("stream_id", flat=True).distinct())
    for stream in sorted(heads | used):
        yield verify_stream(stream)


def _problem_of(entry: AuditEntry, seq: int, previous: str) -> str:
    if entry.seq != seq:
        return f"catatan nomor {seq} hilang" if entry.seq > seq else f"catatan nomor {entry.seq} ganda"
    if entry.prev_hash != previous:
        return "sidik sebelumnya tidak cocok"
    try:
        computed = hash_of(entry)
    except (ValueError, AttributeError):
        return BROKEN
    return "" if computed == entry.hash else "isi catatan berubah"


def _compare_with_head(stream: str, count: int, before: AuditStream | None, at_head: str) -> StreamReport:
    after = AuditStream.objects.filter(pk=stream).first()
    if before is None or after is None:
        return StreamReport(stream, count, count + 1, "kepala rangkaian hilang")
    if before.head_seq > count:
        return StreamReport(stream, count, count + 1, f"{before.head_seq - count} catatan terakhir hilang")
    if after.head_seq < count or before.head_hash != at_head:
        return StreamReport(
            stream, count, max(count, 1), "kepala rangkaian tidak cocok dengan catatan terakhir"
        )
    return StreamReport(stream, count)


def _locked_head(name: str) -> AuditStream:
    """The head row, made when needed and locked till commit (on SQLite the whole database already is)."""
    heads = AuditStream.objects.select_for_update()
    head = heads.filter(pk=name).first()
    if head is None:  # the first entry of its chain
        AuditStream.objects.get_or_create(name=name)
        head = heads.get(pk=name)
    return head


def _milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@lru_cache(maxsize=1000)
def _fact_name(name: Any) -> str:
    if not isinstance(name, str) or SECRET_KEY.search(name.lower()):
        raise ValueError(f"The audit log keeps no {name}")
    return name


def _text(text: str) -> str:
    """NFC, line breaks as \\n, no control characters, and never a whole NIP or NIK that somebody typed into a title."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return LONG_NUMBER.sub(
        lambda match: match[0][:4] + "*" * (len(match[0]) - 6) + match[0][-2:], CONTROL.sub(" ", text)
    )
