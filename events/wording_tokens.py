"""PURE: the office's own wording with fixed tokens → runs of text. No template language, no attribute, no format.

``{nama_kantor}`` is replaced by a value; ``*tebal*`` and ``_miring_`` as in WhatsApp; a line break stays one, an empty
line begins a paragraph. Values are text and are never looked at again: a brace or an asterisk in a name stays what it is.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

PIECE = re.compile(r"(\{[^{}\n]*\}|[*_\n])")
TOKEN = re.compile(r"\{([^{}\n]*)\}")

# token → what it stands for, as the settings page explains it
TOKENS = {
    "nama_kantor": "nama kantor penyelenggara",
    "judul_kegiatan": "nama kegiatan",
    "tanggal_panjang": "Rabu, 2 Oktober 2024",
    "terbilang_tanggal": "Rabu, tanggal Dua, bulan Oktober, tahun …",
    "tanggal_angka": "02-10-2024",
    "pukul": "08.00 WIB s.d. selesai",
    "tempat": "tempat kegiatan",
    "alamat_tempat": "alamat tempat kegiatan",
    "wilayah": "Kecamatan Cerme, Kabupaten Gresik",
    "nama_pemilihan": "Pemilu atau Pemilihan yang dipilih",
    "nomor": "nomor surat",
    "tanggal_surat": "tanggal surat",
    "terbilang_surat": "tanggal surat: Kamis, tanggal Tiga, bulan …",
    "angka_surat": "tanggal surat: 03-10-2024",
}


def problems_of(text: str, tokens: Iterable[str] = TOKENS) -> list[str]:
    """What is wrong with a wording, each in one sentence; empty when it can be printed."""
    known, found = set(tokens), []
    for name in dict.fromkeys(TOKEN.findall(text)):
        if name not in known:
            found.append(f"Isian {{{name}}} tidak dikenal. Pilih dari daftar isian di halaman ini.")
    rest = TOKEN.sub("", text)
    if "{" in rest or "}" in rest:
        found.append("Ada kurung kurawal { atau } tanpa pasangannya.")
    if re.search(r"<\s*[/!a-zA-Z]", text):
        found.append("Kode HTML tidak dapat dipakai. Untuk huruf tebal tulis *tebal*, untuk miring _miring_.")
    for mark in "*_":
        if any(paragraph.count(mark) % 2 for paragraph in paragraphs(rest)):
            found.append(f"Tanda {mark} belum ditutup.")
    return found


def paragraphs(text: str) -> list[str]:
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    return ["\n".join(group) for filled, group in groupby(lines, key=bool) if filled]


def fill(text: str, values: Mapping[str, str]) -> list[list[dict]]:
    """Paragraphs of runs: [[{"text": "Kegiatan "}, {"text": "Sosialisasi", "bold": True}, {"break": True}, …], …].

    An unknown token stays as it is typed; ``problems_of`` has refused it long before.
    """
    return [_runs(paragraph, values) for paragraph in paragraphs(text)]


def plain(filled: list[list[dict]]) -> str:
    """The words of what ``fill`` gives, without marks."""
    return "\n".join("".join(run.get("text", "\n") for run in runs) for runs in filled)


def _runs(paragraph: str, values: Mapping[str, str]) -> list[dict]:
    runs, bold, italic = [], False, False
    for piece in PIECE.split(paragraph):
        if piece == "*":
            bold = not bold
        elif piece == "_":
            italic = not italic
        elif piece == "\n":
            runs.append({"break": True})
        elif piece:
            token = TOKEN.fullmatch(piece)
            text = values.get(token[1], piece) if token else piece
            runs.append(
                {"text": text} | ({"bold": True} if bold else {}) | ({"italic": True} if italic else {})
            )
    return runs
