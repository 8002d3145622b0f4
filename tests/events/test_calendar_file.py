"""The calendar file: read back by another library and by a strict reader of lines, right in all three zones."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.urls import reverse

from accounts.refusals import Refusal
from events import calendar_entry
from events.calendar_file import CANCEL, PUBLISH, REQUEST, Occasion, calendar_file, hours_in_words
from events.links import make_link
from events.models import Attendee, Event
from events.planning import change_event
from events.scheduling import cancel_event, close_event, reopen_event, schedule_event, start_event

from .factories import AttendeeFactory, EventFactory, EventSiteFactory

NOW = datetime(2024, 9, 30, 3, 0, tzinfo=UTC)
ZONES = [("Asia/Jakarta", "WIB", 7), ("Asia/Makassar", "WITA", 8), ("Asia/Jayapura", "WIT", 9)]
LINE = re.compile(r"[A-Z][A-Z0-9-]*(;[A-Z-]+=(\"[^\"]*\"|[^\";:,]*))*:.*", re.S)


def occasion(**changes) -> Occasion:
    return Occasion(
        **{
            "id": "7d8d9ad0-1111-4222-8333-444455556666",
            "sequence": 3,
            "title": "Sosialisasi; Netralitas, “Kades” \\ Cerme",
            "starts_at": datetime(2024, 10, 2, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta")),
            "ends_at": datetime(2024, 10, 2, 12, 0, tzinfo=ZoneInfo("Asia/Jakarta")),
            "zone": "Asia/Jakarta",
            "place": "Pendopo Kecamatan Cerme, Jl. Raya Cerme Lor No. 18, Gresik, lantai dua di sebelah timur",
            "host": "Panwaslu Kecamatan Cerme",
            "host_email": "cerme@contoh.test",
            **changes,
        }
    )


def read(raw: bytes):
    """As another library reads it, after the strict look at its lines."""
    lines_of(raw)
    return vobject.readOne(raw.decode(), validate=True).vevent


def lines_of(raw: bytes) -> list[str]:
    """RFC 5545 §3.1: every line ends with CRLF and has at most 75 octets; unfolded, each is a content line."""
    assert raw.endswith(b"\r\n")
    physical = raw[:-2].split(b"\r\n")
    assert all(b"\r" not in line and b"\n" not in line for line in physical)
    assert max(map(len, physical)) <= 75
    for line in physical:
        line.decode()  # no character is cut in two
    lines = raw[:-2].replace(b"\r\n ", b"").decode().split("\r\n")
    assert all(LINE.fullmatch(line) for line in lines)
    opened = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            opened.append(value)
        elif name == "END":
            assert opened.pop() == value
    assert opened == []
    return lines


def value(raw: bytes, name: str) -> list[str]:
    lines = lines_of(raw)
    first = lines.index("BEGIN:VEVENT")
    last = lines.index("BEGIN:VALARM") if "BEGIN:VALARM" in lines else lines.index("END:VEVENT")
    return [line.partition(":")[2] for line in lines[first:last] if re.split("[;:]", line)[0] == name]


# -- the file itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "name", "ahead"), ZONES)
def test_nine_in_the_morning_is_nine_in_the_morning_in_every_zone(zone, name, ahead):
    start = datetime(2024, 10, 2, 9, 0, tzinfo=ZoneInfo(zone))
    raw = calendar_file(occasion(starts_at=start, ends_at=None, zone=zone), method=PUBLISH, at=NOW)

    assert value(raw, "DTSTART") == [f"20241002T{9 - ahead:02}0000Z"]
    event = read(raw)
    assert event.dtstart.value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H.%M") == "2024-10-02 09.00"
    assert f"Rabu, 2 Oktober 2024, pukul 09.00 {name} s.d. selesai" in event.description.value
    assert value(raw, "DTEND") == []


def test_an_hour_after_midnight_in_the_east_is_the_day_before_in_utc():
    start = datetime(2024, 10, 2, 7, 30, tzinfo=ZoneInfo("Asia/Jayapura"))
    raw = calendar_file(occasion(starts_at=start, ends_at=None, zone="Asia/Jayapura"), method=PUBLISH, at=NOW)
    assert value(raw, "DTSTART") == ["20241001T223000Z"]
    assert "Rabu, 2 Oktober 2024, pukul 07.30 WIT" in read(raw).description.value


def test_no_zone_is_left_to_guess():
    raw = calendar_file(occasion(), method=PUBLISH, at=NOW)
    assert "TZID" not in raw.decode()
    assert "VTIMEZONE" not in raw.decode()
    assert all(value(raw, name)[0].endswith("Z") for name in ("DTSTART", "DTEND", "DTSTAMP"))


def test_what_was_typed_comes_out_as_it_was_typed():
    event = read(calendar_file(occasion(), method=PUBLISH, at=NOW))
    assert event.summary.value == occasion().title
    assert event.location.value == occasion().place
    assert len(event.description.value.split("\n")) == 3


def test_title_of_many_words_is_folded_and_read_whole():
    title = "Penandatanganan naskah “ikrar netralitas” – aparatur sipil negara se-Kabupaten Gresik " * 3
    assert (
        read(calendar_file(occasion(title=title.strip()), method=PUBLISH, at=NOW)).summary.value
        == title.strip()
    )


def test_end_on_another_day_is_said_with_its_date():
    end = datetime(2024, 10, 3, 12, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
    words = hours_in_words(occasion(ends_at=end))
    assert words == "Rabu, 2 Oktober 2024, pukul 09.00 WIB s.d. Kamis, 3 Oktober 2024, pukul 12.00 WIB"


def test_the_day_before_there_is_an_alarm_unless_it_was_cancelled():
    alarm = read(calendar_file(occasion(), method=PUBLISH, at=NOW)).valarm
    assert alarm.trigger.value.total_seconds() == -86400
    cancelled = calendar_file(occasion(cancelled=True), method=PUBLISH, at=NOW)
    assert b"VALARM" not in cancelled


def test_invitation_by_mail_names_host_and_invited_person():
    raw = calendar_file(occasion(), method=REQUEST, at=NOW, invited="camat@contoh.test")
    assert "METHOD:REQUEST" in lines_of(raw)
    event = read(raw)
    assert event.attendee.value == "mailto:camat@contoh.test"
    assert event.organizer.value == "mailto:cerme@contoh.test"
    assert event.organizer.params["CN"] == ["Panwaslu Kecamatan Cerme"]
    assert value(raw, "STATUS") == ["CONFIRMED"]


def test_cancellation_by_mail_says_so_in_method_status_and_words():
    raw = calendar_file(
        occasion(cancelled=True, reason="Pendopo kebanjiran."),
        method=CANCEL,
        at=NOW,
        invited="camat@contoh.test",
    )
    assert "METHOD:CANCEL" in lines_of(raw)
    event = read(raw)
    assert event.status.value == "CANCELLED"
    assert event.summary.value.startswith("DIBATALKAN: ")
    assert "Pendopo kebanjiran." in event.description.value


@pytest.mark.parametrize(
    ("method", "cancelled", "invited"),
    [(CANCEL, False, "a@b.test"), (REQUEST, True, "a@b.test"), (REQUEST, False, ""), (CANCEL, True, "")],
)
def test_method_that_does_not_fit_is_refused(method, cancelled, invited):
    with pytest.raises(ValueError, match=method):
        calendar_file(occasion(cancelled=cancelled), method=method, at=NOW, invited=invited)


# -- over the life of an event -------------------------------------------------------------------------------------


def downloaded(client, event):
    response = client.get(reverse("events:invitation_calendar", args=[event.code]))
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    assert response["Content-Disposition"].endswith('.ics"')
    return response.content


def sequence(event) -> int:
    return Event.objects.get(pk=event.pk).calendar_sequence or 0


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "name", "ahead"), ZONES)
def test_change_and_cancellation_keep_the_uid_and_count_on(staff, event, organizer, zone, name, ahead):
    schedule_event(event=event, by=organizer, accept_warnings=True)
    first = downloaded(staff, event)

    later = datetime(2024, 10, 9, 13, 30, tzinfo=ZoneInfo(zone))
    change_event(event=event, by=organizer, starts_at=later, ends_at=None, time_zone=zone)
    second = downloaded(staff, event)
    change_event(event=event, by=organizer, venue="Balai Desa Dungus")
    third = downloaded(staff, event)
    cancel_event(event=event, by=organizer, reason="Banjir.")
    fourth = downloaded(staff, event)

    files = [first, second, third, fourth]
    assert len({value(raw, "UID")[0] for raw in files}) == 1
    numbers = [int(value(raw, "SEQUENCE")[0]) for raw in files]
    assert numbers == sorted(set(numbers))
    for raw in (second, third, fourth):
        there = read(raw).dtstart.value.astimezone(ZoneInfo(zone))
        assert (there.date().isoformat(), there.hour, there.minute) == ("2024-10-09", 13, 30)
        assert f"Rabu, 9 Oktober 2024, pukul 13.30 {name}" in read(raw).description.value
    assert read(third).location.value == "Balai Desa Dungus"
    assert value(fourth, "STATUS") == ["CANCELLED"]


@pytest.mark.django_db
def test_what_calendars_do_not_show_counts_nothing(event, organizer):
    schedule_event(event=event, by=organizer, accept_warnings=True)
    before = sequence(event)
    change_event(event=event, by=organizer, notes="Siapkan spanduk.")
    change_event(event=event, by=organizer, venue=event.venue)
    assert sequence(event) == before


@pytest.mark.django_db
def test_refused_change_counts_nothing(event, organizer):
    before = sequence(event)
    with pytest.raises(Refusal):
        change_event(event=event, by=organizer, venue="Aula", ends_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert sequence(event) == before


@pytest.mark.django_db
def test_the_day_itself_is_no_change_of_the_entry(event, organizer):
    schedule_event(event=event, by=organizer, accept_warnings=True)
    before = sequence(event)
    start_event(event=event, by=organizer, accept_warnings=True)
    close_event(event=event, by=organizer, accept_warnings=True)
    reopen_event(event=event, by=organizer, reason="Terlupa.")
    assert sequence(event) == before


@pytest.mark.django_db
def test_draft_has_no_calendar_file(staff, event):
    assert staff.get(reverse("events:invitation_calendar", args=[event.code])).status_code == 404


@pytest.mark.django_db
def test_calendar_file_holds_neither_link_nor_meeting_address(client, organizer):
    event = EventFactory(
        state="scheduled", mode="hybrid", meeting_link="https://rapat.contoh.test/rahasia", title="Rapat"
    )
    person = AttendeeFactory(event=event)
    token = make_link(attendee=person, by=organizer).token
    response = client.get(reverse("tautan:calendar", args=[token]))
    assert response.status_code == 200
    whole = b"".join(line.encode() for line in lines_of(response.content)).decode()
    assert token not in whole
    assert "/t/" not in whole
    assert "rapat.contoh.test" not in whole
    assert "METHOD:PUBLISH" in whole


@pytest.mark.django_db
def test_place_is_the_one_of_the_person():
    event = EventFactory(state="scheduled", mode="hybrid")
    site = EventSiteFactory(event=event, name="Dungus", venue="Balai Desa")
    assert calendar_entry.place_of(event) == "Pendopo Kecamatan Cerme dan daring"
    assert calendar_entry.place_of(event, Attendee(event=event, presence="remote")) == "Daring"
    assert calendar_entry.place_of(event, AttendeeFactory(event=event, site=site)) == "Dungus, Balai Desa"


@pytest.mark.django_db
def test_withdrawn_person_gets_no_calendar_file(client, organizer):
    event = EventFactory(state="scheduled")
    person = AttendeeFactory(event=event)
    token = make_link(attendee=person, by=organizer).token
    Attendee.objects.filter(pk=person.pk).update(withdrawn_at=event.created_at)
    assert client.get(reverse("tautan:calendar", args=[token])).status_code == 404
