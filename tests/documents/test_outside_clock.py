"""A timestamp authority outside, spoken to by HTTP as RFC 3161 says: answered, silent, broken, unknown."""

import asyncio
import http.server
import threading
from contextlib import contextmanager

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives import serialization

from documents import certificates, pades, pdf, proofs, stamper, timestamps, verification
from documents.stamper import OwnClock
from documents.timestamps import Authority, Unavailable

from . import sample


@contextmanager
def authority(answer):
    """An HTTP server whose POST gives ``answer(body) -> (status, content type, bytes)``; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, kind, content = answer(body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def _new_acquaintance():
    """A port may come back with another authority behind it."""
    stamper._outside.cache_clear()


@pytest.fixture
def foreign(settings, tmp_path):
    """Key and root of an authority of somebody else."""
    ours = settings.DATA_DIR
    settings.DATA_DIR = tmp_path
    key = certificates.tsa_key()
    settings.DATA_DIR = ours
    return key


def granting(key):
    clock = OwnClock(key)

    def answer(body):
        request = tsp.TimeStampReq.load(body)
        response = asyncio.run(clock.async_request_tsa_response(request))
        return 200, "application/timestamp-reply", response.dump()

    return answer


def trust(root, monkeypatch):
    sample.seal_key()  # ours are made at first use
    known = certificates.trusted_roots()
    for module in (certificates, proofs):
        monkeypatch.setattr(module, "trusted_roots", lambda extra=(): [*known, root])


@pytest.fixture
def unsigned():
    return sample.rendered("memorandum").pdf


def test_an_authority_outside_stamps_seal_and_file(foreign, unsigned, monkeypatch):
    trust(foreign.chain[-1], monkeypatch)
    with authority(granting(foreign)) as address:
        sealed = pades.seal(unsigned, signer=sample.seal_key(), authority=Authority(url=address))
    report = verification.verify_file(sealed)
    assert [check.message for check in report.checks.values() if check.status == "failed"] == []
    assert (report.valid, report.pades_level) == (True, "B-LTA")
    assert foreign.name in report.checks["timestamp"].message
    assert pdf.validate(sealed) == []


def test_an_authority_outside_whose_root_is_not_trusted_is_no_authority(foreign, unsigned):
    with authority(granting(foreign)) as address, pytest.raises(Unavailable):
        pades.seal(unsigned, signer=sample.seal_key(), authority=Authority(url=address))


@pytest.mark.parametrize(
    "answer",
    [
        (500, "text/plain", b"rusak"),
        (200, "text/html", b"<html>masuk dahulu</html>"),
        (200, "application/timestamp-reply", b"bukan DER"),
        (200, "application/timestamp-reply", b""),
        (200, "application/timestamp-reply", bytes.fromhex("30053003020102")),
    ],
    ids=["error", "login page", "garbage", "empty", "rejection"],
)
def test_an_authority_that_answers_nonsense_is_unavailable(unsigned, answer):
    with authority(lambda body: answer) as address:
        with pytest.raises(Unavailable):
            pades.seal(unsigned, signer=sample.seal_key(), authority=Authority(url=address))
        with pytest.raises(Unavailable):
            pades.upgrade(pades.seal(unsigned, signer=sample.seal_key()), authority=Authority(url=address))


def test_a_token_over_other_bytes_is_refused(foreign, unsigned, monkeypatch):
    """An authority that answers with a timestamp of something else must not spoil the paper."""
    trust(foreign.chain[-1], monkeypatch)
    honest = granting(foreign)

    def wrong(body):
        request = tsp.TimeStampReq.load(body)
        request["message_imprint"]["hashed_message"] = b"\0" * 32
        return honest(request.dump())

    with authority(wrong) as address, pytest.raises(Unavailable):
        pades.seal(unsigned, signer=sample.seal_key(), authority=Authority(url=address))


def test_an_authority_that_says_nothing_is_left_after_the_limit(unsigned, monkeypatch):
    monkeypatch.setattr("documents.stamper.SECONDS", 0.2)
    released = threading.Event()

    def silent(body):
        released.wait(20)
        return 200, "text/plain", b""

    timestamps.forget_silence()
    with authority(silent) as address:
        with pytest.raises(Unavailable):
            pades.seal(unsigned, signer=sample.seal_key(), authority=Authority(url=address))
        assert not released.is_set()  # we went on, not the authority
        released.set()


def test_the_root_of_an_authority_is_trusted_from_the_folder_of_roots(foreign, unsigned):
    sample.seal_key()  # ours are made at first use
    folder = certificates.pki_folder() / "roots"
    file = folder / "otoritas-uji.pem"
    file.write_bytes(foreign.chain[-1].public_bytes(serialization.Encoding.PEM))
    try:
        with authority(granting(foreign)) as address:
            sealed = pades.seal(unsigned, signer=sample.seal_key(), authority=Authority(url=address))
        assert verification.verify_file(sealed).pades_level == "B-LTA"
    finally:
        file.unlink()
