"""Canonical texts, records and chain: known answers of KIOSK §7, every field of the schema, and bad input."""

import hashlib
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.canonical import b64u, canonical_bytes
from declarations import evidence
from declarations.evidence import RecordError, make_record, parse_record
from declarations.sample_strokes import sample_signature

EVENT = "0198c0de-0000-7000-8000-000000000001"
PAPER = "0198c0de-0000-7000-8000-000000000002"
PERSON = "7d9a5f0e-3c53-4f7c-9a55-3a2f1f0e9b11"
ID = "019ab1f0-5c3e-7d21-9b1a-0f2e3d4c5b6a"
STROKES = b64u(sample_signature(1))

BASE = {
    "v": 1,
    "kind": "signature",
    "id": ID,
    "event": EVENT,
    "salt": b64u(bytes(range(16))),
    "signed_at_device": "2026-11-22T02:41:07.123Z",
    "app": "web/1",
    "declaration": PAPER,
    "text_sha256": "ab" * 32,
    "attendee": PERSON,
    "source": "roster",
    "signatory": {
        "name": "Siti Aminah (contoh)",
        "category": "kepala_desa",
        "position": "Kepala Desa",
        "agency": "Desa Iker-iker Geger",
    },
    "capacity": "self",
}
REFUSED = {**BASE, "outcome": "refused"}
SIGNED = {**BASE, "outcome": "signed", "agree": True}
DRAWN = {
    **SIGNED,
    "method": "drawn",
    "strokes": STROKES,
    "capture": {"ms": 2140, "pointer": "touch", "box": [768, 340], "attempts": 1},
}
TYPED = {**SIGNED, "method": "typed", "typed_name": "Siti Aminah"}
THUMB = {
    **SIGNED,
    "method": "thumb",
    "paper_ref": "Lembar 2 baris 14",
    "witnesses": [{"name": "Bejo (contoh)"}],
}
WITNESS = {"name": "Bejo (contoh)", "position": "Sekretaris Desa", "strokes": STROKES}
REPRESENTED = {
    **SIGNED,
    "method": "represented",
    "assist_reason": "Tangan kanan cedera",
    "witnesses": [WITNESS, WITNESS],
}
DEVICE = {
    "device": "7d9a5f0e-3c53-4f7c-9a55-3a2f1f0e9b12",
    "device_seq": 3,
    "prev_hash": "00" * 32,
    "clock_offset_ms": -1200,
    "clock_age_s": 30,
}
HEAD = {name: BASE[name] for name in ("v", "id", "event", "salt", "signed_at_device", "app")}
VOID = {**HEAD, **DEVICE, "kind": "void", "target": ID, "reason": "wrong_person"}
AGENT = {"browser": "Chromium 120", "platform": "Android", "standalone": True, "screen": "1180x820"}
PROBE = {**HEAD, **DEVICE, "kind": "probe", "agent": AGENT}


def parse(fields, **options):
    return parse_record(canonical_bytes(fields), **options)


def refusal(fields, **options):
    with pytest.raises(RecordError) as error:
        parse(fields, **options)
    return error.value.code, error.value.field


# -- texts


def test_text_hash_known_answer():
    text = {
        "title": "Deklarasi",
        "points": ["Menjaga netralitas.", "Menolak politik uang."],
        "consent": "Setuju.",
    }
    canonical = (
        '{"consent":"Setuju.","points":["Menjaga netralitas.","Menolak politik uang."],"title":"Deklarasi"}'
    )

    assert evidence.text_sha256(text) == hashlib.sha256(canonical.encode()).hexdigest()


def test_text_hash_ignores_absent_fields_and_the_spelling_of_accents():
    text = {"title": "Café", "points": ["a\nb"]}

    assert evidence.canonical_text(text) == text
    assert evidence.text_sha256(text) == evidence.text_sha256(
        {"title": "Cafe\u0301", "opening": "", "points": ["a\r\nb"], "closing": None}
    )


def test_text_hash_sees_every_letter_and_the_order_of_points():
    hashes = {
        evidence.text_sha256(text)
        for text in (
            {"title": "A", "points": ["satu", "dua"]},
            {"title": "A", "points": ["dua", "satu"]},
            {"title": "A", "points": ["satu dua"]},
            {"title": "A", "points": ["satu", "dua"], "closing": "."},
            {"opening": "A", "points": ["satu", "dua"]},
        )
    }

    assert len(hashes) == 5


def test_text_with_a_field_of_its_own_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="footer"):
        evidence.canonical_text({"title": "A", "footer": "B"})


# -- hashes and chain


def test_chain_known_answer():
    record = evidence.record_sha256(b'{"v":1}')

    assert record == "afbf9d0f3560b0fd7795e81c42a0a79ee6b6fc67e064f77826aee642cad28d91"
    assert (
        evidence.next_link(bytes(32), record).hex()
        == "9490050b16952100bda34901f546757eef31f0ee9e8e65b98f9fd25cb6803de1"
    )


def test_chain_starts_with_event_device_and_key():
    link = evidence.first_link(EVENT, DEVICE["device"], "BAbc")

    assert link == hashlib.sha256(f"netralitas-kiosk/1|{EVENT}|{DEVICE['device']}|BAbc".encode()).digest()


def test_chain_links_across_foreign_hashes():
    own, foreign = canonical_bytes(REFUSED), evidence.record_sha256(canonical_bytes(TYPED))
    whole = evidence.next_link(evidence.next_link(bytes(32), foreign), evidence.record_sha256(own))

    assert whole != evidence.next_link(evidence.next_link(bytes(32), evidence.record_sha256(own)), foreign)


# -- records that are fine


@pytest.mark.parametrize(
    "fields", [REFUSED, DRAWN, TYPED, THUMB, REPRESENTED], ids=lambda f: f.get("method", "refused")
)
def test_record_of_the_online_page_is_read(fields):
    record = parse(fields)

    assert record.data == fields
    assert record.sha256 == hashlib.sha256(canonical_bytes(fields)).hexdigest()
    assert (str(record.id), str(record.event), str(record.declaration)) == (ID, EVENT, PAPER)
    assert (str(record.attendee), record.device) == (PERSON, None)
    assert record.signed_at_device == datetime(2026, 11, 22, 2, 41, 7, 123000, tzinfo=UTC)
    assert (record.outcome, record.method) == (fields["outcome"], fields.get("method", ""))


def test_drawn_record_gives_its_strokes():
    record = parse({**DRAWN, "weak": True})

    assert record.strokes == sample_signature(1)
    assert len(record.drawing.strokes) >= 1
    assert parse(TYPED).strokes is None


@pytest.mark.parametrize("fields", [{**DRAWN, **DEVICE}, VOID, PROBE], ids=lambda f: f["kind"])
def test_record_of_a_tablet_is_read(fields):
    record = parse(fields, require_device=True)

    assert (record.kind, str(record.device)) == (fields["kind"], DEVICE["device"])


def test_record_on_behalf_of_an_official_is_read():
    official = {"name": "Camat Cerme (contoh)", "position": "Camat", "letter_no": "094/12/2024"}

    assert (
        parse({**DRAWN, "capacity": "on_behalf_of", "on_behalf_of": official}).data["on_behalf_of"]
        == official
    )
    assert parse({**DRAWN, "capacity": "on_behalf_of", "on_behalf_of": {"name": "A"}}).kind == "signature"


def test_walk_in_brings_its_own_uuid7():
    assert str(parse({**TYPED, "source": "walk_in", "attendee": ID}).attendee) == ID
    assert refusal({**TYPED, "source": "walk_in", "attendee": PERSON}) == ("bad_value", "attendee")


# -- records that are not


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_each_field_is_required(name):
    fields = {key: value for key, value in DRAWN.items() if key != name}

    assert refusal(fields) == ("bad_value" if name == "v" else "missing_field", name)


@pytest.mark.parametrize("name", sorted(DEVICE))
def test_each_device_field_is_required_from_a_tablet(name):
    fields = {key: value for key, value in {**DRAWN, **DEVICE}.items() if key != name}

    assert refusal(fields, require_device=True) == ("missing_field", name)


def test_online_page_may_not_speak_for_a_device():
    assert refusal({**DRAWN, **DEVICE}) == ("unknown_field", "")
    assert refusal({**DRAWN, "device_seq": 1}) == ("unknown_field", "")
    assert refusal(VOID) == ("bad_value", "kind")
    assert refusal(PROBE) == ("bad_value", "kind")


@pytest.mark.parametrize(
    ("fields", "extra"),
    [
        (DRAWN, {"typed_name": "Siti"}),
        (DRAWN, {"on_behalf_of": {"name": "Camat"}}),
        (DRAWN, {"nik": "1"}),
        (TYPED, {"strokes": STROKES}),
        (TYPED, {"weak": True}),
        (THUMB, {"assist_reason": "sakit"}),
        (REFUSED, {"agree": True}),
        (REFUSED, {"method": "typed"}),
        (REFUSED, {"reason": "wrong_person"}),
    ],
)
def test_field_of_another_kind_is_refused(fields, extra):
    assert refusal({**fields, **extra}) == ("unknown_field", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 0),
        ("v", True),
        ("v", "1"),
        ("kind", "drawing"),
        ("kind", ["signature"]),
        ("id", PERSON),
        ("id", ID.upper()),
        ("id", ID.replace("-", "")),
        ("event", "1"),
        ("event", EVENT + "\n"),
        ("salt", "AAAA"),
        ("salt", "AAAAAAAAAAAAAAAAAAAAAB"),
        ("salt", 7),
        ("signed_at_device", "2026-11-22T02:41:07Z"),
        ("signed_at_device", "2026-13-22T02:41:07.123Z"),
        ("signed_at_device", "2026-11-22T02:41:07.123+07:00"),
        ("signed_at_device", "9999-11-22T02:41:07.123Z"),
        ("signed_at_device", "٢٠٢٦-11-22T02:41:07.123Z"),
        ("app", ""),
        ("text_sha256", "AB" * 32),
        ("text_sha256", "ab" * 31),
        ("attendee", 12),
        ("source", "import"),
        ("signatory", "Siti"),
        ("capacity", "both"),
        ("capacity", {"self": True}),
        ("outcome", "absent"),
        ("agree", 1),
        ("agree", False),
        ("method", "stamp"),
        ("strokes", 1),
        ("capture", []),
        ("operator", " "),
        ("operator", "x" * 61),
        ("weak", False),
    ],
)
def test_wrong_value_is_named(name, value):
    assert refusal({**DRAWN, name: value}) == ("bad_value", name)


@pytest.mark.parametrize(
    ("part", "name", "value", "expected"),
    [
        ("signatory", "name", "", ("bad_value", "name")),
        ("signatory", "name", "x" * 121, ("bad_value", "name")),
        ("signatory", "name", "\u200b\u200b", ("bad_value", "name")),
        ("signatory", "name", "\u202e", ("bad_value", "name")),
        ("signatory", "name", "Siti\nAminah", ("bad_value", "name")),
        ("signatory", "position", "", ("bad_value", "position")),
        ("signatory", "nip", "198001012005011001", ("unknown_field", "")),
        ("capture", "ms", -1, ("bad_value", "ms")),
        ("capture", "ms", True, ("bad_value", "ms")),
        ("capture", "pointer", "finger", ("bad_value", "pointer")),
        ("capture", "box", [768], ("bad_value", "box")),
        ("capture", "box", [768, 0], ("bad_value", "box")),
        ("capture", "attempts", 0, ("bad_value", "attempts")),
        ("capture", "pressure", [1, 2], ("unknown_field", "")),
    ],
)
def test_wrong_value_inside_is_named(part, name, value, expected):
    fields = deepcopy(DRAWN)
    fields[part][name] = value

    assert refusal(fields) == expected


def test_witnesses_fit_the_method():
    assert refusal({**THUMB, "witnesses": []}) == ("bad_value", "witnesses")
    assert refusal({**THUMB, "witnesses": [WITNESS]}) == ("unknown_field", "")
    assert refusal({**REPRESENTED, "witnesses": [WITNESS]}) == ("bad_value", "witnesses")
    assert refusal({**REPRESENTED, "witnesses": [WITNESS, {"name": "Bejo"}]}) == ("missing_field", "position")
    assert refusal({**REPRESENTED, "witnesses": [WITNESS, "Bejo"]}) == ("bad_value", "witnesses")


def test_strokes_with_trailing_bytes_or_loose_bits_are_refused():
    assert refusal({**DRAWN, "strokes": b64u(sample_signature(1) + b"\0")}) == ("bad_strokes", "strokes")
    assert refusal({**DRAWN, "strokes": ""}) == ("bad_strokes", "strokes")
    assert refusal({**DRAWN, "strokes": "not base64url!"}) == ("bad_strokes", "strokes")


def test_newer_version_is_told_apart_from_a_wrong_one():
    assert refusal({**DRAWN, "v": 2, "something_new": 1}) == ("unsupported_version", "")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'"x"',
        b"{}"[:1],
        b'{"v":1.0}',
        b'{"v":1,"v":1}',
        b'{"v": 1}',
        b'{"v":NaN}',
        b'{"v":null}',
        b"[" * 60_000,
        b'{"v":' + b"9" * 5000 + b"}",
        b'{"V":1}',
        canonical_bytes(DRAWN) + b"\n",
        canonical_bytes(DRAWN).replace(b"Siti", b"\\u0053iti"),
        '{"v":"e\u0301"}'.encode(),
    ],
    ids=range(16),
)
def test_bytes_that_are_not_canonical_are_refused(raw):
    with pytest.raises(RecordError) as error:
        parse_record(raw)

    assert error.value.code == "not_canonical"
    assert error.value.message == "Catatan tidak ditulis dalam bentuk bakunya."


def test_two_megabytes_of_points_are_refused_before_they_are_read():
    with pytest.raises(RecordError) as error:
        parse({**DRAWN, "strokes": "A" * 2_000_000})

    assert error.value.code == "too_large"


def test_error_never_repeats_what_was_sent():
    with pytest.raises(RecordError) as error:
        parse({**DRAWN, "source": "3525011201800001"})

    assert "3525" not in str(error.value) + error.value.message


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_but_a_record_error(data):
    with pytest.raises(RecordError):
        parse_record(data)


JUNK = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.sampled_from(["", "a", ID, "signed", "drawn"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(DRAWN)), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from([DRAWN, TYPED, THUMB, REPRESENTED, REFUSED, VOID, PROBE]), st.data(), st.booleans())
def test_junk_in_any_field_raises_nothing_but_a_record_error(fields, data, device):
    name = data.draw(st.sampled_from(sorted({**DRAWN, **DEVICE, **THUMB})))
    with suppress(RecordError):
        parse({**fields, name: data.draw(JUNK)}, require_device=device)


# -- records made on this side


def test_made_record_is_tidied_and_leaves_out_what_is_empty():
    fields = deepcopy(TYPED)
    fields["signatory"] = {"name": "  Siti\t Aminah ", "category": "asn", "position": "x" * 300, "agency": ""}
    fields |= {"on_behalf_of": {"name": "", "letter_no": None}, "operator": ""}

    record = make_record(fields)

    assert record.data["signatory"] == {"name": "Siti Aminah", "category": "asn", "position": "x" * 120}
    assert not {"on_behalf_of", "operator"} & set(record.data)
    assert parse_record(record.raw) == record


def test_made_record_takes_bytes_and_the_device():
    record = make_record({**DRAWN, **DEVICE, "strokes": sample_signature(3), "salt": bytes(16)})

    assert record.strokes == sample_signature(3)
    assert str(record.device) == DEVICE["device"]


def test_made_record_without_a_name_is_refused():
    with pytest.raises(RecordError) as error:
        make_record({**TYPED, "typed_name": "  "})

    assert (error.value.code, error.value.field) == ("missing_field", "typed_name")
    assert error.value.message == "Catatan belum lengkap: nama yang diketik tidak ada."


def test_made_record_with_a_null_character_is_refused():
    with pytest.raises(RecordError, match="not_canonical"):
        make_record({**TYPED, "typed_name": "Siti\0"})


def test_uuid7_carries_its_milliseconds_and_its_version():
    made = evidence.uuid7(0x0198C0DE1234, bytes(range(10)))

    assert made == "0198c0de-1234-7001-8203-040506070809"
    assert evidence.uuid7(2**48 - 1, b"\xff" * 10) == "ffffffff-ffff-7fff-bfff-ffffffffffff"


def test_time_is_written_in_utc_with_milliseconds():
    moment = datetime(2026, 11, 22, 2, 41, 7, 123456, tzinfo=UTC)

    assert evidence.format_time(moment) == "2026-11-22T02:41:07.123Z"
    assert evidence.format_time(moment.replace(microsecond=0)) == "2026-11-22T02:41:07.000Z"
