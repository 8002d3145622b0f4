"""Files as real programs write them, built from nothing: XLSX of Excel and WPS, ODS, XLS of Excel 97 (BIFF8) and 5."""

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

import xlsxwriter

Rows = Sequence[Sequence[object]]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SECTOR = 512


def xlsx(
    rows: Rows, *, merges: Sequence[str] = (), sheets: dict[str, Rows] | None = None, hidden=(), name="Sheet1"
) -> bytes:
    """As Excel saves: shared strings; text stays text, numbers are numbers. ``sheets`` come after the first."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        for title, table in {name: rows, **(sheets or {})}.items():
            page = book.add_worksheet(title)
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    if isinstance(cell, int | float):
                        page.write_number(number, column, cell)
                    elif cell != "":
                        page.write_string(number, column, str(cell))
            if title == name:
                for area in merges:
                    top = _cell(rows, area.split(":")[0])
                    page.merge_range(area, top)
            if title in hidden:
                page.hide()
            else:
                page.activate()
    return out.getvalue()


def raw_xlsx(sheet_data: str, *, more: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    """Hand-written XML, such as ``<row r="1"><c r="A1" t="inlineStr"><is><t>…``, inside the smallest workbook."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Lembar1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData>{more}</worksheet>',
    }
    return zipped({name: text.encode() for name, text in parts.items()} | (extra or {}))


def inline_rows(rows: Rows) -> str:
    """As WPS writes: strings inside the cells, numbers as ``<v>``; a cell given as bytes is the ``<v>`` itself."""
    return "".join(
        f'<row r="{number}">{"".join(_inline(cell, f"{chr(65 + at)}{number}") for at, cell in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )


def _inline(cell: object, place: str) -> str:
    if isinstance(cell, bytes):
        return f'<c r="{place}"><v>{cell.decode()}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'


def ods(rows: Rows, *, tail: bool = True) -> bytes:
    """As LibreOffice saves, with the empty rows it repeats a million times at the end."""
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    end = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        if tail
        else ""
    )
    return ods_with(lines + end)


def ods_with(table_rows: str, *, manifest: str = "") -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Lembar1">{table_rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode()
            or f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"/>'.encode(),
        }
    )


def _ods_cell(cell: object) -> str:
    if cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(cell).split("\n"))
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def xls(rows: Rows, *, biff5: bool = False) -> bytes:
    """Excel 97 to 2003 (BIFF8, strings in UTF-16), or Excel 5 and 95 (BIFF5, strings in Windows-1252)."""
    version = 0x0500 if biff5 else 0x0600
    cells = b"".join(
        _biff_cell(number, column, cell, biff5)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell != ""
    )
    width = max(map(len, rows))
    size = "<HHHHH" if biff5 else "<IIHHH"
    sheet = (
        _record(0x0809, struct.pack("<HHHH", version, 0x0010, 0x0DBB, 0x07CC))
        + _record(0x0200, struct.pack(size, 0, len(rows), 0, width, 0))
        + cells
        + _record(0x000A)
    )
    name = b"Lembar1"
    title = bytes([len(name)]) + (b"" if biff5 else b"\x00") + name
    head = _record(0x0809, struct.pack("<HHHH", version, 0x0005, 0x0DBB, 0x07CC)) + _record(
        0x0042, struct.pack("<H", 1252 if biff5 else 1200)
    )
    start = len(head) + len(_record(0x0085, b"\x00" * 6 + title)) + len(_record(0x000A))
    stream = head + _record(0x0085, struct.pack("<IH", start, 0) + title) + _record(0x000A) + sheet
    return compound({"Book" if biff5 else "Workbook": stream})


def _biff_cell(row: int, column: int, cell: object, biff5: bool) -> bytes:
    place = struct.pack("<HHH", row, column, 15)
    if isinstance(cell, int | float):
        return _record(0x0203, place + struct.pack("<d", cell))
    text = str(cell)
    if biff5:
        data = text.encode("cp1252")
        return _record(0x0204, place + struct.pack("<H", len(data)) + data)
    return _record(0x0204, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (MS-CFB, version 3); each stream is padded to 4,096 bytes, so that none is a mini stream."""
    bodies = [data.ljust(4096, b"\x00") for data in streams.values()]
    counts = [-(-len(body) // SECTOR) for body in bodies]
    fat, starts = [0xFFFFFFFD, 0xFFFFFFFE], []
    for count in counts:
        starts.append(len(fat))
        fat += [len(fat) + step + 1 for step in range(count - 1)] + [0xFFFFFFFE]
    assert len(fat) <= 128
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for number, (name, body, start) in enumerate(zip(streams, bodies, starts, strict=True), 1):
        right = number + 1 if number < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, start, len(body), right=right))
    entries += [b"\x00" * 68 + b"\xff" * 12 + b"\x00" * 48] * (4 - len(entries))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
        + struct.pack("<HHHHH6sIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<I", 0) + b"\xff" * 4 * 108
    )  # fmt: skip
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    padded = [body.ljust(count * SECTOR, b"\x00") for body, count in zip(bodies, counts, strict=True)]
    return header + table + b"".join(entries) + b"".join(padded)


def _entry(name: str, kind: int, start: int, size: int, *, child=0xFFFFFFFF, right=0xFFFFFFFF) -> bytes:
    spelled = (name + "\x00").encode("utf-16-le")
    return (
        spelled.ljust(64, b"\x00")
        + struct.pack("<HBBIII", len(spelled), kind, 1, 0xFFFFFFFF, right, child)
        + b"\x00" * 36
        + struct.pack("<IQ", start, size)
    )


def text(
    rows: Rows, delimiter: str = ";", *, encoding: str = "utf-8", mark: bytes = b"", end: str = "\r\n"
) -> bytes:
    """Delimited text, quoted only where needed."""
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return mark + out.getvalue().encode(encoding)


def _cell(rows: Rows, place: str) -> object:
    return rows[int(place[1:]) - 1][ord(place[0]) - 65]
