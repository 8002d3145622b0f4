"""Settings of the tests: a temporary DATA_DIR first, then the real settings, then what only tests may do."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "TEST_DATA_DIR" not in os.environ:
    _data = tempfile.mkdtemp(prefix="netralitas-uji-")
    os.environ["TEST_DATA_DIR"] = _data
    _owner = os.getpid()
    atexit.register(lambda: os.getpid() == _owner and shutil.rmtree(_data, ignore_errors=True))
# pytest-xdist workers inherit the folder; each gets its own below it.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATA = Path(os.environ["TEST_DATA_DIR"]) / _worker
DATA.mkdir(parents=True, exist_ok=True)
os.environ["DATA_DIR"] = str(DATA)
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("PUBLIC_URL", "https://netralitas.example")

from netralitas.settings import *  # noqa: E402, F403
from netralitas.settings import DATABASES, STORAGES  # noqa: E402

SECRET_KEY = "only-for-tests-" + "x" * 50
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
ALLOWED_HOSTS = ["*"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # An in-memory database has neither WAL nor locks; tests that race need a real file.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],
        "init_command": DATABASES["default"]["OPTIONS"]["init_command"].replace("FULL", "OFF"),
    }
