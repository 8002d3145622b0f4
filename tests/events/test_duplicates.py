"""One person on two rows: found, shown side by side, put together; nothing is deleted and nobody who signed is lost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import attendees
from events.attendees import add_attendee
from events.duplicates import SAME_NAME, SAME_NUMBER, SAME_POST, pairs_of, plain
from events.merging import GONE, NOT_TWO, merge_attendees

from .factories import NIP_PNS, NIP_PPPK, AttendeeFactory, purwodadi_event, villages_of_cerme

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(event, organizer):
    """The same official typed twice: once with the number, once with the title."""
    first = add_attendee(
        event=event,
        by=organizer,
        full_name="Suparno",
        category="pns",
        agency="Kecamatan",
        identity_number=NIP_PNS,
    )
    second = add_attendee(
        event=event,
        by=organizer,
        full_name="SUPARNO",
        title_suffix="S.STP.",
        agency="kecamatan",
        email="s@contoh.test",
    )
    return first, second


def reasons(event):
    return [pair.reasons for pair in pairs_of(event.attendees.expected().in_order())]


@pytest.mark.parametrize("name", ["H. Ahmad  Fauzi", "h ahmad fauzi", "H.AHMAD FAUZI", "H. Ahmád Fauzi"])
def test_spelling_does_not_tell_people_apart(name):
    assert plain(name) == "hahmadfauzi"


def test_same_name_and_agency(event, twins):
    assert reasons(event) == [(SAME_NAME,)]


def test_same_number_under_two_names(event, organizer):
    for name in ("Ani", "Budi"):
        add_attendee(event=event, by=organizer, full_name=name, category="pns", identity_number=NIP_PNS)
    assert reasons(event) == [(SAME_NUMBER,)]


def test_two_heads_of_one_village(event):
    village, other, _ = villages_of_cerme()
    for name, place in (("Ani", village), ("Budi", village), ("Citra", other)):
        AttendeeFactory(event=event, full_name=name, village=place, agency=name)
    assert reasons(event) == [(SAME_POST,)]


def test_same_name_elsewhere_is_somebody_else(event):
    for agency in ("Dinas A", "Dinas B"):
        AttendeeFactory(event=event, full_name="Ani", agency=agency, position=agency)
    assert reasons(event) == []


def test_posts_without_a_name_are_no_twins(event):
    for _ in range(2):
        AttendeeFactory(event=event, full_name="", agency="Desa")
    assert reasons(event) == []


def test_what_is_empty_is_filled_and_the_number_comes_along(twins, organizer):
    first, second = twins
    merge_attendees(keep=second, drop=first, by=organizer)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.full_name, second.title_suffix, second.category) == ("SUPARNO", "S.STP.", "pns")
    assert (second.identity_number, second.identity_index) == (NIP_PNS, first.identity_index)
    assert second.identity_masked == first.identity_masked
    assert second.identity_opening == first.identity_opening
    assert first.is_withdrawn


def test_chosen_values_are_taken_from_the_row_that_goes(twins, organizer):
    first, second = twins
    merge_attendees(keep=second, drop=first, by=organizer, taken=["full_name"])
    assert second.full_name == "Suparno"


def test_a_number_that_stays_keeps_its_own_opening(event, organizer, twins):
    first, _ = twins
    other = add_attendee(
        event=event,
        by=organizer,
        full_name="Suparno",
        category="pppk",
        agency="Kecamatan",
        identity_number=NIP_PPPK,
    )
    opening = other.identity_opening
    merge_attendees(keep=other, drop=first, by=organizer)
    other.refresh_from_db()
    assert (other.identity_number, other.identity_opening) == (NIP_PPPK, opening)


def test_who_was_seen_stays_seen_at_the_earlier_hour(twins, organizer):
    first, second = twins
    seen = timezone.now()
    type(first).objects.filter(pk=first.pk).update(first_seen_at=seen)
    merge_attendees(keep=second, drop=first, by=organizer)
    second.refresh_from_db()
    assert second.first_seen_at == seen


def test_the_log_names_both_rows_and_no_number(twins, organizer):
    first, second = twins
    merge_attendees(keep=second, drop=first, by=organizer)
    entry = AuditEntry.objects.get(verb="attendee.merged")
    assert (entry.object_id, entry.facts["dropped"]) == (str(second.pk), str(first.pk))
    assert NIP_PNS not in str(entry.facts)
    assert first.identity_masked not in str(entry.facts)


def test_one_row_twice_or_of_another_event_is_refused(twins, organizer):
    first, _ = twins
    stranger = purwodadi_event().attendees.get()
    for other in (first, stranger):
        with pytest.raises(Refusal, match=NOT_TWO):
            merge_attendees(keep=first, drop=other, by=organizer)


def test_a_row_that_is_gone_is_refused(twins, organizer):
    first, second = twins
    merge_attendees(keep=first, drop=second, by=organizer)
    with pytest.raises(Refusal, match=GONE):
        merge_attendees(keep=second, drop=first, by=organizer)


def test_a_refusal_from_above_leaves_both_rows(twins, organizer):
    first, second = twins

    def signed(attendee, by):
        raise Refusal("Sudah menandatangani.")

    attendees.before_withdraw.register(signed)
    try:
        with pytest.raises(Refusal, match="menandatangani"):
            merge_attendees(keep=second, drop=first, by=organizer)
    finally:
        attendees.before_withdraw.remove(signed)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_withdrawn, second.category) == (False, "")


def test_page_shows_both_side_by_side_and_masks_the_number(staff, event, twins):
    page = staff.get(reverse("events:duplicates", args=[event.code])).content.decode()
    assert SAME_NAME in page
    assert "S.STP." in page
    assert NIP_PNS not in page


def test_page_merges_with_one_button(staff, event, twins):
    first, second = twins
    answer = staff.post(
        reverse("events:attendees_merge", args=[event.code]),
        {"simpan": second.pk, "lepas": first.pk, "ambil": ["printed_name", "event", "withdrawn_at"]},
        follow=True,
    )
    assert "kini satu baris" in answer.content.decode()
    second.refresh_from_db()
    assert (second.full_name, second.withdrawn_at) == ("Suparno", None)


@pytest.mark.parametrize("simpan", ["", "bukan", "275e03df-7755-41d4-ba62-5bd3107ad04e"])
def test_unknown_rows_are_not_found(staff, event, twins, simpan):
    url = reverse("events:attendees_merge", args=[event.code])
    assert staff.post(url, {"simpan": simpan, "lepas": twins[0].pk}).status_code == 404


def test_who_only_reads_gets_no_button(client, event, twins, operator):
    client.force_login(operator)
    page = client.get(reverse("events:duplicates", args=[event.code])).content.decode()
    assert "Gabungkan" not in page
    url = reverse("events:attendees_merge", args=[event.code])
    assert client.post(url, {"simpan": twins[0].pk, "lepas": twins[1].pk}).status_code == 403
