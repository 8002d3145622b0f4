"""Who is printed as "(daring)": whoever signed by the own link, however it was planned; nobody at a tablet."""

import pytest

from accounts import audit
from declarations import intake, paper_rows
from declarations.demo import phone
from declarations.snapshot import freeze
from events.models import Attendee
from tests.declarations import day

pytestmark = pytest.mark.django_db


def printed(paper):
    """name → notes beside the signature"""
    blocs = paper_rows.blocs(freeze(paper), lambda key, strokes, words: "ink")
    return {row["name"]: row["notes"] for bloc in blocs for row in bloc["rows"]}


@pytest.mark.parametrize("planned", ["onsite", "remote"])
def test_channel_decides_what_the_row_says(planned):
    event = day.running_event()
    people = day.people(event, 2)
    Attendee.objects.filter(pk__in=[person.pk for person in people]).update(presence=planned)
    paper = day.open_paper(0, event=event)
    by_link, at_tablet = day.rows(paper)

    phone.sign_by_links(paper, [by_link], lambda row: day.record(row).raw, by=audit.SYSTEM)
    intake.take_in([day.record(at_tablet, 2).raw], declaration=paper, via="web", by=audit.SYSTEM)

    assert printed(paper) == {by_link.name: ["(daring)"], at_tablet.name: []}
    entries = {entry["name"]: entry for entry in freeze(paper)["signatories"]}
    assert entries[by_link.name]["channel"] == "link"
    assert "remote" not in entries[at_tablet.name]


def test_who_did_not_sign_keeps_the_plan():
    event = day.running_event()
    [person] = day.people(event, 1, presence="remote")
    paper = day.open_paper(0, event=event)
    [entry] = freeze(paper)["signatories"]
    assert (entry["outcome"], entry["remote"]) == ("absent", True)
    assert person.is_remote
