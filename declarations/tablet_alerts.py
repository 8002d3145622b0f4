"""PURE: what about a tablet needs a hand, in words that say what to do (KIOSK.md §12 "Event-day board").

Red is for what may cost signatures; amber for what will trouble somebody soon. Being offline is normal and neither.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from regions.wording import clock, number

RED, AMBER = "danger", "waiting"

IN_CONTACT = timedelta(minutes=2)  # a visible tablet reports every half minute
SILENT_AFTER_CLOSING = timedelta(minutes=30)
STUCK = timedelta(minutes=15)
LARGEST_OFFSET = timedelta(minutes=2)
LEAST_FREE_MB = 500
SHOWN_SPANS = 6


@dataclass(frozen=True)
class Facts:
    """One tablet as the server sees it at ``now``; ``missing`` are the record numbers that should be here and are not.

    ``offset_ms`` is server − device; ``closed_at`` when signing ended; ``waiting`` what it reported as pending and has
    not arrived since.
    """

    now: datetime
    zone: str
    contact: datetime | None = None
    closed_at: datetime | None = None
    waiting: int = 0
    pending: int = 0
    oldest_pending_at: datetime | None = None
    missing: Sequence[int] = ()
    chain_broken_at: int | None = None
    bad_signatures: int = 0
    lost: int = 0
    unknown_key: int = 0
    offset_ms: int = 0
    persisted: bool | None = None
    free_mb: int | None = None
    is_old_app: bool = False
    may_hand_in: bool = True

    @property
    def in_contact(self) -> bool:
        return self.contact is not None and self.now - self.contact <= IN_CONTACT


class Alert(NamedTuple):
    key: str
    tone: str
    text: str


def alerts_of(facts: Facts) -> list[Alert]:
    """Red ones first, each at most once; empty when nothing has to be done."""
    red = [Alert(rule.__name__, RED, text) for rule in RED_RULES for text in rule(facts)]
    if not facts.may_hand_in:  # nobody can mend a tablet that has left
        return red
    return red + [Alert(rule.__name__, AMBER, text) for rule in AMBER_RULES for text in rule(facts)]


def spans(numbers: Sequence[int]) -> str:
    """ "12–14, 20": ascending numbers for people; a long list ends with how many more there are."""
    found: list[list[int]] = []
    for each in numbers:
        if found and each == found[-1][1] + 1:
            found[-1][1] = each
        else:
            found.append([each, each])
    shown = [f"{first}–{last}" if last > first else str(first) for first, last in found[:SHOWN_SPANS]]
    more = sum(last - first + 1 for first, last in found[SHOWN_SPANS:])
    return ", ".join(shown) + (f", dan {number(more)} lainnya" if more else "")


# -- red: facts → sentence or nothing ----------------------------------------------------------------------------


def silent_with_queue(facts: Facts) -> Iterator[str]:
    if not facts.waiting or facts.closed_at is None or facts.contact is None:
        return
    if facts.now - max(facts.closed_at, facts.contact) >= SILENT_AFTER_CLOSING:
        yield (
            f"{number(facts.waiting)} catatan belum terkirim dan tablet tidak memberi kabar sejak"
            f" {clock(facts.contact, facts.zone)}. Cari tablet ini, nyalakan di tempat yang ada jaringan, lalu pilih"
            " “Kirim sekarang” di menu petugas."
        )


def missing_numbers(facts: Facts) -> Iterator[str]:
    """Records that were wiped are named by ``lost_storage``."""
    if facts.missing and not facts.pending and not facts.lost:
        yield (
            f"Catatan nomor {spans(facts.missing)} belum diterima, padahal antrean tablet kosong. Jangan lepas tablet."
            " Pilih “Kirim sekarang” di menu petugas; bila tetap kurang, unduh berkas penyelamatnya dan unggah di"
            " halaman ini."
        )


def chain_broken(facts: Facts) -> Iterator[str]:
    if facts.chain_broken_at is not None:
        yield (
            f"Rantai catatan terputus pada nomor {facts.chain_broken_at}. Semua kiriman tetap disimpan. Jangan lepas"
            " tablet; unduh berkas penyelamatnya dan laporkan kepada admin."
        )


def bad_device_signature(facts: Facts) -> Iterator[str]:
    if facts.bad_signatures:
        yield (
            f"{number(facts.bad_signatures)} kiriman tidak ditandatangani dengan kunci tablet ini. Hentikan pemakaian"
            " tablet dan periksa kirimannya pada daftar Perlu ditinjau."
        )


def lost_storage(facts: Facts) -> Iterator[str]:
    if facts.lost:
        yield (
            f"Penyimpanan tablet terhapus: {number(facts.lost)} catatan tidak dapat dikirim lagi. Cocokkan dengan"
            " daftar hadir kertas, lalu mintalah orangnya menandatangani ulang."
        )


def unknown_key(facts: Facts) -> Iterator[str]:
    if facts.unknown_key:
        yield (
            f"{number(facts.unknown_key)} kiriman memakai kunci yang tidak ada di peladen ini. Datanya masih aman di"
            " tablet. Hubungi pengelola peladen untuk memulihkan kunci kegiatan dari cadangan."
        )


# -- amber -------------------------------------------------------------------------------------------------------


def wrong_clock(facts: Facts) -> Iterator[str]:
    offset = timedelta(milliseconds=facts.offset_ms)
    if abs(offset) > LARGEST_OFFSET:
        side = "terlambat" if facts.offset_ms > 0 else "terlalu cepat"
        yield f"Jam tablet {side} {duration(abs(offset))}. Nyalakan tanggal dan jam otomatis di Pengaturan tablet."


def not_persisted(facts: Facts) -> Iterator[str]:
    if facts.persisted is False:
        yield (
            "Peramban belum menjamin penyimpanan tetap. Pasang aplikasi ke layar utama sebelum dipakai, dan kirim"
            " antrean sesering mungkin."
        )


def little_space(facts: Facts) -> Iterator[str]:
    if facts.free_mb is not None and facts.free_mb < LEAST_FREE_MB:
        yield (
            f"Ruang kosong tablet tinggal {number(facts.free_mb)} MB. Hapus foto atau video di tablet; jangan hapus"
            " data peramban."
        )


def old_app(facts: Facts) -> Iterator[str]:
    if facts.is_old_app:
        yield (
            "Aplikasi tablet bukan versi terbaru. Biarkan tablet tersambung di layar sambutan selama satu menit;"
            " pembaruan berjalan sendiri dan tanda tangan tetap dapat dilanjutkan."
        )


def stuck_queue(facts: Facts) -> Iterator[str]:
    oldest = facts.oldest_pending_at
    if facts.waiting and facts.in_contact and oldest and facts.now - oldest > STUCK:
        yield (
            f"Ada catatan yang menunggu kirim sejak {clock(oldest, facts.zone)}, padahal tablet tersambung. Pilih"
            " “Kirim sekarang” di menu petugas."
        )


Rule = Callable[[Facts], Iterator[str]]
RED_RULES: tuple[Rule, ...] = (
    silent_with_queue,
    missing_numbers,
    chain_broken,
    bad_device_signature,
    lost_storage,
    unknown_key,
)
AMBER_RULES: tuple[Rule, ...] = (wrong_clock, not_persisted, little_space, old_app, stuck_queue)


def duration(length: timedelta) -> str:
    """ "3 menit", "2 jam 5 menit", "4 hari": whole units, rounded down."""
    minutes = int(length.total_seconds()) // 60
    if minutes >= 48 * 60:
        return f"{number(minutes // (24 * 60))} hari"
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part
        for part in (f"{hours} jam" if hours else "", f"{rest} menit" if rest or not hours else "")
        if part
    )
