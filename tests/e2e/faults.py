"""A server that spoils its answers: ``gunicorn tests.e2e.faults:application``.

Every fault lets the product do its work first, so that the commit is real, and then spoils what the tablet hears. The
plan lies in the JSON file named by FAULTS and is read for each request: {"path": "sync", "faults": ["die", …],
"rate": 0.6, "times": 3}. No fault code in the product.
"""

import fcntl
import json
import os
import random
import signal
import time
from pathlib import Path

from netralitas.wsgi import application as product

PORTAL = b"<!doctype html><title>Masuk Wi-Fi</title><p>Silakan masuk ke jaringan tamu.</p>"
RANDOM = random.Random(int(os.environ.get("FAULT_SEED", "7")) + os.getpid())


class Cut(Exception):
    """Ends the connection in the middle of the body."""


def application(environ, start_response):
    fault = wanted(environ["PATH_INFO"])
    if fault is None:
        return product(environ, start_response)
    if fault == "unavailable":  # never reaches the product
        start_response("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "1")])
        return [b"busy"]
    heard = {}
    # The product's answer in full: its transaction is committed before anything is spoilt.
    body = b"".join(
        product(environ, lambda status, headers, *_: heard.update(status=status, headers=headers))
    )
    return FAULTS[fault](heard["status"], heard["headers"], body, start_response)


def wanted(path: str) -> str | None:
    """The fault for this request, counted off in the plan when it has a number of times."""
    name = os.environ.get("FAULTS")
    if not name or not Path(name).exists():
        return None
    with open(name, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        plan = json.loads(file.read() or "{}")
        if not plan.get("faults") or plan.get("path", "") not in path:
            return None
        if RANDOM.random() >= plan.get("rate", 1):
            return None
        if "times" in plan:
            if plan["times"] < 1:
                return None
            plan["times"] -= 1
            file.seek(0)
            file.truncate()
            file.write(json.dumps(plan))
            file.flush()
    return RANDOM.choice(plan["faults"])


def die(status, headers, body, start_response):
    os.kill(os.getpid(), signal.SIGKILL)


def error500(status, headers, body, start_response):
    start_response("500 Internal Server Error", [("Content-Type", "text/html")])
    return [b"<h1>Server Error</h1>"]


def portal(status, headers, body, start_response):
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(PORTAL)))])
    return [PORTAL]


def truncated(status, headers, body, start_response):
    half = body[: len(body) // 2]
    start_response(status, [*without_length(headers), ("Content-Length", str(len(half)))])
    return [half]


def cut(status, headers, body, start_response):
    start_response(status, [*without_length(headers), ("Content-Length", str(len(body)))])

    def pieces():
        yield body[: len(body) // 2]
        raise Cut

    return pieces()


def changed(change):
    def fault(status, headers, body, start_response):
        try:
            reply = json.loads(body)
            change(reply)
            body = json.dumps(reply).encode()
        except (ValueError, KeyError, IndexError, TypeError):
            pass  # not a reply that can be changed this way
        start_response(status, [*without_length(headers), ("Content-Length", str(len(body)))])
        return [body]

    return fault


def half_of_the_results(reply):
    reply["results"] = reply["results"][: len(reply["results"]) // 2]


def another_record(reply):
    for result in reply["results"]:
        result["receipt"]["record_sha256"] = "0" * 64


def another_protocol(reply):
    reply["proto"] = "lain/1"


def slow(status, headers, body, start_response):
    time.sleep(float(os.environ.get("FAULT_SLEEP", "20")))
    start_response(status, headers)
    return [body]


def without_length(headers):
    return [(name, value) for name, value in headers if name.lower() != "content-length"]


FAULTS = {
    "die": die,
    "error500": error500,
    "portal": portal,
    "truncated": truncated,
    "cut": cut,
    "partial": changed(half_of_the_results),
    "wrong_receipt": changed(another_record),
    "wrong_server": changed(another_protocol),
    "slow": slow,
    "unavailable": None,
}
