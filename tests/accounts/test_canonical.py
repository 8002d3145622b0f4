import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.canonical import b64u, canonical_bytes, parse_canonical, sha256_hex, unb64u

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"))).map(
    lambda text: unicodedata.normalize("NFC", text)
)
KEYS = st.text("abcxyz0123456789_", min_size=1)
LEAVES = st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


def test_canonical_form_has_one_spelling():
    assert (
        canonical_bytes({"b": [1, True, 'é\n"\\/'], "a": {}})
        == b'{"a":{},"b":[1,true,"\xc3\xa9\\n\\"\\\\/"]}'
    )


def test_record_of_the_tablet_specification():
    assert (
        sha256_hex(canonical_bytes({"v": 1}))
        == "afbf9d0f3560b0fd7795e81c42a0a79ee6b6fc67e064f77826aee642cad28d91"
    )


@given(VALUES)
def test_whatever_is_written_is_read_back(value):
    assert parse_canonical(canonical_bytes(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        1.5,
        float("nan"),
        2**53,
        -(2**53),
        {"a": None},
        [1.0],
        {"Kunci": 1},
        {"é": 1},
        {"": 1},
        {1: 1},
        "e\u0301",  # not NFC
        "\ud800",
        "a\tb",
        "\x00",
        b"bytes",
        (1, 2),
        {1, 2},
    ],
)
def test_value_without_canonical_form_is_refused(value):
    with pytest.raises(ValueError, match=r".+"):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"NaN",
        b"Infinity",
        b"null",
        b'{"a":null}',
        b'"\\u00e9"',
        b'"\\/"',
        b"9007199254740992",
        b"9" * 5000,
        b"\xef\xbb\xbf1",
        b'"\xff"',
        b'"\\ud800"',
        b"[" * 5000,
        b"[" * 100 + b"]" * 100,
        b"\xff\xfe1\x00",
    ],
)
def test_other_bytes_are_refused(data):
    with pytest.raises(ValueError, match=r".+"):
        parse_canonical(data)


@given(st.binary())
def test_base64url_has_one_spelling(data):
    text = b64u(data)
    assert (unb64u(text), "=" in text) == (data, False)


@pytest.mark.parametrize("text", ["QQ==", "Q", "QR", "Q Q", "QQ\n", "+/8", "é", None])
def test_other_spellings_of_base64_are_refused(text):
    with pytest.raises(ValueError, match="base64url"):
        unb64u(text)


def test_hash_is_lower_case_hex():
    assert sha256_hex(b"x") == hashlib.sha256(b"x").hexdigest()
