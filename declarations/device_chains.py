"""What a frozen paper keeps of the tablets that signed it: keys, device signatures, receipts, chains (PDF.md §5.4).

Reads the database. Each chain ends at the last record that this paper holds, so that whatever the tablet hands in
later changes nothing in a snapshot that was frozen before.
"""

from collections.abc import Iterable
from uuid import UUID

from accounts.canonical import b64u
from events.models import Device

from . import link_keys
from .evidence import first_link, format_time, next_link
from .kiosk_chain import Link
from .models import KioskItem, Signature


def add_device_evidence(people: list[dict], signatures: Iterable[Signature]) -> list[dict]:
    """Complete the entries of people who signed with a key; returns the ``devices`` of the snapshot.

    First tablets by label, then personal links in the order of the list.
    """
    signatures = [signature for signature in signatures if signature.device_signature]
    return _tablets(people, signatures) + _links(people, signatures)


def _links(people: list[dict], signatures: list[Signature]) -> list[dict]:
    by_record = {s.record_sha256: s for s in signatures if s.link_key}
    devices = []
    for person in people:
        if signature := by_record.get(person.get("record_sha256", "")):
            person["device_signature"] = b64u(bytes(signature.device_signature))
            key = bytes(signature.link_key)
            devices.append(
                link_keys.device_entry(person["record"], signature.record_sha256, key, person["order"])
            )
    return devices


def _tablets(people: list[dict], signatures: list[Signature]) -> list[dict]:
    by_record = {s.record_sha256: s for s in signatures if s.device is not None}
    signed = [person for person in people if person.get("record_sha256") in by_record]
    used = {by_record[person["record_sha256"]].device for person in signed}
    items = _items(used)
    for person in signed:
        signature = by_record[person["record_sha256"]]
        person["device_signature"] = b64u(bytes(signature.device_signature))
        if item := items.get(signature.device, {}).get(signature.record_sha256):
            person["receipt"] = _receipt(item)
    devices = Device.objects.filter(pk__in=used).select_related("site").in_order()
    return [_device(device, items.get(device.pk, {}), signed) for device in devices]


def _items(devices: set[UUID]) -> dict[UUID, dict[str, KioskItem]]:
    """Authentic items of these tablets: device → record hash → item, in the order of their numbers."""
    found: dict[UUID, dict[str, KioskItem]] = {}
    rows = KioskItem.objects.filter(device__in=devices).exclude(record_sha256="")
    fields = ("device_id", "seq", "prev_hash", "record_sha256", "sealed_sha256", "received_at")
    for item in rows.only(*fields).order_by("seq", "n"):
        found.setdefault(item.device_id, {}).setdefault(item.record_sha256, item)
    return found


def _receipt(item: KioskItem) -> dict:
    return {"sealed_sha256": item.sealed_sha256, "received_at": format_time(item.received_at), "n": item.n}


def _device(device: Device, items: dict[str, KioskItem], signed: list[dict]) -> dict:
    own = [p["record"]["device_seq"] for p in signed if p["record"]["device"] == str(device.pk)]
    last = max(own)
    links = [
        Link(item.seq, item.prev_hash, item.record_sha256) for item in items.values() if item.seq <= last
    ]
    key = b64u(bytes(device.public_key))
    start = first_link(str(device.event_id), str(device.pk), key)
    segments, head = segments_of(start, links, last)
    branches = _branches(segments, links, {person["record_sha256"] for person in signed})
    site = {"site": device.site.name} if device.site else {}
    return {
        "device": str(device.pk),
        "label": device.label,
        **site,
        "public_key": key,
        "segments": segments,
        **({"branches": branches} if branches else {}),
        "next_seq": last + 1,
        "head": head.hex(),
    }


def segments_of(start: bytes, links: Iterable[Link], last: int) -> tuple[list[dict], bytes]:
    """Hashes from number 0 to ``last``. A number that is not here ends a segment, and so does a record that was not
    built on the one before: the next segment says its link. PURE.

    Of several records with one number the one counts that the chain goes on from.
    """
    rows: dict[int, list[Link]] = {}
    for link in links:
        rows.setdefault(link.seq, []).append(link)
    segments: list[dict] = []
    head, expected = start, 0
    for seq in range(last + 1):
        if seq not in rows:
            continue
        here = _chosen(rows[seq], head if seq == expected else None, rows.get(seq + 1, ()))
        continues = seq == expected and here.prev_hash == head.hex()
        if not segments or not continues:
            segments.append({"from": seq, **({} if continues else {"link": here.prev_hash}), "hashes": []})
            head = bytes.fromhex(here.prev_hash)
        segments[-1]["hashes"].append(here.record_sha256)
        head, expected = next_link(head, here.record_sha256), seq + 1
    return segments, head


def _branches(segments: list[dict], links: Iterable[Link], printed: set[str]) -> list[dict]:
    """Records of this paper beside the chain: staff let them count although their number was used already."""
    chain = {digest for segment in segments for digest in segment["hashes"]}
    beside = [link for link in links if link.record_sha256 in printed - chain]
    return [{"seq": link.seq, "link": link.prev_hash, "hash": link.record_sha256} for link in beside]


def _chosen(candidates: list[Link], head: bytes | None, following: Iterable[Link]) -> Link:
    fitting = [link for link in candidates if head is None or link.prev_hash == head.hex()] or candidates
    wanted = {link.prev_hash for link in following}
    for link in fitting:
        if next_link(bytes.fromhex(link.prev_hash), link.record_sha256).hex() in wanted:
            return link
    return fitting[0]
