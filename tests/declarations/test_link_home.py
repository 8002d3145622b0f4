"""What a personal link shows: the state of each paper, the own receipts and the own data, of nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.models import AuditEntry
from declarations import signing
from declarations.models import Signature
from events import links
from events.attendees import withdraw_attendee
from events.models import Attendee, Event
from tests.declarations import day, factories
from tests.declarations.guests import NIP, PHONE, Guest, html

pytestmark = pytest.mark.django_db


# -- states --------------------------------------------------------------------------------------------------------


def test_event_that_has_not_begun_says_when(row, paper, guest):
    Event.objects.filter(pk=paper.event_id).update(state="scheduled")
    page = html(guest.get())
    assert "Penandatanganan dibuka pada hari kegiatan." in page
    assert "Rabu, 2 Oktober 2024" in page


def test_draft_paper_is_named_and_not_offered(paper, guest, row):
    type(paper).objects.filter(pk=paper.pk).update(state="draft")
    page = html(guest.get())
    assert "Belum dibuka. Muat ulang halaman ini setelah naskah dibacakan." in page
    assert guest.url("sign", paper.pk) not in page
    assert guest.get("sign", paper.pk).url == guest.url("home")


def test_person_without_a_paper_is_told_what_to_do(paper):
    other = factories.attendee(paper.event, full_name="Wartawan (contoh)", category="lainnya")
    paper.signatories.filter(attendee=other).delete()
    guest = Guest(other, opened=False)
    links.open_link(link=guest.link)
    assert "Belum ada naskah yang dapat Anda tanda tangani." in html(guest.get())
    assert guest.get("sign", paper.pk).status_code == 404


def test_closed_paper_says_whom_to_ask(paper, guest):
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    page = html(guest.get())
    assert "Penandatanganan sudah ditutup." in page
    assert "Baca dan tanda tangani" not in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("cancelled", "Kegiatan ini dibatalkan"),
        ("archived", "Penandatanganan sudah ditutup."),
        ("closed", "Penandatanganan sudah ditutup."),
    ],
)
def test_event_that_is_over_stays_readable(paper, row, state, sentence):
    guest = Guest(row.attendee, opened=False)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    Event.objects.filter(pk=paper.event_id).update(state=state)

    page = guest.get()

    assert page.status_code == 200
    assert sentence in html(page)
    assert guest.post("open").status_code == 302
    assert guest.get("data").status_code == 200


def test_withdrawn_person_is_told_and_offered_nothing(paper, row, guest):
    withdraw_attendee(attendee=row.attendee, by=audit.SYSTEM)

    page = html(guest.get())

    assert "Nama Anda tidak lagi tercantum" in page
    assert "Baca dan tanda tangani" not in page
    assert guest.get("data").status_code == 200


def test_signature_of_a_withdrawn_person_is_kept_for_review(paper, row, guest):
    body = day.record(row)
    withdraw_attendee(attendee=row.attendee, by=audit.SYSTEM)
    assert guest.send(paper, body).json()["status"] == "held"
    assert Signature.objects.get().code == "attendee_removed"


def test_post_without_a_name_asks_for_it_first(paper):
    post = factories.attendee(
        paper.event, full_name="", position="Kepala Desa Betiting", category="kepala_desa"
    )
    guest = Guest(post)

    assert "Siapa nama Anda?" in html(guest.get("sign", paper.pk))
    assert "Isi nama lengkap Anda." in html(guest.post("sign", paper.pk, full_name=" "))
    guest.post("sign", paper.pk, full_name="Slamet (contoh)")

    post.refresh_from_db()
    assert post.full_name == "Slamet (contoh)"
    assert "data-pad" in html(guest.get("sign", paper.pk))
    assert AuditEntry.objects.filter(verb="attendee.changed").get().actor_kind == "link"


# -- receipt and own data ------------------------------------------------------------------------------------------


def test_receipt_shows_the_own_record_and_nobody_else(paper, row, guest):
    for seed, other in enumerate(day.rows(paper)[1:], 5):
        day.hand_in(paper, day.record(other, seed))
    answer = guest.send(paper, day.record(row)).json()

    page = html(guest.client.get(answer["next"]))

    assert answer["receipt"]["record_sha256"][:8].upper() in page
    assert row.name in page
    assert "WIB" in page
    assert paper.title in page
    for other in day.rows(paper)[1:]:
        assert other.name not in page


def test_receipt_of_somebody_else_is_unknown(paper, guest):
    foreign = day.hand_in(paper, day.record(day.rows(paper)[1]))[0].signature
    assert guest.get("receipt", foreign.pk).status_code == 404


def test_what_was_signed_at_a_tablet_is_seen_too(paper, row, guest):
    [result] = day.hand_in(paper, day.record(row))
    assert guest.url("receipt", result.id) in html(guest.get())
    assert guest.get("receipt", result.id).status_code == 200


def test_own_data_are_told_in_words_and_masked(paper, row, guest):
    Attendee.objects.filter(pk=row.attendee_id).update(
        identity_kind="nip",
        identity_number=NIP,
        identity_masked="1986************01",
        phone=PHONE,
        email="ani@contoh.test",
    )
    guest.send(paper, day.record(row))

    page = html(guest.get("data"))

    for shown in (
        row.name,
        "1986************01",
        "0812*****890",
        "a***@contoh.test",
        "Masuk: Tautan pribadi (daring)",
    ):
        assert shown in page, shown
    for hidden in (NIP, PHONE, "081234567890", "ani@contoh.test"):
        assert hidden not in page, hidden


def test_home_costs_the_same_for_one_paper_and_for_three(paper, row, guest):
    counts = []
    for _ in range(2):
        guest.get()
        with CaptureQueriesContext(connection) as queries:
            guest.get()
        counts.append(len(queries))
        for _ in range(2):
            more = factories.declaration(paper.event)
            signing.open_signing(declaration=more, by=audit.SYSTEM)
    assert counts[0] == counts[1]
