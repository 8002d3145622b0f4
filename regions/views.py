from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from .forms import SearchForm


@require_GET
@cache_control(private=True, max_age=300)
def search(request):
    """Suggestions for a region field: ``?q=cerme&tingkat=district&dalam=35.25`` → {"results": […]}."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"error": "invalid", "message": message}, status=400)
    return JsonResponse({"results": [as_suggestion(region) for region in form.results()]})


def as_suggestion(region) -> dict[str, str]:
    """A namesake must be recognisable, so the surroundings always come along."""
    return {
        "code": region.code,
        "label": region.titled,
        "surroundings": region.surroundings,
        "level": region.level,
        "text": region.named_with_code,
    }
