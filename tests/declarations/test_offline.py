"""``verify_document`` twenty years on: other machine, no database, no network, nothing but the file and a root.

The first test runs with the packages of this environment, the second makes one of its own from the lock, as `make` does.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from documents import storage
from tests.declarations.insider import signed_on_a_tablet

pytestmark = pytest.mark.django_db

ROOMS = ("accounts", "declarations", "documents", "events", "netralitas", "regions", "templates")
SENTENCES = (
    "Keutuhan berkas      sesuai     Berkas utuh sejak disegel.",
    "Segel                sesuai     Segel elektronik Panwaslu Kecamatan Cerme (segel lokal) sah.",
    "Sertifikat           sesuai     Sertifikat Panwaslu Kecamatan Cerme (segel lokal), penerbit ",
    "Stempel waktu        sesuai     Stempel waktu ",
    "Bukti                sesuai     Bukti 3 penanda tangan cocok dengan halaman.",
    "Tanda tangan tablet  sesuai     3 tanda tangan tablet sah.",
    "Rantai tablet        sesuai     Rantai 1 tablet utuh.",
    "Naskah               sesuai     Naskah cocok (",
)
NO_NETWORK = """
import socket

def refuse(*arguments, **options):
    raise RuntimeError("the check reached for the network")

for name in ("connect", "connect_ex", "sendto", "bind"):
    setattr(socket.socket, name, refuse)
for name in ("getaddrinfo", "gethostbyname", "create_connection"):
    setattr(socket, name, refuse)
"""
NO_DATABASE = """
import sqlite3

def refuse(*arguments, **options):
    raise RuntimeError("the check reached for the database")

sqlite3.connect = sqlite3.dbapi2.connect = refuse
"""


@pytest.fixture
def files(settings, tmp_path) -> Path:
    """Keys of an own house. A sealed paper, the same with one changed bit, cut short, and the root to compare with."""
    settings.DATA_DIR = tmp_path / "kantor"
    document = signed_on_a_tablet()
    data = storage.read(document.file)
    middle = document.unsigned_size // 2
    (tmp_path / "utuh.pdf").write_bytes(data)
    (tmp_path / "ubah.pdf").write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    (tmp_path / "potong.pdf").write_bytes(data[:middle])
    [root] = (settings.DATA_DIR / "pki" / "roots").glob("*.pem")
    shutil.copy(root, tmp_path / "akar.pem")
    return tmp_path


@pytest.fixture
def elsewhere(tmp_path) -> Path:
    """The code alone, in a folder of its own."""
    place = tmp_path / "salinan"
    for room in ROOMS:
        shutil.copytree(
            django_settings.BASE_DIR / room, place / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(django_settings.BASE_DIR / "manage.py", place)
    return place


@pytest.fixture
def barred(tmp_path) -> Path:
    """A folder for PYTHONPATH: whoever opens a socket or a database ends with an error."""
    place = tmp_path / "larangan"
    place.mkdir()
    (place / "sitecustomize.py").write_text(NO_NETWORK + NO_DATABASE)
    return place


def without_network() -> list[str]:
    """What to put before a command so that its machine has no network at all; nothing where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare and subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode == 0:
        return [unshare, "-rn"]
    return []


def verify(python, code: Path, barred: Path, file: Path, *, before=()) -> subprocess.CompletedProcess:
    """The command in an empty house: no setting of this one, no database file, nothing in DATA_DIR."""
    house = file.parent / f"rumah-{file.stem}"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(barred),
        "DATA_DIR": str(house),
        "DATABASE_URL": f"sqlite:///{file.parent}/tiada/netralitas.sqlite3",
        "LANG": "C.UTF-8",
    }
    command = [*before, python, "manage.py", "verify_document", file, "--trust", file.parent / "akar.pem"]
    done = subprocess.run(command, cwd=code, env=environment, capture_output=True, text=True, check=False)
    assert "reached for" not in done.stderr, done.stderr
    assert [found.name for found in house.rglob("*.sqlite3*")] == []
    return done


def shows_what_it_must(check) -> None:
    """``check(name) -> CompletedProcess`` of the file of that name."""
    sound = check("utuh.pdf")
    assert (sound.returncode, sound.stderr) == (0, "")
    for sentence in SENTENCES:
        assert sentence in sound.stdout
    assert sound.stdout.rstrip().endswith(": SAH")
    changed = check("ubah.pdf")
    assert changed.returncode == 1
    assert "Keutuhan berkas      GAGAL      Isi berkas berubah setelah disegel." in changed.stdout
    assert ": TIDAK SAH (Keutuhan berkas" in changed.stdout
    cut = check("potong.pdf")
    assert (cut.returncode, cut.stderr.strip()) == (2, "Berkas bukan PDF yang utuh.")


def test_the_bar_against_network_and_database_bars(barred):
    for attempt in (
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "sqlite3.connect(':memory:')",
    ):
        done = subprocess.run(
            [sys.executable, "-c", f"import sqlite3; {attempt}"],
            env={"PYTHONPATH": str(barred)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "reached for the" in done.stderr


def test_a_copy_of_the_code_checks_a_paper_without_database_and_network(files, elsewhere, barred):
    shows_what_it_must(lambda name: verify(sys.executable, elsewhere, barred, files / name))


def test_a_fresh_environment_checks_a_paper_with_the_network_off(files, elsewhere, barred, tmp_path):
    python = fresh_environment(tmp_path / "baru")
    before = without_network()
    if before:
        reach = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
        done = subprocess.run([*before, python, "-c", reach], capture_output=True, text=True, check=False)
        assert "Network is unreachable" in done.stderr
    shows_what_it_must(lambda name: verify(python, elsewhere, barred, files / name, before=before))


def fresh_environment(place: Path) -> Path:
    """A new virtual environment with exactly the packages of the lock, installed by the same tool as in `make`."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("uv belum terpasang di .venv; `make` memasangnya.")
    python = place / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    lock = django_settings.BASE_DIR / "requirements.lock"
    for more in (["--offline"], []):  # what this machine has already fetched first
        command = [uv, "pip", "sync", "-q", "--python", python, "--require-hashes", *more, lock]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return python
    if "Failed to fetch" in done.stderr or "error sending request" in done.stderr:
        pytest.skip(f"Tidak ada registri paket yang terjangkau: {done.stderr.strip().splitlines()[-1]}")
    pytest.fail(done.stderr)
