"""``manage.py serve`` as an operator meets it: real processes on a free port, with their own DATA_DIR."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder) -> dict:
    left_out = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "TEST_DATA_DIR", "PYTHONWARNINGS")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "DATA_DIR": str(folder), "HTTPS": "0", "PYTHONUNBUFFERED": "1"}


def serve(folder, port, *options, **popen):
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), *options],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **popen,
    )


def children_of(pid: int) -> dict[str, int]:
    """The web and the worker process by a word of their command line."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        found["web" if "gunicorn" in command else "worker"] = int(child)
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An empty database with its tables: enough for both processes to start."""
    folder = tmp_path_factory.mktemp("serve")
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=environment(folder), check=True)
    (folder / "static").mkdir()
    return folder


@pytest.fixture
def running(data):
    port = free_port()
    process = serve(data, port)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                break
        except OSError:
            time.sleep(0.1)
    children = children_of(process.pid)
    yield process, children
    for pid in [process.pid, *children.values()]:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()


def test_a_taken_port_is_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = serve(tmp_path, port, "--prepare")
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output.strip().splitlines() == [
        f"CommandError: Alamat 127.0.0.1:{port} sudah dipakai program lain. "
        "Pilih porta lain: make run PORT=8001"
    ]


def test_an_address_of_another_machine_is_one_clear_line(tmp_path):
    process = serve(tmp_path, free_port(), "--host", "192.0.2.1")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "192.0.2.1" in output
    assert "tidak dapat dipakai" in output
    assert len(output.strip().splitlines()) == 1


@pytest.mark.parametrize(("victim", "word"), [("web", "web"), ("worker", "pekerja")])
def test_when_one_process_dies_the_other_is_stopped_and_it_is_said(running, victim, word):
    process, children = running
    assert set(children) == {"web", "worker"}

    os.kill(children[victim], signal.SIGKILL)
    output, _ = process.communicate(timeout=40)

    assert process.returncode == 1
    assert f"Proses {word} berhenti sendiri (kode -9)" in output
    assert not any(is_alive(pid) for pid in children.values())


def test_one_signal_ends_both_within_seconds(running):
    process, children = running
    started = time.monotonic()

    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=40)

    assert process.returncode == 0
    assert time.monotonic() - started < 15
    assert not any(is_alive(pid) for pid in children.values())


def test_a_terminal_closed_during_the_start_leaves_nothing_behind(data):
    process = serve(data, free_port())
    until = time.monotonic() + 30
    while len(children := children_of(process.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=40)
    assert not any(is_alive(pid) for pid in children.values())


@pytest.mark.parametrize(
    ("processors", "asked", "processes"), [(1, "", 2), (2, "", 3), (64, "", 9), (2, "5", 5)]
)
def test_web_has_one_process_more_than_processors_unless_told(processors, asked, processes):
    script = f"import os; os.cpu_count = lambda: {processors}; from netralitas import web; print(web.workers)"
    env = {**os.environ, "WEB_CONCURRENCY": asked}
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, check=True)
    assert int(found.stdout) == processes
