"""PURE: pyHanko's timestamps, for ``documents.sealer`` only (slow import): an own authority, one outside, archive stamps."""

import io
import secrets
import time
from datetime import UTC, datetime
from functools import lru_cache

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import general
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.general import SigningError, simple_cms_attribute
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.errors import PathError, ValidationError

from .certificates import SealKey
from .cms_plain import asn1
from .outside import ask
from .timestamps import SECONDS, Authority, Unavailable

FIELD = "Stempel waktu arsip"
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
LARGEST = 256 * 1024  # a timestamp with its certificates has some ten
KEPT = 3600  # seconds for which an authority is taken to answer with the same certificates
# RFC 3161 wants a policy; this one says that the clock is an office's own (under the arc of UUIDs).
POLICY = "2.25.309467317411463083213917364820912736453"
# What an authority that is silent, broken or unknown makes of pyHanko.
TROUBLE = (TimestampRequestError, OSError, SigningError, PathError, ValidationError, ValueError)


class OwnClock(TimeStamper):
    """The installation's authority in this process, its key held ready."""

    def __init__(self, key: SealKey):
        super().__init__()
        self._key = key
        self._certificate = asn1(key.certificate)
        self._chain = [asn1(certificate) for certificate in key.chain]

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": tsp.ObjectIdentifier(POLICY),
                "message_imprint": req["message_imprint"],
                "serial_number": secrets.randbits(63),
                "gen_time": core.GeneralizedTime(datetime.now(UTC).replace(microsecond=0)),
                "nonce": req["nonce"],
                "tsa": asn1_x509.GeneralName(name="directory_name", value=self._certificate.subject),
            }
        )
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(info.dump())})
        granted = tsp.PKIStatusInfo({"status": "granted"})
        return tsp.TimeStampResp({"status": granted, "time_stamp_token": token})

    def _signed(self, info: bytes) -> cms.SignedData:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(info)
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute(
                    "signing_certificate_v2", general.as_signing_certificate_v2(self._certificate)
                ),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        name = cms.IssuerAndSerialNumber(
            {"issuer": self._certificate.issuer, "serial_number": self._certificate.serial_number}
        )
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier({"issuer_and_serial_number": name}),
                "digest_algorithm": sha256,
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
                "signed_attrs": attributes,
                "signature": self._key.private_key.sign(
                    attributes.dump(), padding.PKCS1v15(), hashes.SHA256()
                ),
            }
        )
        return cms.SignedData(
            {
                "version": "v3",  # RFC 5652 §5.1: content that is not plain data
                "digest_algorithms": cms.DigestAlgorithms((sha256,)),
                "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(info)},
                "certificates": [self._certificate, *self._chain],
                "signer_infos": [signer],
            }
        )


def stamper_of(authority: Authority) -> TimeStamper:
    """Kept, because the first question to an authority only tells pyHanko how much room its answer needs."""
    return _own_clock(authority.key) if authority.key else _outside(authority.url, int(time.time() // KEPT))


@lru_cache(maxsize=4)
def _own_clock(key: SealKey) -> OwnClock:
    return OwnClock(key)


class OutsideClock(TimeStamper):
    """An authority reached by HTTP. Whatever it answers but a timestamp of what was asked is as good as silence."""

    def __init__(self, url: str, *, seconds: float):
        super().__init__()
        self._url, self._seconds = url, seconds

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            said = ask(self._url, body=req.dump(), kind=QUERY, seconds=self._seconds, largest=LARGEST)
            response = tsp.TimeStampResp.load(said.content)
            token = response["time_stamp_token"]["content"]
            info = token["encap_content_info"]["content"].parsed
            fits = (
                said.kind == REPLY
                and response["status"]["status"].native in ("granted", "granted_with_mods")
                and info["message_imprint"].dump() == req["message_imprint"].dump()
                and info["nonce"].native == req["nonce"].native
            )
        except Exception as problem:  # hostile bytes break parsers in ways nobody can list
            raise TimestampRequestError("no readable answer") from problem
        if not fits:
            raise TimestampRequestError("answer to another question")
        return response


@lru_cache(maxsize=4)
def _outside(url: str, _hour: int) -> OutsideClock:
    return OutsideClock(url, seconds=SECONDS)


def archive_stamp(sealed: bytes, authority: Authority) -> bytes:
    """One more revision: a document timestamp over everything so far, in a field of its own.

    Without a validation context, so that nothing unprotected follows it and the file ends where its ByteRange ends.
    Raises Unavailable.
    """
    out = io.BytesIO()
    box = InvisSigSettings(box_out_of_bounds=True)
    stamper = PdfTimeStamper(stamper_of(authority), invis_settings=box, readable_field_name=FIELD)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
        stamper.timestamp_pdf(writer, "sha256", validation_context=None, output=out)
    except TROUBLE as problem:
        raise Unavailable(type(problem).__name__) from problem
    return out.getvalue()
