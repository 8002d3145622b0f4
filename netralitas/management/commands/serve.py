import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from django.core.management import BaseCommand, CommandError, call_command


class Command(BaseCommand):
    help = "Menjalankan web dan pekerja; keduanya berhenti bersama."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--prepare", action="store_true", help="siapkan basis data dan berkas statis lebih dahulu"
        )

    def handle(self, *args, host, port, prepare, **options):
        """Start gunicorn and the worker, stop both on one signal, and end loudly when one of them ends."""
        ensure_free(host, port)
        if prepare:
            call_command("prepare")
        here = [sys.executable, "manage.py"]
        commands = {
            "web": [
                sys.executable,
                "-m",
                "gunicorn",
                "netralitas.wsgi",
                "--bind",
                f"{host}:{port}",
                "--worker-class",
                "gthread",
                "--workers",
                "2",
                "--threads",
                "4",
                "--graceful-timeout",
                "20",
                "--access-logfile",
                "/dev/null",
                "--log-level",
                "warning",
                "--max-requests",
                "5000",
            ],
            "pekerja": [*here, "worker"],
        }
        children = {name: subprocess.Popen(command) for name, command in commands.items()}  # noqa: S603
        stopping = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.append(True))
        self.greet(host, port, children["web"])
        ended = ""
        while not stopping and not ended:
            ended = next((name for name, child in children.items() if child.poll() is not None), "")
            time.sleep(0.2)
        stop(children.values())
        if ended:
            code = children[ended].returncode
            raise CommandError(f"Proses {ended} berhenti sendiri (kode {code}); semuanya dihentikan.")

    def greet(self, host, port, web):
        url = f"http://{host}:{port}"
        if wait_for(f"{url}/healthz", web):
            self.stdout.write(f"\nNetralitas berjalan di {url}/  (Ctrl+C untuk berhenti)")
            call_command("demo_logins")
            sys.stdout.flush()


def ensure_free(host: str, port: int):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Alamat {host}:{port} sudah dipakai program lain. Pilih porta lain: make run PORT=8001"
            ) from error


def wait_for(url: str, process, seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def stop(children):
    """Ask once, wait for work at hand, then end what still runs."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    until = time.monotonic() + 25
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
