"""PURE: canonical JSON, base64url and SHA-256 as tablets, evidence and the audit chain use them (KIOSK §7.1).

UTF-8, no white space, keys sorted by code point; values only object, array, string, boolean and integer.
"""

import base64
import binascii
import hashlib
import json
import re
import unicodedata
from typing import Any, NoReturn

LARGEST_INTEGER = 2**53 - 1  # what a browser still counts exactly
KEY = re.compile(r"[a-z0-9_]+\Z")
FORBIDDEN_CHARACTER = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")
DEEPEST = 64


def canonical_bytes(value: Any) -> bytes:
    """Return the one spelling of the value; ValueError names what has none (floats, null, strange keys …)."""
    check(value)
    return ENCODER.encode(value).encode()


def parse_canonical(data: bytes) -> Any:
    """Return the value of canonical bytes; ValueError unless they are exactly what ``canonical_bytes`` gives."""
    text = bytes(data).decode()
    try:
        value = DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    # ASCII without escapes holds no control character (the decoder refuses raw ones) and is NFC.
    check(value, texts=not text.isascii() or "\\" in text)
    if ENCODER.encode(value) != text:
        raise ValueError("not in canonical form")
    return value


def check(value: Any, depth: int = 0, texts: bool = True) -> None:
    """Raise ValueError when the value has no canonical form. Messages never repeat the value.

    ``texts`` is off for texts that are known to be right.
    """
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if texts:
            _check_text(value)
    elif isinstance(value, bool):
        pass
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError("integer beyond 2**53 - 1")
    elif isinstance(value, list):
        for item in value:
            check(item, depth + 1, texts)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not (isinstance(key, str) and KEY.match(key)):
                raise ValueError("key must be of a-z, 0-9 and _")
            check(item, depth + 1, texts)
    else:
        raise ValueError(f"{type(value).__name__} has no canonical form")


def b64u(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text: str) -> bytes:
    """Bytes of base64url without padding; ValueError for any other spelling of them."""
    if not isinstance(text, str) or not BASE64URL.match(text):
        raise ValueError("not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise ValueError("not base64url") from None
    tail = len(text) % 4  # the only place where two spellings give the same bytes
    if tail and b64u(data[1 - tail :]) != text[-tail:]:
        raise ValueError("base64url with loose bits")
    return data


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _check_text(text: str) -> None:
    if FORBIDDEN_CHARACTER.search(text):
        raise ValueError("text holds a control character or a lone surrogate")
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("text is not NFC")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_float(_text: str) -> NoReturn:
    raise ValueError("floats and constants have no canonical form")


def _integer(text: str) -> int:
    if len(text) > 17:  # sixteen digits and a sign; longer ones would only cost time
        raise ValueError("integer beyond 2**53 - 1")
    return int(text)


ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
DECODER = json.JSONDecoder(
    object_pairs_hook=_no_duplicates, parse_float=_no_float, parse_constant=_no_float, parse_int=_integer
)
