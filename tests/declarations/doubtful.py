"""Records of a tablet that wait for a decision, one maker for each code, and how staff decide about them."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts import audit
from declarations import review, review_items, signing
from declarations.models import Declaration, KioskItem, Signature, TextVersion
from events.attendees import withdraw_attendee
from events.models import Device, Event
from tests.declarations import day, factories
from tests.declarations.seals import sealed

BY = audit.SYSTEM
REASON = "Diperiksa dengan petugas meja"


def resolve(signature, decision="accept", reason=REASON, **extra):
    return review.resolve(signature=signature, decision=decision, reason=reason, by=BY, **extra)


def decide(item, decision="accept", reason=REASON, **extra):
    return review_items.decide_item(item=item, decision=decision, reason=reason, by=BY, **extra)


def stored(record) -> Signature:
    return Signature.objects.get(pk=record.id)


def item_of(record) -> KioskItem:
    return KioskItem.objects.get(item_id=record.id)


def close_long_ago(paper):
    signing.close_signing(declaration=paper, by=BY)
    hour_ago = timezone.now() - timedelta(hours=1)
    Declaration.objects.filter(pk=paper.pk).update(closed_at=hour_ago)
    Device.objects.update(paired_at=hour_ago - timedelta(hours=1))


def unknown_attendee(paper, tablet):
    stranger = factories.attendee(factories.event(), full_name="Orang Lain (contoh)")
    return tablet.signs(day.rows(paper)[0], attendee=stranger.pk)


def attendee_removed(paper, tablet):
    row = day.rows(paper)[0]
    withdraw_attendee(attendee=row.attendee, by=BY)
    return tablet.signs(row)


def not_assigned(paper, tablet):
    guest = factories.attendee(paper.event, full_name="Tamu (contoh)")
    person = {"name": "Tamu (contoh)", "category": "pns"}
    return tablet.signs(day.rows(paper)[0], attendee=guest.pk, signatory=person)


def walk_in_matches_roster(paper, tablet):
    person = {"name": "Peserta A (contoh)", "category": "pns", "agency": "Kecamatan Cerme"}
    return tablet.walk_in(paper, "Peserta A (contoh)", signatory=person)


def text_mismatch(paper, tablet):
    return tablet.signs(day.rows(paper)[0], text_sha256="0" * 64)


def after_close(paper, tablet):
    close_long_ago(paper)
    return tablet.signs(day.rows(paper)[0])


def after_seal(paper, tablet):
    day.hand_in(paper, day.record(day.rows(paper)[2]))
    sealed(signing.close_signing(declaration=paper, by=BY))
    return tablet.signs(day.rows(paper)[0])


def after_revocation(paper, tablet):
    Device.objects.update(state="draining", draining_at=timezone.now() - timedelta(minutes=30))
    return tablet.signs(day.rows(paper)[0])


def seq_reuse(paper, tablet):
    first, second, _ = day.rows(paper)
    seq, link = tablet.seq, tablet.link
    tablet.hand_in(tablet.signs(second, 2))
    tablet.seq, tablet.link = seq, link
    return tablet.signs(first)


def event_cancelled(paper, tablet):
    Event.objects.filter(pk=paper.event_id).update(state="cancelled")
    return tablet.signs(day.rows(paper)[0])


def before_open(paper, tablet):
    TextVersion.objects.filter(pk=paper.text_version_id).update(state="published")
    Declaration.objects.filter(pk=paper.pk).update(state="draft")
    return tablet.signs(day.rows(paper)[0])


# Each bears the name of its code.
ACCEPTED = [
    attendee_removed,
    not_assigned,
    after_close,
    after_seal,
    after_revocation,
    seq_reuse,
    event_cancelled,
    before_open,
]
HELD = [*ACCEPTED, unknown_attendee, walk_in_matches_roster, text_mismatch]


def name_of(case) -> str:
    return case.__name__


def of_another_paper(tablet, paper, row=None, **changes):
    other = factories.declaration(factories.event(), text_version=paper.text_version)
    return tablet.signs(row or day.rows(paper)[0], declaration=other.pk, **changes)


def unreadable(tablet):
    record = tablet.probe()
    [item] = tablet.sealed(record)
    return {**item, "c": item["c"][:-8] + "AAAAAAAA"}


def page(paper) -> str:
    return reverse("declarations:event_review", args=[paper.event.code])
