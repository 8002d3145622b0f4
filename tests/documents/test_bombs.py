"""Files made to eat memory and time (PDF.md §7.1): a sentence comes back, from within 512 MB and some seconds.

Each is sealed by us, as if an insider had made it, and looked into by the limited process of the verification page.
"""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from accounts.canonical import canonical_bytes
from documents import inspection, pades
from documents.opened import OpenedPaper
from documents.verification import verify_file

from . import sample

EVIDENCE = canonical_bytes({"schema": "uji-bom/1"})
GIGABYTE = 1024**3


def deflated(size: int, filler: bytes = b" ") -> bytes:
    """That many bytes in a thousandth of the room, made without holding them."""
    pack, out = zlib.compressobj(9), []
    for _ in range(size // 2**20):
        out.append(pack.compress(filler * 2**20))
    return b"".join([*out, pack.flush()])


@pytest.fixture(scope="module")
def gigabyte() -> bytes:
    return deflated(GIGABYTE)


def sealed(change, rewrite=lambda data: data) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample.rendered("memorandum", EVIDENCE).pdf)) as opened:
        change(opened)
        opened.save(out, fix_metadata_version=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return pades.seal(rewrite(out.getvalue()), signer=sample.seal_key())


@pytest.fixture
def look(tmp_path, monkeypatch):
    """(label → sentence and tone) of what the limited process says."""
    monkeypatch.setattr(inspection, "SECONDS", 60)  # of a machine that may be busy; the memory stays as it is

    def into(data: bytes) -> dict:
        path = tmp_path / "bom.pdf"
        path.write_bytes(data)
        return {label: (tone, said) for label, tone, said in inspection._run(str(path))}

    return into


def bomb_in_evidence(content: bytes):
    return lambda opened: opened.Root.AF[0].EF.F.write(content, filter=Name.FlateDecode)


def sealed_with_xmp(content: bytes) -> bytes:
    """Put in behind the back of the library, which unpacks every XMP it writes."""
    place = b"X" * len(content)

    def keep_room(opened):
        opened.Root.Metadata.write(place)
        opened.Root.Metadata.Filtex = Name.FlateDecode

    return sealed(keep_room, lambda data: data.replace(b"/Filtex", b"/Filter").replace(place, content))


def bomb_on_the_page(content: bytes):
    return lambda opened: opened.pages[0].obj.Contents.write(content, filter=Name.FlateDecode)


def test_a_gigabyte_of_evidence_is_no_evidence(look, gigabyte):
    said = look(sealed(bomb_in_evidence(gigabyte)))
    assert said["Bukti"][0] == "danger"
    assert said["Bukti"][1].startswith("Bukti tidak cocok")
    assert said["Segel"][0] == "done"


def test_a_gigabyte_of_xmp_is_no_xmp(look, gigabyte):
    said = look(sealed_with_xmp(gigabyte))
    assert said["Bukti"][0] == "danger"
    assert said["Segel"][0] == "done"


def test_a_gigabyte_on_the_page_is_not_unpacked(gigabyte):
    with (
        OpenedPaper(sealed(bomb_on_the_page(gigabyte))) as opened,
        pytest.raises(ValueError, match="stream too large"),
    ):
        opened.page_contents()


def test_a_gigabyte_on_the_page_ends_the_reading_of_its_words(gigabyte, look):
    """A memory limit of the library; the limited process is behind it."""
    data = sealed(bomb_on_the_page(gigabyte))
    with OpenedPaper(data) as opened, pytest.raises(ValueError, match="page text does not read"):
        list(opened.page_texts())
    assert look(data)["Segel"][0] == "done"


def raw(objects: list[bytes], index: bytes) -> bytes:
    """A file of hand-made objects; ``index`` is the last one, a cross-reference stream."""
    data = b"%PDF-1.7\n"
    for item in objects:
        data += item
    return data + index + b"startxref\n%d\n%%%%EOF\n" % len(data)


def object_stream_bomb(gigabyte: bytes) -> bytes:
    """Catalogue inside an object stream that unpacks to a gigabyte."""
    packed = b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(gigabyte)
    packed += gigabyte + b"\nendstream\nendobj\n"
    rows = bytes([0, 0, 0, 0, 1, 0, 9, 0, 2, 0, 1, 0])
    head = b"3 0 obj\n<</Type/XRef/Size 3/W[1 2 1]/Root 2 0 R/Length %d>>\nstream\n" % len(rows)
    return raw([packed], head + rows + b"\nendstream\nendobj\n")


def index_bomb(gigabyte: bytes) -> bytes:
    """The cross-reference itself unpacks to a gigabyte."""
    head = b"1 0 obj\n<</Type/XRef/Size 2/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(
        gigabyte
    )
    return raw([], head + gigabyte + b"\nendstream\nendobj\n")


@pytest.mark.parametrize("make", [object_stream_bomb, index_bomb])
def test_a_gigabyte_where_the_file_is_opened_ends_in_a_sentence(look, gigabyte, make):
    traces = b"% /ByteRange /ETSI.CAdES.detached\n"
    said = look(make(gigabyte) + traces)
    assert (said["Keutuhan berkas"][0], said["Segel"]) == ("danger", ("danger", "Segel tidak sah."))


def many_objects(opened) -> None:
    opened.Root.Kelebihan = Array([opened.make_indirect(Dictionary(A=number)) for number in range(60_000)])


def many_fields(opened) -> None:
    fields = [
        opened.make_indirect(Dictionary(FT=Name.Tx, T=String(f"isian {number}"))) for number in range(20_000)
    ]
    opened.Root.AcroForm.Fields = Array([*opened.Root.AcroForm.Fields, *fields])


def many_attachments(opened) -> None:
    spec = opened.Root.AF[0]
    opened.Root.AF = Array([spec, *(opened.make_indirect(Dictionary(spec)) for _ in range(20_000))])


def deep_fields(opened) -> None:
    inner = opened.make_indirect(Dictionary(FT=Name.Tx, T=String("dasar")))
    for depth in range(5_000):
        inner = opened.make_indirect(Dictionary(T=String(f"d{depth}"), Kids=Array([inner])))
    opened.Root.AcroForm.Fields.append(inner)


def fields_in_a_circle(opened) -> None:
    field = opened.make_indirect(Dictionary(T=String("lingkaran")))
    field.Kids = Array([field])
    opened.Root.AcroForm.Fields.append(field)


def names_in_a_circle(opened) -> None:
    tree = opened.make_indirect(Dictionary())
    tree.Kids = Array([tree])
    opened.Root.Names = Dictionary(EmbeddedFiles=tree)


def pages_in_a_circle(opened) -> None:
    pages = opened.Root.Pages
    loop = opened.make_indirect(Dictionary(Type=Name.Pages, Count=1, Parent=pages))
    loop.Kids = Array([pages])
    pages.Kids.append(loop)


@pytest.mark.parametrize(
    "change",
    [
        many_objects,
        many_fields,
        many_attachments,
        deep_fields,
        fields_in_a_circle,
        names_in_a_circle,
        pages_in_a_circle,
    ],
)
def test_endless_and_countless_structures_end_in_sentences(look, change):
    try:
        data = sealed(change)
    except (
        Exception
    ):  # our own sealing refuses it: then a stranger's file has no seal, but the same structure
        data = unsealed(change)
    said = look(data)
    assert said
    assert all(sentence.endswith(".") for _, sentence in said.values())
    assert "danger" in {tone for tone, _ in said.values()} or "Segel" in said


def unsealed(change) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample.rendered("memorandum", EVIDENCE).pdf)) as opened:
        change(opened)
        opened.save(out, fix_metadata_version=False)
    return out.getvalue()


def test_evidence_nested_a_hundred_thousand_deep_is_a_mismatch():
    report = verify_file(
        sealed(lambda opened: opened.Root.AF[0].EF.F.write(b'{"a":' * 100_000 + b"1" + b"}" * 100_000))
    )
    assert report.checks["evidence"].message.startswith("Bukti tidak cocok")
