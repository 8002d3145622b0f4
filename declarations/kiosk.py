"""What the tablet's app is made of, and the name of the build that makes (KIOSK §10.2).

The addresses of script and style carry their hash; a changed file, shell or ``APP_BUILD`` gives a new build name, and
with it the tablet a new cache. All of it is sent as small as gzip can make it: a tablet's first load may be slow.
"""

import hashlib
import json
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from zopfli import gzip as zopfli_gzip

from events.models.attendees import Category

from . import kiosk_build, kiosk_bundle

SHELL = "/kios/"
ENTRY = "js/kiosk/main.js"
STYLES = ("css/kiosk.css", "css/kiosk-app.css")
ICON = "img/favicon.svg"
# What a walk-in can choose; "ASN (belum dirinci)" is a word of lists, so the person reads "ASN".
CATEGORIES = [(value, "ASN" if value == Category.ASN else label) for value, label in Category.choices]

kept = (lambda function: function) if settings.DEBUG else cache


def source(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(f"static file {name} of the kiosk is missing")
    return Path(path).read_text()


@kept
def script() -> str:
    return kiosk_build.script()


@kept
def style() -> str:
    return "\n".join(kiosk_bundle.squeeze_style(source(name)) for name in STYLES)


@lru_cache(maxsize=8)
def zipped(text: str) -> bytes:
    """The text as gzip, by the slow way (a fifth of a second) that leaves the fewest bytes."""
    return zopfli_gzip.compress(text.encode())


def script_name() -> str:
    return _digest(script())[:12]


def style_name() -> str:
    return _digest(style())[:12]


def files() -> list[str]:
    """Addresses of everything the tablet keeps beside the shell itself."""
    return [
        reverse("declarations:kiosk_script", args=[script_name()]),
        reverse("declarations:kiosk_style", args=[style_name()]),
        static(ICON),
    ]


def build() -> str:
    """Name of this build: ``APP_BUILD``, else seven letters that change with any file or with the shell."""
    return settings.APP_BUILD or _digest(_page(""), *files())[:7]


def version() -> str:
    """What the tablet reports as ``app``: "1.0.0+3f9c2a1"."""
    return f"{settings.APP_VERSION}+{build()}"


def shell() -> str:
    """The one page of the app: without a request, so without anything about who asks for it."""
    return _page(version())


def worker() -> str:
    """Source of the service worker; its cache is named after all it keeps."""
    listed = [SHELL, *files()]
    context = {"files": json.dumps(listed, indent=2), "cache": f"kios-{_digest(shell(), *listed)[:16]}"}
    return render_to_string("declarations/kiosk/sw.js", context)


def _page(app: str) -> str:
    context = {"app": app, "script": files()[0], "style": files()[1], "categories": CATEGORIES}
    return kiosk_bundle.squeeze_page(render_to_string("declarations/kiosk/shell.html", context))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
