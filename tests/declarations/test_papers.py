"""The printed paper: word for word what was signed, everybody in their place, nothing promised that nobody said."""

import re
from html import unescape

import pytest

from declarations import paper_rows, paper_words, papers
from documents import pdf
from documents.papers import Replaced
from documents.text_blocks import blocks
from tests.declarations import snapshots as made

PARTIES = [
    {
        "role": "PIHAK KESATU",
        "institution": "Panwaslu Kecamatan Purwodadi",
        "representative": {"name": "M Mafud Nizar", "position": "Ketua Panwaslu Kecamatan Purwodadi"},
        "number": "021/HM",
        "signatory": 1,
    },
    {
        "role": "PIHAK KEDUA",
        "institution": "Pemerintah Kecamatan Purwodadi",
        "representative": {"name": "Mokhamad Sugiarto, S.IP., M.Si.", "position": "Camat Purwodadi"},
        "signatory": 2,
    },
]
READING = {
    "led_by": {"name": "Rudiyanto", "position": "Sekretaris Daerah Kota Pasuruan"},
    "at": "2024-09-23T03:05:00.000Z",
    "followed_by_all": True,
}


def composed(frozen, **facts):
    return papers.compose(frozen, document=made.facts(frozen, **facts))


def words(frozen, **facts) -> str:
    html = re.sub(r"<(svg|style).*?</\1>", "", composed(frozen, **facts).html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def memorandum(**changes):
    people = [made.signer(n, bloc="") for n in (1, 2)]
    fields = {"text": made.MEMORANDUM, "parties": PARTIES, **changes}
    return made.snapshot("mou", "two_party", people, **fields)


def pact(**changes):
    return made.snapshot("integrity_pact", "individual", [made.signer(1, bloc="", **changes)], text=made.PACT)


ALL = {
    "declaration": lambda: made.collective(4),
    "joint_commitment": lambda: made.snapshot(
        "joint_commitment", "blocs", [made.signer(n, "tni") for n in (1, 2)]
    ),
    "pledge": lambda: made.snapshot("pledge", "read_aloud", [], reading=READING),
    "mou": memorandum,
    "two_party_declaration": lambda: made.snapshot(
        "declaration", "two_party", [made.signer(n, bloc="") for n in (1, 2)], parties=PARTIES
    ),
    "integrity_pact": pact,
}


# -- every paper -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_paper_is_printed_as_clean_archive_file(name):
    frozen = ALL[name]()
    paper = composed(frozen)

    rendered = pdf.render(paper.html, inks=dict(paper.inks), attachment=paper.attachment, meta=paper.meta)

    assert pdf.validate(rendered.pdf) == []


@pytest.mark.parametrize("name", ALL)
def test_every_word_that_was_signed_stands_on_the_paper(name):
    frozen = ALL[name]()
    printed = words(frozen)

    assert " ".join(frozen["text"]["title"].split()) in printed
    for point in frozen["text"]["points"]:
        for line in point.splitlines():
            assert re.sub(r"^\d\. ", "", line) in printed


@pytest.mark.parametrize("name", ALL)
def test_one_drawing_stands_on_the_paper_for_each_who_drew(name):
    frozen = ALL[name]()
    paper = composed(frozen)

    used = re.findall(r'src="ink:([^"]+)"', paper.html)
    drew = [str(person["order"]) for person in frozen["signatories"] if person["outcome"] == "signed"]
    assert sorted(used) == sorted(paper.inks) == sorted(drew)


@pytest.mark.parametrize("name", ALL)
def test_paper_brings_no_style_and_no_picture_of_a_signature(name):
    html = composed(ALL[name]()).html

    assert "style=" not in html
    assert "data:image" not in html


def test_same_snapshot_gives_the_same_html():
    frozen = made.collective(4)

    assert composed(frozen).html == composed(frozen).html


@pytest.mark.parametrize(
    ("kind", "mode", "template"),
    [
        ("pledge", "read_aloud", "pledge"),
        ("pledge", "blocs", "joint_commitment"),
        ("pledge", "collective", "declaration"),
        ("declaration", "collective", "declaration"),
        ("declaration", "two_party", "mou"),
        ("joint_commitment", "collective", "joint_commitment"),
        ("integrity_pact", "individual", "integrity_pact"),
        ("mou", "two_party", "mou"),
    ],
)
def test_way_of_signing_chooses_the_form(kind, mode, template):
    assert papers.template_of(kind, mode) == template


def test_names_keep_their_case_and_text_is_escaped():
    frozen = made.collective(1)
    frozen["signatories"][0]["name"] = "Ma'ruf <b>Şükrü</b> & Co"

    assert "Ma'ruf <b>Şükrü</b> & Co" in words(frozen)
    assert "<b>Şükrü" not in composed(frozen).html


def test_invisible_characters_do_not_stop_the_paper():
    text = {**made.PACT, "closing": "Demi\u00adkian\u200b di\u00a0buat " + "se\u00adpan\u00adjang " * 40}
    people = [made.signer(1, bloc="", method="typed", record={"typed_name": "Ita\u200b Rah\u00adma"})]
    paper = composed(made.snapshot("integrity_pact", "individual", people, text=text))

    assert "Demikian di buat sepanjang" in paper.html
    assert "Ita Rahma" in paper.html
    pdf.render(paper.html, inks=dict(paper.inks), attachment=None, meta=paper.meta)


# -- place, date, reading ----------------------------------------------------------------------------------------


def test_place_and_date_are_written_as_officers_write_them():
    assert paper_words.place_and_date(made.collective(1)) == "Cerme, 2 Oktober 2024"


def test_both_elections_are_named():
    frozen = made.collective(1)
    frozen["event"]["elections"].append(
        {"kind": "pemilu", "name": "Pemilu Tahun 2024", "voting_date": "2024-02-14"}
    )

    assert "dalam rangka Pemilihan Serentak Tahun 2024 dan Pemilu Tahun 2024." in words(frozen)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("Asia/Jakarta", "10.05 WIB"), ("Asia/Makassar", "11.05 WITA"), ("Asia/Jayapura", "12.05 WIT")],
)
def test_reading_is_told_in_the_hours_of_the_place(zone, hour):
    frozen = made.snapshot("pledge", "read_aloud", [], reading=READING, event={"time_zone": zone})

    assert paper_words.reading(frozen) == (
        f"Dibacakan pada pukul {hour}, dipandu oleh Rudiyanto, Sekretaris Daerah Kota Pasuruan, dan diikuti oleh"
        " seluruh peserta yang hadir."
    )


def test_reading_that_was_not_followed_by_all_does_not_say_so():
    frozen = made.snapshot("pledge", "read_aloud", [], reading={**READING, "followed_by_all": False})

    assert "diikuti" not in paper_words.reading(frozen)


# -- the table ---------------------------------------------------------------------------------------------------


def rows(*people, mode="collective"):
    frozen = made.snapshot("declaration", mode, list(people))
    return [
        row
        for bloc in paper_rows.blocs(frozen, lambda key, strokes, alt: f"ink:{key}")
        for row in bloc["rows"]
    ]


def test_people_are_numbered_through_the_blocs_in_their_order():
    people = [made.signer(1, "kepala_desa"), made.signer(2, "asn"), made.signer(3, "kepala_desa")]
    frozen = made.snapshot("joint_commitment", "blocs", people)

    found = paper_rows.blocs(frozen, lambda *_: "")

    assert [(bloc["label"], [row["number"] for row in bloc["rows"]]) for bloc in found] == [
        ("ASN", [1]),
        ("Kepala Desa", [2, 3]),
    ]


@pytest.mark.parametrize(
    ("changes", "typed", "notes"),
    [
        ({}, "", []),
        ({"method": "typed", "record": {"typed_name": "Ita"}}, "Ita", ["(diketik)", "09.01"]),
        (
            {
                "method": "thumb",
                "record": {"paper_ref": "lembar A-03 baris 4", "witnesses": [{"name": "Siti"}]},
            },
            "",
            ["Cap jempol, lembar A-03 baris 4", "Saksi: Siti", "09.01"],
        ),
        ({"remote": True}, "", ["(daring)"]),
        ({"late": "2024-10-03"}, "", ["(susulan 3 Oktober 2024)"]),
    ],
)
def test_cell_says_how_somebody_signed(changes, typed, notes):
    [row] = rows(made.signer(1, **changes))

    assert (row["typed"], row["notes"]) == (typed, notes)


def test_witnesses_draw_for_somebody_who_cannot_write():
    strokes = made.signer(1)["record"]["strokes"]
    witnesses = [{"name": name, "position": "Staf", "strokes": strokes} for name in ("Siti", "Budi")]
    record = {"assist_reason": "tangan dibalut", "witnesses": witnesses}

    [row] = rows(made.signer(1, method="represented", record=record))

    assert row["images"] == ["ink:1-1", "ink:1-2"]
    assert row["notes"] == ["tangan dibalut; saksi Siti dan Budi"]


def test_both_people_of_a_representation_are_printed():
    behalf = {"name": "Bambang Sutejo", "position": "Kepala Desa Betiting", "letter_no": "094/12/2024"}

    [row] = rows(made.signer(1, on_behalf_of=behalf, rank="Penata, III/c"))

    assert row["details"] == [
        "Penata, III/c",
        "mewakili Bambang Sutejo, Kepala Desa Betiting; surat tugas 094/12/2024",
    ]


@pytest.mark.parametrize(
    ("person", "printed"),
    [
        ({"agency": "Kecamatan Cerme", "village": "Desa Betiting"}, "Kecamatan Cerme"),
        ({"position": "Kepala Desa", "village": "Desa Betiting"}, "Desa Betiting"),
        ({"position": "Kepala Desa Betiting", "village": "Desa Betiting"}, ""),
        ({"position": "Kepala Desa Betiting", "village": "Desa Betiting", "agency": "Desa Betiting"}, ""),
        ({"position": "Kepala Desa Katur", "village": "Desa Katur, Kecamatan Gayam"}, "Kecamatan Gayam"),
        (
            {
                "position": "Kepala Desa Katur",
                "village": "Desa Katur, Kecamatan Gayam",
                "agency": "Desa Katur",
            },
            "Kecamatan Gayam",
        ),
        ({"position": "Camat"}, ""),
    ],
)
def test_village_is_named_once(person, printed):
    assert paper_rows.agency(person) == printed


# -- who did not sign --------------------------------------------------------------------------------------------


def test_outcomes_are_lists_without_reasons():
    people = [
        made.signer(1, "asn"),
        made.without_signature(
            2, "refused", name="Ahmad (contoh)", position="Kepala Desa", village="Desa Lengkong"
        ),
        made.without_signature(
            3, "absent", name="Kepala Desa Wedani", position="Kepala Desa Wedani", village=None
        ),
        made.without_signature(
            4, "excused", name="Sri (contoh)", position="Kepala Desa", village="Desa Betiting"
        ),
    ]
    frozen = made.snapshot("declaration", "collective", people)

    assert paper_rows.outcomes(frozen) == [
        {"heading": "Tidak menandatangani", "people": ["Ahmad (contoh), Kepala Desa, Desa Lengkong"]},
        {
            "heading": "Tidak hadir / berhalangan",
            "people": ["Kepala Desa Wedani", "Sri (contoh), Kepala Desa, Desa Betiting"],
        },
    ]


def test_lists_without_people_are_left_out():
    printed = words(made.collective(3))

    assert "Tidak hadir / berhalangan 1." not in printed
    assert paper_rows.outcomes(made.collective(3)) == []


def test_totals_count_villages_and_add_up():
    people = [made.signer(1, "asn"), made.signer(2, "kepala_desa"), made.without_signature(3, "absent")]
    frozen = made.snapshot("joint_commitment", "blocs", people)

    assert paper_rows.totals(frozen) == {
        "rows": [
            {"label": "ASN", "listed": "1", "signed": "1", "refused": "0", "missing": "0"},
            {
                "label": "Kepala Desa (1 dari 2 desa)",
                "listed": "2",
                "signed": "1",
                "refused": "0",
                "missing": "1",
            },
        ],
        "sum": {"listed": "3", "signed": "2", "refused": "0", "missing": "1"},
    }


def test_party_that_did_not_sign_says_so_in_its_cell():
    people = [made.signer(1, bloc=""), made.without_signature(2, "refused", bloc="")]
    frozen = made.snapshot("mou", "two_party", people, text=made.MEMORANDUM, parties=PARTIES)

    assert "(tidak menandatangani)" in words(frozen)


# -- forms of the single papers ----------------------------------------------------------------------------------


def test_memorandum_has_its_numbers_parties_and_articles_in_order():
    frozen = memorandum(
        declaration={"numbers": ["021/HM", "470/118"], "date": "2024-06-25", "subject": "Netralitas ASN"},
        text_version={
            "legal_basis": [{"citation": "Undang-Undang Nomor 20 Tahun 2023", "articles": "Pasal 2"}]
        },
    )
    printed = words(frozen)
    marks = [
        "Memorandum of Understanding",
        "Nomor: 021/HM",
        "Nomor: 470/118",
        "TENTANG Netralitas ASN",
        "Pada hari ini Selasa, tanggal Dua Puluh Lima, bulan Juni, tahun Dua Ribu Dua Puluh Empat, bertempat di Pendopo",
        "M Mafud Nizar , selaku Ketua Panwaslu Kecamatan Purwodadi, bertindak untuk dan atas nama",
        "selanjutnya disebut PIHAK KEDUA",
        "PARA PIHAK menerangkan bahwa:",
        "dengan memperhatikan:",
        "Undang-Undang Nomor 20 Tahun 2023.",
        "Pasal 1 Maksud dan Tujuan",
        "Pasal 6 Penutup",
        "SEGEL ELEKTRONIK",
    ]

    positions = [printed.index(mark) for mark in marks]
    assert positions == sorted(positions)


def test_lists_are_made_only_where_the_text_counts_without_a_gap():
    assert blocks("Pembuka:\na. satu;\nb. dua.\nPenutup.") == [
        {"kind": "paragraph", "lines": ["Pembuka:"]},
        {"kind": "letters", "lines": ["satu;", "dua."]},
        {"kind": "paragraph", "lines": ["Penutup."]},
    ]
    assert [block["kind"] for block in blocks("1. satu\n3. tiga")] == ["paragraph", "paragraph"]


def test_article_without_a_heading_keeps_its_words():
    assert paper_words.articles(["Satu baris saja."]) == [
        {"number": 1, "heading": "", "blocks": [{"kind": "paragraph", "lines": ["Satu baris saja."]}]}
    ]


def test_pact_prints_the_number_only_when_it_was_frozen():
    with_number = pact(identity="NIP. 1968", identity_label="NIP", identity_number="1968")

    assert "NIP 1968" in words(with_number)
    assert "NIP" not in words(pact())


# -- seal and foot -----------------------------------------------------------------------------------------------


def test_foot_says_only_what_is_certain_before_the_seal():
    printed = words(made.collective(1))

    assert "tanda tangan elektronik tidak tersertifikasi (PP 71/2019 Pasal 60)" in printed
    assert (
        "Segel memakai sertifikat internal kantor, bukan dari Penyelenggara Sertifikasi Elektronik" in printed
    )
    assert "https://netralitas.example/verifikasi/abcdefghijklmnopqrstuvwxyz/" in printed
    for never in ("biometrik", "sah secara hukum", "B-LT"):
        assert never not in printed


def test_paper_nobody_signed_does_not_speak_of_signatures():
    printed = words(made.snapshot("pledge", "read_aloud", [], reading=READING))

    assert "Dokumen ini disegel secara elektronik oleh Panwaslu Kecamatan Cerme." in printed
    assert "tersertifikasi" not in printed


def test_demo_is_marked_and_a_real_paper_is_not():
    assert 'class="a4 table contoh"' in composed(made.collective(1), is_demo=True).html
    assert 'contoh"' not in composed(made.collective(1)).html.split("<body")[1].split(">")[0]


def test_later_revision_names_what_it_replaces():
    old = Replaced("x", "012", "ab" * 32, 1, "Salah orang")

    printed = words(made.collective(1), revision=2, replaces=old)

    assert f"Revisi 2: menggantikan dokumen bersidik digital {'ab' * 32}. Alasan: Salah orang" in printed


def test_draft_has_neither_seal_nor_code_and_shows_who_is_expected():
    frozen = made.snapshot("declaration", "collective", [made.without_signature(1, "absent", bloc="")])

    draft = papers.compose_draft(frozen)

    assert 'class="a4 table draf"' in draft.html.replace("  ", " ")
    assert "segel" not in draft.html.lower().replace("belum disegel", "")
    assert "<svg" not in draft.html
    assert frozen["signatories"][0]["name"] in draft.html


def test_everything_that_is_printed_is_checked_for_missing_letters():
    frozen = made.collective(1, witnesses=[{"role": "saksi", "name": "Saksi ꦱ"}])
    frozen["signatories"][0] |= {"method": "typed", "record": {"typed_name": "Nama ☐"}}

    texts = papers.printed_texts(frozen)

    assert ("saksi Saksi ꦱ", "Saksi ꦱ") in texts
    assert any(text == "Nama ☐" for _, text in texts)
