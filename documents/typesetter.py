"""PURE: HTML → raw tagged PDF/A-3a through WeasyPrint. Only ``documents.pdf`` imports this module (slow import).

WeasyPrint is kept on a short lead: no system font, no address but registered ones, no warning overlooked, no clock.
"""

import logging
import os
import re
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from PIL import ImageFile

from . import fonts, xmp
from .rules import join_rules


@contextmanager
def _without_system_fonts() -> Iterator[None]:
    """FONTCONFIG_FILE for this process only while a configuration is read: a browser we start later needs its own."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(fonts.fontconfig_file())
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
            yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


with _without_system_fonts():
    from pydyf import _to_bytes
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# WeasyPrint lets Pillow fill up cut pictures with grey, in the whole process: uploads must be refused instead.
ImageFile.LOAD_TRUNCATED_IMAGES = False

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

# Pango and the shared font configuration are not made for two threads at once.
_lock = threading.RLock()

STYLESHEET = Path("static/css/pdf.css")
IMAGE_DATA = ("data:image/png;base64,", "data:image/jpeg;base64,")
PICTURE = "foto:"  # before the hash of a photo that the paper registered
_NOTES = re.compile(r"^::(?:foot)?note-[a-z]+ \{.*\}$", re.M)
DRAFT_MARK = "latar:draf"  # the address pdf.css gives to the background of drafts


class TypesetterProblem(Exception):
    """What WeasyPrint would only have logged; ``lines`` in its own (English) words."""

    def __init__(self, lines: list[str]):
        super().__init__("; ".join(lines))
        self.lines = lines


class StrictFetcher(URLFetcher):
    """Serves the given pictures and addresses that begin with one of the allowed prefixes, and stops at any other."""

    def __init__(self, *prefixes: str, pictures: Mapping[str, bytes] | None = None):
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)
        self._prefixes = prefixes
        self._pictures = {f"{PICTURE}{key}": content for key, content in (pictures or {}).items()}

    def fetch(self, url, headers=None):
        if url in self._pictures:
            return URLFetcherResponse(url, self._pictures[url], {"Content-Type": "image/jpeg"})
        if not url.startswith(self._prefixes) or "/../" in url:
            raise ValueError("address is not registered for this paper")
        return super().fetch(url, headers)


class _Listener(logging.Handler):
    """Collects the warnings of one thread while it renders."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.thread = threading.get_ident()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.lines.append(_short(record.getMessage()))


def _short(line: str) -> str:
    return re.sub(r"""(data:[^,\s]{0,40},)[^\s"')]*""", r"\1…", line)[:500]


@contextmanager
def _no_warning_overlooked() -> Iterator[None]:
    logger = logging.getLogger("weasyprint")
    listener = _Listener()
    propagate = logger.propagate
    logger.addHandler(listener)
    logger.propagate = False  # they become our failure, with our lines; nothing else to print
    try:
        yield
    except FatalURLFetchingError as problem:  # a BaseException, so that no "except" inside swallows it
        raise TypesetterProblem([_short(str(problem)), *listener.lines]) from problem
    finally:
        logger.propagate = propagate
        logger.removeHandler(listener)
    if listener.lines:
        raise TypesetterProblem(listener.lines)


@cache
def stylesheet() -> tuple[CSS, FontConfiguration]:
    """Fonts and pdf.css, parsed once per process (a small paper then takes a third of the time)."""
    with _lock, _no_warning_overlooked(), _without_system_fonts():
        configuration = FontConfiguration()
        path = Path(settings.BASE_DIR) / STYLESHEET
        fetcher = StrictFetcher(Path(settings.FONT_DIR).as_uri() + "/")
        css = CSS(
            string=fonts.font_css() + path.read_text(encoding="utf-8"),
            font_config=configuration,
            url_fetcher=fetcher,
            base_url=path.as_uri(),
        )
    return css, configuration


def prepare() -> None:
    """Parse fonts and style sheets now."""
    stylesheet()
    _plain_defaults()


class Drawing:
    """An image object as WeasyPrint's cache expects it: vector operators in place of a loaded file.

    The protocol (``ratio``, ``get_intrinsic_size``, ``draw``) is not documented; tests/documents/test_pdf.py holds the
    contract. Inside ``draw`` the origin is the top left corner of the box, y grows downwards, units are CSS px.
    """

    def __init__(self, width: float, height: float, left: float, top: float, operators: bytes):
        self.width, self.height, self.left, self.top = width, height, left, top
        self.operators = operators
        self.ratio = width / height

    def get_intrinsic_size(self, resolution, font_size):
        return self.width / resolution, self.height / resolution, self.ratio

    def draw(self, stream, width, height, style):
        scale = min(width / self.width, height / self.height)
        x = (width - self.width * scale) / 2 - self.left * scale
        y = (height - self.height * scale) / 2 - self.top * scale
        stream.stream.append(b"%.6f 0 0 %.6f %.3f %.3f cm " % (scale, scale, x, y) + self.operators)


@cache
def _draft_mark() -> Drawing:
    """ "DRAF" as outlines, upright letters of Surat bold, light grey: nothing to be read as text of the paper."""
    from fontTools.pens.basePen import BasePen  # slow import
    from fontTools.ttLib import TTFont

    class OperatorPen(BasePen):
        def __init__(self, glyphs, x):
            super().__init__(glyphs)
            self.x, self.out = x, []

        def _add(self, operator, *points):
            numbers = " ".join(f"{self.x + px:.0f} {-py:.0f}" for px, py in points)
            self.out.append(f"{numbers} {operator}")

        def _moveTo(self, point):
            self._add("m", point)

        def _lineTo(self, point):
            self._add("l", point)

        def _curveToOne(self, *points):
            self._add("c", *points)

        def _closePath(self):
            self.out.append("h")

    x, operators = 0, []
    with TTFont(fonts.font_file("Surat", 700, "normal")) as font:
        glyphs, names, height = font.getGlyphSet(), font.getBestCmap(), font["OS/2"].sCapHeight
        for letter in "DRAF":
            pen = OperatorPen(glyphs, x)
            glyphs[names[ord(letter)]].draw(pen)
            operators += pen.out
            x += glyphs[names[ord(letter)]].width
    drawing = f".93 .93 .93 rg {' '.join(operators)} f".encode()
    return Drawing(x, height, 0, -height, drawing)


def typeset(html: HTML, *, drawings: dict[str, Drawing], properties: dict, attachments):
    """Lay out and write; returns (raw PDF, rectangles by page and id, number of pages).

    ``properties``: title, authors, description, lang, created (W3C date), xmp (values for ``xmp.extend``).
    ``attachments``: from ``attach``. Streams stay plain and /ID is left
    out, for which every object would be written twice: the repack does both.
    """
    css, configuration = stylesheet()
    with _lock, _no_warning_overlooked(), warnings.catch_warnings():
        # WeasyPrint leaves its colour profile to the garbage collector to close.
        warnings.filterwarnings("ignore", "unclosed file .*sRGB2014.icc", ResourceWarning)
        document = html.render(
            stylesheets=[css],
            font_config=configuration,
            cache={**drawings, DRAFT_MARK: _draft_mark()},
            pdf_variant="pdf/a-3a",
        )
        _describe(document.metadata, **properties)
        for page in document.pages:
            page.paint = partial(_paint_in_one_piece, page.paint)
        pdf = document.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=False,
            attachments=attachments or None,
            uncompressed_pdf=True,
            finisher=_forget_layout,
        )
        return pdf, _rectangles(document.pages), len(document.pages)


def _paint_in_one_piece(paint, stream, *arguments, **options) -> None:
    """The operators of a page as one string in place of many thousands: a third of the memory."""
    paint(stream, *arguments, **options)
    stream.stream = [join_rules(b"\n".join(map(_to_bytes, stream.stream)))]


def _forget_layout(document, pdf) -> None:
    """Everything is painted and tagged: the boxes, most of the memory of a long paper, need not wait for the writing."""
    for page in document.pages:
        page._page_box = None


def parse(markup: str, pictures: Mapping[str, bytes] | None = None) -> HTML:
    fetcher = StrictFetcher(*IMAGE_DATA, pictures=pictures)
    return _Page(string=markup, url_fetcher=fetcher, media_type="print")


class _Page(HTML):
    def _ua_stylesheets(self, forms=False):
        return [_plain_defaults()]


@cache
def _plain_defaults() -> CSS:
    """WeasyPrint's own style sheet without footnotes and notes, and with markers on list items only.

    Its rules match every element, six computed styles for each: much of the memory and of the time of a long table,
    for what no paper of ours has.
    """
    rules = (files("weasyprint.css") / "html5_ua.css").read_text(encoding="utf-8")
    return CSS(string=_NOTES.sub("", rules).replace("\n::marker {", "\nli::marker {"))


def attach(content: bytes, name: str, moment, description: str, relationship: str = "Data") -> Attachment:
    """``moment`` in UTC: WeasyPrint writes it with a Z, unconverted."""
    return Attachment(
        string=content,
        name=name,
        description=description,
        created=moment,
        modified=moment,
        relationship=relationship,
    )


def _describe(metadata, *, title, authors, description, lang, created, xmp_values) -> None:
    """Everything the file says about itself comes from here, not from the template's meta elements."""
    metadata.title, metadata.authors, metadata.description = title, authors, description
    metadata.keywords, metadata.custom, metadata.attachments = [], {}, []
    metadata.generator, metadata.lang = "Netralitas", lang
    metadata.created = metadata.modified = created
    metadata.generate_rdf_metadata = partial(_extended_rdf, metadata.generate_rdf_metadata, xmp_values)


def _extended_rdf(generate, values, *arguments) -> bytes:
    return xmp.extend(generate(*arguments), values)


def _rectangles(pages) -> dict[str, tuple[int, tuple[float, float, float, float]]]:
    """Element id → (page index, rectangle in PDF points: left, bottom, right, top); the first of each id."""
    found: dict[str, tuple[int, tuple[float, float, float, float]]] = {}
    for number, page in enumerate(pages):
        for name, (left, top, right, bottom) in page.anchors.items():
            box = (left * 0.75, (page.height - bottom) * 0.75, right * 0.75, (page.height - top) * 0.75)
            found.setdefault(name, (number, box))
    return found
