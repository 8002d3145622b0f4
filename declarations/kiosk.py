"""Which files make up the tablet's app, and the name of the build they are (KIOSK §10.2).

The list follows the imports, so a new module is never missing offline; a changed file, shell or ``APP_BUILD`` gives a
new build name, and with it the tablet a new cache.
"""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static

from events.models.attendees import Category

SHELL = "/kios/"
ENTRY = "js/kiosk/main.js"
OTHER_FILES = ("css/kiosk.css", "css/kiosk-app.css", "img/favicon.svg")
IMPORT = re.compile(r"""\bfrom\s+"(\./[^"]+)";|\bimport\s*\(?"(\./[^"]+)"\)?;""")
# What a walk-in can choose; "ASN (belum dirinci)" is a word of lists, so the person reads "ASN".
CATEGORIES = [(value, "ASN" if value == Category.ASN else label) for value, label in Category.choices]


@cache
def modules(name: str = ENTRY) -> tuple[str, ...]:
    """Static names of a module and of everything it imports, each once, the module itself first."""
    found = {name: None}
    for imported in imports(name):
        found |= dict.fromkeys(modules(imported))
    return tuple(found)


def imports(name: str) -> list[str]:
    source = finders.find(name)
    if source is None:
        raise FileNotFoundError(f"static file {name} of the kiosk is missing")
    found = IMPORT.findall(Path(source).read_text())
    return [normpath(join(dirname(name), first or second)) for first, second in found]


def files() -> list[str]:
    """Addresses of everything the tablet keeps beside the shell itself."""
    return [static(name) for name in (*modules(), *OTHER_FILES)]


def build() -> str:
    """Name of this build: ``APP_BUILD``, else seven letters that change with any file or with the shell."""
    return settings.APP_BUILD or _digest([*files(), _page("")])[:7]


def version() -> str:
    """What the tablet reports as ``app``: "1.0.0+3f9c2a1"."""
    return f"{settings.APP_VERSION}+{build()}"


def shell() -> str:
    """The one page of the app: without a request, so without anything about who asks for it."""
    return _page(version())


def worker() -> str:
    """Source of the service worker; its cache is named after all it keeps."""
    kept = [SHELL, *files()]
    context = {"files": json.dumps(kept, indent=2), "cache": f"kios-{_digest([*kept, shell()])[:16]}"}
    return render_to_string("declarations/kiosk/sw.js", context)


def _page(app: str) -> str:
    context = {"app": app, "modules": modules()[1:], "categories": CATEGORIES}
    return render_to_string("declarations/kiosk/shell.html", context)


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
