"""DEED: take back the certificate of an office's seal, when its key is lost or known to others (PDF.md §4.3)."""

from accounts import audit
from accounts.models import Office
from accounts.refusals import Refusal
from accounts.writing import writing

from . import revocation
from .certificates import SealKey, signer_for

VERBS = {"seal.revoked": "mencabut sertifikat segel kantor"}


def revoke_seal(*, office: Office, reason: str, by, renew: bool = False) -> SealKey:
    """Revoke the local seal of an office; returns the revoked one.

    Effects in order: the audit entry; the certificate stands in the published list from now on and sealing with it is
    refused; with ``renew`` a new seal is made. Papers stamped before stay valid. Refused without a reason, and for an
    office without a seal of its own. Never undone.
    """
    if not reason.strip():
        raise Refusal("Tuliskan alasan pencabutan sertifikat segel.")
    try:
        key = revocation.office_seal(office.pk)
    except FileNotFoundError:
        raise Refusal("Kantor ini belum memiliki sertifikat segel.") from None
    with writing():
        audit.record(
            by, "seal.revoked", office, fingerprint=key.fingerprint, reason=reason.strip(), renewed=renew
        )
        revocation.revoke(key.certificate)
    if renew:
        revocation.set_aside(office.pk)
        signer_for(office)
    return key
