"""What signing and sealing hang into the rooms below; called once by AppConfig.ready()."""

from accounts.audit import register_verbs
from documents.ahead import CANDIDATES
from documents.verification import register_checker
from events import devices, dossier_paper, issuing, paper_kinds, sheets
from events.models import DeviceHeartbeat, Event

from . import (
    activity_report,
    ahead,
    evidence_check,
    evidence_file,
    recap_paper,
    record_paper,
    sealing,
    sheet_rows,
    signing,
)
from .kiosk_chain import missing_seqs
from .models import Declaration, Signature

VERBS = {
    "declaration.enrolled": "menyusun daftar penanda tangan",
    "declaration.opened": "membuka penandatanganan",
    "declaration.closed": "menutup penandatanganan",
    "declaration.read": "mencatat pembacaan",
    "declaration.sealing": "memulai penyegelan naskah",
    "declaration.sealed": "menyelesaikan penyegelan naskah",
    "declaration.sealing_taken_back": "menarik naskah dari penyegelan",
    "declaration.voided": "mencabut naskah",
    "signatory.marked": "mencatat keterangan penanda tangan",
    "signature.received": "menerima tanda tangan",
    "signature.reviewed": "meninjau tanda tangan",
    "signature.noted_from_sheet": "mencatat tanda tangan di lembar kertas",
    "signature.sheet_note_withdrawn": "menarik catatan tanda tangan di lembar kertas",
    "signature.replaced": "mengganti tanda tangan yang berlaku",
    "kiosk.items_received": "menyerahkan kiriman",
    "inbox.settled": "menyelesaikan kiriman tak terbaca",
    "kiosk.item_decided": "memutuskan kiriman",
    "signatory.name_corrected": "memperbaiki nama penanda tangan",
}


def tablets_left_questions(event: Event) -> bool:
    """Sealed bytes nobody could read, a record of a tablet nobody has decided about, or one that a tablet is known to
    have made and that may still come by rescue file: the event key is needed."""
    undecided = Signature.objects.to_review().filter(declaration__event=event, device__isnull=False)
    return event.kiosk_items.open_quarantine().exists() or undecided.exists() or _misses_records(event)


def _misses_records(event: Event) -> bool:
    reports = DeviceHeartbeat.objects.filter(device__event=event).select_related("device")
    return any(missing_seqs(report.device, report.next_seq) for report in reports)


def unsealed_papers(event: Event) -> list[str]:
    """Promises of the event that are signed or to be signed and not sealed, in words."""
    ended = (Declaration.State.SEALED, Declaration.State.VOID)
    open_ones = event.declarations.exclude(state__in=ended).select_related("text_version__pledge_text")
    return [f"{paper} belum disegel ({paper.get_state_display().lower()})." for paper in open_ones]


def register_all() -> None:
    register_verbs(VERBS)
    if tablets_left_questions not in devices.KEY_NEEDED:
        devices.KEY_NEEDED.append(tablets_left_questions)
    if unsealed_papers not in dossier_paper.UNFINISHED:
        dossier_paper.UNFINISHED.append(unsealed_papers)
    if ahead.candidates not in CANDIDATES:
        CANDIDATES.append(ahead.candidates)
    for paper in (record_paper.PAPER, activity_report.PAPER, recap_paper.PAPER):
        paper_kinds.register(paper)
    issuing.register_papers()
    if sheet_rows.texts_on_sheets not in sheets.TEXTS:
        sheets.TEXTS.append(sheet_rows.texts_on_sheets)
    signing.register_hooks()
    sealing.register_papers()
    register_checker(evidence_file.SCHEMA, evidence_check.judge)
