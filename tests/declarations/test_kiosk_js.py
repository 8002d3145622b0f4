"""What the tablet's JavaScript seals and signs, this side opens and believes (KIOSK §13: js_seal_python_open)."""

import json
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.canonical import b64u, parse_canonical, unb64u
from declarations import envelope
from declarations.demo.tablet import Tablet
from declarations.evidence import first_link, next_link, parse_record

ROOT = Path(__file__).resolve().parent.parent.parent
EVENT, DEVICE = uuid4(), uuid4()


@pytest.fixture(scope="module")
def made():
    private = ec.generate_private_key(envelope.CURVE)
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    record = Tablet(EVENT, DEVICE).probe(operator="Bu Ñí “Sri”").data
    asked = {
        "event": str(EVENT),
        "device": str(DEVICE),
        "kid": "e1",
        "point": b64u(point),
        "item": record["id"],
        "code": "K7QF3M9T2XAB",
        "record": record,
    }
    command = ["node", "tests/js/sealing.js", json.dumps(asked)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return private, record, json.loads(result.stdout)


def test_js_seal_python_open(made):
    private, record, told = made
    context = envelope.info(EVENT, "e1", DEVICE, record["id"])
    opened = envelope.open_sealed(unb64u(told["c"]), private, context)
    assert envelope.is_signed(opened.body, opened.signature, unb64u(told["public_key"]))
    parsed = parse_record(opened.body, require_device=True)
    assert parsed.sha256 == told["record_sha256"]
    assert parsed.data == {**record, "prev_hash": told["first_link"]}
    assert parse_canonical(opened.body)["operator"] == "Bu Ñí “Sri”"


def test_js_seal_is_bound_to_its_item(made):
    private, _, told = made
    with pytest.raises(ValueError, match="opened"):
        envelope.open_sealed(unb64u(told["c"]), private, envelope.info(EVENT, "e1", DEVICE, uuid4()))


def test_both_sides_start_and_continue_one_chain(made):
    _, _, told = made
    link = first_link(str(EVENT), str(DEVICE), told["public_key"])
    assert told["first_link"] == link.hex()
    assert told["next_link"] == next_link(link, told["record_sha256"]).hex()


def test_js_proof_of_the_key_is_accepted(made):
    _, _, told = made
    said = b"netralitas-kiosk/1|pair|K7QF3M9T2XAB"
    assert envelope.is_signed(said, unb64u(told["proof"]), unb64u(told["public_key"]))
    assert not envelope.is_signed(said + b"x", unb64u(told["proof"]), unb64u(told["public_key"]))
