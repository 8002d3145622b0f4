"""How far the chain of a tablet is here, what is missing, and where it does not fit (KIOSK §7.3, §8.2)."""

import pytest

from declarations.evidence import next_link
from declarations.kiosk_chain import MOST_MISSING, Chain, Link, chain_state, missing_seqs, walk
from declarations.models import Signature
from tests.declarations import day, tablets
from tests.declarations.tablets import statuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return day.open_paper(4)


def known(tablet) -> tuple:
    device = tablets.device_of(tablet)
    return device.chain_seq, device.chain_link, device.chain_broken_at


def test_chain_grows_with_every_record(paper, tablet):
    tablet.hand_in(*[tablet.signs(row) for row in day.rows(paper)])

    assert known(tablet) == (5, tablet.link.hex(), None)
    assert missing_seqs(tablets.device_of(tablet), tablet.seq) == []


def test_gap_is_visible_and_holds_nothing(paper, tablet):
    first, lost, *rest = [tablet.signs(row) for row in day.rows(paper)]

    results = tablet.hand_in(first, *rest)

    assert statuses(results) == ["stored"] * 3
    assert known(tablet) == (2, lost.data["prev_hash"], None)
    assert missing_seqs(tablets.device_of(tablet), tablet.seq) == [2]


def test_filled_gap_leads_over_everything_behind_it(paper, tablet):
    first, late, *rest = [tablet.signs(row) for row in day.rows(paper)]
    tablet.hand_in(first, *rest)

    tablet.hand_in(late)

    assert known(tablet) == (5, tablet.link.hex(), None)


def test_link_that_does_not_fit_breaks_the_chain_but_holds_nothing(paper, tablet):
    first, second, third = day.rows(paper)[:3]
    tablet.hand_in(tablet.signs(first))
    tablet.link = b"\x00" * 32

    results = tablet.hand_in(tablet.signs(second), tablet.signs(third))

    assert statuses(results) == ["stored", "stored"]
    assert (known(tablet)[0], known(tablet)[2]) == (2, 2)
    assert Signature.objects.valid().count() == 3


def test_right_record_heals_the_chain(paper, tablet):
    first, second, third = day.rows(paper)[:3]
    tablet.hand_in(tablet.signs(first))
    place = tablet.seq, tablet.link
    tablet.link = b"\x00" * 32
    tablet.hand_in(tablet.signs(second))
    assert known(tablet)[2] == 2

    tablet.seq, tablet.link = place
    results = tablet.hand_in(tablet.signs(third))

    assert statuses(results) == ["held"]  # seq_reuse: a person looks at it
    assert known(tablet) == (3, tablet.link.hex(), None)


def test_unreadable_item_stops_the_chain_and_a_bridge_leads_over_it(paper, tablet):
    first, bad, third = [tablet.signs(row) for row in day.rows(paper)[:3]]
    [spoiled] = tablet.sealed(bad)
    tablet.hand_in(first, {**spoiled, "c": "AAAA"}, third)
    device = tablets.device_of(tablet)

    assert (device.chain_seq, missing_seqs(device, tablet.seq)) == (2, [])
    assert chain_state(device, {}) == (2, bad.data["prev_hash"])
    assert chain_state(device, {2: bad.sha256}) == (4, tablet.link.hex())


def test_wrong_bridge_leads_nowhere(paper, tablet):
    first, bad, third = [tablet.signs(row) for row in day.rows(paper)[:3]]
    [spoiled] = tablet.sealed(bad)
    tablet.hand_in(first, {**spoiled, "c": "AAAA"}, third)

    seq, link = chain_state(tablets.device_of(tablet), {2: "0" * 64})

    assert (seq, link == tablet.link.hex()) == (3, False)


def test_bridge_never_leads_over_what_never_arrived(paper, tablet):
    first, lost, third = [tablet.signs(row) for row in day.rows(paper)[:3]]
    tablet.hand_in(first, third)

    assert chain_state(tablets.device_of(tablet), {2: lost.sha256})[0] == 2


def test_absurd_number_is_not_answered_with_a_million_others(tablet):
    assert len(missing_seqs(tablets.device_of(tablet), 2**31 - 1)) == MOST_MISSING


def test_of_two_records_with_one_number_the_one_counts_on_which_the_next_was_built():
    start = Chain(0, "00" * 32, None)
    one, two = Link(0, "00" * 32, "11" * 32), Link(0, "00" * 32, "22" * 32)
    head = next_link(bytes(32), two.record_sha256)
    following = Link(1, head.hex(), "33" * 32)

    found = walk(start, [one, two, following])

    assert found == Chain(2, next_link(head, following.record_sha256).hex(), None)
