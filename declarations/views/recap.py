from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from regions.codes import is_code
from regions.models import Region

from ..access import recap_roots
from ..recap import recap_of


@require_GET
def recap(request):
    """Coverage below one region; ``wilayah`` drills down, never out of what the user may see."""
    roots = recap_roots(request.user)
    region = _region(request.GET.get("wilayah", ""), roots)
    context = {"recap": recap_of(request.user, region), "path": _path(region, roots), "roots": roots}
    return render(request, "declarations/recap.html", context)


def _region(code: str, roots: list[Region]) -> Region | None:
    """The wanted region, else the first root; 404 for an unknown region and for one outside."""
    if not code:
        return roots[0] if roots else None
    found = Region.objects.select_related("parent__parent__parent").filter(code=code)
    region = found.first() if is_code(code) else None
    if region is None or (roots and not any(_is_within(region.code, root.code) for root in roots)):
        raise Http404("Tidak ditemukan.")
    return region


def _path(region: Region | None, roots: list[Region]) -> list[Region]:
    """The regions above, as far as the user may see them."""
    if region is None:
        return []
    return [
        up for up in region.ancestors if not roots or any(_is_within(up.code, root.code) for root in roots)
    ]


def _is_within(code: str, root: str) -> bool:
    return code == root or code.startswith(f"{root}.")
