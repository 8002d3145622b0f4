"""Encrypted columns: AES-GCM with a key ring, bound to their column, searched by a blind index (STACK §10).

Spelling: ``<key id>:<base64url of nonce ‖ ciphertext ‖ tag>``. FIELD_KEYS is "kid:base64,older:base64"; the first
key writes, all of them read. Keep the last one until every row was written anew: the blind index hangs on it.
"""

import base64
import binascii
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models

from .canonical import b64u, unb64u

NONCE = 12
TAG = 16


class DecryptionError(Exception):
    """Stored bytes cannot be opened: changed, of another column, or of a key that is not in the ring."""


def encrypt(plain: bytes, context: str) -> bytes:
    """Seal bytes for one column (``context`` = "app.model.field"); ASCII, never the same twice."""
    kid, key = next(iter(key_ring().items()))
    nonce = os.urandom(NONCE)
    return f"{kid}:{b64u(nonce + AESGCM(key).encrypt(nonce, bytes(plain), context.encode()))}".encode()


def decrypt(sealed: bytes | str, context: str) -> bytes:
    """Open what ``encrypt`` made for the same column, or raise DecryptionError; never garbage."""
    try:
        kid, _, body = (sealed if isinstance(sealed, str) else bytes(sealed).decode()).partition(":")
        data = unb64u(body)
    except ValueError:
        raise DecryptionError(f"{context}: not an encrypted value") from None
    key = key_ring().get(kid)
    if key is None:
        raise DecryptionError(f"{context}: the key is not in FIELD_KEYS")
    if len(data) < NONCE + TAG:
        raise DecryptionError(f"{context}: encrypted value too short")
    try:
        return AESGCM(key).decrypt(data[:NONCE], data[NONCE:], context.encode())
    except InvalidTag:
        raise DecryptionError(f"{context}: encrypted value was changed or belongs elsewhere") from None


def blind_index(value: str, context: str) -> str:
    """64 hex characters by which an equal (normalised!) value of the same column is found; "" for an empty one."""
    if not value:
        return ""
    key = _index_key(next(reversed(key_ring().values())), context)
    return hmac.digest(key, value.encode(), "sha256").hex()


@lru_cache(maxsize=32)
def _index_key(oldest: bytes, context: str) -> bytes:
    return hmac.digest(oldest, b"blind-index:" + context.encode(), "sha256")


def key_ring() -> dict[str, bytes]:
    """Key id → key of 32 bytes, the writing key first; ImproperlyConfigured names what is wrong with the setting."""
    return _parsed(settings.FIELD_KEYS)


@lru_cache(maxsize=4)
def _parsed(text: str) -> dict[str, bytes]:
    ring: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        kid, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            key = b""
        if not kid.isalnum() or len(key) != 32 or kid in ring:
            raise ImproperlyConfigured(
                "FIELD_KEYS must be kid:base64 of 32 bytes, separated by commas, each kid once."
            )
        ring[kid] = key
    if not ring:
        raise ImproperlyConfigured("FIELD_KEYS is empty.")
    return ring


class EncryptedTextField(models.TextField):
    """Text that only the application can read; None and "" stay as they are. Only isnull and ="" can be filtered."""

    description = "Encrypted text"

    @property
    def context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return encrypt(value.encode(), self.context).decode() if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value, self.context).decode() if value else value

    def get_lookup(self, lookup_name):
        return {"isnull": super().get_lookup("isnull"), "exact": _ExactlyEmpty}.get(lookup_name)


class _ExactlyEmpty(models.lookups.Exact):
    """Equal ciphertexts mean nothing: ask the blind index instead."""

    def get_prep_lookup(self):
        if self.rhs != "":
            raise FieldError(f"{self.lhs.output_field.name} is encrypted; filter by its blind index.")
        return ""
