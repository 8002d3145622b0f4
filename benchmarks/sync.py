"""How many signatures the server takes in: python benchmarks/sync.py [rounds]. Prints ratios of one run, see README.md.

Each round asks an empty view and then hands in sealed batches of 50, by the same client over the same kept connections,
from a gunicorn as in production (gthread, 2 × 4). Run it again under tests/postgres.py for the other database.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="netralitas-bench-")
os.environ["HTTPS"] = "0"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netralitas.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.day import Day  # noqa: E402

TABLETS, CROWD = 8, 32
BATCH, BATCHES = 50, 4  # records per request, requests per tablet and round
EMPTY_SECONDS = 2.0
GATE_RATIO, GATE_P99 = 0.35, 1.0


class Server:
    """gunicorn on a free port, as ``manage.py serve`` starts it."""

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [
            *(sys.executable, "-m", "gunicorn", "netralitas.wsgi", "--bind", f"127.0.0.1:{self.port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "30"),
            *("--access-logfile", "/dev/null", "--log-level", "error"),
        ]
        self.process = subprocess.Popen(command, cwd=ROOT)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).read()
                return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Client:
    """One kept connection that sends prepared bytes and reads whole answers; as little Python as possible."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        length = int(fields[b"content-length"])
        while len(body) < length:
            body += self._more()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        piece = self.socket.recv(262144)
        if not piece:
            raise ConnectionError("closed")
        return piece


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def post(path: str, token: str, body: dict) -> bytes:
    data = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


def together(port: int, scripts) -> tuple[float, list[float], list[bytes]]:
    """Run each script of requests on a connection of its own at once: (seconds, latencies, bodies); errors end it."""
    latencies, bodies, failures = [], [], []
    gate = threading.Barrier(len(scripts) + 1)

    def work(script):
        client = Client(port)
        gate.wait()
        for request in script:
            started = time.perf_counter()
            status, body = client.ask(request)
            latencies.append(time.perf_counter() - started)
            (bodies if status == 200 else failures).append(body)

    threads = [threading.Thread(target=work, args=(script,)) for script in scripts]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if failures:
        raise SystemExit(f"{len(failures)} requests failed: {failures[0][:300]!r}")
    return seconds, latencies, bodies


def empty_view(port: int, clients: int) -> float:
    """Requests per second of a view that does nothing, through the whole middleware."""
    stop = time.perf_counter() + EMPTY_SECONDS

    def forever():
        while time.perf_counter() < stop:
            yield get("/healthz")

    seconds, latencies, _ = together(port, [forever() for _ in range(clients)])
    return len(latencies) / seconds


def sync(port: int, day: Day, size: int) -> tuple[float, list[float], int]:
    """Rows per second, latencies, rows that were stored; every record must get its receipt."""
    scripts = [
        [
            post("/api/v1/kiosk/sync", tablet.token, tablet.batch(items))
            for items in (tablet.queue[at : at + size] for at in range(0, len(tablet.queue), size))
        ]
        for tablet in day.tablets
    ]
    seconds, latencies, bodies = together(port, scripts)
    results = [result for body in bodies for result in json.loads(body)["results"]]
    stored = sum(result["status"] == "stored" for result in results)
    if stored != day.records:
        odd = next(result for result in results if result["status"] != "stored")
        raise SystemExit(f"{stored} of {day.records} stored: {odd}")
    return stored / seconds, latencies, stored


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main(rounds: int):
    call_command("prepare", "--no-demo", verbosity=0)
    rows = []
    with Server() as server:
        for number in range(rounds):
            empty = empty_view(server.port, TABLETS)
            day = Day(f"Putaran {number}", tablets=TABLETS, each=BATCH * BATCHES)
            rate, latencies, _ = sync(server.port, day, BATCH)
            rows.append((rate / empty, rate, empty, latencies))
        crowd = Day("Banyak tablet", tablets=CROWD, each=BATCHES)
        _, single, _ = sync(server.port, crowd, 1)
        full = Day("Banyak tablet penuh", tablets=CROWD, each=BATCH)
        _, batches, _ = sync(server.port, full, BATCH)
        queue = Day("Antrean satu tablet", tablets=1, each=500)
        started = time.perf_counter()
        sync(server.port, queue, BATCH)
        drained = time.perf_counter() - started
    ratio, rate, empty = (statistics.median(row[at] for row in rows) for at in range(3))
    waits = [wait for row in rows for wait in row[3]]
    print(f"{connection.vendor}, {rounds} rounds, medians; batches of {BATCH}, {TABLETS} tablets at once")
    print(
        f"{'rows/s over empty-view requests/s':<52} {ratio:6.2f}   ≥ {GATE_RATIO}   ({rate:.0f} / {empty:.0f})"
    )
    print(f"{'batch p50 / p99 at 8, s':<52} {percentile(waits, 0.5):.2f} / {percentile(waits, 0.99):.2f}")
    print(f"{'one record a request, 32 at once: p99, s':<52} {percentile(single, 0.99):6.2f}   < {GATE_P99}")
    print(f"{'batches of 50, 32 at once: p99, s':<52} {percentile(batches, 0.99):6.2f}   (no gate)")
    print(
        f"{'500 queued on one tablet → all receipts, s':<52} {drained:6.2f}   ≤ 5, in {500 // BATCH} requests"
    )
    print("errors 0")


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:]] or [3])
