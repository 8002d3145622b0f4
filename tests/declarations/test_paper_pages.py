"""How papers fall on pages: the seal stands on the page of the last signatures, nothing runs out of its cell."""

import io

import pypdf
import pytest

from declarations import papers
from documents import pdf
from documents.letterhead import foot
from tests.declarations import snapshots as made
from tests.declarations.test_papers import PARTIES, READING

WITNESS = [{"role": "mengetahui", "name": "Imam Shohib", "position": "Ketua Panwaslu Kecamatan Cerme"}]


def pages(frozen, **facts) -> list[str]:
    paper = papers.compose(frozen, document=made.facts(frozen, **facts))
    rendered = pdf.render(paper.html, inks=dict(paper.inks), attachment=None, meta=paper.meta)
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(rendered.pdf)).pages]


@pytest.mark.parametrize("signers", [1, 6, 7, 8, 24, 25])
def test_seal_stands_on_the_page_of_the_last_signatures(signers):
    *_, last = pages(made.collective(signers, witnesses=WITNESS))

    assert "SEGEL ELEKTRONIK" in last
    assert f"{signers} (contoh)" in last
    assert "Imam Shohib" in last


@pytest.mark.parametrize("size", ["A4", "F4"])
def test_every_page_is_counted(size):
    found = pages(made.collective(30, office={"paper_size": size}))

    assert len(found) > 1
    for number, text in enumerate(found, 1):
        assert f"Halaman {number} dari {len(found)}" in text


def test_last_words_of_two_parties_go_with_their_signatures():
    people = [made.signer(n, bloc="") for n in (1, 2)]
    text = {**made.CERME, "closing": "Demikian deklarasi ini dibuat."}

    *_, last = pages(made.snapshot("declaration", "two_party", people, text=text, parties=PARTIES))

    for words in ("Demikian deklarasi ini dibuat.", "PIHAK KEDUA", "SEGEL ELEKTRONIK"):
        assert words in last


def test_ordinary_pact_and_ikrar_fit_on_one_page():
    pact = made.snapshot("integrity_pact", "individual", [made.signer(1, bloc="")], text=made.PACT)
    ikrar = made.snapshot("pledge", "read_aloud", [made.signer(1)], reading=READING, witnesses=WITNESS)

    assert len(pages(pact)) == len(pages(ikrar)) == 1


def test_foot_holds_a_short_title_and_the_first_number():
    numbers = ["021/PM.04/K.JI-20.01/06/2024", "100.3.7/012/424.301/2024"]
    people = [made.signer(n, bloc="") for n in (1, 2)]
    frozen = made.snapshot(
        "mou", "two_party", people, text=made.MEMORANDUM, parties=PARTIES, declaration={"numbers": numbers}
    )

    assert papers.compose(frozen, document=made.facts(frozen)).html.count(numbers[1]) == 1
    assert "Memorandum of Understanding (MoU) …\n021/PM.04/K.JI-20.01/06/2024\n" in pages(frozen)[1]


@pytest.mark.parametrize(
    ("title", "short"),
    [
        (
            "Deklarasi Netralitas ASN, TNI, Polri, Kades/Perangkat Desa",
            "Deklarasi Netralitas ASN, TNI, Polri …",
        ),
        ("Ikrar Bersama", "Ikrar Bersama"),
        ("Berkas Lengkap Kegiatan Sosialisasi – (Hari Pertama)", "Berkas Lengkap Kegiatan Sosialisasi …"),
    ],
)
def test_short_title_ends_with_a_whole_word(title, short):
    assert foot(title) == short


def test_hours_name_their_zone():
    frozen = made.collective(1, event={"time_zone": "Asia/Makassar"})

    assert "jam dalam WITA" in pages(frozen)[0]


def test_paper_without_signatures_was_not_signed_at_the_event():
    frozen = made.snapshot("declaration", "collective", [made.without_signature(1, "absent", bloc="")])

    assert "Disampaikan pada kegiatan" in "".join(pages(frozen))
