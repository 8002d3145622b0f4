"""The stroke format S1: known answers of KIOSK §6 and PDF §1.2, every rule of the decoder, and its properties."""

import hashlib
from math import cos, sin
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.canonical import b64u
from declarations import sample_strokes, strokes
from declarations.sample_strokes import sample_signature
from declarations.strokes import Drawing, StrokeError, decode, encode, is_weak, measure, quantise

BOX = (800, 300)
DRAWN = [[(100, 150, 2.0), (140, 110, 2.0), (180, 170, 1.5)], [(200, 140, 1.95)]]
KNOWN = bytes.fromhex("018020800c02038008800c0a9a039903009a03e6040101cc01b10202")
DRAWING = Drawing(1536, (((512, 768, 5), (717, 563, 5), (922, 870, 4)), ((1024, 717, 5),)))


def varints(*values):
    out = bytearray()
    for value in values:
        strokes._put(out, value)
    return bytes(out)


def zigzag(*deltas):
    return varints(*(-2 * d - 1 if d < 0 else 2 * d for d in deltas))


# -- known answers


def test_known_answer_in_bytes():
    assert strokes.quantise(BOX, DRAWN, 0) == DRAWING
    assert encode(DRAWING) == KNOWN
    assert b64u(KNOWN) == "AYAggAwCA4AIgAwKmgOZAwCaA-YEAQHMAbECAg"
    assert (
        hashlib.sha256(KNOWN).hexdigest()
        == "4eedcd7ab062396d1b490c8b07ef6bc6913a07be2de319b4287c1b747a9e0d66"
    )
    assert decode(KNOWN) == DRAWING


def test_known_answer_in_metrics():
    metrics = strokes.measure(DRAWING)

    assert round(metrics.length, 1) == 128.7
    assert round(metrics.turn, 2) == 1.77
    assert (metrics.width, metrics.height) == (100.0, 59.9609375)


def test_known_answer_in_outline():
    assert strokes.outline(DRAWING.strokes) == [
        ((517, 773), (715, 569), (918, 873), (926, 867), (719, 557), (507, 763)),
        (
            (1031, 717),
            (1029, 722),
            (1024, 724),
            (1019, 722),
            (1018, 717),
            (1019, 712),
            (1024, 711),
            (1029, 712),
        ),
    ]
    assert strokes.outline_path(DRAWING.strokes[:1]) == "M517 773l198 -204 203 304 8 -6 -207 -310 -212 206z"


def test_outline_has_no_arcs_and_survives_a_stroke_that_turns_straight_back():
    back = (((100, 100, 5), (400, 100, 5), (100, 100, 5)),)

    path = strokes.outline_path(back + DRAWING.strokes)

    assert set(path) <= set("Mlz -0123456789")
    assert strokes.outline(back)[0] == ((100, 107), (400, 107), (100, 94), (100, 107), (400, 94), (100, 94))


def test_bounding_box_leaves_four_percent_and_room_for_the_pen():
    x, y, width, height = strokes.bounding_box(DRAWING.strokes)

    assert (x, y) == (507 - 21 - 3, 557 - 21 - 3)
    assert (width, height) == (1031 - 507 + 48, 873 - 557 + 48)


# -- what a hand drew


def test_points_far_outside_are_pulled_to_the_edge_and_merged():
    drawing = strokes.quantise((800, 400), [[(-500, 200, 2), (-400, 200, 2), (400, 200, 9999)]], 0)

    assert drawing == Drawing(2048, (((-81, 1024, 5), (2048, 1024, 64)),))
    assert decode(encode(drawing)) == drawing


def test_a_straight_line_is_reduced_to_its_ends_and_a_dot_stays():
    line = [(float(x), 100.0, 2.0) for x in range(100, 300)]

    drawing = strokes.quantise(BOX, [line, [(50.0, 50.0, 2.0)]])

    assert [len(stroke) for stroke in drawing.strokes] == [2, 1]


def test_a_change_of_width_alone_is_kept():
    line = [(100.0, 100.0, 1.0), (150.0, 100.0, 2.6), (200.0, 100.0, 1.0)]

    assert len(strokes.simplify(line, 0.35)) == 3
    assert len(strokes.simplify(line, 0.35, 0.0)) == 2


def test_a_drawing_too_long_for_the_format_is_coarsened_until_it_fits():
    random = Random(1)
    wild = [[(random.uniform(0, 800), random.uniform(0, 300), 2.0) for _ in range(4500)]]
    tame = [[(100 + i / 8, 150 + (i % 2) * 0.7, 2.0) for i in range(4500)]]

    with pytest.raises(StrokeError) as error:
        strokes.encode_capture(BOX, wild)

    assert error.value.code in ("too_large", "point_count")
    assert len(strokes.encode_capture(BOX, tame)) < strokes.MAX_BYTES


# -- too weak


def line(*points):
    return strokes.measure(strokes.quantise((800, 400), [[(x, y, 2.0) for x, y in points]]))


def test_a_dot_is_blank_and_a_short_line_weak():
    assert line((100, 100)).is_blank
    assert not line((100, 100), (150, 100)).is_blank
    assert line((100, 100), (150, 100)).is_weak


def test_a_long_straight_line_is_weak_and_a_zigzag_is_not():
    assert line((10, 100), (700, 130)).is_weak
    assert not line((10, 100), (60, 20), (110, 100), (160, 20), (210, 100)).is_weak


@pytest.mark.parametrize(
    ("points", "weak"),
    [
        ([(400 + 60 * cos(i / 10), 200 + 60 * sin(i / 10)) for i in range(63)], False),  # a circle turns 5.4
        ([(100, 100), (200, 100), (120, 130), (210, 130)], False),  # turns 5.6
        ([(100, 100), (200, 100), (120, 150), (210, 200)], True),  # turns 4.0
        ([(100 + i % 2 * 24, 100 + i) for i in range(20)], True),  # all within 24 px
        ([(100 + i % 2 * 36, 100 + i) for i in range(20)], False),
        ([(100 + i % 2 * 36, 100 + 8 * i) for i in range(4)], True),  # 111 px of pen
    ],
)
def test_each_limit_of_weakness(points, weak):
    assert line(*points).is_weak is weak


# -- every rule of the decoder

HEAD = varints(1, 4096, 1536)
POINT = zigzag(100, 100, 5)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("truncated", b""),
        ("truncated", KNOWN[:-1]),
        ("too_large", HEAD + bytes(20_000)),
        ("version", varints(2) + KNOWN[1:]),
        ("grid", varints(1, 4095, 1536, 1, 1) + POINT),
        ("height", varints(1, 4096, 511, 1, 1) + POINT),
        ("height", varints(1, 4096, 8193, 1, 1) + POINT),
        ("stroke_count", HEAD + varints(0)),
        ("stroke_count", HEAD + varints(61) + (varints(1) + POINT) * 61),
        ("point_count", HEAD + varints(1, 0)),
        ("point_count", HEAD + varints(1, 4001) + POINT + zigzag(1, 0, 0) * 4000),
        ("varint", b"\x81\x00" + KNOWN[1:]),
        ("varint", b"\x80\x80\x80\x80\x80\x01" + KNOWN[1:]),
        ("still_step", HEAD + varints(1, 2) + POINT + zigzag(0, 0, 1)),
        ("outside", HEAD + varints(1, 1) + zigzag(-82, 100, 5)),
        ("outside", HEAD + varints(1, 1) + zigzag(4096 + 82, 100, 5)),
        ("outside", HEAD + varints(1, 1) + zigzag(100, -82, 5)),
        ("outside", HEAD + varints(1, 1) + zigzag(100, 1536 + 82, 5)),
        ("width", HEAD + varints(1, 1) + zigzag(100, 100, 0)),
        ("width", HEAD + varints(1, 1) + zigzag(100, 100, 65)),
        ("trailing", KNOWN + b"\x00"),
    ],
)
def test_decode_rejects_each_rule(code, data):
    with pytest.raises(StrokeError) as error:
        decode(data)

    assert error.value.code == code
    assert error.value.message == strokes.MESSAGES[code]


@pytest.mark.parametrize(
    "data",
    [
        HEAD + varints(1, 1) + zigzag(-81, -81, 1),
        HEAD + varints(1, 1) + zigzag(4177, 1536 + 81, 64),
        HEAD + varints(60) + (varints(1) + POINT) + (varints(1) + zigzag(0, 0, 0)) * 59,
        HEAD + varints(1, 4000) + zigzag(10, 10, 5) + zigzag(1, 0, 0) * 3999,
        varints(1, 4096, 512, 1, 1) + POINT,
        varints(1, 4096, 8192, 1, 1) + POINT,
    ],
)
def test_decode_accepts_the_edges(data):
    assert encode(decode(data)) == data


def test_encode_refuses_what_decode_would_refuse():
    with pytest.raises(StrokeError, match="width"):
        encode(Drawing(1536, (((1, 1, 0),),)))
    with pytest.raises(StrokeError, match="point_count"):
        encode(Drawing(1536, ((),)))


# -- properties


@st.composite
def drawings(draw):
    height = draw(st.integers(512, 8192))
    point = st.tuples(st.integers(-81, 4177), st.integers(-81, height + 81), st.integers(1, 64))
    stroke = st.lists(point, min_size=1, max_size=12).map(without_still_steps)
    return Drawing(height, tuple(draw(st.lists(stroke, min_size=1, max_size=8))))


def without_still_steps(points):
    return tuple(p for i, p in enumerate(points) if i == 0 or p[:2] != points[i - 1][:2])


@given(drawings())
def test_decoding_an_encoded_drawing_gives_it_back(drawing):
    assert decode(encode(drawing)) == drawing


@given(drawings())
def test_outline_is_whole_numbers_inside_its_bounding_box(drawing):
    x, y, width, height = strokes.bounding_box(drawing.strokes)

    for px, py in (point for polygon in strokes.outline(drawing.strokes) for point in polygon):
        assert type(px) is int
        assert x < px < x + width
        assert y < py < y + height


@settings(max_examples=400)
@given(st.integers(0, 49), st.integers(0), st.integers(0, 255))
def test_accepted_mutations_reencode_to_themselves(seed, position, byte):
    data = bytearray(sample_strokes.sample_signature(seed))
    data[position % len(data)] = byte
    reencodes_or_is_refused(bytes(data))


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_a_stroke_error(data):
    reencodes_or_is_refused(data)
    reencodes_or_is_refused(HEAD + data)
    reencodes_or_is_refused(HEAD + varints(1) + data)


def reencodes_or_is_refused(data):
    try:
        drawing = decode(data)
    except StrokeError:
        return
    assert encode(drawing) == data


# -- invented signatures


def test_invented_signatures_are_lasting_different_and_strong():
    made = [sample_strokes.sample_signature(seed) for seed in range(40)]

    assert len(set(made)) == 40
    assert made[0] == sample_strokes.sample_signature(0)
    assert [strokes.measure(decode(data)).is_weak for data in made] == [False] * 40
    assert sorted(map(len, made))[20] < 900


def test_invented_signature_is_the_same_on_every_machine():
    digest = hashlib.sha256(sample_strokes.sample_signature(7)).hexdigest()

    assert digest == "bc1f13e5fe03b436bff7ee362e3c8eb0497074e67161c7f419e1f6e3ff246413"


@given(drawings())
def test_quick_look_at_weakness_agrees_with_the_measure(drawing):
    assert is_weak(drawing) == measure(drawing).is_weak


def test_signatures_are_not_weak_and_straight_lines_are():
    assert [is_weak(decode(sample_signature(seed))) for seed in range(40)] == [False] * 40
    line = quantise((800, 300), [[(100, 150, 2.0), (400, 150, 2.0), (700, 151, 2.0)]])
    assert is_weak(line)
