"""PURE: the raw PDF of WeasyPrint → the unsigned paper: seal fields, attachment listed once, deterministic repack.

The repack also makes checking fast: WeasyPrint writes one huge object stream, for which pyHanko needs minutes.
"""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, String

# element id in the template → (field name, what a screen reader says)
SEAL_FIELDS = {
    "segel": ("Segel", "Segel elektronik"),
    "segel-kedua": ("PihakKedua", "Segel elektronik pihak kedua"),
}
HIDDEN_PARTS = 4 | 128  # annotation flags Print and Locked
SIGNATURES_EXIST = 1


def repack(
    raw: bytes, rectangles: dict[str, tuple[int, tuple[float, float, float, float]]], *, identifier: bytes
) -> bytes:
    """``rectangles``: element id → (page index, rectangle in points); ids other than those of SEAL_FIELDS are ignored.

    Same input, same bytes: object streams of at most 100 objects, /ID from the content, XMP left uncompressed.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        pdf.trailer.ID = Array(
            [String(identifier), String(identifier)]
        )  # the second one follows from the content
        _list_attachment_once(pdf)
        for element, (field, label) in SEAL_FIELDS.items():
            if element in rectangles:
                number, rectangle = rectangles[element]
                _add_seal_field(pdf, number, rectangle, field, label)
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            fix_metadata_version=False,
            compress_streams=True,
        )
    return out.getvalue()


def _list_attachment_once(pdf: pikepdf.Pdf) -> None:
    """WeasyPrint lists each attachment twice in /Root/AF."""
    if "/AF" in pdf.Root:
        unique = {item.objgen: item for item in pdf.Root.AF}
        pdf.Root.AF = Array(list(unique.values()))


def _add_seal_field(pdf: pikepdf.Pdf, number: int, rectangle, field: str, label: str) -> None:
    """An empty signature field with a tagged, empty appearance: PDF/UA survives the sealing."""
    page = pdf.pages[number].obj
    left, bottom, right, top = (round(value, 3) for value in rectangle)
    appearance = pdf.make_stream(
        b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, right - left, top - bottom])
    )
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(field),
            TU=String(label),
            F=HIDDEN_PARTS,
            Rect=Array([left, bottom, right, top]),
            AP=Dictionary(N=appearance),
            P=page,
        )
    )
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(widget)
    if "/AcroForm" not in pdf.Root:
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array(), SigFlags=SIGNATURES_EXIST))
    pdf.Root.AcroForm.Fields.append(widget)
    _tag(pdf, page, widget, label)


def _tag(pdf: pikepdf.Pdf, page, widget, label: str) -> None:
    """A Form element at the end of the structure: the seal block is the last thing on the paper."""
    tree = pdf.Root.StructTreeRoot
    parent = tree.K[0]
    element = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Form, P=parent, Pg=page, Alt=String(label))
    )
    # One kid, not a list of one: where pyHanko looks for a field in the tree when a second seal follows.
    element.K = Dictionary(Type=Name.OBJR, Obj=widget, Pg=page)
    parent.K.append(element)
    numbers = tree.ParentTree.Nums
    key = int(numbers[-2]) + 1
    widget.StructParent = key
    numbers.append(key)
    numbers.append(element)
