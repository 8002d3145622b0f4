"""The one script of the tablet, made of its modules by deploy/kios.js when the app is set up, not by a web process.

`make` makes it, and ``prepare`` where node is at hand; a machine that only serves needs the finished file alone.
"""

import hashlib
import os
import subprocess
from pathlib import Path

from django.conf import settings
from django.core.checks import Error

TOOL = settings.BASE_DIR / "deploy" / "kios.js"
LOCK = settings.BASE_DIR / "package-lock.json"
SOURCES = settings.BASE_DIR / "static" / "js" / "kiosk"


class KioskNotBuiltError(RuntimeError):
    """There is no script of the present sources."""


def digest() -> str:
    """Names the script of the present sources; the same sum as in deploy/kios.js."""
    files = [*sorted(SOURCES.glob("*.js"), key=lambda path: path.name), TOOL, LOCK]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def place() -> Path:
    return settings.NODE_MODULES / ".kios" / f"{digest()}.js"


def ensure_built() -> None:
    """Make the script unless it is there. Raises KioskNotBuiltError with what the tool said."""
    if place().exists():
        return
    env = os.environ | {"NODE_MODULES": str(settings.NODE_MODULES)}
    try:
        subprocess.run(["node", TOOL], env=env, capture_output=True, text=True, check=True)  # noqa: S603, S607
    except OSError as error:
        raise KioskNotBuiltError(MISSING) from error
    except subprocess.CalledProcessError as error:
        raise KioskNotBuiltError(f"{MISSING}\n{error.stderr}") from error


def script() -> str:
    if settings.DEBUG:
        ensure_built()  # a module may have been changed a moment ago
    try:
        return place().read_text()
    except FileNotFoundError as error:
        raise KioskNotBuiltError(MISSING) from error


MISSING = "Naskah kios belum dibuat dari sumbernya yang sekarang. Jalankan: make setup-run (memerlukan node dan npm)."


def check_built(**kwargs) -> list[Error]:
    return [] if place().exists() else [Error(MISSING, id="declarations.E001")]
