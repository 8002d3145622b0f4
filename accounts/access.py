"""May they? Who (memberships, regions) on top of what (roles)."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import Http404

from .models import Office
from .roles import Permission, roles_with
from .scope import active_memberships, covers, is_known

SIGN_IN_FIRST = "Silakan masuk terlebih dahulu."
OUTSIDE = "Kantor ini berada di luar wilayah kerja Anda."


class Answer(NamedTuple):
    """``allowed`` and, if not, the reason as a sentence for the user. Ask ``.allowed``: a tuple is never falsy."""

    allowed: bool
    reason: str = ""


def may(user, permission: Permission, office: Office) -> Answer:
    """May the user do this for this office? Shown beside a disabled button and on the 403 page."""
    roles = roles_with(permission)
    if not is_known(user):
        return Answer(False, SIGN_IN_FIRST)
    if user.is_superuser:
        return Answer(True)
    reaching = [membership for membership in active_memberships(user) if covers(membership, office)]
    if any(membership.role in roles for membership in reaching):
        return Answer(True)
    if not reaching:
        return Answer(False, OUTSIDE)
    held = " dan ".join(sorted({membership.get_role_display() for membership in reaching}))
    wanted = Permission(permission).label
    return Answer(
        False, f"Peran Anda ({held}) tidak mencakup hak {wanted} di {office}. Hubungi administrator kantor."
    )


def require(user, permission: Permission, office: Office) -> None:
    """Raise PermissionDenied with the reason unless the user may."""
    answer = may(user, permission, office)
    if not answer.allowed:
        raise PermissionDenied(answer.reason)


def offices_where(user, permission: Permission) -> QuerySet[Office]:
    """Offices for which a role of the user carries the permission."""
    return Office.objects.visible_to(user, permission)


def current_offices(user) -> QuerySet[Office]:
    """Offices the user works in today, the longest held first."""
    ids = list(dict.fromkeys(membership.office_id for membership in active_memberships(user)))
    rank = Case(
        *[When(pk=pk, then=Value(n)) for n, pk in enumerate(ids)],
        output_field=IntegerField(),
        default=Value(0),
    )
    return Office.objects.filter(pk__in=ids).select_related("region").order_by(rank)


def get_visible(queryset: QuerySet, user, **lookup):
    """The object, or the same 404 for an unknown id and for one of a foreign region."""
    found = queryset.visible_to(user).filter(**lookup).first()
    if found is None:
        raise Http404("Tidak ditemukan.")
    return found
