"""The day of a paper on its page: opened, read aloud, absences marked, closed, revised."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from declarations import signing
from declarations.models import Declaration, Signatory
from documents.models import Document
from events.models import Event, EventPerson
from tests.declarations import factories

from .addresses import url

pytestmark = pytest.mark.django_db


def sealed_document(paper):
    return Document.objects.create(
        kind=paper.kind,
        title=paper.title,
        office=paper.event.office,
        source=paper.source,
        state="sealed",
        input_sha256="a" * 64,
        sha256="b" * 64,
        size=1,
        file="x.pdf",
        pades_level="B-B",
        sealed_at=timezone.now(),
    )


def started(event):
    Event.objects.filter(pk=event.pk).update(state="running")
    return event


def test_the_one_main_action_follows_the_state(client, event, paper):
    factories.attendee(event)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Kegiatan masih draf." in page
    started(event)
    client.post(url("open", paper.pk))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Halaman tanda tangan" in page
    client.post(url("close", paper.pk))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Segel dokumen" in page
    paper.refresh_from_db()
    assert paper.state == "closed"


def test_opening_before_the_event_runs_is_refused(client, paper):
    response = client.post(url("open", paper.pk))
    assert response.status_code == 409
    paper.refresh_from_db()
    assert paper.state == "draft"


def test_the_reader_of_the_programme_is_offered(client, event):
    paper = factories.declaration(event, requires_reading=True)
    EventPerson.objects.create(event=event, role="pembaca_ikrar", full_name="Rudiyanto", position="Sekda")
    form = client.get(url("reading", paper.pk)).context["form"]
    assert (form.initial["led_by_name"], form.initial["led_by_position"]) == ("Rudiyanto", "Sekda")


def test_the_reading_is_noted_in_the_zone_of_the_event(client, event):
    paper = factories.declaration(event, requires_reading=True)
    data = {"led_by_name": "Rudiyanto", "led_by_position": "Sekda", "at": "09:15", "followed_by_all": "on"}
    assert client.post(url("reading", paper.pk), data).status_code == 302
    paper.refresh_from_db()
    assert paper.read_at.isoformat() == "2024-10-02T02:15:00+00:00"
    assert "pukul 09.15 WIB, diikuti seluruh peserta" in client.get(paper.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "data", [{"at": "25:00", "led_by_name": "x"}, {"at": "09:00"}, {"led_by_name": "x"}, {}]
)
def test_a_bad_reading_comes_back(client, event, data):
    paper = factories.declaration(event, requires_reading=True)
    assert client.post(url("reading", paper.pk), data).context["form"].errors
    paper.refresh_from_db()
    assert paper.read_at is None


def test_an_absence_is_marked_and_the_page_stays(client, event, paper):
    factories.attendee(event)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    row = paper.signatories.get()
    back = f"{url('signatories', paper.pk)}?keterangan=pending"
    response = client.post(url("mark_outcome", paper.pk, row.pk), {"keterangan": "absent", "kembali": back})
    assert response["Location"] == back
    row.refresh_from_db()
    assert row.outcome == "absent"


@pytest.mark.parametrize("back", ["https://jahat.example/", "//jahat.example", "javascript:alert(1)", ""])
def test_the_way_back_never_leaves_the_house(client, event, paper, back):
    factories.attendee(event)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    row = paper.signatories.get()
    response = client.post(url("mark_outcome", paper.pk, row.pk), {"keterangan": "excused", "kembali": back})
    assert response["Location"] == paper.get_absolute_url()


@pytest.mark.parametrize("outcome", ["signed", "refused", "", "bukan"])
def test_a_choice_of_the_person_cannot_be_marked_by_staff(client, event, paper, outcome):
    factories.attendee(event)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    row = paper.signatories.get()
    assert client.post(url("mark_outcome", paper.pk, row.pk), {"keterangan": outcome}).status_code == 404
    row.refresh_from_db()
    assert row.outcome == Signatory.Outcome.PENDING


def test_everybody_still_waiting_is_marked_absent_in_one_step(client, event, paper):
    for n in range(3):
        factories.attendee(event, full_name=f"Peserta {n} (contoh)")
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    assert client.post(url("mark_absent", paper.pk)).status_code == 409
    Declaration.objects.filter(pk=paper.pk).update(state="closed")
    signing.mark_outcome(signatory=paper.signatories.first(), outcome="excused", by=audit.SYSTEM)
    assert "2 orang belum memiliki keterangan." in client.get(paper.get_absolute_url()).content.decode()
    client.post(url("mark_absent", paper.pk))
    assert sorted(paper.signatories.values_list("outcome", flat=True)) == ["absent", "absent", "excused"]
    assert AuditEntry.objects.get(verb="declaration.absences_marked").facts["count"] == 2
    client.post(url("mark_absent", paper.pk))
    assert AuditEntry.objects.filter(verb="declaration.absences_marked").count() == 1


def test_a_sealed_paper_offers_a_revision_with_a_reason(client, event, paper):
    Declaration.objects.filter(pk=paper.pk).update(state="closed")
    assert 'name="alasan"' not in client.get(paper.get_absolute_url()).content.decode()
    document = sealed_document(paper)
    Declaration.objects.filter(pk=paper.pk).update(state="sealed", document=document)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Buat revisi dokumen" in page
    assert reverse("documents:download", args=[document.pk]) in page
    assert document.title in page


@pytest.mark.parametrize("wanted", ["abc", "a\x00b", "//jahat.example/", "https://jahat.example/"])
def test_way_back_is_always_one_of_our_pages(client, paper, organizer, wanted):
    factories.attendee(paper.event)
    signing.enroll_signatories(declaration=paper, by=organizer)
    url = reverse("declarations:mark_outcome", args=[paper.pk, paper.signatories.get().pk])
    response = client.post(url, {"keterangan": "excused", "kembali": wanted})
    assert (response.status_code, response.url) == (302, paper.get_absolute_url())
