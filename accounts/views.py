from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from . import offices, staff, tokens
from .access import current_offices, get_visible, may, offices_where, require
from .filters import OfficeFilter
from .forms import (
    LetterheadForm,
    MemberForm,
    MembershipForm,
    NewOfficeForm,
    TokenForm,
    add_refusal,
)
from .log import LogFilterForm, by_day
from .models import ApiToken, AuditEntry, Membership, Office
from .refusals import Refusal
from .roles import Permission, roles_in_words
from .tables import OfficeTable

ENTRIES_PER_PAGE = 50


@require_GET
def own_office(request):
    """Kantor saya: the office of the first membership, or what to do without one."""
    office = current_offices(request.user).first()
    if office is None:
        return render(request, "accounts/no_office.html")
    return _office_page(request, office)


@require_GET
def office_detail(request, pk):
    return _office_page(
        request, get_visible(Office.objects.select_related("region", "parent"), request.user, pk=pk)
    )


def _office_page(request, office):
    members = list(office.memberships.in_order())
    return render(
        request,
        "accounts/office.html",
        {
            "office": office,
            "members": [each for each in members if each.is_active],
            "former_members": [each for each in members if not each.is_active],
            "roles": roles_in_words(),
            "others": [each for each in current_offices(request.user) if each != office],
            "may_manage_office": may(request.user, Permission.OFFICE_MANAGE, office),
            "may_manage_users": may(request.user, Permission.USER_MANAGE, office),
            "may_view_log": may(request.user, Permission.AUDIT_VIEW, office),
        },
    )


@require_GET
def office_list(request):
    """Offices that the user administers, with the number of people who work there."""
    chosen, table = listed_offices(request)
    own = [
        each
        for each in current_offices(request.user)
        if may(request.user, Permission.OFFICE_MANAGE, each).allowed
    ]
    context = {
        "table": table,
        "filter": chosen,
        "is_filtered": chosen.is_filtered,
        "parent": own[0] if own else None,
    }
    return render(request, "accounts/offices.html", context)


def listed_offices(request, *, paginate=True):
    """(filter, table) of the offices the user administers; PermissionDenied without any."""
    managed = offices_where(request.user, Permission.OFFICE_MANAGE)
    found = managed.select_related("region").with_staff_count().order_by("region_id", "name", "pk")
    chosen = OfficeFilter(request.GET, queryset=found)
    table = OfficeTable(chosen.qs)
    pages = {"per_page": ENTRIES_PER_PAGE} if paginate else False
    RequestConfig(request, paginate=pages).configure(table)
    if not len(table.rows) and not request.user.is_superuser and not managed.exists():
        raise PermissionDenied("Hanya administrator yang dapat membuka daftar kantor.")
    return chosen, table


@require_http_methods(["GET", "POST"])
def new_office(request, pk):
    """Daftarkan kantor di bawah kantor ini."""
    parent = _managed_office(request, pk, Permission.OFFICE_MANAGE)
    form = NewOfficeForm(_posted(request), parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            office = form.save(by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, f"{office} terdaftar. Tugaskan administrator atau penyelenggaranya sekarang."
            )
            return redirect("accounts:office_detail", office.pk)
    return render(request, "accounts/new_office.html", {"office": parent, "form": form})


@require_http_methods(["GET", "POST"])
def letterhead(request, pk):
    office = _managed_office(request, pk, Permission.OFFICE_MANAGE)
    form = LetterheadForm(_posted(request), request.FILES or None, instance=office)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, "Data kantor tersimpan.")
        return redirect("accounts:office_detail", pk)
    return render(request, "accounts/letterhead.html", {"office": office, "form": form})


@require_GET
def logo(request, pk):
    """The private picture, streamed after the check."""
    office = get_visible(Office.objects.all(), request.user, pk=pk)
    if not office.logo:
        raise Http404("Tidak ditemukan.")
    response = FileResponse(office.logo.open("rb"), content_type="image/png")
    response["Cache-Control"] = "private, max-age=300"
    return response


@require_POST
def remove_logo(request, pk):
    office = _managed_office(request, pk, Permission.OFFICE_MANAGE)
    offices.remove_logo(office=office, by=request.user)
    messages.success(request, "Logo dihapus dari kop surat.")
    return redirect("accounts:letterhead", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def add_member(request, pk):
    """The one-time password is on the page that answers the POST, and nowhere else."""
    office = _managed_office(request, pk, Permission.USER_MANAGE)
    form = MemberForm(_posted(request), office=office)
    if request.method == "POST" and form.is_valid():
        try:
            added = form.save(by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            context = {"office": office, "membership": added.membership, "password": added.one_time_password}
            return render(request, "accounts/member_added.html", context)
    return render(
        request, "accounts/add_member.html", {"office": office, "form": form, "roles": roles_in_words()}
    )


@require_http_methods(["GET", "POST"])
def change_membership(request, pk):
    """Perpanjang masa tugas atau ganti peran."""
    membership = _managed_membership(request, pk)
    office = membership.office
    form = MembershipForm(_posted(request), membership=membership)
    if request.method == "POST" and form.is_valid():
        try:
            changed = form.save(by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, f"Penugasan {changed.user} sebagai {changed.get_role_display()} tersimpan."
            )
            return redirect("accounts:office_detail", office.pk)
    context = {"office": office, "membership": membership, "form": form, "roles": roles_in_words()}
    return render(request, "accounts/change_membership.html", context)


@require_http_methods(["GET", "POST"])
def end_membership(request, pk):
    membership = _managed_membership(request, pk)
    if request.method == "POST":
        staff.end_membership(membership=membership, by=request.user)
        messages.success(request, f"Penugasan {membership.user} berakhir.")
        return redirect("accounts:office_detail", membership.office_id)
    return render(
        request, "accounts/end_membership.html", {"membership": membership, "office": membership.office}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def renew_password(request, pk):
    membership = _managed_membership(request, pk)
    context = {"membership": membership, "office": membership.office}
    if request.method == "POST":
        context["password"] = staff.renew_password(membership=membership, by=request.user)
        return render(request, "accounts/member_added.html", context)
    return render(request, "accounts/renew_password.html", context)


@require_GET
def own_log(request):
    office = current_offices(request.user).first()
    if office is None:
        return render(request, "accounts/no_office.html")
    return redirect("accounts:office_log", office.pk)


@require_GET
def office_log(request, pk):
    """What was done in the name of the office, newest first, as sentences."""
    office = _managed_office(request, pk, Permission.AUDIT_VIEW)
    form = LogFilterForm(request.GET, entries=AuditEntry.objects.of(office), zone=office.time_zone)
    page = Paginator(form.found, ENTRIES_PER_PAGE).get_page(request.GET.get("hal"))
    days = by_day(page, office.time_zone)
    return render(request, "accounts/log.html", {"office": office, "form": form, "page": page, "days": days})


@require_GET
def token_list(request):
    own = ApiToken.objects.filter(user=request.user)
    return render(request, "accounts/tokens.html", {"tokens": own})


@never_cache
@require_http_methods(["GET", "POST"])
def new_token(request):
    form = TokenForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        issued = form.save(user=request.user)
        return render(request, "accounts/token_issued.html", {"token": issued.token, "secret": issued.secret})
    return render(request, "accounts/new_token.html", {"form": form})


@require_POST
def revoke_token(request, pk):
    token = get_object_or_404(ApiToken, pk=pk, user=request.user)
    tokens.revoke_token(token=token, by=request.user)
    messages.success(request, f"Token {token.name} dicabut.")
    return redirect("accounts:tokens")


def _posted(request):
    """An empty POST is an answer too, and a wrong one."""
    return request.POST if request.method == "POST" else None


def _managed_office(request, pk, permission):
    """404 for an office out of reach, 403 with the reason for a missing right."""
    office = get_visible(Office.objects.select_related("region", "parent"), request.user, pk=pk)
    require(request.user, permission, office)
    return office


def _managed_membership(request, pk):
    membership = get_visible(Membership.objects.select_related("user", "office__region"), request.user, pk=pk)
    require(request.user, Permission.USER_MANAGE, membership.office)
    return membership
