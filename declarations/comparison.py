"""PURE: a text beside its reference, word by word, as the approving officer must see it (DOMAIN §3.1)."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

LABELS = {"title": "Judul", "opening": "Pembuka", "closing": "Penutup", "consent": "Kalimat persetujuan"}
# (space before, word or sign); "masing-masing" and {tahun} are one word, a comma is a sign of its own.
TOKEN = re.compile(r"(\s*)(\{\w+\}|\w+(?:-\w+)*|[^\w\s])")
ALIKE = 0.35  # points less alike than this are shown as one removed and one added


@dataclass(frozen=True)
class PartDiff:
    """One part of the text; ``pieces`` are ("same" | "added" | "removed", words) in reading order."""

    label: str
    pieces: list[tuple[str, str]]

    @property
    def is_changed(self) -> bool:
        return any(kind != "same" for kind, _ in self.pieces)


def word_diff(before: str, after: str) -> list[tuple[str, str]]:
    """Same, removed and added runs; each carries the spaces before its words, so runs are shown without separators.

    >>> word_diff("kepada pegawai ASN dan warga", "kepada pegawai, warga")
    [('same', 'kepada pegawai'), ('removed', ' ASN dan'), ('added', ','), ('same', ' warga')]
    """
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    matcher = SequenceMatcher(None, [word for _, word in old], [word for _, word in new], autojunk=False)
    pieces = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            both = zip(old[i:j], new[k:m], strict=True)
            pieces.append(("same", _joined([(gap or space, word) for (gap, _), (space, word) in both])))
            continue
        if j > i:
            pieces.append(("removed", _joined(old[i:j])))
        if m > k:
            pieces.append(("added", _joined(new[k:m])))
    return pieces


def compare(reference: dict, content: dict) -> list[PartDiff]:
    """Every part of either text in the order it is read; points are paired by likeness, keeping their order."""
    parts = [_part(name, reference, content) for name in ("title", "opening")]
    for number, (old, new) in enumerate(_pairs(reference.get("points", []), content.get("points", [])), 1):
        parts.append(PartDiff(f"Butir {number}", word_diff(old, new)))
    parts += [_part(name, reference, content) for name in ("closing", "consent")]
    return [part for part in parts if part.pieces]


def _part(name: str, reference: dict, content: dict) -> PartDiff:
    return PartDiff(LABELS[name], word_diff(reference.get(name, ""), content.get(name, "")))


def _pairs(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """The alignment of two lists of points with the greatest sum of likeness; "" stands for a missing partner."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_likeness(a, b) for b in new] for a in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((old[i], ""))
            i += 1
        else:
            pairs.append(("", new[j]))
            j += 1
    return [*pairs, *((point, "") for point in old[i:]), *(("", point) for point in new[j:])]


def _likeness(old: str, new: str) -> float:
    ratio = SequenceMatcher(None, _words(old), _words(new), autojunk=False).ratio()
    return ratio if ratio >= ALIKE else 0.0


def _joined(tokens: list[tuple[str, str]]) -> str:
    return "".join((" " if space else "") + word for space, word in tokens)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
