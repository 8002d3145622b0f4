"""From the closed paper to the sealed PDF, for every kind and way of signing, read back by other tools."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.roles import Role
from declarations import planning, review, sealing, signing
from declarations.evidence import format_time
from declarations.models import Declaration
from declarations.models.declarations import SigningMode
from declarations.models.texts import Kind
from declarations.snapshot import freeze
from documents import jobs, numbering
from documents.models import Document, LetterNumber, RenderJob, SealJob
from documents.sealing import snapshot_of, void_document
from events.models import Attendee
from tests.accounts.factories import member, organizer_of, panwaslu_cerme, panwaslu_purwodadi, region
from tests.declarations import day, factories
from tests.declarations.seals import sealed, words_of
from tests.documents.factories import sealed_document

pytestmark = pytest.mark.django_db
BY = audit.SYSTEM


def read(paper: Declaration) -> Declaration:
    return signing.record_reading(
        declaration=paper,
        led_by_name="Rudiyanto",
        led_by_position="Sekretaris Daerah",
        at=timezone.now(),
        followed_by_all=True,
        by=BY,
    )


def two_party(event, paper: Declaration, **numbers) -> Declaration:
    planning.set_parties(
        declaration=paper,
        by=BY,
        parties=[
            {
                "institution": "Panwaslu Kecamatan Cerme",
                "representative_name": "Imam Shohib",
                "position": "Ketua Panwaslu Kecamatan Cerme",
                "address": "Cerme",
                "number": numbers.get("first", "021/HM.02.00/10/2024"),
            },
            {
                "institution": "Pemerintah Kecamatan Cerme",
                "representative_name": "Sugiarto, S.IP., M.Si.",
                "position": "Camat Cerme",
                "number": numbers.get("second", "470/118/2024"),
            },
        ],
    )
    return paper


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


def pledge():
    return factories.approved_text(kind=Kind.PLEDGE, title="Ikrar Netralitas (contoh)")


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


# -- again and again ---------------------------------------------------------------------------------------------


def test_second_click_gives_the_same_document():
    paper = day.closed_paper(1)
    first = sealing.seal_declaration(declaration=paper, by=BY)
    entries = AuditEntry.objects.count()

    second = sealing.seal_declaration(declaration=paper, by=BY)

    assert second == first
    assert (Document.objects.count(), AuditEntry.objects.count()) == (1, entries)


def test_seal_that_arrives_twice_changes_nothing():
    paper = sealed(day.closed_paper(1))
    entries = AuditEntry.objects.count()

    sealing.on_sealed(paper.document)

    assert AuditEntry.objects.count() == entries


def test_sealed_paper_is_not_sealed_again_without_a_change():
    paper = sealed(day.closed_paper(1))

    with pytest.raises(Refusal, match="Tuliskan alasan revisi"):
        sealing.seal_declaration(declaration=paper, by=BY)
    with pytest.raises(Refusal, match="Tidak ada yang berubah"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Sekali lagi")


def test_correction_after_the_seal_is_a_new_revision():
    paper = sealed(day.closed_paper(2))
    first = paper.document
    wrong = paper.signatures.valid().get(signatory=day.rows(paper)[1])
    review.resolve(signature=wrong, decision="revoke", reason="Salah orang", by=BY)

    paper = sealed(paper, reason="Tanda tangan salah orang dibatalkan")

    first.refresh_from_db()
    assert (paper.state, paper.document.revision, first.state) == ("sealed", 2, "superseded")
    assert paper.document.supersedes_id == first.pk
    words = words_of(paper.document)
    assert "Revisi 2: menggantikan dokumen bersidik digital" in words
    assert "Tanda tangan salah orang dibatalkan" in words


def test_taken_back_sheet_of_a_pact_is_void():
    event = day.running_event()
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT, title="Pakta Integritas (contoh)")
    paper = sealed(day.closed_paper(2, event=event, text_version=text, signing_mode=""))
    row = day.rows(paper)[0]
    review.resolve(signature=row.signatures.get(), decision="revoke", reason="Salah orang", by=BY)

    sealing.seal_declaration(declaration=paper, by=BY, reason="Salah orang")

    paper.refresh_from_db()
    assert Document.objects.get(source=f"signatory:{row.pk}").state == "void"
    assert sorted(Document.objects.values_list("state", flat=True)) == ["sealed", "void"]
    assert paper.state == "sealed"


def test_pact_is_sealed_only_when_its_last_sheet_is():
    event = day.running_event()
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT, title="Pakta Integritas (contoh)")
    paper = day.closed_paper(2, event=event, text_version=text, signing_mode="")
    sealing.seal_declaration(declaration=paper, by=BY)

    for model in (RenderJob, SealJob, SealJob):  # render, seal, and what follows the seal, of one sheet
        job = model.objects.claimable().filter(document=Document.objects.order_by("title").first()).get()
        jobs.run(job.pk)
    paper.refresh_from_db()
    assert paper.state == "sealing"

    jobs.run_pending()
    paper.refresh_from_db()
    assert paper.state == "sealed"


def test_reserved_number_of_the_book_is_used():
    event = day.running_event()
    day.people(event, 1)
    paper = planning.reserve_paper_number(declaration=factories.declaration(event), by=BY)
    paper = signing.open_signing(declaration=paper, by=BY)
    day.everybody_signs(paper)

    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    number = LetterNumber.objects.get()
    assert (number.state, number.source) == ("issued", paper.source)
    assert f"Nomor: {number.text}" in words_of(paper.document)


@pytest.mark.parametrize(("state", "word"), [("issued", "sudah dipakai"), ("void", "sudah batal")])
def test_number_of_another_paper_or_a_void_one_is_not_printed(state, word):
    event = day.running_event()
    first = planning.reserve_paper_number(declaration=factories.declaration(event), by=BY)
    book = LetterNumber.objects.get()
    if state == "issued":
        numbering.assign_number(number=book, by=BY, source=first.source)
    else:
        numbering.release_number(number=book, reason="Keliru", by=BY)
    second = day.closed_paper(event=event, number=first.number)

    with pytest.raises(Refusal, match=word):
        sealing.seal_declaration(declaration=second, by=BY)

    second.refresh_from_db()
    assert (second.state, Document.objects.count()) == ("closed", 0)


def test_preview_is_a_draft_that_leaves_no_trace():
    paper = day.open_paper(2)
    entries = AuditEntry.objects.count()

    pdf = sealing.draft_pdf(paper)

    assert pdf.startswith(b"%PDF-1.7")
    assert (Document.objects.count(), AuditEntry.objects.count()) == (0, entries)


# -- a seal that does not come ------------------------------------------------------------------------------------


def being_sealed(count: int = 2, **fields) -> Declaration:
    """Sealing has been ordered; no job has run."""
    paper = day.closed_paper(count, **fields)
    sealing.seal_declaration(declaration=paper, by=BY)
    paper.refresh_from_db()
    return paper


def pact(count: int = 2) -> dict:
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT, title="Pakta Integritas (contoh)")
    return {"event": day.running_event(), "text_version": text, "signing_mode": "", "count": count}


def give_up(document: Document, message: str = "Kata sandi kunci segel salah.") -> RenderJob:
    RenderJob.objects.filter(document=document).update(state="failed", last_error=message)
    return RenderJob.objects.get(document=document)


def seal_sheet(document: Document) -> None:
    for model in (RenderJob, SealJob, SealJob):  # render, seal, what follows
        assert jobs.run(model.objects.claimable().get(document=document).pk) == "done"


def take_back(paper: Declaration, reason: str = "Nama salah eja") -> Declaration:
    sealing.take_back_sealing(declaration=paper, by=BY, reason=reason)
    paper.refresh_from_db()
    return paper


def void(document: Document, reason: str = "Nomor keliru.") -> None:
    void_document(document=document, reason=reason, by=BY)


def test_sealing_is_taken_back_and_the_corrected_paper_sealed():
    paper = being_sealed()
    first = paper.document
    give_up(first)

    paper = take_back(paper)

    first.refresh_from_db()
    assert (paper.state, paper.document, first.state) == ("closed", None, "void")
    entry = AuditEntry.objects.get(verb="declaration.sealing_taken_back")
    assert entry.facts["reason"] == "Nama salah eja"
    assert AuditEntry.objects.get(verb="document.withdrawn").object_id == str(first.pk)
    wrong = paper.signatures.valid().get(signatory=day.rows(paper)[1])
    review.resolve(signature=wrong, decision="revoke", reason="Salah orang", by=BY)
    paper = sealed(paper)
    assert (paper.state, paper.document.revision) == ("sealed", 1)


def test_taking_back_needs_a_reason_and_a_paper_that_is_being_sealed():
    paper = being_sealed()
    with pytest.raises(Refusal, match="Tuliskan alasan"):
        take_back(paper, " ")
    take_back(paper)
    with pytest.raises(Refusal, match="tidak sedang disegel"):
        take_back(paper)
    assert AuditEntry.objects.filter(verb="declaration.sealing_taken_back").count() == 1


def test_seal_that_has_arrived_is_not_taken_back():
    paper = being_sealed()
    for model in (RenderJob, SealJob):  # what follows the seal still waits
        jobs.run(model.objects.claimable().get().pk)

    with pytest.raises(Refusal, match="sudah disegel"):
        take_back(paper)

    jobs.run_pending()
    paper.refresh_from_db()
    assert (paper.state, paper.document.state) == ("sealed", "sealed")


def test_revision_that_is_taken_back_leaves_the_paper_sealed():
    paper = sealed(day.closed_paper(2))
    first = paper.document
    wrong = paper.signatures.valid().get(signatory=day.rows(paper)[1])
    review.resolve(signature=wrong, decision="revoke", reason="Salah orang", by=BY)
    sealing.seal_declaration(declaration=paper, by=BY, reason="Salah orang")

    paper = take_back(paper)

    assert (paper.state, paper.document, paper.document.state) == ("sealed", first, "sealed")


def test_sheets_of_a_pact_that_are_sealed_stay_when_the_others_are_taken_back():
    paper = being_sealed(**pact())
    first, second = Document.objects.order_by("title")
    seal_sheet(second)
    give_up(first)

    paper = take_back(paper)

    states = dict(Document.objects.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk]) == ("void", "sealed")
    assert (paper.state, paper.document) == ("closed", second)
    paper = sealed(paper)
    assert paper.state == "sealed"
    assert Document.objects.filter(state="sealed").count() == 2


def test_pact_is_sealed_when_the_sheet_that_failed_is_no_longer_wanted():
    paper = being_sealed(**pact())
    second = Document.objects.order_by("title").last()
    seal_sheet(second)
    paper = take_back(paper)
    row = day.rows(paper)[0]
    review.resolve(signature=row.signatures.get(), decision="revoke", reason="Salah orang", by=BY)

    document = sealing.seal_declaration(declaration=paper, by=BY)

    paper.refresh_from_db()
    assert (paper.state, paper.document, document) == ("sealed", second, second)


# -- revoked in the archive ---------------------------------------------------------------------------------------


def test_unsealed_paper_revoked_in_the_archive_lets_the_declaration_be_mended():
    paper = being_sealed()

    void(paper.document)

    paper.refresh_from_db()
    assert (paper.state, paper.document) == ("closed", None)
    assert sealed(paper).state == "sealed"


def test_sealed_paper_revoked_in_the_archive_makes_the_declaration_void():
    paper = sealed(day.closed_paper(2))

    void(paper.document)

    paper.refresh_from_db()
    assert (paper.state, paper.document.state) == ("void", "void")
    entry = AuditEntry.objects.get(verb="declaration.voided")
    assert entry.facts["reason"] == "Nomor keliru."
    with pytest.raises(Refusal, match="sudah dicabut"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Lagi")


def test_revoking_twice_is_noted_once():
    paper = sealed(day.closed_paper(1))
    void(paper.document)
    void(paper.document)
    assert AuditEntry.objects.filter(verb="declaration.voided").count() == 1


def test_pledge_and_two_party_paper_become_void_too():
    pledge_paper = read(
        factories.declaration(
            day.running_event(), signing_mode=SigningMode.READ_ALOUD, text_version=pledge(), by=BY
        )
    )
    signing.open_signing(declaration=pledge_paper, by=BY)
    event = day.running_event()
    agreement = signing.open_signing(declaration=two_party(event, factories.mou(event)), by=BY)
    day.everybody_signs(agreement)
    for paper in (pledge_paper, agreement):
        paper = sealed(signing.close_signing(declaration=paper, by=BY))
        void(paper.document)
        paper.refresh_from_db()
        assert paper.state == "void"


def test_pact_is_void_only_when_its_last_sheet_is_revoked():
    paper = sealed(day.closed_paper(**pact()))
    first = paper.document
    (second,) = Document.objects.exclude(pk=first.pk)

    void(first)
    paper.refresh_from_db()
    assert (paper.state, paper.document) == ("sealed", second)

    void(second)
    paper.refresh_from_db()
    assert paper.state == "void"


def test_paper_in_force_revoked_while_its_revision_is_made_leaves_the_revision_alone():
    paper = sealed(day.closed_paper(2))
    first = paper.document
    wrong = paper.signatures.valid().get(signatory=day.rows(paper)[1])
    review.resolve(signature=wrong, decision="revoke", reason="Salah orang", by=BY)
    sealing.seal_declaration(declaration=paper, by=BY, reason="Salah orang")

    void(first)

    paper.refresh_from_db()
    assert paper.state == "sealing"
    jobs.run_pending()
    paper.refresh_from_db()
    assert (paper.state, paper.document.revision, paper.document.state) == ("sealed", 2, "sealed")


def test_document_of_no_declaration_is_revoked_without_one():
    document = sealed_document(kind=Kind.DECLARATION, source=f"declaration:{uuid.uuid4()}")
    void(document)
    document.refresh_from_db()
    assert document.state == "void"


# -- the pages ---------------------------------------------------------------------------------------------------


def test_officer_orders_the_seal_and_comes_back_to_the_paper(client):
    paper = day.closed_paper(1)
    client.force_login(organizer_of(paper.event.office))

    response = client.post(reverse("declarations:seal", args=[paper.pk]))

    paper.refresh_from_db()
    assert (response.status_code, response.url) == (302, paper.get_absolute_url())
    assert paper.state == "sealing"


def test_refused_seal_says_why(client):
    paper = day.open_paper(1)
    client.force_login(organizer_of(paper.event.office))

    response = client.post(reverse("declarations:seal", args=[paper.pk]))

    assert response.status_code == 409
    assert "Tutup penandatanganan sebelum menyegel" in response.content.decode()


def test_preview_is_a_pdf_that_no_cache_keeps(client):
    paper = day.open_paper(1)
    client.force_login(organizer_of(paper.event.office))

    response = client.get(reverse("declarations:preview", args=[paper.pk]))

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in response["Cache-Control"]


def test_operator_may_not_seal_and_a_foreign_region_finds_nothing(client):
    paper = day.closed_paper(1)
    seal, preview = (reverse(f"declarations:{name}", args=[paper.pk]) for name in ("seal", "preview"))
    client.force_login(member(paper.event.office, Role.OPERATOR))
    assert client.post(seal).status_code == 403
    client.force_login(organizer_of(panwaslu_purwodadi()))
    assert (client.post(seal).status_code, client.get(preview).status_code) == (404, 404)


def test_page_of_a_paper_whose_seal_failed_says_why_and_offers_both_ways(client):
    paper = being_sealed()
    job = give_up(paper.document)
    client.force_login(organizer_of(paper.event.office))

    page = client.get(paper.get_absolute_url()).content.decode()

    assert "Kata sandi kunci segel salah." in page
    assert reverse("documents:retry", args=[job.pk]) in page
    assert "Tarik dan perbaiki" in page


def test_operator_reads_why_the_seal_failed_and_gets_no_button(client):
    paper = being_sealed()
    job = give_up(paper.document)
    client.force_login(member(paper.event.office, Role.OPERATOR))

    page = client.get(paper.get_absolute_url()).content.decode()

    assert "Kata sandi kunci segel salah." in page
    assert reverse("documents:retry", args=[job.pk]) not in page
    assert "Tarik dan perbaiki" not in page


def test_officer_takes_the_sealing_back_on_the_page(client):
    paper = being_sealed()
    url = reverse("declarations:take_back_sealing", args=[paper.pk])
    client.force_login(organizer_of(paper.event.office))
    assert client.post(url, {"alasan": ""}).status_code == 409

    response = client.post(url, {"alasan": "Nama salah eja"}, follow=True)

    paper.refresh_from_db()
    assert paper.state == "closed"
    assert (
        "Naskah ditarik dari penyegelan. Penandatanganan ditutup. Siap disegel." in response.content.decode()
    )


def test_pact_with_sealed_sheets_may_be_sealed_again_with_a_reason(client):
    paper = being_sealed(**pact())
    seal_sheet(Document.objects.order_by("title").last())
    take_back(paper)
    client.force_login(organizer_of(paper.event.office))

    assert "Segel dengan alasan revisi" in client.get(paper.get_absolute_url()).content.decode()
