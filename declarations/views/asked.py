"""What a request brings along, read the same way by all pages of this room."""

from datetime import date

from django.utils import timezone


def posted(request):
    """Data for a form: bound on POST, also when the body is empty, otherwise None."""
    return request.POST if request.method == "POST" else None


def query_without_page(request) -> str:
    """The filter of this list for the links to its other pages."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def day_named(request) -> date:
    """The day named by ``tanggal``, otherwise today."""
    try:
        return date.fromisoformat(request.GET.get("tanggal", ""))
    except ValueError:
        return timezone.localdate()
