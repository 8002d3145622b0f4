"""PURE: whom we trust while we seal, and what a certificate needs to be checked later, for ``documents.pades`` (slow
import).

Our own authority proves itself by its own lists. For a certificate from outside, of the seal or of a timestamp
authority, its issuer is asked; when the issuer is silent the paper has no proofs yet and asks again later.
"""

import asyncio
import io
from collections.abc import Callable, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import add_validation_info
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError

from accounts.refusals import Refusal

from .certificates import LOCAL, SealKey, common_name, trusted_roots
from .cms_plain import asn1, pyca
from .fetching import Messenger
from .timestamps import Authority, Unavailable

Lists = Sequence[x509.CertificateRevocationList]


def signing_context(key: SealKey, authority: Authority | None, crls: Lists) -> ValidationContext | None:
    """None when what an issuer outside says cannot be used. Refusal when it says that the certificate is revoked."""
    clock = authority.key if authority else None
    tops = [item.chain[-1] for item in (key, clock) if item and item.chain]
    at_home = key.is_local and (authority is None or authority.is_local)
    known = [*key.chain, *(clock.chain if clock else ())]
    context = _context([*tops, *trusted_roots()], [asn1(item) for item in known], crls, at_home=at_home)
    advice = "Pasang sertifikat baru; dokumen menunggu."
    if key.is_local or _is_not_revoked(asn1(key.certificate), context, advice):
        return context
    return None


def upgrade(sealed: bytes, authority: Authority, crls: Lists, *, of_seal: bool) -> bytes:
    """What is needed to check the newest signature or timestamp later, as an increment of the file; with ``of_seal``
    also what the seal still lacks.

    The timestamp over it is ``stamper.archive_stamp``. Raises Unavailable; Refusal when the certificate of the seal is
    revoked by its issuer.
    """
    choices: list[Callable] = [lambda reader: reader.embedded_signatures[-1]]
    if of_seal and len(PdfFileReader(io.BytesIO(sealed)).embedded_signatures) > 1:
        choices.insert(0, lambda reader: reader.embedded_regular_signatures[0])
    for choose in choices:
        sealed = _with_proofs(sealed, choose, authority, crls)
    return sealed


def _with_proofs(sealed: bytes, choose: Callable, authority: Authority, crls: Lists) -> bytes:
    signature = choose(PdfFileReader(io.BytesIO(sealed)))
    known = [signature.signer_cert, *signature.other_embedded_certs]
    known += [asn1(item) for item in (authority.key.chain if authority.key else ())]
    is_local = common_name(pyca(signature.signer_cert).subject).endswith(LOCAL)
    context = _context(trusted_roots(), known, crls, at_home=is_local and authority.is_local)
    is_seal = signature.sig_object_type == "/Sig"
    advice = "Tingkat segel dokumen ini tidak dapat dinaikkan lagi."
    if is_seal and not is_local and not _is_not_revoked(signature.signer_cert, context, advice):
        return sealed
    out = io.BytesIO()
    try:
        add_validation_info(signature, context, skip_timestamp=True, output=out)
    except (PathError, ValidationError, OSError, SigningError, ValueError) as problem:
        raise Unavailable(type(problem).__name__) from problem
    return out.getvalue()


def _context(roots, known, crls: Lists, *, at_home: bool) -> ValidationContext:
    """At home nothing is asked of anybody, and a certificate without a list is an error of ours."""
    return ValidationContext(
        trust_roots=[asn1(root) for root in dict.fromkeys(roots)],
        other_certs=known,
        crls=[crl.public_bytes(serialization.Encoding.DER) for crl in crls],
        allow_fetching=not at_home,
        fetcher_backend=None if at_home else Messenger(),
        revocation_mode="require" if at_home else "soft-fail",
    )


def _is_not_revoked(certificate, context: ValidationContext, advice: str) -> bool:
    """Also fills the context with what the issuer says; False when that cannot be used. Refusal when it is revoked."""
    validator = CertificateValidator(certificate, validation_context=context)
    try:
        asyncio.run(validator.async_validate_usage(set()))
    except RevokedError as problem:
        name = common_name(pyca(certificate).subject)
        raise Refusal(
            f"Sertifikat segel {name} dicabut penerbitnya pada {problem.revocation_dt:%d-%m-%Y}. {advice}"
        ) from problem
    except (PathError, ValidationError):
        return False
    return True
