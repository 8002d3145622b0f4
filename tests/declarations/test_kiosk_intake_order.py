"""Whatever order, however often, in whatever batches: the same state (KIOSK §0.4, §8.2)."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from declarations.kiosk_intake import missing_seqs
from declarations.models import KioskItem, Signatory, Signature
from events.models import AttendanceRecord, Attendee
from tests.declarations import day, factories, tablets
from tests.declarations.tablets import Paired

pytestmark = pytest.mark.django_db

GUEST = "Tamu Baru (contoh)"


class Day:
    """Two papers, two tablets, and everything that happens at a desk; nothing is handed in yet."""

    def __init__(self):
        self.event = day.running_event()
        day.people(self.event, 10)
        factories.attendee(self.event, full_name="", position="Kepala Desa Jono", category="kepala_desa")
        self.paper = day.open_paper(0, event=self.event)
        self.second = day.open_paper(0, event=self.event)
        self.now = timezone.now() + timedelta(hours=2)
        self.one = Paired(self.event, "Meja 1", probed=False)
        self.two = Paired(self.event, "Meja 2", probed=False)
        self.items = [(self.one, item) for item in self.one.sealed(*self.records_of_one())]
        self.items += [(self.two, item) for item in self.two.sealed(*self.records_of_two())]
        self.items.append((self.one, {**self.items[3][1], "id": tablets.new_person(), "seq": 99}))

    def records_of_one(self):
        rows, tablet = day.rows(self.paper), self.one
        a, b, c, d, e, f, g, *_ = [row for row in rows if row.name]
        [post] = [row for row in rows if not row.name]
        yield tablet.probe()
        yield tablet.arrives(a.attendee)
        yield tablet.signs(a)
        wrong = tablet.signs(b)  # the wrong name, then the right person
        yield from (wrong, tablet.void(wrong), tablet.signs(b, 2))
        yield tablet.refuses(c)
        forgotten = tablet.signs(d)  # taken back, and nobody came
        yield from (forgotten, tablet.void(forgotten))
        first = tablet.signs(e)
        yield from (first, tablet.void(first))
        second = tablet.refuses(e)
        yield from (second, tablet.void(second), tablet.signs(e, 3))
        old = tablet.signs(f, text_sha256="0" * 64)
        yield from (old, tablet.void(old, reason="wrong_document"))
        named = tablet.signs(post, signatory={"name": "Salah Nama (contoh)", "category": "kepala_desa"})
        right = {"name": "Nur Aini (contoh)", "category": "kepala_desa"}
        yield from (named, tablet.void(named), tablet.signs(post, signatory=right))
        number = tablets.new_person()
        yield tablet.walk_in(self.paper, GUEST, attendee=number)
        yield tablet.walk_in(self.second, GUEST, attendee=number)
        yield tablet.signs(g)
        yield tablet.signs(g, text_sha256="1" * 64)
        self.shared = g

    def records_of_two(self):
        rows, tablet = day.rows(self.paper), self.two
        *_, k, h, i = [row for row in rows if row.name]
        stand_in = {"name": "Wakil (contoh)", "category": "pns"}
        yield tablet.probe()
        twice = tablet.signs(k, 2)  # the same person once more, taken back
        yield from (tablet.signs(k), twice, tablet.void(twice))
        yield tablet.signs(
            h, capacity="on_behalf_of", signatory=stand_in, on_behalf_of={"name": h.name}, weak=True
        )
        arrival = tablet.arrives(i.attendee)
        yield from (arrival, tablet.void(arrival))
        yield tablet.signs(self.shared)  # also signed at the other desk

    def hand_in(self, deliveries, via="sync"):
        """[(tablet, items), …] one after another, all received in the same minute."""
        for tablet, items in deliveries:
            tablets.hand_in(tablet, items, via=via, sent=self.now, now=self.now)

    def state(self) -> dict:
        """Everything that staff and papers can see afterwards."""
        shared = Signature.objects.filter(signatory__attendee=self.shared.attendee_id, declaration=self.paper)
        return {
            "signatures": {
                signature.pk: (signature.status, signature.code, signature.signed_at, tuple(signature.flags))
                for signature in Signature.objects.exclude(pk__in=shared.exclude(code="text_mismatch"))
            },
            "shared": sorted(shared.values_list("status", flat=True)),
            "list": sorted(
                Signatory.objects.exclude(pk=self.shared.pk).values_list(
                    "declaration",
                    "attendee",
                    "outcome",
                    "outcome_at",
                    "name",
                    "capacity",
                    "on_behalf_of_name",
                )
            ),
            "present": sorted(
                Attendee.objects.exclude(pk=self.shared.attendee_id).values_list(
                    "pk", "first_seen_at", "source"
                ),
                key=str,
            ),
            "desk": sorted(
                AttendanceRecord.objects.exclude(method="tanda_tangan").values_list("pk", "method")
            ),
            "items": sorted(
                KioskItem.objects.values_list("item_id", "sealed_sha256", "kind", "record_sha256")
            ),
            "questions": sorted(KioskItem.objects.open_questions(self.event).values_list("item_id", "code")),
            "chains": [self.chain(tablet) for tablet in (self.one, self.two)],
        }

    def chain(self, tablet):
        device = tablets.device_of(tablet)
        missing = missing_seqs(device, tablet.seq)
        return device.chain_seq, device.chain_link, device.chain_broken_at, device.state, missing


class Undone(Exception):
    pass


def after(the_day: Day, deliveries, **options) -> dict:
    """The state after these deliveries, which are undone again."""
    found = {}
    try:
        with transaction.atomic():
            the_day.hand_in(deliveries, **options)
            found = the_day.state()
            raise Undone
    except Undone:
        return found


def in_one_piece(the_day: Day) -> list:
    return [(tablet, [i for t, i in the_day.items if t is tablet]) for tablet in (the_day.one, the_day.two)]


@st.composite
def deliveries(draw, count: int):
    """[(number of the item, whether it joins the batch before), …]: every item, some again, in any order."""
    again = draw(st.lists(st.integers(0, count - 1), max_size=12))
    order = draw(st.permutations([*range(count), *again]))
    joins = draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order)))
    return list(zip(order, joins, strict=True))


def batches_of(the_day: Day, delivered) -> list:
    batches = []
    for number, joins in delivered:
        tablet, item = the_day.items[number]
        if joins and batches and batches[-1][0] is tablet:
            batches[-1][1].append(item)
        else:
            batches.append((tablet, [item]))
    return batches


def test_any_order_and_repetition_same_state():
    the_day = Day()
    expected = after(the_day, in_one_piece(the_day))
    assert expected["chains"][0][0] == the_day.one.seq
    assert expected["shared"] == ["conflict", "held", "valid"]

    @settings(
        max_examples=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.explicit, Phase.generate],  # shrinking a day takes longer than reading it
    )
    @given(deliveries(len(the_day.items)))
    def same_state(delivered):
        found = after(the_day, batches_of(the_day, delivered))
        for part, value in expected.items():
            assert found[part] == value, part

    same_state()


def test_one_by_one_forwards_and_backwards():
    """The two orders that differ most."""
    the_day = Day()
    expected = after(the_day, in_one_piece(the_day))
    singly = [(tablet, [item]) for tablet, item in the_day.items]

    assert after(the_day, singly) == expected
    assert after(the_day, singly[::-1]) == expected


def test_rescue_equals_sync():
    the_day = Day()
    everything = in_one_piece(the_day)
    by_network = after(the_day, everything)
    by_stick = after(the_day, everything, via="rescue")

    assert by_stick == by_network


def test_rescue_after_sync_changes_nothing():
    the_day = Day()
    everything = in_one_piece(the_day)
    the_day.hand_in(everything)
    before = the_day.state()

    the_day.hand_in(everything, via="rescue")

    assert the_day.state() == before
