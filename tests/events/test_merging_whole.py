"""Two rows become one and nothing of either is lost: answer, representative, link, arrival; or they are two people."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events.answers import StandIn, answer_invitation, mark_told
from events.arrivals import take_back_arrival
from events.attendance import check_in
from events.attendees import add_attendee, change_attendee, restore_attendee
from events.duplicates import SAME_NAME, pairs_of
from events.importing import undo_import
from events.links import make_link, open_link
from events.merging import GONE, NOT_TWO, merge_attendees
from events.models import ApartPair, Attendee, Event, PersonalLink, Representation
from events.telling_apart import ask_again, standing_pairs, tell_apart
from tests.accounts.factories import organizer_of

from .factories import NIP_PNS, AttendeeFactory, EventFactory
from .test_importing import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(state="scheduled", calendar_sequence=1)


@pytest.fixture
def organizer(event):
    return organizer_of(event.office)


@pytest.fixture
def twins(event):
    return [
        AttendeeFactory(event=event, full_name="Ahmad Fauzi", agency="Dinas", position="") for _ in range(2)
    ]


@pytest.fixture
def staff(client, organizer):
    client.force_login(organizer)
    return client


def again(row):
    return Attendee.objects.get(pk=row.pk)


def answer(row, what, by, stand_in=None):
    return answer_invitation(attendee=again(row), answer=what, by=by, stand_in=stand_in)


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["coming", "excused"])
def test_answer_of_the_row_that_goes_is_kept(event, twins, organizer, what):
    keep, drop = twins
    answer(drop, what, organizer)
    mark_told(event=event, attendees=[keep], by=organizer, channel="WhatsApp")
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer)
    assert (again(keep).invitation, again(keep).told_sequence) == (what, 1)


def test_answer_of_the_row_that_stays_is_not_overwritten(twins, organizer):
    keep, drop = twins
    answer(keep, "coming", organizer)
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer)
    assert again(keep).invitation == "coming"


@pytest.mark.parametrize(("taken", "wins"), [([], "coming"), (["invitation"], "excused")])
def test_of_two_answers_the_officer_chooses(twins, organizer, taken, wins):
    keep, drop = twins
    answer(keep, "coming", organizer)
    answer(drop, "excused", organizer)
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer, taken=taken)
    assert (again(keep).invitation, again(drop).invitation) == (wins, "excused")


def test_representative_of_the_row_that_goes_takes_the_place(event, twins, organizer):
    keep, drop = twins
    change_attendee(attendee=keep, by=organizer, category="pns", identity_kind="nip", identity_number=NIP_PNS)
    answer(drop, "represented", organizer, StandIn("Siti Aminah", "Sekretaris"))
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer)
    row = again(keep)
    assert (row.full_name, row.on_behalf_of_name, row.invitation) == (
        "Siti Aminah",
        "Ahmad Fauzi",
        "represented",
    )
    assert row.identity_number == ""  # the number is that of who was invited
    answer(row, "coming", organizer)
    assert (again(keep).full_name, again(keep).identity_number) == ("Ahmad Fauzi", NIP_PNS)


def test_number_of_the_row_that_goes_is_not_written_to_a_representative(twins, organizer):
    keep, drop = twins
    answer(keep, "represented", organizer, StandIn("Siti Aminah"))
    change_attendee(attendee=drop, by=organizer, category="pns", identity_kind="nip", identity_number=NIP_PNS)
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer)
    row = again(keep)
    assert (row.full_name, row.identity_number, row.identity_index) == ("Siti Aminah", "", "")
    assert json.loads(Representation.objects.get(attendee=row).original)["identity_number"] == NIP_PNS
    answer(row, "coming", organizer)
    assert again(keep).identity_number == NIP_PNS


def test_answer_chosen_over_a_representative_brings_back_who_was_invited(twins, organizer):
    keep, drop = twins
    answer(keep, "represented", organizer, StandIn("Siti Aminah"))
    answer(drop, "coming", organizer)
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer, taken=["invitation"])
    assert (again(keep).full_name, again(keep).on_behalf_of_name) == ("Ahmad Fauzi", "")
    assert not Representation.objects.filter(attendee=keep).exists()


# -- links and arrivals --------------------------------------------------------------------------------------------------


def test_link_of_the_row_that_goes_works_on(twins, organizer):
    keep, drop = twins
    token = make_link(attendee=drop, by=organizer).token
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer)
    assert PersonalLink.objects.find(token).attendee == keep
    assert AuditEntry.objects.get(verb="attendee.merged").facts["link_moved"] is True


@pytest.mark.parametrize(("opened", "stays"), [(0, 0), (1, 1), (None, 0)])
def test_of_two_links_the_one_that_was_opened_works_on(twins, organizer, opened, stays):
    made = [make_link(attendee=row, by=organizer) for row in twins]
    if opened is not None:
        open_link(link=made[opened].link)
    merge_attendees(keep=again(twins[0]), drop=again(twins[1]), by=organizer)
    [usable] = PersonalLink.objects.usable().filter(attendee=twins[0])
    assert usable == made[stays].link


def test_arrivals_are_written_for_the_row_that_stays_and_left_where_they_were(event, twins, organizer):
    keep, drop = twins
    at = timezone.now() - timedelta(hours=1)
    check_in(event=event, attendee=drop, method="cari", by=organizer, occurred_at=at)
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer)
    assert again(keep).first_seen_at == at
    assert [row.attendee.attendance_records.count() for row in [*drop.attendance_records.all()]] == [1]
    [copy] = keep.attendance_records.all()
    assert (copy.kind, copy.method, copy.occurred_at, copy.operator) == ("masuk", "cari", at, organizer)
    take_back_arrival(attendee=again(keep), by=organizer)
    assert again(keep).first_seen_at is None


def test_arrival_that_was_taken_back_is_not_copied(event, twins, organizer):
    keep, drop = twins
    check_in(event=event, attendee=drop, method="cari", by=organizer, occurred_at=timezone.now())
    take_back_arrival(attendee=again(drop), by=organizer)
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer)
    assert (again(keep).first_seen_at, keep.attendance_records.count()) == (None, 0)


def test_row_that_is_restored_is_a_person_of_its_own_again(twins, organizer):
    keep, drop = twins
    merge_attendees(keep=again(keep), drop=again(drop), by=organizer)
    assert again(drop).merged_into == keep
    restore_attendee(attendee=again(drop), by=organizer)
    assert (again(drop).merged_into, again(drop).is_withdrawn) == (None, False)


def test_page_shows_answer_representative_link_and_hour_of_both(staff, event, twins, organizer):
    first, second = pairs_of(event.attendees.expected().in_order())[0][:2]
    make_link(attendee=second, by=organizer)
    answer(second, "coming", organizer)
    page = staff.get(reverse("events:duplicates", args=[event.code])).content.decode()
    assert "<td>Belum dikirim</td><td>Hadir</td>" in page
    assert "<td>Tidak ada</td><td>Ada, belum dibuka</td>" in page
    assert 'value="invitation"' not in page
    answer(first, "excused", organizer)
    make_link(attendee=first, by=organizer)
    at = timezone.now()
    check_in(event=event, attendee=first, method="cari", by=organizer, occurred_at=at)
    page = staff.get(reverse("events:duplicates", args=[event.code])).content.decode()
    assert page.count('value="invitation"') == 2
    assert "tautan baris kedua tidak berlaku lagi" in page
    assert "pukul" in page


def test_page_names_who_comes_for_whom(staff, event, twins, organizer):
    for row in twins:
        answer(row, "represented", organizer, StandIn("Siti Aminah"))
    page = staff.get(reverse("events:duplicates", args=[event.code])).content.decode()
    assert "Diwakili oleh Siti Aminah, untuk Ahmad Fauzi" in page


# -- two people ----------------------------------------------------------------------------------------------------------


def offered(event):
    rows = list(event.attendees.expected().in_order())
    apart = {frozenset((pair.first_id, pair.second_id)) for pair in standing_pairs(event, rows)}
    return [{pair.first.pk, pair.second.pk} for pair in pairs_of(rows, apart)]


def test_two_people_are_not_offered_again(event, twins, organizer):
    assert len(offered(event)) == 1
    pair = tell_apart(first=twins[1], second=twins[0], by=organizer)
    assert offered(event) == []
    assert tell_apart(first=twins[0], second=twins[1], by=organizer) == pair
    assert ApartPair.objects.count() == 1
    entry = AuditEntry.objects.get(verb="attendee.told_apart")
    assert {entry.object_id, entry.facts["other"]} == {str(row.pk) for row in twins}
    assert "Fauzi" not in json.dumps(entry.facts)


def test_judgement_is_taken_back(event, twins, organizer):
    pair = tell_apart(first=twins[0], second=twins[1], by=organizer)
    ask_again(pair=pair, by=organizer)
    ask_again(pair=pair, by=organizer)
    assert len(offered(event)) == 1
    assert AuditEntry.objects.filter(verb="attendee.asked_again").count() == 1


@pytest.mark.parametrize(
    "change",
    [{"full_name": "ACHMAD Fauzi"}, {"category": "pns", "identity_kind": "nip", "identity_number": NIP_PNS}],
)
def test_changed_name_or_number_asks_anew(event, twins, organizer, change):
    tell_apart(first=twins[0], second=twins[1], by=organizer)
    for row in twins:
        change_attendee(attendee=again(row), by=organizer, **change)
    assert len(offered(event)) == 1
    tell_apart(first=again(twins[0]), second=again(twins[1]), by=organizer)
    assert offered(event) == []


def test_spelling_and_other_fields_do_not_ask_anew(event, twins, organizer):
    tell_apart(first=twins[0], second=twins[1], by=organizer)
    change_attendee(attendee=again(twins[0]), by=organizer, full_name="AHMAD  FAUZI", rank="Penata")
    assert offered(event) == []


def test_third_one_alike_is_still_compared_with_both(event, twins, organizer):
    first, second = twins
    third = AttendeeFactory(event=event, full_name="Ahmad Fauzi", agency="Dinas", position="")
    a, b, c = sorted((first, second, third), key=lambda row: row.pk)
    tell_apart(first=b, second=c, by=organizer)
    assert sorted(map(sorted, offered(event))) == sorted([sorted({a.pk, b.pk}), sorted({a.pk, c.pk})])
    tell_apart(first=a, second=c, by=organizer)
    assert offered(event) == [{a.pk, b.pk}]
    tell_apart(first=a, second=b, by=organizer)
    assert offered(event) == []


def test_rows_that_cannot_be_compared_are_refused(event, twins, organizer):
    stranger = AttendeeFactory(event=EventFactory())
    for other in (twins[0], stranger):
        with pytest.raises(Refusal, match=NOT_TWO):
            tell_apart(first=twins[0], second=other, by=organizer)
    merge_attendees(keep=twins[0], drop=twins[1], by=organizer)
    with pytest.raises(Refusal, match=GONE):
        tell_apart(first=twins[0], second=twins[1], by=organizer)


def test_database_keeps_one_judgement_per_pair_in_order(event, twins):
    one, two = sorted(twins, key=lambda row: row.pk)
    ApartPair.objects.create(event=event, first=one, second=two, fingerprint="x")
    for first, second, fingerprint in ((one, two, "y"), (two, one, "y"), (one, one, "y")):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApartPair.objects.create(event=event, first=first, second=second, fingerprint=fingerprint)


def test_nothing_of_an_archived_event_is_judged(event, twins):
    one, two = sorted(twins, key=lambda row: row.pk)
    pair = ApartPair.objects.create(event=event, first=one, second=two, fingerprint="x")
    Event.objects.filter(pk=event.pk).update(state="archived")
    for write in (
        lambda: ApartPair.objects.filter(pk=pair.pk).update(fingerprint="y"),
        lambda: ApartPair.objects.filter(pk=pair.pk).delete(),
        lambda: Attendee.objects.filter(pk=one.pk).update(told_before=9),
        lambda: Attendee.objects.filter(pk=one.pk).update(merged_into=two),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_page_remembers_and_gives_back(staff, event, twins):
    page = reverse("events:duplicates", args=[event.code])
    assert SAME_NAME in staff.get(page).content.decode()
    done = staff.post(
        reverse("events:attendees_apart", args=[event.code]),
        {"pertama": twins[0].pk, "kedua": twins[1].pk},
        follow=True,
    ).content.decode()
    assert "Dicatat: dua orang yang berbeda." in done
    assert "Dinyatakan orang yang berbeda" in done
    assert SAME_NAME not in done
    [pair] = ApartPair.objects.all()
    back = staff.post(
        reverse("events:ask_pair_again", args=[event.code, pair.pk]), follow=True
    ).content.decode()
    assert SAME_NAME in back


@pytest.mark.parametrize("kedua", ["", "bukan", "275e03df-7755-41d4-ba62-5bd3107ad04e"])
def test_unknown_rows_are_not_found(staff, event, twins, kedua):
    url = reverse("events:attendees_apart", args=[event.code])
    assert staff.post(url, {"pertama": twins[0].pk, "kedua": kedua}).status_code == 404


def test_page_asks_the_database_as_often_for_many_pairs_as_for_one(staff, event, organizer):
    page = reverse("events:duplicates", args=[event.code])

    def fill(name):
        rows = [AttendeeFactory(event=event, full_name=name, agency="Dinas", position="") for _ in range(4)]
        make_link(attendee=rows[0], by=organizer)
        answer(rows[1], "represented", organizer, StandIn(f"Siti {name}"))
        tell_apart(first=rows[2], second=rows[3], by=organizer)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert staff.get(page).status_code == 200
        return len(caught)

    fill("Ani")
    few = fill("Budi")
    fill("Citra")
    assert fill("Dewi") == few <= 12


# -- an import whose rows were merged --------------------------------------------------------------------------------

FILE = [["Nama", "Instansi", "No HP"], ["AHMAD FAUZI", "DINAS KOMINFO", "081234567890"], ["Sri", "Dinas", ""]]


def test_undoing_an_import_keeps_who_was_there_before(event, organizer):
    old = add_attendee(event=event, by=organizer, full_name="Ahmad Fauzi", agency="Dinas")
    batch = bring(event, FILE, organizer)
    new = event.attendees.get(full_name="AHMAD FAUZI")
    merge_attendees(keep=new, drop=old, by=organizer)
    assert undo_import(batch=batch, by=organizer) == (1, 0, 1)
    assert [row.full_name for row in event.attendees.expected()] == ["AHMAD FAUZI"]
    assert again(old).merged_into == new


def test_undoing_an_import_merged_twice_keeps_the_last_row(event, organizer):
    old = add_attendee(event=event, by=organizer, full_name="Ahmad Fauzi", agency="Dinas")
    batch = bring(event, FILE, organizer)
    new, other = event.attendees.get(full_name="AHMAD FAUZI"), event.attendees.get(full_name="Sri")
    merge_attendees(keep=new, drop=old, by=organizer)
    merge_attendees(keep=other, drop=again(new), by=organizer)
    assert undo_import(batch=batch, by=organizer) == (0, 0, 2)
    assert [row.pk for row in event.attendees.expected()] == [other.pk]


def test_undoing_an_import_removes_a_row_that_went_into_an_older_one(event, organizer):
    old = add_attendee(event=event, by=organizer, full_name="Ahmad Fauzi", agency="Dinas")
    batch = bring(event, FILE, organizer)
    merge_attendees(keep=old, drop=event.attendees.get(full_name="AHMAD FAUZI"), by=organizer)
    assert undo_import(batch=batch, by=organizer) == (2, 0, 0)
    assert [row.pk for row in event.attendees.all()] == [old.pk]
    assert again(old).phone == "+6281234567890"


def test_two_new_rows_merged_with_each_other_go_with_their_import(event, organizer):
    batch = bring(event, FILE, organizer)
    one, two = event.attendees.order_by("full_name")
    merge_attendees(keep=one, drop=two, by=organizer)
    assert undo_import(batch=batch, by=organizer) == (2, 0, 0)
    assert event.attendees.expected().count() == 0


def test_page_says_who_stays(staff, event, organizer):
    old = add_attendee(event=event, by=organizer, full_name="Ahmad Fauzi", agency="Dinas")
    batch = bring(event, FILE, organizer)
    merge_attendees(keep=event.attendees.get(full_name="AHMAD FAUZI"), drop=old, by=organizer)
    page = staff.post(
        reverse("events:import_undo", args=[event.code, batch.pk]), follow=True
    ).content.decode()
    assert "1 peserta tetap ada karena sudah digabungkan dengan data yang lebih lama." in page
