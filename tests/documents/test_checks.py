"""What is missing is named before the first paper needs it."""

import importlib.util
from pathlib import Path

from django.core.management import call_command

from documents import checks


def test_everything_is_in_place():
    assert checks.fonts_are_installed(None) == []
    assert checks.psycopg_3_stays_out(None) == []


def test_missing_fonts_are_an_error_that_says_what_to_do(settings, tmp_path):
    settings.FONT_DIR = Path(tmp_path)
    (error,) = checks.fonts_are_installed(None)
    assert error.msg == "Huruf untuk PDF belum terpasang. Jalankan `make run`."
    assert error.is_serious()


def test_psycopg_3_is_an_error(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if name == "psycopg" else None)
    (error,) = checks.psycopg_3_stays_out(None)
    assert error.id == "documents.E002"


def test_database_driver_is_psycopg2():
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    assert is_psycopg3 is False


def test_models_and_migrations_agree(db):
    call_command("makemigrations", "documents", "--check", "--dry-run", verbosity=0)
