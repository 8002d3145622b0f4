"""PURE: which certificates of the local PKI are revoked, and the lists that say so to every checker (PDF.md §4.3).

pki/local/dicabut.json      {serial number in hex: ISO time}
pki/local/root.crl …        the lists as they are published and put into each sealed paper
"""

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from .certificates import (
    CLOCK_SKEW,
    SealKey,
    ensure_authority,
    issued_by,
    load_key,
    locked,
    office_file,
    pki_folder,
    write_whole,
)

LIFE = timedelta(days=30)
FRESH = timedelta(days=7)
NAMES = {"akar": "root", "penerbit": "intermediate"}  # as they are published
LINE_ENDS = (0x0A, 0x0D)


def crls(*, now: datetime | None = None) -> list[x509.CertificateRevocationList]:
    """Of root and intermediate, good for 30 days and made anew when a week old."""
    now = now or datetime.now(UTC)
    with locked():
        intermediate = ensure_authority(now)
        root = load_key(pki_folder() / "local" / "root.p12")
        return [_fresh(root, "root", now), _fresh(intermediate, "intermediate", now)]


def published(name: str) -> bytes | None:
    """DER of the list "akar" or "penerbit"; None for another name."""
    if name not in NAMES:
        return None
    found = crls()[list(NAMES).index(name)]
    return found.public_bytes(serialization.Encoding.DER)


def revoked_at(certificate: x509.Certificate) -> datetime | None:
    """When a certificate of the local PKI was revoked; None when it was not, or is another's."""
    said = _revoked().get(f"{certificate.serial_number:x}")
    return datetime.fromisoformat(said) if said else None


def revoke(certificate: x509.Certificate, *, now: datetime | None = None) -> None:
    """From now on no seal is made with it, and the lists say so. Papers stamped before stay valid. Never undone."""
    now = now or datetime.now(UTC)
    with locked():
        revoked = {**_revoked()}
        revoked.setdefault(f"{certificate.serial_number:x}", now.replace(microsecond=0).isoformat())
        write_whole(_register(), json.dumps(revoked, indent=1).encode())
        for name in NAMES.values():
            (pki_folder() / "local" / f"{name}.crl").unlink(missing_ok=True)


def office_seal(office_id: int | str) -> SealKey:
    """The local seal that an office has; FileNotFoundError when it has none."""
    return load_key(office_file(office_id))


def set_aside(office_id: int | str) -> None:
    """Take the revoked seal out of use, so that the next paper makes a new one; the old key is kept under its number."""
    path = office_file(office_id)
    path.rename(path.with_name(f"{path.stem}-{load_key(path).certificate.serial_number:x}.dicabut"))


# --- lists ------------------------------------------------------------------------------------------------------


def _register() -> Path:
    return pki_folder() / "local" / "dicabut.json"


def _revoked() -> dict[str, str]:
    path = _register()
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> dict[str, str]:
    return json.loads(path.read_bytes())


def _fresh(issuer: SealKey, name: str, now: datetime) -> x509.CertificateRevocationList:
    path = pki_folder() / "local" / f"{name}.crl"
    if path.is_file():
        known = x509.load_der_x509_crl(path.read_bytes())
        if now - FRESH < known.last_update_utc <= now:
            return known
    made = _new(issuer, name, now)
    write_whole(path, made.public_bytes(serialization.Encoding.DER))
    return made


def _new(issuer: SealKey, name: str, now: datetime) -> x509.CertificateRevocationList:
    """Signed again until its last byte is no end of line, as certificates are."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - CLOCK_SKEW)
        .next_update(now + LIFE)
        .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
        .add_extension(issued_by(issuer), critical=False)
    )
    for serial, at in sorted(_revoked().items()) if name == "intermediate" else ():
        entry = x509.RevokedCertificateBuilder().serial_number(int(serial, 16))
        builder = builder.add_revoked_certificate(entry.revocation_date(datetime.fromisoformat(at)).build())
    while True:
        made = builder.sign(issuer.private_key, hashes.SHA256())
        if made.public_bytes(serialization.Encoding.DER)[-1] not in LINE_ENDS:
            return made
