"""What the sample papers look like, as numbers: how dark each field of a page is, read by poppler at 80 dpi.

.venv/bin/python -m tests.documents.page_images     writes tests/documents/pages.json anew: look at the pages first
"""

import io
import json
import subprocess
from pathlib import Path

from PIL import Image

FILE = Path(__file__).with_name("pages.json")
KINDS = ("declaration", "memorandum", "integrity_pact", "letter")
COLUMNS, ROWS = 12, 17


def fields_of(made: bytes) -> list[list[int]]:
    """For each page the mean darkness (0 … 255) of twelve by seventeen fields, row by row."""
    pages = []
    while picture := page(made, len(pages) + 1):
        small = picture.convert("L").resize((COLUMNS, ROWS), Image.Resampling.BOX)
        pages.append([255 - value for value in small.tobytes()])
    return pages


def page(made: bytes, number: int) -> Image.Image | None:
    chosen = ["-f", str(number), "-l", str(number)]
    done = subprocess.run(
        ["pdftoppm", "-r", "80", "-png", *chosen, "-"], input=made, capture_output=True, check=False
    )
    return Image.open(io.BytesIO(done.stdout)) if done.stdout else None


def all_fields() -> dict[str, list[list[int]]]:
    from tests.documents import sample

    return {kind: fields_of(sample.rendered(kind).pdf) for kind in KINDS}


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    pages = {kind: [" ".join(map(str, page)) for page in found] for kind, found in all_fields().items()}
    FILE.write_text(json.dumps(pages, indent=1) + "\n")
