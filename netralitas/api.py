"""The JSON API at /api/v1/: one NinjaAPI with a router per room, one shape for every error (DESIGN §7).

``{"error": code, "message": Indonesian sentence}``; nothing of what the caller sent is ever repeated.
"""

import functools
import logging
import math

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, JsonResponse
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from accounts.api import ApiError
from accounts.refusals import Refusal
from declarations.api import stamp
from declarations.handing_in_api import kiosk
from declarations.recap_api import recap
from documents.api import archive

LARGEST_BODY = 512 * 1024
RETRY_AFTER = 5  # seconds, when the database is busy

logger = logging.getLogger("django.request")

api = NinjaAPI(
    title="Netralitas",
    version="1",
    description=(
        "Deklarasi netralitas: arsip dokumen tersegel dan rekapitulasi untuk sistem Bawaslu (token `ntr_…` milik "
        "pengguna), serta protokol tablet `netralitas-kiosk/1` (token `nk1_…` milik tablet)."
    ),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/kiosk", kiosk)
api.add_router("/archive", archive)
api.add_router("/recap", recap)


def error(request, status: int, code: str, message: str, *, headers=None, **more) -> JsonResponse:
    """Tablets find protocol and time of the server in every reply, also in this one."""
    body = {"error": code, "message": message, **more}
    if "/kiosk/" in request.path:
        body |= stamp()
    return JsonResponse(body, status=status, headers=headers)


def on_api_error(request, problem: ApiError):
    return error(
        request, problem.status, problem.code, problem.message, headers=problem.headers, **problem.more
    )


def on_refusal(request, problem: Refusal):
    return error(request, 409, "refused", problem.message)


def on_missing(request, problem):
    return error(request, 404, "not_found", "Tidak ditemukan.")


def on_forbidden(request, problem):
    return error(request, 403, "forbidden", str(problem) or "Anda tidak berhak membuka data ini.")


def on_unknown_caller(request, problem):
    message = "Token tidak dikenal atau sudah tidak berlaku."
    return error(request, 401, "unknown_token", message, headers={"WWW-Authenticate": "Bearer"})


def on_too_many(request, problem: Throttled):
    seconds = math.ceil(problem.wait or 1)
    message = f"Terlalu banyak permintaan. Coba lagi dalam {seconds} detik."
    return error(request, 429, "too_many", message, headers={"Retry-After": str(seconds)})


def on_invalid(request, problem: ValidationError):
    """Names the fields, never their values."""
    places = sorted({".".join(str(part) for part in found["loc"][1:]) for found in problem.errors})
    return error(request, 422, "invalid", f"Isian tidak sah: {', '.join(places[:5])}.", fields=places[:20])


def on_http_error(request, problem: HttpError):
    """What ninja says itself: a body that is no JSON."""
    if problem.status_code == 400:
        return error(request, 422, "invalid", "Isi permintaan bukan JSON yang dapat dibaca.")
    return error(request, problem.status_code, "refused", "Permintaan tidak dapat dipenuhi.")


def on_busy(request, problem):
    """Nothing was kept; the caller tries again."""
    logger.warning("the database is busy: %s", type(problem).__name__)
    return error(
        request,
        503,
        "busy",
        "Peladen sedang sibuk. Coba lagi sebentar.",
        headers={"Retry-After": str(RETRY_AFTER)},
    )


def on_too_large(request, problem):
    return error(
        request, 413, "too_large", "Kiriman terlalu besar (paling banyak 512 KB). Kirim lebih sedikit."
    )


def on_fault(request, problem):
    logger.error("fault in the API: %s", request.path, exc_info=problem)
    return error(
        request, 500, "fault", "Terjadi kesalahan di peladen. Kesalahan sudah dicatat; coba lagi nanti."
    )


for kind, handler in {
    ApiError: on_api_error,
    Refusal: on_refusal,
    Http404: on_missing,
    PermissionDenied: on_forbidden,
    AuthenticationError: on_unknown_caller,
    Throttled: on_too_many,
    ValidationError: on_invalid,
    HttpError: on_http_error,
    OperationalError: on_busy,
    InterfaceError: on_busy,
    RequestDataTooBig: on_too_large,
    Exception: on_fault,
}.items():
    api.add_exception_handler(kind, handler)


def in_json(view):
    """Around every address: the size of the body first, JSON also for a wrong method, and nothing kept in caches."""

    @functools.wraps(view)
    def inner(request, *args, **kwargs):
        if _length(request) > LARGEST_BODY:
            response = on_too_large(request, None)
        else:
            response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response["Allow"]
            response = error(
                request, 405, "wrong_method", f"Metode ini tidak dikenal di sini. Gunakan {allowed}."
            )
            response["Allow"] = allowed
        response["Cache-Control"] = "no-store"
        return response

    inner.csrf_exempt = True
    return login_not_required(inner)


def _length(request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


@csrf_exempt
def unknown(request, **kwargs):
    return on_missing(request, None)


urls = api.urls  # asked once: each call makes new patterns
for pattern in urls[0]:
    pattern.callback = in_json(unknown if pattern.name == "api-root" else pattern.callback)
urls[0].append(re_path(r"^.", in_json(unknown), name="unknown"))
