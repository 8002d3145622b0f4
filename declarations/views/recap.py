from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from regions.models import Region

from ..access import is_within, recap_region, recap_roots
from ..forms import RecapFilter
from ..recap import Recap, recap_of
from ..tables import RecapTable

PAGE = 100


@require_GET
def recap(request):
    """Coverage below one region; ``wilayah`` drills down, never out of what the user may see."""
    roots = recap_roots(request.user)
    region = recap_region(request.GET.get("wilayah", ""), roots)
    found = recap_of(request.user, region)
    form, table = sorted_lines(request, found)
    context = {
        "recap": found,
        "path": _path(region, roots),
        "roots": roots,
        "filter": form,
        "is_filtered": form.is_filtered,
        "table": table,
    }
    return render(request, "declarations/recap.html", context)


def sorted_lines(request, found: Recap, *, paginate=True) -> tuple[RecapFilter, RecapTable]:
    """The lines that the filter leaves, in the order of the address."""
    form = RecapFilter(request.GET)
    table = RecapTable(found, form.filter(found.lines))
    RequestConfig(request, paginate={"per_page": PAGE} if paginate else False).configure(table)
    return form, table


def _path(region: Region | None, roots: list[Region]) -> list[Region]:
    """The regions above, as far as the user may see them."""
    if region is None:
        return []
    return [
        up for up in region.ancestors if not roots or any(is_within(up.code, root.code) for root in roots)
    ]
