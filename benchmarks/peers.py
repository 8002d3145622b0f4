"""The other ways to make the same paper, beside which ours is measured: same rows, same ink."""

import gc
import io
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from documents import fonts
from documents.pdf import Ink

INK = re.compile(r'<img class="ink" src="ink:([^"]+)"[^>]*>')
SVG = (
    '<svg class="ink" width="28mm" height="11.2mm" viewBox="{left:.2f} {top:.2f} {width:.2f} {height:.2f}"><title>{alt}</title>'
    '<path fill="#0b1f5c" stroke="#0b1f5c" stroke-width="{pen}" stroke-linejoin="round" d="{path}"/></svg>'
)


def without_ink(html: str) -> str:
    """The floor: every cell is there, none is signed."""
    return INK.sub("", html)


def with_svg(html: str, inks: dict[str, Ink]) -> str:
    """The same outlines as inline SVG."""
    return INK.sub(lambda match: _svg(inks[match[1]]), html)


def _svg(ink: Ink) -> str:
    path = re.sub(
        r"(\S+ \S+) ([ml])", lambda m: m[2].upper() + m[1], ink.operators.decode().removesuffix(" B")
    )
    return SVG.format(
        left=ink.left,
        top=ink.top,
        width=ink.width,
        height=ink.height,
        alt=ink.alt,
        pen=ink.pen,
        path=path.replace(" h", "Z").replace("Z ", "Z"),
    )


def style() -> str:
    return fonts.font_css() + (Path(settings.BASE_DIR) / "static/css/pdf.css").read_text(encoding="utf-8")


@contextmanager
def as_python_starts() -> Iterator[None]:
    """The garbage collector as a beginner leaves it."""
    before = gc.get_threshold()
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*before)


def beginner(html: str) -> bytes:
    """WeasyPrint by its manual: one call, fonts and style sheet read anew, the collector untouched, no repack."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    with as_python_starts():
        configuration = FontConfiguration()
        sheet = CSS(string=style().replace("latar:draf", "data:,"), font_config=configuration)
        return HTML(string=html, base_url=".").write_pdf(
            stylesheets=[sheet], font_config=configuration, pdf_variant="pdf/a-3a"
        )


def reportlab(rows: list[tuple[str, ...]], inks: list[Ink]) -> bytes:
    """An untagged table by reportlab, no PDF/A: what a paper costs that promises less."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.lib.units import mm
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

    class Drawn(Flowable):
        def __init__(self, ink):
            super().__init__()
            self.ink, self.width, self.height = ink, 28 * mm, 11.2 * mm

        def draw(self):
            ink, canvas = self.ink, self.canv
            scale = min(self.width / ink.width, self.height / ink.height)
            canvas.scale(scale, -scale)
            canvas.translate(-ink.left, -ink.top - ink.height)
            path, numbers = canvas.beginPath(), []
            for word in ink.operators.decode().split():
                if word == "m":
                    path.moveTo(*numbers)
                elif word == "l":
                    path.lineTo(*numbers)
                elif word == "h":
                    path.close()
                elif word != "B":
                    numbers = [*numbers[-1:], float(word)]
            canvas.drawPath(path, fill=1)

    body = getSampleStyleSheet()["BodyText"]
    cells = [
        [number, *(Paragraph(text, body) for text in rest), Drawn(ink)]
        for (number, *rest), ink in zip(rows, inks, strict=True)
    ]
    out = io.BytesIO()
    table = Table(cells, colWidths=[width * mm for width in (9, 57, 50, 22, 34)], repeatRows=1)
    SimpleDocTemplate(out, pagesize=A4).build([table])
    return out.getvalue()


def chromium(html: str, program: str) -> tuple[float, int]:
    """(wall seconds of a headless print, size): start of the browser included, tagged, no PDF/A."""
    with tempfile.TemporaryDirectory(prefix="netralitas-bench-") as folder:
        page, out = Path(folder) / "paper.html", Path(folder) / "paper.pdf"
        page.write_text(html.replace("</head>", f"<style>{style()}</style></head>"), encoding="utf-8")
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        command += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={out}", page.as_uri()]
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return time.perf_counter() - started, out.stat().st_size
