import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

GREET_AFTER = 30  # seconds


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
        commands = {
            "web": [
                sys.executable,
                "-m",
                "gunicorn",
                "-c",
                "python:netralitas.web",
                "netralitas.wsgi",
                "--bind",
                f"{host}:{port}",
                "--access-logfile",
                "/dev/null",
            ],
            "pekerja": [sys.executable, "manage.py", "worker"],
        }
        stopping: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _: stopping.append(received))
        # A session of their own: Ctrl+C reaches this process alone, which then asks each child once.
        children = {
            name: subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603
            for name, command in commands.items()
        }
        ended, greeted, started = "", False, time.monotonic()
        while not stopping and not ended:
            ended = next((name for name, child in children.items() if child.poll() is not None), "")
            if not greeted and (answers(host, port) or time.monotonic() - started > GREET_AFTER):
                greeted = True
                self.greet(host, port)
            time.sleep(0.2)
        stop(children.values())
        if ended:
            code = children[ended].returncode
            raise CommandError(f"Proses {ended} berhenti sendiri (kode {code}); semuanya dihentikan.")

    def greet(self, host, port):
        self.stdout.write(f"\nNetralitas berjalan di http://{host}:{port}/  (Ctrl+C untuk berhenti)")
        call_command("demo_logins")
        sys.stdout.flush()


def ensure_free(host: str, port: int):
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise CommandError(
                f"Alamat {host}:{port} sudah dipakai program lain. Pilih porta lain: make run PORT=8001"
            ) from error
        raise CommandError(f"Alamat {host}:{port} tidak dapat dipakai: {error}.") from error


def answers(host: str, port: int) -> bool:
    """Whether the web process answers at all; with which status depends on ALLOWED_HOSTS."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
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
