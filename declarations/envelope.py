"""The envelope of one record: signed by the tablet's own key, sealed to the event's key (KIOSK.md §7.3, §7.4).

PURE. HPKE (RFC 9180) base mode, DHKEM(P-256, HKDF-SHA256) / HKDF-SHA256 / AES-256-GCM, one shot, no AAD; ECDSA-SHA-256
as 64 bytes r ‖ s over the canonical bytes. static/js/kiosk/hpke.js is the other side.
"""

import hashlib
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .evidence import PROTOCOL

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
CURVE = ec.SECP256R1()
VERSION = b"\x01"
SIGNATURE_BYTES = 64
POINT_BYTES = 65


class Opened(NamedTuple):
    """What was inside: the device's signature and the canonical bytes it speaks for. Neither is checked yet."""

    signature: bytes
    body: bytes


def info(event, kid: str, device, item) -> bytes:
    """Binds the sealed bytes to their event, key, tablet and record; all ids lower-case."""
    return f"{PROTOCOL}|{event}|{kid}|{device}|{item}".encode()


def seal(plain: Opened, public: bytes, context: bytes) -> bytes:
    """enc ‖ ciphertext, as a tablet makes it; ``public`` is the event key's 65-byte point."""
    return SUITE.encrypt(VERSION + plain.signature + plain.body, public_key_of(public), context)


def open_sealed(sealed: bytes, private: ec.EllipticCurvePrivateKey, context: bytes) -> Opened:
    """Raises ValueError for everything that is not an envelope for this key and context."""
    try:
        plain = SUITE.decrypt(sealed, private, context)
    except (InvalidTag, ValueError, TypeError):
        raise ValueError("cannot be opened") from None
    if plain[:1] != VERSION or len(plain) <= 1 + SIGNATURE_BYTES:
        raise ValueError("unknown envelope")
    return Opened(plain[1 : 1 + SIGNATURE_BYTES], plain[1 + SIGNATURE_BYTES :])


def public_key_of(point: bytes) -> ec.EllipticCurvePublicKey:
    """The key of an uncompressed P-256 point; ValueError for anything else."""
    if len(point) != POINT_BYTES or point[:1] != b"\x04":
        raise ValueError("not an uncompressed P-256 point")
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, bytes(point))


def is_signed(body: bytes, signature: bytes, public: bytes) -> bool:
    """Did the holder of this key sign these bytes? ``signature`` is r ‖ s."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = (int.from_bytes(half) for half in (signature[:32], signature[32:]))
    try:
        public_key_of(bytes(public)).verify(
            encode_dss_signature(r, s), bytes(body), ec.ECDSA(hashes.SHA256())
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def point_of(private: ec.EllipticCurvePrivateKey) -> bytes:
    """65 bytes of the public half: 04 ‖ x ‖ y."""
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def sign(body: bytes, private: ec.EllipticCurvePrivateKey) -> bytes:
    """r ‖ s, as WebCrypto gives it."""
    r, s = decode_dss_signature(private.sign(body, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def sealed_sha256(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()
