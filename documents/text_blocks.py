"""PURE: longer text as people type it → paragraphs and lists."""

import re
from itertools import groupby

LETTERED = re.compile(r"[a-z]\.\s+")
NUMBERED = re.compile(r"\d{1,2}[.)]\s+")


def blocks(text: str) -> list[dict]:
    """Paragraphs and lists of a longer text: lines that begin "a. " or "1. " one after the other make a list.

    [{"kind": "paragraph" | "letters" | "numbers", "lines": [...]}]; a list keeps its items without their marks.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = []
    for kind, group in groupby(lines, key=_kind_of_line):
        items = list(group)
        if kind == "paragraph":
            found += [{"kind": kind, "lines": [line]} for line in items]
        elif not _counts_up(items, kind):
            found += [{"kind": "paragraph", "lines": [line]} for line in items]
        else:
            mark = LETTERED if kind == "letters" else NUMBERED
            found.append({"kind": kind, "lines": [mark.sub("", line, count=1) for line in items]})
    return found


def _kind_of_line(line: str) -> str:
    if LETTERED.match(line):
        return "letters"
    return "numbers" if NUMBERED.match(line) else "paragraph"


def _counts_up(lines: list[str], kind: str) -> bool:
    """The paper numbers lists itself, so it may do that only where the text counts from a or 1 without a gap."""
    marks = [re.split(r"[.)]", line, maxsplit=1)[0] for line in lines]
    wanted = [chr(ord("a") + i) if kind == "letters" else str(i + 1) for i in range(len(lines))]
    return marks == wanted
