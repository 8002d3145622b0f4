"""From the closed paper to the sealed PDF, for every kind and way of signing, read back by other tools."""

import pytest

from accounts.refusals import Refusal
from declarations import sealing, signing
from declarations.evidence import format_time
from declarations.models import Declaration
from declarations.models.declarations import SigningMode
from declarations.models.texts import Kind
from declarations.snapshot import freeze
from documents.models import Document
from documents.sealing import snapshot_of
from events.models import Attendee
from tests.accounts.factories import panwaslu_cerme, region
from tests.declarations import day, factories
from tests.declarations.seals import (
    BY,
    pledge,
    read,
    sealed,
    two_party,
    words_of,
)

pytestmark = pytest.mark.django_db


# -- every kind and way ------------------------------------------------------------------------------------------


def test_collective_declaration_is_sealed_and_reads_back():
    paper = day.closed_paper(3)

    paper = sealed(paper)

    words = words_of(paper.document)
    assert (paper.state, paper.document.state) == ("sealed", "sealed")
    for point in factories.POINTS:
        assert point in words
    for row in day.rows(paper):
        assert row.name in words
    assert "Cerme, 2 Oktober 2024" in words
    assert "tanda tangan elektronik tidak tersertifikasi (PP 71/2019 Pasal 60)" in words
    assert "Halaman 1 dari" in words


def test_joint_commitment_in_blocs_counts_villages():
    event = day.running_event()
    for number, code in enumerate(("35.25.11.2001", "35.25.11.2002", "35.25.11.2003")):
        factories.attendee(
            event,
            full_name=f"Kades {number} (contoh)",
            category="kepala_desa",
            position=f"Kepala Desa {number}",
            village=region(code),
        )
    factories.attendee(event, full_name="Kapolsek (contoh)", category="polri", position="Kapolsek Cerme")
    text = factories.approved_text(kind=Kind.JOINT_COMMITMENT, title="Komitmen Bersama (contoh)")
    paper = factories.declaration(
        event, text_version=text, signing_mode=SigningMode.BLOCS, blocs=["polri", "kepala_desa"]
    )
    paper = signing.open_signing(declaration=paper, by=BY)
    police, first, second, third = day.rows_by_bloc(paper, "polri", "kepala_desa")
    day.hand_in(paper, day.record(police), day.record(first, 2), day.refusal(second))
    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    words = words_of(paper.document)
    assert words.index("Polri (1 orang)") < words.index("Kepala Desa (1 dari 3 orang)")
    assert "Kepala Desa (1 dari 3 desa)" in words
    assert words.index("Tidak menandatangani") < words.index(second.name)
    assert words.index("Tidak hadir / berhalangan") < words.index(third.name)


def test_pledge_read_aloud_is_sealed_without_any_signer():
    paper = read(
        factories.declaration(
            day.running_event(), signing_mode=SigningMode.READ_ALOUD, text_version=pledge(), by=BY
        )
    )
    signing.open_signing(declaration=paper, by=BY)
    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    words = words_of(paper.document)
    assert "dipandu oleh Rudiyanto, Sekretaris Daerah, dan diikuti oleh seluruh peserta yang hadir" in words
    assert "Dokumen ini disegel secara elektronik oleh Panwaslu Kecamatan Cerme" in words
    assert "tidak tersertifikasi" not in words


def test_memorandum_carries_two_numbers_and_the_date_in_words():
    event = day.running_event()
    paper = two_party(event, factories.mou(event, subject="Netralitas Aparatur Sipil Negara"))
    paper = signing.open_signing(declaration=paper, by=BY)
    day.everybody_signs(paper)

    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    words = words_of(paper.document)
    assert words.index("Nomor: 021/HM.02.00/10/2024") < words.index("Nomor: 470/118/2024")
    assert "Pada hari ini Rabu, tanggal Dua, bulan Oktober, tahun Dua Ribu Dua Puluh Empat" in words
    assert "selanjutnya disebut PIHAK KESATU" in words
    assert "Pasal 1" in words
    assert "TENTANG Netralitas Aparatur Sipil Negara" in words
    assert paper.document.number == "021/HM.02.00/10/2024; 470/118/2024"


def test_two_party_declaration_needs_no_numbers():
    event = day.running_event()
    paper = two_party(
        event, factories.declaration(event, signing_mode=SigningMode.TWO_PARTY), first="", second=""
    )
    paper = signing.open_signing(declaration=paper, by=BY)
    day.everybody_signs(paper)

    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    words = words_of(paper.document)
    assert "PIHAK KEDUA" in words
    assert "Nomor:" not in words


def test_integrity_pact_gives_one_sheet_to_each_who_signed():
    event = day.running_event()
    day.people(event, 3)
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT, title="Pakta Integritas (contoh)")
    paper = factories.declaration(event, text_version=text, signing_mode="")
    paper = signing.open_signing(declaration=paper, by=BY)
    first, second, _ = day.rows(paper)
    day.hand_in(paper, day.record(first), day.record(second, 2))

    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    sheets = Document.objects.filter(kind=Kind.INTEGRITY_PACT).order_by("title")
    assert paper.state == "sealed"
    assert [sheet.source for sheet in sheets] == [f"signatory:{first.pk}", f"signatory:{second.pk}"]
    assert "Yang menyatakan," in words_of(sheets[0])
    assert second.name not in words_of(sheets[0])


def test_demo_office_says_contoh_on_every_page():
    event = day.running_event(office=panwaslu_cerme(is_demo=True))
    paper = sealed(day.closed_paper(2, event=event))

    assert "CONTOH – bukan dokumen resmi" in words_of(paper.document)


# -- the frozen object -------------------------------------------------------------------------------------------


def test_freezing_twice_gives_the_same_object_and_no_click():
    paper = day.closed_paper(2)

    first, second = freeze(paper), freeze(Declaration.objects.get(pk=paper.pk))

    assert first == second
    newest = max(paper.signatures.values_list("received_at", flat=True))
    assert first["as_of"] == format_time(newest)


def test_snapshot_holds_the_whole_record_and_pending_people_as_absent():
    paper = day.open_paper(2)
    row = day.rows(paper)[0]
    record = day.record(row)
    day.hand_in(paper, record)
    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    people = snapshot_of(paper.document)["signatories"]
    assert people[0]["record"] == record.data
    assert people[0]["record_sha256"] == record.sha256
    assert [person["outcome"] for person in people] == ["signed", "absent"]
    assert day.rows(paper)[1].outcome == "pending"


def test_public_facts_hold_counts_and_no_names():
    paper = sealed(day.closed_paper(2))

    public = paper.document.public
    assert public["totals"] == [{"label": "ASN", "count": 2}]
    assert public["date"] == "2024-10-02"
    assert "Peserta A" not in str(public)


@pytest.mark.parametrize(
    ("setting", "printed"),
    [("none", None), ("masked", "NIP. 1986************01"), ("full", "NIP. 19860926 201505 1 001")],
)
def test_identity_number_is_frozen_only_when_the_paper_prints_it(setting, printed):
    event = day.running_event()
    Attendee.objects.create(
        event=event,
        full_name="Ber-NIP (contoh)",
        category="pns",
        identity_kind="nip",
        identity_number="198609262015051001",
    )
    paper = day.open_paper(0, event=event, identity_print=setting)

    frozen = freeze(paper)

    assert frozen["signatories"][0].get("identity") == printed
    assert ("1986" in str(frozen["signatories"])) == (printed is not None)


# -- what refuses ------------------------------------------------------------------------------------------------


def test_open_paper_is_not_sealed():
    with pytest.raises(Refusal, match="Tutup penandatanganan"):
        sealing.seal_declaration(declaration=day.open_paper(1), by=BY)


def test_paper_nobody_signed_is_not_sealed():
    paper = signing.close_signing(declaration=day.open_paper(1), by=BY)

    with pytest.raises(Refusal, match="Belum ada yang menandatangani"):
        sealing.seal_declaration(declaration=paper, by=BY)


def test_open_questions_need_an_answer_or_a_reason():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    day.hand_in(paper, day.record(row), day.refusal(row), b"?")
    paper = signing.close_signing(declaration=paper, by=BY)

    with pytest.raises(Refusal, match="2 data perlu ditinjau"):
        sealing.seal_declaration(declaration=paper, by=BY)
    paper = sealed(paper, reason="Diperlukan hari ini")

    assert (paper.state, paper.review_reason) == ("sealed", "Diperlukan hari ini")
    counted = {"conflict": 1, "held": 0, "revoked": 0, "quarantined": 1, "open_reason": "Diperlukan hari ini"}
    assert snapshot_of(paper.document)["review"] == counted


@pytest.mark.parametrize(("missing", "label"), [("first", "PIHAK KESATU"), ("second", "PIHAK KEDUA")])
def test_memorandum_without_both_numbers_is_not_sealed(missing, label):
    event = day.running_event()
    paper = two_party(event, factories.mou(event), **{missing: ""})
    paper = signing.open_signing(declaration=paper, by=BY)
    day.everybody_signs(paper)
    paper = signing.close_signing(declaration=paper, by=BY)

    with pytest.raises(Refusal, match=f"Nomor naskah {label} belum diisi"):
        sealing.seal_declaration(declaration=paper, by=BY)


def test_character_no_font_has_is_named_with_the_person():
    event = day.running_event()
    factories.attendee(event, full_name="Siti ꦱ (contoh)")
    paper = day.closed_paper(0, event=event)

    with pytest.raises(Refusal, match="Karakter ‘ꦱ’ pada nama Siti ꦱ"):
        sealing.seal_declaration(declaration=paper, by=BY)
    paper.refresh_from_db()
    assert (paper.state, Document.objects.count()) == ("closed", 0)
