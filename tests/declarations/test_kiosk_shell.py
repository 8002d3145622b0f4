"""The shell of the tablet's app, its manifest and its worker: the same for everybody, whole, and named after its build."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from declarations import kiosk, kiosk_bundle
from tests.accounts.factories import organizer_of, panwaslu_cerme

SHELL = reverse("declarations:kiosk")
MANIFEST = reverse("declarations:kiosk_manifest")
WORKER = reverse("declarations:kiosk_worker")
PATHS = [SHELL, f"{SHELL}apa/saja/", MANIFEST, WORKER]
FILES = [
    reverse("declarations:kiosk_script", args=[kiosk.script_name()]),
    reverse("declarations:kiosk_style", args=[kiosk.style_name()]),
]


def directives(response):
    return dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize("path", PATHS)
def test_page_of_the_app_answers_without_session_or_database(client, path):
    """No database mark: a query would fail the test."""
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-cache"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db
def test_shell_is_the_same_for_who_is_signed_in(client):
    before = client.get(SHELL).content
    user = organizer_of(panwaslu_cerme())
    client.force_login(user)
    response = client.get(SHELL)
    assert response.content == before
    assert not response.cookies
    assert response.get("Vary", "") in ("", "Accept-Encoding")
    assert client.get("/").status_code == 200  # the session itself is untouched


def test_a_foreign_cookie_changes_nothing(client):
    client.cookies["sesi"] = "apa-saja"
    response = client.get(SHELL)
    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.parametrize("path", [SHELL, WORKER])
def test_app_has_its_own_strict_policy(client, path):
    assert directives(client.get(path)) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


def test_only_the_camera_is_allowed_and_only_to_the_app(client, db):
    policy = client.get(SHELL)["Permissions-Policy"]
    assert "camera=(self)" in policy
    assert "microphone=()" in policy
    assert "camera=()" in client.get(reverse("account_login"))["Permissions-Policy"]


@pytest.mark.parametrize("path", [*PATHS, *FILES])
def test_app_takes_no_post(client, path):
    assert client.post(path).status_code == 405


def test_manifest_makes_the_app_installable(client):
    response = client.get(MANIFEST)
    assert response["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (SHELL, SHELL, "fullscreen")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in manifest["icons"]:
        png = Path(finders.find(icon["src"].removeprefix("/static/"))).read_bytes()
        side = int.from_bytes(png[16:20], "big")
        assert (png[:4], f"{side}x{side}") == (b"\x89PNG", icon["sizes"])


# -- what the tablet keeps -----------------------------------------------------------------------------------------


def kept(client) -> list[str]:
    return json.loads(re.search(r"FILES = (\[.*?\]);", client.get(WORKER).content.decode(), re.S)[1])


def test_modules_are_all_found():
    """Asked of the sources by another pattern than the product's own."""
    wanted, waiting = set(), {"js/kiosk/main.js"}
    while waiting:
        name = waiting.pop()
        wanted.add(name)
        found = re.findall(r"""["']\./([a-z0-9_-]+\.js)["']""", kiosk.source(name))
        waiting |= {f"js/kiosk/{other}" for other in found} - wanted
    assert set(kiosk_bundle.ordered(kiosk.ENTRY, kiosk.source)) == wanted


@pytest.mark.parametrize(("path", "kind"), [(FILES[0], "text/javascript"), (FILES[1], "text/css")])
def test_file_of_the_app_is_kept_for_ever_under_its_own_name(client, path, kind):
    response = client.get(path, headers={"accept-encoding": "gzip"})
    assert response["Content-Type"].startswith(kind)
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Encoding"] == "gzip"
    assert not response.cookies
    other = re.sub(r"-[0-9a-f]{12}\.", "-0123456789ab.", path)
    assert client.get(other).status_code == 404


def test_worker_keeps_everything_the_shell_asks_for(client):
    page = client.get(SHELL).content.decode()
    asked = set(re.findall(r"""(?:src|href)="([^"]+)\"""", page)) - {MANIFEST}
    touch_icon = {
        url for url in asked if url.endswith("kiosk-any-192.png")
    }  # read once, when it is installed
    assert asked - touch_icon <= set(kept(client))
    assert SHELL in kept(client)


def test_shell_has_a_screen_for_every_name_the_scripts_ask_for(client):
    page = client.get(SHELL).content.decode()
    templates = set(re.findall(r"<template id=t-([a-z_-]+)", page))
    flow = Path(finders.find("js/kiosk/flow.js")).read_text()
    states = set(re.findall(r"^  ([a-z_]+): \{", flow, re.M)) - {"other", "saving", "loading"}
    assert states <= templates
    staff = Path(finders.find("js/kiosk/staff.js")).read_text()
    assert {f"staff-{name}" for name in re.findall(r'this\.panel\("(\w+)"\)', staff)} <= templates


def test_build_is_named_after_its_files_unless_it_has_a_name(client, settings):
    version = re.search(r'name=app-version content="([^"]+)"', client.get(SHELL).content.decode())[1]
    assert re.fullmatch(r"1\.0\.0\+[0-9a-f]{7}", version)
    cache = re.search(r'CACHE = "(kios-[0-9a-f]{16})"', client.get(WORKER).content.decode())[1]
    settings.APP_BUILD = "uji2"
    assert 'content="1.0.0+uji2"' in client.get(SHELL).content.decode()
    other = re.search(r'CACHE = "(kios-[0-9a-f]{16})"', client.get(WORKER).content.decode())[1]
    assert other != cache
    assert kiosk.version() == "1.0.0+uji2"


def test_missing_module_is_named():
    with pytest.raises(FileNotFoundError, match="nowhere"):
        kiosk.source("js/kiosk/nowhere.js")


def test_worker_source_keeps_its_promises(client):
    response = client.get(WORKER)
    assert response["Content-Type"].startswith("text/javascript")
    source = response.content.decode()
    install = source[source.index('"install"') : source.index('"activate"')]
    assert "catch" not in install  # one missing file leaves the old build in place
    assert "skipWaiting" not in install  # a new build waits until the page says so
    assert 'request.method !== "GET"' in source
    assert source.count("cache.put") == 0  # nothing is kept beside the list


def test_shell_says_nothing_in_english_and_holds_no_csrf_token(client):
    page = client.get(SHELL).content.decode()
    assert "csrfmiddlewaretoken" not in page
    words = re.sub(r"<[^>]+>", " ", page)
    assert re.findall(r"\b(the|and|next|search|page|password|required|submit|cancel)\b", words, re.I) == []


BUDGET = (
    30 * 1024
)  # bytes (KIOSK §14, whose KB are 1,024 bytes): what is added here has to be saved elsewhere


def test_first_load_stays_small(client):
    """Everything the tablet loads and keeps, as it is sent (KIOSK §14); the icon as a proxy would send it."""
    sent = [client.get(path, headers={"accept-encoding": "gzip"}) for path in (SHELL, *FILES)]
    assert {response["Content-Encoding"] for response in sent} == {"gzip"}
    sizes = [len(response.content) for response in sent]
    icon = Path(finders.find(kiosk.ICON)).read_bytes()
    assert len(kept(client)) == len(sizes) + 1
    assert sum(sizes) + len(gzip.compress(icon)) <= BUDGET, sizes


@pytest.mark.parametrize("path", [SHELL, *FILES])
def test_who_cannot_unpack_gets_the_same_unpacked(client, path):
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    plain = client.get(path)
    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Vary"], plain["Vary"]) == ("Accept-Encoding", "Accept-Encoding")
    assert not plain.has_header("Content-Encoding")
