"""The envelope of a record: what one key sealed only the other opens, and only for its own item."""

from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.canonical import b64u, unb64u
from declarations import envelope
from declarations.demo.tablet import Tablet
from declarations.evidence import first_link, next_link, parse_record

PRIVATE = ec.generate_private_key(envelope.CURVE)
KEY = SimpleNamespace(
    kid="e1", public=PRIVATE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
)


@pytest.fixture
def tablet():
    return Tablet(uuid4())


def context_of(tablet, sealed, **changes):
    parts = {"event": tablet.event, "kid": "e1", "device": tablet.device, "item": sealed["id"], **changes}
    return envelope.info(**parts)


def test_sealed_record_opens_signed_and_canonical(tablet):
    record = tablet.probe()
    item = tablet.item(record, KEY)
    opened = envelope.open_sealed(unb64u(item["c"]), PRIVATE, context_of(tablet, item))
    assert opened.body == record.raw
    assert envelope.is_signed(opened.body, opened.signature, tablet.public)
    assert parse_record(opened.body, require_device=True).data == record.data


@pytest.mark.parametrize("changed", ["event", "kid", "device", "item"])
def test_info_binds_id_device_event(tablet, changed):
    item = tablet.item(tablet.probe(), KEY)
    other = "e2" if changed == "kid" else UUID(int=1)
    with pytest.raises(ValueError, match="cannot be opened"):
        envelope.open_sealed(unb64u(item["c"]), PRIVATE, context_of(tablet, item, **{changed: other}))


def test_one_bit_flip_fails(tablet):
    item = tablet.item(tablet.probe(), KEY)
    sealed = unb64u(item["c"])
    for place in range(0, len(sealed), 7):
        spoilt = bytearray(sealed)
        spoilt[place] ^= 1
        with pytest.raises(ValueError, match="opened"):
            envelope.open_sealed(bytes(spoilt), PRIVATE, context_of(tablet, item))


@pytest.mark.parametrize("sealed", [b"", b"\x04", b"x" * 65, b"\x04" + b"\x00" * 200])
def test_bytes_that_are_no_envelope_are_said_to_be_none(tablet, sealed):
    item = tablet.item(tablet.probe(), KEY)
    with pytest.raises(ValueError, match="opened"):
        envelope.open_sealed(sealed, PRIVATE, context_of(tablet, item))


def test_signature_of_another_tablet_is_not_accepted(tablet):
    record, other = tablet.probe(), Tablet(tablet.event)
    signature = envelope.sign(record.raw, other.private)
    assert not envelope.is_signed(record.raw, signature, tablet.public)
    assert not envelope.is_signed(record.raw, signature[:63], other.public)
    assert not envelope.is_signed(record.raw, b"\x00" * 64, other.public)
    assert envelope.is_signed(record.raw, signature, other.public)


@pytest.mark.parametrize("point", [b"", b"\x02" * 33, b"\x04" + b"\x01" * 64])
def test_what_is_no_point_of_the_curve_is_refused(point):
    with pytest.raises(ValueError, match=r"point|Invalid EC key"):
        envelope.public_key_of(point)


def test_chain_links_across_foreign_hashes(tablet):
    records = [tablet.probe(), tablet.probe(), tablet.probe()]
    link = first_link(str(tablet.event), str(tablet.device), b64u(tablet.public))
    for number, record in enumerate(records):
        assert (record.data["device_seq"], record.data["prev_hash"]) == (number, link.hex())
        link = next_link(link, record.sha256)  # the hash alone is enough
    assert link == tablet.link
