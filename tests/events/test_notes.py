"""Notula and kendala: every text that was saved is kept, and nobody's text is written over in silence."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.roles import Role
from events.issuing import save_details
from events.models import Event, NoteRevision
from events.note_rows import NoteConflict, latest_of
from events.notes import restore_note, save_note
from events.report_parts import LONG, typed
from tests.accounts.factories import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(event, organizer):
    def write(text, base=0, by=organizer, **more):
        return save_note(event=event, kind=more.pop("kind", "notula"), text=text, base=base, by=by, **more)

    return write


def texts(event, kind="notula"):
    return list(NoteRevision.objects.of(event, kind).values_list("text", flat=True))


def note_url(event, kind="notula"):
    return reverse("events:note", args=[event.code, kind])


def type_in(client, event, text, revision=0, **more):
    data = {"text": text, "revision": revision, "writer": "tab-1", **more}
    return client.post(note_url(event), data, headers={"Accept": "application/json"})


def test_text_of_the_pad_is_that_of_the_papers(event, write):
    write("Ketua membuka kegiatan.")
    write("Listrik padam.", kind="kendala")
    assert typed(event, "notula")["discussion"] == "Ketua membuka kegiatan."
    assert typed(event, "laporan_kegiatan")["problems"] == "Listrik padam."


def test_what_one_page_types_on_within_minutes_is_one_text_and_one_line_of_the_log(event, write):
    write("Ketua", writer="tab-1")
    row = write("Ketua membuka", base=1, writer="tab-1")
    assert (row.number, texts(event)) == (2, ["Ketua membuka"])
    [entry] = AuditEntry.objects.filter(stream_id=event.audit_stream)
    assert (entry.verb, entry.facts) == ("note.changed", {})


def test_a_text_begins_anew_after_minutes_and_where_much_is_taken_away(event, write):
    long = "Ketua membuka kegiatan. " * 5
    write(long, writer="tab-1")
    write("", base=1, writer="tab-1")
    assert texts(event) == ["", long]
    NoteRevision.objects.update(started_at=timezone.now() - timedelta(minutes=6))
    write("Lagi", base=2, writer="tab-1")
    assert texts(event) == ["Lagi", "", long]


def test_who_began_from_an_older_text_gets_both_and_nothing_is_written_over(event, write, operator):
    write("Milik penyelenggara")
    with pytest.raises(NoteConflict, match="sudah diubah") as conflict:
        write("Milik operator", by=operator, writer="tab-2")
    assert conflict.value.latest.text == "Milik penyelenggara"
    assert texts(event) == ["Milik penyelenggara"]


def test_a_save_whose_answer_was_lost_may_be_sent_again(event, write):
    write("Ketua", writer="tab-1")
    assert write("Ketua", writer="tab-1").number == 1
    assert write("Ketua membuka", writer="tab-1").text == "Ketua membuka"


def test_another_person_cannot_pass_as_the_page_that_wrote(event, write, operator):
    write("Ketua", writer="tab-1")
    with pytest.raises(NoteConflict):
        write("Lain", by=operator, writer="tab-1")


def test_an_earlier_text_is_restored_and_the_later_one_stays(event, organizer, write):
    write("Pertama", writer="a")
    write("Kedua", base=1, writer="b")
    first = NoteRevision.objects.get(text="Pertama")
    restore_note(event=event, kind="notula", revision=first, by=organizer)
    assert texts(event) == ["Pertama", "Kedua", "Pertama"]


def test_chapter_typed_on_the_form_of_the_paper_becomes_the_text_of_the_pad(event, organizer, write):
    write("Dari lembar")
    details = {"discussion": "Dari isian"}
    facts = {"kind": "notula", "by": organizer, "date": None, "classification": "", "details": details}
    with pytest.raises(NoteConflict):
        save_details(event=event, bases={"discussion": 0}, **facts)
    save_details(event=event, bases={"discussion": 1}, **facts)
    assert (latest_of(event, "notula").text, len(texts(event))) == ("Dari isian", 2)


def test_text_too_long_is_refused_in_words_and_the_last_one_stays(event, write):
    write("a" * LONG)
    with pytest.raises(Refusal, match=r"lebih panjang dari 20\.000 karakter"):
        write("a" * (LONG + 1), base=1)
    assert texts(event) == ["a" * LONG]


@pytest.mark.parametrize("state", ["archived", "cancelled"])
def test_nothing_is_written_after_the_end(event, write, state):
    Event.objects.update(state=state)
    with pytest.raises(Refusal):
        write("Terlambat")


@pytest.mark.parametrize(
    "sql", ["UPDATE events_noterevision SET text = 'lain'", "DELETE FROM events_noterevision"]
)
def test_database_keeps_texts_of_an_archived_event(event, write, sql):
    write("Ketua")
    Event.objects.update(state="archived")
    with pytest.raises(IntegrityError, match="archived"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert texts(event) == ["Ketua"]


# -- pages ---------------------------------------------------------------------------------------------------------


def test_script_saves_and_is_told_when(staff, event):
    answer = type_in(staff, event, "Ketua membuka").json()
    assert (answer["revision"], answer["text"]) == (1, "Ketua membuka")
    assert answer["saved"].endswith("WIB")
    state = staff.get(note_url(event)).json()
    assert (bool(state["csrf"]), state["text"]) == (True, "Ketua membuka")


def test_script_gets_the_other_text_of_a_conflict(staff, event, write, operator):
    write("Milik operator", by=operator)
    answer = type_in(staff, event, "Milik saya")
    assert answer.status_code == 409
    assert (answer.json()["conflict"], answer.json()["text"]) == (True, "Milik operator")


@pytest.mark.parametrize("number", ["", "abc", "-1", "99999999999999"])
def test_number_nobody_gave_is_a_conflict_not_an_error(staff, event, write, number):
    write("Ada")
    assert type_in(staff, event, "Lain", number).status_code == 409


def test_page_without_script_saves_and_shows_both_texts_of_a_conflict(staff, event, write, operator):
    response = staff.post(note_url(event), {"text": "Pertama", "revision": "0"}, follow=True)
    assert "Notula disimpan." in response.content.decode()
    write("Milik operator", base=1, by=operator)
    response = staff.post(note_url(event), {"text": "Milik saya", "revision": "1"})
    page = response.content.decode()
    assert response.status_code == 409
    assert [text in page for text in ("Milik saya</textarea>", "Milik operator</pre>")] == [True, True]
    assert 'name="revision" value="2"' in page


def test_script_is_told_that_an_archived_event_takes_nothing(staff, event):
    Event.objects.update(state="archived")
    answer = type_in(staff, event, "Terlambat")
    assert (answer.status_code, "diarsipkan" in answer.json()["message"]) == (409, True)
    assert "readonly" in staff.get(reverse("events:notes", args=[event.code])).content.decode()


def test_unknown_pad_is_not_found(staff, event):
    assert staff.get(note_url(event, "lain")).status_code == 404


def test_history_restores_by_a_button(staff, event, write):
    write("Pertama", writer="a")
    write("Kedua", base=1, writer="b")
    page = staff.get(reverse("events:note_history", args=[event.code, "notula"])).content.decode()
    assert page.count("Pulihkan") == 1
    first = NoteRevision.objects.get(text="Pertama")
    staff.post(reverse("events:note_restore", args=[event.code, "notula", first.pk]))
    assert latest_of(event, "notula").text == "Pertama"


def test_form_of_the_minutes_shows_what_was_saved_meanwhile(staff, event, write, operator):
    Event.objects.update(state="running")
    write("Milik operator", by=operator)
    url = reverse("events:paper_details", args=[event.code, "notula"])
    response = staff.post(url, {"discussion": "Milik saya", "discussion_revisi": "0"})
    page = response.content.decode()
    assert response.status_code == 409
    assert [text in page for text in ("Milik saya</textarea>", "Milik operator</pre>")] == [True, True]
    assert staff.post(url, {"discussion": "Milik saya", "discussion_revisi": "1"}).status_code == 302
    assert texts(event) == ["Milik saya", "Milik operator"]


def test_operator_of_the_day_writes_and_one_not_assigned_does_not(client, event, operator):
    client.force_login(operator)
    assert type_in(client, event, "Ketua").status_code == 403
    event.operators.add(operator)
    assert type_in(client, event, "Ketua").status_code == 200


def test_viewer_of_the_region_sees_no_pad(client, event):
    client.force_login(member(event.office.parent or event.office, Role.VIEWER))
    assert client.get(reverse("events:notes", args=[event.code])).status_code == 403


def test_pads_ask_a_fixed_number_of_questions(staff, event, write, django_assert_max_num_queries):
    for number in range(3):
        write(f"Teks {number}", base=number, writer=str(number))
    staff.get(reverse("events:notes", args=[event.code]))
    with django_assert_max_num_queries(12):
        staff.get(reverse("events:notes", args=[event.code]))


def test_replaced_text_stays_in_the_history_however_soon(event, write):
    first = write("Ketua membuka acara pukul sembilan.", writer="tab")
    write("Camat menutup acara pukul dua belas.", base=first.number, writer="tab")
    assert texts(event) == ["Camat menutup acara pukul dua belas.", "Ketua membuka acara pukul sembilan."]


def test_text_that_is_taken_away_bit_by_bit_can_be_brought_back(event, write):
    whole = "Ketua membuka acara. " * 12
    row = write(whole, writer="tab")
    for length in range(len(whole) - 30, -1, -30):
        row = write(whole[:length], base=row.number, writer="tab")
    assert texts(event)[-1] == whole


def test_text_that_only_grows_is_one_row_of_the_history(event, write):
    row = write("Ketua acara", writer="tab")
    row = write("Ketua membuka acara", base=row.number, writer="tab")
    write("Ketua membuka acara.", base=row.number, writer="tab")
    assert texts(event) == ["Ketua membuka acara."]


def test_text_that_replaces_another_with_the_same_letters_in_it_does_not_write_over_it(event, write):
    row = write("Hadir 20 orang.", writer="tab")
    write("Hari ini diundur; 2 dari 30 orang datang.", base=row.number, writer="tab")
    assert texts(event)[-1] == "Hadir 20 orang."


# -- another account in the same browser ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_script_of_another_account_is_told_to_sign_in_and_nothing_of_the_event(
    client, event, write, organizer, operator, method
):
    write("Milik penyelenggara")
    event.operators.add(operator)
    client.force_login(operator)
    headers = {"Accept": "application/json", "X-Akun": str(organizer.pk)}
    answer = getattr(client, method)(note_url(event), {"text": "Rahasia", "revision": "1"}, headers=headers)
    assert (answer.status_code, sorted(answer.json())) == (409, ["message", "signin"])
    assert texts(event) == ["Milik penyelenggara"]


def test_script_of_the_own_account_saves(client, event, operator):
    event.operators.add(operator)
    client.force_login(operator)
    headers = {"Accept": "application/json", "X-Akun": str(operator.pk)}
    answer = client.post(note_url(event), {"text": "Ketua", "revision": "0"}, headers=headers)
    assert (answer.status_code, texts(event)) == (200, ["Ketua"])


def test_page_of_another_account_without_script_saves_nothing_and_shows_nothing_of_it(staff, event, operator):
    data = {"text": "Rahasia", "revision": "0", "akun": str(operator.pk)}
    page = staff.post(note_url(event), data, follow=True).content.decode()
    assert ("dibuka oleh akun lain" in page, "Rahasia" in page, texts(event)) == (True, False, [])
