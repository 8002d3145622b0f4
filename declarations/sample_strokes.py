"""Invented signatures for the demo, the tests and the benchmarks: they look written by hand and belong to nobody.

PURE. The same seed gives the same bytes on every machine; the capture below is what a tablet's box would hold.
"""

from math import cos, hypot, radians, sin
from random import Random

from .strokes import encode_capture

BOX = (800.0, 320.0)


def sample_signature(seed: int) -> bytes:
    """S1 bytes of an invented signature, never weak."""
    return encode_capture(*sample_capture(seed))


def sample_capture(seed: int) -> tuple[tuple[float, float], list[list[tuple[float, float, float]]]]:
    """Box (width, height) and strokes of (x, y, line width) in CSS px, as a finger would leave them."""
    random = Random(seed)  # noqa: S311 - no secret, the same drawing every time is wanted
    lines = [_name(random)]
    if random.random() < 0.55:
        lines.append(_underline(random, lines[0]))
    if random.random() < 0.5:
        lines.append(_cross(random, lines[0]))
    lines = _place(random, lines)
    strokes = [_pen(random, _curve(random, line)) for line in lines]
    if random.random() < 0.6:
        x, y, _ = strokes[0][len(strokes[0]) // 2]
        strokes.append([(x + random.uniform(-40, 60), max(12.0, y - random.uniform(40, 70)), 1.9)])
    return BOX, strokes


# First letters, one unit wide and one high.
CAPITALS = (
    [(0.1, 0.1), (0.35, 1), (0.75, 0.8), (0.45, 0.05), (0.05, -0.1), (0.2, 0.2)],
    [(0.1, 0.1), (0.35, 1), (0.75, 0.8), (0.45, 0.05), (0.05, -0.1), (0.2, 0.2), (0.9, 0.6), (1.15, 0)],
    [(0.9, 0.85), (0.5, 1), (0.25, 0.75), (0.75, 0.4), (0.6, 0.02), (0.05, 0.05), (0.3, 0.2), (1.1, 0.1)],
    [(1.0, 0.8), (0.6, 1), (0.1, 0.55), (0.3, 0.03), (0.85, 0.1), (1.0, 0.45), (0.7, 0.4), (1.2, 0.1)],
    [(0.0, 0.1), (0.45, 1), (0.55, 0.95), (0.8, 0.0), (0.7, 0.3), (0.25, 0.4), (0.6, 0.45), (1.2, 0.1)],
    [
        (0.0, 0.9),
        (0.25, 0.95),
        (0.2, 0.0),
        (0.3, 0.6),
        (0.8, 1),
        (0.85, 0.6),
        (0.35, 0.45),
        (0.7, 0.3),
        (1.2, 0.0),
    ],
)

# A line is a list of corner points in units of one letter's height, y upwards; it is bent and placed afterwards.


def _name(random: Random) -> list[tuple[float, float]]:
    """A tall first letter, a run of small ones that flattens out, and a tail."""
    tall = random.uniform(1.8, 2.8)
    points = [(x, y * tall) for x, y in random.choice(CAPITALS)]
    x, size = 1.2, random.uniform(0.8, 1.1)
    for _ in range(random.randint(4, 8)):
        points += _letter(random, x, size)
        x += random.uniform(0.45, 0.75)
        size *= random.uniform(0.84, 0.98)
    tail = random.uniform(0.8, 2.2)
    return [*points, (x + tail * 0.6, random.uniform(-0.2, 0.3)), (x + tail, random.uniform(0.2, 1.1))]


def _letter(random: Random, x: float, size: float) -> list[tuple[float, float]]:
    kind = random.random()
    if kind < 0.2:  # a loop upwards, as in l
        return [(x, 0.1), (x + 0.42, size * 1.8), (x + 0.2, size * 1.9), (x + 0.25, 0.0)]
    if kind < 0.35:  # a loop downwards, as in g
        return [
            (x, size * 0.8),
            (x + 0.3, size * 0.7),
            (x + 0.2, -size),
            (x - 0.1, -size * 0.8),
            (x + 0.35, 0.1),
        ]
    if kind < 0.65:  # an arch, as in n
        return [(x, 0.0), (x + 0.12, size * 0.9), (x + 0.3, size * 0.8), (x + 0.36, 0.0)]
    return [
        (x, size * 0.3),
        (x + 0.3, size),
        (x + 0.05, size * 0.9),
        (x + 0.1, 0.05),
        (x + 0.4, 0.2),
    ]  # a bowl, as in a


def _underline(random: Random, name) -> list[tuple[float, float]]:
    left, right = name[0][0], name[-1][0]
    low = random.uniform(-1.1, -0.6)
    start, end = (left, right) if random.random() < 0.7 else (right, left)
    return [
        (start, low),
        ((left + right) / 2, low + random.uniform(-0.15, 0.25)),
        (end, low + random.uniform(0, 0.4)),
    ]


def _cross(random: Random, name) -> list[tuple[float, float]]:
    x = name[0][0] + random.uniform(0.2, 1.5)
    y = random.uniform(0.8, 1.5)
    return [(x - 0.5, y), (x + 0.3, y + 0.12), (x + random.uniform(0.8, 1.8), y + random.uniform(-0.1, 0.3))]


def _place(random: Random, lines):
    """Slant, turn and scale the whole signature into the box."""
    slant, angle = random.uniform(0.05, 0.45), radians(random.uniform(-2, 9))
    bent = [
        [
            ((x + y * slant) * cos(angle) - y * sin(angle), -(x + y * slant) * sin(angle) - y * cos(angle))
            for x, y in line
        ]
        for line in lines
    ]
    xs = [x for line in bent for x, _ in line]
    ys = [y for line in bent for _, y in line]
    scale = min(
        random.uniform(380, 620) / (max(xs) - min(xs)), random.uniform(170, 250) / (max(ys) - min(ys))
    )
    left = (BOX[0] - (max(xs) - min(xs)) * scale) * random.uniform(0.3, 0.7)
    top = (BOX[1] - (max(ys) - min(ys)) * scale) * random.uniform(0.35, 0.65)
    return [[((x - min(xs)) * scale + left, (y - min(ys)) * scale + top) for x, y in line] for line in bent]


def _curve(random: Random, line):
    """Catmull-Rom through the corners, one point about every 7 px, with the small tremble of a hand."""
    points = []
    for i in range(len(line) - 1):
        a, b, c, d = line[max(i - 1, 0)], line[i], line[i + 1], line[min(i + 2, len(line) - 1)]
        steps = max(2, int(hypot(c[0] - b[0], c[1] - b[1]) / random.uniform(5, 9)))
        points += [_bend(a, b, c, d, step / steps) for step in range(steps)]
    return [(x + random.gauss(0, 0.35), y + random.gauss(0, 0.35)) for x, y in [*points, line[-1]]]


def _bend(a, b, c, d, t: float) -> tuple[float, float]:
    def along(k: int) -> float:
        linear, square, cube = (
            c[k] - a[k],
            2 * a[k] - 5 * b[k] + 4 * c[k] - d[k],
            3 * (b[k] - c[k]) + d[k] - a[k],
        )
        return b[k] + 0.5 * t * (linear + t * (square + t * cube))

    return along(0), along(1)


def _pen(random: Random, points) -> list[tuple[float, float, float]]:
    """Quick is thin, slow is thick: 0.9 to 2.6 px with the tablet's low pass."""
    width, stroke, before = random.uniform(1.6, 2.2), [], points[0]
    for x, y in points:
        speed = hypot(x - before[0], y - before[1])
        width = 0.7 * width + 0.3 * min(2.6, max(0.9, 2.9 - speed * 0.13))
        stroke.append((x, y, width))
        before = (x, y)
    return stroke
