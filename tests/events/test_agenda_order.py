"""The agenda as a whole: dragged into another order in one request, and filled from the row below it."""

import pytest
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events.models import AgendaItem
from events.programme import order_agenda

from .factories import AgendaItemFactory, cerme_event

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def items(event):
    """Three items of 10, 20 and 30 minutes from 08.00 WIB on."""
    return [
        AgendaItemFactory(event=event, title=title, duration=minutes, order=place)
        for place, (title, minutes) in enumerate((("Pembukaan", 10), ("Sambutan", 20), ("Doa", 30)), 1)
    ]


def titles(event):
    return list(event.agenda.values_list("title", flat=True))


def url(event, name="reorder"):
    return reverse(f"events:{name}", args=[event.code])


def keys(items, *places):
    return [items[place].pk for place in places]


def ordered(event):
    return AuditEntry.objects.filter(stream_id=event.audit_stream, verb="agenda.ordered")


def test_one_request_puts_everything_in_order_and_shifts_the_hours(staff, event, items):
    response = staff.post(url(event), {"mata": keys(items, 2, 0, 1)}, **HTMX)
    body = response.content.decode()
    assert (response.status_code, titles(event)) == (200, ["Doa", "Pembukaan", "Sambutan"])
    assert [hours in body for hours in ("08.00–08.30 WIB", "08.30–08.40 WIB", "08.40–09.00 WIB")] == [
        True
    ] * 3
    assert "<html" not in body
    assert ordered(event).get().facts == {"order": ["Doa", "Pembukaan", "Sambutan"]}


def test_without_script_it_leads_back_to_the_list(staff, event, items):
    response = staff.post(url(event), {"mata": keys(items, 1, 0, 2)})
    assert (response.status_code, response.url) == (302, url(event, "agenda"))
    assert titles(event) == ["Sambutan", "Pembukaan", "Doa"]


def test_the_same_order_is_no_entry(event, items):
    order_agenda(event=event, order=keys(items, 0, 1, 2), by=audit.SYSTEM)
    assert ordered(event).count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda items: keys(items, 0, 1),
        lambda items: [*keys(items, 0, 1, 2), AgendaItemFactory(event=cerme_event()).pk],
        lambda items: keys(items, 0, 1, 1),
        lambda items: [],
        lambda items: [*keys(items, 0, 1), "x"],
        lambda items: [*keys(items, 0, 1), "9" * 40],
    ],
    ids=["one missing", "one of another event", "one twice", "none", "no number", "too long"],
)
def test_another_list_than_ours_is_refused(staff, event, items, wrong):
    sent = {"mata": wrong(items)}
    response = staff.post(url(event), sent)
    assert response.status_code == 409
    assert "Susunan acara baru saja diubah orang lain." in response.content.decode()
    again = staff.post(url(event), sent, **HTMX)
    assert (again.status_code, "baru saja diubah orang lain" in again.content.decode()) == (200, True)
    assert titles(event) == ["Pembukaan", "Sambutan", "Doa"]


def test_what_is_over_keeps_its_order(event, items):
    type(event).objects.update(state="closed")
    with pytest.raises(Refusal, match="sudah selesai"):
        order_agenda(event=event, order=keys(items, 2, 1, 0), by=audit.SYSTEM)


def test_the_row_below_adds_one_and_waits_for_the_next(staff, event, items):
    response = staff.post(url(event, "agenda_add"), {"title": "Penutup", "duration": "5"}, **HTMX)
    body = response.content.decode()
    assert titles(event) == ["Pembukaan", "Sambutan", "Doa", "Penutup"]
    assert ("09.00–09.05 WIB" in body, "autofocus" in body, "<html" not in body) == (True, True, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": "", "duration": "5"}, 'value="5"'),
        ({"title": "Penutup", "duration": "721"}, "Lama mata acara 1 sampai 720 menit."),
        ({"title": "Penutup", "duration": ""}, 'value="Penutup"'),
    ],
)
def test_a_wrong_row_comes_back_as_it_was_typed(staff, event, typed, words):
    response = staff.post(url(event, "agenda_add"), typed, **HTMX)
    body = response.content.decode()
    assert ("is-invalid" in body, words in body, AgendaItem.objects.count()) == (True, True, 0)


def test_without_script_the_row_leads_to_the_list_or_to_its_form(staff, event):
    wrong = staff.post(url(event, "agenda_add"), {"title": "", "duration": "5"})
    assert (wrong.status_code, "Tambah mata acara" in wrong.content.decode()) == (200, True)
    assert staff.post(url(event, "agenda_add"), {"title": "Doa", "duration": "5"}).status_code == 302


def test_who_only_reads_sees_no_row_to_fill(client, event, supervisor, items):
    client.force_login(supervisor)
    body = client.get(url(event, "agenda")).content.decode()
    assert [words in body for words in ("Mata acara baru", "data-grip", "agenda.js")] == [False] * 3
    assert client.post(url(event), {"mata": keys(items, 2, 1, 0)}).status_code == 403
