"""What the papers add to *Kesiapan kegiatan* (EVENTS §2), and the warnings beside one paper (DOMAIN §2.4). Reads only."""

from collections.abc import Iterator

from django.urls import reverse

from events.models import Category, Event, EventPerson
from events.readiness import ASKS, BLOCKS, WARNS, Issue, register
from regions.wording import long_date_no_day

from . import legal
from .coverage import uncovered
from .models import Declaration, LegalBasis, Signatory
from .models.declarations import SigningMode
from .planning import missing_in_parties
from .review import open_questions_of

State = Declaration.State
# Hosts of the event, not people who pledge.
HOSTS = {Category.ELECTION_ORGANIZER, Category.ELECTION_SUPERVISOR}


def legal_concerns(
    declaration: Declaration, bases: dict[str, LegalBasis] | None = None
) -> list[legal.Concern]:
    """Warnings about the bases the paper's text cites, on the day and for the elections of its event."""
    event = declaration.event
    cited = declaration.text_version.legal_bases.all()
    return legal.concerns(
        cited,
        day=event.date,
        election_kinds=[election.kind for election in event.elections.all()],
        register=LegalBasis.objects.in_bulk() if bases is None else bases,
    )


def uncovered_people(event: Event, papers: list[Declaration]) -> list[tuple[str, int]]:
    """(label of the category, people) whom none of these papers speaks for; a two-party paper speaks for its parties."""
    texts = [paper.text_version.applies_to for paper in papers if not paper.is_two_party]
    if not texts:
        return []
    people = event.attendees.expected().exclude(category__in=HOSTS).values_list("category", "position")
    return [(Category(category).label, count) for category, count in uncovered(people, texts).items()]


def uncovered_signatories(declaration: Declaration) -> list[tuple[str, int]]:
    """The same for the people who are on the paper's own list."""
    if declaration.is_two_party:
        return []
    people = declaration.signatories.current().values_list("category", "position")
    found = uncovered(people, [declaration.text_version.applies_to])
    return [(Category(category).label, count) for category, count in found.items()]


# -- checks: (event) → issues ------------------------------------------------------------------------------------


def has_a_paper(event: Event) -> Iterator[Issue]:
    if not event.declarations.exists():
        url = reverse("declarations:declaration_add", args=[event.code])
        yield Issue("Naskah belum dipilih.", BLOCKS, url, "Tambah naskah")


def texts_are_approved(event: Event) -> Iterator[Issue]:
    for paper in _papers(event):
        if not paper.text_version.is_approved:
            text = f"Naskah belum disetujui: {paper.title}."
            yield Issue(text, BLOCKS, paper.text_version.get_absolute_url(), "Lihat naskah")


def parties_are_complete(event: Event) -> Iterator[Issue]:
    for paper in _papers(event).filter(signing_mode=SigningMode.TWO_PARTY).prefetch_related("parties"):
        if missing_in_parties(paper):
            url = reverse("declarations:parties", args=[paper.pk])
            yield Issue("Pihak Kesatu dan Pihak Kedua belum lengkap.", BLOCKS, url, "Isi para pihak")


def numbers_are_reserved(event: Event) -> Iterator[Issue]:
    """Only where the office has a code for its numbers; without one the letterhead is named as incomplete."""
    if not event.office.letter_code:
        return
    for paper in _papers(event).filter(number=""):
        text = f"Nomor surat belum dipesan: {paper.title}."
        yield Issue(text, WARNS, f"{paper.get_absolute_url()}#nomor", "Pesan nomor")


def dates_agree(event: Event) -> Iterator[Issue]:
    for paper in _papers(event):
        if paper.date and event.date and paper.date != event.date:
            text = (
                f"Tanggal naskah ({long_date_no_day(paper.date)}) berbeda dengan tanggal kegiatan "
                f"({long_date_no_day(event.date)})."
            )
            url = reverse("declarations:declaration_edit", args=[paper.pk])
            yield Issue(text, WARNS, url, "Ubah tanggal naskah")


def bases_may_be_printed(event: Event) -> Iterator[Issue]:
    bases = LegalBasis.objects.in_bulk()
    for paper in _papers(event).prefetch_related("text_version__legal_bases"):
        paper.event = event
        for concern in legal_concerns(paper, bases):
            yield Issue(concern.text, WARNS, paper.get_absolute_url(), "Periksa dasar hukum")


def categories_are_covered(event: Event) -> Iterator[Issue]:
    for label, count in uncovered_people(event, list(_papers(event))):
        text = f"Unsur {label} ({count} orang) tidak tercakup naskah mana pun."
        url = reverse("declarations:declaration_add", args=[event.code])
        yield Issue(text, WARNS, url, "Tambah naskah")


def reader_is_named(event: Event) -> Iterator[Issue]:
    if event.people.filter(role=EventPerson.Role.READER).exists():
        return
    for paper in _papers(event):
        if paper.is_read_aloud and not paper.read_by_name:
            url = reverse("events:people", args=[event.code])
            yield Issue("Pembaca ikrar belum ditentukan.", WARNS, url, "Isi petugas")


def papers_were_opened(event: Event) -> Iterator[Issue]:
    for paper in _papers(event).filter(state=State.DRAFT):
        text = f"Naskah belum dibuka untuk ditandatangani: {paper.title}."
        yield Issue(text, WARNS, paper.get_absolute_url(), "Buka naskah")


def reading_is_recorded(event: Event) -> Iterator[Issue]:
    for paper in _papers(event):
        if paper.is_read_aloud and paper.read_at is None:
            url = reverse("declarations:reading", args=[paper.pk])
            yield Issue("Waktu pembacaan ikrar belum dicatat.", WARNS, url, "Catat pembacaan")


def review_list_is_empty(event: Event) -> Iterator[Issue]:
    if waiting := open_questions_of(event):
        url = reverse("declarations:event_review", args=[event.code])
        yield Issue(f"{waiting} data perlu ditinjau.", WARNS, url, "Tinjau")


def everybody_has_an_outcome(event: Event) -> Iterator[Issue]:
    pending = Signatory.objects.filter(declaration__event=event).current().pending()
    if count := pending.values("attendee").distinct().count():
        paper = pending.select_related("declaration").first().declaration
        url = f"{reverse('declarations:signatories', args=[paper.pk])}?keterangan=pending"
        yield Issue(
            f"{count} orang belum memiliki keterangan. Tandai tidak hadir?", ASKS, url, "Lihat daftar"
        )


def papers_are_sealed(event: Event) -> Iterator[Issue]:
    unsealed = list(_papers(event).unsealed())
    if unsealed:
        text = f"{len(unsealed)} naskah belum disegel."
        yield Issue(text, BLOCKS, unsealed[0].get_absolute_url(), "Segel naskah")


def register_all() -> None:
    """Called once by the app; the order is the order of the list."""
    checks = {
        "scheduled": [
            has_a_paper,
            texts_are_approved,
            parties_are_complete,
            numbers_are_reserved,
            dates_agree,
            bases_may_be_printed,
            categories_are_covered,
        ],
        "running": [reader_is_named],
        "closed": [papers_were_opened, reading_is_recorded, review_list_is_empty, everybody_has_an_outcome],
        "archived": [papers_are_sealed],
    }
    for step, registered in checks.items():
        for check in registered:
            register(step, check)


def _papers(event: Event):
    return event.declarations.exclude(state=State.VOID).select_related("text_version__pledge_text")
