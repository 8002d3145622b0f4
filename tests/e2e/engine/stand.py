"""A tiny stand-in for the server: serves the engine's modules as they are and speaks ``netralitas-kiosk/1`` in-process.

It opens, checks and chains what it is sent with the product's own pure modules, and spoils answers when told to.
"""

import hashlib
import json
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.canonical import b64u, unb64u
from declarations import envelope, evidence

STATIC = Path(__file__).resolve().parents[3] / "static"
PROTO = evidence.PROTOCOL
PAGE = b"""<!doctype html><meta charset="utf-8"><meta name="app-version" content="1.0.0+abcdef1"><title>uji</title>
<body><script type="module" src="/boot.js"></script>"""
BOOT = b"""
import { openEngine } from "/static/js/kiosk/engine.js";
import * as store from "/static/js/kiosk/store.js";
import { uuid7 } from "/static/js/kiosk/canon.js";
window.store = store;
window.uuid7 = uuid7;
window.outcome = async (work) => {
  try {
    return { value: await work() };
  } catch (error) {
    return { code: error instanceof DOMException ? error.name : error.code, message: error.message };
  }
};
openEngine().then(
  (engine) => { window.engine = engine; document.body.dataset.open = "1"; },
  (error) => { window.failure = error; document.body.dataset.open = "0"; },
);
"""
PIN = "240719"
TEXT = {"title": "Ikrar Netralitas", "opening": "Kami:", "points": ["Netral.", "Jujur."]}


def stamp(moment: datetime | None = None) -> str:
    return evidence.format_time(moment or datetime.now(UTC))


class Stand:
    """One event, one device at a time. ``faults[path]`` is a list of spoilers, used up one per request."""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.lock = threading.RLock()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.reset()

    def reset(self):
        with self.lock:
            self.private = ec.generate_private_key(envelope.CURVE)
            public = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            self.seal_key = {"kid": "e1", "public": b64u(public)}
            self.event = str(uuid.uuid4())
            self.paper = str(uuid.uuid4())
            self.people = [self.person(n) for n in range(12)]
            self.token = (
                f"nk1_{uuid.uuid4().hex}"  # a page of the test before, not yet closed, is a stranger here
            )
            self.device, self.public, self.state = None, None, "paired"
            self.codes = {"K7QF3M9T2XAB": None}  # code → public key once used
            self.items, self.unread, self.batches, self.calls = {}, set(), [], []
            self.faults: dict[str, list] = {}
            self.rules: dict[str, object] = {}
            self.commands, self.heartbeats = [], []
            self.may_answer = threading.Event()  # for an answer that comes "late"
            self.seq, self.done, self.undone, self.gone = 1, [], [], []
            self.paper_state, self.signing = "open", "open"
            self.offset = timedelta(0)
            self.problems = []  # what went wrong in the stand itself
            self.wipe_at = datetime.now(UTC) + timedelta(hours=72)

    def person(self, number):
        return {
            "id": str(uuid.uuid4()),
            "name": f"Peserta Nomor{number:02d} (contoh)",
            "position": "Kepala Desa",
            "agency": f"Desa {number}",
            "category": "kepala_desa",
            "declarations": [self.paper],
            "precedence": number,
        }

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # -- the protocol

    def answer(self, path, body, token):
        if path != "pair" and token != self.token:
            return 401, {"error": "unknown_token", "message": "Token tidak dikenal."}
        if path != "pair" and self.state == "revoked":
            return 410, {"error": "revoked", "message": "Perangkat dicabut."}
        return getattr(self, f"do_{path}")(body)

    def do_pair(self, body):
        code, public = body["code"], body["public_key"]
        if code not in self.codes:
            return 400, {"error": "code_unknown", "message": "Kode tidak dikenal."}
        if not envelope.is_signed(f"{PROTO}|pair|{code}".encode(), unb64u(body["proof"]), unb64u(public)):
            return 400, {"error": "bad_proof", "message": "Kunci tablet tidak dapat dipakai."}
        if self.codes[code] not in (None, public):
            return 400, {"error": "code_used", "message": "Kode sudah dipakai."}
        if self.codes[code] is None:
            self.device, self.public, self.items = str(uuid.uuid4()), unb64u(public), {}
        self.codes[code] = public
        salt = b"0123456789abcdef"
        return 200, {
            "token": self.token,
            "device": {"id": self.device, "label": "Meja 2", "site": "Pendopo"},
            "event": {
                "id": self.event,
                "code": "cerme-2026",
                "title": "Ikrar",
                "office": "Panwaslu (contoh)",
                "time_zone": "Asia/Jakarta",
                "starts_at": stamp(),
                "ends_at": stamp(),
            },
            "seal_key": self.seal_key,
            "staff_pin": {
                "salt": b64u(salt),
                "iterations": 1000,
                "hash": b64u(hashlib.pbkdf2_hmac("sha256", PIN.encode(), salt, 1000)),
            },
        }

    def do_roster(self, since):
        if self.state == "draining":
            return 403, {"error": "draining", "message": "Sedang dikosongkan."}
        full = since is None or self.rules.get("full", False)
        text = evidence.canonical_text(TEXT)
        return 200, {
            "seq": self.seq,
            "full": full,
            "rows_total": len(self.people),
            "event": {
                "state": "running",
                "signing": self.signing,
                "wipe_roster_at": stamp(self.wipe_at),
                "wipe_sent_at": stamp(self.wipe_at + timedelta(days=27)),
            },
            "declarations": [
                {
                    "id": self.paper,
                    "kind": "declaration",
                    "title": "Ikrar Netralitas",
                    "text": text,
                    "text_sha256": evidence.text_sha256(text),
                    "version": 1,
                    "state": self.paper_state,
                    "requires_reading": False,
                }
            ],
            "rows": self.people if full else [],
            "gone": [] if full else self.gone,
            "done": self.done,
            "undone": [] if full else self.undone,
        }

    def do_time(self, body):
        return 200, {"t0": body["t0"]}

    def do_heartbeat(self, body):
        self.heartbeats.append(body)
        commands, self.commands = self.commands, []
        here = self.unread | {record.data["device_seq"] for record in self.items.values()}
        if missing := [seq for seq in range(body["next_seq"]) if seq not in here]:
            commands = [{"do": "resend", "seqs": missing}, *commands]
        return 200, {
            "device_state": self.state,
            "roster_seq": self.seq,
            "signing": self.signing,
            "upgrade": "none",
            "commands": commands,
        }

    def do_sync(self, body):
        items = body["items"]
        self.batches.append([item["seq"] for item in items])
        assert len(items) <= 50
        if self.rules.get("poison") in self.batches[-1]:
            return self.rules["poison_status"], {"error": "invalid", "message": "Isian tidak sah."}
        if self.state == "paired":
            self.state = "active"
        results = [self.take(item) for item in items]
        if self.rules.pop("partial", False):
            results = results[::2]
        return 200, {"device_state": self.state, "upgrade": "none", "results": results}

    def take(self, item):
        sealed = unb64u(item["c"])
        receipt = {
            "sealed_sha256": envelope.sealed_sha256(sealed),
            "received_at": stamp(),
            "n": len(self.items),
        }
        found = {"id": item["id"], "codes": [], "receipt": receipt}
        if item["seq"] in self.rules.get("unknown_key", ()):
            return {"id": item["id"], "status": "retry", "codes": ["unknown_key"]}
        if item["seq"] in self.rules.get("unreadable", ()):
            self.unread.add(item["seq"])
            return {**found, "status": "quarantined", "codes": ["unreadable"]}
        known = item["id"] in self.items
        record = self.items.setdefault(item["id"], self.opened(item, sealed))
        receipt["record_sha256"] = record.sha256
        if item["seq"] in self.rules.get("mismatch", ()):
            receipt["record_sha256"] = "0" * 64
        if known:
            return {**found, "status": "duplicate", "was": "stored"}
        return {**found, "status": self.rules.get("status", "stored")}

    def opened(self, item, sealed):
        context = envelope.info(self.event, item["kid"], self.device, item["id"])
        plain = envelope.open_sealed(sealed, self.private, context)
        record = evidence.parse_record(plain.body, require_device=True)
        assert envelope.is_signed(record.raw, plain.signature, self.public)
        assert (str(record.id), record.data["device_seq"]) == (item["id"], item["seq"])
        return record

    def do_unpair(self, body):
        here = {record.data["device_seq"]: record.sha256 for record in self.items.values()}
        here |= {bridge["seq"]: bridge["record_sha256"] for bridge in body["quarantined"]}
        missing = [seq for seq in range(body["next_seq"]) if seq not in here]
        if body.get("forced"):
            return 200, {"device_state": "revoked"}
        if missing or self.link_of(here) != body["link"]:
            return 409, {"error": "missing_records", "message": "Belum lengkap.", "seqs": missing}
        return 200, {"device_state": "revoked"}

    def link_of(self, hashes):
        link = evidence.first_link(self.event, self.device, b64u(self.public))
        for seq in sorted(hashes):
            link = evidence.next_link(link, hashes[seq])
        return link.hex()

    # -- what tests ask

    def records(self, kind="signature"):
        found = sorted(self.items.values(), key=lambda record: record.data["device_seq"])
        return [record for record in found if kind in (record.kind, "")]

    def chain_is_whole(self):
        """Sequence numbers without a gap, each record after the link of the one before."""
        link = evidence.first_link(self.event, self.device, b64u(self.public))
        for seq, record in enumerate(self.records("")):
            if (record.data["device_seq"], record.data["prev_hash"]) != (seq, link.hex()):
                return False
            link = evidence.next_link(link, record.sha256)
        return True


def handler_of(stand):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def do_GET(self):
            path, _, query = self.path.partition("?")
            if path.startswith("/api/"):
                since = int(query.removeprefix("since=")) if query else None
                return self.api(path.rsplit("/", 1)[1], since)
            if path == "/":
                return self.reply(200, PAGE, "text/html")
            if path == "/boot.js":
                return self.reply(200, BOOT, "text/javascript")
            file = STATIC / path.removeprefix("/static/")
            if file.is_file():
                return self.reply(200, file.read_bytes(), "text/javascript")
            return self.reply(404, b"", "text/plain")

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                self.api(self.path.rsplit("/", 1)[1], body)
            except (AssertionError, ValueError, KeyError) as problem:
                stand.problems.append(repr(problem))
                raise

        def api(self, path, body):
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            with stand.lock:
                stand.calls.append(path)
                waiting = stand.faults.get(path) or stand.faults.get("*") or []
                fault = waiting[0] if waiting else None
                if waiting and waiting[0] != "always":
                    waiting.pop(0)
            if fault == "always":
                fault = waiting[1]
            if fault == "dead":  # no network: nothing arrives, nothing comes back
                return self.cut(b"")
            if fault == "slow":
                time.sleep(4)
                return self.cut(b"")
            with stand.lock:
                if fault in (None, "late", "die", "truncated", "cut"):
                    status, found = stand.answer(path, body, token)
                else:
                    return self.spoilt(fault)
            found = {**found, "proto": PROTO, "server_time": stamp(datetime.now(UTC) + stand.offset)}
            content = json.dumps(found).encode()
            if fault == "late":  # an answer that was true when it was written
                stand.may_answer.wait(20)
            if fault in ("die", "truncated", "cut"):
                return self.cut(
                    b"" if fault == "die" else content[: len(content) // 2], truncate=fault == "truncated"
                )
            self.reply(status, content, "application/json; charset=utf-8", {"ETag": f'"{stand.seq}"'})

        def spoilt(self, fault):
            if fault == "portal":
                return self.reply(200, b"<h1>Masuk Wi-Fi</h1>", "text/html")
            if fault == "redirect":
                return self.reply(302, b"", "text/html", {"Location": "/masuk-wifi"})
            if fault == "foreign":
                return self.reply(200, b'{"results": [], "proto": "lain/1"}', "application/json")
            if fault == "foreign410":
                return self.reply(410, b'{"error": "gone"}', "application/json")
            if fault == "busy":
                return self.reply(503, b"busy", "text/plain", {"Retry-After": "1"})
            body = json.dumps({"error": "x", "message": "x", "proto": PROTO, "server_time": stamp()}).encode()
            return self.reply(fault, body, "application/json")

        def cut(self, content, truncate=False):
            """End the connection before the reply is whole; ``truncate`` pretends that it was."""
            if content:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content) if truncate else len(content) * 2))
                self.end_headers()
                self.wfile.write(content)
                self.wfile.flush()
            self.close_connection = True

        def reply(self, status, content, kind, headers=()):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            for name, value in dict(headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    return Handler
