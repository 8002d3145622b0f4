"""Front end without a bundler: what collectstatic writes must be whole."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template
from django.test import override_settings

ROOT = Path(__file__).resolve().parent.parent
IMPORT = re.compile(r"""(?:from\s+|import\s+|import\()\s*["'](\.[^"']+)["']""")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "netralitas.storage.ModuleManifestStorage"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", verbosity=0, interactive=False)
    return folder


def test_every_import_of_our_modules_names_a_hashed_file_that_exists(collected):
    modules = list((collected / "js").rglob("*.js"))
    assert len(modules) >= len(list((ROOT / "static/js").rglob("*.js"))) > 0
    missing = [
        (str(module.relative_to(collected)), name)
        for module in modules
        for name in IMPORT.findall(module.read_text())
        if not (module.parent / name).is_file() or not re.search(r"\.[0-9a-f]{12}\.js$", name)
    ]
    assert missing == []


def test_no_source_map_is_collected(collected):
    assert list(collected.rglob("*.map")) == []


def test_every_static_name_in_templates_exists(collected):
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    names = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""\{%\s*static\s+["']([^"']+)["']""", template.read_text())
    }
    assert {name for name in names if name not in manifest} == set()


INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style\b|<script(?![^>]*\bsrc=)(?![^>]*application/json)""", re.I
)


# Papers and the offline checker of an export are not served as pages.
PAGES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if path.parent.name != "pdf" and path.name != "offline_check.html"
]


@pytest.mark.parametrize("template", PAGES, ids=lambda path: path.name)
def test_template_has_no_inline_script_or_style(template):
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", template.read_text(), flags=re.S)
    assert INLINE.findall(text) == []


def test_modules_stay_small_and_end_their_imports_with_a_semicolon():
    for path in (ROOT / "static/js").rglob("*.js"):
        text = path.read_text()
        assert text.count("\n") <= 260, path
        for line in text.splitlines():
            if re.match(r"^(import|export)\b.*\bfrom\s+[\"']\./", line):
                assert line.rstrip().endswith(";"), (path, line)


def test_nothing_committed_names_a_registry_or_this_machine():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    bad = re.compile(r"pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian\.org")
    found = []
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".png", ".jpg", ".pdf"} or not path.is_file() or name == "tests/test_static.py":
            continue
        if bad.search(path.read_text(errors="ignore")):
            found.append(name)
    assert found == []


def test_every_template_compiles():
    """A filter without its argument is an error only when the page is opened; so open them all here."""
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert len(templates) > 100
    for path in templates:
        get_template(str(path.relative_to(ROOT / "templates")))
