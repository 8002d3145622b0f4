"""Logs: one JSON line per record on stderr, with the request's id and without personal data."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

# Identity numbers (16 or 18 digits, printed groups allowed), Indonesian phones, long tokens, e-mail addresses.
PRIVATE = re.compile(
    r"(?<!\d)\d(?:[ .-]?\d){15,17}(?!\d)"
    r"|(?<!\d)(?:\+62|62|0)8\d(?:[ -]?\d){6,11}(?!\d)"
    r"|[A-Za-z0-9_-]{32,}"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
)
# The token of a personal link is shorter than the others, and it is the whole right to sign.
PERSONAL_LINK = re.compile(r"/t/[^/\s\"'?]+")
UUID_OR_HASH = re.compile(r"^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64})$")


def masked(text: str) -> str:
    """Replace whatever looks like an identity number, a phone, an address or a token; keep UUIDs and hashes."""
    text = PERSONAL_LINK.sub("/t/[disamarkan]", text)
    text = re.sub(r"\?\S*", "?…", text)  # query strings
    return PRIVATE.sub(lambda m: m[0] if UUID_OR_HASH.match(m[0]) else "[disamarkan]", text)


class PrivacyFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), ()
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request"] = request_id.get()
        # A refused page (403, 404) is a warning and no fault of ours: its line is enough.
        if record.exc_info and record.levelno >= logging.ERROR:
            line["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
