from django.shortcuts import render
from django.views.decorators.http import require_GET

from regions.models import Region

from ..access import is_within, recap_region, recap_roots
from ..recap import recap_of


@require_GET
def recap(request):
    """Coverage below one region; ``wilayah`` drills down, never out of what the user may see."""
    roots = recap_roots(request.user)
    region = recap_region(request.GET.get("wilayah", ""), roots)
    context = {"recap": recap_of(request.user, region), "path": _path(region, roots), "roots": roots}
    return render(request, "declarations/recap.html", context)


def _path(region: Region | None, roots: list[Region]) -> list[Region]:
    """The regions above, as far as the user may see them."""
    if region is None:
        return []
    return [
        up for up in region.ancestors if not roots or any(is_within(up.code, root.code) for root in roots)
    ]
