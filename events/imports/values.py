"""Cells become values of an attendee: names, titles, categories, numbers, telephones. Pure; case is never changed."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from regions.names import fold

from ..identity import (
    CUT_BY_EXCEL,
    IdentityResult,
    category_from_nip,
    identity_kind_for,
    is_cut_by_spreadsheet,
    parse_identity,
    squeezed,
)
from ..people import normalise_phone, tidy
from .tables import Cell, text_of

NO_NAME = "Nama belum diisi."
PHONE = "Nomor HP tidak sah. Contoh: 081234567890."
EMAIL = "Alamat surel tidak sah."
TITLES_TOO_LONG = "Gelar terlalu panjang. Tulis gelar yang dipakai dalam surat saja."
SEVERAL_LINES = "Nama memuat pergantian baris; periksa apakah isinya satu orang."
SEVEN_DIGITS = "NRP hanya 7 angka; angka 0 di depan mungkin dihapus Excel."
NIK_NOT_ASKED = "Nomor ini berbentuk NIK. NIK tidak diminta; kosongkan kolom ini."
MASKED_NUMBER = "Nomor tersamar tidak diimpor; nomor yang tersimpan tidak berubah."
EXAMPLE = "(contoh)"  # how the example row of the template begins
LENGTHS = {
    "title_prefix": 60,
    "full_name": 120,
    "title_suffix": 80,
    "rank": 80,
    "position": 200,
    "agency": 200,
    "email": 254,
    "on_behalf_of_name": 120,
    "on_behalf_of_position": 200,
}
NIP_HEADERS = frozenset(("nip", "nipppk", "nip/nipppk"))
ASN = frozenset(("pns", "pppk", "asn"))
PLAIN_PHONE = re.compile(r"08[0-9]{8,11}")  # the usual spelling, at a fraction of the time
NOTHING = frozenset(("-", "–", "—", "--", "---"))
ESCAPED = re.compile(r"'(?=[=+\-@])")

# Titles that stand before a name with certainty; "H." or "Dr." never begin an Indonesian name.
PREFIX = re.compile(
    r"(?:(?:Drs|Dra|Ir|dr|drg|drh|Dr|DR|Prof|PROF|DRS|DRA|IR|Hj|HJ|H|KH|K\.H|Hs|Apt|apt|Ns|Pdt|Pr|Rm)\.\s*)+(?=\S{2})"
)
# S.IP., M.Si., S.STP., A.Md.Keb., Sp.OG, SE, SH …: dots between short words, the first of them a degree.
SUFFIX = re.compile(
    r"(?:(?:S|M|D|A\.?Md|A\.?Ma|Sp)\. ?[A-Z][A-Za-z]{0,6}(?:\.[A-Z][A-Za-z]{0,5}){0,2}\.?"
    r"|A\.?M[ad]\.?|Ph\.?D\.?|LL\.?M\.?|Lc\.?|Ak\.?|CA|SE|SH|MH|MM|ST|MT|SP|MP|SS|SKM|AP|BA|BSc|MSc|MA"
    r"|S\.?E\.?|S\.?H\.?|M\.?H\.?|M\.?M\.?|S\.?T\.?|M\.?T\.?|SIP|SSos|SPd|MSi|MPd|Apt\.?|Ners\.?)"
)
LONGEST_TITLES = 80

CATEGORY_WORDS: dict[str, tuple[str, ...]] = {
    "pns": ("pns", "pegawai negeri sipil", "lurah"),  # a Lurah is a PNS by law
    "pppk": ("pppk", "p3k", "pppk paruh waktu", "pppk pw"),
    "asn": ("asn", "asn belum dirinci", "aparatur sipil negara"),
    "non_asn": ("non asn", "nonasn", "honorer", "thl", "tenaga honorer"),
    "tni": ("tni", "tni ad", "tni al", "tni au"),
    "polri": ("polri", "polisi"),
    "kepala_desa": ("kepala desa", "kades", "pj kepala desa", "penjabat kepala desa", "kepala desa kades"),
    "perangkat_desa": ("perangkat desa", "perangkat"),
    "bpd": ("bpd", "badan permusyawaratan desa"),
    "pejabat_daerah": ("pejabat daerah",),
    "penyelenggara_pemilu": ("penyelenggara pemilu", "penyelenggara", "ppk", "pps", "kpps", "kpu"),
    "pengawas_pemilu": (
        "pengawas pemilu", "pengawas", "panwaslu", "panwascam", "panwaslu kecamatan", "bawaslu", "pkd", "ptps",
        "panwaslu kelurahan desa", "sekretariat", "sekretariat panwaslu",
    ),
    "organisasi": ("organisasi", "ormas"),
    "lainnya": ("lainnya", "lain lain", "umum"),
}  # fmt: skip


def category_book(labels: Mapping[str, str], local: Mapping[str, str]) -> dict[str, str]:
    """Folded word → category: values, labels of the page, usual words, and local ones ({"Perbekel": "kepala_desa"})."""
    words = {word: value for value, known in CATEGORY_WORDS.items() for word in known}
    named = {fold(label): value for value, label in labels.items()}
    return (
        words
        | {fold(value): value for value in labels}
        | named
        | {fold(word): v for word, v in local.items()}
    )


def line(text: str) -> str:
    """One tidy line; a dash alone is nothing, and the apostrophe that keeps a spreadsheet from calculating goes."""
    plain = text.isascii() and text.isprintable()  # nearly all, at a fraction of the time
    text = " ".join(text.split()) if plain else tidy(text)
    return "" if text in NOTHING else ESCAPED.sub("", text, count=1) if text[:1] == "'" else text


def name_parts(text: str) -> tuple[str, str, str]:
    """(prefix, name, suffix); titles leave the name only when every one of them is a known one, otherwise all stays.

    "Drs. H. Ahmad Fauzi, M.Si." → ("Drs. H.", "Ahmad Fauzi", "M.Si."); "Muh. Anas, Ketua" stays whole.
    """
    found = PREFIX.match(text) if "." in text else None
    prefix, rest = (found[0].rstrip(), text[found.end() :]) if found else ("", text)
    name, comma, suffix = rest.partition(",")
    suffix = suffix.strip()
    if comma and not _are_titles(suffix):
        return "", text, ""
    name = name.strip()
    return (prefix, name, suffix) if name else ("", text, "")


@lru_cache(maxsize=2_000)
def _are_titles(text: str) -> bool:
    if len(text) > LONGEST_TITLES:
        return False
    parts = [part.strip() for part in text.split(",")]
    return all(part and SUFFIX.fullmatch(part) for part in parts)


def number_kind(header: str, category: str, raw: str) -> str:
    """As what a number is checked: the unsur says, else the header, else how many digits there are."""
    if category:
        return identity_kind_for(category, raw)
    digits = squeezed(raw).partition("/")[0]
    length = len(digits) if digits.isascii() and digits.isdigit() else 0
    if header in NIP_HEADERS or 17 <= length <= 20:
        return "nip"
    return "nrp" if 5 <= length <= 12 else "local"


def number_of(cell: Cell, header: str, category: str, today: date) -> IdentityResult:
    """The number of a cell. An empty result for nothing; masked ones come back from our own lists and say nothing."""
    if category in ASN and isinstance(cell, str) and len(cell) == 18 and cell.isdigit():
        return parse_identity("nip", cell, today)
    if is_cut_by_spreadsheet(cell):
        return IdentityResult(errors=(CUT_BY_EXCEL,))
    raw = text_of(cell)
    if not squeezed(raw):
        return IdentityResult()
    if "*" in raw:
        return IdentityResult(warnings=(MASKED_NUMBER,))
    kind = number_kind(header, category, raw)
    result = parse_identity(kind, raw, today)
    if result.kind == "local" and len(squeezed(raw)) == 16 and parse_identity("nik", raw, today).is_valid:
        return IdentityResult(errors=(NIK_NOT_ASKED,))
    if result.kind == "nrp" and category in ("polri", "") and re.fullmatch(r"[0-9]{7}", result.number):
        return IdentityResult("nrp", result.number, warnings=(SEVEN_DIGITS,))
    return result


def category_by_number(category: str, result: IdentityResult) -> str:
    """A valid number turns ``asn`` into ``pns`` or ``pppk``; where the unsur is not known it says it as well."""
    if category in ("", "asn", "pns", "pppk") and result.kind in ("nip", "ni_pppk") and result.is_valid:
        return category_from_nip(result.number) or category
    return category


def phone_of(cell: Cell) -> str:
    """``+62…``; a telephone that lost its 0 gets it back. ValueError in Indonesian."""
    text = text_of(cell)
    if PLAIN_PHONE.fullmatch(text):
        return "+62" + text[1:]
    try:
        return (
            ""
            if line(text) in ("", "0") or "*" in text or "•" in text
            else normalise_phone(text.replace("'", ""))
        )
    except ValueError:
        raise ValueError(PHONE) from None


def too_long(field: str) -> str:
    return f"Terlalu panjang: paling banyak {LENGTHS[field]} karakter."
