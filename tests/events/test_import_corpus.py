"""Files as they really come (EVENTS §6), each with the rows and the errors that must come out of it."""

import codecs
from typing import NamedTuple

import pytest

from events.import_plan import Plan, dry_run
from events.importing import first_mapping
from events.imports.headers import header_row, headers_of
from events.imports.reading import read
from events.imports.tables import Unusable
from tests.accounts.factories import region

from . import workbooks as w
from .factories import NIP_PNS, NIP_PPPK, villages_of_cerme

CUT = "NIP dipotong oleh Excel (hanya 15 digit). Ubah kolom menjadi Teks atau gunakan templat."
HEAD = ["No", "Nama", "NIP", "Jabatan", "Instansi"]
ANI = ["1", "Ani Lestari, S.STP.", NIP_PNS, "Camat", "Kecamatan Cerme"]
BUDI = ["2", "Budi Ma'ruf", NIP_PPPK, "Staf", "Kecamatan Cerme"]
USUAL = [HEAD, ANI, BUDI]
ANI_SAYS = {
    "full_name": "Ani Lestari", "title_suffix": "S.STP.", "number": NIP_PNS, "category": "pns", "position": "Camat",
    "agency": "Kecamatan Cerme",
}  # fmt: skip
BUDI_SAYS = {
    "full_name": "Budi Ma'ruf", "number": NIP_PPPK, "category": "pppk", "position": "Staf", "agency": "Kecamatan Cerme",
}  # fmt: skip
BOTH = {2: ANI_SAYS, 3: BUDI_SAYS}


class Case(NamedTuple):
    """``rows``: number as Excel shows → what is read; ``errors``: (row, column, value, message)."""

    data: bytes
    rows: dict[int, dict[str, str]]
    errors: list[tuple[int, str, str, str]] = []
    encoding: str = ""


def names(*people: str, start: int = 2) -> dict[int, dict[str, str]]:
    return {number: {"full_name": name} for number, name in enumerate(people, start)}


LETTERS = [["Nama", "Jabatan"], ["Zoë Hermanus", "Camat"]]
ZOE = {2: {"full_name": "Zoë Hermanus", "position": "Camat"}}

CORPUS = {
    "UTF-8 with semicolons, as LibreOffice saves": Case(w.text(USUAL), BOTH, encoding="UTF-8"),
    "UTF-8 with a mark and semicolons, as Excel saves": Case(w.text(USUAL, mark=codecs.BOM_UTF8), BOTH, encoding="UTF-8"),
    "UTF-8 with commas": Case(w.text(USUAL, ","), BOTH),
    "a mark that hides the first header": Case(
        w.text(LETTERS, mark=codecs.BOM_UTF8 + codecs.BOM_UTF8), ZOE, encoding="UTF-8"
    ),
    "Windows-1252 with one accent": Case(w.text(LETTERS, encoding="cp1252"), ZOE, encoding="Windows-1252"),
    "Excel's Unicode text: UTF-16 with tabs": Case(
        w.text(USUAL, "\t", encoding="utf-16-le", mark=codecs.BOM_UTF16_LE), BOTH, encoding="UTF-16"
    ),
    "UTF-16, the other byte first": Case(
        w.text(LETTERS, "\t", encoding="utf-16-be", mark=codecs.BOM_UTF16_BE), ZOE, encoding="UTF-16"
    ),
    "UTF-8 with tabs and a header with a dot": Case(w.text([["No.", *HEAD[1:]], ANI, BUDI], "\t"), BOTH),
    "pipes": Case(w.text(USUAL, "|"), BOTH),
    "a line that names the delimiter": Case(b"sep=;\r\n" + w.text(USUAL), BOTH),
    "a line that names a delimiter nobody would guess": Case(b"sep=~\r\n" + w.text(USUAL, "~"), BOTH),
    "two title rows above the header": Case(
        w.text([["DAFTAR UNDANGAN"], ["Rabu, 2 Oktober 2024"], *USUAL]), {4: ANI_SAYS, 5: BUDI_SAYS}
    ),
    "one column of names": Case(b"Nama\nSlamet\nSri Wahyuni\n", names("Slamet", "Sri Wahyuni")),
    "one column of names with titles behind commas": Case(
        b"Nama\nSlamet, S.H.\nSri Wahyuni, M.Si.\n",
        {2: {"full_name": "Slamet", "title_suffix": "S.H."}, 3: {"full_name": "Sri Wahyuni", "title_suffix": "M.Si."}},
    ),
    "quoted names with commas and line breaks": Case(
        w.text([["Nama", "Jabatan"], ["Drs. H. Ahmad\nFauzi, M.Si.", "Kepala\r\nSeksi"], ["Siti", "Staf"]], ","),
        {
            2: {"title_prefix": "Drs. H.", "full_name": "Ahmad Fauzi", "title_suffix": "M.Si.", "position": "Kepala Seksi"},
            3: {"full_name": "Siti", "position": "Staf"},
        },
    ),
    "old Macintosh line ends": Case(w.text(LETTERS, end="\r"), ZOE),
    "empty rows between": Case(
        w.text([["Nama", "Jabatan"], ["", ""], ["Siti", "Staf"], ["", ""], ["Slamet", "Lurah"]]),
        {3: {"full_name": "Siti", "position": "Staf"}, 5: {"full_name": "Slamet", "position": "Lurah"}},
    ),
    "rows that were only numbered": Case(
        w.text([["No", "Nama", "Jabatan"], ["1", "Siti", "Staf"], ["2", "", ""], ["3", "", ""]]),
        {2: {"full_name": "Siti", "position": "Staf"}},
    ),
    "numbers of the columns below the header": Case(
        w.xlsx([HEAD, [1, 2, 3, 4, 5], ANI]), {3: ANI_SAYS}
    ),
    "Excel": Case(w.xlsx(USUAL), BOTH),
    "Excel with merged titles": Case(
        w.xlsx([["DAFTAR UNDANGAN", "", "", "", ""], ["Kecamatan Cerme", "", "", "", ""], *USUAL], merges=["A1:E1", "A2:E2"]),
        {4: ANI_SAYS, 5: BUDI_SAYS},
    ),
    "Excel whose header stands in two rows": Case(
        w.xlsx([["Nama", "Jabatan"], ["", ""], ["Siti", "Staf"]], merges=["A1:A2", "B1:B2"]),
        {3: {"full_name": "Siti", "position": "Staf"}},
    ),
    "Excel that checks what is typed": Case(
        w.raw_xlsx(
            w.inline_rows([["Nama", "Jabatan"], ["Siti", "Staf"]]),
            more='<dataValidations count="1"><dataValidation type="textLength" error="NIP harus 18 angka" '
            'sqref="C2:C9"><formula1>18</formula1></dataValidation></dataValidations>',
        ),
        {2: {"full_name": "Siti", "position": "Staf"}},
    ),
    "Excel with an agency merged over its people": Case(
        w.xlsx([["Nama", "Instansi"], ["Siti", "Polsek Cerme"], ["Slamet", ""], ["Sri", "Koramil"]], merges=["B2:B3"]),
        {
            2: {"full_name": "Siti", "agency": "Polsek Cerme"},
            3: {"full_name": "Slamet", "agency": "Polsek Cerme"},
            4: {"full_name": "Sri", "agency": "Koramil"},
        },
    ),
    "WPS: strings inside the cells": Case(w.raw_xlsx(w.inline_rows(USUAL)), BOTH),
    "LibreOffice with a million empty rows": Case(w.ods(USUAL), BOTH),
    "Excel 97": Case(w.xls(USUAL), BOTH),
    "Excel 95": Case(w.xls(LETTERS, biff5=True), ZOE),
    "a NIP as a number, cut": Case(
        w.raw_xlsx(w.inline_rows([HEAD, ["1", "Ani Lestari", b"1.96805121990031E+17", "Camat", "Kecamatan Cerme"], BUDI])),
        {3: BUDI_SAYS},
        [(2, "NIP", "1.96805121990031E+17", CUT)],
    ),
    "a NIP as text of a number, cut": Case(
        w.text([["Nama", "NIP/NRP"], ["Ani", "1,97E+17"], ["Siti", "1.97E+17"]]),
        {},
        [(2, "NIP/NRP", "1,97E+17", CUT), (3, "NIP/NRP", "1.97E+17", CUT)],
    ),
    "a NIP as a number in Excel 97": Case(
        w.xls([["Nama", "NIP"], ["Ani", 196805121990031000.0]]), {}, [(2, "NIP", "1.96805121990031E+17", CUT)]
    ),
    "a NIP as a number in LibreOffice": Case(
        w.ods([["Nama", "NIP"], ["Ani", 196805121990031000]]), {}, [(2, "NIP", "1.96805121990031E+17", CUT)]
    ),
    "a NIK as a number": Case(
        w.xlsx([["Nama", "NIK", "Jabatan"], ["Ani", 3515144508680002, "Staf"]]),
        {2: {"full_name": "Ani", "position": "Staf"}},
    ),
    "a NIK in the column of the number": Case(
        w.text([["Nama", "Nomor Induk"], ["Ani", "3515144508680002"]]),
        {},
        [(2, "Nomor Induk", "3515144508680002", "Nomor ini berbentuk NIK. NIK tidak diminta; kosongkan kolom ini.")],
    ),
    "NIP with blanks, quotes and no-break blanks": Case(
        w.xlsx([["Nama", "NIP"], ["Ani", "19860926 201505 1 001"], ["Siti", f"'{NIP_PPPK}"], ["Budi", "1968\u00a00411 199303 1\u200b009"]]),
        {
            2: {"full_name": "Ani", "number": NIP_PNS, "category": "pns"},
            3: {"full_name": "Siti", "number": NIP_PPPK, "category": "pppk"},
            4: {"full_name": "Budi", "number": "196804111993031009", "category": "pns"},
        },
    ),
    "NIP that cannot be": Case(
        w.text([["Nama", "NIP"], ["Ani", "19861326 201505 1 001"], ["Siti", "1234567"], ["Budi", "198609262015051000"]]),
        {},
        [
            (2, "NIP", "19861326 201505 1 001", "8 angka pertama bukan tanggal lahir yang sah (TTTTBBHH)."),
            (3, "NIP", "1234567", "NIP/NI PPPK harus 18 angka."),
            (4, "NIP", "198609262015051000", "Nomor urut tidak boleh 000."),
        ],
    ),
    "a telephone without its 0, and one that is none": Case(
        w.xlsx([["Nama", "No. HP"], ["Ani", 81234567890], ["Siti", "+62 812-3456-7890"], ["Budi", "12345"], ["Sri", "-"]]),
        {
            2: {"full_name": "Ani", "phone": "+6281234567890"},
            3: {"full_name": "Siti", "phone": "+6281234567890"},
            5: {"full_name": "Sri"},
        },
        [(4, "No. HP", "12345", "Nomor HP tidak sah. Contoh: 081234567890.")],
    ),
    "an address that is none": Case(
        w.text([["Nama", "E-mail"], ["Ani", "ani@example.id"], ["Siti", "siti(at)example"]]),
        {2: {"full_name": "Ani", "email": "ani@example.id"}},
        [(3, "E-mail", "siti(at)example", "Alamat surel tidak sah.")],
    ),
    "unsur by its words, and one nobody knows": Case(
        w.text([["Nama", "Unsur"], ["Ani", "KADES"], ["Siti", "Non ASN"], ["Budi", "P3K"], ["Sri", "Seniman"]]),
        {
            2: {"full_name": "Ani", "category": "kepala_desa"},
            3: {"full_name": "Siti", "category": "non_asn"},
            4: {"full_name": "Budi", "category": "pppk"},
        },
        [(5, "Unsur", "Seniman", 'Unsur "Seniman" tidak dikenal. Pilih salah satu dari daftar.')],
    ),
    "villages of the event, and one elsewhere": Case(
        w.text(
            [
                ["Nama", "Jabatan", "Desa/Kelurahan"],
                ["Ani", "Kepala Desa", "DAMPAAN"],
                ["Siti", "Sekretaris Desa", "Desa Iker - iker Geger"],
                ["Budi", "Staf", "Sukolilo"],
            ]
        ),
        {
            2: {"full_name": "Ani", "position": "Kepala Desa", "category": "kepala_desa", "village_id": "35.25.11.2001"},
            3: {"full_name": "Siti", "position": "Sekretaris Desa", "village_id": "35.25.11.2003"},
        },
        [(4, "Desa/Kelurahan", "Sukolilo", 'Desa/kelurahan "Sukolilo" tidak ditemukan di Kecamatan Cerme.')],
    ),
    "a village by the post alone": Case(
        w.text([["Nama", "Jabatan"], ["Ani", "Kepala Desa Dungus"], ["Siti", "Pj. Kades Dampaan"]]),
        {
            2: {"full_name": "Ani", "village_id": "35.25.11.2002", "category": "kepala_desa", "position": "Kepala Desa Dungus"},
            3: {"full_name": "Siti", "village_id": "35.25.11.2001", "category": "kepala_desa", "position": "Pj. Kades Dampaan"},
        },
    ),
    "no name": Case(
        w.text([["Nama", "Jabatan"], ["", "Camat"], ["12345", "Staf"]]),
        {},
        [(2, "Nama", "", "Nama belum diisi."), (3, "Nama", "12345", "Nama harus berisi huruf.")],
    ),
    "headers in another order under other names": Case(
        w.xlsx([["Unit  Kerja", "NAMA LENGKAP", "Pangkat / Gol.", "whatsapp", "Ttd"], ["Dinas", "Ani", "Penata, III/c", "0812 3456 7890", ""]]),
        {2: {"agency": "Dinas", "full_name": "Ani", "rank": "Penata, III/c", "phone": "+6281234567890"}},
    ),
    "the same header twice": Case(
        w.text([["Nama", "Jabatan", "Jabatan"], ["Ani", "Camat", "Ketua"]]),
        {2: {"full_name": "Ani", "position": "Camat"}},
    ),
    "the example of the template": Case(
        w.xlsx([["Nama Lengkap", "Jabatan"], ["(contoh) Ahmad Fauzi", "Camat"], ["Siti", "Staf"]]),
        {3: {"full_name": "Siti", "position": "Staf"}},
    ),
    "titles in columns of their own": Case(
        w.text([["Gelar Depan", "Nama", "Gelar Belakang"], ["Drs.", "Ahmad Fauzi", "M.Si."]]),
        {2: {"title_prefix": "Drs.", "full_name": "Ahmad Fauzi", "title_suffix": "M.Si."}},
    ),
    "titles nobody is sure of stay in the name": Case(
        w.text([["Nama", "Jabatan"], ["Muh. Anas, Ketua RT", "Warga"], ["A. Fatah", "Warga"]]),
        {2: {"full_name": "Muh. Anas, Ketua RT", "position": "Warga"}, 3: {"full_name": "A. Fatah", "position": "Warga"}},
    ),
    "somebody twice": Case(
        w.text([["Nama", "NIP"], ["Ani", NIP_PNS], ["Ani L.", NIP_PNS]]),
        {2: {"full_name": "Ani", "number": NIP_PNS, "category": "pns"}, 3: {"full_name": "Ani L.", "number": NIP_PNS, "category": "pns"}},
    ),
    "a hidden sheet first": Case(
        w.xlsx([["rahasia", "x"]], sheets={"Undangan": USUAL}, hidden=["Sheet1"]), BOTH
    ),
    "macros and formulas of other people are only text": Case(
        w.text([["Nama", "Instansi"], ["Ani", "'=1+1"], ["Siti", '=HYPERLINK("http://x")']], ";"),
        {2: {"full_name": "Ani", "agency": "=1+1"}, 3: {"full_name": "Siti", "agency": '=HYPERLINK("http://x")'}},
    ),
}  # fmt: skip


@pytest.fixture
def villages():
    region("35.25.11")
    return villages_of_cerme()


def checked(event, data: bytes) -> Plan:
    """What the page does with a file that needs no choosing."""
    rows = read(data).sheets[0].rows
    header = header_row(rows)
    mapping = first_mapping(event, headers_of(rows, header))
    return dry_run(event=event, rows=rows, header=header, mapping=mapping)


def said(row) -> dict[str, str]:
    return {name: value.number if name == "number" else value for name, value in row.values.items()}


def errors_of(plan: Plan) -> list[tuple[int, str, str, str]]:
    return [(row.number, plan.label(i.column), i.value, i.message) for row in plan.faulty for i in row.issues]


@pytest.mark.django_db
@pytest.mark.parametrize("name", CORPUS)
def test_a_file_as_it_really_comes(name, event, villages):
    case = CORPUS[name]
    plan = checked(event, case.data)
    found = {row.number: said(row) for row in plan.rows if not row.issues}
    expected = {number: {k: v for k, v in row.items() if v} for number, row in case.rows.items()}
    assert found == expected
    assert errors_of(plan) == case.errors
    assert not case.encoding or read(case.data).encoding == case.encoding


def test_the_corpus_is_large():
    assert len(CORPUS) >= 25


UNUSABLE = {
    "an empty file": (b"", "Berkas tidak berisi data. Periksa lembar yang disimpan, lalu unggah lagi."),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", w_unreadable := "Berkas tidak dapat dibaca. Simpan sebagai .xlsx atau .csv, lalu unggah lagi."),
    "half a workbook": (w.xlsx(USUAL)[:900], w_unreadable),
    "a ZIP of something else": (w.zipped({"foto.jpg": b"JPEG"}), w_unreadable),
    "an old compound file of something else": (w.compound({"WordDocument": b"doc"}), w_unreadable),
    "UTF-16 cut in the middle": (codecs.BOM_UTF16_LE + b"a", w_unreadable),
    "a workbook with a password": (
        w.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}),
        w_locked := "Berkas dilindungi kata sandi. Hapus kata sandinya, lalu unggah lagi.",
    ),
    "a LibreOffice file with a password": (
        w.ods_with("<table:table-row/>", manifest="<manifest:encryption-data/>"), w_locked,
    ),
    "more than 5 MB": (b"a" * (5 * 1024 * 1024 + 1), w_large := "Berkas terlalu besar: maksimal 5 MB, 5.000 baris, dan 60 kolom."),
    "a part that unpacks to a hundred times its size": (
        w.raw_xlsx("", extra={"xl/media/x.xml": b" " * (9 * 1024 * 1024)}), w_large,
    ),
    "a cell at the far end": (
        w.raw_xlsx(w.inline_rows(USUAL) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), w_large,
    ),
    "a cell at the far end, spelled with a blank": (
        w.raw_xlsx(w.inline_rows(USUAL) + '<row r="1048576"><c r = "A1048576"><v>1</v></c></row>'), w_large,
    ),
    "a row that says it stands there a million times": (
        w.ods_with('<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'),
        w_large,
    ),
    "a cell that says it stands there ten thousand times": (
        w.ods_with('<table:table-row><table:table-cell table:number-columns-repeated="10000" office:value-type="float" office:value="1"/></table:table-row>'),
        w_large,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_nobody_can_import_is_refused_with_one_sentence(name):
    data, message = UNUSABLE[name]
    with pytest.raises(Unusable) as refused:
        read(data)
    assert str(refused.value) == message


@pytest.mark.django_db
@pytest.mark.parametrize(
    "rows",
    [
        [["Nama", "Jabatan"], *[[f"Orang {chr(65 + n % 26)}", "x"] for n in range(5001)]],
        [["Nama", "Jabatan", *[f"K{n}" for n in range(59)]], ["Ani", *["x"] * 60]],
    ],
    ids=["rows", "columns"],
)
def test_rows_and_columns_above_the_limit_are_refused(event, rows):
    with pytest.raises(Unusable, match="maksimal 5 MB"):
        checked(event, w.text(rows))
