"""Pages: what seals the papers of an office, and the officer's signature at the gateway."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import get_visible, may, require
from accounts.forms import add_refusal
from accounts.models import Office
from accounts.refusals import Refusal
from accounts.roles import Permission

from . import seal_settings, signers
from .access import get_document
from .letterhead import in_eights
from .officer_seal import waits_for_officer
from .seal_forms import BackendForm, CertificateForm, OfficerForm


@require_GET
def office_seal(request, pk):
    office = _sealing_office(request, pk)
    status = signers.status(office)
    return render(
        request,
        "documents/office_seal.html",
        {
            "office": office,
            "seal": status,
            "fingerprint": in_eights(status.key.fingerprint) if status.key else "",
            "may_manage": may(request.user, Permission.OFFICE_MANAGE, office),
        },
    )


@require_POST
def test_office_seal(request, pk):
    office = _sealing_office(request, pk)
    problem = seal_settings.run_test_seal(office=office, by=request.user)
    if problem:
        messages.error(request, f"Segel uji gagal. {problem}")
    elif signers.backend_of(office) == signers.Backend.BSRE:
        messages.success(
            request,
            "Layanan BSrE dapat dihubungi. Tanda tangannya sendiri baru terbukti saat pejabat menandatangani.",
        )
    else:
        messages.success(request, "Segel uji berhasil dibuat dan diperiksa. Kantor ini siap menyegel.")
    return redirect("documents:office_seal", pk)


@require_http_methods(["GET", "POST"])
def office_seal_backend(request, pk):
    office = _managed_office(request, pk)
    form = BackendForm(_posted(request), office=office, initial={"backend": signers.backend_of(office)})
    if request.method == "POST" and form.is_valid():
        try:
            setting = form.save(by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Dokumen berikutnya disegel dengan: {setting.get_backend_display()}.")
            return redirect("documents:office_seal", pk)
    return render(request, "documents/office_seal_backend.html", {"office": office, "form": form})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def office_seal_upload(request, pk):
    office = _managed_office(request, pk)
    form = CertificateForm(_posted(request), request.FILES or None, office=office)
    if request.method == "POST" and form.is_valid():
        try:
            key = form.save(by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Sertifikat {key.name} tersimpan dan dipakai untuk menyegel.")
            return redirect("documents:office_seal", pk)
    return render(request, "documents/office_seal_upload.html", {"office": office, "form": form})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def officer_signature(request, pk):
    """What is typed here lives as long as this request; a page that complains comes back empty."""
    document = get_document(request, pk, Permission.DECLARATION_SEAL)
    form = OfficerForm(_posted(request), document=document)
    complaints = []
    if request.method == "POST":
        if form.is_valid():
            try:
                form.save(by=request.user)
            except Refusal as refusal:
                complaints = [refusal.message]
            else:
                messages.success(
                    request, "Dokumen ditandatangani lewat BSrE dan tersimpan sebagai dokumen tersegel."
                )
                return redirect(document)
        else:
            complaints = [message for found in form.errors.values() for message in found]
        form = OfficerForm(document=document)
    document.refresh_from_db()
    return render(
        request,
        "documents/officer_signature.html",
        {
            "document": document,
            "form": form,
            "complaints": dict.fromkeys(complaints),
            "waiting": waits_for_officer(document),
        },
    )


def _posted(request):
    return request.POST if request.method == "POST" else None


def _managed_office(request, pk) -> Office:
    office = get_visible(Office.objects.select_related("region"), request.user, pk=pk)
    require(request.user, Permission.OFFICE_MANAGE, office)
    return office


def _sealing_office(request, pk) -> Office:
    """For who manages the office, and for who seals its papers and must know why it does not work."""
    office = get_visible(Office.objects.select_related("region"), request.user, pk=pk)
    if not may(request.user, Permission.OFFICE_MANAGE, office).allowed:
        require(request.user, Permission.DECLARATION_SEAL, office)
    return office
