"""Signatures that come to count after the seal: an addendum of their own, and the sealed paper stays as it is."""

import re

import pytest
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from declarations import paper_family, review, sealing, signing
from declarations.models import Declaration, Signatory
from declarations.models.texts import Kind
from documents import jobs, pdf, storage, verification
from documents.models import Document
from documents.sealing import snapshot_of, void_document
from events.models import Event
from tests.accounts.factories import organizer_of
from tests.declarations import day, factories
from tests.declarations.seals import sealed, words_of
from tests.declarations.tablets import Paired, verdicts

pytestmark = pytest.mark.django_db
BY = audit.SYSTEM


def sealed_by_some(signers: int = 1, listed: int = 3, **fields) -> Declaration:
    """Sealed after the first have signed; the others are missing."""
    paper = day.open_paper(listed, **fields)
    day.hand_in(paper, *[day.record(row, seed) for seed, row in enumerate(day.rows(paper)[:signers], 1)])
    return sealed(signing.close_signing(declaration=paper, by=BY))


def signs_late(
    paper: Declaration, row: Signatory, seed: int = 7, reason: str = "Hadir, tablet mati", **changes
):
    [held] = day.hand_in(paper, day.record(row, seed, **changes))
    assert (held.status, held.code) == ("held", "after_seal")
    return review.resolve(signature=held.signature, decision="accept", reason=reason, by=BY)


def revoke(signature, reason="Salah orang"):
    return review.resolve(signature=signature, decision="revoke", reason=reason, by=BY)


def addenda() -> list[Document]:
    return list(Document.objects.filter(kind="addendum").order_by("created_at"))


def states() -> dict[str, str]:
    return dict(Document.objects.values_list("title", "state"))


# -- late only ---------------------------------------------------------------------------------------------------


def test_late_signature_is_sealed_as_an_addendum_and_the_main_document_stays():
    paper = sealed_by_some()
    main, late = paper.document, day.rows(paper)[1]
    before = (main.sha256, main.state, storage.read(main.file))
    signs_late(paper, late)

    paper = sealed(paper)

    main.refresh_from_db()
    assert (main.sha256, main.state, storage.read(main.file)) == before
    assert (paper.state, paper.document) == ("sealed", main)
    [addendum] = addenda()
    assert (addendum.state, addendum.revision, addendum.supersedes, addendum.amends) == (
        "sealed",
        1,
        None,
        main,
    )
    assert addendum.title == "Addendum I – Tanda Tangan Susulan Deklarasi Netralitas (contoh)"


def test_addendum_names_the_main_document_and_only_the_late_signers():
    paper = sealed_by_some(number="012/PM.05/K.JI-12.05/10/2024")
    on_time, late, missing = day.rows(paper)
    signs_late(paper, late, reason="Hadir, tablet mati")
    main = sealed(paper).document

    [addendum] = addenda()
    words = words_of(addendum)
    assert "ADDENDUM I TANDA TANGAN SUSULAN" in words
    assert "Nomor: 012/PM.05/K.JI-12.05/10/2024" in words
    assert "2 Oktober 2024" in words
    assert all(group in words for group in re.findall("....", main.sha256))
    assert late.name in words
    assert "(susulan" in words
    assert "alasan susulan: Hadir, tablet mati" in words
    assert on_time.name not in words
    assert missing.name not in words
    to = snapshot_of(addendum)["addendum"]["to"]
    assert (to["document"], to["sha256"], to["revision"]) == (str(main.pk), main.sha256, 1)
    assert " ".join(re.findall("....", to["merkle_root"])[:8]) in words


def test_addenda_are_numbered_in_their_order():
    paper = sealed_by_some()
    _, second, third = day.rows(paper)
    for row in (second, third):
        signs_late(paper, row)
        paper = sealed(paper)

    assert [a.title.partition(" –")[0] for a in addenda()] == ["Addendum I", "Addendum II"]
    assert [a.state for a in addenda()] == ["sealed", "sealed"]
    assert second.name not in words_of(addenda()[1])


def test_addendum_passes_every_check_of_a_paper():
    paper = sealed_by_some()
    signs_late(paper, day.rows(paper)[1])
    sealed(paper)

    [addendum] = addenda()
    data = storage.read(addendum.file)
    assert pdf.validate(data) == []
    report = verification.verify_file(data)
    assert report.valid
    assert addendum.pdf_profile == "PDF/A-3a, PDF/UA-1"


def test_late_signature_needs_no_reason_to_be_sealed_but_nothing_else_does_without():
    paper = sealed_by_some()
    with pytest.raises(Refusal, match="Tuliskan alasan revisi"):
        sealing.seal_declaration(declaration=paper, by=BY)
    signs_late(paper, day.rows(paper)[1])

    assert sealed(paper).state == "sealed"

    with pytest.raises(Refusal, match="Tidak ada yang berubah"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Sekali lagi")


def test_second_click_gives_the_same_addendum():
    paper = sealed_by_some()
    signs_late(paper, day.rows(paper)[1])
    first = sealing.seal_declaration(declaration=paper, by=BY)
    entries = AuditEntry.objects.count()

    assert sealing.seal_declaration(declaration=paper, by=BY) == first
    assert (len(addenda()), AuditEntry.objects.count()) == (1, entries)


def test_who_refused_before_the_seal_and_signed_after_it_stands_on_both():
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    day.hand_in(paper, day.record(first), day.refusal(second))
    paper = sealed(signing.close_signing(declaration=paper, by=BY))
    main = paper.document
    signs_late(paper, second)

    paper = sealed(paper)

    assert paper.document == main
    assert "Tidak menandatangani" in words_of(main)
    assert second.name in words_of(addenda()[0])
    now = paper.signatories.current().get(attendee=second.attendee)
    assert (now.outcome, now.revision) == ("signed", 2)


def test_guest_accepted_after_the_seal_is_on_the_addendum_only():
    paper = sealed_by_some()
    guest = factories.attendee(paper.event, full_name="Tamu Terlambat (contoh)")
    person = {"name": "Tamu Terlambat (contoh)", "category": "pns"}
    [held] = day.hand_in(paper, day.record(day.rows(paper)[1], attendee=guest.pk, signatory=person))
    review.resolve(signature=held.signature, decision="accept", reason="Hadir", by=BY)

    main = paper.document
    assert sealed(paper).document == main
    assert "Tamu Terlambat" in words_of(addenda()[0])


def test_counted_again_the_late_signer_is_in_the_totals_of_the_event():
    paper = sealed_by_some()
    signs_late(paper, day.rows(paper)[1])

    counted = Declaration.objects.with_counts().get(pk=paper.pk)
    assert (counted.signed_count, counted.expected_count) == (2, 3)


def test_signature_after_archiving_still_becomes_an_addendum():
    paper = sealed_by_some()
    Event.objects.filter(pk=paper.event_id).update(state="archived")
    signs_late(paper, day.rows(paper)[1])

    assert sealed(paper).state == "sealed"
    assert len(addenda()) == 1


def test_nothing_else_of_an_archived_event_is_sealed_again():
    paper = sealed_by_some(2)
    revoke(paper.signatures.first())
    Event.objects.filter(pk=paper.event_id).update(state="archived")

    with pytest.raises(Refusal, match="diarsipkan"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Salah orang")


def test_late_pact_is_a_sheet_like_any_other():
    event = day.running_event()
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT, title="Pakta Integritas (contoh)")
    paper = sealed_by_some(1, 2, event=event, text_version=text, signing_mode="")
    signs_late(paper, day.rows(paper)[1])

    sealed(paper, reason="Susulan")

    assert (addenda(), Document.objects.sealed().count()) == ([], 2)


# -- together with corrections -----------------------------------------------------------------------------------


def test_correction_is_sealed_first_and_the_late_signature_afterwards():
    paper = sealed_by_some(2, 3)
    _, second, late = day.rows(paper)
    signs_late(paper, late)
    revoke(second.signatures.get())
    with pytest.raises(Refusal, match="Tuliskan alasan revisi"):
        sealing.seal_declaration(declaration=paper, by=BY)

    paper = sealed(paper, reason="Tanda tangan salah orang dibatalkan")

    assert (paper.document.revision, addenda(), paper_family.waiting_late(paper)) == (2, [], 1)
    assert "Tidak hadir" in words_of(paper.document)
    paper = sealed(paper)
    [addendum] = addenda()
    assert (addendum.amends, paper.document.revision) == (paper.document, 2)


def test_revision_of_the_main_document_leaves_its_addendum_alone():
    paper = sealed_by_some(2, 3)
    _, second, late = day.rows(paper)
    signs_late(paper, late)
    paper = sealed(paper)
    [addendum] = addenda()
    revoke(second.signatures.get())

    paper = sealed(paper, reason="Salah orang")

    addendum.refresh_from_db()
    assert (addendum.state, paper.document.revision) == ("sealed", 2)
    assert late.name in words_of(addendum)
    words = words_of(paper.document)
    assert late.name in words.partition("Tidak hadir")[2]
    assert "Tanda tangan susulan dimuat tersendiri dalam Addendum I." in words
    with pytest.raises(Refusal, match="Tidak ada yang berubah"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Sekali lagi")


def test_late_signature_taken_back_revokes_the_addendum_it_stood_on_alone():
    paper = sealed_by_some()
    main, late = paper.document, day.rows(paper)[1]
    signature = signs_late(paper, late)
    paper = sealed(paper)

    revoke(signature)
    paper = sealed(paper, reason="Salah orang")

    [addendum] = addenda()
    main.refresh_from_db()
    assert (addendum.state, main.state, paper.state, paper.document) == ("void", "sealed", "sealed", main)
    now = paper.signatories.current().get(attendee=late.attendee)
    assert now.outcome == late.outcome


def test_late_signature_taken_back_from_two_makes_a_revision_of_the_addendum():
    paper = sealed_by_some()
    main, (_, second, third) = paper.document, day.rows(paper)
    wrong = signs_late(paper, second)
    signs_late(paper, third)
    paper = sealed(paper)
    revoke(wrong)

    paper = sealed(paper, reason="Salah orang")

    old, new = addenda()
    assert (old.state, new.state, new.revision, new.amends) == ("superseded", "sealed", 2, main)
    assert second.name not in words_of(new)
    assert (paper.document, paper.document.revision) == (main, 1)


def test_refusal_counts_again_when_the_late_signature_is_taken_back():
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    day.hand_in(paper, day.record(first), day.refusal(second))
    paper = sealed(signing.close_signing(declaration=paper, by=BY))
    signature = signs_late(paper, second)

    revoke(signature)

    now = paper.signatories.current().get(attendee=second.attendee)
    assert (now.outcome, now.signatures.valid().get().outcome) == ("refused", "refused")
    with pytest.raises(Refusal, match="Tidak ada yang berubah"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Salah orang")


def test_number_of_a_revoked_addendum_is_not_used_again_and_its_people_get_the_next():
    paper = sealed_by_some()
    signs_late(paper, day.rows(paper)[1])
    paper = sealed(paper)
    void_document(document=addenda()[0], reason="Nomor keliru.", by=BY)

    paper.refresh_from_db()
    assert (paper.state, paper_family.waiting_late(paper)) == ("sealed", 1)
    sealed(paper)
    assert [a.title.partition(" –")[0] for a in addenda()] == ["Addendum I", "Addendum II"]


def test_main_document_revoked_takes_its_addenda_with_it():
    paper = sealed_by_some()
    signs_late(paper, day.rows(paper)[1])
    paper = sealed(paper)

    void_document(document=paper.document, reason="Nomor keliru.", by=BY)

    [addendum] = addenda()
    paper.refresh_from_db()
    assert (paper.state, addendum.state) == ("void", "void")
    assert addendum.void_reason == "Dokumen utamanya dicabut: Nomor keliru."


def test_addendum_that_is_taken_back_leaves_the_paper_sealed():
    paper = sealed_by_some()
    main = paper.document
    signs_late(paper, day.rows(paper)[1])
    sealing.seal_declaration(declaration=paper, by=BY)

    sealing.take_back_sealing(declaration=paper, by=BY, reason="Nama salah eja")

    paper.refresh_from_db()
    assert (paper.state, paper.document) == ("sealed", main)
    sealed(paper)
    assert [a.state for a in addenda()] == ["void", "sealed"]
    assert addenda()[1].title.startswith("Addendum I –")


def test_undecided_record_does_not_make_a_new_document():
    paper = sealed_by_some()
    day.hand_in(paper, day.record(day.rows(paper)[1]))

    with pytest.raises(Refusal, match="Tidak ada yang berubah"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Ada yang menunggu")


# -- what people see ---------------------------------------------------------------------------------------------


def test_page_lists_main_document_and_addenda_and_offers_the_seal(client):
    paper = sealed_by_some()
    signs_late(paper, day.rows(paper)[1])
    client.force_login(organizer_of(paper.event.office))

    html = client.get(paper.get_absolute_url()).content.decode()
    assert "1 tanda tangan susulan belum dimuat dalam dokumen" in html
    assert "Segel addendum" in html

    client.post(reverse("declarations:seal", args=[paper.pk]))
    jobs.run_pending()
    html = client.get(paper.get_absolute_url()).content.decode()
    assert "Dokumen utama dan addendum" in html
    assert "Addendum I – Tanda Tangan Susulan" in html
    assert "Segel addendum" not in html


def test_verification_shows_to_which_document_an_addendum_belongs(client):
    paper = sealed_by_some(number="012/PM.05/K.JI-12.05/10/2024")
    signs_late(paper, day.rows(paper)[1])
    main = sealed(paper).document
    [addendum] = addenda()

    html = client.get(addendum.verify_path).content.decode()
    assert "Addendum ini melengkapi" in html
    assert main.verify_path in html
    assert main.sha256 in html
    assert day.rows(paper)[1].name not in html
    assert addendum.verify_path in client.get(main.verify_path).content.decode()


def test_archive_shows_the_addendum_with_its_main_document(client):
    paper = sealed_by_some()
    signs_late(paper, day.rows(paper)[1])
    main = sealed(paper).document
    [addendum] = addenda()
    client.force_login(organizer_of(paper.event.office))

    assert "Addendum (tanda tangan susulan)" in client.get(reverse("documents:archive")).content.decode()
    assert main.get_absolute_url() in client.get(addendum.get_absolute_url()).content.decode()
    assert addendum.get_absolute_url() in client.get(main.get_absolute_url()).content.decode()


def test_what_a_tablet_sends_afterwards_does_not_change_the_sealed_document():
    event = day.running_event()
    paper, tablet = day.open_paper(2, event=event), Paired(event)
    first, second = day.rows(paper)
    tablet.hand_in(tablet.signs(first))
    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    tablet.hand_in(tablet.arrives(second.attendee))

    with pytest.raises(Refusal, match="Tidak ada yang berubah"):
        sealing.seal_declaration(declaration=paper, by=BY, reason="Tablet mengirim lagi")


def test_late_record_of_a_tablet_is_sealed_with_its_key_and_chain():
    event = day.running_event()
    paper, tablet = day.open_paper(2, event=event), Paired(event)
    first, second = day.rows(paper)
    tablet.hand_in(tablet.signs(first))
    paper = sealed(signing.close_signing(declaration=paper, by=BY))
    record = tablet.signs(second, 2)
    assert verdicts(tablet.hand_in(record)) == [("held", "after_seal")]
    review.resolve(
        signature=paper.signatures.get(pk=record.id), decision="accept", reason="Tablet mati", by=BY
    )

    sealed(paper)

    [addendum] = addenda()
    checks = verification.verify_file(storage.read(addendum.file)).checks
    assert {name: checks[name].status for name in ("evidence", "device_signatures", "chain")} == {
        "evidence": "ok",
        "device_signatures": "ok",
        "chain": "ok",
    }
