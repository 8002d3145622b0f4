"""How many signatures the server takes in: python benchmarks/sync.py [rounds]. Prints ratios of one run, see README.md.

Each round asks an empty view and then hands in sealed batches of 50, both for the same time, by the same clients over
the same kept connections (which worker got how many of them is chance), from a gunicorn as in production
(``netralitas/web.py``: one process more than processors, four threads each). A round before them warms the server up. Run it again under tests/postgres.py for the other database.
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
from itertools import repeat
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
BATCH, BATCHES = 50, 4  # records per request, requests per tablet of a crowd
ROUND_BATCHES = 12  # requests per tablet and round; more than it will get rid of
SECONDS = 2.0  # of each half of a round
GATE_RATIO, GATE_P99 = 0.35, 1.0


class Server:
    """gunicorn on a free port, as ``manage.py serve`` starts it."""

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [
            *(sys.executable, "-m", "gunicorn", "-c", "python:netralitas.web", "netralitas.wsgi"),
            *("--bind", f"127.0.0.1:{self.port}", "--access-logfile", "/dev/null", "--log-level", "error"),
            *("--max-requests", "0"),  # empty views by the ten thousand would end every process in the run
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


def together(clients, scripts) -> tuple[float, list[float], list[bytes]]:
    """Run each script of requests by a client of its own at once: (seconds, latencies, bodies); errors end it."""
    latencies, bodies, failures = [], [], []
    gate = threading.Barrier(len(clients) + 1)

    def work(client, script):
        gate.wait()
        for request in script:
            started = time.perf_counter()
            status, body = client.ask(request)
            latencies.append(time.perf_counter() - started)
            (bodies if status == 200 else failures).append(body)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(clients, scripts, strict=True)]
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


def for_a_while(requests):
    """Those of the requests that can be begun within SECONDS."""
    until = time.perf_counter() + SECONDS
    for request in requests:
        if time.perf_counter() >= until:
            return
        yield request


def empty_view(clients) -> float:
    """Requests per second of a view that does nothing, through the whole middleware."""
    seconds, latencies, _ = together(clients, [for_a_while(repeat(get("/healthz"))) for _ in clients])
    return len(latencies) / seconds


def batches(tablet, size: int) -> list[bytes]:
    queue = tablet.queue
    parts = (queue[at : at + size] for at in range(0, len(queue), size))
    return [post("/api/v1/kiosk/sync", tablet.token, tablet.batch(items)) for items in parts]


def sync(clients, scripts) -> tuple[float, list[float], int]:
    """Rows per second, latencies, rows; every record that was sent must be stored."""
    seconds, latencies, bodies = together(clients, scripts)
    results = [result for body in bodies for result in json.loads(body)["results"]]
    odd = [result for result in results if result["status"] != "stored"]
    if odd or not results:
        raise SystemExit(f"{len(odd)} of {len(results)} not stored: {odd[:1]}")
    return len(results) / seconds, latencies, len(results)


def day_of(port: int, day: Day, size: int) -> tuple[float, list[float], int]:
    """The same for everything that waits on the tablets of a day, each by a connection of its own."""
    found = sync([Client(port) for _ in day.tablets], [batches(tablet, size) for tablet in day.tablets])
    if found[2] != day.records:
        raise SystemExit(f"{found[2]} of {day.records} stored")
    return found


def one_round(port: int, number: int) -> tuple[float, float, float, list[float]]:
    """(ratio, rows per second, empty requests per second, latencies of the batches)"""
    day = Day(f"Putaran {number}", tablets=TABLETS, each=BATCH * ROUND_BATCHES)
    scripts = [batches(tablet, BATCH) for tablet in day.tablets]
    clients = [Client(port) for _ in day.tablets]
    empty = empty_view(clients)
    rate, latencies, _ = sync(clients, [for_a_while(script) for script in scripts])
    return rate / empty, rate, empty, latencies


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main(rounds: int):
    call_command("prepare", "--no-demo", verbosity=0)
    with Server() as server:
        one_round(server.port, 0)
        rows = [one_round(server.port, number + 1) for number in range(rounds)]
        _, single, _ = day_of(server.port, Day("Banyak tablet", tablets=CROWD, each=BATCHES), 1)
        _, full, _ = day_of(server.port, Day("Banyak tablet penuh", tablets=CROWD, each=BATCH), BATCH)
        queue = Day("Antrean satu tablet", tablets=1, each=500)
        started = time.perf_counter()
        day_of(server.port, queue, BATCH)
        drained = time.perf_counter() - started
    ratio, rate, empty = (statistics.median(row[at] for row in rows) for at in range(3))
    waits = [wait for row in rows for wait in row[3]]
    print("ratios", " ".join(f"{row[0]:.2f}" for row in rows))
    print(f"{connection.vendor}, {rounds} rounds, medians; batches of {BATCH}, {TABLETS} tablets at once")
    print(
        f"{'rows/s over empty-view requests/s':<52} {ratio:6.2f}   ≥ {GATE_RATIO}   ({rate:.0f} / {empty:.0f})"
    )
    print(f"{'batch p50 / p99 at 8, s':<52} {percentile(waits, 0.5):.2f} / {percentile(waits, 0.99):.2f}")
    print(f"{'one record a request, 32 at once: p99, s':<52} {percentile(single, 0.99):6.2f}   < {GATE_P99}")
    print(f"{'batches of 50, 32 at once: p99, s':<52} {percentile(full, 0.99):6.2f}   (no gate)")
    print(
        f"{'500 queued on one tablet → all receipts, s':<52} {drained:6.2f}   ≤ 5, in {500 // BATCH} requests"
    )
    print("errors 0")


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:]] or [6])
