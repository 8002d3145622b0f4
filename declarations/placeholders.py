"""PURE: {tahun}, {nama_pemilihan} and the like in a text: find them, fill them, and see whether only they were filled.

A text is the content of a version: title, opening, points, closing, consent.
"""

import re

FIELD = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
LABELS = {
    "tahun": "Tahun",
    "nama_pemilihan": "Nama Pemilu atau Pemilihan",
    "wilayah": "Wilayah",
    "instansi": "Instansi",
    "unsur": "Unsur",
}
LONGEST = 160
_BREAK = "\x1f"  # between the parts; form input never holds it


def label_of(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ").capitalize())


def names_in(content: dict) -> list[str]:
    """Names of the placeholders still open, each once, in reading order."""
    return list(dict.fromkeys(FIELD.findall(_flat(content))))


def fill(content: dict, values: dict[str, str]) -> dict:
    """The same content with the given placeholders filled; others stay as they are."""

    def filled(text: str) -> str:
        return FIELD.sub(lambda match: values.get(match[1], match[0]), text)

    return {
        name: [filled(item) for item in part] if name == "points" else filled(part)
        for name, part in content.items()
    }


def only_filled(reference: dict, content: dict) -> dict[str, str] | None:
    """The values if ``content`` is ``reference`` with placeholders filled and nothing else changed; otherwise None.

    A value is one line, at most 160 characters, the same wherever its placeholder stands.
    """
    pattern, seen = "", set()
    for n, piece in enumerate(FIELD.split(_flat(reference))):
        if n % 2 == 0:
            pattern += re.escape(piece)
        elif piece in seen:
            pattern += f"(?P={piece})"
        else:
            pattern += f"(?P<{piece}>[^\\n{{}}{_BREAK}]{{1,{LONGEST}}}?)"
            seen.add(piece)
    found = re.fullmatch(pattern, _flat(content))
    return found.groupdict() if found else None


def _flat(content: dict) -> str:
    points = content.get("points") or []
    head = [content.get(name) or "" for name in ("title", "opening", "closing", "consent")]
    return _BREAK.join([*head, *points])
