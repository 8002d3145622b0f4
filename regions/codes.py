"""PURE: what a region code says by itself.

A code (*kode wilayah*, Kepmendagri 300.2.2-2430/2025) is its own path: "35.25.11.2003" is a village of the
district "35.25.11", which is part of the regency "35.25" in the province "35".
"""

import re

CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
CODE_AT_END = re.compile(rf"\(\s*({CODE.pattern})\s*\)\s*$")
LEVELS = ("province", "regency", "district", "village")
LENGTHS = {"province": 2, "regency": 5, "district": 8, "village": 13}
FIRST_CITY = 71  # regencies 01–70 are kabupaten, 71–99 are kota
VILLAGE_KINDS = {"1": "kelurahan", "2": "desa", "3": "desa_adat"}


def is_code(text: str) -> bool:
    """Tell whether the text has the shape of a region code of any level."""
    return CODE.fullmatch(text) is not None


def code_in(text: str) -> str | None:
    """Return the code a person gave, alone or in brackets at the end: "Kecamatan Cerme (35.25.11)"."""
    if is_code(text.strip()):
        return text.strip()
    found = CODE_AT_END.search(text)
    return found and found.group(1)


def level_of(code: str) -> str:
    """Return "province", "regency", "district" or "village"; ValueError when it is no code."""
    if not is_code(code):
        raise ValueError(f"not a region code: {code!r}")
    return LEVELS[code.count(".")]


def parent_code(code: str) -> str | None:
    """Return the code without its last group; None for a province."""
    return code.rpartition(".")[0] or None


def ancestor_codes(code: str) -> list[str]:
    """Return the codes above, province first: "35.25.11" → ["35", "35.25"]."""
    groups = code.split(".")
    return [".".join(groups[:length]) for length in range(1, len(groups))]


def kind_of(code: str) -> str:
    """Return provinsi, kabupaten, kota, kecamatan, kelurahan, desa or desa_adat; ValueError when the code fits none."""
    level, last = level_of(code), code.rpartition(".")[2]
    if level == "village":
        if last[0] not in VILLAGE_KINDS:
            raise ValueError(f"village code begins with none of 1, 2, 3: {code!r}")
        return VILLAGE_KINDS[last[0]]
    if level == "regency":
        return "kota" if int(last) >= FIRST_CITY else "kabupaten"
    return "provinsi" if level == "province" else "kecamatan"
