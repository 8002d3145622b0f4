"""*Kesiapan kegiatan*: what an event still lacks before its next step, each with the place to mend it (EVENTS §2)."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.urls import reverse

from documents import signers
from documents.models import Document

from .models import Event
from .models.events import Mode

BLOCKS, WARNS, ASKS = "blocks", "warns", "asks"
STEPS = ("scheduled", "running", "closed", "archived")


class Issue(NamedTuple):
    """One line of the list: ``blocks`` must be mended, ``warns`` and ``asks`` need a tick.

    ``go_on`` and ``hold`` name the two ways out where the step itself is the question; ``hold`` leads to ``url``.
    """

    text: str
    weight: str = BLOCKS
    url: str = ""
    fix: str = ""
    go_on: str = ""
    hold: str = ""

    @property
    def blocks(self) -> bool:
        return self.weight == BLOCKS

    @property
    def tone(self) -> str:
        return "danger" if self.blocks else "waiting"

    @property
    def label(self) -> str:
        return {BLOCKS: "Harus dilengkapi", WARNS: "Perlu diperhatikan", ASKS: "Perlu keputusan"}[self.weight]


Check = Callable[[Event], Iterable[Issue]]
CHECKS: dict[str, list[Check]] = {step: [] for step in STEPS}


def register(step: str, check: Check) -> Check:
    """Ask ``check(event)`` before the event may become ``step``; rooms above register in AppConfig.ready()."""
    if step not in CHECKS:
        raise ValueError(f"no such step: {step}")
    if check not in CHECKS[step]:
        CHECKS[step].append(check)
    return check


def issues(event: Event, step: str) -> list[Issue]:
    """Everything that speaks against the step, what blocks first. An unknown step is a KeyError."""
    found = [issue for check in CHECKS[step] for issue in check(event)]
    return sorted(found, key=lambda issue: (BLOCKS, WARNS, ASKS).index(issue.weight))


def has_date_and_hour(event: Event) -> Iterator[Issue]:
    if event.starts_at is None:
        yield Issue("Tanggal, jam, dan zona waktu belum diisi.", BLOCKS, _edit(event), "Isi waktu")


def has_place(event: Event) -> Iterator[Issue]:
    """Each site where there are sites, otherwise the event itself."""
    sites = list(event.sites.all())
    if not sites and not _can_be_found(event):
        yield Issue("Tempat atau tautan pertemuan belum diisi.", BLOCKS, _edit(event), "Isi tempat")
    for site in sites:
        if not _can_be_found(site):
            text = f"Tempat atau tautan pertemuan lokasi {site.name} belum diisi."
            yield Issue(text, BLOCKS, reverse("events:site_edit", args=[event.code, site.pk]), "Isi tempat")


def has_election(event: Event) -> Iterator[Issue]:
    if not event.elections.exists():
        yield Issue(
            "Pemilu atau Pemilihan belum dipilih.", BLOCKS, _edit(event), "Pilih Pemilu atau Pemilihan"
        )


def has_attendees(event: Event) -> Iterator[Issue]:
    if not event.open_invitation and not event.attendees.expected().exists():
        yield Issue(
            "Belum ada peserta.", BLOCKS, reverse("events:generate", args=[event.code]), "Isi peserta"
        )


def attendees_have_categories(event: Event) -> Iterator[Issue]:
    without = event.attendees.expected().filter(category="").count()
    if without:
        url = reverse("events:attendees", args=[event.code]) + "?unsur=kosong"
        yield Issue(f"{without} peserta belum memiliki unsur.", WARNS, url, "Lihat peserta")


def has_letterhead(event: Event) -> Iterator[Issue]:
    if missing := event.office.missing_letterhead:
        url = reverse("accounts:letterhead", args=[event.office_id])
        yield Issue(f"Kop surat belum lengkap: {', '.join(missing)}.", WARNS, url, "Lengkapi kop surat")


def sites_have_officers(event: Event) -> Iterator[Issue]:
    for site in event.sites.all():
        if not site.officer_name:
            url = reverse("events:site_edit", args=[event.code, site.pk])
            yield Issue(f"Lokasi {site.name} belum memiliki petugas.", WARNS, url, "Isi petugas")


def papers_are_finished(event: Event) -> Iterator[Issue]:
    unfinished = Document.objects.filter(event_code=event.code, state__in=Document.UNSEALED_STATES).count()
    if unfinished:
        text = f"{unfinished} dokumen masih dibuat atau menunggu segel."
        yield Issue(text, BLOCKS, reverse("documents:queue"), "Lihat antrean")


def seal_works(event: Event) -> Iterator[Issue]:
    """A test seal: nobody should sign for a seal that will not come."""
    url = reverse("documents:office_seal", args=[event.office_id])
    if problem := signers.try_signer(event.office):
        yield Issue(f"Segel uji gagal. {problem}", WARNS, url, "Lihat segel kantor")
    elif warning := signers.status(event.office).warning:
        yield Issue(warning, WARNS, url, "Lihat segel kantor")


def _can_be_found(place) -> bool:
    """An event or a site says where to go: a venue, a meeting link, or (hibrida) one of them."""
    if place.mode == Mode.ONSITE:
        return bool(place.venue)
    if place.mode == Mode.REMOTE:
        return bool(place.meeting_link)
    return bool(place.venue or place.meeting_link)


def _edit(event: Event) -> str:
    return reverse("events:edit", args=[event.code])


for _check in (
    has_date_and_hour,
    has_place,
    has_election,
    has_attendees,
    attendees_have_categories,
    has_letterhead,
):
    register("scheduled", _check)
register("running", sites_have_officers)
register("running", seal_works)
register("closed", seal_works)
register("archived", papers_are_finished)
