"""The projector shows who has signed and how many, and nothing else about anybody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import audit
from declarations import review, signing
from declarations.models import Signatory, Signature
from events.models import Attendee
from tests.accounts.factories import organizer_of, region
from tests.declarations import day, factories

pytestmark = pytest.mark.django_db
NIP = "198609262015051001"


@pytest.fixture
def wall(client, paper):
    client.force_login(organizer_of(paper.event.office))
    return client


def ask(client, paper, etag="", **query):
    url = reverse("declarations:hall_board_data", args=[paper.event.code])
    return client.get(url, query, headers={"if-none-match": etag} if etag else {})


def inks(client, paper, *ids):
    return client.get(reverse("declarations:hall_board_ink", args=[paper.event.code]), {"id": ids}).json()


def names(client, paper):
    return [person["name"] for person in ask(client, paper).json()["papers"][0]["people"]]


def test_names_stand_in_order_of_precedence_and_not_of_arrival(wall, paper):
    first, second, third = day.rows(paper)
    day.hand_in(paper, day.record(third, 3))
    day.hand_in(paper, day.record(first, 1))
    assert names(wall, paper) == [first.name, third.name]
    day.hand_in(paper, day.record(second, 2))
    assert names(wall, paper) == [first.name, second.name, third.name]


def test_drawn_signature_comes_as_path_data(wall, paper):
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row))
    [person] = ask(wall, paper).json()["papers"][0]["people"]
    assert (person["ink"], person["method"]) == (str(result.signature.pk), "drawn")
    ink = inks(wall, paper, person["ink"])[person["ink"]]
    assert len(ink["box"].split()) == 4
    assert ink["path"].startswith("M")


def test_typed_name_has_no_drawing(wall, paper):
    day.hand_in(paper, day.typed(day.rows(paper)[0]))
    [person] = ask(wall, paper).json()["papers"][0]["people"]
    assert (person["ink"], person["method"]) == ("", "typed")


def test_nobody_learns_who_refused_is_absent_or_awaited(wall, paper):
    refusing, absent, _ = day.rows(paper)
    day.hand_in(paper, day.refusal(refusing))
    signing.mark_outcome(signatory=absent, outcome="absent", by=audit.SYSTEM)
    answer = ask(wall, paper).content.decode()
    assert [row.name for row in day.rows(paper) if row.name in answer] == []
    assert "refused" not in answer
    assert "absent" not in answer
    page = wall.get(reverse("declarations:hall_board", args=[paper.event.code])).content.decode()
    assert [row.name for row in day.rows(paper) if row.name in page] == []


def test_doubtful_record_leaves_no_trace(wall, paper):
    row = day.rows(paper)[0]
    day.hand_in(paper, day.record(row, 1))
    before = ask(wall, paper).json()
    [second] = day.hand_in(paper, day.record(row, 2))
    assert second.status == "conflict"
    assert ask(wall, paper).json() == before
    assert inks(wall, paper, second.signature.pk) == {}


def test_revoked_signature_goes(wall, paper):
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row))
    assert names(wall, paper) == [row.name]
    review.resolve(signature=result.signature, decision="revoke", reason="Salah ketuk.", by=audit.SYSTEM)
    assert names(wall, paper) == []
    assert inks(wall, paper, result.signature.pk) == {}


def test_no_number_of_a_person_reaches_the_wall(wall, paper):
    row = day.rows(paper)[0]
    Attendee.objects.filter(pk=row.attendee_id).update(identity_number=NIP, identity_masked="1986…001")
    Signatory.objects.filter(pk=row.pk).update(rank="Pembina (IV/a)", letter_no="800/1/2024")
    day.hand_in(paper, day.record(row))
    answer = ask(wall, paper).content.decode()
    assert [secret for secret in (NIP, "1986", "800/1/2024", "IV/a") if secret in answer] == []


def test_stand_in_is_shown_with_whom_they_represent(wall, paper):
    row = day.rows(paper)[0]
    behalf = {"name": row.name, "position": "Danramil Cerme", "letter_no": "800/1"}
    person = {"name": "Sertu X (contoh)", "category": "tni", "position": "Babinsa", "agency": "Koramil"}
    day.hand_in(paper, day.record(row, capacity="on_behalf_of", signatory=person, on_behalf_of=behalf))
    [shown] = ask(wall, paper).json()["papers"][0]["people"]
    assert (shown["name"], shown["behalf"]) == ("Sertu X (contoh)", "Danramil Cerme")


def test_totals_count_each_unsur_and_the_villages_whose_head_signed(wall):
    event = day.running_event()
    for code in ("35.25.11.2001", "35.25.11.2002", "35.25.11.2003"):
        factories.attendee(
            event,
            full_name=f"Kades {code} (contoh)",
            category="kepala_desa",
            position="Kepala Desa",
            village=region(code),
        )
    paper = day.open_paper(1, event=event)
    day.hand_in(paper, *[day.record(row, n) for n, row in enumerate(day.rows(paper)[:2], 1)])
    found = ask(wall, paper).json()["papers"][0]
    signed = sum(row.category == "kepala_desa" for row in day.rows(paper) if row.outcome == "signed")
    assert found["villages"] == {"signed": signed, "expected": 3, "word": "desa"}
    assert (found["signed"], found["expected"]) == (2, 4)
    assert [(group["label"], group["expected"]) for group in found["groups"]] == [
        ("ASN", 1),
        ("Kepala Desa", 3),
    ]


def test_nothing_new_is_answered_without_a_body(wall, paper):
    first = ask(wall, paper)
    assert ask(wall, paper, first["ETag"]).status_code == 304
    day.hand_in(paper, day.record(day.rows(paper)[0]))
    again = ask(wall, paper, first["ETag"])
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_one_paper_can_be_chosen(wall, paper):
    other = factories.declaration(paper.event)
    assert len(ask(wall, paper).json()["papers"]) == 2
    [chosen] = ask(wall, paper, naskah=other.pk).json()["papers"]
    assert chosen["id"] == str(other.pk)
    assert ask(wall, paper)["ETag"] != ask(wall, paper, naskah=other.pk)["ETag"]


def test_paper_of_another_event_cannot_be_chosen(wall, paper):
    foreign = day.open_paper(1)
    day.everybody_signs(foreign)
    assert ask(wall, paper, naskah=foreign.pk).json() == {"papers": []}
    page = wall.get(reverse("declarations:hall_board", args=[paper.event.code]), {"naskah": foreign.pk})
    assert page.status_code == 404
    assert inks(wall, paper, *Signature.objects.values_list("pk", flat=True)) == {}


def test_nonsense_in_the_address_is_no_error(wall, paper):
    assert ask(wall, paper, naskah="apa").status_code == 200
    assert inks(wall, paper, "apa", "") == {}


def test_board_asks_the_same_for_one_signature_and_for_three(wall, paper):
    counts, quiet = [], []
    for number, row in enumerate(day.rows(paper), 1):
        day.hand_in(paper, day.record(row, number))
        ask(wall, paper)
        with CaptureQueriesContext(connection) as asked:
            etag = ask(wall, paper)["ETag"]
        counts.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            assert ask(wall, paper, etag).status_code == 304
        quiet.append(len(asked))
    assert counts == [counts[0]] * 3
    assert quiet == [quiet[0]] * 3
    assert counts[0] - quiet[0] == 4  # papers, people, signatures, counts: only when something happened


def test_inks_ask_the_same_for_one_and_for_three(wall, paper):
    day.everybody_signs(paper)
    ids = [str(pk) for pk in Signature.objects.values_list("pk", flat=True)]
    counts = []
    for wanted in (ids[:1], ids):
        with CaptureQueriesContext(connection) as asked:
            assert len(inks(wall, paper, *wanted)) == len(wanted)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_event_page_leads_to_both_screens(wall, paper):
    page = wall.get(paper.event.get_absolute_url()).content.decode()
    assert reverse("declarations:mc", args=[paper.event.code]) in page
    assert reverse("declarations:hall_board", args=[paper.event.code]) in page
