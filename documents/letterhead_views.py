"""Fragments: the letterhead and the next letter number as they would be printed, while they are typed. Nothing is stored."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import logos
from accounts.access import get_visible, require
from accounts.forms import LetterheadForm
from accounts.models import Office
from accounts.roles import Permission

from .letterhead import LOGO_PIXELS, letterhead_of
from .numbering import next_sequence, render_number
from .pdf import image_uri

SAMPLE_CLASS = "PM.00.02"
NO_CODE = "Isi kode surat untuk melihat contoh nomor."


@require_POST
def letterhead_preview(request, pk):
    """A field that is wrong shows what is stored; the form itself says what is wrong when it is sent."""
    office = _managed_office(request, pk)
    form = LetterheadForm(request.POST, instance=office)
    form.is_valid()
    typed = form.instance
    context = {
        "letterhead": letterhead_of(typed),
        "paper": typed.paper_size,
        "paper_label": typed.get_paper_size_display(),
        "problems": form.errors.get("number_template", []),
        "number": "" if "number_template" in form.errors else _next_number(typed),
        "hint": "" if typed.letter_code else NO_CODE,
        "chair": (typed.chair_position, typed.chair_name),
    }
    return render(request, "documents/_letterhead_preview.html", context)


@require_POST
def logo_preview(request, pk):
    """The chosen picture as it would be kept, or what is wrong with it."""
    _managed_office(request, pk)
    upload, context = request.FILES.get("logo_file"), {}
    if upload is not None:
        try:
            context["logo"] = image_uri(_clean(upload), max_pixels=LOGO_PIXELS)
        except ValueError as problem:
            context["problem"] = str(problem)
    return render(request, "documents/_logo_preview.html", context)


def _clean(upload) -> bytes:
    if upload.size > logos.LARGEST_UPLOAD:
        raise ValueError("Logo terlalu besar: maksimal 2 MB.")
    return logos.clean_logo(upload.read())


def _next_number(office: Office) -> str:
    """Signed by the chair, of today, with the number that comes next in the office's book."""
    today = timezone.localdate()
    return render_number(
        office.number_template,
        sequence=next_sequence(office, today.year),
        date=today,
        classification=SAMPLE_CLASS,
        office_code=office.letter_code or "…",
    )


def _managed_office(request, pk) -> Office:
    office = get_visible(Office.objects.select_related("region"), request.user, pk=pk)
    require(request.user, Permission.OFFICE_MANAGE, office)
    return office
