"""PURE: the seal certificates of this installation: a local PKI below DATA_DIR/pki, made at first use (PDF.md §4.3).

Root (20 years) → intermediate (10) → one seal per office (EC P-256, 2 years). Names carry "(segel lokal)": nobody may
take them for certificates of a Penyelenggara Sertifikasi Elektronik. Keys are PKCS#12 files under the installation's
passphrase (settings.SEAL_PASSPHRASE), folders 0700, files 0600, nothing in the database.

    pki/roots/*.pem          whom this installation trusts; an administrator may add other offices' roots
    pki/local/root.p12 …     keys of the authority          pki/offices/<id>.p12   keys of the offices
    pki/local/tsa.p12        the installation's clock       pki/local/*.crl        what was revoked (``revocation``)
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from accounts.refusals import Refusal

LOCAL = "(segel lokal)"
ROOT_LIFE = timedelta(days=20 * 365)
INTERMEDIATE_LIFE = timedelta(days=10 * 365)
SEAL_LIFE = timedelta(days=2 * 365)
RENEW_BEFORE = timedelta(days=60)
TSA_LIFE = timedelta(days=10 * 365)
TSA_BITS = 3072
CLOCK_SKEW = timedelta(minutes=10)
NAME_LIMIT = 64  # X.520 upper bound of common and organisation name
KDF_ROUNDS = 100_000


class RawKey(Protocol):
    """A key that signs where it lies and never leaves it, such as one in a hardware module."""

    def sign_raw(self, data: bytes, digest: str) -> bytes:
        """Signature of the data as CMS holds it (DER for ECDSA, PKCS#1 v1.5 for RSA); ``digest`` is "sha256" …."""


PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class SealKey:
    """A private key with its certificate and the authorities above it, root last."""

    private_key: PrivateKey | RawKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def name(self) -> str:
        return common_name(self.certificate.subject)

    @property
    def issuer(self) -> str:
        return common_name(self.certificate.issuer)

    @property
    def office_name(self) -> str:
        return self.name.removesuffix(LOCAL).strip()

    @property
    def is_local(self) -> bool:
        return self.name.endswith(LOCAL)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, 64 hex digits."""
        return fingerprint(self.certificate)

    @property
    def expires(self) -> datetime:
        return self.certificate.not_valid_after_utc

    def sign_raw(self, data: bytes, digest: str) -> bytes:
        """Signature of the data as CMS holds it. Refusal when the key cannot be used now."""
        algorithm = getattr(hashes, digest.upper())()
        if isinstance(self.private_key, ec.EllipticCurvePrivateKey):
            return self.private_key.sign(data, ec.ECDSA(algorithm))
        if isinstance(self.private_key, rsa.RSAPrivateKey):
            return self.private_key.sign(data, padding.PKCS1v15(), algorithm)
        return self.private_key.sign_raw(data, digest)

    def days_left(self, now: datetime | None = None) -> int:
        """Whole days until the first certificate of the chain ends; negative when it has."""
        ends = min(item.not_valid_after_utc for item in (self.certificate, *self.chain))
        return (ends - (now or datetime.now(UTC))).days

    def check(self, now: datetime | None = None) -> None:
        """Raise Refusal when the certificate is expired, not valid yet, or revoked; papers then wait."""
        from . import revocation  # it signs its lists with our keys

        now = now or datetime.now(UTC)
        if revoked := revocation.revoked_at(self.certificate):
            raise Refusal(
                f"Sertifikat segel {self.name} dicabut pada {revoked:%d-%m-%Y}. Terbitkan sertifikat baru; dokumen menunggu."
            )
        for certificate in (self.certificate, *self.chain):
            name = common_name(certificate.subject)
            if now > certificate.not_valid_after_utc:
                ended = certificate.not_valid_after_utc
                raise Refusal(
                    f"Sertifikat segel {name} berakhir pada {ended:%d-%m-%Y}. Perbarui sertifikat; dokumen menunggu."
                )
            if now < certificate.not_valid_before_utc:
                raise Refusal(f"Sertifikat segel {name} belum berlaku. Periksa jam peladen.")


def common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


# --- what others call -------------------------------------------------------------------------------------------


def signer_for(office) -> SealKey:
    """The seal of an Office row (its ``pk`` and ``name``), made or renewed when needed."""
    return ensure_office_seal(office.pk, office.name)


def ensure_office_seal(office_id: int | str, office_name: str, *, now: datetime | None = None) -> SealKey:
    """The office's local seal: made at first use, renewed 60 days before its end, loaded otherwise.

    Old papers keep the certificate they were sealed with. Raises Refusal when the passphrase does not open the key
    or the authority itself has expired. Two processes at once make one seal.
    """
    now = now or datetime.now(UTC)
    path = office_file(office_id)
    if path.is_file():
        key = load_key(path)
        if not _due(key, now):
            return key
    with locked():
        if path.is_file():  # made by the process we waited for
            key = load_key(path)
            if not _due(key, now):
                return key
        authority = ensure_authority(now)
        authority.check(now)
        key = _issue_seal(authority, office_name, now)
        _store_key(path, key)
    return load_key(path)


def load_signer(office_id: int | str, *, now: datetime | None = None) -> SealKey:
    """The office's seal as it is; Refusal when there is none, it cannot be opened, or it is not valid now."""
    path = office_file(office_id)
    if not path.is_file():
        raise Refusal("Kantor ini belum memiliki sertifikat segel.")
    key = load_key(path)
    key.check(now)
    return key


def uploaded_key(office_id: int | str) -> SealKey:
    """The certificate an administrator uploaded for the office; Refusal when there is none or it cannot be opened."""
    path = office_file(f"{office_id}-unggahan")
    if not path.is_file():
        raise Refusal(
            "Sertifikat segel kantor belum diunggah. Unggah berkas PKCS#12 pada halaman Segel kantor."
        )
    return load_key(path)


def keep_uploaded(office_id: int | str, key: SealKey) -> None:
    """Store it under the installation's own passphrase; its root is trusted here from now on."""
    root = key.chain[-1]
    pem = root.public_bytes(serialization.Encoding.PEM)
    write_whole(pki_folder() / "roots" / f"kantor-{office_id}-{fingerprint(root)[:8]}.pem", pem)
    _store_key(office_file(f"{office_id}-unggahan"), key)


def trusted_roots(extra: Iterable[Path] = ()) -> list[x509.Certificate]:
    """Roots of DATA_DIR/pki/roots/*.pem and of the files given by hand (PEM or DER).

    ValueError names a file given by hand that holds no certificate; a broken file in the folder is passed over.
    """
    roots = []
    for path in sorted((pki_folder() / "roots").glob("*.pem")):
        try:
            roots += x509.load_pem_x509_certificates(path.read_bytes())
        except (ValueError, OSError):
            continue
    for path in extra:
        roots += read_certificates(path)
    return list(dict.fromkeys(roots))


def read_certificates(path: Path) -> list[x509.Certificate]:
    """Certificates of a PEM or DER file; ValueError when it holds none."""
    try:
        content = path.read_bytes()
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except (ValueError, OSError) as problem:
        raise ValueError(f"no certificate in {path}") from problem


def root_pem() -> bytes:
    """The local root for publication (``/verifikasi/akar.pem``), made when there is none yet."""
    with locked():
        authority = ensure_authority(datetime.now(UTC))
    return authority.chain[-1].public_bytes(serialization.Encoding.PEM)


def tsa_key(*, now: datetime | None = None) -> SealKey:
    """The installation's own timestamp authority, made at first use. Refusal as for seals."""
    path = pki_folder() / "local" / "tsa.p12"
    if not path.is_file():
        with locked():
            authority = ensure_authority(now or datetime.now(UTC))
            if not path.is_file():
                _store_key(path, _issue_tsa(authority, now or datetime.now(UTC)))
    return load_key(path)


# --- keys on disk -----------------------------------------------------------------------------------------------


def pki_folder() -> Path:
    return Path(settings.DATA_DIR) / "pki"


def office_file(office_id: int | str) -> Path:
    name = str(office_id)
    if not name.replace("-", "").isalnum():
        raise ValueError("office id must be letters, digits and hyphens")
    return pki_folder() / "offices" / f"{name}.p12"


def _passphrase() -> bytes:
    if not settings.SEAL_PASSPHRASE:
        raise Refusal("Kata sandi kunci segel belum diatur (SEAL_PASSPHRASE).")
    return settings.SEAL_PASSPHRASE.encode()


def load_key(path: Path) -> SealKey:
    """Open a PKCS#12 file; kept in memory until the file or the passphrase changes (opening costs 50 ms)."""
    return _load_key(path, path.stat().st_mtime_ns, _passphrase())


@lru_cache(maxsize=256)
def _load_key(path: Path, _changed: int, passphrase: bytes) -> SealKey:
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), passphrase)
    except ValueError as problem:
        raise Refusal("Kata sandi kunci segel salah, atau berkas kunci rusak.") from problem
    if certificate is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise Refusal("Berkas kunci segel tidak lengkap, atau jenis kuncinya tidak dapat dipakai.")
    return SealKey(key, certificate, tuple(chain))


def _store_key(path: Path, key: SealKey) -> None:
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(KDF_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(_passphrase())
    )
    content = pkcs12.serialize_key_and_certificates(
        key.name.encode(), key.private_key, key.certificate, list(key.chain), encryption
    )
    write_whole(path, content)


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Whole or not at all, mode 0600."""
    _folder(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@contextmanager
def locked() -> Iterator[None]:
    """One process at a time makes keys; the lock goes with the process."""
    handle = os.open(_folder(pki_folder()) / ".kunci", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


# --- the authority ----------------------------------------------------------------------------------------------


def _due(key: SealKey, now: datetime) -> bool:
    return key.expires - now < RENEW_BEFORE


def ensure_authority(now: datetime) -> SealKey:
    """The intermediate that signs seals; root and intermediate are made at first use. Call it under the lock."""
    path = _folder(pki_folder() / "local") / "intermediate.p12"
    if path.is_file():
        return load_key(path)
    mark = secrets.token_hex(4)  # two installations must not have authorities of one name
    root = _authority(f"Akar Netralitas {mark} {LOCAL}", None, now, ROOT_LIFE, path_length=1)
    intermediate = _authority(
        f"Penerbit Segel Netralitas {mark} {LOCAL}", root, now, INTERMEDIATE_LIFE, path_length=0
    )
    _store_key(path.with_name("root.p12"), root)
    pem = root.certificate.public_bytes(serialization.Encoding.PEM)
    write_whole(pki_folder() / "roots" / f"lokal-{mark}.pem", pem)
    _store_key(path, intermediate)  # last: its presence says that the authority is complete
    return load_key(path)


def _authority(
    name: str, above: SealKey | None, now: datetime, life: timedelta, *, path_length: int
) -> SealKey:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name, "Netralitas")
    builder = _builder(subject, above.certificate.subject if above else subject, private, now, life)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    if above:
        builder = builder.add_extension(issued_by(above), critical=False)
    certificate = _signed(lambda: builder, above.private_key if above else private)
    return SealKey(private, certificate, (above.certificate, *above.chain) if above else ())


def _issue_seal(authority: SealKey, office_name: str, now: datetime) -> SealKey:
    private = ec.generate_private_key(ec.SECP256R1())
    life = min(SEAL_LIFE, authority.expires - now)
    subject = _name(seal_name(office_name), office_name)
    builder = _builder(subject, authority.certificate.subject, private, now, life)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    builder = builder.add_extension(issued_by(authority), critical=False)
    certificate = _signed(lambda: builder, authority.private_key)
    return SealKey(private, certificate, (authority.certificate, *authority.chain))


def _issue_tsa(authority: SealKey, now: datetime) -> SealKey:
    """RSA, which every checker of timestamps knows."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=TSA_BITS)
    mark = authority.name.removesuffix(LOCAL).split()[-1]
    subject = _name(f"Jam Netralitas {mark} {LOCAL}", "Netralitas")
    life = min(TSA_LIFE, authority.expires - now)
    builder = _builder(subject, authority.certificate.subject, private, now, life)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = builder.add_extension(stamping, critical=True)
    builder = builder.add_extension(issued_by(authority), critical=False)
    certificate = _signed(lambda: builder, authority.private_key)
    return SealKey(private, certificate, (authority.certificate, *authority.chain))


def seal_name(office_name: str) -> str:
    """The office's name, shortened when X.520 has no room, with the mark of a local seal."""
    return f"{_shortened(office_name, NAME_LIMIT - len(LOCAL) - 1)} {LOCAL}"


def _shortened(text: str, limit: int) -> str:
    """At most ``limit`` bytes of UTF-8, which is what the library counts."""
    text = " ".join(text.split()) or "Kantor"
    if len(text.encode()) <= limit:
        return text
    return text.encode()[: limit - len("…".encode())].decode(errors="ignore").rstrip() + "…"


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _shortened(organisation, NAME_LIMIT)),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(subject, issuer, private, now: datetime, life: timedelta) -> x509.CertificateBuilder:
    public = private.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def issued_by(authority: SealKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.private_key.public_key())


def _signed(builder: Callable[[], x509.CertificateBuilder], private: PrivateKey) -> x509.Certificate:
    """Signed again until the last byte is no end of line: a validator misreads such streams (PDF.md §3.5)."""
    while True:
        numbered = builder().serial_number(x509.random_serial_number())
        certificate = numbered.sign(private, hashes.SHA256())
        if certificate.public_bytes(serialization.Encoding.DER)[-1] not in (0x0A, 0x0D):
            return certificate
