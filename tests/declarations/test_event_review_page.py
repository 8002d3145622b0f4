"""*Perlu ditinjau* of a whole event: its page, many decided together, who decides second, and who may not."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.roles import Role
from declarations import review, review_items
from declarations.classification import MESSAGES
from declarations.models import InboxItem
from events.models import Event
from tests.accounts.factories import member, organizer_of, panwaslu_purwodadi
from tests.declarations import day, tablets
from tests.declarations.doubtful import (
    BY,
    REASON,
    after_seal,
    close_long_ago,
    decide,
    item_of,
    of_another_paper,
    page,
    stored,
    text_mismatch,
    unreadable,
)

pytestmark = pytest.mark.django_db


# -- decided together --------------------------------------------------------------------------------------------


def test_everything_a_tablet_handed_in_late_is_decided_at_once(client, paper, tablet):
    first, second, third = day.rows(paper)
    close_long_ago(paper)
    tablet.hand_in(tablet.signs(first), tablet.signs(second, 2))
    day.hand_in(paper, day.record(third, 3))
    client.force_login(organizer_of(paper.event.office))
    assert "2 catatan dari Meja 1" in client.get(page(paper)).content.decode()
    url = reverse("declarations:event_review_together", args=[paper.event.code])
    body = {
        "naskah": paper.pk,
        "sebab": "after_close",
        "tablet": tablet.row.pk,
        "sampai": timezone.now().isoformat(),
        "keputusan": "accept",
        "alasan": "Antrean masih panjang",
    }

    assert client.post(url, {**body, "alasan": ""}).status_code == 409
    client.post(url, body)

    assert [row.outcome for row in day.rows(paper)] == ["signed", "signed", "pending"]
    assert AuditEntry.objects.filter(verb="signature.reviewed").count() == 2


def test_who_has_another_record_is_left_out_of_a_common_decision(paper, tablet):
    row = day.rows(paper)[0]
    tablet.hand_in(tablet.signs(row))
    close_long_ago(paper)
    late = tablet.signs(row, 2)
    tablet.hand_in(late)

    count = review.resolve_together(
        declaration=paper, code="after_close", device=tablet.device, decision="accept", reason=REASON, by=BY
    )

    assert (count, stored(late).status) == (0, "held")


@pytest.mark.parametrize(
    "change",
    [
        {"sebab": "text_mismatch"},
        {"keputusan": "apart"},
        {"naskah": "x"},
        {"tablet": "x"},
        {"sampai": "kemarin"},
        {"sampai": "2026-11-25T09:00:00"},
    ],
)
def test_unknown_common_decision_is_not_found(client, paper, change):
    client.force_login(organizer_of(paper.event.office))
    known = {"naskah": paper.pk, "sebab": "after_close", "sampai": timezone.now().isoformat()}
    body = {**known, "keputusan": "accept", "alasan": REASON, **change}

    url = reverse("declarations:event_review_together", args=[paper.event.code])
    assert client.post(url, body).status_code == 404


def test_what_came_while_the_officer_was_reading_is_not_decided_with_the_rest(client, paper, tablet):
    first, second, third = day.rows(paper)
    close_long_ago(paper)
    tablet.hand_in(tablet.signs(first), tablet.signs(second, 2))
    client.force_login(organizer_of(paper.event.office))
    [until] = re.findall(r'name="sampai" value="([^"]*)"', client.get(page(paper)).content.decode())
    tablet.hand_in(tablet.signs(third, 3))

    body = {"naskah": paper.pk, "sebab": "after_close", "tablet": tablet.row.pk, "sampai": until}
    url = reverse("declarations:event_review_together", args=[paper.event.code])
    answer = client.post(url, {**body, "keputusan": "accept", "alasan": REASON}, follow=True)

    assert "2 catatan diputuskan." in answer.content.decode()
    assert [row.outcome for row in day.rows(paper)] == ["signed", "signed", "pending"]
    assert review.open_questions_of(paper.event) == 1


# -- refusals ----------------------------------------------------------------------------------------------------


def test_decision_about_an_item_needs_a_reason(paper, tablet):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)

    with pytest.raises(Refusal, match="Tuliskan alasan"):
        decide(item_of(record), "settle", " ")


def test_item_is_decided_once(paper, tablet):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)

    decide(item_of(record), "settle", "Pertama")
    decide(item_of(record), "settle", "Kedua")

    assert item_of(record).resolution == "Pertama"
    assert AuditEntry.objects.filter(verb="kiosk.item_decided").count() == 1


def test_officer_who_decides_an_item_second_reads_whose_decision_stands(client, paper, tablet):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)
    review_items.decide_item(
        item=item_of(record),
        decision="settle",
        reason="Pertama",
        by=member(paper.event.office, Role.ORGANIZER),
    )
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:event_review_item", args=[paper.event.code, item_of(record).pk])

    words = client.post(url, {"keputusan": "settle", "alasan": "Kedua"}, follow=True).content.decode()

    assert "Keputusan tersimpan." not in words
    assert "Pertama. Keputusan itu tetap berlaku." in words


@pytest.mark.parametrize("name", ["event_review", "event_review_item", "event_review_bytes"])
def test_operator_may_not_review_and_a_foreign_region_sees_nothing(client, paper, tablet, name):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)
    numbers = [] if name == "event_review" else [item_of(record).pk]
    url = reverse(f"declarations:{name}", args=[paper.event.code, *numbers])
    client.force_login(member(paper.event.office, Role.OPERATOR))
    assert client.get(url).status_code == 403
    client.force_login(organizer_of(panwaslu_purwodadi()))
    assert client.get(url).status_code == 404


def test_item_of_another_event_is_not_found(client, paper, tablet):
    record = of_another_paper(tablet, paper)
    tablet.hand_in(record)
    mine = day.running_event(office=paper.event.office)
    client.force_login(organizer_of(mine.office))

    for name in ("event_review_item", "event_review_bytes"):
        url = reverse(f"declarations:{name}", args=[mine.code, item_of(record).pk])
        assert client.get(url).status_code == 404


# -- the page ----------------------------------------------------------------------------------------------------


def test_page_shows_everything_of_the_event_side_by_side(client, paper, tablet):
    first, second, third = day.rows(paper)
    tablet.hand_in(
        tablet.signs(first, operator="Bu Rina"),
        tablet.signs(first, 2),
        tablet.signs(second, text_sha256="0" * 64),
        of_another_paper(tablet, paper, third),
        unreadable(tablet),
    )
    day.hand_in(paper, b"?")
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()

    assert html.count('fill="#0b1f5c"') == 4
    for words in (
        "Perlu ditinjau: 5",
        "Yang berlaku sekarang",
        "Meja 1, petugas Bu Rina",
        MESSAGES["text_mismatch"],
        MESSAGES["unknown_declaration"],
        MESSAGES["unreadable"],
        "Catatan tidak ditulis dalam bentuk bakunya.",
    ):
        assert words in html
    assert "style=" not in html


def test_page_says_when_nothing_waits(client, paper):
    client.force_login(organizer_of(paper.event.office))

    html = client.get(page(paper)).content.decode()

    assert "Tidak ada yang perlu ditinjau." in html


def test_event_page_shows_how_much_waits_and_leads_there(client, paper, tablet):
    client.force_login(organizer_of(paper.event.office))
    assert 'id="tinjau"' not in client.get(paper.event.get_absolute_url()).content.decode()
    tablet.hand_in(text_mismatch(paper, tablet))

    html = client.get(paper.event.get_absolute_url()).content.decode()

    assert page(paper) in html
    assert "1 catatan atau kiriman." in html


def test_page_asks_the_database_as_often_for_one_as_for_many(client, paper, tablet):
    client.force_login(organizer_of(paper.event.office))
    asked = []
    for rows in (day.rows(paper)[:1], day.rows(paper)[1:]):
        for row in rows:
            tablet.hand_in(
                tablet.signs(row),
                tablet.signs(row, 2),
                tablet.signs(row, 3, attendee=tablets.new_person()),
                of_another_paper(tablet, paper, row),
                unreadable(tablet),
            )
            day.hand_in(paper, str(row.pk).encode())
        with CaptureQueriesContext(connection) as queries:
            client.get(page(paper))
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_page_of_one_item_offers_the_whole_list(client, paper, tablet):
    record = of_another_paper(tablet, paper, attendee=tablets.new_person())
    arrival = tablet.arrives(day.rows(paper)[0].attendee, attendee=tablets.new_person())
    tablet.hand_in(record, arrival)
    client.force_login(organizer_of(paper.event.office))

    for item in (item_of(record), item_of(arrival)):
        url = reverse("declarations:event_review_item", args=[paper.event.code, item.pk])
        html = client.get(url).content.decode()
        for row in day.rows(paper):
            assert f'<option value="{row.attendee_id}"' in html


def test_body_of_a_page_is_downloaded_as_it_came(client, paper):
    day.hand_in(paper, b"<script>bukan catatan</script>")
    item = InboxItem.objects.get()
    client.force_login(organizer_of(paper.event.office))

    response = client.get(reverse("declarations:review_body", args=[paper.pk, item.pk]))

    assert (response.content, response["Content-Type"]) == (
        b"<script>bukan catatan</script>",
        "application/octet-stream",
    )


def test_what_came_after_archiving_is_decided_on_the_page(client, paper, tablet):
    record = after_seal(paper, tablet)
    Event.objects.filter(pk=paper.event_id).update(state="archived")
    tablet.hand_in(record)
    client.force_login(organizer_of(paper.event.office))
    url = reverse("declarations:review_resolve", args=[paper.pk, record.id])

    assert client.post(url, {"keputusan": "accept", "alasan": REASON}).status_code == 302
    assert stored(record).status == "valid"
