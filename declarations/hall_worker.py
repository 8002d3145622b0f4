"""Source of the service worker that keeps one event's MC screen: a tablet that drops the page gets it back offline."""

import hashlib
import json

from django.template.loader import render_to_string
from django.templatetags.static import static

from .kiosk import source as source_of
from .kiosk_bundle import ordered

ENTRY = "js/hall/mc.js"
OTHER_FILES = ("css/hall.css", "img/favicon.svg")


def files() -> list[str]:
    """Addresses of everything the screen needs beside the page itself."""
    return [static(name) for name in (*ordered(ENTRY, source_of), *OTHER_FILES)]


def source(page: str) -> str:
    """The worker for the page at this address; new files give a new cache, the one before goes."""
    kept = files()
    digest = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:16]
    context = {"page": json.dumps(page), "files": json.dumps(kept, indent=2), "digest": digest}
    return render_to_string("declarations/hall/sw.js", context)
