"""The tablet's app: a shell for everybody, its manifest and its service worker; no session, no cookie (KIOSK §10.2)."""

from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django_permissions_policy.decorators import permissions_policy_override

from .. import kiosk

CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'none'"],
}
CAMERA = settings.PERMISSIONS_POLICY | {"camera": "self"}  # invitations are scanned


YEAR = 365 * 24 * 3600


def packed(request, text, kind):
    """What the tablet keeps, in few bytes. It is the same for everybody, so its length tells nothing."""
    response = HttpResponse(content_type=f"{kind}; charset=utf-8")
    patch_vary_headers(response, ["Accept-Encoding"])
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = kiosk.zipped(text)
        response["Content-Encoding"] = "gzip"
    else:
        response.content = text
    return response


@login_not_required
@require_safe
@cache_control(no_cache=True)
@csp(CSP)
@permissions_policy_override(CAMERA)
def shell(request, rest=""):
    """The app, whatever stands behind /kios/ in the address."""
    return packed(request, kiosk.shell(), "text/html")


@login_not_required
@require_safe
@cache_control(no_cache=True)
def manifest(request):
    icons = [("192", "any"), ("512", "any"), ("512", "maskable")]
    content = {
        "id": kiosk.SHELL,
        "name": "Netralitas – kios tanda tangan",
        "short_name": "Kios",
        "description": "Penandatanganan deklarasi netralitas di tablet, juga tanpa internet.",
        "lang": "id",
        "dir": "ltr",
        "start_url": kiosk.SHELL,
        "scope": kiosk.SHELL,
        "display": "fullscreen",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [
            {
                "src": static(f"img/kiosk-{purpose}-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, purpose in icons
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@login_not_required
@require_safe
@cache_control(no_cache=True)
@csp(CSP)
def worker(request):
    return HttpResponse(kiosk.worker(), content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def script(request, name):
    """All modules of the app. Another build's name is unknown here, so that no tablet keeps a mixture."""
    if name != kiosk.script_name():
        raise Http404
    return packed(request, kiosk.script(), "text/javascript")


@login_not_required
@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def style(request, name):
    if name != kiosk.style_name():
        raise Http404
    return packed(request, kiosk.style(), "text/css")
