"""Pages: who is expected. Identity numbers are masked everywhere here."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from accounts import undo
from accounts.roles import Permission

from ..access import get_event, get_of_event, may_edit, may_in_event
from ..attendees import restore_attendee, withdraw_attendee
from ..filters import AttendeeFilter
from ..forms.attendees import AttendeeForm, GenerateForm, UnmaskForm, WithdrawForm
from ..forms.base import posted, saved
from ..suggestions import POSITIONS, ranks
from ..tables import AttendeeTable
from .listing import totals
from .programme import editable

PER_PAGE = 50


@require_GET
def attendees(request, code):
    event = get_event(request, code, Permission.EVENT_VIEW)
    edit = may_edit(request.user, event)
    attendee_filter = AttendeeFilter(request.GET, queryset=event.attendees.in_order())
    rows = attendee_filter.qs.select_related("village", "site")
    unmask = may_in_event(request.user, Permission.IDENTITY_UNMASK, event)
    table = AttendeeTable(rows, event=event, may_edit=edit.allowed, may_unmask=unmask.allowed)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "event": event,
        "section": "attendees",
        "edit": edit,
        "table": table,
        "filter": attendee_filter,
        "is_filtered": attendee_filter.is_filtered,
        "totals": totals(event),
        "export": may_in_event(request.user, Permission.ATTENDEE_EXPORT, event),
    }
    return render(request, "events/attendees.html", context)


@require_http_methods(["GET", "POST"])
def attendee_add(request, code):
    event = editable(request, code)
    form = AttendeeForm(posted(request), event=event)
    if request.method == "POST" and (attendee := saved(form, by=request.user)):
        messages.success(request, f"{attendee.label} ditambahkan.")
        again = "lagi" in request.POST
        return redirect("events:attendee_add" if again else "events:attendees", event.code)
    return attendee_page(request, event, form, "Tambah peserta")


@require_http_methods(["GET", "POST"])
def attendee_edit(request, code, pk):
    event = editable(request, code)
    attendee = get_of_event(event.attendees, pk=pk)
    form = AttendeeForm(posted(request), event=event, instance=attendee)
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(request, f"{attendee.label} disimpan.")
        return redirect("events:attendees", event.code)
    return attendee_page(request, event, form, "Ubah peserta")


@require_http_methods(["GET", "POST"])
def attendee_withdraw(request, code, pk):
    event = editable(request, code)
    attendee = get_of_event(event.attendees.expected(), pk=pk)
    form = WithdrawForm(posted(request))
    if request.method == "POST":
        form.is_valid()
        withdraw_attendee(attendee=attendee, by=request.user, reason=form.cleaned_data.get("reason", ""))
        back = reverse("events:attendee_restore", args=[event.code, attendee.pk])
        undo.offer(request, f"{attendee.label} dikeluarkan dari daftar.", url=back)
        return redirect("events:attendees", event.code)
    context = {"event": event, "section": "attendees", "attendee": attendee, "form": form}
    return render(request, "events/attendee_withdraw.html", context)


@require_http_methods(["GET", "POST"])
def attendee_restore(request, code, pk):
    event = editable(request, code)
    attendee = get_of_event(event.attendees.exclude(withdrawn_at=None), pk=pk)
    if request.method == "POST":
        restore_attendee(attendee=attendee, by=request.user)
        messages.success(request, f"{attendee.label} kembali ke daftar.")
        return redirect("events:attendees", event.code)
    context = {"event": event, "section": "attendees", "attendee": attendee}
    return render(request, "events/attendee_restore.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def attendee_number(request, code, pk):
    """GET asks why; POST shows the number once and leaves an entry in the log; also after the event is closed."""
    event = get_event(request, code, Permission.IDENTITY_UNMASK)
    attendee = get_of_event(event.attendees, pk=pk)
    form = UnmaskForm(posted(request), attendee=attendee)
    number = saved(form, by=request.user) if request.method == "POST" else ""
    context = {
        "event": event,
        "section": "attendees",
        "attendee": attendee,
        "form": form,
        "number": number or "",
    }
    return render(request, "events/attendee_number.html", context)


@require_http_methods(["GET", "POST"])
def generate(request, code):
    """GET shows how many rows each post would add; POST adds them."""
    event = editable(request, code)
    if request.method == "POST":
        form = GenerateForm(request.POST, event=event)
        added = saved(form, by=request.user)
        if added is not None:
            messages.success(request, _added(len(added)))
            return redirect("events:attendees", event.code)
    else:
        form = GenerateForm(request.GET or GenerateForm.defaults(event), event=event)
    preview = form.preview() if form.is_valid() else []
    context = {
        "event": event,
        "section": "attendees",
        "form": form,
        "preview": preview,
        "sum": sum(count for _, count in preview),
        "region": form.cleaned_data.get("region"),
    }
    return render(request, "events/generate.html", context)


def attendee_page(request, event, form, title):
    context = {
        "event": event,
        "section": "attendees",
        "form": form,
        "title": title,
        "ranks": ranks(),
        "positions": POSITIONS,
    }
    return render(request, "events/attendee.html", context)


def _added(count: int) -> str:
    if not count:
        return "Tidak ada yang ditambahkan: semua jabatan itu sudah ada di daftar."
    return f"{count} peserta ditambahkan dari data wilayah."
