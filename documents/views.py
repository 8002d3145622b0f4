from itertools import chain

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from accounts.access import may, offices_where
from accounts.handing_out import chosen_in_words, hand_out_table, own_log
from accounts.models import AuditEntry
from accounts.roles import Permission

from . import jobs, papers, register
from .access import documents_of, get_document, get_job, seal_answer
from .downloads import hand_out, hand_out_all
from .forms import ArchiveFilter, VoidForm
from .letterhead import in_eights
from .models import RenderJob, SealJob, WorkerBeat
from .officer_seal import waits_for_officer
from .tables import ARCHIVE_COLUMNS, ArchiveTable

DOWNLOADS_SHOWN = 10
JOBS_SHOWN = 100


@require_GET
def archive(request):
    documents = documents_of(request).with_trouble()
    chosen = ArchiveFilter(request.GET, documents, request=request)
    table = ArchiveTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    filtered = any(request.GET.get(name) for name in chosen.filters)
    return render(
        request,
        "documents/archive.html",
        {
            "filter": chosen,
            "table": table,
            "filtered": filtered,
            "with_file": chosen.qs.with_file().count(),
            "any": filtered or table.page.paginator.count,
        },
    )


@require_GET
def bundle(request):
    """The papers that the filters of the address choose, as one ZIP; made while it is handed out."""
    chosen = ArchiveFilter(request.GET, documents_of(request), request=request)
    if not chosen.is_valid() or not chosen.qs.with_file().exists():
        messages.error(request, "Tidak ada berkas tersegel yang cocok dengan saringan ini.")
        return redirect(f"{reverse('documents:archive')}?{request.GET.urlencode()}")
    return hand_out_all(chosen.qs, by=request.user, name=f"arsip {request.GET.get('event', '')}")


@require_GET
def archive_export(request, ending):
    """The list itself, for a spreadsheet; the papers are in the ZIP."""
    chosen = ArchiveFilter(request.GET, documents_of(request), request=request)
    table = ArchiveTable(chosen.qs)
    RequestConfig(request, paginate=False).configure(table)
    return hand_out_table(
        title="Arsip dokumen",
        columns=ARCHIVE_COLUMNS,
        rows=[row.record for row in table.rows],
        ending=ending,
        by=request.user,
        target=own_log(request.user),
        about=chosen_in_words(chosen.form),
    )


@require_GET
def detail(request, pk):
    document = get_document(request, pk)
    return render(
        request,
        "documents/detail.html",
        {
            "document": document,
            "kind_label": papers.label(document.kind),
            "digest": in_eights(document.sha256),
            "hashes": document.hashes.all(),
            "revisions": _revisions(document),
            "main": register.main_of(document),
            "addenda": register.addenda_of(document),
            "failed": _failed_job(document),
            "may_seal": seal_answer(request.user, document),
            "needs_officer": waits_for_officer(document),
            "downloads": _downloads(request.user, document),
        },
    )


@require_GET
def download(request, pk):
    document = get_document(request, pk)
    response = hand_out(document, by=request.user)
    if response is None:
        return render(request, "documents/not_ready.html", {"document": document}, status=409)
    return response


@require_http_methods(["GET", "POST"])
def void(request, pk):
    document = get_document(request, pk, Permission.DECLARATION_SEAL)
    form = VoidForm(request.POST or None, document=document)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, "Dokumen dicabut. Halaman verifikasinya kini berbunyi DICABUT.")
        return redirect(document)
    return render(request, "documents/void.html", {"document": document, "form": form})


@require_GET
def queue(request):
    mine = documents_of(request).values("pk")
    pending = [
        model.objects.unfinished()
        .filter(document__in=mine)
        .select_related("document__office__region")
        .order_by("created_at")
        for model in (RenderJob, SealJob)
    ]
    rows = sorted(
        chain(*(found[:JOBS_SHOWN] for found in pending)), key=lambda job: (not job.is_failed, job.created_at)
    )
    context = {
        "jobs": rows,
        "more": sum(found.count() for found in pending) - len(rows),
        "idle": bool(rows) and not WorkerBeat.objects.alive().exists(),
        "may_seal": offices_where(request.user, Permission.DECLARATION_SEAL).values_list("pk", flat=True),
    }
    return render(request, "documents/queue.html", context)


@require_POST
def retry(request, pk):
    job = get_job(request, pk)
    jobs.retry(job=job, by=request.user)
    messages.success(
        request, "Pekerjaan dicoba lagi. Muat ulang halaman ini sesaat lagi untuk melihat hasilnya."
    )
    return redirect("documents:queue")


def _revisions(document):
    """Every paper of the same source that was sealed, newest first; just the chain when there is no source."""
    family = type(document).objects.filter(kind=document.kind, office=document.office).published()
    if document.source:
        return family.filter(source=document.source).order_by("-revision")
    return family.filter(
        pk__in=[document.pk, document.supersedes_id, *document.successors.values_list("pk", flat=True)]
    ).order_by("-revision")


def _failed_job(document):
    return document.renderjobs.failed().first() or document.sealjobs.failed().first()


def _downloads(user, document):
    """Who took the file, for those who may read the audit log; None for the others."""
    if not may(user, Permission.AUDIT_VIEW, document.office).allowed:
        return None
    entries = AuditEntry.objects.filter(
        object_type=document._meta.label_lower, object_id=str(document.pk), verb="document.downloaded"
    )
    return entries.order_by("-at")[:DOWNLOADS_SHOWN]
