import json
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

from netralitas import views
from netralitas.log import JsonFormatter, PrivacyFilter, masked
from netralitas.management.commands import check_deployment


def test_healthz_says_ok_to_everybody(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_names_what_is_missing(client):
    response = client.get("/readyz")
    body = response.json()
    assert response.status_code == 503  # no worker runs in the tests
    assert set(body["checks"]) == {"database", "migrations", "disk", "worker", "seal", "timestamp"}
    assert body["checks"]["database"]["ok"] is True
    assert body["checks"]["migrations"]["ok"] is True
    assert body["checks"]["worker"]["ok"] is False


@pytest.mark.django_db
def test_pages_are_closed_by_default(client):
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next=/")
    assert reverse("account_login") == "/masuk/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NIP 198609262015051001 salah", "NIP [disamarkan] salah"),
        ("NIP 19860926 201505 1 001 salah", "NIP [disamarkan] salah"),
        ("telepon 081234567890", "telepon [disamarkan]"),
        ("surat ke ani@contoh.test", "surat ke [disamarkan]"),
        ("GET /kegiatan/?q=Suparno", "GET /kegiatan/?…"),
        ("Not Found: /t/3q2-7wAAEjRWeJCrze8BIw/naskah/", "Not Found: /t/[disamarkan]/naskah/"),
        ("http://contoh.test/t/3q2-7wAAEjRWeJCrze8BIw", "http://contoh.test/t/[disamarkan]"),
        ("event 3f2c8c1e-5f1b-4f0e-9a31-0123456789ab", "event 3f2c8c1e-5f1b-4f0e-9a31-0123456789ab"),
    ],
)
def test_log_masks_personal_data(text, expected):
    assert masked(text) == expected


def test_log_line_is_json_without_personal_data():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "NIP %s", ("198609262015051001",), None)
    PrivacyFilter().filter(record)
    line = json.loads(JsonFormatter().format(record))
    assert (line["message"], line["level"]) == ("NIP [disamarkan]", "INFO")


@pytest.mark.django_db
def test_unknown_page_is_a_calm_404(client):
    response = client.get("/tidak-ada/")
    assert response.status_code in (302, 404)


def test_a_failure_is_told_in_indonesian_even_without_static_files(rf, monkeypatch):
    page = views.server_error(rf.get("/"))
    assert (page.status_code, "Terjadi kesalahan" in page.content.decode()) == (500, True)

    def no_manifest(*args):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr("django.contrib.staticfiles.storage.staticfiles_storage.url", no_manifest)
    bare = views.server_error(rf.get("/"))
    assert (bare.status_code, "Terjadi kesalahan" in bare.content.decode()) == (500, True)


def test_a_command_before_the_database_is_prepared_says_so_in_one_line(tmp_path):
    environment = os.environ | {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "netralitas.settings"}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'kosong.sqlite3'}"
    command = [sys.executable, "manage.py", "verify_audit", "--json"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Basis data belum disiapkan. Jalankan: manage.py prepare\n"


def test_a_refused_page_leaves_one_line_and_a_fault_its_trace():
    try:
        raise ValueError("x")
    except ValueError:
        facts = sys.exc_info()
    lines = {
        level: json.loads(
            JsonFormatter().format(logging.LogRecord("django.request", level, "f", 1, "m", (), facts))
        )
        for level in (logging.WARNING, logging.ERROR)
    }
    assert "trace" not in lines[logging.WARNING]
    assert "ValueError" in lines[logging.ERROR]["trace"]


@pytest.mark.parametrize(
    ("word", "known"), [("ya", False), ("tidak", False), ("t", False), ("1", True), ("Off", True), ("", True)]
)
def test_words_that_switch_nothing_are_shown(monkeypatch, word, known):
    for name in check_deployment.SWITCHES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS", word)
    problems = check_deployment.unknown_words()
    assert (problems == []) is known
    assert known or problems[0].startswith(f"HTTPS: kata “{word}”")


@pytest.mark.django_db
@pytest.mark.parametrize("ready", [True, False])
def test_missing_mail_server_is_a_problem(settings, ready):
    settings.MAIL_READY = ready
    found = [problem for problem in check_deployment.find_problems() if problem.startswith("Surel: ")]
    assert bool(found) is not ready
    assert ready or "EMAIL_URL dan DEFAULT_FROM_EMAIL belum diisi" in found[0]


def test_settings_that_contradict_each_other_are_shown(settings):
    settings.HTTPS, settings.TRUSTED_PROXIES = True, 1
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["netralitas.example"], "https://netralitas.example"
    assert check_deployment.contradictions() == []
    settings.TRUSTED_PROXIES, settings.PUBLIC_URL = 0, "https://lain.example"
    hosts, proxies = check_deployment.contradictions()
    assert hosts == "ALLOWED_HOSTS: lain.example dari PUBLIC_URL tidak termasuk"
    assert proxies.startswith("TRUSTED_PROXIES: 0")
