"""PURE: pyHanko, for ``documents.pades`` only (slow import): make a seal, take one apart.

Taking apart trusts nothing: the ByteRange digests are also computed from the raw bytes, so that a file whose structure
no longer reads is still told from one that was never sealed.
"""

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from asn1crypto import cms
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DSSCompareRule,
    FormUpdatingRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp import NoOpStampStyle
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from . import fetching, proofs
from .certificates import LOCAL, SealKey, common_name, fingerprint
from .cms_plain import asn1, embedded_chain, is_anchored, is_plain, pyca
from .increments import BYTE_RANGE, increments_behind
from .pades import FIELD, Integrity, SealReport, StampReport, Trust
from .stamp_checks import Contexts, archive_stamps, lacks_lists, stamp_of_seal
from .stamper import stamper_of
from .timestamps import Authority, Unavailable

# The XMP of a sealed paper stays as it was rendered: otherwise each increment rewrites producer, dates and the
# extension schema, and breaks PDF/A (recommended by the maintainer, pyHanko #223).
BasePdfFileWriter._update_meta = lambda self: None  # type: ignore[method-assign]

_HEX = re.compile(rb"<(?:[0-9a-f]+|[0-9A-F]+)>")
# What may follow a seal: certificates and timestamps (DSS, document timestamps), a second party's own field.
# pyHanko's own policy would also let Info and XMP be rewritten.
_LATER_REVISIONS = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ignored_keys={"/AcroForm", "/DSS", "/Extensions"}),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
)
_SEAL_TRACES = re.compile(rb"/ETSI\.CAdES\.detached|/adbe\.pkcs7|/Adobe\.PPKLite|/ByteRange")


# --- making -----------------------------------------------------------------------------------------------------


class _LoadedSigner(Signer):
    """Holds the private key ready; pyHanko's own signer reads it anew for every raw signature (three times slower)."""

    def __init__(self, key: SealKey):
        self._key = key
        store = SimpleCertificateStore()
        store.register_multiple(asn1(certificate) for certificate in key.chain)
        super().__init__(signing_cert=asn1(key.certificate), cert_registry=store, embed_roots=True)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return self._key.sign_raw(data, digest_algorithm)


def sign(
    pdf: bytes,
    key: SealKey,
    *,
    reason: str,
    location: str,
    name: str,
    authority: Authority | None = None,
    crls: Sequence[x509.CertificateRevocationList] = (),
) -> bytes:
    """B-B without an authority; with one B-LT, or B-T where revocation data cannot be had.

    Raises ValueError, Unavailable; Refusal when an issuer outside has revoked the certificate.
    """
    foreign = not key.is_local
    context = proofs.signing_context(key, authority, crls) if authority or foreign else None
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        validation_context=context if authority else None,
        embed_validation_info=bool(authority and context),
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
        location=location or None,
        name=name,
    )
    stamper = stamper_of(authority) if authority else None
    signer = PdfSigner(metadata, signer=_LoadedSigner(key), stamp_style=NoOpStampStyle(), timestamper=stamper)
    out = io.BytesIO()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        signer.sign_pdf(writer, existing_fields_only=True, output=out)
    except (PdfError, SigningError) as problem:
        if authority and not isinstance(problem, PdfError) and _has_empty_field(pdf):
            raise Unavailable(type(problem).__name__) from problem
        raise ValueError("paper has no empty seal field, or is no whole PDF") from problem
    except (TimestampRequestError, OSError, PathError, ValidationError) as problem:
        raise Unavailable(type(problem).__name__) from problem
    return out.getvalue()


def _has_empty_field(pdf: bytes) -> bool:
    reader = PdfFileReader(io.BytesIO(pdf))
    return any(name == FIELD for name, value, _ in fields.enumerate_sig_fields(reader) if value is None)


def blank_paper() -> bytes:
    """A blank page with an empty seal field, for test seals."""
    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

    writer = PdfFileWriter(stream_xrefs=False)
    contents = writer.add_object(writer_stream(b""))
    page = PageObject(contents=contents, media_box=(0, 0, 595, 842))
    page[pdf_name("/Resources")] = _empty()
    writer.insert_page(page)
    fields.append_signature_field(writer, fields.SigFieldSpec(FIELD, box=(10, 10, 60, 40)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def writer_stream(data: bytes):
    from pyhanko.pdf_utils.generic import StreamObject

    return StreamObject(stream_data=data)


def _empty():
    from pyhanko.pdf_utils.generic import DictionaryObject

    return DictionaryObject()


# --- taking apart -----------------------------------------------------------------------------------------------


class _Raw(NamedTuple):
    """A signature as it stands in the bytes, found without reading the structure of the file."""

    end: int
    intact: bool


def inspect(data: bytes, roots: Sequence[x509.Certificate], *, changes: bool = True) -> SealReport:
    """``changes=False`` leaves out what later revisions changed: for a file we have just made from known bytes."""
    raw = _raw_signatures(data)
    try:
        return _inspect_structure(data, raw, roots, changes)
    except (
        Exception
    ) as problem:  # hostile bytes break pyHanko in ways nobody can list; the answer is "not in order"
        return _without_its_end(data, raw, roots) or _unreadable(data, raw, problem)


def _without_its_end(data: bytes, raw: list[_Raw], roots) -> SealReport | None:
    """The file as a whole does not read: what lies behind the last signature is only counted; when a later revision is
    damaged, the seal itself is judged on the file as it was when it was sealed."""
    if not raw:
        return None
    last = max(item.end for item in raw)
    if last < len(data) and (report := _read_up_to(data, last, raw, roots)):
        return replace(report, integrity=Integrity.APPENDED, appended=len(data) - last)
    report = _read_up_to(data, raw[0].end, raw[:1], roots) if raw[0].end < len(data) else None
    if report is None:
        return None
    broken = StampReport(is_archive=True)
    return replace(report, integrity=Integrity.CHANGED, level="", stamps=(*report.stamps, broken))


def _read_up_to(data: bytes, end: int, raw: list[_Raw], roots) -> SealReport | None:
    """The report of a beginning of the file, when it is that of a whole, genuine paper."""
    try:
        report = _inspect_structure(data[:end], raw, roots)
    except Exception:  # as above
        return None
    return report if report.genuine and report.integrity == Integrity.INTACT else None


def _raw_signatures(data: bytes) -> list[_Raw]:
    found = []
    for match in BYTE_RANGE.finditer(data):
        before, after, length = (int(number) for number in match.groups())
        end = after + length
        if not (before < after and end <= len(data) and _HEX.fullmatch(data, before, after)):
            continue
        found.append(_Raw(end, _digest_matches(data, before, after, end)))
    return found


def _digest_matches(data: bytes, before: int, after: int, end: int) -> bool:
    """Does the digest inside the signature equal that of the bytes around it?"""
    try:
        info = cms.ContentInfo.load(bytes.fromhex(data[before + 1 : after - 1].decode()))["content"]
        if info["encap_content_info"]["content_type"].native == "tst_info":
            imprint = info["encap_content_info"]["content"].parsed["message_imprint"]
            algorithm, expected = (
                imprint["hash_algorithm"]["algorithm"].native,
                imprint["hashed_message"].native,
            )
        else:
            signer = info["signer_infos"][0]
            algorithm = signer["digest_algorithm"]["algorithm"].native
            attributes = {item["type"].native: item["values"] for item in signer["signed_attrs"]}
            expected = attributes["message_digest"][0].native
        digest = hashlib.new(algorithm, data[:before])
        digest.update(data[after:end])
        return digest.digest() == expected
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return False


def _unreadable(data: bytes, raw: list[_Raw], problem: Exception | None = None) -> SealReport:
    """The structure does not read: sealed once and damaged since, or never sealed."""
    reason = type(problem).__name__ if problem else ""
    if not raw and not _SEAL_TRACES.search(data):
        return SealReport(Integrity.UNSEALED, problem=reason)
    if raw and all(item.intact for item in raw):
        return SealReport(Integrity.UPDATED, found=True, problem=reason)
    return SealReport(Integrity.CHANGED, found=True, problem=reason)


def _inspect_structure(data: bytes, raw: list[_Raw], roots, changes: bool = True) -> SealReport:
    reader = PdfFileReader(io.BytesIO(data))
    signatures = reader.embedded_regular_signatures
    stamps = reader.embedded_timestamp_signatures
    seal = next((item for item in signatures if item.field_name == FIELD), None) or next(
        iter(signatures), None
    )
    if seal is None:
        return _unreadable(data, raw)
    contexts = Contexts(reader, roots)
    own, claimed = stamp_of_seal(seal, contexts), seal.self_reported_timestamp
    archive = archive_stamps(data, stamps, contexts)
    moment = _proven_at((*([own] if own else ()), *archive)) or claimed
    status = validate_pdf_signature(
        seal,
        contexts.at(moment, strict=contexts.has_lists),
        diff_policy=_LATER_REVISIONS,
        skip_diff=not changes,
    )
    chain = embedded_chain(seal.signer_cert, seal.other_embedded_certs)
    proven = contexts.has_lists and not lacks_lists(status)
    trusting = (
        validate_pdf_signature(seal, contexts.at(moment), skip_diff=True)
        if contexts.has_lists and not proven
        else status
    )
    trust = _trust(trusting, moment, chain or ())
    genuine = (
        status.valid
        and seal.docmdp_level in (MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS)
        and is_plain(data, seal)
        and (own is None or own.genuine)  # it stands inside the seal
        and all(_holds(data, other, contexts) for other in signatures if other is not seal)
        and chain is not None
        and (trust != Trust.TRUSTED or is_anchored(chain[-1], roots))
    )
    found = (*([own] if own else ()), *archive)
    certificate = pyca(status.signing_cert)
    appended = _appended(data, raw, is_lt=contexts.has_dss and not stamps)
    return SealReport(
        integrity=_integrity(status, raw, appended, changes),
        found=True,
        genuine=genuine,
        trust=trust,
        name=common_name(certificate.subject),
        issuer=common_name(certificate.issuer),
        fingerprint=fingerprint(certificate),
        top_fingerprint=fingerprint(chain[-1]) if chain else fingerprint(certificate),
        claimed_at=claimed,
        appended=appended,
        stamps=found,
        level=_level(proven, found) if genuine else "",
        fields=tuple(item.field_name for item in (*signatures, *stamps)),
        can_be_asked_about=common_name(certificate.subject).endswith(LOCAL)
        or fetching.names_lists(status.signing_cert),
    )


def _holds(data: bytes, signature, contexts: Contexts) -> bool:
    """Is the seal of a further party mathematically right, and of the plain kind? Whom to trust is asked of ours only."""
    status = validate_pdf_signature(signature, contexts.at(signature.self_reported_timestamp), skip_diff=True)
    return status.intact and status.valid and is_plain(data, signature)


def _appended(data: bytes, raw: list[_Raw], *, is_lt: bool) -> int:
    """Bytes behind the last signature or timestamp that nothing explains.

    At level B-LT one increment may follow, which holds certificates and revocation lists and speaks for itself.
    """
    end = max((item.end for item in raw), default=0)
    if not is_lt:
        return len(data) - end
    count, unexplained = increments_behind(data, end)
    return unexplained if count == 1 else len(data) - end


def _integrity(status, raw: list[_Raw], appended: int, changes: bool) -> Integrity:
    if not status.intact or not raw or not all(item.intact for item in raw):
        return Integrity.CHANGED
    explained = status.modification_level not in (None, ModificationLevel.OTHER) and status.docmdp_ok
    if changes and not explained:
        return Integrity.UPDATED
    return Integrity.APPENDED if appended else Integrity.INTACT


def _trust(status, moment: datetime | None, chain: Sequence[x509.Certificate]) -> Trust:
    problem = status.trust_problem_indic
    if problem is None and status.validation_path is not None and moment is not None:
        return Trust.TRUSTED
    if problem == AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
        return Trust.UNKNOWN_ROOT
    if problem in (
        AdESIndeterminate.EXPIRED,
        AdESIndeterminate.NOT_YET_VALID,
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
        AdESFailure.NOT_YET_VALID,
    ):
        return Trust.EXPIRED
    if moment and any(not item.not_valid_before_utc <= moment <= item.not_valid_after_utc for item in chain):
        return Trust.EXPIRED  # an authority above it
    if problem in (
        AdESIndeterminate.REVOKED_NO_POE,
        AdESIndeterminate.REVOKED_CA_NO_POE,
        AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE,
        AdESFailure.REVOKED,
    ):
        return Trust.REVOKED
    return Trust.BAD


def _proven_at(stamps: Sequence[StampReport]) -> datetime | None:
    """Since when the seal is known to have been there; what is broken or unknown proves nothing."""
    return next((stamp.at for stamp in stamps if stamp.genuine and stamp.trusted), None)


def _level(has_proofs: bool, stamps: Sequence[StampReport]) -> str:
    """What the file has and what holds; a broken timestamp counts for nothing."""
    good = [stamp for stamp in stamps if stamp.genuine and stamp.trusted]
    if not good:
        return "B-B"
    if not has_proofs:
        return "B-T"
    return "B-LTA" if any(stamp.is_archive for stamp in good) else "B-LT"
