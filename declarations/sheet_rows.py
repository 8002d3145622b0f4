"""Which rows of scanned sheets may stand for a signature on a paper. Reads only."""

from dataclasses import dataclass
from uuid import UUID

from events.models import AttendanceRecord, AttendanceScan, AttendanceSheet, Event
from events.sheets import number_of

from .models import Declaration, SheetSignature, Signatory
from .models.declarations import TOGETHER


@dataclass(frozen=True)
class SheetRow:
    """A row that somebody signed by pen, as the scan says; ``noted`` is the note that counts, if there is one."""

    scan: AttendanceScan
    number: int
    signatory: Signatory
    noted: SheetSignature | None

    @property
    def key(self) -> str:
        """As the form names it."""
        return f"{self.scan.pk}:{self.number}"

    @property
    def may_be_noted(self) -> bool:
        """Not for who was taken off the list: an officer puts the person back first."""
        is_open = self.signatory.outcome in (Signatory.Outcome.PENDING, Signatory.Outcome.ABSENT)
        return self.noted is None and is_open and not self.signatory.attendee.is_withdrawn


def texts_on_sheets(event: Event) -> list[dict]:
    """What a sheet printed now says that its signatures stand for: papers that everybody on the list signs."""
    papers = event.declarations.filter(signing_mode__in=TOGETHER).exclude(state=Declaration.State.VOID)
    papers = papers.select_related("text_version").order_by("order", "created_at")
    return [{"title": paper.title, "sha256": paper.text_version.sha256} for paper in papers]


def rows_of_scans(declaration: Declaration) -> list[SheetRow]:
    """Every signed row of the event's scans that names somebody of this paper, in the order of the sheets."""
    people = {row.attendee_id: row for row in declaration.signatories.current().select_related("attendee")}
    noted = {
        note.signatory_id: note
        for note in SheetSignature.objects.filter(signatory__in=people.values(), withdrawn_at=None)
    }
    found = []
    for scan in scans_of(declaration):
        for number in scan.rows:
            signatory = people.get(person_in(scan.sheet, number))
            if signatory:
                found.append(SheetRow(scan, number, signatory, noted.get(signatory.pk)))
    return found


def scans_of(declaration: Declaration):
    """Scans of sheets on which the text of the paper was named when they were printed."""
    scans = AttendanceScan.objects.filter(sheet__event=declaration.event_id, page=1)
    scans = scans.select_related("sheet__event").order_by("sheet__series", "sheet__number", "uploaded_at")
    digest = declaration.text_version.sha256
    return [scan for scan in scans if digest in {text["sha256"] for text in scan.sheet.texts or []}]


def person_in(sheet: AttendanceSheet, number: int) -> UUID | None:
    key = sheet.rows[number - sheet.first_row] if sheet.first_row <= number <= sheet.last_row else ""
    return UUID(key) if key else None


def hour_of(scan: AttendanceScan, number: int):
    """When the person was there, as the officer wrote it beside the scan; else when the scan came."""
    arrival = AttendanceRecord.objects.filter(client_uuid=number_of(scan.sheet, number)).first()
    return arrival.occurred_at if arrival else scan.uploaded_at
