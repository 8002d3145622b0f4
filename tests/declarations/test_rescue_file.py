"""The rescue file: read strictly, and one damaged item does not spoil the others (KIOSK §12)."""

import json
from uuid import UUID

import pytest

from declarations import rescue_file
from declarations.rescue_file import NEWER, NOT_JSON, NOT_RESCUE, TOO_LARGE, RescueFileError, parse

EVENT, DEVICE, ITEM = (f"0{number}890000-0000-4000-8000-000000000001" for number in (1, 2, 3))


def item(**changes) -> dict:
    return {"id": ITEM, "seq": 3, "kid": "e1", "c": "AYAg", "store": "outbox", **changes}


def content(**changes) -> dict:
    return {
        "format": "netralitas-rescue/1",
        "event": EVENT,
        "device": DEVICE,
        "app": "1.0.0+3f9c2a1",
        "exported_at": "2026-11-22T02:41:07.123Z",
        "next_seq": 4,
        "link": "ab" * 32,
        "items": [item()],
        **changes,
    }


def file(**changes) -> bytes:
    return json.dumps({key: value for key, value in content(**changes).items() if value is not ...}).encode()


def message(data: bytes) -> str:
    with pytest.raises(RescueFileError) as refused:
        parse(data)
    return refused.value.message


def test_file_of_a_tablet_is_read():
    found = parse(file())
    assert (found.event, found.device, found.next_seq) == (UUID(EVENT), UUID(DEVICE), 4)
    assert (found.items, found.damaged) == ([{"id": ITEM, "seq": 3, "kid": "e1", "c": "AYAg"}], 0)


def test_byte_order_mark_of_an_editor_does_no_harm():
    assert parse(b"\xef\xbb\xbf" + file()).items


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", NOT_JSON),
        (file()[:-20], NOT_JSON),
        (b"\xff\xfe{}", NOT_JSON),
        (b"[" * 100_000, NOT_JSON),
        (b'{"format": "netralitas-rescue/1", "format": "netralitas-rescue/1"}', NOT_JSON),
        (b"[]", NOT_RESCUE),
        (b"{}", NOT_RESCUE),
        (b'{"format": ["netralitas-rescue/1"]}', NOT_RESCUE),
        (b"PK\x03\x04", NOT_JSON),
        (file(format="netralitas-rescue/2"), NEWER),
        (file(format="cadangan/1"), NOT_RESCUE),
        (file(event=EVENT.upper().replace("0", "A")), NOT_JSON),
        (file(device="../etc"), NOT_JSON),
        (file(device=...), NOT_JSON),
        (file(extra=1), NOT_JSON),
        (file(next_seq=-1), NOT_JSON),
        (file(next_seq=True), NOT_JSON),
        (file(next_seq=4.0), NOT_JSON),
        (file(next_seq=2**31), NOT_JSON),
        (file(link="AB" * 32), NOT_JSON),
        (file(app=None), NOT_JSON),
        (file(items={}), NOT_JSON),
    ],
)
def test_anything_else_is_refused_with_a_sentence(data, expected):
    assert message(data) == expected


def test_file_beyond_twenty_megabytes_is_not_even_parsed():
    assert message(b"{" + b" " * rescue_file.LARGEST) == TOO_LARGE


def test_too_many_items_are_refused(monkeypatch):
    monkeypatch.setattr(rescue_file, "MOST_ITEMS", 1)
    assert message(file(items=[item(), item()])) == NOT_JSON


@pytest.mark.parametrize(
    "damaged",
    [
        None,
        "AYAg",
        {},
        item(id="x"),
        item(seq="3"),
        item(seq=-1),
        item(seq=2**31),
        item(kid=""),
        item(kid="E1"),
        item(kid="e" * 9),
        item(c=""),
        item(c="AYAg="),
        item(c="AYA*"),
        item(c="A" * (64 * 1024 + 4)),
        item(c=7),
        item(store="trash"),
        item(store=["outbox"]),
        item(more=1),
    ],
)
def test_damaged_item_is_counted_and_the_others_are_taken(damaged):
    found = parse(file(items=[item(), damaged, item(seq=4)]))
    assert ([each["seq"] for each in found.items], found.damaged) == ([3, 4], 1)
