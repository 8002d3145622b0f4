"""The tablet's script is made once of its sources, and is never missing or old without a word."""

import os
import subprocess

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from declarations import kiosk_build
from declarations.kiosk_build import KioskNotBuiltError


@pytest.fixture
def no_script(settings, tmp_path):
    """As after a pull without make: the tools are elsewhere, and so is the script."""
    settings.NODE_MODULES = tmp_path
    return tmp_path


def test_script_of_the_present_sources_is_there():
    kiosk_build.ensure_built()
    assert kiosk_build.place().read_text() == kiosk_build.script()
    assert not [problem for problem in run_checks() if problem.id == "declarations.E001"]


def test_missing_script_is_named_by_the_check_and_when_it_is_asked_for(no_script):
    assert [problem.id for problem in kiosk_build.check_built()] == ["declarations.E001"]
    with pytest.raises(KioskNotBuiltError, match="make setup-run"):
        kiosk_build.script()


@pytest.mark.parametrize("path", ["", os.environ["PATH"]])
def test_preparing_without_node_or_its_tools_says_what_to_do(no_script, monkeypatch, path):
    monkeypatch.setenv("PATH", path)
    with pytest.raises(CommandError, match="make setup-run"):
        call_command("prepare")


def test_a_changed_source_is_another_script(monkeypatch, tmp_path):
    before = kiosk_build.digest()
    for path in kiosk_build.SOURCES.glob("*.js"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(kiosk_build, "SOURCES", tmp_path)
    assert kiosk_build.digest() == before
    (tmp_path / "main.js").write_text("// changed")
    assert kiosk_build.digest() != before


def test_made_again_it_is_the_same_script(settings, tmp_path):
    """What a tablet keeps is named after the script, so every server must make the same one."""
    expected = kiosk_build.script()
    for tool in settings.NODE_MODULES.glob("[!.]*"):
        (tmp_path / tool.name).symlink_to(tool)
    settings.NODE_MODULES = tmp_path
    kiosk_build.ensure_built()
    assert kiosk_build.script() == expected


def test_script_is_sound_to_another_reader(tmp_path):
    path = tmp_path / "kios.mjs"
    path.write_text(kiosk_build.script())
    assert subprocess.run(["node", "--check", path], check=False).returncode == 0
