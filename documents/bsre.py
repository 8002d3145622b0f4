"""PURE: the BSrE gateway ("esign client service"), which signs a whole PDF for an officer (PDF.md §4.5).

Two versions of its HTTP interface are spoken, as several public integrations do; no real gateway was at hand. What the
officer types is sent once and kept nowhere: no exception here quotes a request or an answer.
"""

import base64
import binascii
import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException

from django.conf import settings

from accounts.refusals import Refusal

SECONDS = 60
LARGEST = 100 * 2**20
REASON = "Tanda tangan elektronik dokumen"

NOT_SET = "Layanan BSrE belum diatur di peladen (SEAL_BSRE_URL, SEAL_BSRE_USER, SEAL_BSRE_PASSWORD)."
WRONG_VERSION = "Versi layanan BSrE tidak dikenal. Isi SEAL_BSRE_VERSION dengan v1 atau v2."
NOT_REACHED = "Layanan BSrE tidak dapat dihubungi. Dokumen tetap menunggu; coba lagi nanti."
TOO_SLOW = "Layanan BSrE tidak menjawab tepat waktu. Dokumen tetap menunggu; coba lagi nanti."
BROKEN = "Layanan BSrE sedang bermasalah. Dokumen tetap menunggu; coba lagi nanti."
NO_ACCESS = "Layanan BSrE menolak akun aplikasi ini. Hubungi pengelola aplikasi."
REFUSED = "BSrE menolak tanda tangan. Periksa NIK atau surel dan frasa sandi, lalu coba lagi."
NO_PDF = "Layanan BSrE tidak mengembalikan PDF. Segel dibatalkan."
NO_TOTP = "Kode TOTP hanya dikenal layanan BSrE versi 2. Isi frasa sandi."
NO_EMAIL = "Layanan BSrE versi 1 memerlukan NIK, bukan surel."


@dataclass(frozen=True)
class Credentials:
    """What the officer types: NIK (16 digits) or e-mail, and passphrase or TOTP. Never printed."""

    who: str = field(repr=False)
    passphrase: str = field(default="", repr=False)
    totp: str = field(default="", repr=False)

    @property
    def is_email(self) -> bool:
        return "@" in self.who


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A passphrase goes to the address in the settings and nowhere else."""

    def redirect_request(self, *args):
        return None


def setting_problem() -> str:
    """Why the gateway cannot be used, "" when everything is set."""
    if not (settings.SEAL_BSRE_URL and settings.SEAL_BSRE_USER and settings.SEAL_BSRE_PASSWORD):
        return NOT_SET
    if not settings.SEAL_BSRE_URL.startswith(("http://", "https://")):
        return NOT_SET
    return "" if settings.SEAL_BSRE_VERSION in ("v1", "v2") else WRONG_VERSION


def reach() -> str:
    """Is anybody there? Why not, in words, or ""."""
    if problem := setting_problem():
        return problem
    try:
        _ask(urllib.request.Request(settings.SEAL_BSRE_URL, method="GET"), seconds=10)  # noqa: S310 - checked above
    except urllib.error.HTTPError:
        return ""  # any answer is one
    except (OSError, HTTPException):
        return NOT_REACHED
    return ""


def sign(pdf: bytes, credentials: Credentials) -> bytes:
    """The paper signed by the officer, invisibly, as the gateway gave it; the caller checks it.

    Raises Refusal with what to do; it never quotes what was typed or answered.
    """
    if problem := setting_problem():
        raise Refusal(problem)
    make = _request_v1 if settings.SEAL_BSRE_VERSION == "v1" else _request_v2
    answer = _answer(make(pdf, credentials))
    signed = answer if settings.SEAL_BSRE_VERSION == "v1" else _file_of(answer)
    if not signed.startswith(b"%PDF-"):
        raise Refusal(NO_PDF)
    return signed


def _answer(request: urllib.request.Request) -> bytes:
    """``from None``: an error of the network holds the answer, and the gateway might repeat what it was sent."""
    try:
        return _ask(request, seconds=SECONDS)
    except urllib.error.HTTPError as problem:
        code = problem.code
        problem.close()
    except TimeoutError:
        raise Refusal(TOO_SLOW) from None
    except urllib.error.URLError as problem:
        raise Refusal(TOO_SLOW if isinstance(problem.reason, TimeoutError) else NOT_REACHED) from None
    except (OSError, HTTPException):
        raise Refusal(NOT_REACHED) from None
    if code == 401:
        raise Refusal(NO_ACCESS)
    raise Refusal(REFUSED if 400 <= code < 500 else BROKEN)


def _ask(request: urllib.request.Request, *, seconds: int) -> bytes:
    account = f"{settings.SEAL_BSRE_USER}:{settings.SEAL_BSRE_PASSWORD}".encode()
    request.add_header("Authorization", f"Basic {base64.b64encode(account).decode()}")
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(request, timeout=seconds) as answer:
        content = answer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refusal(NO_PDF)
    return content


def _request_v1(pdf: bytes, credentials: Credentials) -> urllib.request.Request:
    if credentials.totp:
        raise Refusal(NO_TOTP)
    if credentials.is_email:
        raise Refusal(NO_EMAIL)
    fields = {
        "nik": credentials.who,
        "passphrase": credentials.passphrase,
        "tampilan": "invisible",
        "reason": REASON,
    }
    mark = secrets.token_hex(16)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="dokumen.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    body = b"".join([*parts, head.encode(), pdf, f"\r\n--{mark}--\r\n".encode()])
    return _post("/api/sign/pdf", body, f"multipart/form-data; boundary={mark}")


def _request_v2(pdf: bytes, credentials: Credentials) -> urllib.request.Request:
    content = {
        "email" if credentials.is_email else "nik": credentials.who,
        **({"totp": credentials.totp} if credentials.totp else {"passphrase": credentials.passphrase}),
        "signatureProperties": [{"tampilan": "INVISIBLE", "reason": REASON}],
        "file": [base64.b64encode(pdf).decode()],
    }
    return _post("/api/v2/sign/pdf", json.dumps(content).encode(), "application/json")


def _post(path: str, body: bytes, kind: str) -> urllib.request.Request:
    address = f"{settings.SEAL_BSRE_URL}{path}"
    return urllib.request.Request(  # noqa: S310 - http or https, see setting_problem
        address, data=body, headers={"Content-Type": kind}, method="POST"
    )


def _file_of(answer: bytes) -> bytes:
    try:
        return base64.b64decode(json.loads(answer)["file"][0], validate=True)
    except (ValueError, KeyError, IndexError, TypeError, binascii.Error):
        raise Refusal(NO_PDF) from None
