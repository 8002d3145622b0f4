import json
import logging

import pytest
from django.urls import reverse

from netralitas.log import JsonFormatter, PrivacyFilter, masked


def test_healthz_says_ok_to_everybody(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_names_what_is_missing(client):
    response = client.get("/readyz")
    body = response.json()
    assert response.status_code == 503  # no worker runs in the tests
    assert set(body["checks"]) == {"database", "migrations", "disk", "worker", "seal"}
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
