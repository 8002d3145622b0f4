"""What the MC taps arrives once, in its own time, and a reading can open the signing."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from declarations import hall_wire, signing
from declarations.hall_page import slides_of, state_of
from declarations.hall_taps import Tap, take_taps
from declarations.models import Declaration
from events.models import AgendaItem, Event, EventPerson, RundownTap
from tests.accounts.factories import organizer_of
from tests.declarations import day, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    """A paper that has to be read before anybody may sign, with two people on its list."""
    event = day.running_event()
    day.people(event, 2)
    return factories.declaration(event, requires_reading=True)


@pytest.fixture
def item(paper):
    return AgendaItem.objects.create(event=paper.event, title="Pembacaan", order=1)


@pytest.fixture
def mc(client, paper):
    client.force_login(organizer_of(paper.event.office))
    return client


def reading(paper, **fields):
    return Tap(
        **{
            "id": uuid.uuid4(),
            "kind": "read",
            "at": timezone.now() - timedelta(minutes=1),
            "paper": paper.pk,
            "name": "Rudiyanto",
            "position": "Sekretaris Daerah",
            "followed": True,
            "text_sha256": paper.text_version.sha256,
            **fields,
        }
    )


def take(paper, *taps, **fields):
    results = take_taps(event=paper.event, taps=taps, by=audit.SYSTEM, **fields)
    paper.refresh_from_db()
    return results


def send(client, paper, *taps, sent_at=None):
    body = json.dumps({"sent_at": sent_at or timezone.now().isoformat(), "taps": taps})
    url = reverse("declarations:mc_taps", args=[paper.event.code])
    return client.post(url, body, content_type="application/json", headers={"accept": "application/json"})


def start(item, at=None):
    at = at or timezone.now()
    return {"id": str(uuid.uuid4()), "kind": "start", "item": item.pk, "at": at.isoformat()}


# -- readings ------------------------------------------------------------------------------------------------------


def test_reading_is_recorded_with_its_reader_and_opens_signing(paper):
    tap = reading(paper, open=True)
    [result] = take(paper, tap)
    assert (result.status, result.message) == ("stored", "")
    assert (paper.state, paper.read_by_name, paper.read_at) == ("open", "Rudiyanto", tap.at)
    assert paper.read_followed_by_all
    assert paper.signatories.count() == 2


def test_reading_alone_leaves_signing_closed(paper):
    take(paper, reading(paper))
    assert (paper.state, bool(paper.read_at)) == ("draft", True)


def test_same_reading_twice_is_recorded_once(paper):
    tap = reading(paper, open=True)
    statuses = [take(paper, tap)[0].status for _ in range(2)]
    assert statuses == ["stored", "duplicate"]
    assert AuditEntry.objects.filter(verb="declaration.read").count() == 1


def test_repetition_does_not_overwrite_a_correction(paper):
    tap = reading(paper)
    take(paper, tap)
    take(paper, reading(paper, name="Ketua Bawaslu"))
    take(paper, tap)
    assert paper.read_by_name == "Ketua Bawaslu"


def test_reading_that_waited_offline_does_not_replace_what_another_mc_noted_since(paper):
    now = timezone.now()
    early = reading(paper, at=now - timedelta(minutes=50), made=now - timedelta(minutes=45))
    late = reading(
        paper, name="Ketua Bawaslu", at=now - timedelta(minutes=20), made=now - timedelta(minutes=15)
    )

    [first] = take(paper, late, now=now)
    [second] = take(paper, early, now=now)

    assert (first.status, first.message) == ("stored", "")
    assert second.status == "stored"
    assert "dicatat lagi sesudah ketukan ini dibuat" in second.message
    assert (paper.read_by_name, paper.read_at) == ("Ketua Bawaslu", late.at)
    assert AuditEntry.objects.filter(verb="declaration.read").count() == 1


def test_reading_noted_later_replaces_the_earlier_one_also_when_both_come_late(paper):
    now = timezone.now()
    early = reading(paper, made=now - timedelta(minutes=45))
    late = reading(paper, name="Ketua Bawaslu", made=now - timedelta(minutes=15))
    take(paper, early, late, now=now)
    assert paper.read_by_name == "Ketua Bawaslu"


def test_reading_that_waited_offline_does_not_undo_what_staff_corrected_on_the_page(paper):
    made = timezone.now() - timedelta(minutes=30)
    signing.record_reading(
        declaration=paper,
        led_by_name="Ketua Bawaslu",
        led_by_position="",
        at=made,
        followed_by_all=True,
        by=audit.SYSTEM,
    )
    [result] = take(paper, reading(paper, made=made, open=True))
    assert (paper.read_by_name, paper.state) == ("Ketua Bawaslu", "open")
    assert "Ketua Bawaslu, pukul" in result.message


def test_what_stands_in_the_way_of_opening_does_not_undo_the_reading(paper):
    Event.objects.filter(pk=paper.event_id).update(state="closed")
    [result] = take(paper, reading(paper, open=True))
    assert result.status == "stored"
    assert "Penandatanganan belum terbuka: Kegiatan sudah selesai." in result.message
    assert (paper.state, paper.read_by_name) == ("draft", "Rudiyanto")


def test_reading_of_another_text_is_recorded_and_opens_nothing(paper):
    [result] = take(paper, reading(paper, open=True, text_sha256="0" * 64))
    assert result.message.startswith("Pembacaan tercatat, tetapi naskah sudah diganti")
    assert (paper.state, bool(paper.read_at)) == ("draft", True)


def test_reading_without_a_name_is_refused_and_may_come_again(paper):
    tap = reading(paper, name=" ")
    assert take(paper, tap)[0].message == "Isi nama pembaca ikrar."
    assert take(paper, tap._replace(name="Rudiyanto"))[0].status == "stored"


def test_late_tap_does_not_reopen_what_staff_have_closed(paper):
    take(paper, reading(paper, open=True))
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    late = Tap(id=uuid.uuid4(), kind="open", at=timezone.now(), paper=paper.pk)
    [result] = take(paper, late)
    assert (result.status, paper.state) == ("refused", "closed")
    assert "sudah ditutup" in result.message


def test_paper_of_another_event_is_refused(paper):
    other = factories.declaration(factories.event(state=Event.State.RUNNING))
    [result] = take(paper, reading(other))
    assert (result.status, result.message) == ("refused", "Naskah ini sudah dihapus dari kegiatan.")
    assert not Declaration.objects.exclude(read_at=None).exists()


def test_rehearsal_before_the_event_is_no_reading(paper, item):
    Event.objects.filter(pk=paper.event_id).update(state="scheduled")
    paper.event.refresh_from_db()
    [result] = take(paper, reading(paper))
    assert (result.status, paper.read_at) == ("refused", None)
    begin = Tap(id=uuid.uuid4(), kind="start", at=timezone.now(), item=item.pk)
    assert [found.status for found in take(paper, begin, reading(paper))] == ["stored", "stored"]


def test_refused_tap_does_not_hold_up_the_next(paper, item):
    bad = Tap(id=uuid.uuid4(), kind="")
    good = Tap(id=uuid.uuid4(), kind="start", at=timezone.now(), item=item.pk)
    assert [result.status for result in take(paper, bad, good)] == ["refused", "stored"]


# -- clocks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong_by", "corrected"), [(timedelta(hours=-3), True), (timedelta(seconds=50), False)]
)
def test_clock_that_is_wrong_is_corrected_by_the_hour_of_sending(paper, item, wrong_by, corrected):
    now = timezone.now()
    made = now - timedelta(minutes=30)
    tap = Tap(id=uuid.uuid4(), kind="start", at=made + wrong_by, item=item.pk)
    take(paper, tap, sent_at=now + wrong_by, now=now)
    item.refresh_from_db()
    assert item.started_at == (made if corrected else made + wrong_by)


def test_what_has_arrived_has_happened(paper, item):
    now = timezone.now()
    take(paper, Tap(id=uuid.uuid4(), kind="start", at=now + timedelta(days=1), item=item.pk), now=now)
    item.refresh_from_db()
    assert item.started_at == now


def test_clock_of_1971_writes_no_hour(paper, item):
    tap = Tap(id=uuid.uuid4(), kind="start", at=datetime(1971, 1, 1, tzinfo=UTC), item=item.pk)
    [result] = take(paper, tap)
    item.refresh_from_db()
    assert (result.status, item.started_at) == ("refused", None)
    assert "Periksa jamnya" in result.message


# -- over the wire -------------------------------------------------------------------------------------------------


def test_page_sends_taps_and_gets_an_answer_for_each_with_the_state(mc, paper, item):
    tap, nonsense = start(item), {"id": str(uuid.uuid4()), "kind": "tidur"}
    answer = send(mc, paper, tap, nonsense).json()
    assert [(result["id"], result["status"]) for result in answer["results"]] == [
        (tap["id"], "stored"),
        (nonsense["id"], "refused"),
    ]
    assert answer["state"]["items"][0]["started_at"]
    assert RundownTap.objects.get().operator is not None


def test_state_brings_a_fresh_token(mc, paper):
    answer = mc.get(reverse("declarations:mc_taps", args=[paper.event.code])).json()
    assert answer["csrf"]
    assert answer["state"]["papers"][0]["state"] == "draft"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"taps": 3}', b'{"taps": [' + b"{}," * 101 + b"{}]}"])
def test_body_that_cannot_be_read_is_answered_in_one_sentence(mc, paper, body):
    url = reverse("declarations:mc_taps", args=[paper.event.code])
    answer = mc.post(url, body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "unreadable")


def test_body_that_is_too_long_is_not_read(mc, paper):
    url = reverse("declarations:mc_taps", args=[paper.event.code])
    answer = mc.post(url, b" " * (hall_wire.MAX_BYTES + 1), content_type="application/json")
    assert answer.status_code == 400


def test_archived_event_answers_409_with_the_reason(mc, paper, item):
    Event.objects.filter(pk=paper.event_id).update(state="archived")
    answer = send(mc, paper, start(item))
    assert (answer.status_code, answer.json()["error"]) == (409, "refused")


@pytest.mark.parametrize(
    "tap",
    [
        {"kind": "start", "item": 1},
        {"kind": "start", "item": 1, "at": "kemarin"},
        {"kind": "start", "item": 1, "at": "2024-10-02T09:00:00"},
        {"kind": "start", "item": 1, "at": "0001-01-01T00:00:00+07:00"},
        {"kind": "start", "item": True, "at": "2024-10-02T09:00:00Z"},
        {"kind": "start", "item": 2**80, "at": "2024-10-02T09:00:00Z"},
        {"kind": "open", "paper": "x", "at": "2024-10-02T09:00:00Z"},
        {"kind": ["read"], "at": "2024-10-02T09:00:00Z"},
    ],
)
def test_tap_that_makes_no_sense_is_read_as_one(tap):
    id = uuid.uuid4()
    _, [read] = hall_wire.read_taps(json.dumps({"taps": [{"id": str(id), **tap}]}).encode())
    assert read == {"id": id, "kind": ""}


def test_tap_without_id_is_left_out():
    assert hall_wire.read_taps(b'{"taps": [{"kind": "start"}, 3, {"id": "x"}]}') == (None, [])


def test_name_is_counted_after_its_letters_came_apart(mc, paper):
    body = {
        "id": str(uuid.uuid4()),
        "kind": "read",
        "at": timezone.now().isoformat(),
        "paper": str(paper.pk),
        "name": "\u0958" * 200,
    }
    assert send(mc, paper, body).json()["results"][0]["status"] == "stored"
    paper.refresh_from_db()
    assert len(paper.read_by_name) == 200


def test_name_loses_what_no_database_keeps():
    tap = {"id": str(uuid.uuid4()), "kind": "read", "paper": str(uuid.uuid4()), "at": "2024-10-02T09:00:00Z"}
    body = json.dumps({"taps": [tap | {"name": " Rudi\x00\ud800yanto\n", "followed": 1}]}).encode()
    _, [read] = hall_wire.read_taps(body)
    assert (read["name"], read["followed"]) == ("Rudi yanto", False)


# -- the page ------------------------------------------------------------------------------------------------------


def test_page_holds_the_whole_text_and_the_proposed_reader(mc, paper):
    EventPerson.objects.create(
        event=paper.event, role="pembaca_ikrar", full_name="Rudiyanto", position="Sekretaris Daerah"
    )
    page = mc.get(reverse("declarations:mc", args=[paper.event.code])).content.decode()
    assert [point for point in factories.POINTS if point not in page] == []
    assert 'value="Rudiyanto" data-reader' in page
    assert 'value="Sekretaris Daerah"' in page


def test_papers_stand_in_the_order_of_the_event(paper):
    for _ in range(4):
        factories.declaration(paper.event)
    in_order = [str(pk) for pk in paper.event.declarations.values_list("pk", flat=True)]
    assert [found["id"] for found in state_of(paper.event)["papers"]] == in_order


def test_slides_are_title_opening_points_and_closing(paper):
    version = paper.text_version
    labels = [slide["label"] for slide in slides_of(version)]
    assert labels == ["Judul", "Pembuka", *[f"Butir {n} dari 4" for n in (1, 2, 3, 4)]]
    assert [slide["text"] for slide in slides_of(version)][2:] == version.points


def test_slides_of_a_nota_kesepahaman_are_its_pasal():
    mou = factories.mou()
    slide = slides_of(mou.text_version)[-1]
    assert (slide["label"], slide["heading"]) == ("Pasal 1 dari 1", "Maksud dan Tujuan")


def test_page_says_when_the_plan_changed_since(mc, paper, item):
    before = send(mc, paper).json()["state"]["plan"]
    AgendaItem.objects.filter(pk=item.pk).update(title="Pembacaan ikrar")
    assert send(mc, paper).json()["state"]["plan"] != before


def test_page_asks_the_same_for_one_item_and_for_three(mc, paper):
    url = reverse("declarations:mc", args=[paper.event.code])
    counts = []
    for number in (1, 2, 3):
        person = EventPerson.objects.create(event=paper.event, role="mc", full_name=f"MC {number}")
        AgendaItem.objects.create(event=paper.event, title=f"Acara {number}", order=number, person=person)
        if number > 1:
            factories.declaration(paper.event)
        mc.get(url)
        with CaptureQueriesContext(connection) as asked:
            mc.get(url)
        counts.append(len(asked))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 14


def test_worker_keeps_the_page_and_every_file_it_needs(mc, paper):
    answer = mc.get(reverse("declarations:mc_worker", args=[paper.event.code]))
    page = reverse("declarations:mc", args=[paper.event.code])
    source = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript")
    assert f'const PAGE = "{page}"' in source
    for name in (
        "mc",
        "queue",
        "sender",
        "prompter",
        "reading",
        "rundown",
        "phrases",
        "clock",
        "awake",
        "day",
    ):
        assert f"js/hall/{name}" in source
