"""Decisions about doubtful records: with a reason, in the log, and nothing is deleted."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.roles import Role
from declarations import review, signing
from declarations.models import Declaration, InboxItem, Signature
from events.attendees import change_attendee, withdraw_attendee
from events.models import AttendanceRecord, Event
from tests.accounts.factories import member, organizer_of, panwaslu_purwodadi
from tests.declarations import day, factories

pytestmark = pytest.mark.django_db
BY = audit.SYSTEM


def resolve(signature, decision, reason="Diperiksa dengan orangnya", **extra):
    return review.resolve(signature=signature, decision=decision, reason=reason, by=BY, **extra)


def conflict(paper, first=day.record, second=day.refusal):
    """(row, signature that counts, the one that waits)"""
    row = day.rows(paper)[0]
    results = day.hand_in(paper, first(row), second(row))
    row.refresh_from_db()
    return row, results[0].signature, results[1].signature


# -- two outcomes of one person ----------------------------------------------------------------------------------


def test_accepting_the_later_one_revokes_the_first():
    paper = day.open_paper(1)
    row, first, later = conflict(paper, day.refusal, day.record)

    resolve(later, "accept")

    for item in (row, first, later):
        item.refresh_from_db()
    assert (first.status, later.status, row.outcome) == ("revoked", "valid", "signed")
    assert (first.status_reason, later.status_reason) == ("Diperiksa dengan orangnya",) * 2
    assert review.open_questions(paper) == 0


def test_keeping_the_first_leaves_both_as_they_are():
    paper = day.open_paper(1)
    row, first, later = conflict(paper)

    resolve(later, "keep")

    for item in (row, first, later):
        item.refresh_from_db()
    assert (first.status, later.status, row.outcome) == ("valid", "conflict", "signed")
    assert later.decided_at is not None
    assert review.open_questions(paper) == 0


def test_revoking_the_later_one_settles_the_question():
    paper = day.open_paper(1)
    _, first, later = conflict(paper)

    resolve(later, "revoke")

    assert (resolve_state(first), resolve_state(later)) == ("valid", "revoked")
    assert review.open_questions(paper) == 0


def resolve_state(signature) -> str:
    return Signature.objects.get(pk=signature.pk).status


def test_revoking_what_counts_sets_the_person_back():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row))

    resolve(result.signature, "revoke", "Salah orang")

    row.refresh_from_db()
    assert (row.outcome, row.outcome_at) == ("pending", None)
    [again] = day.hand_in(paper, day.record(row))
    assert again.status == "stored"


def test_content_of_a_signature_survives_every_decision():
    paper = day.open_paper(1)
    _, first, later = conflict(paper)
    before = {s.pk: (bytes(s.record), s.record_sha256) for s in Signature.objects.all()}

    resolve(later, "accept")
    resolve(first, "accept")

    assert {s.pk: (bytes(s.record), s.record_sha256) for s in Signature.objects.all()} == before


# -- held --------------------------------------------------------------------------------------------------------


def test_accepted_latecomer_counts():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    Declaration.objects.filter(pk=paper.pk).update(state="draft")
    [held] = day.hand_in(paper, day.record(row))
    Declaration.objects.filter(pk=paper.pk).update(state="open")

    resolve(held.signature, "accept")

    row.refresh_from_db()
    assert (resolve_state(held.signature), row.outcome) == ("valid", "signed")


def late(paper):
    """A signature that came in after closing and waits."""
    signing.close_signing(declaration=paper, by=BY)
    Declaration.objects.filter(pk=paper.pk).update(closed_at=timezone.now() - timedelta(hours=1))
    paper.refresh_from_db()
    [held] = day.hand_in(paper, day.record(day.rows(paper)[0]))
    return held.signature


def test_accepted_latecomer_is_in_the_attendance():
    paper = day.open_paper(1)
    signature = late(paper)
    assert (signature.status, AttendanceRecord.objects.count()) == ("held", 0)

    resolve(signature, "accept")

    arrival = AttendanceRecord.objects.get()
    assert (arrival.pk, arrival.method, arrival.occurred_at, arrival.successful) == (
        signature.pk,
        "tanda_tangan",
        signature.signed_at,
        True,
    )
    assert arrival.attendee.first_seen_at == signature.signed_at


def test_signature_accepted_again_is_the_same_arrival():
    paper = day.open_paper(1)
    [result] = day.hand_in(paper, day.record(day.rows(paper)[0]))

    resolve(result.signature, "revoke")
    resolve(result.signature, "accept")

    assert AttendanceRecord.objects.get().pk == result.id


@pytest.mark.parametrize("state", ["draft", "scheduled", "cancelled"])
def test_decision_neither_starts_an_event_nor_fails_on_one_that_never_was(state):
    paper = day.open_paper(1)
    signature = late(paper)
    Event.objects.filter(pk=paper.event_id).update(state=state)

    resolve(signature, "accept")

    assert resolve_state(signature) == "valid"
    assert (Event.objects.get().state, AttendanceRecord.objects.count()) == (state, 0)


def test_accepted_guest_gets_a_row_on_the_paper():
    paper = day.open_paper(1)
    guest = factories.attendee(paper.event, full_name="Tamu (contoh)")
    person = {"name": "Tamu (contoh)", "category": "pns"}
    [held] = day.hand_in(paper, day.record(day.rows(paper)[0], attendee=guest.pk, signatory=person))

    resolve(held.signature, "accept")

    row = paper.signatories.get(attendee=guest)
    assert (row.name, row.outcome) == ("Tamu (contoh)", "signed")


def test_unknown_person_is_accepted_as_somebody_of_the_list_only():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    stranger = factories.attendee(factories.event(), full_name="Orang Lain (contoh)")
    [held] = day.hand_in(paper, day.record(row, attendee=stranger.pk))

    with pytest.raises(Refusal, match="Pilih nama penanda tangan"):
        resolve(held.signature, "accept")
    resolve(held.signature, "accept", signatory=row)

    row.refresh_from_db()
    assert row.outcome == "signed"


def test_person_of_the_event_never_counts_as_somebody_else():
    paper = day.open_paper(2)
    listed, other = day.rows(paper)
    guest = factories.attendee(paper.event, full_name="Tamu (contoh)")
    person = {"name": "Tamu (contoh)", "category": "pns"}
    [held] = day.hand_in(paper, day.record(listed, attendee=guest.pk, signatory=person))

    with pytest.raises(Refusal, match="milik Tamu"):
        resolve(held.signature, "accept", signatory=other)

    other.refresh_from_db()
    assert (resolve_state(held.signature), other.outcome) == ("held", "pending")
    assert not paper.signatories.filter(attendee=guest).exists()


def test_signature_under_another_text_never_counts_on_this_paper():
    paper = day.open_paper(1)
    [held] = day.hand_in(paper, day.record(day.rows(paper)[0], text_sha256="0" * 64))

    with pytest.raises(Refusal, match="lain bunyinya"):
        resolve(held.signature, "accept")
    resolve(held.signature, "revoke")

    assert (resolve_state(held.signature), review.open_questions(paper)) == ("revoked", 0)


# -- who stood in goes with the signature ------------------------------------------------------------------------


def stood_in(row):
    """A signature that somebody else made for the person of the row."""
    return day.record(
        row,
        capacity="on_behalf_of",
        signatory={"name": "Wakil (contoh)", "category": "pns", "position": "Sekretaris Desa"},
        on_behalf_of={"name": row.name, "position": row.position, "letter_no": "094/12/2024"},
    )


def printed(row) -> tuple:
    row.refresh_from_db()
    return row.name, row.position, row.capacity, row.on_behalf_of_name, row.letter_no, row.outcome


def test_stand_in_is_gone_when_the_signature_is_revoked():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, stood_in(row))

    resolve(result.signature, "revoke", "Pejabatnya datang sendiri")

    assert printed(row) == ("Peserta A (contoh)", "Kepala Seksi", "self", "", "", "pending")
    [own] = day.hand_in(paper, day.record(row))
    assert printed(row) == ("Peserta A (contoh)", "Kepala Seksi", "self", "", "", "signed")
    assert own.signature.flags == []


def test_own_signature_accepted_instead_of_the_stand_in_bears_the_own_name():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    _, own = day.hand_in(paper, stood_in(row), day.record(row))

    resolve(own.signature, "accept")

    assert printed(row) == ("Peserta A (contoh)", "Kepala Seksi", "self", "", "", "signed")


def test_name_that_came_with_a_revoked_signature_is_taken_off_the_post():
    event = day.running_event()
    factories.attendee(event, full_name="", position="Kepala Desa Betiting", category="kepala_desa")
    paper = day.open_paper(0, event=event)
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row, signatory={"name": "Keliru", "category": "kepala_desa"}))

    resolve(result.signature, "revoke", "Salah orang")

    row.refresh_from_db()
    assert (row.name, row.outcome) == ("", "pending")


def test_name_printed_under_a_signature_survives_a_later_rename_and_a_decision():
    paper = day.open_paper(1)
    row, _, later = conflict(paper, day.refusal, day.record)
    change_attendee(attendee=row.attendee, full_name="Nama Baru (contoh)", by=BY)

    resolve(later, "accept")

    row.refresh_from_db()
    assert (row.name, row.outcome) == ("Peserta A (contoh)", "signed")


def test_row_of_another_paper_is_no_answer():
    paper = day.open_paper(1)
    other = day.rows(day.open_paper(1))[0]
    stranger = factories.attendee(factories.event(), full_name="Orang Lain (contoh)")
    [held] = day.hand_in(paper, day.record(day.rows(paper)[0], attendee=stranger.pk))

    with pytest.raises(Refusal):
        resolve(held.signature, "accept", signatory=other)


def test_removed_person_is_accepted_after_all():
    paper = day.open_paper(2)
    row = day.rows(paper)[0]
    withdraw_attendee(attendee=row.attendee, by=BY)
    [held] = day.hand_in(paper, day.record(row))

    resolve(held.signature, "accept")

    row.refresh_from_db()
    assert row.outcome == "signed"


# -- what refuses ------------------------------------------------------------------------------------------------


def test_decision_without_a_reason_is_refused():
    _, _, later = conflict(day.open_paper(1))

    with pytest.raises(Refusal, match="Tuliskan alasan"):
        resolve(later, "accept", "  ")
    assert resolve_state(later) == "conflict"


def test_only_doubles_can_keep_the_first():
    paper = day.open_paper(1)
    [result] = day.hand_in(paper, day.record(day.rows(paper)[0]))

    with pytest.raises(Refusal, match="ganda"):
        resolve(result.signature, "keep")


@pytest.mark.parametrize(
    ("decision", "words"),
    [("accept", "sudah berlaku"), ("revoke", "sudah dibatalkan"), ("keep", "sudah dipertahankan")],
)
def test_same_decision_twice_is_refused(decision, words):
    _, _, later = conflict(day.open_paper(1))
    resolve(later, decision)

    with pytest.raises(Refusal, match=words):
        resolve(later, decision)


def test_nothing_is_decided_while_the_paper_is_being_sealed():
    paper = day.open_paper(1)
    _, _, later = conflict(paper)
    Declaration.objects.filter(pk=paper.pk).update(state="sealing")

    with pytest.raises(Refusal, match="sedang disegel"):
        resolve(later, "accept")


def test_every_decision_is_in_the_log():
    _, first, later = conflict(day.open_paper(1))

    resolve(later, "accept", "Benar orangnya")

    entry = AuditEntry.objects.get(verb="signature.reviewed")
    assert entry.facts == {
        "decision": "accept",
        "reason": "Benar orangnya",
        "counts_for": str(later.signatory_id),
        "changes": {"status": ["conflict", "valid"]},
    }
    assert AuditEntry.objects.get(verb="signature.replaced").object_id == str(first.pk)


def test_unreadable_body_is_settled_once_and_stays():
    paper = day.open_paper(1)
    day.hand_in(paper, b"?")
    item = InboxItem.objects.get()

    review.settle_item(item=item, reason="Percobaan jaringan", by=BY)
    review.settle_item(item=item, reason="Lagi", by=BY)

    item.refresh_from_db()
    assert (item.resolution, bytes(item.body)) == ("Percobaan jaringan", b"?")
    assert review.open_questions(paper) == 0


# -- the page ----------------------------------------------------------------------------------------------------


def page(paper) -> str:
    return reverse("declarations:review", args=[paper.pk])


def test_page_shows_both_drawings_side_by_side_and_why(client):
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    day.hand_in(
        paper, day.record(first), day.record(first, 2), day.record(second, text_sha256="0" * 64), b"?"
    )
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()

    assert html.count('fill="#0b1f5c"') == 3
    assert "Orang yang sama sudah tercatat pada naskah ini." in html
    assert "Naskah yang ditandatangani bukan naskah yang ditetapkan" in html
    assert "Catatan tidak ditulis dalam bentuk bakunya." in html
    assert "style=" not in html


def test_decision_on_the_page_needs_a_reason_and_is_carried_out(client):
    paper = day.open_paper(1)
    _, _, later = conflict(paper)
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:review_resolve", args=[paper.pk, later.pk])

    assert client.post(url, {"keputusan": "accept", "alasan": ""}).status_code == 409
    assert resolve_state(later) == "conflict"
    response = client.post(url, {"keputusan": "accept", "alasan": "Diperiksa"})
    assert (response.status_code, response.url) == (302, page(paper))
    assert resolve_state(later) == "valid"


def test_two_officers_with_the_same_page_do_not_undo_each_other(client):
    """The second has read *menunggu*; "Batalkan" must not strike out what the colleague has let count meanwhile."""
    paper = day.open_paper(1)
    _, _, later = conflict(paper, day.refusal, day.record)
    url = reverse("declarations:review_resolve", args=[paper.pk, later.pk])
    client.force_login(organizer_of(paper.event.office))
    body = {"keadaan": seen_on(client.get(url)), "alasan": "Diperiksa"}
    resolve(later, "accept", "Orangnya ditanya")

    answer = client.post(url, {**body, "keputusan": "revoke"})

    assert answer.status_code == 409
    assert "baru saja diputuskan (berlaku): Orangnya ditanya." in answer.content.decode()
    assert resolve_state(later) == "valid"
    assert AuditEntry.objects.filter(verb="signature.reviewed").count() == 1
    again = {**body, "keadaan": seen_on(client.get(url)), "keputusan": "revoke"}
    assert client.post(url, again).status_code == 302
    assert resolve_state(later) == "revoked"


def test_button_touched_twice_decides_once(client):
    paper = day.open_paper(1)
    _, _, later = conflict(paper)
    url = reverse("declarations:review_resolve", args=[paper.pk, later.pk])
    client.force_login(organizer_of(paper.event.office))
    body = {"keadaan": seen_on(client.get(url)), "keputusan": "keep", "alasan": "Diperiksa"}

    assert [client.post(url, body).status_code for _ in range(2)] == [302, 409]
    assert AuditEntry.objects.filter(verb="signature.reviewed").count() == 1


def seen_on(response) -> str:
    [found] = re.findall(r'name="keadaan" value="([^"]*)"', response.content.decode())
    return found


def test_officer_who_settles_a_body_second_reads_whose_decision_stands(client):
    paper = day.open_paper(1)
    day.hand_in(paper, b"nonsense")
    item = paper.inbox_items.get()
    review.settle_item(item=item, reason="Dicoba ulang", by=organizer_of(paper.event.office))
    client.force_login(organizer_of(paper.event.office))

    answer = client.post(page(paper), {"kiriman": item.pk, "alasan": "Lain"}, follow=True)

    assert "sudah diputuskan" in answer.content.decode()
    assert "Dicoba ulang. Keputusan itu tetap berlaku." in answer.content.decode()


def test_signature_under_the_wrong_name_is_taken_back_on_its_own_page(client):
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row))
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:review_resolve", args=[paper.pk, result.id])

    assert url in client.get(page(paper)).content.decode()
    html = client.get(url).content.decode()
    assert ('value="revoke"' in html, 'value="accept"' in html) == (True, False)
    client.post(url, {"keputusan": "revoke", "alasan": "Salah orang"})

    row.refresh_from_db()
    assert (resolve_state(result.signature), row.outcome) == ("revoked", "pending")


@pytest.mark.parametrize("data", [{}, {"keputusan": "delete", "alasan": "x"}])
def test_unknown_decision_is_not_found(client, data):
    paper = day.open_paper(1)
    _, _, later = conflict(paper)
    client.force_login(organizer_of(paper.event.office))

    assert (
        client.post(reverse("declarations:review_resolve", args=[paper.pk, later.pk]), data).status_code
        == 404
    )


@pytest.mark.parametrize("number", ["", "abc", "9" * 40, "999999"])
def test_unknown_body_is_not_found(client, number):
    paper = day.open_paper(1)
    client.force_login(organizer_of(paper.event.office))

    assert client.post(page(paper), {"kiriman": number, "alasan": "x"}).status_code == 404


def test_operator_may_not_review_and_a_foreign_region_sees_nothing(client):
    paper = day.open_paper(1)
    client.force_login(member(paper.event.office, Role.OPERATOR))
    assert client.get(page(paper)).status_code == 403
    client.force_login(organizer_of(panwaslu_purwodadi()))
    assert client.get(page(paper)).status_code == 404


def test_empty_list_says_so(client):
    paper = day.open_paper(1)
    client.force_login(organizer_of(paper.event.office))

    assert "Tidak ada yang perlu ditinjau." in client.get(page(paper)).content.decode()


def test_page_asks_the_database_as_often_for_one_as_for_three(client):
    paper = day.open_paper(3)
    client.force_login(organizer_of(paper.event.office))
    asked = []
    for rows in (day.rows(paper)[:1], day.rows(paper)[1:]):
        for row in rows:
            day.hand_in(paper, day.record(row), day.record(row, 2))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(paper))
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_page_offers_the_seal_with_a_reason_when_signing_is_closed(client):
    paper = day.open_paper(1)
    conflict(paper)
    client.force_login(organizer_of(paper.event.office))
    assert reverse("declarations:seal", args=[paper.pk]) not in client.get(page(paper)).content.decode()

    signing.close_signing(declaration=paper, by=BY)

    assert "Segel dengan alasan" in client.get(page(paper)).content.decode()
