"""What the board knows of each tablet, and how the day stands per unsur."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from declarations import signing
from declarations.tablet_board import board_of, signing_closed_at
from declarations.tablet_totals import totals_of
from events.devices import cut_off_device, drain_device, retire_device
from events.models import Device, DeviceHeartbeat, Event
from tests.declarations import day, factories
from tests.declarations.tablets import Paired

pytestmark = pytest.mark.django_db
WIB = "Asia/Jakarta"


@pytest.fixture
def event(paper):
    return paper.event


def report(tablet: Paired, *, at=None, **said) -> DeviceHeartbeat:
    fields = {"at": at or timezone.now(), "next_seq": tablet.seq, **said}
    row, _ = DeviceHeartbeat.objects.update_or_create(device=tablet.row, defaults=fields)
    return row


def only(event, **options):
    [tablet] = board_of(event, **options).tablets
    return tablet


def keys(tablet):
    return [alert.key for alert in tablet.alerts]


# -- numbers of one tablet ---------------------------------------------------------------------------------------


def test_tablet_that_never_reported_says_so(event):
    Paired(event, probed=False)
    tablet = only(event)
    assert (tablet.contact_words, tablet.received, tablet.missing, tablet.alerts) == (
        "Belum pernah melapor",
        0,
        [],
        [],
    )


def test_queue_is_missing_but_no_alarm(event, paper):
    tablet = Paired(event)
    for row in day.rows(paper)[:2]:
        tablet.signs(row)
    report(tablet, pending=2)

    shown = only(event)

    assert (shown.received, shown.pending, shown.waiting, shown.missing) == (1, 2, 2, [1, 2])
    assert shown.alerts == []


def test_gap_with_an_empty_queue_is_red_and_named(event, paper):
    tablet = Paired(event)
    _, second, third = [tablet.signs(row) for row in day.rows(paper)]
    tablet.hand_in(second, third)
    report(tablet, pending=0)

    shown = only(event)

    assert (shown.missing, shown.missing_words, keys(shown)) == ([1], "1", ["missing_numbers"])
    assert [tablet.device.label for tablet in board_of(event).urgent] == ["Meja 1"]


def test_what_a_rescue_file_brought_is_no_longer_waiting(event, paper):
    tablet = Paired(event)
    record = tablet.signs(day.rows(paper)[0])
    report(tablet, pending=1)
    assert only(event).waiting == 1

    tablet.hand_in(record, via="rescue", by=audit.SYSTEM)

    shown = only(event)
    assert (shown.pending, shown.waiting, shown.missing) == (1, 0, [])


def test_lost_records_are_told_once_and_only_while_they_are_missing(event, paper):
    tablet = Paired(event)
    record = tablet.signs(day.rows(paper)[0])
    report(tablet, pending=0, lost=1)
    assert keys(only(event)) == ["lost_storage"]

    tablet.hand_in(record, via="rescue", by=audit.SYSTEM)

    assert only(event).alerts == []


def test_foreign_signature_unknown_key_and_broken_chain_are_red(event, paper):
    tablet, thief = Paired(event), Paired(event, "Meja 2")
    forged = tablet.signs(day.rows(paper)[0])
    tablet.private = thief.private
    tablet.hand_in(forged)
    report(tablet, unknown_key=2)
    Device.objects.filter(pk=tablet.device).update(chain_broken_at=1)

    [shown, other] = board_of(event).tablets

    assert keys(shown) == ["chain_broken", "bad_device_signature", "unknown_key"]
    assert (shown.quarantined, other.alerts) == (1, [])


def test_numbers_beyond_reason_do_not_make_a_list_beyond_reason(event):
    report(Paired(event), next_seq=2**31 - 1)
    assert len(only(event).missing) == 5000


def test_other_app_than_the_one_served_is_amber(event):
    tablet = Paired(event, app="1.0.0+aaa")
    report(tablet)
    assert keys(only(event, app="1.0.0+bbb")) == ["old_app"]
    assert keys(only(event, app="1.0.0+aaa")) == []


# -- in words ----------------------------------------------------------------------------------------------------


def test_contact_is_told_in_the_zone_of_the_event(event):
    now = timezone.now().replace(hour=4, minute=0, second=0)  # 11.00 WIB
    tablet = Paired(event)
    report(tablet, at=now - timedelta(minutes=1))
    assert (only(event, now=now).contact_words, only(event, now=now).contact_tone) == ("Tersambung", "done")

    report(tablet, at=now - timedelta(minutes=110))

    shown = only(event, now=now)
    assert (shown.contact_words, shown.contact_tone) == ("Belum ada kontak sejak 09.10 (luring)", "muted")
    assert shown.pending_age == "1 jam 50 menit lalu"


def test_contact_of_another_day_names_the_day(event):
    now = timezone.now().replace(month=11, day=22, hour=4, minute=0)
    report(Paired(event), at=now - timedelta(days=2))
    shown = only(event, now=now)
    assert shown.contact_words == f"Belum ada kontak sejak 20 November {now.year} 11.00 (luring)"


@pytest.mark.parametrize(
    ("said", "name", "words"),
    [
        ({"clock_offset_ms": 400}, "offset_words", "tepat"),
        ({"clock_offset_ms": 61_000}, "offset_words", "terlambat 61 detik"),
        ({"clock_offset_ms": -3_600_000}, "offset_words", "lebih cepat 1 jam"),
        ({"free_mb": 820}, "space_words", "820 MB"),
        ({"free_mb": 5120}, "space_words", "5,0 GB"),
        ({"free_mb": None}, "space_words", "tidak diketahui"),
        ({"persisted": True}, "persisted_words", "tetap"),
        ({"persisted": None}, "persisted_words", "tidak diketahui"),
        ({"roster_seq": 0}, "roster_words", "belum diunduh"),
    ],
)
def test_what_the_tablet_said_in_words(event, said, name, words):
    report(Paired(event), **said)
    assert getattr(only(event), name) == words


def test_roster_that_is_behind_names_the_newest(event):
    report(Paired(event), roster_seq=1)
    assert only(event).roster_words.startswith("1 (terbaru ")


# -- the whole board ---------------------------------------------------------------------------------------------


def test_tablets_that_left_with_nothing_undone_stand_apart(event, paper):
    here, gone, guilty = (Paired(event, label) for label in ("Meja 1", "Meja 2", "Meja 3"))
    for tablet in (here, gone, guilty):
        report(tablet)
    retire_device(device=gone.row, by=audit.SYSTEM)
    guilty.signs(day.rows(paper)[0])
    report(guilty, pending=0)
    cut_off_device(device=guilty.row, by=audit.SYSTEM, reason="Dicuri.")

    board = board_of(event)

    assert [tablet.device.label for tablet in board.in_use] == ["Meja 1", "Meja 3"]
    assert [tablet.device.label for tablet in board.left] == ["Meja 2"]


def test_draining_tablet_is_still_in_use(event):
    drain_device(device=Paired(event).row, by=audit.SYSTEM)
    assert len(board_of(event).in_use) == 1


def test_board_of_another_event_shows_nothing_of_ours(event):
    Paired(event)
    assert board_of(day.running_event()).tablets == []


def test_board_asks_as_much_for_one_tablet_as_for_ten(event, paper):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            for tablet in board_of(event).tablets:
                assert tablet.alerts is not None
                assert tablet.device.site is None
        return len(asked)

    report(Paired(event))
    one = count()
    for number in range(2, 11):
        tablet = Paired(event, f"Meja {number}")
        tablet.signs(day.rows(paper)[0])
        report(tablet, pending=0)
    assert (count(), one) == (one, 5)


def test_signing_ends_with_the_event_or_with_its_last_paper(paper, event):
    assert signing_closed_at(event) is None
    other = signing.open_signing(declaration=factories.declaration(event), by=audit.SYSTEM)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    assert signing_closed_at(event) is None
    other = signing.close_signing(declaration=other, by=audit.SYSTEM)
    assert signing_closed_at(event) == other.closed_at
    event.closed_at = timezone.now()
    assert signing_closed_at(event) == event.closed_at


# -- totals ------------------------------------------------------------------------------------------------------


def totals(event):
    found = totals_of(event)
    return {
        line.label: (line.invited, line.present, line.signed, line.refused, line.review)
        for line in [*found.lines, found.sum]
    }


def test_totals_count_people_per_unsur(paper, event):
    factories.attendee(event, full_name="Kades (contoh)", category="kepala_desa", position="Kepala Desa")
    factories.attendee(event, full_name="Keluar (contoh)", withdrawn_at=timezone.now())
    factories.attendee(event, full_name="Tamu (contoh)", source="walk_in", first_seen_at=timezone.now())
    first, second, _ = day.rows(paper)
    tablet = Paired(event)
    tablet.hand_in(tablet.signs(first), tablet.refuses(second))

    assert totals(event) == {
        "ASN": (3, 3, 1, 1, 0),
        "Kepala Desa": (1, 0, 0, 0, 0),
        "Jumlah": (4, 3, 1, 1, 0),
    }


def test_questions_stand_with_the_person_or_with_the_unknown(paper, event):
    first, *_ = day.rows(paper)
    tablet = Paired(event)
    [item] = tablet.sealed(tablet.signs(first))
    tablet.hand_in(item, {**item, "id": "01890000-0000-7000-8000-000000000001"})
    tablet.hand_in(tablet.signs(first, seed=2))

    assert totals(event) == {
        "ASN": (3, 1, 1, 0, 1),
        "Belum dikenali": (0, 0, 0, 0, 1),
        "Jumlah": (3, 1, 1, 0, 2),
    }


def test_somebody_who_signs_two_papers_is_one_person(paper, event):
    other = signing.open_signing(declaration=factories.declaration(event), by=audit.SYSTEM)
    tablet = Paired(event)
    tablet.hand_in(tablet.signs(day.rows(paper)[0]), tablet.signs(day.rows(other)[0]))
    assert totals(event)["ASN"][2] == 1


def test_totals_of_an_empty_event_have_no_lines():
    found = totals_of(day.running_event())
    assert (found.lines, found.sum.invited) == ([], 0)


@pytest.mark.parametrize("people", [1, 3])
def test_totals_ask_as_much_for_one_as_for_three(people, django_assert_num_queries):
    paper = day.open_paper(people)
    event = Event.objects.get(pk=paper.event_id)
    day.everybody_signs(paper)
    with django_assert_num_queries(5):
        totals_of(event)
