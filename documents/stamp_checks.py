"""PURE: what the timestamps of a sealed file are worth, for ``documents.sealer`` (slow import).

Each is judged at its own time with the certificates and revocation lists that the file carries (DSS), without network.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from asn1crypto import cms, core
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import message_imprint_checker, validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from .certificates import LOCAL, common_name
from .cms_plain import asn1, embedded_chain, hole_of, is_anchored, is_plain_token, pyca
from .pades import StampReport


class Contexts:
    """Validation contexts for one file: our roots, what its DSS holds, never the network."""

    def __init__(self, reader: PdfFileReader, roots: Sequence[x509.Certificate]):
        self.roots = roots
        self._trusted = [asn1(root) for root in roots]
        try:
            self._dss = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            self._dss = None

    @property
    def has_dss(self) -> bool:
        return self._dss is not None

    @property
    def has_lists(self) -> bool:
        return self._dss is not None and bool(self._dss.crls or self._dss.ocsps)

    def at(self, moment: datetime | None, *, strict: bool = False) -> ValidationContext:
        """Revocation lists that came into the file later speak for the time before as well (an upgraded seal).

        ``strict``: a certificate of which no list says that it is good is not trusted.
        """
        options = {
            "trust_roots": self._trusted,
            "allow_fetching": False,
            "revocation_mode": "hard-fail" if strict else "soft-fail",
            "moment": moment,
            "best_signature_time": moment,
        }
        if self._dss is None:
            return ValidationContext(**options)
        return self._dss.as_validation_context(options | {"retroactive_revinfo": True})


def stamp_of_seal(seal, contexts: Contexts) -> StampReport | None:
    """The timestamp that the seal itself carries; None when it has none."""
    token = _token_of(seal)
    if token is None:
        return None
    try:
        signed = token["content"]
        checked = validate_tst_signed_data(
            signed, contexts.at(_said_at(signed)), message_imprint_checker(seal.signer_info)
        )
        status = TimestampSignatureStatus(**asyncio.run(checked))
        return _report(status, signed, token.dump(), contexts, is_archive=False)
    except Exception:  # hostile bytes break parsers in ways nobody can list
        return StampReport()


def archive_stamps(data: bytes, stamps: Iterable, contexts: Contexts) -> list[StampReport]:
    """Document timestamps, oldest first."""
    return [_archive_stamp(data, stamp, contexts) for stamp in stamps]


def _archive_stamp(data: bytes, stamp, contexts: Contexts) -> StampReport:
    try:
        signed, content = stamp.signed_data, hole_of(data, stamp)
        status = validate_pdf_timestamp(stamp, contexts.at(_said_at(signed)), skip_diff=True)
        return _report(status, signed, content, contexts, is_archive=True) if content else StampReport()
    except Exception:  # as above
        return StampReport()


def _report(
    status, signed: cms.SignedData, content: bytes, contexts: Contexts, *, is_archive: bool
) -> StampReport:
    own = status.signing_cert.dump()
    beside = [item.chosen for item in signed["certificates"] if item.chosen.dump() != own]
    chain = embedded_chain(status.signing_cert, beside)
    sound = status.valid and status.intact and is_plain_token(content, status.signing_cert)
    sound = sound and _names_its_certificate(signed["signer_infos"][0], own)
    certificate = pyca(status.signing_cert)
    known = status.validation_path is not None and status.trust_problem_indic is None
    anchored = chain is not None and is_anchored(chain[-1], contexts.roots)
    return StampReport(
        genuine=sound and chain is not None and (anchored or not known),
        trusted=known and anchored,
        at=status.timestamp,
        name=common_name(certificate.subject),
        is_local=common_name(certificate.subject).endswith(LOCAL),
        is_archive=is_archive,
        certificate_ends=certificate.not_valid_after_utc,
    )


def _names_its_certificate(signer: cms.SignerInfo, certificate: bytes) -> bool:
    """RFC 3161 §2.4.2, RFC 5816: the signed attributes hold the hash of the certificate, so no other can take its place."""
    for attribute in signer["signed_attrs"]:
        kind = attribute["type"].native
        if kind in ("signing_certificate_v2", "signing_certificate"):
            said = attribute["values"][0]["certs"][0]
            algorithm = said["hash_algorithm"]["algorithm"].native if kind.endswith("v2") else "sha1"
            return hashlib.new(algorithm, certificate).digest() == said["cert_hash"].native
    return False


def _said_at(signed: cms.SignedData) -> datetime:
    return signed["encap_content_info"]["content"].parsed["gen_time"].native


def _token_of(seal) -> cms.ContentInfo | None:
    unsigned = seal.signer_info["unsigned_attrs"]
    for item in () if isinstance(unsigned, core.Void) else unsigned:
        if item["type"].native == "signature_time_stamp_token":
            return item["values"][0]
    return None
