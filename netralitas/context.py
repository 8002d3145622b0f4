"""What every page shows: the offices of the signed-in user and the menu of what their roles may open."""

from django.urls import reverse_lazy

from accounts.roles import PERMISSIONS, Permission
from accounts.scope import active_memberships

# Address, words, the right that opens it, and the beginnings of the addresses that belong to it.
MENU = [
    (reverse_lazy("home"), "Beranda", None, ()),
    (reverse_lazy("events:events"), "Kegiatan", Permission.EVENT_VIEW, ("/kegiatan/", "/deklarasi/")),
    (reverse_lazy("declarations:texts"), "Naskah", Permission.TEXT_VIEW, ("/naskah/",)),
    (reverse_lazy("declarations:recap"), "Rekap", Permission.RECAP_VIEW, ("/rekap/",)),
    (reverse_lazy("documents:archive"), "Arsip", Permission.DOCUMENT_VIEW, ("/arsip/",)),
]


def house(request):
    offices = getattr(request, "offices", [])
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    rights = permissions_of(user)
    menu = [
        {"url": url, "label": label, "here": request.path == url or request.path.startswith(paths)}
        for url, label, permission, paths in MENU
        if permission is None or permission in rights
    ]
    return {
        "my_offices": offices,
        "my_office": offices[0] if offices else None,
        "menu": menu,
        "may_plan": Permission.EVENT_PLAN in rights,
        "may_see_events": Permission.EVENT_VIEW in rights,
        "may_see_archive": Permission.DOCUMENT_VIEW in rights,
    }


def permissions_of(user) -> frozenset[Permission]:
    """Everything some role of the user carries somewhere; pages still ask for the office at hand."""
    if user.is_superuser:
        return frozenset(Permission)
    return frozenset().union(*(PERMISSIONS[membership.role] for membership in active_memberships(user)))
