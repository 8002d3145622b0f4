"""Drawn signatures as bytes: the stroke format S1, its metrics and its outline.

PURE: bytes and numbers in, bytes and numbers out. The tablet does the same in static/js/kiosk/strokes.js; both
are held to equal bytes by tests/js/strokes.test.js. Everything is measured in units of the S1 grid, whose width
is 4096; y grows downwards.

    varint 1 · varint 4096 · varint height · varint number of strokes
    per stroke: varint n, then n × (zigzag dx, zigzag dy, zigzag dw), running on across strokes from 0, 0, 0
"""

from itertools import accumulate, chain, pairwise
from math import atan2, ceil, floor, sqrt
from typing import NamedTuple

GRID = 4096
MAX_BYTES = 16_384
MAX_STROKES = 60
MAX_POINTS = 4_000
MIN_HEIGHT, MAX_HEIGHT = 512, 8_192
MAX_WIDTH = 64  # of half a line, in grid units
OVERHANG = GRID // 50  # a finger may leave the box by 2 % of its width
TOLERANCES = (0.35, 0.8, 1.6, 3.2)  # CSS px; the first that fits is used

Point = tuple[int, int, int]  # x, y, half of the line width
Stroke = tuple[Point, ...]
Polygon = tuple[tuple[int, int], ...]


class StrokeError(Exception):
    """These bytes are not an S1 drawing. `code` is for machines, `message` (Indonesian) for people."""

    def __init__(self, code: str):
        self.code = code
        self.message = MESSAGES[code]
        super().__init__(f"{code}: {self.message}")


MESSAGES = {
    "too_large": "Data goresan terlalu besar (paling banyak 16 KB).",
    "truncated": "Data goresan terpotong.",
    "trailing": "Ada data berlebih di belakang goresan.",
    "varint": "Angka di dalam data goresan tidak ditulis menurut aturan.",
    "version": "Versi data goresan tidak dikenal.",
    "grid": "Lebar kisi goresan bukan 4096.",
    "height": "Perbandingan lebar dan tinggi kotak tanda tangan di luar batas.",
    "stroke_count": "Jumlah goresan harus 1 sampai 60.",
    "point_count": "Jumlah titik goresan di luar batas (paling banyak 4.000).",
    "still_step": "Ada dua titik berurutan di tempat yang sama.",
    "outside": "Ada titik goresan di luar kotak tanda tangan.",
    "width": "Tebal garis goresan di luar batas.",
}


class Drawing(NamedTuple):
    """One signature on the S1 grid: box height in grid units and the strokes in the order they were made."""

    height: int
    strokes: tuple[Stroke, ...]


# -- bytes ---------------------------------------------------------------------------------------------------


def encode(drawing: Drawing) -> bytes:
    """S1 bytes of a drawing. Raises StrokeError when the drawing breaks a rule of the format."""
    _check(drawing)
    out = bytearray()
    for value in (1, GRID, drawing.height, len(drawing.strokes)):
        _put(out, value)
    x = y = w = 0
    for stroke in drawing.strokes:
        _put(out, len(stroke))
        for px, py, pw in stroke:
            for delta in (px - x, py - y, pw - w):
                _put(out, -2 * delta - 1 if delta < 0 else 2 * delta)
            x, y, w = px, py, pw
    if len(out) > MAX_BYTES:
        raise StrokeError("too_large")
    return bytes(out)


def decode(data: bytes) -> Drawing:
    """The drawing in S1 bytes. Raises StrokeError, and nothing else, for whatever is not S1 to the letter."""
    if len(data) > MAX_BYTES:
        raise StrokeError("too_large")
    numbers = _numbers(data)
    if numbers[0] != 1:
        raise StrokeError("version")
    if numbers[1:2] != [GRID]:
        raise StrokeError("grid" if len(numbers) > 1 else "truncated")
    if len(numbers) < 4:
        raise StrokeError("truncated")
    height, count = numbers[2:4]
    if not 1 <= count <= MAX_STROKES:
        raise StrokeError("stroke_count")
    strokes, left, at, last = [], MAX_POINTS, 4, (0, 0, 0)
    for _ in range(count):
        size = numbers[at] if at < len(numbers) else 1
        if not 1 <= size <= left:
            raise StrokeError("point_count")
        end = at + 1 + 3 * size
        if end > len(numbers):
            raise StrokeError("truncated")
        strokes.append(_stroke(numbers[at + 1 : end], last))
        last, left, at = strokes[-1][-1], left - size, end
    if at != len(numbers):
        raise StrokeError("trailing")
    drawing = Drawing(height, tuple(strokes))
    _check(drawing)
    return drawing


def _numbers(data: bytes) -> list[int]:
    """All minimal little-endian base-128 numbers of at most five bytes; so each drawing has one spelling only."""
    numbers: list[int] = []
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if byte == 0 and shift:
                raise StrokeError("varint")
            numbers.append(value)
            value = shift = 0
            continue
        shift += 7
        if shift > 28:
            raise StrokeError("varint")
    if shift or not numbers:
        raise StrokeError("truncated")
    return numbers


def _stroke(numbers: list[int], last: Point) -> Stroke:
    """Points from zigzag steps (dx, dy, dw), which run on from the last point of the stroke before."""
    steps = [-(value + 1) // 2 if value & 1 else value // 2 for value in numbers]
    xs, ys, ws = (accumulate(steps[axis::3], initial=last[axis]) for axis in range(3))
    return tuple(zip(xs, ys, ws, strict=True))[1:]


def _put(out: bytearray, value: int) -> None:
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _check(drawing: Drawing) -> None:
    if not MIN_HEIGHT <= drawing.height <= MAX_HEIGHT:
        raise StrokeError("height")
    if not 1 <= len(drawing.strokes) <= MAX_STROKES:
        raise StrokeError("stroke_count")
    if not all(drawing.strokes) or sum(map(len, drawing.strokes)) > MAX_POINTS:
        raise StrokeError("point_count")
    for stroke in drawing.strokes:
        before = None
        for x, y, w in stroke:
            if (x, y) == before:
                raise StrokeError("still_step")
            if not (-OVERHANG <= x <= GRID + OVERHANG and -OVERHANG <= y <= drawing.height + OVERHANG):
                raise StrokeError("outside")
            if not 1 <= w <= MAX_WIDTH:
                raise StrokeError("width")
            before = (x, y)


# -- from what a hand drew -----------------------------------------------------------------------------------


def rounded(value: float) -> int:
    """Half up, as on the tablet; Python's round() goes to the even neighbour."""
    return floor(value + 0.5)


def quantise(box: tuple[float, float], strokes, tolerance: float = TOLERANCES[0]) -> Drawing:
    """Strokes of (x, y, line width) in CSS px of a box (width, height) on the S1 grid.

    Each stroke is simplified first; tolerance 0 keeps every point. Points beyond the overhang are pulled to
    its edge, and points that fall together become one.
    """
    scale = GRID / box[0]
    height = rounded(box[1] * scale)
    return Drawing(height, tuple(_on_grid(simplify(s, tolerance), scale, height) for s in strokes if s))


def encode_capture(box: tuple[float, float], strokes) -> bytes:
    """S1 bytes of a captured drawing, simplified only as far as the limits demand. Raises StrokeError if nothing fits."""
    for tolerance in TOLERANCES:
        try:
            return encode(quantise(box, strokes, tolerance))
        except StrokeError as error:
            if error.code not in ("too_large", "point_count") or tolerance == TOLERANCES[-1]:
                raise
    raise AssertionError("unreachable")


def _on_grid(stroke, scale: float, height: int) -> Stroke:
    points: list[Point] = []
    for x, y, width in stroke:
        gx = min(max(rounded(x * scale), -OVERHANG), GRID + OVERHANG)
        gy = min(max(rounded(y * scale), -OVERHANG), height + OVERHANG)
        if not points or points[-1][:2] != (gx, gy):
            points.append((gx, gy, min(max(rounded(width * scale / 2), 1), MAX_WIDTH)))
    return tuple(points)


def simplify(stroke, tolerance: float, width_weight: float = 0.5) -> list:
    """Ramer-Douglas-Peucker. Distance = from the chord between the ends + weight × deviation of the line width."""
    points = list(stroke)
    if tolerance <= 0 or len(points) < 3:
        return points
    keep = [False] * len(points)
    keep[0] = keep[-1] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        index = _farthest(points, first, last, tolerance, width_weight)
        if index:
            keep[index] = True
            spans += ((first, index), (index, last))
    return [point for point, kept in zip(points, keep, strict=True) if kept]


def _farthest(points: list, first: int, last: int, tolerance: float, width_weight: float) -> int:
    """Index of the point farthest from the chord, 0 when none is beyond the tolerance. Inlined: it is asked very often."""
    (ax, ay, aw), (bx, by, bw) = points[first], points[last]
    dx, dy, dw = bx - ax, by - ay, bw - aw
    square = dx * dx + dy * dy or 1.0  # a chord without length: every foot is its start
    worst, index = tolerance, 0
    least = tolerance * tolerance * 0.999 if not width_weight else 0.0  # nearer ones need no root
    for i, (x, y, w) in enumerate(points[first + 1 : last], first + 1):
        t = ((x - ax) * dx + (y - ay) * dy) / square
        t = 0.0 if t < 0 else 1.0 if t > 1 else t
        ex, ey = x - (ax + t * dx), y - (ay + t * dy)
        apart = ex * ex + ey * ey
        if apart < least:
            continue
        distance = sqrt(apart)
        if width_weight:
            distance += width_weight * abs(w - (aw + t * dw))
        elif distance > worst:
            least = apart
        if distance > worst:
            worst, index = distance, i
    return index


# -- metrics -------------------------------------------------------------------------------------------------


class Metrics(NamedTuple):
    """Of the decoded geometry in a box 800 wide: pen path, bounding box, sum of absolute direction changes (rad)."""

    length: float
    width: float
    height: float
    turn: float

    @property
    def is_blank(self) -> bool:
        """Too little for anybody to confirm as a signature."""
        return self.length < 40

    @property
    def is_weak(self) -> bool:
        """Worth asking "Apakah ini tanda tangan Anda?"; never a reason to refuse (straight lines reach turn 4.7)."""
        return self.length < 120 or max(self.width, self.height) < 30 or self.turn < 5


def is_weak(drawing: Drawing) -> bool:
    """``measure(drawing).is_weak``, told as soon as it is sure: most signatures turn enough within a few corners."""
    scale = 800 / GRID
    xs, ys, _ = zip(*chain.from_iterable(drawing.strokes), strict=True)
    if max(max(xs) - min(xs), max(ys) - min(ys)) * scale < 30:
        return True
    length = turn = 0.0
    for drawn in drawing.strokes:
        stroke = [(x * scale, y * scale, 0.0) for x, y, _ in drawn]
        length += _length_up_to(120 - length, stroke)
        turn += _turn_up_to(5 - turn, stroke, 3.0) if turn < 5 else 0.0
        if length >= 120 and turn >= 5:
            return False
    return True


def _length_up_to(enough: float, stroke) -> float:
    """Of the path, or of so much of it that is enough."""
    length = 0.0
    for (ax, ay, _), (bx, by, _) in pairwise(stroke):
        if length >= enough:
            break
        length += sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay))
    return length


def _turn_up_to(enough: float, stroke, tolerance: float) -> float:
    """``_turn(simplify(stroke, tolerance))``, or less of it that is enough.

    Each round adds the corners of one level; a further corner never lessens the turn of a line (Fáry), so a coarse
    line that turns enough needs no finer one.
    """
    corners, spans = [0, len(stroke) - 1], [(0, len(stroke) - 1)]
    turn = 0.0
    while spans and turn < enough:
        found = [(first, _farthest(stroke, first, last, tolerance, 0.0), last) for first, last in spans]
        found = [(first, index, last) for first, index, last in found if index]
        spans = [span for first, index, last in found for span in ((first, index), (index, last))]
        if found:
            corners = sorted([*corners, *(index for _, index, _ in found)])
            turn = _turn([stroke[at] for at in corners])
    return turn


def measure(drawing: Drawing) -> Metrics:
    scale = 800 / GRID  # 25/128, exact in binary
    strokes = [[(x * scale, y * scale, 0.0) for x, y, _ in stroke] for stroke in drawing.strokes]
    xs = [x for stroke in strokes for x, _, _ in stroke]
    ys = [y for stroke in strokes for _, y, _ in stroke]
    length = turn = 0.0
    for stroke in strokes:
        for (ax, ay, _), (bx, by, _) in pairwise(stroke):
            length += sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay))
        turn += _turn(simplify(stroke, 3.0))
    return Metrics(length, max(xs) - min(xs), max(ys) - min(ys), turn)


def _turn(stroke) -> float:
    total = 0.0
    for a, b, c in zip(stroke, stroke[1:], stroke[2:], strict=False):
        ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
        total += abs(atan2(ux * vy - uy * vx, ux * vx + uy * vy))
    return total


# -- outline for the paper -----------------------------------------------------------------------------------

_HALF = sqrt(0.5)
_OCTAGON = (
    (1, 0),
    (_HALF, _HALF),
    (0, 1),
    (-_HALF, _HALF),
    (-1, 0),
    (-_HALF, -_HALF),
    (0, -1),
    (_HALF, -_HALF),
)
PEN = 5  # line width around the filled polygons, joins round


def outline(strokes) -> list[Polygon]:
    """One closed polygon of absolute grid units per stroke: left side forward, right side back."""
    return [_octagon(stroke[0]) if len(stroke) == 1 else _ribbon(stroke) for stroke in strokes]


def _octagon(point: Point) -> Polygon:
    x, y, w = point
    return tuple((rounded(x + 1.3 * w * dx), rounded(y + 1.3 * w * dy)) for dx, dy in _OCTAGON)


def _ribbon(stroke: Stroke) -> Polygon:
    left, right = [], []
    last = len(stroke) - 1
    for i, (x, y, w) in enumerate(stroke):
        before, after = stroke[max(i - 1, 0)], stroke[min(i + 1, last)]
        if before[:2] == after[:2]:  # straight back: no chord, take the way here
            after = stroke[i]
        dx, dy = after[0] - before[0], after[1] - before[1]
        scale = 1.3 * w / sqrt(dx * dx + dy * dy)
        left.append((rounded(x - dy * scale), rounded(y + dx * scale)))
        right.append((rounded(x + dy * scale), rounded(y - dx * scale)))
    return tuple(left + right[::-1])


def outline_path(strokes) -> str:
    """SVG path data of the outline, in relative whole numbers and without arcs."""
    return "".join(_path(polygon) for polygon in outline(strokes))


def _path(polygon: Polygon) -> str:
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(polygon)]
    return "M{} {}l{}z".format(*polygon[0], " ".join(f"{dx} {dy}" for dx, dy in steps))


def bounding_box(strokes) -> tuple[int, int, int, int]:
    """(x, y, width, height) of the outline with its pen, plus 4 % of the longer side all round: the view box."""
    points = [point for polygon in outline(strokes) for point in polygon]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    margin = ceil(max(max(xs) - min(xs), max(ys) - min(ys)) * 0.04) + ceil(PEN / 2)
    return (
        min(xs) - margin,
        min(ys) - margin,
        max(xs) - min(xs) + 2 * margin,
        max(ys) - min(ys) + 2 * margin,
    )
