"""What a request brings along, read the same way by all pages of this room."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme


def posted(request):
    """Data for a form: bound on POST, also when the body is empty, otherwise None."""
    return request.POST if request.method == "POST" else None


def day_named(request) -> date:
    """The day named by ``tanggal``, otherwise today."""
    try:
        return date.fromisoformat(request.GET.get("tanggal", ""))
    except ValueError:
        return timezone.localdate()


def back_to(request, fallback: str) -> str:
    """The page the button stood on (``kembali``), if it is one of ours."""
    wanted = request.POST.get("kembali", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return fallback


def uuid_or_none(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def moment_or_none(text: str | None) -> datetime | None:
    """An ISO moment with its zone, as a page wrote it into a form."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
