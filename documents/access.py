"""May this request have this paper? Foreign region: 404. Own region without the right: 403 with the reason."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.access import get_visible, may, offices_where, require
from accounts.roles import Permission

from . import jobs
from .models import Document, Job

NO_ARCHIVE = "Peran Anda tidak mencakup hak membuka dokumen tersegel. Hubungi administrator kantor."


def get_document(request, pk, permission: Permission = Permission.DOCUMENT_VIEW) -> Document:
    papers = Document.objects.select_related("office__region", "supersedes", "amends", "created_by")
    document = get_visible(papers, request.user, pk=pk)
    require(request.user, permission, document.office)
    return document


def documents_of(request):
    """The papers of the user's archive; 403 when no office lets them open one."""
    if not offices_where(request.user, Permission.DOCUMENT_VIEW).exists():
        raise PermissionDenied(NO_ARCHIVE)
    return Document.objects.visible_to(request.user, Permission.DOCUMENT_VIEW).select_related("office")


def get_job(request, pk, permission: Permission = Permission.DECLARATION_SEAL) -> Job:
    job = jobs.find(pk)
    if job is None:
        raise Http404("Tidak ditemukan.")
    get_document(request, job.document_id, permission)
    return job


def seal_answer(user, document: Document):
    """May they revoke the paper or try its job again? With the reason for a disabled button."""
    return may(user, Permission.DECLARATION_SEAL, document.office)
