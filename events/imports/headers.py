"""Which row is the header and what its columns are called by people (EVENTS §6). Pure: no database, no request."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from .tables import HEADER_ROWS, Cell, Rows, letter, text_of

# Field of an attendee → what the column is called, and the label on the page of columns. Case, dots and blanks do
# not count. Names from the list and the export of this application are among them, so that both come back in.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "full_name": (
        "Nama lengkap",
        ("nama", "nama lengkap", "nama peserta", "nama undangan", "nama dan gelar", "nama & gelar", "nama/gelar",
         "nama pegawai", "nama lengkap dan gelar"),
    ),
    "title_prefix": ("Gelar depan", ("gelar depan", "gelar di depan")),
    "title_suffix": ("Gelar belakang", ("gelar belakang", "gelar di belakang")),
    "identity_number": (
        "Nomor identitas (NIP/NRP)",
        ("nip", "nip/nrp", "nrp", "nip/ni pppk", "nip/ni pppk/nrp", "ni pppk", "nomor induk", "nomor identitas",
         "no identitas", "no induk", "nip/nrp/ni pppk", "nomor induk pegawai", "nipd", "niapd"),
    ),
    "category": ("Unsur", ("unsur", "kategori", "kelompok")),
    "rank": (
        "Pangkat/golongan",
        ("pangkat", "pangkat/gol", "pangkat/golongan", "golongan", "gol", "pangkat/gol ruang", "gol ruang",
         "pangkat/golongan ruang", "pangkat gol", "pangkat dan golongan"),
    ),
    "position": ("Jabatan", ("jabatan", "jabatan/nama", "posisi")),
    "agency": (
        "Instansi/unit kerja",
        ("instansi", "unit kerja", "opd", "skpd", "lembaga", "asal", "instansi/unit kerja", "asal instansi",
         "instansi/lembaga", "unit kerja/instansi", "satuan kerja", "satker"),
    ),
    "village": ("Desa/kelurahan", ("desa", "kelurahan", "desa/kelurahan", "kelurahan/desa", "desa/kel", "nama desa")),
    "district": ("Kecamatan", ("kecamatan", "kec")),
    "phone": (
        "Nomor HP",
        ("no hp", "hp", "telepon", "wa", "no wa", "whatsapp", "nomor hp", "no telepon", "no telp", "telp",
         "no hp/wa", "nomor wa", "nomor telepon", "no whatsapp", "hp/wa"),
    ),
    "email": ("Surel", ("email", "e-mail", "surel", "alamat email", "alamat surel")),
    "on_behalf_of_name": ("Mewakili (nama)", ("mewakili", "mewakili (nama)", "mewakili nama")),
    "on_behalf_of_position": ("Mewakili (jabatan)", ("mewakili (jabatan)", "mewakili jabatan")),
    "site": ("Lokasi", ("lokasi", "lokasi kegiatan", "lokasi hadir", "titik lokasi", "nama lokasi")),
}  # fmt: skip
# Known words that mean nothing to the list.
IGNORED = ("no", "nomor", "no urut", "ttd", "tanda tangan", "tandatangan", "paraf", "keterangan", "ket", "l/p",
           "jenis kelamin", "jk", "nik", "status", "kehadiran", "hadir", "jenis nomor", "pesan kesalahan")  # fmt: skip
NIK = "Kolom NIK tidak diimpor karena tidak diperlukan."
BLANKS = re.compile(r"[\s.:*_\u00a0\u200b\ufeff]+")
IN_BRACKETS = re.compile(r"\([^()]*\)$")
LONGEST_HEADER = 60
# A number of a person in the row that somebody took for the titles.
LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){7,}")


def key_of(header: str) -> str:
    """What counts of a header: "No. HP " and "NO HP" are one."""
    return BLANKS.sub("", header.casefold())


FIELD_OF = {key_of(word): field for field, (_, words) in FIELDS.items() for word in words}
KNOWN = {*FIELD_OF, *map(key_of, IGNORED)}


def field_of(header: str) -> str:
    """The field a column of this name fills, "" for a column that is left out."""
    key = key_of(header)
    return FIELD_OF.get(key) or FIELD_OF.get(IN_BRACKETS.sub("", key), "")


def is_header(row: Sequence[Cell], *, several: bool) -> bool:
    """Two known words make a header; one does when it names people and the file has one column."""
    words = [key_of(cell) for cell in row if isinstance(cell, str) and cell and len(cell) <= LONGEST_HEADER]
    if several:
        return sum(word in KNOWN or IN_BRACKETS.sub("", word) in FIELD_OF for word in words) >= 2
    return any(FIELD_OF.get(word) == "full_name" for word in words)


def header_row(rows: Rows) -> int:
    """Number of the header as Excel counts, 0 when none of the first fifteen rows is one."""
    several = any(cell != "" for row in rows for cell in row[1:])
    found = (number for number, row in enumerate(rows[:HEADER_ROWS], 1) if is_header(row, several=several))
    return next(found, 0)


def headers_of(rows: Rows, number: int) -> list[str]:
    """Headers of all columns, "" where there is none; the second "Jabatan" is called "Jabatan (2)"."""
    width = max(map(len, rows), default=0)
    seen: dict[str, int] = {}
    names = []
    for name in _words_of(rows, number, width):
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return names


def second_row(rows: Rows, number: int) -> int:
    """Number of the row below the header that finishes its titles ("Gelar" over "Depan" and "Belakang"), else 0.

    Every cell of it must make a known word, alone or behind the word above, or say the same as the cell above; a row
    with a person does not.
    """
    if not number or number >= len(rows):
        return 0
    upper, lower = _cells(rows[number - 1]), _cells(rows[number])
    upper += [""] * (len(lower) - len(upper))
    told = [
        (above, over, below)
        for above, over, below in zip(upper, _carried(upper), lower, strict=False)
        if below
    ]
    finished = [bool(_joined(over, below)) for above, over, below in told if key_of(above) != key_of(below)]
    return number + 1 if finished and all(finished) and all(isinstance(c, str) for c in rows[number]) else 0


def _words_of(rows: Rows, number: int, width: int) -> list[str]:
    """The title of each column, of both rows where a word is merged over several columns."""
    if not number:
        return [""] * width
    own = _wide(_cells(rows[number - 1]), width)
    below = _wide(_cells(rows[number]) if second_row(rows, number) else [], width)
    above = _carried(_wide(_cells(rows[number - 2]) if number > 1 else [], width))
    finished = [
        _joined(over, under) or word for over, under, word in zip(_carried(own), below, own, strict=True)
    ]
    return [
        word if not word or field_of(word) else _under(over, word)
        for over, word in zip(above, finished, strict=True)
    ]


def _joined(over: str, under: str) -> str:
    """ "Gelar" over "Depan" is "Gelar Depan", "Identitas" over "NIP" is "NIP"; "" for words nobody knows."""
    if not under:
        return ""
    both = f"{over} {under}".strip()
    return both if field_of(both) else under if _is_known(under) else ""


def _under(over: str, word: str) -> str:
    both = f"{over} {word}"
    return both if over and field_of(both) else word


def _is_known(word: str) -> bool:
    return key_of(word) in KNOWN or bool(field_of(word))


def _cells(row: Sequence[Cell]) -> list[str]:
    return [" ".join(text_of(cell).split())[:LONGEST_HEADER] for cell in row]


def _wide(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * width][:width]


def _carried(cells: Sequence[str]) -> list[str]:
    """A word merged over several columns stands in the first of them."""
    found, last = [], ""
    for cell in cells:
        last = cell or last
        found.append(last)
    return found


def label(headers: Sequence[str], column: int) -> str:
    """The header, or the letter of a column without one."""
    return headers[column] or letter(column)


def mapping_of(headers: Sequence[str]) -> dict[int, str]:
    """Column → field by the synonyms; the first column of a field wins."""
    found: dict[int, str] = {}
    for column, header in enumerate(headers):
        field = field_of(header)
        if field and field not in found.values():
            found[column] = field
    return found


def fingerprint(headers: Sequence[str]) -> str:
    """By which an office's own mapping is found again: the set of its headers, in whatever order."""
    words = sorted({key_of(header) for header in headers if header})
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def by_header(mapping: Mapping[int, str], headers: Sequence[str]) -> dict[str, str]:
    """A mapping as it is remembered: header → field, "" for a column left out; unnamed columns are not."""
    return {key_of(header): mapping.get(column, "") for column, header in enumerate(headers) if header}


def remembered(kept: Mapping[str, str], headers: Sequence[str]) -> dict[int, str]:
    """Column → field from what was remembered; a field that no longer exists is left out."""
    found = {column: kept.get(key_of(header), "") for column, header in enumerate(headers)}
    return {column: field for column, field in found.items() if field in FIELDS}


def has_nik(headers: Sequence[str]) -> bool:
    return any(key_of(header) == "nik" for header in headers)
