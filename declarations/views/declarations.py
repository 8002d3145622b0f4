from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import undo
from accounts.access import Answer
from accounts.roles import Permission
from events.access import get_event
from events.locking import TEMPLATE
from events.models.attendees import CATEGORY_GROUPS, GROUP_OF

from .. import planning, signing
from ..access import get_declaration, may_change, may_edit, may_in_declaration
from ..corrections import is_unprinted
from ..forms import DeclarationForm, PartiesForm, ReadingForm, WitnessForm
from ..models import Declaration, LegalBasis
from ..outcomes import mark_pending_absent
from ..paper_family import ADDENDUM, family, waiting_late
from ..readiness import legal_concerns, uncovered_signatories
from ..reference_data import classifications
from ..review import open_questions
from ..sealing import failed_jobs
from ..sheet_rows import scans_of
from ..signing_window import window_note
from .asked import back_to, posted
from .signatory_list import MARKS, signatory_list

FAILED_SHOWN = 5
SHEETS = 20  # documents listed on the page of a paper; a pakta integritas has one per person
State = Declaration.State
LISTED_STATES = (State.DRAFT, State.OPEN)


@require_http_methods(["GET", "POST"])
def declaration_add(request, code):
    event = get_event(request, code, Permission.DECLARATION_EDIT, even_template=True)
    form = DeclarationForm(posted(request), event=event, by=request.user)
    if request.method == "POST" and (added := form.saved()):
        messages.success(request, "Naskah ditambahkan ke kegiatan.")
        return redirect("declarations:parties", added.pk) if added.is_two_party else redirect(added)
    context = {"form": form, "event": event, "classifications": classifications()}
    return render(request, "declarations/declaration_add.html", context)


@require_GET
def declaration(request, pk):
    """The work place of one paper: what it says, who reads, who signs, and the one next step."""
    found = get_declaration(request, pk, Permission.EVENT_VIEW)
    context = {**_contents(found), **_rights(request.user, found), **_people(request, found)}
    return render(request, "declarations/declaration.html", context)


@require_http_methods(["GET", "POST"])
def declaration_edit(request, pk):
    found = get_declaration(request, pk, Permission.DECLARATION_EDIT)
    form = DeclarationForm(posted(request), event=found.event, by=request.user, declaration=found)
    if request.method == "POST" and form.saved():
        messages.success(request, "Perubahan naskah tersimpan.")
        return redirect(found)
    context = {"form": form, "declaration": found, "classifications": classifications()}
    return render(request, "declarations/declaration_edit.html", context)


@require_POST
def declaration_remove(request, pk):
    found = get_declaration(request, pk, Permission.DECLARATION_EDIT)
    planning.remove_declaration(declaration=found, by=request.user)
    messages.success(request, "Naskah dihapus dari kegiatan.")
    return redirect(found.event)


@require_POST
def number(request, pk):
    found = get_declaration(request, pk, Permission.DECLARATION_EDIT)
    numbered = planning.reserve_paper_number(declaration=found, by=request.user)
    messages.success(request, f"Nomor {numbered.number} dipesan untuk naskah ini.")
    return redirect(found)


@require_POST
def replace_basis(request, pk):
    """One tap: cite the law of the day instead. The paper gets a new version of its text."""
    found = get_declaration(request, pk, Permission.DECLARATION_EDIT)
    known = LegalBasis.objects.in_bulk()
    old, new = (known.get(request.POST.get(name, "")) for name in ("lama", "baru"))
    if old is None or new is None:
        raise Http404("Tidak ditemukan.")
    planning.cite_instead(declaration=found, old=old, new=new, by=request.user)
    messages.success(request, f"Dasar hukum {old} diganti dengan {new}.")
    return redirect(found)


@require_http_methods(["GET", "POST"])
def parties(request, pk):
    found = get_declaration(request, pk, Permission.DECLARATION_EDIT)
    if not found.is_two_party:
        raise Http404("Tidak ditemukan.")
    form = PartiesForm(posted(request), declaration=found, by=request.user)
    if request.method == "POST" and form.saved():
        messages.success(request, "Para pihak tersimpan.")
        return redirect(found)
    return render(request, "declarations/parties.html", {"form": form, "declaration": found})


@require_http_methods(["GET", "POST"])
def witnesses(request, pk):
    found = get_declaration(request, pk, Permission.DECLARATION_EDIT)
    form = WitnessForm(posted(request), declaration=found, by=request.user)
    if request.method == "POST" and form.saved():
        messages.success(request, "Saksi ditambahkan.")
        return redirect("declarations:witnesses", found.pk)
    context = {"form": form, "declaration": found, "witnesses": list(found.witnesses.all())}
    return render(request, "declarations/witnesses.html", context)


@require_POST
def witness_remove(request, pk, witness):
    found = get_declaration(request, pk, Permission.DECLARATION_EDIT)
    row = get_object_or_404(found.witnesses, pk=witness)
    if picture := planning.remove_witness(witness=row, by=request.user):
        url = reverse("declarations:witness_undo", args=[found.pk])
        undo.offer(request, f"{row.name} dihapus dari saksi.", url=url, facts=picture)
    return redirect("declarations:witnesses", found.pk)


@require_POST
def witness_undo(request, pk):
    """Put back the witness this session removed last."""
    found = get_declaration(request, pk, Permission.DECLARATION_EDIT)
    witness = planning.restore_witness(declaration=found, picture=undo.take(request), by=request.user)
    messages.success(request, f"{witness.name} dikembalikan.")
    return redirect("declarations:witnesses", found.pk)


@require_http_methods(["GET", "POST"])
def signatories(request, pk):
    """Everybody on the list, filtered by outcome or name."""
    found = get_declaration(request, pk, Permission.EVENT_VIEW)
    context = {
        "declaration": found,
        "may_correct": _may_correct(request.user, found),
        "may_make_excerpts": _may_make_excerpts(request.user, found),
        **_people(request, found),
    }
    return render(request, "declarations/signatories.html", context)


@require_POST
def enroll(request, pk):
    found = get_declaration(request, pk, Permission.DECLARATION_EDIT)
    done = signing.enroll_signatories(declaration=found, by=request.user)
    text = f"Daftar penanda tangan disusun: {done.added} baru, {done.updated} diperbarui, {done.removed} dihapus."
    messages.success(request, text)
    return redirect(found)


@require_POST
def mark_outcome(request, pk, signatory):
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    row = get_object_or_404(found.signatories.current(), pk=signatory)
    outcome = request.POST.get("keterangan", "")
    if outcome not in dict(MARKS):
        raise Http404("Tidak ditemukan.")
    signing.mark_outcome(signatory=row, outcome=outcome, by=request.user)
    return redirect(back_to(request, found.get_absolute_url()))


@require_POST
def mark_absent(request, pk):
    """Everybody who is still *belum* was not there."""
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    count = mark_pending_absent(declaration=found, by=request.user)
    messages.success(request, f"{count} orang ditandai tidak hadir.")
    return redirect(found)


@require_POST
def open_signing(request, pk):
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    signing.open_signing(declaration=found, by=request.user)
    messages.success(request, "Penandatanganan dibuka.")
    return redirect(found)


@require_POST
def close_signing(request, pk):
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    signing.close_signing(declaration=found, by=request.user)
    messages.success(request, "Penandatanganan ditutup. Periksa keterangan, lalu segel naskah.")
    return redirect(found)


@require_http_methods(["GET", "POST"])
def reading(request, pk):
    found = get_declaration(request, pk, Permission.EVENT_RUN)
    form = ReadingForm(posted(request), declaration=found, by=request.user, now=timezone.now())
    if request.method == "POST" and form.saved():
        messages.success(request, "Pembacaan ikrar dicatat.")
        return redirect(found)
    return render(request, "declarations/reading.html", {"form": form, "declaration": found})


# -- what the pages show -----------------------------------------------------------------------------------------


def _contents(found: Declaration) -> dict:
    """What the paper says, what speaks against it, who stands on it, what became of it."""
    every = family(found).order_by("-revision", "-created_at")
    documents, added = every.exclude(kind=ADDENDUM), every.filter(kind=ADDENDUM)
    return {
        "declaration": found,
        "event": found.event,
        "version": found.text_version,
        "concerns": legal_concerns(found),
        "uncovered": uncovered_signatories(found),
        "parties": list(found.parties.all()),
        "witnesses": list(found.witnesses.all()),
        "groups": _groups(found),
        "documents": documents[:SHEETS],
        "document_count": documents.count(),
        "addenda": added.order_by("source", "revision"),
        "late": waiting_late(found),
        "unprinted_correction": found.is_sealed and is_unprinted(found),
        "window_note": window_note(found, timezone.now()),
        "failed_jobs": failed_jobs(found)[:FAILED_SHOWN] if found.state == State.SEALING else [],
        "to_review": open_questions(found),
        "pending": found.signatories.current().pending().count(),
    }


def _may_note_sheets(user, found: Declaration) -> bool:
    """Sheets came back with signatures, and the paper may still take them."""
    if found.state not in (State.OPEN, State.CLOSED) or not scans_of(found):
        return False
    return may_in_declaration(user, Permission.SIGNATURE_REVIEW, found).allowed


def _rights(user, found: Declaration) -> dict:
    """Which buttons are there, and why the main one cannot be pressed."""
    run = may_in_declaration(user, Permission.EVENT_RUN, found)
    seal = may_in_declaration(user, Permission.DECLARATION_SEAL, found)
    edit = may_edit(user, found)
    return {
        "may_change": may_change(user, found),
        "may_edit": edit,
        "may_run": run,
        "may_seal": seal,
        "may_remove": edit.allowed and found.state == State.DRAFT,
        "may_enroll": edit.allowed and found.state in LISTED_STATES,
        "may_mark_absent": run.allowed and found.state == State.CLOSED,
        "may_note_sheets": _may_note_sheets(user, found),
        "may_correct": _may_correct(user, found),
        "may_make_excerpts": _may_make_excerpts(user, found),
        "may_seal_with_reason": seal.allowed and not found.event.is_archived,
        "action_note": _why_not(found, run, seal),
    }


def _may_make_excerpts(user, found: Declaration) -> bool:
    return found.is_sealed and may_in_declaration(user, Permission.DECLARATION_SEAL, found).allowed


def _may_correct(user, found: Declaration) -> bool:
    """Is the link to a misspelt name shown beside who has signed?"""
    may = may_in_declaration(user, Permission.SIGNATURE_REVIEW, found).allowed
    return may and not found.event.is_archived and found.state not in (State.SEALING, State.VOID)


def _groups(found: Declaration) -> list[tuple[str, int, int]]:
    """(label of the unsur, signed, expected) of each group on the list, in the order of the totals."""
    counted = {}
    rows = found.signatories.current().order_by().values("category")
    for row in rows.annotate(expected=Count("pk"), signed=Count("pk", filter=Q(outcome="signed"))):
        group = GROUP_OF.get(row["category"], "lainnya")
        signed, expected = counted.get(group, (0, 0))
        counted[group] = (signed + row["signed"], expected + row["expected"])
    return [(label, *counted[key]) for key, (label, _) in CATEGORY_GROUPS.items() if key in counted]


def _people(request, found: Declaration) -> dict:
    run = may_in_declaration(request.user, Permission.EVENT_RUN, found)
    return {"may_run": run, **signatory_list(request, found, may_run=run.allowed)}


def _why_not(found: Declaration, run: Answer, seal: Answer) -> str:
    """Why the main action of this state cannot be pressed; empty when it can."""
    if found.event.is_template:
        return TEMPLATE
    if found.state == State.DRAFT and not found.event.is_running:
        return signing.NOT_RUNNING[found.event.state]
    if found.state in LISTED_STATES:
        return run.reason
    return seal.reason if found.state == State.CLOSED else ""
