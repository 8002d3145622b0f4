"""DEED: take in the rescue file of a tablet, through the same door as what tablets send themselves (KIOSK.md §9, §12)."""

from collections import Counter
from dataclasses import dataclass

from accounts.refusals import Refusal
from events.models import Device, Event

from .classification import MESSAGES, RETRY
from .kiosk_intake import missing_seqs, take_in_items
from .rescue_file import RescueFile

BATCH = 50

OTHER_EVENT = "Berkas ini milik kegiatan lain. Buka kegiatan itu, lalu unggah berkasnya di halaman Tablet kegiatan tersebut."
UNKNOWN_DEVICE = (
    "Tablet pembuat berkas ini tidak terdaftar pada kegiatan ini. Simpan berkasnya dan hubungi pengelola peladen:"
    " mungkin peladen dipulihkan dari cadangan yang lebih lama."
)
WORDS = {
    "stored": "Berlaku",
    "duplicate": "Sudah diterima sebelumnya",
    "conflict": "Tercatat dua kali, perlu ditinjau",
    "held": "Ditahan, perlu ditinjau",
    "quarantined": "Tidak terbaca, disimpan apa adanya",
    "retry": "Belum dapat disimpan",
}
TONES = {
    "stored": "done",
    "duplicate": "muted",
    "conflict": "waiting",
    "held": "waiting",
    "quarantined": "danger",
    "retry": "danger",
}


@dataclass(frozen=True)
class Outcome:
    """What became of the items: status → count in the order of WORDS, why nothing was kept, what is still not here."""

    device: Device
    counts: dict[str, int]
    reasons: list[str]
    damaged: int
    missing: list[int]

    @property
    def lines(self) -> list[tuple[str, str, int]]:
        """(tone, words, count)"""
        return [(TONES[status], WORDS[status], count) for status, count in self.counts.items()]

    @property
    def is_whole(self) -> bool:
        """Everything the tablet ever made is here, so that it may be let go."""
        return not (self.missing or self.damaged or self.counts.get(RETRY))


def take_in_rescue_file(*, event: Event, file: RescueFile, by) -> Outcome:
    """Hand every item of the file to ``take_in_items`` in batches of fifty; what is here already changes nothing.

    Refused for a file of another event and for a tablet that the event does not know; nothing is taken in then.
    Whatever the state of event or tablet: what comes late is held, never refused.
    """
    if file.event != event.pk:
        raise Refusal(OTHER_EVENT)
    device = event.devices.select_related("event").filter(pk=file.device).first()
    if device is None:
        raise Refusal(UNKNOWN_DEVICE)
    results = []
    for start in range(0, len(file.items), BATCH):
        batch = file.items[start : start + BATCH]
        results += take_in_items(batch, device=device, via="rescue", by=by, sent_at_device=None)
    counted = Counter(result.status for result in results)
    codes = dict.fromkeys(code for result in results if result.status == RETRY for code in result.codes)
    device.refresh_from_db()
    return Outcome(
        device=device,
        counts={status: counted[status] for status in WORDS if counted[status]},
        reasons=[MESSAGES[code] for code in codes if code in MESSAGES],
        damaged=file.damaged,
        missing=missing_seqs(device, file.next_seq),
    )
