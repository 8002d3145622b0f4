"""PURE: the letters of our papers: which files, what they can print, and a Fontconfig that knows no others.

Each file has its own family name: two files under one name print wrong letters (PDF.md §0, fact 2).
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

# family name in CSS → (npm package, character subset)
FAMILIES = {
    "Naskah": ("source-serif-4", "latin"),
    "Naskah Ext": ("source-serif-4", "latin-ext"),
    "Surat": ("arimo", "latin"),
    "Surat Ext": ("arimo", "latin-ext"),
}
FACES = ((400, "normal"), (700, "normal"), (400, "italic"), (700, "italic"))

# No system font, no cache outside our own folder: the same bytes on every machine.
FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><cachedir>{folder}</cachedir></fontconfig>
"""


def font_file(family: str, weight: int, style: str) -> Path:
    package, subset = FAMILIES[family]
    return Path(settings.FONT_DIR) / package / "files" / f"{package}-{subset}-{weight}-{style}.woff2"


def font_files() -> Iterator[tuple[str, int, str, Path]]:
    """Every face we print with, as (family, weight, style, file)."""
    for family in FAMILIES:
        for weight, style in FACES:
            yield family, weight, style, font_file(family, weight, style)


def missing_files() -> list[Path]:
    """Font files that set-up has not installed (for the start-up check)."""
    return [path for *_, path in font_files() if not path.is_file()]


def font_css() -> str:
    """The @font-face rules, one family name per file."""
    return "\n".join(
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style};"
        f" src: url('{path.as_uri()}') format('woff2'); }}"
        for family, weight, style, path in font_files()
    )


@cache
def font_digests() -> dict[str, str]:
    """SHA-256 of each font file, kept with a paper so that its letters can be traced."""
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for *_, path in font_files()}


@cache
def printable_characters() -> frozenset[str]:
    """What all four faces of a family have, over both families: the style sheet names both, in this order."""
    covered = set()
    for family in FAMILIES:
        covered |= set.intersection(*(_characters(font_file(family, *face)) for face in FACES))
    return frozenset(map(chr, covered))


def _characters(path: Path) -> set[int]:
    from fontTools.ttLib import TTFont  # slow import

    with TTFont(path, lazy=True) as face:
        return set(face.getBestCmap())


def printable_form(text: str) -> str:
    """NFC, blanks made plain, zero-width and control characters dropped: what may go into a paper.

    The signed record keeps the original; only the printed snapshot goes through here.
    """
    kept = (
        " " if unicodedata.category(character) == "Zs" or character in "\t\n\r" else character
        for character in unicodedata.normalize("NFC", text)
        if character in "\t\n\r\u00ad" or unicodedata.category(character) not in ("Cc", "Cf")
    )
    return "".join(kept)


def missing_characters(text: str) -> set[str]:
    """Characters of the text that our fonts cannot print (after ``printable_form``).

    At forms and imports a warning, at freezing a refusal; a tablet's record is never refused for it.
    """
    return set(printable_form(text)) - printable_characters() - {" ", "\u00ad"}


def fontconfig_file() -> Path:
    """A Fontconfig file naming no font folder, written once below DATA_DIR."""
    folder = Path(settings.DATA_DIR) / "fontconfig"
    path = folder / "fonts.conf"
    content = FONTCONFIG.format(folder=folder / "cache")
    if not path.is_file() or path.read_text() != content:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = folder / f"fonts.{hashlib.sha256(content.encode()).hexdigest()[:8]}.tmp"
        temporary.write_text(content)
        temporary.replace(path)
    return path
