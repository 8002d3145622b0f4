"""What the tablets add to *Kesiapan kegiatan*: ready before the start, empty before the end (EVENTS §2). Reads only."""

from collections.abc import Iterator

from django.urls import reverse

from events.models import Device, Event
from events.readiness import WARNS, Issue, register
from regions.wording import number

from .tablet_board import Tablet, board_of

WAIT, GO_ON = "Tunggu", "Tutup, susulan diterima"


def tablets_are_ready(event: Event) -> Iterator[Issue]:
    """Text, fonts, storage, clock and probe: the tablet says whether its own self-test was all green."""
    devices = event.devices.filter(state__in=(Device.State.PAIRED, Device.State.ACTIVE))
    total, ready = devices.count(), devices.filter(heartbeat__ready=True).count()
    if ready < total:
        text = f"{total - ready} dari {total} tablet belum siap luring."
        yield Issue(text, WARNS, _page(event), "Lihat tablet")


def tablets_have_sent_everything(event: Event) -> Iterator[Issue]:
    for tablet in board_of(event).tablets:
        if text := unsent(tablet):
            yield Issue(text, WARNS, _page(event), "Lihat tablet", GO_ON, WAIT)


def unsent(tablet: Tablet) -> str:
    """What this tablet may still hold, or "". One that is out of reach may hold more than it reported."""
    label = tablet.device.label
    if tablet.waiting:
        return f"{label} masih menyimpan {number(tablet.waiting)} tanda tangan yang belum terkirim."
    if tablet.missing:
        return f"{label}: catatan nomor {tablet.missing_words} belum diterima."
    if tablet.device.may_hand_in and tablet.contact and not tablet.in_contact:
        return (
            f"{label} belum ada kontak sejak {tablet.at(tablet.contact)}; mungkin masih menyimpan tanda tangan yang"
            " belum terkirim."
        )
    return ""


def register_all() -> None:
    register("running", tablets_are_ready)
    register("closed", tablets_have_sent_everything)


def _page(event: Event) -> str:
    return reverse("declarations:tablets", args=[event.code])
