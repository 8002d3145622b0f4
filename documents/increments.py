"""PURE: what stands behind a signature, byte for byte, without trusting the structure of the file.

A PDF grows by increments; each is a row of objects, a cross-reference and an end mark. What is none of these is counted.
"""

import re

# Of a signature or document timestamp: everything but the hole that holds it.
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_HEAD = re.compile(rb"\s{0,2}\d{1,10} \d{1,5} obj\b")
_STREAM = re.compile(rb"\s*<<(?:(?!endobj|stream\r?\n).)*?>>\s*stream\r?\n", re.S)
_LENGTH = re.compile(rb"/Length (\d{1,10})\b(?! \d+ R)")
_AFTER_STREAM = re.compile(rb"\r?\n?endstream\s{1,2}endobj\s?")
_OTHER_OBJECT = re.compile(rb"(?:(?!endobj|%).)*?endobj\s?", re.S)
_END = re.compile(
    rb"\s{0,2}(?:xref\n[0-9 nf\r\n]+trailer\s*<<(?:(?!>>\s*startxref|%).)*>>)?\s{0,2}startxref\n\d+\n%%EOF\n?",
    re.S,
)


def increments_behind(data: bytes, start: int) -> tuple[int, int]:
    """(number of whole increments from ``start``, number of bytes that belong to none)."""
    count = 0
    while (end := _increment_end(data, start)) is not None:
        count, start = count + 1, end
    return count, len(data) - start


def _increment_end(data: bytes, position: int) -> int | None:
    objects = 0
    while (following := _object_end(data, position)) is not None:
        objects, position = objects + 1, following
    end = _END.match(data, position)
    return end.end() if end and objects else None


def _object_end(data: bytes, position: int) -> int | None:
    head = _HEAD.match(data, position)
    if head is None:
        return None
    stream = _STREAM.match(data, head.end())
    if stream is None:
        rest = _OTHER_OBJECT.match(data, head.end())
    else:
        length = _LENGTH.search(stream.group())
        rest = _AFTER_STREAM.match(data, stream.end() + int(length[1])) if length else None
    return rest.end() if rest else None
