"""What must be in place before a paper can be made; shown by ``manage.py check`` and at every start."""

import importlib.util

from django.core.checks import Error, register

from .fonts import missing_files


@register()
def fonts_are_installed(app_configs, **kwargs):
    missing = missing_files()
    if not missing:
        return []
    return [
        Error(
            "Huruf untuk PDF belum terpasang. Jalankan `make run`.",
            hint=", ".join(str(path) for path in missing[:3]),
            id="documents.E001",
        )
    ]


@register()
def psycopg_3_stays_out(app_configs, **kwargs):
    """Django silently prefers psycopg 3 as soon as it can be imported; we build on psycopg2 (STACK §1)."""
    if importlib.util.find_spec("psycopg") is None:
        return []
    return [
        Error(
            "Paket psycopg (versi 3) terpasang, padahal aplikasi ini memakai psycopg2.",
            hint="Hapus dengan `.venv/bin/pip uninstall psycopg`, lalu jalankan `make run`.",
            id="documents.E002",
        )
    ]
