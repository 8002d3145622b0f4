"""Back-up and restore, on the database of this run: a copy goes into a database and a DATA_DIR that were empty."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.refusals import Refusal
from netralitas import backups
from tests.accounts.factories import UserFactory
from tests.accounts.flushing import flushable  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(tmp_path, settings, monkeypatch):
    """A DATA_DIR with a paper, a seal key and the three secrets; none of them comes from the environment."""
    folder = tmp_path / "var"
    (folder / "files" / "dokumen").mkdir(parents=True)
    (folder / "files" / "dokumen" / "segel-1.pdf").write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 40)
    (folder / "files" / "dokumen" / "segel-2.pdf.ab12.sementara").write_bytes(b"half")
    (folder / "pki" / "roots").mkdir(parents=True)
    (folder / "pki" / "roots" / "akar.pem").write_text("-----BEGIN")
    settings.DATA_DIR = folder
    for name in backups.SECRETS:
        monkeypatch.delenv(name.upper(), raising=False)
        (folder / name).write_text(f"isi {name}")
        setattr(settings, name.upper(), f"isi {name}")
    return folder


@pytest.fixture
def elsewhere(tmp_path, settings, monkeypatch):
    """Switches to an empty DATA_DIR and an empty database; returns both."""
    folder = tmp_path / "lain"
    name = str(folder / "netralitas.sqlite3")
    copies = []

    def switch():
        folder.mkdir()
        settings.DATA_DIR = folder
        other = connection.copy("elsewhere")
        if connection.vendor == "postgresql":
            drop_and_create("netralitas_restored", create=True)
            other.settings_dict["NAME"] = "netralitas_restored"
        else:
            other.settings_dict["NAME"] = name
        monkeypatch.setattr(backups, "connection", other)
        copies.append(other)
        return folder, other

    yield switch
    for other in copies:
        other.close()
    if copies and connection.vendor == "postgresql":
        drop_and_create("netralitas_restored", create=False)


def drop_and_create(name: str, *, create: bool):
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        if create:
            cursor.execute(f'CREATE DATABASE "{name}"')


def repack(source: Path, target: Path, change) -> Path:
    """The archive with other members: ``change`` gets {name: bytes} and edits it."""
    with tarfile.open(source) as archive:
        members = {info.name: archive.extractfile(info).read() for info in archive}
    change(members)
    with tarfile.open(target, "w:gz") as archive:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return target


def with_manifest(**changes):
    def change(members):
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**manifest, **changes}).encode()

    return change


def test_everything_comes_back_into_an_empty_house(house, elsewhere, tmp_path):
    user = UserFactory()
    archive = tmp_path / "c.tar.gz"
    backups.write_backup(archive)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("c.tar.gz")] == ["c.tar.gz"]

    folder, other = elsewhere()
    result = backups.read_backup(archive)

    assert result["files"] == 6  # database, paper, root, three secrets; not the half-written file
    for name in ["files/dokumen/segel-1.pdf", "pki/roots/akar.pem", *backups.SECRETS]:
        assert (folder / name).read_bytes() == (house / name).read_bytes()
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    with other.cursor() as cursor:
        cursor.execute("SELECT email FROM accounts_user")
        assert cursor.fetchall() == [(user.email,)]
    assert triggers(other) == triggers(connection) > 0
    assert not list(folder.glob("tmp*"))


def triggers(database) -> int:
    table = "sqlite_master WHERE type = 'trigger'"
    if database.vendor == "postgresql":
        table = "pg_trigger WHERE NOT tgisinternal"
    with database.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return cursor.fetchone()[0]


def test_an_existing_archive_is_never_written_over(house, tmp_path):
    archive = tmp_path / "c.tar.gz"
    archive.write_text("yang lama")
    with pytest.raises(Refusal, match="sudah ada"):
        backups.write_backup(archive)
    assert archive.read_text() == "yang lama"


def test_an_archive_that_cannot_be_written_leaves_nothing(house, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups.os, "fsync", full)
    with pytest.raises(Refusal, match="No space left"):
        backups.write_backup(tmp_path / "c.tar.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["var"]
    assert not list(house.glob("tmp*"))


def test_a_missing_folder_and_a_missing_archive_are_named(house, tmp_path):
    with pytest.raises(Refusal, match=r"Folder .* tidak ada"):
        backups.write_backup(tmp_path / "tidak-ada" / "c.tar.gz")
    with pytest.raises(Refusal, match="tidak ada"):
        backups.read_backup(tmp_path / "tidak-ada.tar.gz")


def test_a_house_in_use_is_refused(house, tmp_path, elsewhere):
    archive = tmp_path / "c.tar.gz"
    backups.write_backup(archive)
    with pytest.raises(Refusal, match=r"sudah berisi .* tabel"):
        backups.read_backup(archive)
    folder, _ = elsewhere()
    (folder / "pki").mkdir()
    (folder / "pki" / "kunci.pem").write_text("yang lain")
    with pytest.raises(Refusal, match="DATA_DIR kosong"):
        backups.read_backup(archive)
    assert (folder / "pki" / "kunci.pem").read_text() == "yang lain"


@pytest.fixture
def archive(house, tmp_path):
    path = tmp_path / "c.tar.gz"
    backups.write_backup(path)
    return path


def cut(path: Path):
    body = path.read_bytes()
    path.write_bytes(body[: len(body) // 2])


def flip(path: Path):
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(body)


def unpackable(path: Path):
    path.write_bytes(gzip.compress(b"not a tar file" * 100))


@pytest.mark.parametrize("damage", [cut, flip, unpackable, lambda path: path.write_bytes(b"")])
def test_a_damaged_archive_is_refused_and_nothing_is_touched(archive, elsewhere, damage):
    damage(archive)
    folder, other = elsewhere()
    with pytest.raises(Refusal, match=r"utuh|rusak"):
        backups.read_backup(archive)
    assert_untouched(folder, other)


def assert_untouched(folder, other):
    assert other.introspection.table_names() == []
    assert [path.name for path in folder.iterdir() if not path.name.startswith("netralitas.sqlite3")] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.pop("manifest.json"),
        lambda members: members.update({"manifest.json": b"[]"}),
        lambda members: members.update({"files/dokumen/segel-1.pdf": b"lain"}),
        lambda members: members.pop("files/dokumen/segel-1.pdf"),
        with_manifest(sha256={}),
        with_manifest(sha256={"../../etc/passwd": "0" * 64}),
        with_manifest(sha256={"files/../secret": "0" * 64}),
        with_manifest(vendor="oracle"),
    ],
)
def test_an_archive_that_was_tampered_with_is_refused(archive, elsewhere, tmp_path, change):
    bad = repack(archive, tmp_path / "b.tar.gz", change)
    folder, other = elsewhere()
    with pytest.raises(Refusal):
        backups.read_backup(bad)
    assert_untouched(folder, other)


def test_a_secret_of_the_environment_is_not_stored_and_is_asked_for(
    house, elsewhere, tmp_path, monkeypatch, settings
):
    settings.FIELD_KEYS = "dari lingkungan"  # wins over the file that lies there too
    path = tmp_path / "c.tar.gz"
    backups.write_backup(path)
    folder, other = elsewhere()
    with pytest.raises(Refusal, match="FIELD_KEYS tidak ada di dalam cadangan"):
        backups.read_backup(path)
    assert_untouched(folder, other)
    monkeypatch.setenv("FIELD_KEYS", "dari lingkungan")
    assert backups.read_backup(path)["files"] == 5
    assert not (folder / "field_keys").exists()


def test_a_secret_of_the_environment_that_differs_is_named(archive, elsewhere, monkeypatch, settings):
    elsewhere()
    settings.SECRET_KEY = "lain"
    monkeypatch.setenv("SECRET_KEY", "lain")
    with pytest.raises(Refusal, match="SECRET_KEY di lingkungan berbeda"):
        backups.read_backup(archive)


@pytest.mark.parametrize(("command", "said"), [("backup", "sudah ada"), ("restore", "sudah berisi")])
def test_the_commands_answer_2_and_one_line(archive, capsys, command, said):
    with pytest.raises(SystemExit) as end:
        call_command(command, str(archive))
    lines = capsys.readouterr().err.strip().splitlines()
    assert (end.value.code, len(lines)) == (2, 1)
    assert said in lines[0]


def test_a_missing_tool_of_postgresql_is_named(house, tmp_path, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no tool")
    monkeypatch.setattr(backups.shutil, "which", lambda _: None)
    with pytest.raises(Refusal, match="postgresql-client"):
        backups.write_backup(tmp_path / "c.tar.gz")
