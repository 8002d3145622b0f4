"""GET roster: who and what a tablet knows, what it must not know, and how little it asks."""

import gzip
import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import audit
from accounts.canonical import canonical_bytes, sha256_hex
from accounts.writing import writing
from declarations import kiosk_messages, review, signing
from declarations.kiosk_roster import KEEPS_ROWS, KEEPS_ROWS_BEGINNINGS
from declarations.models import Declaration
from declarations.models.declarations import SigningMode
from events import attendees, devices
from events.models import Attendee, Device, Event, EventSite, PersonalLink
from events.models.links import digest_of
from tests.declarations import day, factories
from tests.declarations.kiosk import paired

pytestmark = pytest.mark.django_db


def full(kiosk) -> dict:
    reply = kiosk.roster()
    assert reply.status_code == 200, reply.content
    kiosk_messages.RosterOut.model_validate(reply.json())
    return reply.json()


def names(roster):
    return [row["name"] for row in roster["rows"]]


# -- papers ------------------------------------------------------------------------------------------------------


def test_paper_comes_with_exactly_the_text_that_is_hashed(kiosk, paper):
    [found] = full(kiosk)["declarations"]
    assert sha256_hex(canonical_bytes(found["text"])) == found["text_sha256"] == paper.text_version.sha256
    assert (found["id"], found["kind"], found["title"]) == (str(paper.pk), "declaration", paper.title)
    assert (found["version"], found["state"], found["requires_reading"]) == (1, "open", False)
    assert "read_at" not in found


@pytest.mark.parametrize(
    ("state", "shown", "signing_"),
    [
        ("draft", "draft", "closed"),
        ("open", "open", "open"),
        ("closed", "closed", "closed"),
        ("sealing", "closed", "closed"),
    ],
)
def test_state_of_a_paper_and_of_signing(kiosk, paper, state, shown, signing_):
    Declaration.objects.filter(pk=paper.pk).update(state=state)
    roster = full(kiosk)
    assert [found["state"] for found in roster["declarations"]] == [shown]
    assert roster["event"]["signing"] == signing_


def test_void_paper_is_not_shown(kiosk, paper):
    Declaration.objects.filter(pk=paper.pk).update(state="void")
    assert full(kiosk)["declarations"] == []


def test_reading_is_told_with_time_and_name(paper, kiosk):
    paper = factories.declaration(paper.event, requires_reading=True)
    at = datetime(2024, 10, 2, 2, 12, tzinfo=UTC)
    reading = {"led_by_name": "Sekda (contoh)", "led_by_position": "", "followed_by_all": True}
    signing.record_reading(declaration=paper, at=at, by=audit.SYSTEM, **reading)
    found = full(kiosk)["declarations"][-1]
    assert (found["requires_reading"], found["read_at"]) == (True, "2024-10-02T02:12:00.000Z")
    assert found["read_by"] == "Sekda (contoh)"


# -- people ------------------------------------------------------------------------------------------------------


def test_rows_stand_in_order_of_precedence_with_their_papers(kiosk, paper):
    attendees.add_attendee(
        event=paper.event,
        full_name="Camat (contoh)",
        category="pns",
        position="Camat",
        precedence=1,
        by=audit.SYSTEM,
    )
    roster = full(kiosk)
    assert names(roster) == ["Camat (contoh)", *[f"Peserta {letter} (contoh)" for letter in "ABC"]]
    assert {tuple(row["declarations"]) for row in roster["rows"]} == {(str(paper.pk),)}
    assert roster["rows"][1] == {
        "id": str(Attendee.objects.get(full_name="Peserta A (contoh)").pk),
        "name": "Peserta A (contoh)",
        "position": "Kepala Seksi",
        "agency": "Kecamatan Cerme",
        "category": "pns",
        "declarations": [str(paper.pk)],
        "precedence": 1000,
    }
    assert roster["rows_total"] == 4


def test_draft_paper_lists_its_people_the_day_before():
    event = factories.event(state=Event.State.SCHEDULED)
    day.people(event, 2)
    paper = factories.declaration(event)
    kiosk = paired(event)
    assert [row["declarations"] for row in full(kiosk)["rows"]] == [[str(paper.pk)]] * 2
    assert paper.signatories.count() == 2


def test_person_added_later_is_put_on_the_list(kiosk, paper):
    full(kiosk)
    late = factories.attendee(paper.event, full_name="Susulan (contoh)")
    audit_entry(paper.event)
    row = next(row for row in full(kiosk)["rows"] if row["id"] == str(late.pk))
    assert row["declarations"] == [str(paper.pk)]
    assert paper.signatories.filter(attendee=late).exists()


def test_closed_paper_takes_nobody_in(kiosk, paper):
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    late = factories.attendee(paper.event, full_name="Susulan (contoh)")
    row = next(row for row in full(kiosk)["rows"] if row["id"] == str(late.pk))
    assert row["declarations"] == []


def test_withdrawn_person_is_gone(kiosk, paper):
    person = paper.event.attendees.get(full_name="Peserta A (contoh)")
    attendees.withdraw_attendee(attendee=person, by=audit.SYSTEM)
    assert names(full(kiosk)) == ["Peserta B (contoh)", "Peserta C (contoh)"]


def test_post_without_a_name_is_shown_by_its_post(kiosk, paper):
    factories.attendee(
        paper.event, full_name="", position="Kepala Desa", agency="Desa Betiting", precedence=5
    )
    row = full(kiosk)["rows"][0]
    assert (row["name"], row["position"], row["agency"]) == ("", "Kepala Desa", "Desa Betiting")


def test_only_namesakes_carry_the_end_of_their_number(kiosk, paper):
    numbers = {
        "Siti Aminah": "198609262015051001",
        "SITI  AMINAH": "198609262015052002",
        "Siti Aminahwati": "3" * 18,
    }
    for name, number in numbers.items():
        factories.attendee(paper.event, full_name=name, identity_number=number, phone="081234567890")
    factories.attendee(paper.event, full_name="Siti Aminah")  # no number: nothing to tell her apart by
    roster = full(kiosk)
    assert {row["name"]: row.get("tail") for row in roster["rows"] if "tail" in row} == {
        "Siti Aminah": "001",
        "SITI  AMINAH": "002",
    }
    text = json.dumps(roster)
    assert [number for number in (*numbers.values(), "081234567890") if number in text] == []


def test_invitation_is_recognised_by_the_beginning_of_its_digest(kiosk, paper):
    person, other, _ = paper.event.attendees.in_order()
    token = PersonalLink.new_token()
    PersonalLink.objects.create(attendee=person, digest=digest_of(token))
    PersonalLink.objects.create(attendee=other, digest=digest_of("x"), revoked_at=datetime.now(UTC))
    found = {row["id"]: row.get("ticket") for row in full(kiosk)["rows"]}
    assert found[str(person.pk)] == digest_of(token)[:16]
    assert found[str(other.pk)] is None


def test_tablet_of_a_site_knows_its_people_and_those_of_no_site(paper):
    here, there = (EventSite.objects.create(event=paper.event, name=name) for name in ("Balai A", "Balai B"))
    first, second, _ = paper.event.attendees.in_order()
    Attendee.objects.filter(pk=first.pk).update(site=here)
    Attendee.objects.filter(pk=second.pk).update(site=there)
    day.everybody_signs(paper)
    at_site, everywhere = paired(paper.event, site=here), paired(paper.event)
    roster = full(at_site)
    assert (names(roster), roster["rows_total"]) == (["Peserta A (contoh)", "Peserta C (contoh)"], 2)
    assert str(second.pk) not in json.dumps(roster)
    assert [row.get("site") for row in full(everywhere)["rows"]] == ["Balai A", "Balai B", None]


def test_two_party_paper_lists_the_two_who_sign_it():
    event = day.running_event()
    day.people(event, 3)
    paper = factories.mou(event)
    kiosk = paired(event)
    assert {tuple(row["declarations"]) for row in full(kiosk)["rows"]} == {()}
    sides = [
        {
            "order": n,
            "institution": f"Lembaga {n}",
            "representative_name": f"Wakil {n} (contoh)",
            "position": "Ketua",
        }
        for n in (1, 2)
    ]
    for side in sides:
        paper.parties.update_or_create(order=side["order"], defaults=side)
    audit_entry(event)
    signers = [row["name"] for row in full(kiosk)["rows"] if row["declarations"] == [str(paper.pk)]]
    assert sorted(signers) == ["Wakil 1 (contoh)", "Wakil 2 (contoh)"]


def test_text_read_aloud_lists_one_of_each_bloc():
    event = day.running_event()
    day.people(event, 3)
    factories.attendee(event, full_name="Danramil (contoh)", category="tni")
    paper = factories.declaration(event, signing_mode=SigningMode.READ_ALOUD, blocs=["asn", "tni"])
    listed = [row["name"] for row in full(paired(event))["rows"] if row["declarations"] == [str(paper.pk)]]
    assert listed == ["Danramil (contoh)", "Peserta A (contoh)"]


def test_text_read_aloud_without_blocs_is_shown_and_signed_by_nobody():
    event = day.running_event()
    day.people(event, 3)
    factories.declaration(event, signing_mode=SigningMode.READ_ALOUD)
    roster = full(paired(event))
    assert (len(roster["declarations"]), [row["declarations"] for row in roster["rows"]]) == (1, [[]] * 3)


# -- who is on record --------------------------------------------------------------------------------------------


def test_time_is_told_and_the_outcome_is_not(kiosk, paper):
    first, second, _ = day.rows(paper)
    at = datetime(2024, 10, 2, 2, 41, tzinfo=UTC)
    day.hand_in(paper, day.record(first), day.refusal(second))
    paper.signatories.filter(pk__in=[first.pk, second.pk]).update(outcome_at=at)
    done = full(kiosk)["done"]
    assert sorted(done, key=lambda row: row["attendee"]) == sorted(
        [
            {"declaration": str(paper.pk), "attendee": str(row.attendee_id), "at": "09.41"}
            for row in (first, second)
        ],
        key=lambda row: row["attendee"],
    )
    assert ("signed" in json.dumps(done), "refused" in json.dumps(done)) == (False, False)


def test_absent_person_may_still_sign(kiosk, paper):
    signing.mark_outcome(signatory=day.rows(paper)[0], outcome="absent", by=audit.SYSTEM)
    assert full(kiosk)["done"] == []


# -- changes -----------------------------------------------------------------------------------------------------


def audit_entry(event):
    """Factories write rows without the entry that every deed leaves."""
    with writing():
        audit.record(audit.SYSTEM, "attendee.changed", event)


def test_known_roster_is_not_sent_again(kiosk):
    kiosk.roster()
    tag = kiosk.reply["ETag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}'):
        reply = kiosk.roster(**{"If-None-Match": known})
        assert (reply.status_code, reply.content, reply["ETag"]) == (304, b"", tag)


def test_changed_roster_is_sent_in_spite_of_the_tag(kiosk, paper):
    tag = kiosk.roster()["ETag"]
    day.hand_in(paper, day.record(day.rows(paper)[0]))
    reply = kiosk.roster(**{"If-None-Match": tag})
    assert (reply.status_code, reply["ETag"] != tag) == (200, True)


def test_since_an_outcome_only_the_outcome_is_sent(kiosk, paper):
    seq = full(kiosk)["seq"]
    row = day.rows(paper)[0]
    day.hand_in(paper, day.record(row))
    reply = kiosk.roster(since=seq).json()
    kiosk_messages.RosterOut.model_validate(reply)
    assert (reply["full"], reply["rows"], reply["rows_total"]) == (False, [], 3)
    assert [done["attendee"] for done in reply["done"]] == [str(row.attendee_id)]
    assert reply["seq"] > seq


def test_since_a_withdrawn_signature_the_name_is_free_again(kiosk, paper):
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row))
    seq = full(kiosk)["seq"]
    review.resolve(signature=result.signature, decision="revoke", reason="Salah orang.", by=audit.SYSTEM)
    reply = kiosk.roster(since=seq).json()
    assert (reply["full"], reply["done"]) == (False, [])
    assert reply["undone"] == [{"declaration": str(paper.pk), "attendee": str(row.attendee_id)}]


def test_since_the_opening_of_a_paper_its_state_is_sent():
    event = day.running_event()
    day.people(event, 2)
    paper = factories.declaration(event)
    kiosk = paired(event)
    seq = full(kiosk)["seq"]
    signing.open_signing(declaration=paper, by=audit.SYSTEM)
    reply = kiosk.roster(since=seq).json()
    assert (reply["full"], reply["declarations"][0]["state"], reply["event"]["signing"]) == (
        False,
        "open",
        "open",
    )


def test_since_a_change_of_people_everything_is_sent(kiosk, paper):
    seq = full(kiosk)["seq"]
    attendees.add_attendee(event=paper.event, full_name="Baru (contoh)", category="pns", by=audit.SYSTEM)
    reply = kiosk.roster(since=seq).json()
    assert (reply["full"], len(reply["rows"])) == (True, 4)


@pytest.mark.parametrize(
    ("verb", "everything"),
    [
        ("link.opened", False),
        ("room.opened", False),
        ("agenda.started", False),
        ("link.made", True),  # its ticket belongs to a row
        ("declaration.enrolled", True),
        ("site.changed", True),
        ("something.new", True),
    ],
)
def test_verb_of_an_entry_decides_what_is_sent(kiosk, paper, verb, everything):
    seq = full(kiosk)["seq"]
    with writing():
        audit.record(audit.SYSTEM, verb, paper.event)
    assert kiosk.roster(since=seq).json()["full"] is everything


def test_every_verb_that_keeps_the_rows_exists():
    assert set(KEEPS_ROWS) <= set(audit.VERBS)
    for beginning in KEEPS_ROWS_BEGINNINGS:
        assert any(verb.startswith(beginning) for verb in audit.VERBS), beginning


@pytest.mark.parametrize("since", [0, 9999, 2**31, -1])
def test_number_the_server_does_not_know_brings_everything(kiosk, since):
    reply = kiosk.roster(since=since)
    assert (reply.status_code, reply.json()["full"]) == (200, True)


def test_number_that_is_none_is_refused(kiosk):
    reply = kiosk.ask("roster", {"since": "kemarin"}, method="get")
    assert (reply.status_code, reply.json()["fields"]) == (422, ["since"])


def test_changes_at_another_site_stay_there(paper):
    here, there = (EventSite.objects.create(event=paper.event, name=name) for name in ("Balai A", "Balai B"))
    first, *_ = day.rows(paper)
    Attendee.objects.filter(pk=first.attendee_id).update(site=there)
    kiosk = paired(paper.event, site=here)
    seq = full(kiosk)["seq"]
    day.hand_in(paper, day.record(first))
    assert kiosk.roster(since=seq).json()["done"] == []


# -- cost --------------------------------------------------------------------------------------------------------


def queries(ask) -> int:
    with CaptureQueriesContext(connection) as found:
        ask()
    return len(found)


def big_event(count):
    event = day.running_event()
    Attendee.objects.bulk_create(
        Attendee(
            event=event,
            full_name=f"Peserta {n:04} (contoh)",
            category="pns",
            position="Kepala Seksi",
            agency="Kecamatan Cerme",
        )
        for n in range(count)
    )
    paper = factories.declaration(event)
    signing.open_signing(declaration=paper, by=audit.SYSTEM)
    return paired(event)


@pytest.mark.parametrize("count", [3, 300])
def test_roster_asks_the_same_number_of_queries(count):
    kiosk = big_event(count)
    assert len(full(kiosk)["rows"]) == count
    assert queries(kiosk.roster) == 6  # token, head, papers, people, list, links
    seq = kiosk.reply.json()["seq"]
    tag = kiosk.reply["ETag"]
    assert queries(lambda: kiosk.roster(**{"If-None-Match": tag})) == 2
    assert queries(lambda: kiosk.roster(since=seq)) == 6


def test_roster_is_small_on_the_line():
    kiosk = big_event(500)
    reply = kiosk.roster(**{"Accept-Encoding": "gzip, br"})
    assert (reply["Content-Encoding"], len(reply.content) < 25_000) == ("gzip", True)
    assert json.loads(gzip.decompress(reply.content))["rows_total"] == 500


# -- state of the tablet -----------------------------------------------------------------------------------------


def test_draining_tablet_gets_no_roster(kiosk):
    devices.drain_device(device=kiosk.device, by=audit.SYSTEM)
    reply = kiosk.roster()
    assert (reply.status_code, reply.json()["error"]) == (403, "draining")


def test_app_that_has_become_too_old_gets_no_roster(kiosk):
    Device.objects.update(app="0.1.0+aaaaaaa")
    assert (kiosk.roster().status_code, kiosk.reply.json()["error"]) == (426, "app_too_old")


def test_tablet_may_ask_thirty_times_a_minute(kiosk):
    tag = kiosk.roster()["ETag"]
    with time_machine.travel("2026-11-22T02:41:00Z", tick=False):
        answers = [kiosk.roster(**{"If-None-Match": tag}).status_code for _ in range(31)]
    assert answers == [304] * 30 + [429]
