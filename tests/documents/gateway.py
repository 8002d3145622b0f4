"""A stand-in of the BSrE gateway on a real socket: signs with a certificate of a test authority, misbehaves on demand."""

import asyncio
import base64
import io
import json
import threading
import time
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import TextStampStyle

from documents.certificates import SealKey
from documents.sealer import _LoadedSigner
from tests.documents.psre import Psre

NIK = "3525010101800001"
PASSPHRASE = "frasa sandi pejabat"
TOTP = "482913"
USER, PASSWORD = "netralitas", "sandi aplikasi"


class Gateway(ThreadingHTTPServer):
    """``manner``: "", "500", "slow", "changed", "stamped", "page", "uncertified", "text", "appended", "redirect"."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.psre = Psre("Balai Besar Sertifikasi Elektronik Uji")
        private, issued = self.psre.issue(name="Pejabat Uji (contoh)")
        self.key = SealKey(private, issued, (self.psre.root,))
        self.manner, self.asked = "", []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """A client that gave up waiting is no news."""

    def signed(self, pdf: bytes) -> bytes:
        if self.manner == "changed":
            with pikepdf.open(io.BytesIO(pdf)) as paper:
                out = io.BytesIO()
                paper.save(out)
            pdf = out.getvalue()
        if self.manner == "page":
            pdf = _with_other_page(pdf)
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        stamped = self.manner == "stamped"
        style = None
        box = (50, 50, 250, 100) if stamped else None
        spec = SigFieldSpec(
            "TandaTanganBSrE",
            on_page=0,
            box=box,
            invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
            readable_field_name="Tanda tangan elektronik BSrE",
        )
        if stamped:
            style = TextStampStyle(stamp_text="Ditandatangani oleh %(signer)s")
        metadata = PdfSignatureMetadata(
            field_name="TandaTanganBSrE",
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            certify=self.manner != "uncertified",
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        fields.append_signature_field(writer, spec) if stamped else None
        signer = PdfSigner(
            metadata,
            signer=_LoadedSigner(self.key),
            new_field_spec=None if stamped else spec,
            **({"stamp_style": style} if style else {}),
        )
        out = io.BytesIO()
        asyncio.run(signer.async_sign_pdf(writer, output=out))
        return out.getvalue() + (b"\n% tambahan\n" if self.manner == "appended" else b"")


def _with_other_page(pdf: bytes) -> bytes:
    """An increment before the signature draws something on the first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    while page["/Type"] != "/Page":
        page = page["/Kids"][0].get_object()
    from pyhanko.pdf_utils.generic import ArrayObject, StreamObject, pdf_name

    drawn = writer.add_object(StreamObject(stream_data=b"0 0 50 50 re f"))
    old = page.raw_get("/Contents")
    page[pdf_name("/Contents")] = ArrayObject([old, drawn])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        self._answer(200, b"{}", "application/json")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {expected}":
            return self._problem(401, "Unauthorized")
        asked, pdf = self._read(body)
        self.server.asked.append((self.path, asked))
        manner = self.server.manner
        if manner == "500":
            return self._problem(500, f"internal error: {asked}")
        if manner == "slow":
            time.sleep(3)
        if manner == "redirect":
            self.send_response(302)
            self.send_header("Location", "/lain")
            self.end_headers()
            return None
        if asked.get("passphrase") != PASSPHRASE and asked.get("totp") != TOTP:
            return self._problem(400, f"Passphrase anda salah: {asked}")
        signed = b"{}" if manner == "text" else self.server.signed(pdf)
        if self.path.startswith("/api/v2/"):
            content = json.dumps({"time": 1, "file": [base64.b64encode(signed).decode()]}).encode()
            return self._answer(200, content, "application/json")
        return self._answer(200, signed, "application/pdf")

    def _read(self, body):
        if self.path == "/api/v2/sign/pdf":
            asked = json.loads(body)
            return asked, base64.b64decode(asked.pop("file")[0])
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + body)
        parts = {part.get_param("name", header="content-disposition"): part for part in message.iter_parts()}
        pdf = parts.pop("file").get_payload(decode=True)
        return {name: part.get_payload(decode=True).decode() for name, part in parts.items()}, pdf

    def _problem(self, code, text):
        self._answer(code, json.dumps({"error": text}).encode(), "application/json")

    def _answer(self, code, content, kind):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def running():
    gateway = Gateway()
    thread = threading.Thread(target=gateway.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.shutdown()
        gateway.server_close()
        thread.join()
