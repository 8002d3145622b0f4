"""*Yang perlu Anda kerjakan*: everybody sees what waits for them and nothing of anybody else's."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import duties
from accounts.duties import Duty
from accounts.models import Membership
from accounts.refusals import Refusal
from accounts.roles import Role
from declarations.models import Declaration
from documents import certificates
from documents.models import RenderJob, SealSetting
from events.duties import duty_of, unanswered
from events.models import DeviceHeartbeat, Event
from tests.accounts.factories import (
    UserFactory,
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
)
from tests.declarations import day
from tests.declarations import factories as papers
from tests.declarations.tablets import Paired
from tests.documents.factories import issue
from tests.events.factories import AttendeeFactory, cerme_event

pytestmark = pytest.mark.django_db

TODAY = date(2024, 9, 28)  # the event of Cerme is four days away


def texts(user):
    return [duty.text for duty in duties.duties_of(user)]


def planned(state="draft", **fields):
    """An event of 2 October 2024 as the source hands it over; not stored."""
    starts = fields.pop("starts_at", datetime(2024, 10, 2, 2, 0, tzinfo=UTC))
    event = Event(
        title="Kegiatan", state=state, venue="Pendopo", starts_at=starts, created_at=starts, **fields
    )
    event.has_attendees = event.has_election = True
    return event


@pytest.mark.parametrize(
    ("state", "today", "text", "tone"),
    [
        ("draft", date(2024, 9, 1), "Lanjutkan rencana kegiatan", "muted"),
        ("draft", date(2024, 9, 24), "Lanjutkan rencana kegiatan", "muted"),
        ("draft", date(2024, 9, 25), "Jadwalkan kegiatan 7 hari lagi", "danger"),
        ("draft", date(2024, 10, 1), "Jadwalkan kegiatan besok", "danger"),
        ("draft", date(2024, 10, 2), "Jadwalkan kegiatan hari ini", "danger"),
        (
            "draft",
            date(2024, 10, 3),
            "Rencana ini sudah lewat tanggalnya: ubah waktunya atau batalkan",
            "waiting",
        ),
        ("scheduled", date(2024, 10, 2), "Mulai kegiatan hari ini", "danger"),
        ("scheduled", date(2024, 10, 3), "Kegiatan sudah lewat dan belum dimulai", "danger"),
        ("running", date(2024, 10, 3), "Tutup kegiatan yang sudah selesai", "danger"),
    ],
)
def test_an_event_asks_for_one_thing(state, today, text, tone):
    duty = duty_of(planned(state), today)
    assert (duty.text, duty.tone) == (text, tone)


@pytest.mark.parametrize(
    ("state", "today"), [("scheduled", TODAY), ("running", date(2024, 10, 2)), ("cancelled", TODAY)]
)
def test_an_event_in_order_asks_for_nothing(state, today):
    assert duty_of(planned(state), today) is None


def test_an_event_soon_says_what_it_lacks():
    event = planned("scheduled", open_invitation=False)
    event.has_attendees, event.venue = False, ""
    assert duty_of(event, TODAY).text == (
        "Kegiatan 4 hari lagi; belum ada tempat atau tautan pertemuan dan peserta"
    )


@pytest.mark.parametrize(
    ("state", "today", "count", "text"),
    [
        ("scheduled", date(2024, 9, 29), 2, "2 undangan belum dijawab; kegiatan 3 hari lagi"),
        ("scheduled", date(2024, 10, 2), 1, "1 undangan belum dijawab; kegiatan hari ini"),
        ("scheduled", date(2024, 9, 28), 2, None),
        ("scheduled", date(2024, 10, 3), 2, None),
        ("scheduled", date(2024, 10, 1), 0, None),
        ("draft", date(2024, 10, 1), 2, None),
    ],
)
def test_unanswered_invitations_are_told_three_days_before(state, today, count, text):
    event = planned(state)
    event.unanswered = count
    duty = unanswered(event, today)
    assert (duty and duty.text) == text
    if text:  # leads to those who have not answered, not to everybody
        url = reverse("events:invitations", args=[event.code])
        assert duty.url == f"{url}?keadaan=belum-menjawab"


def test_only_people_who_were_told_and_are_expected_can_answer():
    soon = timezone.now() + timedelta(days=2)
    event = cerme_event(state="scheduled", starts_at=soon, ends_at=None)
    for state, gone in (("sent", None), ("opened", None), ("coming", None), ("none", None), ("sent", soon)):
        AttendeeFactory(event=event, invitation=state, withdrawn_at=gone)
    found = [text for text in texts(organizer_of(event.office)) if "undangan" in text]
    assert [text.split(";")[0] for text in found] == ["2 undangan belum dijawab"]


def test_a_draft_without_date_is_to_be_continued():
    event = planned(starts_at=None)
    event.created_at = timezone.now()
    assert duty_of(event, TODAY).text == "Lanjutkan rencana kegiatan"


def test_organizer_has_own_events_only_and_no_template():
    cerme = panwaslu_cerme()
    cerme_event(office=cerme, title="Milik Cerme")
    cerme_event(office=cerme, title="Templat Cerme", is_template=True)
    cerme_event(office=panwaslu_benjeng(), title="Milik Benjeng")
    found = duties.duties_of(organizer_of(cerme))
    assert [duty.about for duty in found] == ["Milik Cerme, Rabu, 2 Oktober 2024"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR])
def test_other_roles_have_no_events_to_plan(role):
    cerme_event()
    assert "Milik" not in "".join(texts(member(panwaslu_cerme(), role)))
    assert [
        duty for duty in duties.duties_of(member(panwaslu_cerme(), role)) if "/kegiatan/" in duty.url
    ] == []


def test_records_to_review_are_counted_per_event():
    paper = day.open_paper(3)
    first, second, _ = day.rows(paper)
    day.hand_in(paper, day.record(first), day.record(first, seed=2), day.record(second), b"bukan catatan")
    cerme, benjeng = organizer_of(panwaslu_cerme()), organizer_of(panwaslu_benjeng())
    assert "2 data perlu ditinjau" in texts(cerme)
    assert [text for text in texts(benjeng) if "ditinjau" in text] == []


def test_closed_paper_waits_for_its_seal():
    paper = day.closed_paper(1)
    assert f"Segel {paper.title}" in texts(organizer_of(paper.event.office))
    Declaration.objects.filter(pk=paper.pk).update(state="sealing")
    assert f"Segel {paper.title}" not in texts(organizer_of(paper.event.office))


def test_failed_job_is_told_to_who_seals():
    document = issue(office=panwaslu_cerme())
    RenderJob.objects.filter(document=document).update(state="failed", last_error="Contoh.")
    failed = "Pembuatan atau penyegelan dokumen gagal"
    assert failed in texts(organizer_of(panwaslu_cerme()))
    assert failed not in texts(member(panwaslu_cerme(), Role.OPERATOR))


def test_supervisor_approves_texts_of_the_region():
    papers.published_text(panwaslu_cerme(), title="Naskah Cerme (contoh)")
    papers.published_text(None, title="Naskah nasional (contoh)")
    gresik = member(bawaslu_gresik(), Role.SUPERVISOR)
    assert texts(gresik) == ["Setujui naskah Naskah Cerme (contoh)"]
    assert texts(member(panwaslu_benjeng(), Role.SUPERVISOR)) == []


def test_tablet_of_a_closed_event_still_holds_records():
    event = day.running_event()
    tablet = Paired(event)
    tablet.row.refresh_from_db()  # its probe has arrived
    organizer = organizer_of(event.office)
    heartbeat, _ = DeviceHeartbeat.objects.update_or_create(
        device=tablet.row,
        defaults={"at": timezone.now(), "pending": 3, "next_seq": tablet.row.chain_seq + 3},
    )
    words = "3 catatan masih di tablet: nyalakan tabletnya dan hubungkan ke jaringan"
    assert words not in texts(organizer)  # the event is still running
    Event.objects.filter(pk=event.pk).update(state="closed", closed_at=timezone.now())
    assert words in texts(organizer)
    heartbeat.next_seq = tablet.row.chain_seq  # all of it has come meanwhile
    heartbeat.save()
    assert words not in texts(organizer)


def test_administrator_hears_of_terms_that_end():
    office, today = panwaslu_cerme(), timezone.localdate()
    soon = member(office, ends=today + timedelta(days=10))
    member(office, ends=today + timedelta(days=60))
    administrator = member(office, Role.ADMINISTRATOR)
    [duty] = duties.duties_of(administrator)
    assert duty.text.startswith("1 penugasan berakhir dalam 30 hari")
    assert duty.about == office.name
    [own] = duties.duties_of(soon)
    assert own.text.startswith("Penugasan Anda sebagai Penyelenggara berakhir")


def test_office_term_counts_like_an_own_one():
    office = panwaslu_cerme(term_ends=timezone.localdate() + timedelta(days=5))
    assert texts(organizer_of(office))[0].startswith("Penugasan Anda")


def test_administrator_hears_of_a_certificate_that_ends(monkeypatch):
    office = bawaslu_gresik()
    SealSetting.objects.create(office=office, backend="p12")
    left = iter([200, 12, -1])

    class Key:
        def days_left(self):
            return next(left)

    monkeypatch.setattr(certificates, "uploaded_key", lambda office_id: Key())
    administrator = member(office, Role.ADMINISTRATOR)
    assert texts(administrator) == []
    assert texts(administrator) == ["Sertifikat segel kantor berakhir 12 hari lagi"]
    assert texts(administrator) == ["Sertifikat segel kantor sudah berakhir"]

    def broken(office_id):
        raise Refusal("rusak")

    monkeypatch.setattr(certificates, "uploaded_key", broken)
    assert texts(administrator) == ["Sertifikat segel kantor tidak dapat dibuka"]


def test_what_burns_stands_first_then_the_oldest(monkeypatch):
    old, new = date(2024, 1, 1), date(2024, 5, 1)
    found = [
        Duty("c", "/", "muted", old),
        Duty("b", "/", "danger", new),
        Duty("d", "/", "muted"),
        Duty("a", "/", "danger", old),
    ]
    monkeypatch.setattr(duties, "SOURCES", [lambda user: found])
    assert texts(UserFactory()) == ["a", "b", "c", "d"]


def test_whose_term_is_over_has_no_duties():
    cerme_event()
    user = member(panwaslu_cerme(), ends=timezone.localdate() - timedelta(days=1))
    assert Membership.objects.filter(user=user).exists()
    assert texts(user) == []


def furnish(office, numbers):
    for number in numbers:
        cerme_event(office=office, title=f"Kegiatan {number}")
        paper = day.closed_paper(1, event=day.running_event(office=office, title=f"Acara {number}"))
        day.hand_in(paper, b"bukan catatan")
        RenderJob.objects.filter(document=issue(office=office)).update(state="failed", last_error="Contoh.")
        member(office, ends=timezone.localdate() + timedelta(days=3))
        papers.published_text(office, title=f"Naskah {number}")


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.ADMINISTRATOR, Role.SUPERVISOR])
def test_one_and_three_of_everything_cost_the_same(client, role):
    office = panwaslu_cerme()
    client.force_login(member(office, role))
    counts = []
    for numbers in ([1], [2, 3]):
        furnish(office, numbers)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get("/tugas/jumlah/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_the_count_is_kept_by_the_browser_for_a_minute(client):
    cerme_event()
    client.force_login(organizer_of(panwaslu_cerme()))
    response = client.get("/tugas/jumlah/")
    assert response["Cache-Control"] == "private, max-age=60"
    assert "Cookie" in response["Vary"]
    assert "Yang perlu dikerjakan: 1" in response.content.decode()


def test_other_pages_ask_for_the_count_and_home_has_it(client):
    cerme_event()
    client.force_login(organizer_of(panwaslu_cerme()))
    assert 'hx-get="/tugas/jumlah/"' in client.get("/kegiatan/").content.decode()
    home = client.get("/").content.decode()
    assert "hx-get" not in home
    assert "Yang perlu dikerjakan: 1" in home
