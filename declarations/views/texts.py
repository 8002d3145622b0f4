from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from accounts.access import offices_where
from accounts.refusals import Refusal
from accounts.roles import Permission

from .. import texts as deeds
from ..access import get_text, get_version, may_with_text, text_office
from ..forms import ApprovalForm, FillForm, LegalBasisFilter, TextFilter, TextForm
from ..legal import is_in_force
from ..models import LegalBasis, PledgeText
from ..tables import LegalBasisTable, TextTable
from .asked import day_named, posted

PAGE = 30


@require_GET
def texts(request):
    """Reference texts and those of the offices the user knows."""
    form, table = listed_texts(request, paginate={"per_page": PAGE})
    may_write = offices_where(request.user, Permission.TEXT_EDIT).exists()
    return render(
        request,
        "declarations/texts/texts.html",
        {
            "form": form,
            "table": table,
            "may_write": may_write,
            "is_filtered": form.is_filtered,
        },
    )


def listed_texts(request, paginate):
    """The filter and the sorted table of the texts, for the page and for its file."""
    form = TextFilter(request.GET)
    found = form.filter(
        PledgeText.objects.visible_to(request.user, Permission.TEXT_VIEW).select_related("office")
    )
    table = TextTable(found.with_newest())
    RequestConfig(request, paginate=paginate).configure(table)
    return form, table


@require_GET
def text(request, key):
    """One text: its versions, the newest one and how it differs from its reference."""
    found = get_text(request, key)
    versions = list(found.versions.select_related("reference__pledge_text", "published_by", "approved_by"))
    for version in versions:
        version.pledge_text = found
    newest = versions[0] if versions else None
    context = {"text": found, "versions": versions, "newest": newest}
    if newest:
        context |= {"base": deeds.base_of(newest), "differences": deeds.differences(newest)}
    return render(request, "declarations/texts/text.html", context)


@require_http_methods(["GET", "POST"])
def text_create(request):
    office = text_office(request)
    form = TextForm(posted(request), office=office, by=request.user)
    if request.method == "POST" and (version := form.saved()):
        messages.success(request, "Draf naskah tersimpan. Periksa bunyinya, lalu terbitkan.")
        return redirect(version)
    return render(request, "declarations/texts/text_create.html", {"form": form, "office": office})


@require_GET
def version(request, pk):
    """The text as it will be read, its hash, its bases on a day, and what can be done with it."""
    found = get_version(request, pk)
    day = day_named(request)
    bases = [(basis, is_in_force(basis, day)) for basis in found.legal_bases.select_related("superseded_by")]
    return render(
        request,
        "declarations/texts/version.html",
        {
            "version": found,
            "text": found.pledge_text,
            "bases": bases,
            "day": day,
            "base": deeds.base_of(found),
            "differences": deeds.differences(found),
            "unpublishable": deeds.unpublishable(found) if found.is_draft else [],
            "may_edit": may_with_text(request.user, Permission.TEXT_EDIT, found.pledge_text),
            "may_approve": may_with_text(request.user, Permission.TEXT_APPROVE, found.pledge_text),
            "offices": list(offices_where(request.user, Permission.TEXT_EDIT)),
        },
    )


@require_POST
def version_copy(request, pk):
    found = get_version(request, pk)
    draft = deeds.copy_version(version=found, office=text_office(request), by=request.user)
    messages.success(request, "Salinan siap diubah. Versi asalnya tetap seperti semula.")
    return redirect("declarations:version_edit", draft.pk)


@require_http_methods(["GET", "POST"])
def version_edit(request, pk):
    found = get_version(request, pk, Permission.TEXT_EDIT)
    if not found.is_draft:
        raise Refusal(deeds.FROZEN)
    form = TextForm(posted(request), office=found.office, by=request.user, version=found)
    if request.method == "POST" and form.saved():
        messages.success(request, "Draf naskah tersimpan.")
        return redirect(found)
    return render(request, "declarations/texts/version_edit.html", {"form": form, "version": found})


@require_http_methods(["GET", "POST"])
def version_fill(request, pk):
    """Fill {tahun} and the like; the office gets a version of its own."""
    found = get_version(request, pk)
    office = text_office(request)
    form = FillForm(posted(request), version=found, office=office, by=request.user)
    if request.method == "POST" and (made := form.saved()):
        messages.success(request, "Isian dilengkapi. Naskah kantor siap dipakai.")
        return redirect(made)
    return render(
        request, "declarations/texts/version_fill.html", {"form": form, "version": found, "office": office}
    )


@require_POST
def version_publish(request, pk):
    found = get_version(request, pk, Permission.TEXT_EDIT)
    published = deeds.publish_version(version=found, by=request.user)
    messages.success(request, published.state_note)
    return redirect(published)


@require_http_methods(["GET", "POST"])
def version_approve(request, pk):
    """The supervisor reads the text beside its reference and says yes, with a note."""
    found = get_version(request, pk, Permission.TEXT_APPROVE)
    form = ApprovalForm(posted(request), version=found, by=request.user)
    if request.method == "POST" and (approved := form.saved()):
        messages.success(request, "Naskah disetujui.")
        return redirect(approved)
    context = {
        "form": form,
        "version": found,
        "base": deeds.base_of(found),
        "differences": deeds.differences(found),
        "unconfirmed": list(found.legal_bases.filter(confirmed=False)),
    }
    return render(request, "declarations/texts/version_approve.html", context)


@require_GET
def legal_bases(request):
    """All legal bases with the days on which they may be printed."""
    form, table, day = listed_bases(request)
    context = {
        "form": form,
        "table": table,
        "day": day,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "declarations/texts/legal_bases.html", context)


def listed_bases(request):
    """The filter, the sorted table of the legal bases, and the day they are judged by; there are some dozens."""
    day = day_named(request)
    form = LegalBasisFilter({**request.GET.dict(), "tanggal": day.isoformat()})
    table = LegalBasisTable(
        form.filter(LegalBasis.objects.select_related("superseded_by").with_force_on(day))
    )
    RequestConfig(request, paginate=False).configure(table)
    return form, table, day
