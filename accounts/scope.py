"""How far a membership reaches: own office, or the region of the office and everything below it (EVENTS §8).

Reads ``user.memberships`` only, so that models and access rules can both build on it.
"""

from django.db.models import Q

from .roles import OWN_OFFICE_ROLES, Permission, Role, roles_with

NOBODY = Q(pk__in=[])
# Kinds of office that one administrator looks after together.
SUPERVISING_KINDS = frozenset({"bawaslu", "panwaslu"})


def family_of(kind: str) -> frozenset[str]:
    return SUPERVISING_KINDS if kind in SUPERVISING_KINDS else frozenset({kind})


def is_known(user) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active)


def active_memberships(user) -> list:
    """Memberships that count today, with office and region; remembered on the user object of this request."""
    if not is_known(user):
        return []
    found = user.__dict__.get("_active_memberships")
    if found is None:
        found = list(user.memberships.active().select_related("office__region").order_by("pk"))
        user.__dict__["_active_memberships"] = found
    return found


def covers(membership, office) -> bool:
    """The same rule as ``reach``, for one office that is already in memory."""
    if membership.office_id == office.pk:
        return True
    if membership.role in OWN_OFFICE_ROLES or not _is_below(office, membership.office):
        return False
    return membership.role != Role.ADMINISTRATOR or office.kind in family_of(membership.office.kind)


def reach(user, path: str = "office", permission: Permission | None = None) -> Q:
    """One OR-ed condition over all memberships that carry the permission (any role without one).

    ``path`` leads from the filtered model to its office ("event__office"); "" filters offices themselves.
    """
    if not is_known(user):
        return NOBODY
    if user.is_superuser:
        return Q()
    prefix = f"{path}__" if path else ""
    roles = roles_with(permission) if permission else None
    condition = NOBODY
    for membership in active_memberships(user):
        if roles is None or membership.role in roles:
            condition |= _reach_of(membership, prefix)
    return condition


def _reach_of(membership, prefix: str) -> Q:
    own = Q(**{f"{prefix}pk": membership.office_id})
    if membership.role in OWN_OFFICE_ROLES:
        return own
    below = ~NOBODY
    if membership.office.region_id:
        below = Q(**{f"{prefix}region__code__within": membership.office.region_id})
    if membership.role == Role.ADMINISTRATOR:
        below &= Q(**{f"{prefix}kind__in": sorted(family_of(membership.office.kind))})
    return own | below


def _is_below(office, top) -> bool:
    if not top.region_id:  # a national office has the whole country below it
        return True
    code = office.region_id or ""
    return code == top.region_id or code.startswith(f"{top.region_id}.")
