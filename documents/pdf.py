"""PURE: HTML + vector ink + evidence → the bytes of an unsigned paper (PDF/A-3a and PDF/UA-1); no model, no clock.

The door to WeasyPrint (``typesetter``), to the repack and to the validator. Template authors: the class names are
listed at the top of static/css/pdf.css, a complete example is tests/documents/sample.py.
"""

import base64
import gc
import hashlib
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from django.conf import settings

from . import fonts
from .fonts import missing_characters, printable_form
from .increments import BYTE_RANGE, increments_behind

__all__ = [
    "INK_RULE",
    "INK_RULES",
    "Enclosed",
    "Failure",
    "Ink",
    "PaperMeta",
    "RenderFailed",
    "Rendered",
    "image_uri",
    "missing_characters",
    "prepare_process",
    "printable_form",
    "qr_svg",
    "render",
    "renderer_entry",
    "validate",
]

EVIDENCE_NAME = "evidence.json"
Polygon = Sequence[tuple[int, int]]
INK_STYLE = b".043 .122 .361 RG .043 .122 .361 rg %g w 1 j\n"  # DeviceRGB, defined by the sRGB output intent
INK_PEN = 5
# How a drawing becomes operators: name in evidence → units of the grid of strokes in one unit of the page's ink. Four
# are 27 µm in a cell of 28 mm and save a fifth of the bytes. Old papers keep their rule: it stands in their evidence.
INK_RULES = {"outline/1": 1, "outline/4": 4}
INK_RULE = "outline/4"
INK_MARGIN = 0.04
# The grid of a stroke is 4096 wide (KIOSK.md §6); a mere dot is not blown up to the size of a signature.
INK_SMALLEST = (1000, 400)


class RenderFailed(Exception):
    """The paper cannot be made from this input; trying again gives the same. ``lines`` are for the log."""

    def __init__(self, message: str, lines: Sequence[str] = ()):
        super().__init__(message)
        self.message = message
        self.lines = list(lines)


@dataclass(frozen=True)
class PaperMeta:
    """What the file says about itself (XMP and Info). ``as_of`` is aware; ``identifier`` has 32 hex digits."""

    title: str
    document_number: str
    event_code: str
    text_sha256: str
    merkle_root: str
    revision: int
    office: str
    as_of: datetime
    identifier: str
    language: str = "id"
    description: str = ""
    kind: str = ""

    def __post_init__(self):
        if self.as_of.tzinfo is None:
            raise ValueError("as_of must be aware")
        if not re.fullmatch(r"[0-9a-f]{32}", self.identifier):
            raise ValueError("identifier must be 32 hex digits")

    @property
    def moment(self) -> datetime:
        return self.as_of.astimezone(UTC).replace(microsecond=0)

    @property
    def xmp(self) -> dict[str, str]:
        return {
            "documentNumber": self.document_number,
            "documentKind": self.kind,
            "eventCode": self.event_code,
            "textSha256": self.text_sha256,
            "merkleRoot": self.merkle_root,
            "revision": str(self.revision),
        }


@dataclass(frozen=True)
class Ink:
    """A signature as PDF path operators in its own grid (y downwards): that of its strokes over ``INK_RULE``.

    ``<img src="ink:KEY">`` with the key under which it is handed to ``render`` shows it, aspect kept, centred in the
    box that the style sheet gives. ``left, top, width, height`` is the part of the grid that is shown.
    """

    width: float
    height: float
    operators: bytes
    alt: str
    left: float = 0
    top: float = 0
    pen: float = INK_PEN

    @classmethod
    def from_outline(cls, polygons: Sequence[Polygon], *, alt: str, rule: str = INK_RULE) -> "Ink":
        """From the outline polygons (absolute integers) of ``declarations.strokes``, one per stroke."""
        unit = INK_RULES[rule]
        left, top, right, bottom = (side / unit for side in _bounds(polygons))
        margin = INK_MARGIN * max(right - left, bottom - top)
        width = max(right - left + 2 * margin, INK_SMALLEST[0] / unit)
        height = max(bottom - top + 2 * margin, INK_SMALLEST[1] / unit)
        return cls(
            width=width,
            height=height,
            operators=outline_operators(polygons, rule),
            alt=alt,
            left=(left + right - width) / 2,
            top=(top + bottom - height) / 2,
            pen=INK_PEN / unit,
        )

    @property
    def drawn(self) -> bytes:
        """Colour and pen, then the operators."""
        return INK_STYLE % self.pen + self.operators


def _bounds(polygons: Sequence[Polygon]) -> tuple[int, int, int, int]:
    xs = [x for polygon in polygons for x, _ in polygon]
    ys = [y for polygon in polygons for _, y in polygon]
    if not xs:
        raise ValueError("a drawing without points")
    return min(xs), min(ys), max(xs), max(ys)


def outline_operators(polygons: Sequence[Polygon], rule: str = INK_RULE) -> bytes:
    """Closed polygons, filled and stroked by one ``B``; the checker builds the same bytes again (PDF.md §5.5).

    KeyError for a rule that this version does not know.
    """
    unit, parts = INK_RULES[rule], []
    for polygon in polygons:
        (x, y), *rest = _coarse(polygon, unit) if unit > 1 else polygon
        parts.append(f"{x} {y} m")
        parts += [f"{x} {y} l" for x, y in rest]
        parts.append("h")
    return " ".join([*parts, "B"]).encode("ascii")


def _coarse(polygon: Polygon, unit: int) -> list[tuple[int, int]]:
    """Rounded to the unit, halves up; a point on the one before it is left out."""
    points = [((x + unit // 2) // unit, (y + unit // 2) // unit) for x, y in polygon]
    return [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]


class Enclosed(NamedTuple):
    """A sealed paper that is embedded as a file."""

    name: str
    content: bytes
    description: str


class Rendered(NamedTuple):
    pdf: bytes
    pages: int
    sha256: str
    versions: dict


def prepare_process(*, long_lived: bool = False) -> None:
    """Import WeasyPrint and parse fonts and style sheet now (1–2 s) instead of at the first paper. Safe to repeat.

    ``long_lived`` is for the worker: what is loaded by now is never looked at again by the garbage collector, and it
    runs seldom (13–25 % of the time of a paper).
    """
    from . import typesetter  # slow import

    typesetter.prepare()
    if long_lived:
        gc.collect()
        gc.freeze()
        gc.set_threshold(200_000, 50, 100)


def render(
    html: str,
    *,
    inks: dict[str, Ink],
    attachment: bytes | None,
    meta: PaperMeta,
    enclosed: Sequence[Enclosed] = (),
    pictures: Mapping[str, bytes] | None = None,
) -> Rendered:
    """Lay out, finish and repack. Same input and same library versions give the same bytes.

    ``inks``: key → Ink for each ``<img src="ink:KEY">``; each must be printed exactly once.
    ``attachment``: the bytes of evidence.json, or None. ``enclosed``: sealed papers it carries.
    ``pictures``: SHA-256 → JPEG for each ``<img src="foto:SHA256">``, embedded byte for byte; each must be printed.
    Raises RenderFailed with an Indonesian message.
    """
    from . import typesetter  # slow import
    from .repack import repack  # slow import

    inks = {key.removeprefix("ink:"): ink for key, ink in inks.items()}
    pictures = pictures or {}
    page = typesetter.parse(html, pictures)
    _refuse_unprintable(page.etree_element)
    _label_inks(page.etree_element, inks)
    _match_pictures(page.etree_element, pictures)
    attached = [
        typesetter.attach(each.content, each.name, meta.moment, each.description, "Supplement")
        for each in enclosed
    ]
    if attachment is not None:
        evidence = typesetter.attach(attachment, EVIDENCE_NAME, meta.moment, "Bukti untuk verifikasi")
        attached.insert(0, evidence)
    try:
        raw, rectangles, pages = typesetter.typeset(
            page,
            drawings={
                f"ink:{key}": typesetter.Drawing(ink.width, ink.height, ink.left, ink.top, ink.drawn)
                for key, ink in inks.items()
            },
            properties={
                "title": meta.title,
                "authors": [meta.office],
                "description": meta.description,
                "lang": meta.language,
                "created": meta.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "xmp_values": meta.xmp,
            },
            attachments=attached,
        )
    except typesetter.TypesetterProblem as problem:
        raise RenderFailed(
            "Halaman tidak dapat dicetak: ada gambar, huruf, atau aturan tampilan yang tidak dikenali.",
            problem.lines,
        ) from problem
    pdf = repack(raw, rectangles, identifier=meta.identifier.encode())
    return Rendered(pdf, pages, hashlib.sha256(pdf).hexdigest(), versions())


def _refuse_unprintable(root) -> None:
    missing = sorted(missing_characters("".join(root.itertext())))
    if missing:
        shown = ", ".join(f"‘{character}’ (U+{ord(character):04X})" for character in missing[:10])
        raise RenderFailed(f"Karakter {shown} tidak dapat dicetak. Perbaiki ejaannya.")


def _label_inks(root, inks: dict[str, Ink]) -> None:
    """Give each ink image the alternative text of its Ink; each ink stands on the paper exactly once."""
    used: Counter[str] = Counter()
    for image in root.iter("img"):
        key = image.get("src", "").removeprefix("ink:")
        if key != image.get("src", ""):
            used[key] += 1
            image.set("alt", inks[key].alt if key in inks else "")
    wrong = [key for key in {*used, *inks} if used[key] != 1 or key not in inks]
    if wrong:
        raise RenderFailed(
            "Tanda tangan pada halaman tidak cocok dengan daftar tanda tangan.",
            [
                f"ink {key}: {used[key]} times on the page, {'given' if key in inks else 'not given'}"
                for key in wrong
            ],
        )


def _match_pictures(root, pictures: Mapping[str, bytes]) -> None:
    """Every photo of the paper is printed, every printed one is given, and each is what its hash says."""
    sources = [image.get("src", "") for image in root.iter("img")]
    used = {source.removeprefix("foto:") for source in sources if source.startswith("foto:")}
    wrong = [f"picture {key}" for key in used ^ set(pictures)]
    wrong += [key for key, content in pictures.items() if hashlib.sha256(content).hexdigest() != key]
    if wrong:
        raise RenderFailed("Foto pada halaman tidak cocok dengan daftar foto.", sorted(wrong))


@cache
def versions() -> dict:
    """What made the paper: kept with it, because other versions may give other bytes."""
    import ctypes  # slow import
    from importlib.metadata import version

    import pikepdf
    from weasyprint.text.ffi import pango

    pango_number = pango.pango_version()
    harfbuzz = ctypes.CDLL("libharfbuzz.so.0").hb_version_string
    harfbuzz.restype = ctypes.c_char_p
    return {
        "weasyprint": version("weasyprint"),
        "pydyf": version("pydyf"),
        "pikepdf": version("pikepdf"),
        "qpdf": pikepdf.__libqpdf_version__,
        "pango": f"{pango_number // 10000}.{pango_number // 100 % 100}.{pango_number % 100}",
        "harfbuzz": harfbuzz().decode(),
        "fonts": fonts.font_digests(),
    }


def renderer_entry(template: str) -> dict:
    """The part ``renderer`` of evidence: app, template, libraries, and the letters by their hash (PDF.md §5.1).

    Taken when the paper is made, never frozen: the same paper frozen after an upgrade keeps its hash.
    """
    made = {name: value for name, value in versions().items() if name != "fonts"}
    letters = [
        {"family": family, "sha256": digest} for family, digest in sorted(fonts.font_digests().items())
    ]
    return {"app": settings.APP_VERSION, "template": template, "libraries": made, "fonts": letters}


def qr_svg(url: str, title: str = "Kode QR ke halaman verifikasi") -> str:
    """The QR code of an address as inline SVG with its description (level M, quiet zone of 4 modules)."""
    import segno  # slow import

    return segno.make(url, error="m", micro=False).svg_inline(
        border=4,
        omitsize=True,
        title=title,
        svgclass="qr",
        lineclass=None,
        dark="#000",
    )


def image_uri(content: bytes, *, max_pixels: int = 1000) -> str:
    """A logo or photo as data URI that PDF/A accepts: RGB on white, no EXIF, at most ``max_pixels`` on each side.

    Raises ValueError when the bytes are no PNG or JPEG picture.
    """
    from PIL import Image, ImageOps  # slow import

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            kind = str(opened.format)
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((max_pixels, max_pixels))
            picture = picture.convert("RGBA" if picture.mode in ("LA", "PA", "P") else picture.mode)
            if picture.mode == "RGBA":
                picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
            picture = picture.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise ValueError("not a PNG or JPEG picture") from problem
    out = io.BytesIO()
    clean = Image.frombytes("RGB", picture.size, picture.tobytes())  # leaves profiles and comments behind
    clean.save(out, kind, **({"quality": 90} if kind == "JPEG" else {}))
    return f"data:image/{kind.lower()};base64,{base64.b64encode(out.getvalue()).decode()}"


class Failure(NamedTuple):
    """A rule of PDF/A-3a or PDF/UA-1 that the file breaks."""

    profile: str
    rule: str
    object_number: int | None
    message: str


def validate(pdf: bytes) -> list[Failure]:
    """PDF/A-3a and PDF/UA-1; empty when clean. The validator's known false alarms are left out (PDF.md §3.5)."""
    import page  # slow import

    profiles = {"PDF/A-3a": page.ValidationProfile.PDF_A_3A, "PDF/UA-1": page.ValidationProfile.PDF_UA_1}
    failures = []
    for name, profile in profiles.items():
        try:
            found = page.validate_pdf_bytes(pdf, profile=profile).failures
        except page.PageError as problem:
            failures.append(Failure(name, "UNREADABLE", None, str(problem)))
            continue
        for item in found:
            number = item.object_id.object_number if item.object_id else None
            failure = Failure(name, item.rule_id, number, item.message)
            if not _is_false_alarm(failure, pdf):
                failures.append(failure)
    return failures


def _is_false_alarm(failure: Failure, pdf: bytes) -> bool:
    """(a) a stream that ends like a line, (b) a signature followed by further ones: no older one covers what came later."""
    if failure.rule.endswith("-STREAM-LENGTH-001"):
        return _lengths_are_right(pdf)
    return failure.rule.endswith("-SIGNATURE-BYTERANGE-001") and _is_followed_by_another(failure, pdf)


def _is_followed_by_another(failure: Failure, pdf: bytes) -> bool:
    """Not the newest of several signatures, of which the newest covers the file to its end; or the one of level B-LT."""
    ranges = list(BYTE_RANGE.finditer(pdf))
    ends = [int(match.group(2)) + int(match.group(3)) for match in ranges]
    if len(ends) == 1:  # level B-LT: one increment with certificates and revocation lists
        return increments_behind(pdf, ends[0]) == (1, 0)
    if len(ends) < 2 or max(ends) != len(pdf) or failure.object_number is None:
        return False
    newest = ranges[ends.index(max(ends))].start()
    holders = [m.start() for m in re.finditer(rb"(?<![0-9])%d 0 obj\b" % failure.object_number, pdf)]
    start = max((at for at in holders), default=newest)
    following = _OBJECT.search(pdf, start + 1)
    return not (start < newest < (following.start() if following else len(pdf)))


_OBJECT = re.compile(rb"(?<![0-9])(\d+) 0 obj\b")
_STREAM_HEAD = re.compile(rb"\s*<<(?:(?!endobj).)*?>>\s*stream\r?\n", re.S)
_LENGTH = re.compile(rb"/Length (\d+)\b(?! \d+ R)")


def _lengths_are_right(pdf: bytes) -> bool:
    """Every stream is as long as it says, and one at least ends in a byte that looks like an end of line.

    The validator does not always name the object, so all are walked, each data block as a whole.
    """
    position, mistakable = 0, False
    while found := _OBJECT.search(pdf, position):
        position = found.end()
        head = _STREAM_HEAD.match(pdf, position)
        if head is None:
            continue
        length = _LENGTH.search(head.group())
        if length is None:
            return False
        position = head.end() + int(length.group(1))
        if not re.match(rb"\r?\n?endstream\b", pdf[position : position + 12]):
            return False
        mistakable |= pdf[position - 1 : position] in (b"\r", b"\n")
    return mistakable
