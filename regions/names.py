"""PURE: spelling of region names; how a typed name is compared with a stored one."""

import re
import unicodedata

QUOTE_IN_WORD = re.compile(r'(?<=\w)"(?=\w)')
BLANKS_AT_JOINT = re.compile(r"\s*([-/])\s*")
LOOSE_END = re.compile(r"[\s.*]+$")
APOSTROPHES = re.compile("['\"`´‘’ʼ]")
NOT_A_WORD = re.compile(r"[\W_]+")


def tidy_name(name: str) -> str:
    """Correct the spelling of the data package and nothing else (DOMAIN §10.2).

    A double quote inside a word means an apostrophe (Ra"as → Ra'as), no blanks around "-" and "/"
    (Iker - iker Geger → Iker-iker Geger), no "." or "*" at the end.
    """
    name = QUOTE_IN_WORD.sub("'", name)
    name = BLANKS_AT_JOINT.sub(r"\1", name)
    return " ".join(LOOSE_END.sub("", name).split())


def fold(text: str) -> str:
    """Reduce a name to what people mean when they type it: "Iker-iker Geger" → "iker iker geger", "Ra'as" → "raas"."""
    if text.isascii() and text.replace(" ", "").isalnum():  # most names, at a fraction of the time
        return " ".join(text.lower().split())
    letters = APOSTROPHES.sub("", text.casefold())
    if not letters.isascii():
        letters = unicodedata.normalize("NFKD", letters)
        letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(NOT_A_WORD.sub(" ", letters).split())
