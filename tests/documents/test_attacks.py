"""Known attacks on signed PDFs, tried on our own papers at the lowest and the highest level (PDF.md §7.1).

Incremental saving, shadow content, wrapped and emptied signatures, actions and files that come in after the seal.
"""

import io
import re

import pikepdf
import pytest
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from documents import certificates, pades
from documents.timestamps import Authority
from documents.verification import Status, Unreadable, verify_file

from . import sample

UPDATED = "Ada perubahan setelah segel yang tidak diizinkan."
LOCKED = "Berkas terkunci dengan kata sandi."
name, text, number = generic.NameObject, generic.TextStringObject, generic.NumberObject


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return sample.rendered("memorandum").pdf


@pytest.fixture(scope="module", params=["B-B", "B-LTA"])
def paper(request, unsigned) -> bytes:
    clock = Authority(key=certificates.tsa_key()) if request.param == "B-LTA" else None
    sealed = pades.seal(unsigned, signer=sample.seal_key(), authority=clock)
    report = verify_file(sealed)
    assert (report.valid, report.pades_level) == (True, request.param)
    return sealed


def dictionary(**entries) -> generic.DictionaryObject:
    return generic.DictionaryObject({name(f"/{key}"): value for key, value in entries.items()})


def increment(data: bytes, change) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(data)
    assert len(out.getvalue()) > len(data)
    return out.getvalue()


def first_page(writer):
    return writer.root["/Pages"]["/Kids"][0]


def on_root(**entries):
    def change(writer):
        writer.root.update(dictionary(**entries))
        writer.update_root()

    return change


def on_page(**entries):
    def change(writer):
        page = first_page(writer)
        page.update(dictionary(**entries))
        writer.update_container(page)

    return change


# --- what comes in by a later revision --------------------------------------------------------------------------


SCRIPT = dictionary(S=name("/JavaScript"), JS=text("app.alert('x')"))
LAUNCH = dictionary(S=name("/Launch"), F=text("/bin/sh"))


def script_among_names(writer) -> None:
    tree = dictionary(Names=generic.ArrayObject([text("a"), writer.add_object(SCRIPT)]))
    names = writer.root.get("/Names", generic.DictionaryObject())
    names[name("/JavaScript")] = tree
    writer.root[name("/Names")] = names
    writer.update_root()


def link_that_launches(writer) -> None:
    box = generic.ArrayObject([number(n) for n in (0, 0, 600, 800)])
    link = dictionary(Type=name("/Annot"), Subtype=name("/Link"), Rect=box, A=LAUNCH)
    writer.register_annotation(writer.root["/Pages"]["/Kids"].raw_get(0), writer.add_object(link))


def form_of_another_kind(writer) -> None:
    form = writer.root["/AcroForm"]
    form[name("/XFA")] = writer.add_object(generic.StreamObject(stream_data=b"<xdp/>"))
    writer.update_container(form)


def other_face_of_the_seal(writer) -> None:
    fields = [item.get_object() for item in writer.root["/AcroForm"]["/Fields"]]
    field = next(item for item in fields if item["/T"] == "Segel")
    face = generic.StreamObject(
        dictionary(Type=name("/XObject"), Subtype=name("/Form"), BBox=field["/Rect"]),
        stream_data=b"0 0 9 9 re f",
    )
    field[name("/AP")] = dictionary(N=writer.add_object(face))
    writer.update_container(field)


def content_behind_the_same_number(writer) -> None:
    """Shadow attack, "replace": the page keeps its reference, the object behind it is another."""
    page = first_page(writer)
    reference = page.raw_get("/Contents")
    old = page["/Contents"]
    writer.mark_update(reference)
    writer.objects[(reference.generation, reference.idnum)] = generic.StreamObject(
        stream_data=old.data + b"\nq 1 1 1 rg 0 0 600 800 re f Q"
    )


def other_pages_altogether(writer) -> None:
    """Shadow attack, "hide and replace": the catalogue points to a tree that lay there unseen."""
    page = dictionary(Type=name("/Page"), MediaBox=first_page(writer)["/MediaBox"])
    kids = generic.ArrayObject([writer.add_object(page)])
    pages = dictionary(Type=name("/Pages"), Kids=kids, Count=number(1))
    writer.root[name("/Pages")] = writer.add_object(pages)
    writer.update_root()


def letters_that_look_otherwise(writer) -> None:
    font = next(iter(first_page(writer)["/Resources"]["/Font"].values())).get_object()
    font[name("/ToUnicode")] = writer.add_object(generic.StreamObject(stream_data=b"begincmap endcmap"))
    writer.update_container(font)


def layer_that_hides(writer) -> None:
    layer = writer.add_object(dictionary(Type=name("/OCG"), Name=text("a")))
    off = dictionary(OFF=generic.ArrayObject([layer]))
    on_root(OCProperties=dictionary(OCGs=generic.ArrayObject([layer]), D=off))(writer)


def permission_widened(writer) -> None:
    seal = writer.root["/Perms"]["/DocMDP"]
    seal["/Reference"][0]["/TransformParams"][name("/P")] = number(3)
    writer.update_container(seal)


def permission_removed(writer) -> None:
    del writer.root["/Perms"]
    writer.update_root()


def field_of_the_seal_removed(writer) -> None:
    writer.root["/AcroForm"]["/Fields"].clear()
    writer.update_container(writer.root["/AcroForm"])


def file_among_names(writer) -> None:
    file = embed.EmbeddedFileObject.from_file_data(writer, data=b"MZ", mime_type="application/octet-stream")
    embed.embed_file(writer, embed.FileSpec("lampiran.exe", embedded_data=file))


def file_on_the_page(writer) -> None:
    file = embed.EmbeddedFileObject.from_file_data(writer, data=b"MZ", mime_type="application/octet-stream")
    spec = embed.FileSpec("lampiran.exe", embedded_data=file).as_pdf_object()
    box = generic.ArrayObject([number(n) for n in (0, 0, 9, 9)])
    note = dictionary(
        Type=name("/Annot"), Subtype=name("/FileAttachment"), Rect=box, FS=writer.add_object(spec)
    )
    writer.register_annotation(writer.root["/Pages"]["/Kids"].raw_get(0), writer.add_object(note))


def other_evidence(writer) -> None:
    on_root(AF=generic.ArrayObject())(writer)


def other_title(writer) -> None:
    writer.trailer["/Info"] = writer.add_object(dictionary(Title=text("Surat lain")))


CHANGES = {
    "script when opened": on_root(OpenAction=SCRIPT),
    "script when closed": on_root(AA=dictionary(WC=SCRIPT)),
    "script when the page is shown": on_page(AA=dictionary(O=SCRIPT)),
    "script among the names": script_among_names,
    "program started when opened": on_root(OpenAction=LAUNCH),
    "link that starts a program": link_that_launches,
    "form of another kind": form_of_another_kind,
    "other face of the seal": other_face_of_the_seal,
    "other content behind the same number": content_behind_the_same_number,
    "other pages altogether": other_pages_altogether,
    "letters read otherwise": letters_that_look_otherwise,
    "layer that hides": layer_that_hides,
    "page turned over": on_page(Rotate=number(180)),
    "page cut to nothing": on_page(CropBox=generic.ArrayObject([number(n) for n in (0, 0, 10, 10)])),
    "page without its annotations": on_page(Annots=generic.ArrayObject()),
    "permission widened": permission_widened,
    "permission removed": permission_removed,
    "field of the seal removed": field_of_the_seal_removed,
    "file among the names": file_among_names,
    "file on the page": file_on_the_page,
    "attachment list emptied": other_evidence,
    "other language": on_root(Lang=text("en")),
    "other structure": on_root(StructTreeRoot=dictionary(Type=name("/StructTreeRoot"))),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_what_comes_in_after_the_seal_is_found(paper, change):
    report = verify_file(increment(paper, change))
    assert not report.valid
    assert report.checks["file_integrity"].status == Status.FAILED
    assert report.checks["file_integrity"].message == UPDATED


def test_another_title_in_the_old_place_is_counted(paper):
    """Nothing reads the Info dictionary of a PDF/A; the bytes are there all the same."""
    changed = increment(paper, other_title)
    assert verify_file(changed).checks["file_integrity"].message == (
        f"Ada {len(changed) - len(paper)} bita tambahan di belakang segel."
    )


def test_a_change_and_its_undoing_are_still_a_change(paper):
    """Two revisions, the second of which shows the page as it was."""
    changed = increment(paper, on_page(Rotate=number(180)))
    undone = increment(changed, on_page(Rotate=number(0)))
    assert verify_file(undone).checks["file_integrity"].message == UPDATED


# --- revisions that are none ------------------------------------------------------------------------------------


def object_without_index(data: bytes) -> bytes:
    """Incremental saving attack: a new object and an end mark, no cross-reference."""
    return data + b"\n9999 0 obj\n<</Type/Page>>\nendobj\nstartxref\n0\n%%EOF\n"


def root_by_trailer_alone(data: bytes) -> bytes:
    return data + b"\ntrailer\n<</Root 1 0 R/Size 99999>>\nstartxref\n0\n%%EOF\n"


def index_of_both_kinds(data: bytes) -> bytes:
    """Hybrid file: a table for old readers, a stream for new ones, each with its own truth."""
    at = len(data) + 1
    body = b"\n9999 0 obj\n<</Type/Catalog>>\nendobj\n"
    table = at + len(body) - 1
    previous = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    return (
        data
        + body
        + b"xref\n9999 1\n%010d 00000 n \ntrailer\n<</Root 9999 0 R/Size 10000/Prev %d/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n"
        % (at, previous, previous, table)
    )


def index_in_a_circle(data: bytes) -> bytes:
    table = len(data) + 1
    return data + b"\nxref\n0 0\ntrailer\n<</Root 1 0 R/Size 1/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        table,
    )


@pytest.mark.parametrize(
    "change", [object_without_index, root_by_trailer_alone, index_of_both_kinds, index_in_a_circle]
)
def test_a_revision_that_is_none_is_found(paper, change):
    report = verify_file(change(paper))
    assert not report.valid
    assert "file_integrity" in report.failed


def test_bytes_before_the_paper_are_found(paper):
    report = verify_file(b"%!PS bukan kami\n" + paper)
    assert not report.valid
    assert "file_integrity" in report.failed


# --- signatures that cover nothing ------------------------------------------------------------------------------


BYTE_RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) +(\d+) +(\d+) +(\d+) *\]")


def ranged(data: bytes, *numbers: int) -> bytes:
    """The ranges of the seal replaced, without moving anything."""
    found = BYTE_RANGE.search(data)
    new = b"/ByteRange [%s]" % b" ".join(b"%d" % each for each in numbers)
    assert len(new) <= len(found[0])
    return data[: found.start()] + new.ljust(len(found[0])) + data[found.end() :]


def hole(data: bytes) -> tuple[int, int]:
    _, before, after, _ = (int(each) for each in BYTE_RANGE.search(data).groups())
    return before, after


FORGED = {
    "ranges of nothing": lambda data: ranged(data, 0, 0, 0, 0),
    "only the beginning": lambda data: ranged(data, 0, 100, 100, 0),
    "a larger hole": lambda data: ranged(data, 0, hole(data)[0] - 500, hole(data)[1], 739),
    "a hole over the end": lambda data: ranged(data, 0, hole(data)[0], hole(data)[1], 9),
    "past its end": lambda data: ranged(data, 0, hole(data)[0], hole(data)[1], 999),
    "backwards": lambda data: ranged(data, 0, hole(data)[1], hole(data)[0], 9),
    "three numbers": lambda data: ranged(data, 0, hole(data)[0], hole(data)[1]),
    "no signature in the hole": lambda data: (
        data[: hole(data)[0] + 1] + b"0" * (hole(data)[1] - hole(data)[0] - 2) + data[hole(data)[1] - 1 :]
    ),
    "hole emptied": lambda data: (
        data[: hole(data)[0] + 1] + b">" + b" " * (hole(data)[1] - hole(data)[0] - 2) + data[hole(data)[1] :]
    ),
    "no ranges": lambda data: data.replace(b"/ByteRange", b"/ByteRangf"),
    "another way of signing": lambda data: data.replace(b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1_"),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=list(FORGED))
def test_a_seal_that_covers_nothing_is_none(paper, forge):
    report = verify_file(forge(paper))
    assert not report.valid
    assert set(report.failed) & {"file_integrity", "seal"}


def test_a_seal_wrapped_around_other_content_is_found(paper):
    """Signature wrapping: the second range moved to the end, other content in the room that came free."""
    _, after = hole(paper)
    gap = b"\n9999 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\n"
    wrapped = paper[:after] + gap + paper[after:]
    report = verify_file(wrapped)
    assert not report.valid
    assert set(report.failed) & {"file_integrity", "seal"}


def test_the_seal_of_one_paper_on_another_is_found(paper):
    """A genuine container, its certificate good, moved to a paper of the same size."""
    other = pades.seal(sample.rendered("integrity_pact").pdf, signer=sample.seal_key())
    before, after = hole(other)
    digits = paper[hole(paper)[0] + 1 : hole(paper)[1] - 1].rstrip(b"0")
    room = after - before - 2
    if len(digits) > room:
        digits = digits[:room]
    moved = other[: before + 1] + digits.ljust(room, b"0") + other[after - 1 :]
    report = verify_file(moved)
    assert not report.valid
    assert set(report.failed) & {"file_integrity", "seal"}


# --- locked -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["", "sandi"])
def test_a_locked_paper_is_named_whether_it_opens_or_not(paper, user):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="pemilik", user=user))
    with pytest.raises(Unreadable) as problem:
        verify_file(out.getvalue())
    assert problem.value.message == LOCKED
