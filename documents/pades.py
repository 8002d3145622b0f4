"""PURE: bytes → sealed bytes, bytes → what their seal is worth. pyHanko stands behind this door (``sealer``).

Level B-B: seal and certificates, time by the office's clock. Signature and archive timestamps (B-T … B-LTA) come as
further increments of the same file: the bytes sealed here stay its beginning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509

from . import certificates, revocation
from .certificates import SealKey
from .timestamps import Authority

FIELD = "Segel"


class Trust(StrEnum):
    """What the certificate of the seal is worth, at the time the seal was made."""

    TRUSTED = "trusted"
    UNKNOWN_ROOT = "unknown_root"
    EXPIRED = "expired"  # or not valid yet
    REVOKED = "revoked"
    BAD = "bad"  # wrong purpose, broken chain


class Integrity(StrEnum):
    INTACT = "intact"
    CHANGED = "changed"  # sealed bytes differ
    APPENDED = "appended"  # bytes behind the last seal or timestamp that no revision explains
    UPDATED = "updated"  # a later revision that NO_CHANGES does not allow
    UNSEALED = "unsealed"


@dataclass(frozen=True)
class StampReport:
    """One timestamp; nothing but defaults when its bytes do not even read."""

    genuine: bool = False  # mathematically right, over exactly these bytes
    trusted: bool = False  # by a chain to a root that is known here, at its own time
    at: datetime | None = None
    name: str = ""
    is_local: bool = False  # the installation's own clock
    is_archive: bool = False  # over the whole file, not only over the seal
    certificate_ends: datetime | None = None


@dataclass(frozen=True)
class SealReport:
    """Separate axes, never one green tick: bytes, seal, certificate, timestamps."""

    integrity: Integrity
    found: bool = False  # there is a seal, or what is left of one
    genuine: bool = False  # the signature is mathematically right and certifies the paper
    trust: Trust | None = None
    name: str = ""
    issuer: str = ""
    fingerprint: str = ""  # SHA-256 of the certificate
    top_fingerprint: str = (
        ""  # SHA-256 of the highest certificate in the seal, to compare with the office's notice
    )
    claimed_at: datetime | None = None
    appended: int = 0
    stamps: tuple[StampReport, ...] = ()  # that of the seal first, then over the file, oldest first
    level: str = ""  # what the file has: "", "B-B", "B-T", "B-LT", "B-LTA"
    fields: tuple[str, ...] = ()  # names of all signed fields
    can_be_asked_about: bool = True  # its certificate says where one learns whether it was revoked
    problem: str = ""  # kind of the error that stopped the reading, for the log

    @property
    def newest_stamp(self) -> StampReport | None:
        """The last one over the whole file: what protects it from now on."""
        return self.stamps[-1] if self.stamps and self.stamps[-1].is_archive else None


def seal(
    pdf: bytes,
    *,
    signer: SealKey,
    authority: Authority | None = None,
    reason: str = "",
    location: str = "",
    name: str = "",
) -> bytes:
    """Certify the paper (no changes allowed) on its prepared field; the result begins with ``pdf``.

    Without an authority level B-B. With one the seal gets a timestamp and what its certificates need to be checked
    (B-LT), and an archive timestamp over everything as a further revision (B-LTA).

    Raises Refusal when the certificate is not valid now, ValueError when the paper has no empty field ``Segel``,
    Unavailable when the authority does not answer.
    Not deterministic: the time and ECDSA differ each time.
    """
    from . import sealer  # slow import

    signer.check()
    sealed = sealer.sign(
        pdf,
        signer,
        reason=reason or "Segel elektronik untuk keutuhan dokumen",
        location=location,
        name=name or signer.office_name,
        authority=authority,
        crls=revocation.crls() if authority else (),
    )
    return stamp(sealed, authority=authority) if authority else sealed


def stamp(sealed: bytes, *, authority: Authority) -> bytes:
    """One more archive timestamp over everything; the result begins with ``sealed``. Raises Unavailable."""
    from . import stamper  # slow import

    return stamper.archive_stamp(sealed, authority)


def upgrade(sealed: bytes, *, authority: Authority) -> bytes:
    """B-B … B-LT becomes B-LTA, and B-LTA lasts longer: proofs for what is newest in the file, then a timestamp.

    The result begins with ``sealed``. Raises Unavailable; Refusal when an issuer outside has revoked the seal.
    """
    from . import proofs  # slow import

    bare = report(sealed, certificates.trusted_roots(), changes=False).level in ("B-B", "B-T")
    return stamp(proofs.upgrade(sealed, authority, revocation.crls(), of_seal=bare), authority=authority)


def report(data: bytes, roots: Sequence[x509.Certificate], *, changes: bool = True) -> SealReport:
    """What the seal of any bytes is worth; whatever is wrong with them becomes part of the answer.

    ``changes=False`` does not analyse what later revisions changed (the costly part): enough for a file that was just
    made here from known bytes.
    """
    from . import sealer  # slow import

    return sealer.inspect(data, roots, changes=changes)


def try_seal(signer: SealKey) -> None:
    """Make and check a test seal on a blank page; Refusal when it does not come out right."""
    from accounts.refusals import Refusal

    from . import sealer  # slow import

    sealed = seal(sealer.blank_paper(), signer=signer)
    root = signer.chain[-1] if signer.chain else signer.certificate
    outcome = report(sealed, [root])
    if not (outcome.genuine and outcome.integrity == Integrity.INTACT and outcome.trust == Trust.TRUSTED):
        raise Refusal("Segel uji tidak berhasil. Periksa sertifikat dan kunci segel kantor.")
