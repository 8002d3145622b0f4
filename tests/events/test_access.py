"""Who gets which page: a foreign region is a 404, a missing right a 403 with the reason (EVENTS §8)."""

import re
import uuid

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Permission
from documents import storage
from events.access import may_edit, may_in_event
from events.models import AttendanceScan, AttendanceSheet, Event, EventPhoto
from events.urls import urlpatterns

from .factories import (
    AgendaItemFactory,
    AttendeeFactory,
    EventFactory,
    EventPersonFactory,
    EventSiteFactory,
    cerme_event,
    purwodadi_event,
)

pytestmark = pytest.mark.django_db

WITHOUT_EVENT = {"events", "calendar", "create", "election_add", "office_papers", "wording_preview"}
POST_ONLY = {"agenda_up", "agenda_down", "site_remove", "agenda_remove", "person_remove", "undo_removal"}
POST_ONLY |= {
    "photo_up",
    "photo_down",
    "photo_remove",
    "photos_undo",
    "photos_send",
    "paper_issue",
    "dossier",
}
WITHOUT_EVENT |= {"sources", "templates"}
# Lists to take along have rights of their own: the matrix of tests/access_matrix.py.
WITHOUT_EVENT |= {"events_export", "attendees_export", "log_export", "invited_export"}
WITHOUT_EVENT |= {"rundown_export", "places_export", "crew_export", "mails_export", "parts_export"}
WITHOUT_EVENT |= {"invitation_calendar"}  # only once there is a date to keep: the matrix, too
# What is told and answered has states of its own: the matrix, test_answers.py, test_outbox.py.
WITHOUT_EVENT |= {"invitation_told", "invitation_untold", "invitation_answer"}
WITHOUT_EVENT |= {"mails", "mail_send", "mail_retry"}
POST_ONLY |= {"template_retire", "reorder"}
OPENS_NUMBERS = {"attendee_number"}  # a right of its own: test_unmasking.py
READING = {"event", "sites", "agenda", "people", "attendees", "papers", "paper_preview"}
READING |= {"template", "invitations"}
READING |= {"sheets_print", "scan_file", "paper_parts", "photo_file", "photo_small"}
READING_DOSSIER = {"dossier_progress", "dossier_zip"}  # a right to papers besides
READ_AND_RUN = {"sheets", "photos"}  # everybody inside reads, who runs the day prepares
# What leaves the event as it is and makes another one: test_copying_pages.py; and the way to the next step of a draft.
STARTS_ANOTHER = {"copy", "keep_as_template"}
TEMPLATES = {"template", "template_roles", "template_retire"}
# Ways with several pages, each with rows of its own: the matrix, and the tests of their pages.
OF_THE_MATRIX = (
    "import",
    "note",
    "submission",
    "submit",
    "duplicates",
    "attendees_merge",
    "attendees_apart",
    "ask_pair_again",
    "laporan",
)
WITHOUT_EVENT |= {pattern.name for pattern in urlpatterns if pattern.name.startswith(OF_THE_MATRIX)}
OF_EVENT = sorted({pattern.name for pattern in urlpatterns} - WITHOUT_EVENT)


def furnish(event):
    """One row of everything, so that every address of the room leads somewhere."""
    sheet = AttendanceSheet.objects.create(event=event, series=1, number=1, first_row=1, rows=[""])
    scan = AttendanceScan.objects.create(sheet=sheet, file="pindai.jpg", sha256="0", upload_sha256="0")
    storage.store(scan.file, b"JPEG")
    photo = EventPhoto.objects.create(event=event, order=1, width=4, height=3)
    storage.store(photo.file, b"JPEG")
    storage.store(photo.print_file, b"JPEG")
    rows = {
        "template": EventFactory(office=event.office, is_template=True),
        "photo": photo,
        "sheets_print": 1,
        "sheet_scan": sheet.pk,
        "scan_file": scan.pk,
        "site": EventSiteFactory(event=event),
        "agenda": AgendaItemFactory(event=event),
        "person": EventPersonFactory(event=event),
        "attendee": AttendeeFactory(event=event),
    }
    return rows


def address(name, event, rows):
    if name.partition("_")[0] == "template":
        return reverse(f"events:{name}", args=[rows["template"].code])
    if name in ("sheets_print", "sheet_scan", "scan_file"):
        return reverse(f"events:{name}", args=[event.code, rows[name]])
    if name.startswith("paper_"):
        kind = "sertifikat" if name == "paper_parts" else "susunan_acara"
        return reverse(f"events:{name}", args=[event.code, kind])
    kind = name.partition("_")[0]
    needs_row = kind in rows and "_" in name and not name.endswith("_add")
    return reverse(f"events:{name}", args=[event.code, *([rows[kind].pk] if needs_row else [])])


def visit(client, name, url):
    response = client.post(url) if name in POST_ONLY else client.get(url)
    if response.streaming:
        response.getvalue()  # reads to the end, which closes the file
    return response


def test_room_has_the_promised_addresses():
    promised = (
        "events create event edit sites agenda people attendees attendee_add attendee_edit attendee_withdraw "
        "generate schedule start close reopen archive cancel log"
    )
    assert set(promised.split()) <= {pattern.name for pattern in urlpatterns}
    assert reverse("events:event", args=["ABC"]) == "/kegiatan/ABC/"


def test_foreign_event_is_not_found_on_any_page(client, organizer):
    foreign = purwodadi_event()
    rows = furnish(foreign)
    client.force_login(organizer)
    for name in OF_EVENT:
        url = address(name, foreign, rows)
        assert (name, visit(client, name, url).status_code) == (name, 404)
        wanted = 405 if name in READING | READING_DOSSIER | {"log", "resume"} else 404
        assert (name, client.post(url, {"reason": "uji"}).status_code) == (name, wanted)
    foreign.refresh_from_db()
    assert (foreign.state, foreign.attendees.expected().count()) == ("draft", 2)
    assert AuditEntry.objects.filter(stream_id=foreign.audit_stream).count() == 0


@pytest.mark.parametrize("who", ["neighbour", "ended", "stranger"])
def test_siblings_and_former_members_find_nothing(client, event, request, who):
    client.force_login(request.getfixturevalue(who))
    rows = furnish(event)
    found = {name: visit(client, name, address(name, event, rows)).status_code for name in OF_EVENT}
    assert set(found.values()) == {404}


def test_unknown_code_looks_like_a_foreign_one(client, organizer):
    foreign = purwodadi_event()
    client.force_login(organizer)
    pages = [
        client.get(reverse("events:event", args=[code])).content.decode()
        for code in ("ABCDEFGHJK", foreign.code)
    ]
    one, other = (re.sub(r'value="\w{64}"', "", page) for page in pages)
    assert one.replace("ABCDEFGHJK", foreign.code) == other


def test_everybody_else_signs_in_first(client, event):
    rows = furnish(event)
    for name in OF_EVENT:
        response = visit(client, name, address(name, event, rows))
        assert (name, response.status_code, response.url.partition("?")[0]) == (name, 302, "/masuk/")


def test_supervisor_reads_and_changes_nothing(client, event, supervisor):
    client.force_login(supervisor)
    rows = furnish(event)
    for name in set(OF_EVENT) - OPENS_NUMBERS:
        wanted = 200 if name in READING | READING_DOSSIER | READ_AND_RUN | {"log"} else 403
        response = visit(client, name, address(name, event, rows))
        assert (name, response.status_code) == (name, wanted)
    body = client.get(reverse("events:edit", args=[event.code])).content.decode()
    assert "Peran Anda (Pengawas wilayah) tidak mencakup hak merencanakan kegiatan" in body


def test_operator_reads_but_plans_nothing(client, event, operator):
    client.force_login(operator)
    rows = furnish(event)
    for name in OF_EVENT:
        if name not in {"start", "close", "reopen", "archive"}:
            wanted = 200 if name in READING | READ_AND_RUN else 403
            assert (name, visit(client, name, address(name, event, rows)).status_code) == (name, wanted)


def test_operator_runs_only_events_they_are_assigned_to(client, event, operator):
    Event.objects.update(state="scheduled")
    client.force_login(operator)
    url = reverse("events:start", args=[event.code])
    refused = client.get(url)
    assert refused.status_code == 403
    assert "Anda belum ditugaskan sebagai operator kegiatan ini" in refused.content.decode()
    event.operators.add(operator)
    assert client.get(url).status_code == 200
    assert client.post(url, {"accept_warnings": "on"}).status_code == 302
    event.refresh_from_db()
    assert event.state == "running"


def test_organizer_runs_without_being_assigned(event, organizer):
    assert may_in_event(organizer, Permission.EVENT_RUN, event).allowed


def test_viewer_is_told_why_there_is_no_list(client, event, viewer):
    client.force_login(viewer)
    response = client.get(reverse("events:events"))
    assert response.status_code == 403
    assert "tidak mencakup hak melihat kegiatan" in response.content.decode()
    assert client.get(event.get_absolute_url()).status_code == 403
    assert client.get(reverse("events:create")).status_code == 403


def test_list_shows_own_region_only(client, event, organizer, supervisor):
    foreign = purwodadi_event()
    for user in (organizer, supervisor):
        client.force_login(user)
        body = client.get(reverse("events:events")).content.decode()
        assert (event.title in body, foreign.title in body) == (True, False)


def test_rows_of_another_event_are_not_found(staff, event):
    rows = furnish(cerme_event())
    for name in OF_EVENT:
        kind = name.partition("_")[0]
        if name not in TEMPLATES and kind in rows and "_" in name and not name.endswith("_add"):
            assert (name, visit(staff, name, address(name, event, rows)).status_code) == (name, 404)
    unknown = reverse("events:attendee_edit", args=[event.code, uuid.uuid4()])
    assert staff.get(unknown).status_code == 404


@pytest.mark.parametrize("state", ["closed", "archived", "cancelled"])
def test_what_is_over_can_be_read_and_not_changed(staff, event, organizer, state):
    rows = furnish(event)
    Event.objects.filter(pk=event.pk).update(state=state)
    for name in set(OF_EVENT) - OPENS_NUMBERS - STARTS_ANOTHER - TEMPLATES - {"resume"}:
        url = address(name, event, rows)
        if name in READING | READING_DOSSIER | READ_AND_RUN | {"log"}:
            assert (name, visit(staff, name, url).status_code) == (name, 200)
        elif state == "closed" and name.startswith(("paper_", "sheet_", "photo_", "photos_")):
            continue  # what is kept and printed after the day: test_issuing.py, test_photos.py
        elif (state, name) not in {("closed", "archive"), ("closed", "reopen")}:
            assert (name, staff.post(url, {"reason": "uji"}).status_code) == (name, 409)
    event.refresh_from_db()
    assert (event.state, may_edit(organizer, event).allowed) == (state, False)
    assert AuditEntry.objects.filter(stream_id=event.audit_stream).count() == 0


def test_archived_event_refuses_writing_before_anything_else(staff, event):
    Event.objects.filter(pk=event.pk).update(state="archived")
    response = staff.post(reverse("events:edit", args=[event.code]), {"title": "Lain"})
    assert response.status_code == 409
    assert "sudah diarsipkan dan tidak dapat diubah" in response.content.decode()


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_moving_is_not_a_page(staff, event, name):
    rows = furnish(event)
    assert staff.get(address(name, event, rows)).status_code == 405
