"""PURE: the CSV files of idn-area-data and our own two, read into checked rows."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .codes import LEVELS, kind_of, level_of, parent_code
from .labels import KEYS
from .names import tidy_name
from .zones import zone_of

FILES = {
    "province": ("provinces.csv", ["code", "name"]),
    "regency": ("regencies.csv", ["code", "province_code", "name"]),
    "district": ("districts.csv", ["code", "regency_code", "name"]),
    "village": ("villages.csv", ["code", "district_code", "name"]),
}
LONGEST_NAME = 100
CONFIRMED = {"ya": True, "belum": False}


class UnusableData(Exception):
    """One Indonesian sentence that says which file and line cannot be used."""


class Label(NamedTuple):
    code: str
    key: str
    label: str
    confirmed: bool


def read_regions(source: Path, corrections: Path) -> dict[str, str]:
    """Return {code: name}, upper levels first, tidied and corrected; UnusableData when anything is wrong.

    Every code must have the shape of its file's level, occur once, and have its parent in the file above.
    """
    names: dict[str, str] = {}
    for level in LEVELS:
        for place, row in _regions_of(source, level):
            if row["code"] in names:
                raise UnusableData(f"{place}: kode {row['code']} muncul dua kali.")
            names[row["code"]] = _name(row["name"], place)
            if level != "province" and row["code"].rpartition(".")[0] not in names:
                raise UnusableData(f"{place}: induk dari kode {row['code']} tidak ada.")
    return names | read_corrections(corrections, names)


def read_corrections(path: Path, names: dict[str, str]) -> dict[str, str]:
    """Return {code: name} of our own corrections; each must name a code that exists and give a reason."""
    corrections = {}
    for place, row in _rows(path, ["code", "name", "reason"]):
        if row["code"] not in names:
            raise UnusableData(f"{place}: kode {row['code']!r} tidak ada dalam data wilayah.")
        if not row["reason"].strip():
            raise UnusableData(f"{place}: alasan perbaikan belum diisi.")
        corrections[row["code"]] = _name(row["name"], place)
    return corrections


def read_labels(path: Path) -> list[Label]:
    """Return the local names of ``labels.csv``."""
    labels = []
    for place, row in _rows(path, ["code", "key", "label", "confirmed"]):
        if row["key"] not in KEYS or row["confirmed"] not in CONFIRMED or not row["label"]:
            raise UnusableData(f"{place}: sebutan setempat tidak dapat dibaca.")
        labels.append(Label(row["code"], row["key"], row["label"], CONFIRMED[row["confirmed"]]))
    return labels


def _regions_of(source: Path, level: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of one level; the file must not be empty."""
    name, columns = FILES[level]
    empty = True
    for place, row in _rows(source / name, columns):
        _check_code(row, columns, level, place)
        empty = False
        yield place, row
    if empty:
        raise UnusableData(f"{name}: tidak berisi satu wilayah pun.")


def _check_code(row: dict[str, str], columns: list[str], level: str, place: str) -> None:
    code = row["code"]
    try:
        fits = level_of(code) == level and kind_of(code) and zone_of(code)
    except ValueError:
        fits = False
    if not fits:
        raise UnusableData(f"{place}: kode {code!r} bukan kode wilayah yang dikenal untuk berkas ini.")
    if level != "province" and row[columns[1]] != parent_code(code):
        raise UnusableData(f"{place}: {columns[1]} {row[columns[1]]!r} bukan induk dari kode {code}.")


def _name(raw: str, place: str) -> str:
    name = tidy_name(raw)
    if not name or not name.isprintable():
        raise UnusableData(f"{place}: nama wilayah kosong atau berisi tanda yang tidak dapat dibaca.")
    if len(name) > LONGEST_NAME:
        raise UnusableData(f"{place}: nama wilayah lebih dari {LONGEST_NAME} huruf.")
    return name


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield ("districts.csv baris 12", row) without comment lines; UnusableData for a file we cannot read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = ((number, line) for number, line in enumerate(file, 1) if not line.startswith("#"))
            yield from _parsed(lines, path.name, columns)
    except FileNotFoundError:
        raise UnusableData(f"Berkas {path} tidak ditemukan.") from None
    except OSError as error:
        raise UnusableData(f"Berkas {path} tidak dapat dibuka ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise UnusableData(f"{path.name}: bukan teks UTF-8.") from None
    except csv.Error:
        raise UnusableData(f"{path.name}: bukan berkas CSV yang utuh.") from None


def _parsed(lines, name: str, columns: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    at = 0

    def numbered():
        nonlocal at
        for at, line in lines:  # noqa: B007 (read by the caller)
            yield line

    reader = csv.reader(numbered(), strict=True)
    header = next(reader, None)
    if header != columns:
        raise UnusableData(f"{name}: kolom harus {','.join(columns)}.")
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(columns):
            raise UnusableData(f"{name} baris {at}: harus {len(columns)} kolom, ada {len(cells)}.")
        yield f"{name} baris {at}", dict(zip(columns, cells, strict=True))
