"""Signed with pen when no tablet worked: the sheet names the text, an officer notes the rows, the evidence says so."""

import copy
import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.roles import Role
from declarations import excerpts, from_sheets, paper_family, review, sealing, sheet_rows, signing
from declarations.evidence_check import _check_each_row_once, _check_entry
from declarations.mismatch import Mismatch
from declarations.models import Declaration, SheetSignature, Signatory
from documents import jobs
from events.attendees import restore_attendee, withdraw_attendee
from events.sheets import attach_scan, prepare_sheets, sheets_pdf
from tests.accounts.factories import member, organizer_of
from tests.declarations import day, factories
from tests.declarations.seals import words_of
from tests.declarations.test_evidence_file import evidence_in, report_of, sealed
from tests.events.papers import text_of

pytestmark = pytest.mark.django_db
REASON = "Listrik padam pukul 09.40, semua tablet mati."


@pytest.fixture
def sheet(paper):
    return prepare_sheets(event=paper.event, by=audit.SYSTEM, empty=2)[0]


def scan_of(sheet, rows, colour="white"):
    picture = io.BytesIO()
    Image.new("RGB", (20, 30), colour).save(picture, "JPEG")
    attach_scan(
        sheet=sheet,
        upload=picture.getvalue(),
        pages=[picture.getvalue()],
        rows=rows,
        occurred_at=timezone.now(),
        by=audit.SYSTEM,
    )


def keys(paper):
    return [row.key for row in sheet_rows.rows_of_scans(paper) if row.may_be_noted]


def note(paper, keys_, reason=REASON, by=audit.SYSTEM):
    return from_sheets.sign_from_sheets(declaration=paper, keys=keys_, reason=reason, by=by)


def outcomes(paper):
    return [row.outcome for row in day.rows(paper)]


def test_blank_sheet_says_which_text_a_signature_stands_for(paper, sheet):
    words = text_of(sheets_pdf(paper.event, [sheet]))
    words = " ".join(words.split())
    assert f"menyetujui naskah “{paper.title}”" in words
    assert f"(sidik naskah {paper.text_version.sha256[:8]})" in words


def test_signed_rows_count_with_hour_row_and_reason(paper, sheet):
    scan_of(sheet, [1, 2])
    assert note(paper, keys(paper)[:1]) == 1
    assert outcomes(paper) == ["signed", "pending", "pending"]
    made = SheetSignature.objects.get()
    assert (made.row, made.reason, made.signatory) == (1, REASON, day.rows(paper)[0])
    assert made.signatory.outcome_at == made.signed_at
    entry = AuditEntry.objects.get(verb="signature.noted_from_sheet")
    assert entry.facts["items"] == [
        {"id": str(made.signatory_id), "sheet": sheet.code, "row": 1},
    ]
    assert len(keys(paper)) == 1  # the other row is still there to be noted


def test_row_counts_once_and_only_as_the_scan_shows_it(paper, sheet):
    scan_of(sheet, [1])
    [key] = keys(paper)
    note(paper, [key])
    for wrong in ([key], [key.replace(":1", ":2")], ["bukan kunci"]):
        with pytest.raises(Refusal, match="sudah berubah"):
            note(paper, wrong)
    for wrong, reason, words in (
        ([key], " ", "Tuliskan alasan"),
        ([], REASON, "Centang sedikitnya satu baris"),
    ):
        with pytest.raises(Refusal, match=words):
            note(paper, wrong, reason)
    assert SheetSignature.objects.count() == 1


def test_two_scans_of_one_row_count_for_one_person_once(paper, sheet):
    scan_of(sheet, [1])
    scan_of(sheet, [1], "gray")
    both = keys(paper)
    assert len(both) == 2
    with pytest.raises(Refusal, match="dicentang dua kali"):
        note(paper, both)
    note(paper, both[:1])
    assert keys(paper) == []


def test_sheet_that_does_not_name_the_text_stands_for_nothing(paper, sheet):
    """Printed before the paper was added, or for another text."""
    text = factories.approved_text(title="Ikrar Lain (contoh)")
    other = factories.declaration(paper.event, audit.SYSTEM, text_version=text)
    signing.open_signing(declaration=other, by=audit.SYSTEM)
    scan_of(sheet, [1])
    assert keys(paper)
    assert keys(other) == []
    again = prepare_sheets(event=paper.event, by=audit.SYSTEM, empty=2)[0]
    assert again.series == sheet.series + 1
    assert {text["sha256"] for text in again.texts} == {paper.text_version.sha256, other.text_version.sha256}


def test_who_chose_on_a_tablet_is_not_noted_and_a_later_record_counts_instead(paper, sheet):
    scan_of(sheet, [1, 2, 3])
    first, second, _ = day.rows(paper)
    day.hand_in(paper, day.refusal(first))
    assert len(keys(paper)) == 2
    note(paper, keys(paper)[:1])
    [late] = day.hand_in(paper, day.record(second))
    assert late.status == "stored"
    assert late.signature.status == "valid"
    from_sheets.withdraw_note(
        note=SheetSignature.objects.get(), reason="Sudah lewat tablet.", by=audit.SYSTEM
    )
    assert outcomes(paper) == ["refused", "signed", "pending"]


def test_who_was_taken_off_the_list_is_noted_only_when_back_on_it(paper, sheet):
    scan_of(sheet, [1])
    [key] = keys(paper)
    person = withdraw_attendee(attendee=day.rows(paper)[0].attendee, by=audit.SYSTEM)
    with pytest.raises(Refusal, match="sudah berubah"):
        note(paper, [key])
    restore_attendee(attendee=person, by=audit.SYSTEM)
    assert note(paper, [key]) == 1


def test_note_made_in_error_is_taken_back(paper, sheet):
    scan_of(sheet, [1])
    note(paper, keys(paper))
    made = SheetSignature.objects.get()
    with pytest.raises(Refusal, match="Tuliskan alasan"):
        from_sheets.withdraw_note(note=made, reason="", by=audit.SYSTEM)
    from_sheets.withdraw_note(note=made, reason="Salah baris.", by=audit.SYSTEM)
    assert outcomes(paper)[0] == "pending"
    with pytest.raises(Refusal, match="sudah ditarik"):
        from_sheets.withdraw_note(note=made, reason="Lagi.", by=audit.SYSTEM)
    note(paper, keys(paper))  # and noted again
    assert outcomes(paper)[0] == "signed"


@pytest.mark.parametrize("state", ["draft", "sealing", "void"])
def test_only_while_signing_is_open_or_just_closed(paper, sheet, state):
    scan_of(sheet, [1])
    found = keys(paper)
    type(paper).objects.filter(pk=paper.pk).update(state=state)
    with pytest.raises(Refusal) as refused:
        note(paper, found)
    assert refused.value.message == from_sheets.NOT_NOW[state]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE declarations_sheetsignature SET reason = 'Lain'",
        "UPDATE declarations_sheetsignature SET row = 9",
        "DELETE FROM declarations_sheetsignature",
    ],
)
def test_note_is_written_once(paper, sheet, sql):
    scan_of(sheet, [1])
    note(paper, keys(paper))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


# -- in the sealed paper -------------------------------------------------------------------------------------------


@pytest.fixture
def document(paper, sheet):
    """One signed on the page, one with pen, one was not there."""
    first, _, _ = day.rows(paper)
    day.hand_in(paper, day.record(first))
    scan_of(sheet, [2])
    note(paper, keys(paper))
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    return sealed(paper)


def test_paper_prints_sheet_and_row_and_a_stranger_can_check_it(document, sheet):
    words = words_of(document)
    assert f"lembar {sheet.code}" in words
    assert "baris 2" in words
    assert "Tanda tangan di kertas" in words
    report = report_of(document)
    assert report.valid, report.checks
    assert "1 tanda tangan di lembar kertas, dicatat petugas." in report.checks["device_signatures"].message
    entry = evidence_in(document)["signatories"][1]
    scan = sheet.scans.get()
    assert (entry["outcome"], entry["channel"]) == ("signed", "paper")
    assert entry["sheet"] == {"ref": sheet.code, "row": 2, "scan_sha256": scan.sha256}
    assert entry["decision"]["reason"] == REASON
    assert "record" not in entry
    assert "method" not in entry


def sealed_again(paper, **more):
    made = sealing.seal_declaration(declaration=Declaration.objects.get(pk=paper.pk), by=audit.SYSTEM, **more)
    jobs.run_pending()
    made.refresh_from_db()
    return made


def accepted(paper, record):
    """Handed in after the seal and accepted by an officer."""
    [late] = day.hand_in(paper, record)
    assert (late.status, late.code) == ("held", "after_seal")
    review.resolve(signature=late.signature, decision="accept", reason="Susulan.", by=audit.SYSTEM)
    return late.signature


def test_sealed_paper_with_a_note_stays_as_it_is(document, paper):
    with pytest.raises(Refusal) as refused:
        sealed_again(paper, reason="Uji.")
    assert refused.value.message == sealing.UNCHANGED


def test_late_signature_beside_a_note_becomes_an_addendum_of_its_own(document, paper):
    accepted(paper, day.record(day.rows(paper)[2]))
    assert paper_family.waiting_late(Declaration.objects.get(pk=paper.pk)) == 1
    addendum = sealed_again(paper)
    assert addendum.kind == paper_family.ADDENDUM
    assert len(evidence_in(addendum)["signatories"]) == 1
    assert report_of(addendum).valid
    with pytest.raises(Refusal) as refused:
        sealed_again(paper, reason="Uji.")
    assert refused.value.message == sealing.UNCHANGED


def test_late_record_of_who_signed_with_pen_is_a_revision_and_no_second_signature(document, paper):
    late = accepted(paper, day.record(day.rows(paper)[1]))
    assert day.rows(paper)[1].revision == 1
    with pytest.raises(Refusal, match="alasan revisi"):
        sealed_again(paper)
    revision = sealed_again(paper, reason="Rekaman tablet ditemukan.")
    assert (revision.kind, revision.revision) == (paper.kind, 2)
    people = evidence_in(revision)["signatories"]
    assert [person["outcome"] for person in people] == ["signed", "signed", "absent"]
    assert people[1]["record_sha256"] == late.record_sha256
    assert report_of(revision).valid


def test_record_taken_back_leaves_the_note_in_force(paper, sheet):
    scan_of(sheet, [2])
    note(paper, keys(paper))
    [later] = day.hand_in(paper, day.record(day.rows(paper)[1]))
    review.resolve(signature=later.signature, decision="revoke", reason="Salah orang.", by=audit.SYSTEM)
    row = day.rows(paper)[1]
    assert (row.outcome, row.outcome_at) == ("signed", SheetSignature.objects.get().signed_at)


def test_refusal_after_a_signature_with_pen_waits_for_an_officer(paper, sheet):
    scan_of(sheet, [2])
    note(paper, keys(paper))
    [later] = day.hand_in(paper, day.refusal(day.rows(paper)[1]))
    assert (later.status, later.code) == ("conflict", "refusal_after_signature")
    assert outcomes(paper)[1] == "signed"


def test_paper_signed_with_pen_alone_speaks_of_no_electronic_signature(paper, sheet, document):
    assert "tanda tangan elektronik tidak tersertifikasi" in words_of(
        document
    )  # the first signed on the page
    only_pen = day.open_paper(2)
    [own, *_] = prepare_sheets(event=only_pen.event, by=audit.SYSTEM, empty=2)
    scan_of(own, [1])
    note(only_pen, keys(only_pen))
    signing.close_signing(declaration=only_pen, by=audit.SYSTEM)
    words = words_of(sealed(only_pen))
    assert "tidak tersertifikasi" not in words
    assert "Dokumen ini disegel secara elektronik oleh" in words


def test_sealed_paper_takes_no_more_notes(document, paper):
    with pytest.raises(Refusal, match="sudah disegel"):
        note(paper, ["x:1"])


def test_pen_has_no_kutipan_and_says_why(document):
    with pytest.raises(Refusal, match="tidak ada catatan elektronik untuk dikutip"):
        excerpts.issue_excerpt(signatory=SheetSignature.objects.get().signatory, by=audit.SYSTEM)


def spoilt(entry, what):
    match what:
        case "no sheet":
            del entry["sheet"]
        case "no scan":
            entry["sheet"]["scan_sha256"] = ""
        case "no reason":
            entry["decision"]["reason"] = ""
        case "other door":
            entry["channel"] = "kiosk"
        case "refused":
            entry["outcome"] = "refused"
        case "row in words":
            entry["sheet"]["row"] = "2"


@pytest.mark.parametrize(
    "what", ["no sheet", "no scan", "no reason", "other door", "refused", "row in words"]
)
def test_pen_without_its_sheet_or_reason_is_named(document, what):
    evidence = copy.deepcopy(evidence_in(document))
    entry = evidence["signatories"][1]
    spoilt(entry, what)
    with pytest.raises(Mismatch, match="nomor 2"):
        _check_entry(entry, evidence)


def test_one_row_for_two_people_is_named(document):
    people = copy.deepcopy(evidence_in(document))["signatories"]
    people[2]["sheet"] = people[1]["sheet"]
    with pytest.raises(Mismatch, match="nomor 2 dan nomor 3 memakai satu baris"):
        _check_each_row_once(people)


# -- pages ---------------------------------------------------------------------------------------------------------


def test_officer_ticks_rows_and_keeps_what_was_typed(client, paper, sheet):
    client.force_login(organizer_of(paper.event.office))
    address = reverse("declarations:sheet_notes", args=[paper.pk])
    assert "Belum ada baris yang ditandatangani" in client.get(address).content.decode()
    assert address not in client.get(paper.get_absolute_url()).content.decode()
    scan_of(sheet, [1, 2])
    assert address in client.get(paper.get_absolute_url()).content.decode()
    first, second = keys(paper)
    wrong = client.post(address, {"baris": [first], "alasan": ""})
    page = wrong.content.decode()
    assert wrong.status_code == 400
    assert "Tuliskan alasan" in page
    assert f'value="{first}" id="baris-1" checked' in page
    assert client.post(address, {"baris": [first, second], "alasan": REASON}).status_code == 302
    page = client.get(address).content.decode()
    assert page.count("Tarik catatan") >= 2
    made = SheetSignature.objects.first()
    client.post(
        reverse("declarations:sheet_note_withdraw", args=[paper.pk, made.pk]), {"alasan": "Salah baris."}
    )
    assert Signatory.objects.get(pk=made.signatory_id).outcome == "pending"


def test_note_of_another_paper_is_unknown(client, paper, sheet):
    scan_of(sheet, [1])
    note(paper, keys(paper))
    other = day.open_paper(1)
    client.force_login(member(other.event.office, Role.ORGANIZER))
    made = SheetSignature.objects.get()
    address = reverse("declarations:sheet_note_withdraw", args=[other.pk, made.pk])
    assert client.post(address, {"alasan": "Uji."}).status_code == 404
    made.refresh_from_db()
    assert made.withdrawn_at is None
