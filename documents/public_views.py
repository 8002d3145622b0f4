"""Pages that anybody may open: is this paper the real one? No names, no file, no guessing of tokens."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from . import certificates, inspection, limits, register, revocation
from .forms import HashForm, UploadForm
from .letterhead import in_eights

BUSY = "Terlalu banyak permintaan dari alamat ini. Tunggu satu menit, lalu coba lagi."


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def upload(request):
    if request.method == "POST":
        return _check_file(request)
    form = HashForm(request.GET) if "sidik" in request.GET else HashForm()
    finding = register.look_at_hash(form.cleaned_data["sidik"]) if form.is_bound and form.is_valid() else None
    return _page(request, finding, hash_form=form)


@login_not_required
@never_cache
@require_GET
def paper(request, token):
    if limits.is_over(limits.MISSED_TOKENS):
        return render(request, "documents/busy.html", {"message": BUSY}, status=429)
    document = register.paper_of_token(token)
    if document is None:
        limits.count(limits.MISSED_TOKENS)
        raise Http404("Tidak ditemukan.")
    form = HashForm(request.GET) if "sidik" in request.GET else HashForm()
    if form.is_bound and form.is_valid():
        finding = register.look_at_hash(form.cleaned_data["sidik"], paper=document)
    else:
        finding = register.look_at_paper(document)
    return _page(request, finding, paper=document, hash_form=form)


@login_not_required
@require_GET
def root(request):
    response = HttpResponse(certificates.root_pem(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="akar-netralitas.pem"'
    response["Cache-Control"] = "public, max-age=3600"
    return response


@login_not_required
@require_GET
def revocation_list(request, name):
    """What a checker with network asks for: certificates of this installation that are revoked (akar.crl, penerbit.crl)."""
    found = revocation.published(name)
    if found is None:
        raise Http404("Tidak ditemukan.")
    response = HttpResponse(found, content_type="application/pkix-crl")
    response["Content-Disposition"] = f'attachment; filename="{name}-netralitas.crl"'
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _check_file(request):
    """Without JavaScript the file itself comes here; it is hashed, looked into, and forgotten."""
    if limits.is_over(limits.UPLOADS):
        return render(request, "documents/busy.html", {"message": BUSY}, status=429)
    limits.count(limits.UPLOADS)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, None, upload_form=form, status=422)
    file = form.cleaned_data["berkas"]
    scanned = register.paper_of_token(form.cleaned_data["token"]) if form.cleaned_data["token"] else None
    finding = register.look_at_hash(hashlib.file_digest(file, "sha256").hexdigest(), paper=scanned)
    return _page(request, finding, paper=scanned, inspected=inspection.look_into(file, finding.sha256))


def _page(request, finding, *, paper=None, hash_form=None, upload_form=None, inspected=None, status=200):
    shown = (finding and finding.document) or paper
    return render(
        request,
        "documents/verify.html",
        {
            "finding": finding,
            "paper": paper,
            "shown": shown,
            "facts": register.public_facts(shown) if shown else [],
            "text_digest": in_eights(shown.public.get("text_sha256", "")) if shown else "",
            "digest": in_eights(shown.sha256) if shown else "",
            "main": register.main_of(shown) if shown else None,
            "addenda": register.addenda_of(shown) if shown else [],
            "successor": register.successor_of(shown) if shown else None,
            "hash_form": hash_form or HashForm(),
            "upload_form": upload_form or UploadForm(initial={"token": paper.public_token if paper else ""}),
            "inspected": inspected,
        },
        status=status,
    )
