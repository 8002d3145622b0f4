"""May this request have this text, this paper? Who (events, offices) on top of what (accounts.roles)."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.access import Answer, get_visible, may, offices_where
from accounts.models import Office
from accounts.roles import Permission, roles_with
from accounts.scope import active_memberships
from events.access import get_event, may_in_event
from events.locking import NOT_EDITABLE
from regions.codes import is_code
from regions.models import Region

from .models import Declaration, PledgeText, TextVersion
from .planning import UNSEALED

# What may be asked of a paper of a template, which nobody signs.
PLANNING = (Permission.EVENT_VIEW, Permission.DECLARATION_EDIT)
REFERENCE_TEXT = "Naskah rujukan tidak dapat diubah. Salin naskah ini, lalu ubah salinannya."
NATIONAL_APPROVAL = "Naskah rujukan hanya dapat disetujui oleh pengawas tingkat nasional."
NO_TEXT_OFFICE = "Peran Anda tidak mencakup hak menyusun naskah. Hubungi administrator kantor."
NO_RECAP = "Peran Anda tidak mencakup hak melihat rekapitulasi. Hubungi administrator kantor."


def get_declaration(
    request: HttpRequest, pk: UUID, permission: Permission, *, even_archived: bool = False
) -> Declaration:
    """The paper with its event, text and office; the rules of its event decide.

    404 for unknown and foreign alike, PermissionDenied with the reason, Refusal for writing in an archived event unless
    ``even_archived``: what came too late is decided there, too.
    """
    papers = Declaration.objects.select_related("event", "text_version__pledge_text__office", "document")
    declaration = get_visible(papers, request.user, pk=pk)
    declaration.event = get_event(
        request,
        declaration.event.code,
        permission,
        even_archived=even_archived,
        even_template=permission in PLANNING,
    )
    return declaration


def may_in_declaration(user, permission: Permission, declaration: Declaration) -> Answer:
    return may_in_event(user, permission, declaration.event)


def may_add(user, event) -> Answer:
    """May they add a paper to the event, and may the event still be changed?"""
    answer = may_in_event(user, Permission.DECLARATION_EDIT, event)
    if answer.allowed and not event.is_editable:
        return Answer(False, NOT_EDITABLE[event.state])
    return answer


def may_change(user, declaration: Declaration) -> Answer:
    """May they change what the paper says and who signs it? Only a draft may be changed."""
    answer = may_add(user, declaration.event)
    if answer.allowed and declaration.state != Declaration.State.DRAFT:
        return Answer(False, "Penandatanganan sudah dibuka; isi naskah tidak dapat diubah lagi.")
    return answer


def may_edit(user, declaration: Declaration) -> Answer:
    """May they still put right what is not signed: numbers, witnesses? Until the paper is sealed."""
    answer = may_in_event(user, Permission.DECLARATION_EDIT, declaration.event)
    if answer.allowed and declaration.state not in UNSEALED:
        return Answer(False, "Naskah ini sudah disegel. Perubahan hanya mungkin sebagai revisi.")
    return answer


# -- texts -------------------------------------------------------------------------------------------------------


def get_text(request: HttpRequest, key: str) -> PledgeText:
    """A reference text or one of an office the user knows; otherwise 404."""
    texts = PledgeText.objects.select_related("office__region")
    text = get_visible(texts, request.user, key=key)
    require(may_with_text(request.user, Permission.TEXT_VIEW, text))
    return text


def get_version(request: HttpRequest, pk: UUID, permission: Permission = Permission.TEXT_VIEW) -> TextVersion:
    """404 for a text of a foreign office, PermissionDenied where the right is missing."""
    versions = TextVersion.objects.select_related("pledge_text__office__region", "reference__pledge_text")
    version = get_visible(versions, request.user, pk=pk)
    require(may_with_text(request.user, permission, version.pledge_text))
    return version


def may_with_text(user, permission: Permission, text: PledgeText) -> Answer:
    """The office's text: its roles. A national reference text: everybody reads, the national level approves."""
    if text.office_id is not None:
        return may(user, permission, text.office)
    if permission == Permission.TEXT_VIEW or user.is_superuser:
        return Answer(True)
    if permission != Permission.TEXT_APPROVE:
        return Answer(False, REFERENCE_TEXT)
    national = offices_where(user, Permission.TEXT_APPROVE).filter(level=Office.Level.NATIONAL)
    return Answer(True) if national.exists() else Answer(False, NATIONAL_APPROVAL)


def text_offices(user):
    """Offices for which the user may write texts, the own first; PermissionDenied when there is none."""
    offices = offices_where(user, Permission.TEXT_EDIT).select_related("region")
    if not offices:
        raise PermissionDenied(NO_TEXT_OFFICE)
    return offices


def text_office(request: HttpRequest) -> Office:
    """The office named by ``kantor``, one the user may write texts for; without a name their first one."""
    offices = list(text_offices(request.user))
    wanted = request.POST.get("kantor") or request.GET.get("kantor")
    if not wanted:
        held = [membership.office_id for membership in active_memberships(request.user)]
        return min(offices, key=lambda office: (office.pk not in held, office.pk))
    found = next((office for office in offices if str(office.pk) == wanted), None)
    if found is None:
        raise Http404("Tidak ditemukan.")
    return found


# -- recap -------------------------------------------------------------------------------------------------------


def recap_roots(user) -> list:
    """Regions at which the user's recap begins; an empty list means the whole country.

    PermissionDenied when no role of the user carries the right.
    """
    if user.is_superuser:
        return []
    roles = roles_with(Permission.RECAP_VIEW)
    offices = [m.office for m in active_memberships(user) if m.role in roles]
    if not offices:
        raise PermissionDenied(NO_RECAP)
    if any(office.region_id is None for office in offices):
        return []
    return list({office.region_id: office.region for office in offices}.values())


def recap_region(code: str, roots: list[Region]) -> Region | None:
    """The wanted region, else the first root (None: the country); 404 for an unknown region and for one outside."""
    if not code:
        return roots[0] if roots else None
    found = Region.objects.select_related("parent__parent__parent").filter(code=code)
    region = found.first() if is_code(code) else None
    if region is None or (roots and not any(is_within(region.code, root.code) for root in roots)):
        raise Http404("Tidak ditemukan.")
    return region


def is_within(code: str, root: str) -> bool:
    return code == root or code.startswith(f"{root}.")


def require(answer: Answer) -> None:
    if not answer.allowed:
        raise PermissionDenied(answer.reason)
