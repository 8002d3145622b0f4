import json
import os
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.management import BaseCommand
from django.db import DatabaseError, connection
from django.http.request import validate_host
from environ import Env

from accounts.encryption import DecryptionError, blind_index, decrypt, encrypt
from events.keys import private_key
from events.models import EventKey
from netralitas import health

SWITCHES = ("DEBUG", "HTTPS", "HSTS_INCLUDE_SUBDOMAINS", "HSTS_PRELOAD")
WORDS = (*Env.BOOLEAN_TRUE_STRINGS, "0", "false", "no", "off", "n")


class Command(BaseCommand):
    help = "Memeriksa pemasangan: pengaturan yang berlaku, kunci, segel, ruang, pekerja."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args, as_json, **options):
        facts, problems = in_force(), find_problems()
        if as_json:
            self.stdout.write(json.dumps({"ok": not problems, "in_force": facts, "problems": problems}))
        else:
            for name, value in facts.items():
                self.stdout.write(f"{name:<22} {value}")
            self.stdout.write(
                "\n".join(["", *(f"✗ {problem}" for problem in problems)]) if problems else "\nSemua baik."
            )
        sys.exit(1 if problems else 0)


def in_force() -> dict:
    return {
        "DEBUG": settings.DEBUG,
        "HTTPS": settings.HTTPS,
        "HSTS (detik)": settings.SECURE_HSTS_SECONDS,
        "ALLOWED_HOSTS": ", ".join(settings.ALLOWED_HOSTS),
        "PUBLIC_URL": settings.PUBLIC_URL,
        "TRUSTED_PROXIES": settings.TRUSTED_PROXIES,
        "Basis data": connection.vendor,
        "DATA_DIR": str(settings.DATA_DIR),
        "Surel": "siap" if settings.MAIL_READY else "belum disiapkan (EMAIL_URL, DEFAULT_FROM_EMAIL)",
        "Cache": settings.CACHES["default"]["BACKEND"].rsplit(".", 1)[-1],
    }


def find_problems() -> list[str]:
    problems = [
        f"{check.id}: {check.msg}"
        for check in run_checks(include_deployment_checks=True)
        if check.level >= WARNING
    ]
    for name, check in health.CHECKS.items():
        try:
            problem = check()
        except Exception as error:  # every failure is a finding here
            problem = type(error).__name__
        if problem:
            problems.append(f"{name}: {problem}")
    if decrypt(encrypt(b"uji", "check_deployment"), "check_deployment") != b"uji" or not blind_index(
        "uji", "check"
    ):
        problems.append("FIELD_KEYS: kunci penyandian tidak berfungsi")
    if settings.DATA_DIR.stat().st_mode & 0o077:
        problems.append(f"DATA_DIR: hak akses {settings.DATA_DIR} harus 0700")
    if settings.HTTPS and not settings.PUBLIC_URL.startswith("https://"):
        problems.append("PUBLIC_URL: harus diawali https:// karena dicetak pada kode QR")
    return [*problems, *closed_event_keys(), *silent_mail(), *unknown_words(), *contradictions()]


def closed_event_keys() -> list[str]:
    """Every living event key is opened once: without it nobody can read what tablets of that event hand in."""
    try:
        living = EventKey.objects.filter(destroyed_at=None)
        rows = list(living.values_list("pk", "kid", "event__code", "event__title"))
    except DatabaseError:
        return []  # named above
    return [
        f"Kunci kegiatan {code} ({title}), {kid}: tidak dapat dibuka dengan FIELD_KEYS yang terpasang; pulihkan"
        " FIELD_KEYS atau cadangan basis data"
        for pk, kid, code, title in rows
        if not opens(pk)
    ]


def silent_mail() -> list[str]:
    """Invitations by mail and new passwords go out by it; without a server nothing says so to who waits for them."""
    if settings.MAIL_READY:
        return []
    return [
        "Surel: EMAIL_URL dan DEFAULT_FROM_EMAIL belum diisi, jadi undangan lewat surel dan pengaturan ulang kata"
        " sandi tidak terkirim; isi keduanya dengan server surel kantor"
    ]


def opens(pk: int) -> bool:
    """Does the private half come out of the key ring, and is it the half of the public one?"""
    try:
        key = EventKey.objects.get(pk=pk)
        private = private_key(key)
    except (DecryptionError, ValueError):
        return False
    numbers = private.public_key().public_numbers()
    return bytes(key.public) == b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)


def unknown_words() -> list[str]:
    """django-environ reads every word it does not know as "off", without complaint."""
    given = {name: os.environ.get(name, "").strip() for name in SWITCHES}
    return [
        f"{name}: kata “{word}” tidak dikenal dan dibaca sebagai mati; tulis 1 atau 0"
        for name, word in given.items()
        if word and word.lower() not in WORDS
    ]


def contradictions() -> list[str]:
    """Settings that are right one by one and wrong together."""
    problems = []
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if not validate_host(host, settings.ALLOWED_HOSTS):
        problems.append(f"ALLOWED_HOSTS: {host or 'alamat'} dari PUBLIC_URL tidak termasuk")
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        problems.append("TRUSTED_PROXIES: 0, padahal HTTPS menyala; proksi TLS di depan harus dihitung (1)")
    return problems
