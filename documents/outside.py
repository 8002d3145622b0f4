"""PURE: one question by HTTP to a machine of somebody else: a timestamp authority, an issuer of certificates.

The answer is bounded in time and size; whoever asks judges it.
"""

import base64
import queue
import threading
import urllib.error
import urllib.request
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

SCHEMES = ("http://", "https://")


class NoAnswer(OSError):
    """Nobody there, too slow, too much, or an error; never says what was asked."""


class Answer(NamedTuple):
    kind: str  # media type without parameters
    content: bytes


def ask(
    url: str, *, seconds: float, largest: int, body: bytes | None = None, kind: str = "", accept: str = ""
) -> Answer:
    """GET, or POST of ``body`` (of media type ``kind``). Name and password in the address are sent as basic access.

    Raises NoAnswer, also when the whole answer is not there after ``seconds`` or has more than ``largest`` bytes.
    """
    if not url.lower().startswith(SCHEMES):
        raise NoAnswer("address of another kind")
    found: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()
    request = _request(url, body, kind, accept)

    def work() -> None:
        try:
            found.put(_read(request, seconds, largest))
        except Exception as problem:  # whatever a stranger's machine makes of urllib
            found.put(problem)

    # A limit of the socket counts from byte to byte; this one counts for the whole, so that nobody drips for hours.
    threading.Thread(target=work, daemon=True).start()
    try:
        answer = found.get(timeout=seconds)
    except queue.Empty:
        raise NoAnswer("too slow") from None
    if isinstance(answer, Exception):
        raise NoAnswer(type(answer).__name__) from None
    return answer


def without_access(url: str) -> str:
    """The address as it may stand in a log."""
    return urlunsplit(urlsplit(url)._replace(netloc=urlsplit(url).netloc.rpartition("@")[2]))


class _OnlyByHttp(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if not newurl.lower().startswith(SCHEMES):
            raise urllib.error.URLError("sent elsewhere")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _request(url: str, body: bytes | None, kind: str, accept: str) -> urllib.request.Request:
    parts = urlsplit(url)
    headers = {"User-Agent": "netralitas", "Content-Type": kind, "Accept": accept}
    request = urllib.request.Request(  # noqa: S310 - http or https, see ask
        without_access(url), data=body, headers={name: value for name, value in headers.items() if value}
    )
    if parts.username:
        access = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(access).decode()}")
    return request


def _read(request: urllib.request.Request, seconds: float, largest: int) -> Answer:
    try:
        with urllib.request.build_opener(_OnlyByHttp).open(request, timeout=seconds) as answer:
            content = answer.read(largest + 1)
            kind = answer.headers.get_content_type()
    except urllib.error.HTTPError as problem:
        problem.close()
        raise
    if len(content) > largest:
        raise NoAnswer("too much")
    return Answer(kind, content)
