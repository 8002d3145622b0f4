"""Downloads of the lists of this room: offices, the people and the log of an office."""

from django.views.decorators.http import require_GET

from .access import get_visible, require
from .handing_out import chosen_in_words, hand_out_table, own_log
from .log import LogFilterForm
from .models import AuditEntry, Office
from .roles import Permission
from .sentences import LOG_COLUMNS, sentence_of
from .tables import OFFICE_COLUMNS, STAFF_COLUMNS
from .views import listed_offices


@require_GET
def offices_export(request, ending):
    chosen, table = listed_offices(request, paginate=False)
    return hand_out_table(
        title="Kantor",
        columns=OFFICE_COLUMNS,
        rows=[row.record for row in table.rows],
        ending=ending,
        by=request.user,
        target=own_log(request.user),
        about=chosen_in_words(chosen.form),
    )


@require_GET
def staff_export(request, pk, ending):
    """Everybody who works or worked there, as on the page; mail addresses are for who manages them."""
    office = get_visible(Office.objects.select_related("region", "parent"), request.user, pk=pk)
    require(request.user, Permission.USER_MANAGE, office)
    return hand_out_table(
        title=f"Penugasan {office.name}",
        columns=STAFF_COLUMNS,
        rows=list(office.memberships.in_order()),
        ending=ending,
        by=request.user,
        target=office,
        zone=office.time_zone,
    )


@require_GET
def office_log_export(request, pk, ending):
    office = get_visible(Office.objects.select_related("region", "parent"), request.user, pk=pk)
    require(request.user, Permission.AUDIT_VIEW, office)
    form = LogFilterForm(request.GET, entries=AuditEntry.objects.of(office), zone=office.time_zone)
    return hand_out_table(
        title=f"Log audit {office.name}",
        columns=LOG_COLUMNS,
        rows=[sentence_of(entry, office.time_zone) for entry in form.found],
        ending=ending,
        by=request.user,
        target=office,
        about=chosen_in_words(form),
        zone=office.time_zone,
    )
