"""Frozen papers whose people signed on tablets: whole records with salt, device signature, receipt and chain.

Invented, but as long and as hard to compress as real ones: what is random there is random here.
"""

from random import Random

from accounts.canonical import b64u, canonical_bytes, sha256_hex
from declarations.evidence import uuid7
from tests.declarations import snapshots

TABLETS = 8
MOMENT = 1_727_834_400_000  # ms


def collective(signers: int) -> dict:
    """The frozen paper of so many people, spread over eight tablets."""
    frozen, random = snapshots.collective(signers), Random(signers)
    tablets = [uuid7(MOMENT, random.randbytes(10)) for _ in range(TABLETS)]
    frozen["signatories"] = [
        _signed(person, frozen, tablets[person["order"] % TABLETS], random)
        for person in frozen["signatories"]
    ]
    frozen["devices"] = [_device(frozen, tablet, random) for tablet in tablets]
    return frozen


def _signed(person: dict, frozen: dict, tablet: str, random: Random) -> dict:
    number = person["order"]
    drawn = person["record"]["strokes"]
    at = f"2024-10-02T02:{number % 60:02}:10.{random.randrange(1000):03}Z"
    record = {
        "v": 1,
        "kind": "signature",
        "id": uuid7(MOMENT + number, random.randbytes(10)),
        "event": frozen["event"]["id"],
        "declaration": frozen["declaration"]["id"],
        "text_sha256": frozen["text_sha256"],
        "attendee": uuid7(MOMENT, random.randbytes(10)),
        "source": "roster",
        "signatory": {
            name: person[name] for name in ("name", "category", "position", "agency") if name in person
        },
        "capacity": "self",
        "outcome": "signed",
        "agree": True,
        "method": "drawn",
        "strokes": drawn,
        "capture": {"ms": random.randrange(900, 9000), "pointer": "touch", "box": [800, 320], "attempts": 1},
        "salt": b64u(random.randbytes(16)),
        "signed_at_device": at,
        "app": "kios/1.4.0",
        "device": tablet,
        "device_seq": (number - 1) // TABLETS,
        "prev_hash": random.randbytes(32).hex(),
        "clock_offset_ms": random.randrange(-400, 400),
        "clock_age_s": random.randrange(900),
    }
    return person | {
        "channel": "kiosk",
        "salt": b64u(random.randbytes(16)),
        "signed_at": at,
        "record": record,
        "record_sha256": sha256_hex(canonical_bytes(record)),
        "device_signature": b64u(random.randbytes(64)),
        "receipt": {"sealed_sha256": random.randbytes(32).hex(), "received_at": at, "n": number},
        "clock": {
            "device": at,
            "offset_signing_ms": record["clock_offset_ms"],
            "offset_sync_ms": random.randrange(-400, 400),
        },
        "commitment": {"kind": "nip", "commitment": random.randbytes(32).hex()},
    }


def _device(frozen: dict, tablet: str, random: Random) -> dict:
    own = [
        person["record_sha256"] for person in frozen["signatories"] if person["record"]["device"] == tablet
    ]
    return {
        "device": tablet,
        "label": "Meja",
        "public_key": b64u(random.randbytes(65)),
        "segments": [{"from": 0, "hashes": own}],
        "next_seq": len(own),
        "head": random.randbytes(32).hex(),
    }
