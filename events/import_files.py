"""Files an import hands out: the template to fill in, and the faulty rows of a file to be put right. Pure."""

import io

import xlsxwriter

from accounts.spreadsheets import SAFE, TEXT, clean

from .import_plan import Plan
from .imports.tables import text_of
from .imports.text_files import LONGEST_CELL
from .imports.values import EXAMPLE
from .models import Category

ERROR_HEADER = "Pesan kesalahan"
TEMPLATE_ROWS = 1_000  # rows with the drop-down of unsur
TEMPLATE = (
    ("Nama Lengkap", 32, f"{EXAMPLE} Ahmad Fauzi"),
    ("Gelar Depan", 14, "Drs. H."),
    ("Gelar Belakang", 16, "M.Si."),
    ("Unsur", 22, Category.PNS.label),
    ("NIP/NRP", 24, "198609262015051001"),
    ("Pangkat/Golongan", 20, "Penata, III/c"),
    ("Jabatan", 28, "Sekretaris Kecamatan"),
    ("Unit Kerja", 28, "Kecamatan Contoh"),
    ("Desa/Kelurahan", 22, ""),
    ("Kecamatan", 18, ""),
    ("No HP", 18, "081234567890"),
    ("Surel", 26, "ahmad@example.id"),
)


def template() -> bytes:
    """An empty list with one example row; everything is text, so that no digit of a number is lost."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as book:
        page = book.add_worksheet("Peserta")
        head = book.add_format({"bold": True, "bottom": 1, "num_format": TEXT})
        text = book.add_format({"num_format": TEXT})
        example = book.add_format({"num_format": TEXT, "italic": True, "font_color": "#6b6661"})
        for column, (label, width, shown) in enumerate(TEMPLATE):
            page.set_column(column, column, width, text)
            page.write_string(0, column, label, head)
            page.write_string(1, column, shown, example)
        at = next(column for column, (label, *_) in enumerate(TEMPLATE) if label == "Unsur")
        page.data_validation(
            1, at, TEMPLATE_ROWS, at,
            {"validate": "list", "source": [label.replace(",", "") for label in Category.labels],
             "error_title": "Unsur", "error_message": "Pilih salah satu dari daftar."},
        )  # fmt: skip
        page.freeze_panes(1, 0)
    return out.getvalue()


def faulty_rows(plan: Plan) -> bytes:
    """``galat.xlsx``: the cells of each faulty row as they stand, as text, and a column that says what is wrong."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as book:
        page = book.add_worksheet("Galat")
        head = book.add_format({"bold": True, "bottom": 1, "num_format": TEXT})
        text = book.add_format({"num_format": TEXT})
        width = len(plan.headers)
        page.set_column(0, width, 22, text)
        for column in range(width):
            page.write_string(0, column, clean(plan.label(column)), head)
        page.write_string(0, width, ERROR_HEADER, head)
        for line, row in enumerate(plan.faulty, 1):
            for column, cell in enumerate(plan.table[row.number - 1][:width]):
                page.write_string(line, column, clean(text_of(cell))[:LONGEST_CELL], text)
            said = "; ".join(f"{plan.label(issue.column)}: {issue.message}" for issue in row.issues)
            page.write_string(line, width, clean(said)[:LONGEST_CELL], text)
        page.freeze_panes(1, 0)
    return out.getvalue()
