"""Papers with the longest names, posts, texts and offices: nothing leaves its page, column or box, nothing is cut."""

import pytest

from declarations import excerpt_paper, papers
from documents import pdf
from tests.declarations import snapshots as made
from tests.declarations.test_papers import PARTIES, READING
from tests.documents.page_boxes import outside, pages_of, seal_box

NAME = (
    "Prof. Dr. dr. H. Raden Mas Haryo Muhammad Abdurrahman Wahid Kusumadiningrat Sastroatmodjo Wiryokusumo,"
    " S.H., S.IP., M.Si., Ph.D."
)
SOLID = "Wanprasetyakusumadiningratsastroatmodjowiryokusumoadiningrat"  # one word of 60 letters
POST = "Kepala Bidang Pembinaan Ideologi, Wawasan Kebangsaan, dan Karakter Bangsa pada Bakesbangpol"
AGENCY = "Sekretariat Daerah Kabupaten Kepulauan Siau Tagulandang Biaro, Provinsi Sulawesi Utara"
OFFICE = {
    "name": "Panitia Pengawas Pemilihan Umum Kecamatan Bolangitang Barat Kabupaten Bolaang Mongondow Utara",
    "letterhead": [
        "PANITIA PENGAWAS PEMILIHAN UMUM",
        "KECAMATAN BOLANGITANG BARAT",
        "KABUPATEN BOLAANG MONGONDOW UTARA",
    ],
    "address": (
        "Jalan Trans Sulawesi Nomor 123 RT 004 RW 002, Kompleks Perkantoran Pemerintah Kecamatan Bolangitang Barat,"
        " Sulawesi Utara 95764 · Telepon (0434) 799 0001 · panwaslu.bolangitangbarat@contoh.go.id"
    ),
}
POINT = (
    "menjaga dan menegakkan prinsip netralitas pegawai Aparatur Sipil Negara di instansi masing-masing dalam"
    " melaksanakan fungsi pelayanan publik, baik sebelum, selama, maupun sesudah Pemilihan Serentak Tahun 2024."
)
TWELVE = {
    **made.CERME,
    "points": [f"Butir {number}: {POINT}" for number in range(1, 13)],
    "opening": "Dalam rangka menyukseskan Pemilihan Serentak Tahun 2024, kami menyatakan:",
    "closing": "Demikian deklarasi ini kami buat dengan penuh kesadaran.",
}
WITNESSES = [
    {"role": "mengetahui", "name": NAME, "position": POST, "agency": AGENCY},
    {"role": "saksi", "name": "Suharto", "position": "Camat"},
    {"role": "saksi", "name": SOLID, "position": "Ketua Bawaslu Kabupaten Gresik"},
]
SIZES = pytest.mark.parametrize("size", ["A4", "F4"])
LONG = 18  # letters of a word that may be broken over lines behind them
ON_EACH = ("naskah", "kop surat", "nomor naskah", "saksi")
ON_LISTS = (*ON_EACH, "nama", "nama kegiatan", "tempat kegiatan", "pembaca ikrar")
LETTER, TABLE = (30, 25), (20, 18)  # margins left and right, millimetres


def printed(frozen) -> bytes:
    composed = papers.compose(frozen, document=made.facts(frozen))
    return pdf.render(
        composed.html, inks=dict(composed.inks), attachment=composed.attachment, meta=composed.meta
    ).pdf


def stretched(people: list[dict]) -> list[dict]:
    """Every kind of long and short in turn."""
    changes = (
        {"name": NAME, "rank": "Pembina Utama Madya, IV/d", "identity": "NIP 19860926 201505 1 001"},
        {"name": "Suharto"},
        {"position": POST, "agency": AGENCY},
        {
            "name": f"{SOLID} {SOLID[:50]}",
            "position": f"Kepala{SOLID}",
            "on_behalf_of": {"name": NAME, "position": POST, "letter_no": "800/1234/SPT/XII/2024/BKPSDM"},
        },
    )
    return [{**person, **changes[at % 4]} for at, person in enumerate(people)]


def collective(size: str):
    frozen = made.collective(20, text=TWELVE, office={**OFFICE, "paper_size": size}, witnesses=WITNESSES)
    away = [
        made.without_signature(21 + n, "absent", name=(NAME, "Suharto")[n % 2], position=POST)
        for n in range(5)
    ]
    people = stretched(frozen["signatories"]) + away
    return {**frozen, "signatories": people, "totals": made.totals([{**p, "bloc": "asn"} for p in people])}


def two_parties(size: str, kind: str = "mou"):
    first = {
        **PARTIES[0],
        "institution": AGENCY,
        "representative": {"name": NAME, "position": POST},
        "address": OFFICE["address"],
    }
    people = stretched([made.signer(n, bloc="") for n in (1, 2)])
    text = made.MEMORANDUM if kind == "mou" else TWELVE
    office = {**OFFICE, "paper_size": size}
    parties = [first, PARTIES[1]]
    return made.snapshot(
        kind, "two_party", people, text=text, parties=parties, office=office, witnesses=WITNESSES
    )


def pact(size: str):
    person = made.signer(
        1, bloc="", name=NAME, position=POST, agency=AGENCY, rank="Pembina Utama Madya, IV/d"
    )
    text = {**made.PACT, "points": TWELVE["points"]}
    office = {**OFFICE, "paper_size": size}
    return made.snapshot(
        "integrity_pact", "individual", [person], text=text, office=office, witnesses=WITNESSES[:1]
    )


def ikrar(size: str):
    groups = ("asn", "tni", "polri", "kepala_desa")
    people = stretched([made.signer(n, group) for n, group in enumerate(groups, 1)])
    reading = {**READING, "led_by": {"name": NAME, "position": POST}}
    office = {**OFFICE, "paper_size": size}
    return made.snapshot(
        "pledge", "read_aloud", people, text=TWELVE, reading=reading, office=office, witnesses=WITNESSES[:2]
    )


PAPERS = {
    "collective": (collective, TABLE),
    "mou": (two_parties, LETTER),
    "two_party_declaration": (lambda size: two_parties(size, "declaration"), LETTER),
    "pact": (pact, LETTER),
    "ikrar": (ikrar, TABLE),
}


@SIZES
@pytest.mark.parametrize("name", PAPERS)
def test_no_word_leaves_the_page_and_none_is_lost(name, size):
    make, margins = PAPERS[name]
    frozen = make(size)
    paper = printed(frozen)
    pages = pages_of(paper)

    assert outside(pages, *margins) == []
    assert len(pages) <= 6
    everything = {word.text for page in pages for word in page.words}
    beginnings = {text[:LONG] for text in everything}
    kinds = ON_LISTS if margins == TABLE else ON_EACH
    lines = [line for what, line in papers.printed_texts(frozen) if what.startswith(kinds)]
    words = {word for line in lines for word in line.split()}
    assert [word for word in words if word not in everything and word[:LONG] not in beginnings] == []


@SIZES
@pytest.mark.parametrize("name", PAPERS)
def test_last_page_holds_more_than_the_seal(name, size):
    *_, last = pages_of(printed(PAPERS[name][0](size)))

    assert "SEGEL ELEKTRONIK" in last.text
    assert min(word.top for word in last.words if word.top > 18) < 45  # it begins at the head of the page
    before_seal = last.text.partition("Dokumen ini memuat")[0]
    assert len(before_seal.split()) > 12


def test_long_name_of_an_office_stays_in_the_box_of_its_seal():
    paper = printed(pact("A4"))
    left, top, right, bottom = seal_box(paper)
    words = [
        word for word in pages_of(paper)[-1].words if word.left >= left and top - 3 < word.top < bottom + 3
    ]

    assert " ".join(word.text for word in words) == f"SEGEL ELEKTRONIK {OFFICE['name']}"
    for word in words:
        assert top <= word.top <= word.bottom <= bottom
        assert word.right <= right


def test_solid_names_break_inside_their_column():
    pages = pages_of(printed(collective("A4")))
    pieces = [
        word for page in pages for word in page.words if word.text[:10] == SOLID[:10] and word.left < 32
    ]

    assert pieces
    assert max(piece.right for piece in pieces) <= 20 + 9 + 57


def test_fifteen_hundred_rows_keep_head_number_and_end():
    frozen = made.collective(1500, witnesses=WITNESSES[:1])
    pages = pages_of(printed(frozen))

    assert 75 <= len(pages) <= 90
    assert outside(pages, *TABLE) == []
    for number, page in enumerate(pages, 1):
        assert "Jabatan / Instansi" in page.text
        assert f"Halaman {number} dari {len(pages)}" in page.text
    numbers = [sorted(word[1::3] for word in page.words if word.right < 30) for page in pages]
    rows = [text for page in numbers for _, text in page if text.isdecimal()]
    assert rows == [str(number) for number in range(1, 1501)]
    assert "SEGEL ELEKTRONIK" in pages[-1].text


@SIZES
def test_kutipan_of_a_long_text_keeps_row_proof_and_seal_together(size):
    main = made.collective(
        3, text=TWELVE, office={**OFFICE, "paper_size": size}, declaration={"numbers": ["012/PM.05/" * 8]}
    )
    main["signatories"] = stretched(main["signatories"])
    of = {"document": "x", "title": TWELVE["title"], "number": "012/PM.05/" * 8, "sha256": "ab" * 32}
    of["verify_url"] = "https://netralitas.example/verifikasi/abcdefghijklmnopqrstuvwxyz/"
    frozen = excerpt_paper.excerpt_snapshot(main, order=1, of=of, title=f"Kutipan {TWELVE['title']} – {NAME}")
    composed = excerpt_paper.compose_excerpt(frozen, document=made.facts(frozen))
    paper = pdf.render(
        composed.html, inks=dict(composed.inks), attachment=composed.attachment, meta=composed.meta
    ).pdf
    pages = pages_of(paper)

    assert pdf.validate(paper) == []
    assert outside(pages, *TABLE) == []
    assert len(pages) <= 2
    for words in ("Tanda tangan", "Kutipan ini membuktikan", "SEGEL ELEKTRONIK", "Demikian deklarasi"):
        assert words in pages[-1].text
    assert pages[0].text.count("Butir") >= 10
