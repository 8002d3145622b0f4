"""*Perlu ditinjau* of a whole event: every code of tablets and pages, decided with a reason, and nothing is deleted."""

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
from declarations import review, review_items, review_words, signing
from declarations.classification import MESSAGES
from declarations.models import Declaration, InboxItem, KioskItem, Signature, TextVersion
from declarations.review_list import question_about, questions_of_tablets, waiting_items
from documents import storage, verification
from documents.sealing import snapshot_of
from events.attendees import withdraw_attendee
from events.keys import event_key
from events.models import AttendanceRecord, Attendee, Device, Event, EventKey
from tests.accounts.factories import member, organizer_of, panwaslu_purwodadi
from tests.declarations import day, factories, tablets
from tests.declarations.seals import sealed
from tests.declarations.tablets import Paired, verdicts

pytestmark = pytest.mark.django_db
BY = audit.SYSTEM
REASON = "Diperiksa dengan petugas meja"


@pytest.fixture
def paper():
    return day.open_paper(3)


@pytest.fixture
def tablet(paper):
    return Paired(paper.event)


def resolve(signature, decision="accept", reason=REASON, **extra):
    return review.resolve(signature=signature, decision=decision, reason=reason, by=BY, **extra)


def decide(item, decision="accept", reason=REASON, **extra):
    return review_items.decide_item(item=item, decision=decision, reason=reason, by=BY, **extra)


def stored(record) -> Signature:
    return Signature.objects.get(pk=record.id)


def item_of(record) -> KioskItem:
    return KioskItem.objects.get(item_id=record.id)


def close_long_ago(paper):
    signing.close_signing(declaration=paper, by=BY)
    hour_ago = timezone.now() - timedelta(hours=1)
    Declaration.objects.filter(pk=paper.pk).update(closed_at=hour_ago)
    Device.objects.update(paired_at=hour_ago - timedelta(hours=1))


# -- every code of a held signature -------------------------------------------------------------------------------


def unknown_attendee(paper, tablet):
    stranger = factories.attendee(factories.event(), full_name="Orang Lain (contoh)")
    return tablet.signs(day.rows(paper)[0], attendee=stranger.pk)


def attendee_removed(paper, tablet):
    row = day.rows(paper)[0]
    withdraw_attendee(attendee=row.attendee, by=BY)
    return tablet.signs(row)


def not_assigned(paper, tablet):
    guest = factories.attendee(paper.event, full_name="Tamu (contoh)")
    person = {"name": "Tamu (contoh)", "category": "pns"}
    return tablet.signs(day.rows(paper)[0], attendee=guest.pk, signatory=person)


def walk_in_matches_roster(paper, tablet):
    person = {"name": "Peserta A (contoh)", "category": "pns", "agency": "Kecamatan Cerme"}
    return tablet.walk_in(paper, "Peserta A (contoh)", signatory=person)


def text_mismatch(paper, tablet):
    return tablet.signs(day.rows(paper)[0], text_sha256="0" * 64)


def after_close(paper, tablet):
    close_long_ago(paper)
    return tablet.signs(day.rows(paper)[0])


def after_seal(paper, tablet):
    day.hand_in(paper, day.record(day.rows(paper)[2]))
    sealed(signing.close_signing(declaration=paper, by=BY))
    return tablet.signs(day.rows(paper)[0])


def after_revocation(paper, tablet):
    Device.objects.update(state="draining", draining_at=timezone.now() - timedelta(minutes=30))
    return tablet.signs(day.rows(paper)[0])


def seq_reuse(paper, tablet):
    first, second, _ = day.rows(paper)
    seq, link = tablet.seq, tablet.link
    tablet.hand_in(tablet.signs(second, 2))
    tablet.seq, tablet.link = seq, link
    return tablet.signs(first)


def event_cancelled(paper, tablet):
    Event.objects.filter(pk=paper.event_id).update(state="cancelled")
    return tablet.signs(day.rows(paper)[0])


def before_open(paper, tablet):
    TextVersion.objects.filter(pk=paper.text_version_id).update(state="published")
    Declaration.objects.filter(pk=paper.pk).update(state="draft")
    return tablet.signs(day.rows(paper)[0])


ACCEPTED = [
    attendee_removed,
    not_assigned,
    after_close,
    after_seal,
    after_revocation,
    seq_reuse,
    event_cancelled,
    before_open,
]
HELD = [*ACCEPTED, unknown_attendee, walk_in_matches_roster, text_mismatch]


def name_of(case) -> str:
    return case.__name__


@pytest.mark.parametrize("case", HELD, ids=name_of)
def test_held_record_is_explained_in_words_with_choices(paper, tablet, case):
    record = case(paper, tablet)

    assert verdicts(tablet.hand_in(record)) == [("held", case.__name__)]

    paper.refresh_from_db()
    question = question_about(stored(record), paper.event)
    assert question.why == MESSAGES[case.__name__]
    assert question.advice == review_words.HELD[case.__name__]
    assert "revoke" in [choice.value for choice in question.choices]
    assert all(choice.effect.endswith(".") for choice in question.choices)


@pytest.mark.parametrize("case", ACCEPTED, ids=name_of)
def test_held_record_that_is_accepted_counts(paper, tablet, case):
    record = case(paper, tablet)
    tablet.hand_in(record)

    resolve(stored(record))

    signature = stored(record)
    assert (signature.status, signature.status_reason) == ("valid", REASON)
    row = paper.signatories.current().get(attendee=signature.signatory.attendee)
    assert (row.outcome, row.attendee.is_withdrawn) == ("signed", False)
    assert review.open_questions_of(paper.event) == 0


@pytest.mark.parametrize("case", HELD, ids=name_of)
def test_held_record_that_is_revoked_stays_and_no_longer_waits(paper, tablet, case):
    record = case(paper, tablet)
    tablet.hand_in(record)

    resolve(stored(record), "revoke")

    assert (stored(record).status, bytes(stored(record).record)) == ("revoked", record.raw)
    assert review.open_questions_of(paper.event) == 0
    assert AuditEntry.objects.filter(verb="signature.reviewed").count() == 1


def test_every_code_of_intake_has_its_words():
    quarantine = {"unreadable", "invalid_record", "bad_device_signature", "id_reuse"}
    items = {"unknown_declaration", "void_too_late"}
    nothing_kept = {"unknown_key", "unsupported_version", "busy", "store_failed"}
    decided = {"voided"}
    explained = {*review_words.HELD, *review_words.CONFLICTS, *review_words.QUARANTINE}
    assert quarantine == set(review_words.QUARANTINE)
    assert set(MESSAGES) - items - nothing_kept - decided == explained


# -- who it is ---------------------------------------------------------------------------------------------------


def test_walk_in_is_joined_with_the_person_of_the_list(paper, tablet):
    record = walk_in_matches_roster(paper, tablet)
    tablet.hand_in(record)
    row = day.rows(paper)[0]
    assert question_about(stored(record), paper.event).people[0] == row.attendee

    resolve(stored(record), person=row.attendee)

    row.refresh_from_db()
    assert (stored(record).signatory, row.outcome, row.name) == (row, "signed", "Peserta A (contoh)")
    assert Attendee.objects.filter(event=paper.event).count() == 3


def test_walk_in_is_kept_apart_as_a_person_of_their_own(paper, tablet):
    record = walk_in_matches_roster(paper, tablet)
    tablet.hand_in(record)

    resolve(stored(record), "apart")

    person = Attendee.objects.get(pk=record.attendee)
    assert (person.source, stored(record).signatory.attendee) == ("walk_in", person)
    outcomes = [row.outcome for row in day.rows(paper)]
    assert sorted(outcomes) == ["pending", "pending", "pending", "signed"]


def test_second_record_of_a_walk_in_who_was_kept_apart_needs_no_choice_any_more(paper, tablet):
    other = factories.declaration(paper.event, text_version=factories.approved_text(title="Ikrar (contoh)"))
    signing.open_signing(declaration=other, by=BY)
    first = walk_in_matches_roster(paper, tablet)
    person = first.data["signatory"]
    second = tablet.walk_in(other, person["name"], attendee=str(first.attendee), signatory=person)
    tablet.hand_in(first, second)
    resolve(stored(first), "apart")

    question = question_about(stored(second), paper.event)
    assert [choice.value for choice in question.choices] == ["accept", "revoke"]
    resolve(stored(second))

    assert stored(second).signatory.attendee_id == first.attendee
    assert Attendee.objects.filter(full_name="Peserta A (contoh)").count() == 2


def test_nobody_of_the_event_is_kept_apart_from_themselves(paper, tablet):
    record = not_assigned(paper, tablet)
    tablet.hand_in(record)

    with pytest.raises(Refusal, match="sudah ada di daftar"):
        resolve(stored(record), "apart")


def test_unknown_person_becomes_a_new_one_under_a_number_of_their_own(paper, tablet):
    record = unknown_attendee(paper, tablet)
    tablet.hand_in(record)

    resolve(stored(record), "apart")

    person = stored(record).signatory.attendee
    assert (person.event, person.pk != record.attendee) == (paper.event, True)
    assert person.full_name == "Peserta A (contoh)"


def test_unknown_person_is_not_guessed(paper, tablet):
    record = unknown_attendee(paper, tablet)
    tablet.hand_in(record)

    with pytest.raises(Refusal, match="Pilih nama penanda tangan"):
        resolve(stored(record))


def test_nobody_is_added_to_an_archived_event(paper, tablet):
    record = walk_in_matches_roster(paper, tablet)
    tablet.hand_in(record)
    Event.objects.filter(pk=paper.event_id).update(state="archived")

    with pytest.raises(Refusal, match="diarsipkan"):
        resolve(stored(record), "apart")


def test_removed_person_is_back_on_the_list_also_after_the_event(paper, tablet):
    record = attendee_removed(paper, tablet)
    tablet.hand_in(record)
    signing.close_signing(declaration=paper, by=BY)
    Event.objects.filter(pk=paper.event_id).update(state="closed", closed_at=timezone.now())

    resolve(stored(record))

    assert not Attendee.objects.get(pk=record.attendee).is_withdrawn
    assert AuditEntry.objects.get(verb="attendee.restored").facts["reason"] == REASON


# -- text changed while offline ----------------------------------------------------------------------------------


def test_old_text_is_shown_word_for_word_by_its_hash(client, paper, tablet):
    old = factories.approved_text(title="Deklarasi lama (contoh)", points=["Butir lama yang ditandatangani."])
    record = tablet.signs(day.rows(paper)[0], text_sha256=old.sha256)
    assert verdicts(tablet.hand_in(record)) == [("held", "text_mismatch")]

    assert question_about(stored(record), paper.event).text == old
    client.force_login(organizer_of(paper.event.office))
    html = client.get(page(paper)).content.decode()
    assert "Butir lama yang ditandatangani." in html
    assert old.sha256 in html
    with pytest.raises(Refusal, match="lain bunyinya"):
        resolve(stored(record))


# -- conflicts ---------------------------------------------------------------------------------------------------


def test_signature_after_a_refusal_is_settled_with_one_click(client, paper, tablet):
    row = day.rows(paper)[0]
    refusal, signature = tablet.refuses(row), tablet.signs(row)
    assert verdicts(tablet.hand_in(refusal, signature))[1] == ("conflict", "after_refusal")
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()
    reason = review_words.CONFLICTS["after_refusal"].usual_reason
    assert f'value="{reason}"' in html
    url = reverse("declarations:review_resolve", args=[paper.pk, signature.id])
    response = client.post(url, {"keputusan": "accept", "alasan": reason, "kembali": page(paper)})

    row.refresh_from_db()
    assert (response.url, row.outcome) == (page(paper), "signed")
    assert (stored(refusal).status, stored(signature).status) == ("revoked", "valid")


@pytest.mark.parametrize("code", ["second_outcome", "after_refusal", "refusal_after_signature"])
def test_conflicts_can_keep_the_first(paper, tablet, code):
    row = day.rows(paper)[0]
    make = {
        "second_outcome": (tablet.signs, tablet.signs),
        "after_refusal": (tablet.refuses, tablet.signs),
        "refusal_after_signature": (tablet.signs, tablet.refuses),
    }
    first, second = (each(row) for each in make[code])
    assert verdicts(tablet.hand_in(first, second))[1] == ("conflict", code)
    assert "keep" in [choice.value for choice in question_about(stored(second), paper.event).choices]

    resolve(stored(second), "keep")

    assert (stored(first).status, stored(second).status) == ("valid", "conflict")
    assert review.open_questions_of(paper.event) == 0


# -- records of a paper of another event --------------------------------------------------------------------------


def of_another_paper(tablet, paper, row=None, **changes):
    other = factories.declaration(factories.event(), text_version=paper.text_version)
    return tablet.signs(row or day.rows(paper)[0], declaration=other.pk, **changes)


def test_record_of_another_paper_is_placed_on_the_one_with_the_same_text(paper, tablet):
    record = of_another_paper(tablet, paper)
    assert verdicts(tablet.hand_in(record)) == [("held", "unknown_declaration")]
    [question] = questions_of_tablets(paper.event, waiting_items(paper.event))
    assert (question.papers, question.title) == ([paper], "Peserta A (contoh)")

    decide(item_of(record), declaration=paper)

    signature = stored(record)
    assert (signature.status, signature.declaration, signature.channel) == ("valid", paper, "kiosk")
    assert (bytes(signature.record), signature.device) == (record.raw, tablet.device)
    assert day.rows(paper)[0].outcome == "signed"
    assert item_of(record).resolution == REASON
    assert review.open_questions_of(paper.event) == 0


def test_record_of_another_paper_is_not_placed_under_another_text(paper, tablet):
    record = of_another_paper(tablet, paper, text_sha256="0" * 64)
    tablet.hand_in(record)
    [question] = questions_of_tablets(paper.event, waiting_items(paper.event))
    assert [choice.value for choice in question.choices] == ["settle"]

    with pytest.raises(Refusal, match="tidak sama"):
        decide(item_of(record), declaration=paper)
    decide(item_of(record), "settle")

    assert not Signature.objects.filter(pk=record.id).exists()
    assert review.open_questions_of(paper.event) == 0


@pytest.mark.parametrize("foreign", [True, False])
def test_record_is_placed_on_a_paper_of_this_event_only(paper, tablet, foreign):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)
    wrong = day.open_paper(1, text_version=paper.text_version) if foreign else None

    with pytest.raises(Refusal, match="Pilih naskah"):
        decide(item_of(record), declaration=wrong)


@pytest.mark.parametrize("case", [unknown_attendee, walk_in_matches_roster, "unknown_declaration"])
def test_record_that_staff_have_placed_or_named_is_sealed_with_its_decision(paper, tablet, case):
    row = day.rows(paper)[1]
    if case == "unknown_declaration":
        record = of_another_paper(tablet, paper, attendee=tablets.new_person())
        tablet.hand_in(record)
        decide(item_of(record), declaration=paper, person=row.attendee)
    else:
        record = case(paper, tablet)
        tablet.hand_in(record)
        resolve(stored(record), person=row.attendee)

    document = sealed(signing.close_signing(declaration=paper, by=BY)).document

    assert (document.state, verification.verify_file(storage.read(document.file)).valid) == ("sealed", True)
    person = next(p for p in snapshot_of(document)["signatories"] if p["outcome"] == "signed")
    assert (person["name"], person["decision"]["reason"]) == (row.name, REASON)


def test_placed_record_of_somebody_who_signed_already_waits_as_a_double(paper, tablet):
    row = day.rows(paper)[0]
    tablet.hand_in(tablet.signs(row))
    record = of_another_paper(tablet, paper, row)
    tablet.hand_in(record)

    decide(item_of(record), declaration=paper)

    assert (stored(record).status, stored(record).code) == ("conflict", "second_outcome")
    assert review.open_questions_of(paper.event) == 1


def test_placed_record_of_an_unknown_person_needs_a_choice(paper, tablet):
    record = of_another_paper(tablet, paper, attendee=tablets.new_person())
    tablet.hand_in(record)

    with pytest.raises(Refusal, match="Pilih nama"):
        decide(item_of(record), declaration=paper)
    assert item_of(record).resolved_at is None
    assert not Signature.objects.filter(pk=record.id).exists()
    decide(item_of(record), declaration=paper, person=day.rows(paper)[1].attendee)

    assert day.rows(paper)[1].outcome == "signed"


# -- arrivals ----------------------------------------------------------------------------------------------------


def test_arrival_of_a_removed_person_counts_after_all(paper, tablet):
    person = factories.attendee(paper.event, full_name="Keluar (contoh)")
    withdraw_attendee(attendee=person, by=BY)
    record = tablet.arrives(person)
    assert verdicts(tablet.hand_in(record)) == [("held", "attendee_removed")]

    decide(item_of(record))

    person.refresh_from_db()
    assert (person.is_withdrawn, person.is_present) == (False, True)
    arrival = AttendanceRecord.objects.get(pk=record.id)
    assert (arrival.method, arrival.attendee) == ("qr", person)


def test_arrival_of_an_unknown_person_is_told_who_it_is(paper, tablet):
    person = day.rows(paper)[0].attendee
    record = tablet.arrives(person, attendee=tablets.new_person(), found_by="search")
    assert verdicts(tablet.hand_in(record)) == [("held", "unknown_attendee")]

    with pytest.raises(Refusal, match="Pilih peserta"):
        decide(item_of(record))
    decide(item_of(record), person=person)

    person.refresh_from_db()
    assert person.is_present


def test_arrival_of_a_namesake_without_invitation_is_kept_apart(paper, tablet):
    person = day.rows(paper)[0].attendee
    who = {"name": person.full_name, "category": "pns", "agency": person.agency}
    record = tablet.arrives(
        person, attendee=tablets.new_person(), source="walk_in", signatory=who, found_by="typed"
    )
    assert verdicts(tablet.hand_in(record)) == [("held", "walk_in_matches_roster")]

    decide(item_of(record), "apart")

    other = Attendee.objects.get(pk=record.attendee)
    person.refresh_from_db()
    assert (other.is_present, person.is_present) == (True, False)


def test_arrival_at_an_event_that_never_was_is_only_settled(paper, tablet):
    Event.objects.filter(pk=paper.event_id).update(state="cancelled")
    record = tablet.arrives(day.rows(paper)[0].attendee)
    assert verdicts(tablet.hand_in(record)) == [("held", "event_cancelled")]

    with pytest.raises(Refusal, match="dibatalkan"):
        decide(item_of(record))
    decide(item_of(record), "settle")

    assert AttendanceRecord.objects.count() == 0


# -- voids -------------------------------------------------------------------------------------------------------


def late_void(paper, tablet):
    record = tablet.signs(day.rows(paper)[0])
    tablet.hand_in(record)
    close_long_ago(paper)
    void = tablet.void(record)
    assert verdicts(tablet.hand_in(void)) == [("held", "void_too_late")]
    return record, void


def test_late_void_is_carried_out_by_staff(paper, tablet):
    record, void = late_void(paper, tablet)
    [question] = questions_of_tablets(paper.event, waiting_items(paper.event))
    assert (question.title, question.now.record.raw) == ("Peserta A (contoh)", record.raw)

    decide(item_of(void))

    row = day.rows(paper)[0]
    assert (stored(record).status, row.outcome) == ("revoked", "pending")
    assert item_of(void).applied_at is not None
    assert Attendee.objects.get(pk=row.attendee_id).first_seen_at is None


def test_late_void_is_passed_over_by_staff(paper, tablet):
    record, void = late_void(paper, tablet)

    decide(item_of(void), "settle")

    assert (stored(record).status, item_of(void).applied_at) == ("valid", None)
    assert review.open_questions_of(paper.event) == 0


def test_void_of_something_that_never_came_cannot_be_carried_out(paper, tablet):
    missing = tablet.signs(day.rows(paper)[0])
    Device.objects.update(state="draining", draining_at=timezone.now() - timedelta(minutes=30))
    void = tablet.void(missing)
    assert verdicts(tablet.hand_in(void)) == [("held", "after_revocation")]

    with pytest.raises(Refusal, match="belum ada di peladen"):
        decide(item_of(void))


# -- quarantine --------------------------------------------------------------------------------------------------


def unreadable(tablet):
    record = tablet.probe()
    [item] = tablet.sealed(record)
    return {**item, "c": item["c"][:-8] + "AAAAAAAA"}


def bad_signature(tablet):
    true, tablet.private = tablet.private, Paired(tablet.row.event, "Lain", probed=False).private
    [item] = tablet.sealed(tablet.probe())
    tablet.private = true
    return item


def invalid(tablet):
    record = tablet.probe()
    [item] = tablet.sealed(record)
    return {**item, "seq": item["seq"] + 7}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(unreadable, "unreadable"), (bad_signature, "bad_device_signature"), (invalid, "invalid_record")],
)
def test_quarantined_item_is_explained_downloaded_and_settled(client, paper, tablet, spoil, code):
    assert verdicts(tablet.hand_in(spoil(tablet))) == [("quarantined", code)]
    item = KioskItem.objects.get(status="quarantined")
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()
    assert MESSAGES[code] in html
    assert review_words.QUARANTINE[code] in html
    download = client.get(reverse("declarations:event_review_bytes", args=[paper.event.code, item.pk]))
    assert download.content == bytes(item.sealed)
    assert "attachment" in download["Content-Disposition"]
    url = reverse("declarations:event_review_item", args=[paper.event.code, item.pk])
    assert client.post(url, {"keputusan": "settle", "alasan": " "}).status_code == 409
    assert client.post(url, {"keputusan": "accept", "alasan": REASON}).status_code == 409
    client.post(url, {"keputusan": "settle", "alasan": REASON})

    item.refresh_from_db()
    assert (item.resolution, item.status) == (REASON, "quarantined")
    assert review.open_questions_of(paper.event) == 0


def test_number_used_for_other_bytes_is_settled(paper, tablet):
    record = tablet.probe()
    [first], [again] = tablet.sealed(record), tablet.sealed(record)
    assert verdicts(tablet.hand_in(first, again)) == [("stored", ""), ("quarantined", "id_reuse")]

    decide(KioskItem.objects.get(status="quarantined"), "settle")

    assert review.open_questions_of(paper.event) == 0


def test_item_is_opened_again_once_the_key_is_back(client, paper, tablet):
    row, right = day.rows(paper)[0], tablet.key.private
    item = tablet.item(tablet.signs(row), tablet.key)
    other = event_key(event=factories.event(), by=BY).private
    EventKey.objects.filter(pk=tablet.key.pk).update(private=other)
    assert verdicts(tablet.hand_in(item)) == [("quarantined", "unreadable")]
    waiting = KioskItem.objects.get(status="quarantined")
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:event_review_item", args=[paper.event.code, waiting.pk])

    html = client.post(url, {"keputusan": "again"}, follow=True).content.decode()
    assert "masih belum dapat dipakai" in html
    EventKey.objects.filter(pk=tablet.key.pk).update(private=right)
    client.post(url, {"keputusan": "again"})

    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (waiting.status, row.outcome) == ("stored", "signed")


def test_accepting_a_held_record_says_that_it_replaces_the_one_that_counts(paper, tablet):
    row = day.rows(paper)[0]
    tablet.hand_in(tablet.signs(row))
    close_long_ago(paper)
    late = tablet.signs(row, 2)
    tablet.hand_in(late)

    question = question_about(stored(late), paper.event)

    accept = next(choice for choice in question.choices if choice.value == "accept")
    assert accept.effect.endswith("Catatan yang berlaku sekarang dibatalkan.")
    assert (question.first.paper, question.now.paper) == ("Versi 1", "Versi 1")


def test_decided_item_offers_no_second_decision(client, paper, tablet):
    tablet.hand_in(unreadable(tablet))
    item = KioskItem.objects.get(status="quarantined")
    decide(item, "settle")
    client.force_login(organizer_of(paper.event.office))

    url = reverse("declarations:event_review_item", args=[paper.event.code, item.pk])
    html = client.get(url).content.decode()
    assert "sudah selesai ditinjau: " + REASON in html
    assert 'name="keputusan"' not in html


# -- decided together --------------------------------------------------------------------------------------------


def test_everything_a_tablet_handed_in_late_is_decided_at_once(client, paper, tablet):
    first, second, third = day.rows(paper)
    close_long_ago(paper)
    tablet.hand_in(tablet.signs(first), tablet.signs(second, 2))
    day.hand_in(paper, day.record(third, 3))
    client.force_login(organizer_of(paper.event.office))
    assert "2 catatan dari Meja 1" in client.get(page(paper)).content.decode()
    url = reverse("declarations:event_review_together", args=[paper.event.code])
    body = {
        "naskah": paper.pk,
        "sebab": "after_close",
        "tablet": tablet.row.pk,
        "sampai": timezone.now().isoformat(),
        "keputusan": "accept",
        "alasan": "Antrean masih panjang",
    }

    assert client.post(url, {**body, "alasan": ""}).status_code == 409
    client.post(url, body)

    assert [row.outcome for row in day.rows(paper)] == ["signed", "signed", "pending"]
    assert AuditEntry.objects.filter(verb="signature.reviewed").count() == 2


def test_who_has_another_record_is_left_out_of_a_common_decision(paper, tablet):
    row = day.rows(paper)[0]
    tablet.hand_in(tablet.signs(row))
    close_long_ago(paper)
    late = tablet.signs(row, 2)
    tablet.hand_in(late)

    count = review.resolve_together(
        declaration=paper, code="after_close", device=tablet.device, decision="accept", reason=REASON, by=BY
    )

    assert (count, stored(late).status) == (0, "held")


@pytest.mark.parametrize(
    "change",
    [
        {"sebab": "text_mismatch"},
        {"keputusan": "apart"},
        {"naskah": "x"},
        {"tablet": "x"},
        {"sampai": "kemarin"},
        {"sampai": "2026-11-25T09:00:00"},
    ],
)
def test_unknown_common_decision_is_not_found(client, paper, change):
    client.force_login(organizer_of(paper.event.office))
    known = {"naskah": paper.pk, "sebab": "after_close", "sampai": timezone.now().isoformat()}
    body = {**known, "keputusan": "accept", "alasan": REASON, **change}

    url = reverse("declarations:event_review_together", args=[paper.event.code])
    assert client.post(url, body).status_code == 404


def test_what_came_while_the_officer_was_reading_is_not_decided_with_the_rest(client, paper, tablet):
    first, second, third = day.rows(paper)
    close_long_ago(paper)
    tablet.hand_in(tablet.signs(first), tablet.signs(second, 2))
    client.force_login(organizer_of(paper.event.office))
    [until] = re.findall(r'name="sampai" value="([^"]*)"', client.get(page(paper)).content.decode())
    tablet.hand_in(tablet.signs(third, 3))

    body = {"naskah": paper.pk, "sebab": "after_close", "tablet": tablet.row.pk, "sampai": until}
    url = reverse("declarations:event_review_together", args=[paper.event.code])
    answer = client.post(url, {**body, "keputusan": "accept", "alasan": REASON}, follow=True)

    assert "2 catatan diputuskan." in answer.content.decode()
    assert [row.outcome for row in day.rows(paper)] == ["signed", "signed", "pending"]
    assert review.open_questions_of(paper.event) == 1


# -- refusals ----------------------------------------------------------------------------------------------------


def test_decision_about_an_item_needs_a_reason(paper, tablet):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)

    with pytest.raises(Refusal, match="Tuliskan alasan"):
        decide(item_of(record), "settle", " ")


def test_item_is_decided_once(paper, tablet):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)

    decide(item_of(record), "settle", "Pertama")
    decide(item_of(record), "settle", "Kedua")

    assert item_of(record).resolution == "Pertama"
    assert AuditEntry.objects.filter(verb="kiosk.item_decided").count() == 1


def test_officer_who_decides_an_item_second_reads_whose_decision_stands(client, paper, tablet):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)
    review_items.decide_item(
        item=item_of(record),
        decision="settle",
        reason="Pertama",
        by=member(paper.event.office, Role.ORGANIZER),
    )
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:event_review_item", args=[paper.event.code, item_of(record).pk])

    words = client.post(url, {"keputusan": "settle", "alasan": "Kedua"}, follow=True).content.decode()

    assert "Keputusan tersimpan." not in words
    assert "Pertama. Keputusan itu tetap berlaku." in words


@pytest.mark.parametrize("name", ["event_review", "event_review_item", "event_review_bytes"])
def test_operator_may_not_review_and_a_foreign_region_sees_nothing(client, paper, tablet, name):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)
    numbers = [] if name == "event_review" else [item_of(record).pk]
    url = reverse(f"declarations:{name}", args=[paper.event.code, *numbers])
    client.force_login(member(paper.event.office, Role.OPERATOR))
    assert client.get(url).status_code == 403
    client.force_login(organizer_of(panwaslu_purwodadi()))
    assert client.get(url).status_code == 404


def test_item_of_another_event_is_not_found(client, paper, tablet):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)
    mine = day.running_event(office=paper.event.office)
    client.force_login(organizer_of(mine.office))

    for name in ("event_review_item", "event_review_bytes"):
        url = reverse(f"declarations:{name}", args=[mine.code, item_of(record).pk])
        assert client.get(url).status_code == 404


# -- the page ----------------------------------------------------------------------------------------------------


def page(paper) -> str:
    return reverse("declarations:event_review", args=[paper.event.code])


def test_page_shows_everything_of_the_event_side_by_side(client, paper, tablet):
    first, second, third = day.rows(paper)
    tablet.hand_in(
        tablet.signs(first, operator="Bu Rina"),
        tablet.signs(first, 2),
        tablet.signs(second, text_sha256="0" * 64),
        of_another_paper(tablet, paper, third),
        unreadable(tablet),
    )
    day.hand_in(paper, b"?")
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()

    assert html.count('fill="#0b1f5c"') == 4
    for words in (
        "Perlu ditinjau: 5",
        "Yang berlaku sekarang",
        "Meja 1, petugas Bu Rina",
        MESSAGES["text_mismatch"],
        MESSAGES["unknown_declaration"],
        MESSAGES["unreadable"],
        "Catatan tidak ditulis dalam bentuk bakunya.",
    ):
        assert words in html
    assert "style=" not in html


def test_page_says_when_nothing_waits(client, paper):
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()

    assert "Tidak ada yang perlu ditinjau." in html


def test_event_page_shows_how_much_waits_and_leads_there(client, paper, tablet):
    client.force_login(organizer_of(paper.event.office))
    assert 'id="tinjau"' not in client.get(paper.event.get_absolute_url()).content.decode()
    tablet.hand_in(text_mismatch(paper, tablet))

    html = client.get(paper.event.get_absolute_url()).content.decode()

    assert page(paper) in html
    assert "1 catatan atau kiriman." in html


def test_page_asks_the_database_as_often_for_one_as_for_many(client, paper, tablet):
    client.force_login(organizer_of(paper.event.office))
    asked = []
    for rows in (day.rows(paper)[:1], day.rows(paper)[1:]):
        for row in rows:
            tablet.hand_in(
                tablet.signs(row),
                tablet.signs(row, 2),
                tablet.signs(row, 3, attendee=tablets.new_person()),
                of_another_paper(tablet, paper, row),
                unreadable(tablet),
            )
            day.hand_in(paper, str(row.pk).encode())
        with CaptureQueriesContext(connection) as queries:
            client.get(page(paper))
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_page_of_one_item_offers_the_whole_list(client, paper, tablet):
    record = of_another_paper(tablet, paper, attendee=tablets.new_person())
    arrival = tablet.arrives(day.rows(paper)[0].attendee, attendee=tablets.new_person())
    tablet.hand_in(record, arrival)
    client.force_login(organizer_of(paper.event.office))

    for item in (item_of(record), item_of(arrival)):
        url = reverse("declarations:event_review_item", args=[paper.event.code, item.pk])
        html = client.get(url).content.decode()
        for row in day.rows(paper):
            assert f'<option value="{row.attendee_id}"' in html


def test_body_of_a_page_is_downloaded_as_it_came(client, paper):
    day.hand_in(paper, b"<script>bukan catatan</script>")
    item = InboxItem.objects.get()
    client.force_login(organizer_of(paper.event.office))

    response = client.get(reverse("declarations:review_body", args=[paper.pk, item.pk]))

    assert (response.content, response["Content-Type"]) == (
        b"<script>bukan catatan</script>",
        "application/octet-stream",
    )


def test_what_came_after_archiving_is_decided_on_the_page(client, paper, tablet):
    record = after_seal(paper, tablet)
    Event.objects.filter(pk=paper.event_id).update(state="archived")
    tablet.hand_in(record)
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:review_resolve", args=[paper.pk, record.id])

    assert client.post(url, {"keputusan": "accept", "alasan": REASON}).status_code == 302
    assert stored(record).status == "valid"
