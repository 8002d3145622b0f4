"""PURE: the ruled lines of a table joined (*rules* in the printer's sense): fewer operators, the same ink.

WeasyPrint strokes each side of each cell of a collapsed table by itself, in an artifact of its own: of a long list of
signatures a quarter of all operators, which every later reader, the validators first, has to walk through.
"""

import re
from collections.abc import Iterator

_SEGMENT = rb"(?:[0-9.-]+ ){2}m\n(?:[0-9.-]+ ){2}l\n"
_OPEN, _CLOSE = rb"/Artifact\nBMC\nq\nq\n", rb"S\nQ\nQ\nEMC(?:\n|$)"
# Opaque lines of one colour and one width that follow each other without anything between them.
_STYLE = rb"(/A1\.0 gs\n[0-9. -]+ RG\n[0-9.]+ w\n)"
_RUN = re.compile(
    _OPEN + _STYLE + _SEGMENT + _CLOSE + rb"(?:" + _OPEN + rb"\1" + _SEGMENT + _CLOSE + rb")+", re.M
)
_POINTS = re.compile(rb"([0-9.-]+) ([0-9.-]+) m\n([0-9.-]+) ([0-9.-]+) l\n")

Line = tuple[bytes, bytes, bytes, bytes]


def join_rules(operators: bytes) -> bytes:
    """The operators of a page with each run of ruled lines as one artifact, lines that continue each other as one."""
    return _RUN.sub(_joined, operators)


def _joined(run: re.Match) -> bytes:
    lines = list(_continued(_POINTS.findall(run.group())))
    path = b"".join(b"%b %b m\n%b %b l\n" % line for line in lines)
    end = b"\n" if run.group().endswith(b"\n") else b""
    return b"/Artifact\nBMC\nq\nq\n" + run.group(1) + path + b"S\nQ\nQ\nEMC" + end


def _continued(lines: list[Line]) -> Iterator[Line]:
    """Upright and level lines that touch or overlap, end to end; a slanted one stays as it is."""
    upright: dict[bytes, list[tuple[bytes, bytes]]] = {}
    level: dict[bytes, list[tuple[bytes, bytes]]] = {}
    for left, bottom, right, top in lines:
        if left == right:
            upright.setdefault(left, []).append((bottom, top))
        elif bottom == top:
            level.setdefault(bottom, []).append((left, right))
        else:
            yield left, bottom, right, top
    for x, stretches in upright.items():
        yield from ((x, start, x, end) for start, end in _united(stretches))
    for y, stretches in level.items():
        yield from ((start, y, end, y) for start, end in _united(stretches))


def _united(stretches: list[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """The numbers stay as they were written: they are compared, not calculated with."""
    ordered = sorted((sorted(pair, key=float) for pair in stretches), key=lambda pair: float(pair[0]))
    start, end = ordered[0]
    for next_start, next_end in ordered[1:]:
        if float(next_start) > float(end):
            yield start, end
            start, end = next_start, next_end
        elif float(next_end) > float(end):
            end = next_end
    yield start, end
