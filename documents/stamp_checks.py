"""PURE: what the timestamps of a sealed file are worth, for ``documents.sealer`` (slow import).

Each is judged at its own time with the certificates and revocation lists that the file carries (DSS), without network.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from asn1crypto import cms, core
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import message_imprint_checker, validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from .certificates import LOCAL, common_name
from .cms_plain import asn1, embedded_chain, hole_of, is_anchored, is_plain_token, pyca
from .pades import StampReport

# A list is missing or speaks of another time: that decides nothing, the rest of the check does.
_NO_LIST = (
    AdESIndeterminate.TRY_LATER,
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE,
    AdESIndeterminate.NO_POE,
)


def lacks_lists(status) -> bool:
    """A strict check stumbled only over revocation data that the file does not bring along."""
    return status.trust_problem_indic in _NO_LIST


class Contexts:
    """Validation contexts for one file: our roots, what its DSS holds, never the network.

    Revocation lists count only in a strict check: where the file has some it comes first, and a mild one follows when
    they do not speak of the certificate at all.
    """

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
            # "hard-fail" would look only at certificates that name an address of their list; ours name none.
            "revocation_mode": "require" if strict else "soft-fail",
            "moment": moment,
            "best_signature_time": moment,
        }
        if self._dss is None:
            return ValidationContext(**options)
        return self._dss.as_validation_context(options | {"retroactive_revinfo": True})

    def judge(self, check: Callable, moment: datetime | None):
        """The status that ``check(context)`` gives."""
        status = check(self.at(moment, strict=self.has_lists))
        return check(self.at(moment)) if self.has_lists and lacks_lists(status) else status


def stamp_of_seal(seal, contexts: Contexts) -> StampReport | None:
    """The timestamp that the seal itself carries; None when it has none."""
    token = _token_of(seal)
    if token is None:
        return None
    try:
        signed = token["content"]
        imprint, at = message_imprint_checker(seal.signer_info), _said_at(signed)

        def check(context: ValidationContext) -> TimestampSignatureStatus:
            return TimestampSignatureStatus(**asyncio.run(validate_tst_signed_data(signed, context, imprint)))

        status = contexts.judge(check, at)
        return _report(status, signed, token.dump(), contexts, is_archive=False)
    except Exception:  # hostile bytes break parsers in ways nobody can list
        return StampReport()


def archive_stamps(data: bytes, stamps: Iterable, contexts: Contexts) -> list[StampReport]:
    """Document timestamps, oldest first."""
    return [_archive_stamp(data, stamp, contexts) for stamp in stamps]


def _archive_stamp(data: bytes, stamp, contexts: Contexts) -> StampReport:
    try:
        signed, content = stamp.signed_data, hole_of(data, stamp)
        status = contexts.judge(
            lambda context: validate_pdf_timestamp(stamp, context, skip_diff=True), _said_at(signed)
        )
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
