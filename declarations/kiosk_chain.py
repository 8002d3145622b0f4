"""The chain of a tablet's records: how far it is here without a gap, and what is missing (KIOSK.md §7.3, §8.2)."""

from collections.abc import Iterable
from typing import NamedTuple

from events.models import Device

from .evidence import next_link
from .models import KioskItem

MOST_MISSING = 5000  # a tablet that claims more lies or is broken; enough for any real one


class Link(NamedTuple):
    """What one authentic item says about its place."""

    seq: int
    prev_hash: str
    record_sha256: str


class Chain(NamedTuple):
    """Everything below ``seq`` fits; ``link`` stands before ``seq``; ``broken_at`` is a number that does not fit."""

    seq: int
    link: str
    broken_at: int | None


def walk(start: Chain, links: Iterable[Link]) -> Chain:
    """As far as the links lead from ``start``. PURE.

    Of two authentic records with one number the one counts that the next record was built on. A gap is no break.
    """
    rows: dict[int, list[Link]] = {}
    for link in links:
        rows.setdefault(link.seq, []).append(link)
    seq, head = start.seq, bytes.fromhex(start.link)
    while here := rows.get(seq):
        fitting = [next_link(head, row.record_sha256) for row in here if row.prev_hash == head.hex()]
        if not fitting:
            return Chain(seq, head.hex(), seq)
        wanted = {row.prev_hash for row in rows.get(seq + 1, ())}
        head = next((link for link in fitting if link.hex() in wanted), fitting[0])
        seq += 1
    broken = start.broken_at if start.broken_at is not None and start.broken_at >= seq else None
    return Chain(seq, head.hex(), broken)


def chain_of(device: Device) -> Chain:
    return Chain(device.chain_seq, device.chain_link, device.chain_broken_at)


def links_from(device: Device, seq: int) -> list[Link]:
    """Everything authentic of this tablet from a number on, in the order of arrival."""
    rows = KioskItem.objects.filter(device=device, seq__gte=seq).authentic().order_by("n")
    return [Link(*row) for row in rows.values_list("seq", "prev_hash", "record_sha256")]


def missing_seqs(device: Device, below: int) -> list[int]:
    """Numbers below ``below`` of which nothing has arrived, readable or not; at most ``MOST_MISSING``."""
    below = min(below, device.chain_seq + MOST_MISSING)
    here = KioskItem.objects.filter(device=device, seq__gte=device.chain_seq, seq__lt=below)
    arrived = set(here.values_list("seq", flat=True))
    return [seq for seq in range(device.chain_seq, below) if seq not in arrived]


def chain_state(device: Device, bridges: dict[int, str]) -> tuple[int, str]:
    """(how far, link): the chain with what the tablet says of records that are here but could not be opened.

    ``bridges`` maps a number to the hash of its record. They lead over quarantined items only, never over a gap.
    """
    start = chain_of(device)
    rows = KioskItem.objects.filter(device=device, seq__gte=start.seq)
    unread = set(rows.exclude(pk__in=rows.authentic()).values_list("seq", flat=True)) & set(bridges)
    found = walk(start, links_from(device, start.seq))
    while found.seq in unread and found.broken_at is None:
        link = next_link(bytes.fromhex(found.link), bridges[found.seq]).hex()
        found = walk(Chain(found.seq + 1, link, None), links_from(device, found.seq + 1))
    return found.seq, found.link
