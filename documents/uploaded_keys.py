"""PURE: is this PKCS#12 file a certificate an office may seal with?"""

from collections.abc import Iterable, Sequence

import asn1crypto.tsp  # noqa: F401 - before anything of CMS is used: names it adds later are not found
from asn1crypto.pkcs12 import Pfx
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from accounts.refusals import Refusal

from .certificates import LOCAL, SealKey, common_name, trusted_roots
from .cms_plain import is_issued_by

RSA_BITS = 2048
NO_FILE = "Berkas ini bukan berkas PKCS#12 (.p12 atau .pfx)."
NOT_OPENED = "Kata sandi berkas kunci salah."
OLD_CIPHER = "Berkas kunci memakai sandi lama yang tidak didukung. Ekspor ulang dengan sandi AES-256."
NO_KEY = "Berkas tidak memuat kunci pribadi beserta sertifikatnya. Unggah berkas PKCS#12 yang lengkap."
WRONG_KIND = (
    "Jenis kunci tidak dapat dipakai. Gunakan kunci RSA paling kecil 2048 bit, atau EC P-256, P-384, P-521."
)
WRONG_PURPOSE = (
    "Sertifikat ini bukan untuk tanda tangan atau segel elektronik (penggunaan kunci tidak memuatnya)."
)
SELF_MADE = (
    "Sertifikat ini menandatangani dirinya sendiri, jadi bukan dari Penyelenggara Sertifikasi Elektronik. "
    "Unggah sertifikat dari PSrE, atau pakai sertifikat internal kantor."
)
FROM_HERE = "Ini sertifikat internal sebuah pemasangan Netralitas, bukan dari PSrE. Pilih “Sertifikat internal kantor”."


def read(content: bytes, passphrase: str, issuers: Sequence[x509.Certificate] = ()) -> SealKey:
    """The key, its certificate and the authorities up to the root. Refusal says what is wrong and what to do.

    ``issuers`` are authorities given beside the file.
    """
    key = _opened(content, passphrase)
    if key.private_key.public_key() != key.certificate.public_key():
        raise Refusal(NO_KEY)
    _check_kind(key)
    _check_certificate(key.certificate)
    chain = chain_of(key.certificate, [*key.chain, *issuers, *trusted_roots()])
    if not chain or not _is_root(chain[-1]):
        missing = common_name((chain or (key.certificate,))[-1].issuer)
        raise Refusal(
            f"Sertifikat penerbit {missing} tidak ada dalam berkas. Unggah juga sertifikat penerbitnya."
        )
    key = SealKey(key.private_key, key.certificate, chain)
    key.check()
    return key


def chain_of(
    certificate: x509.Certificate, known: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """The authorities above the certificate as far as they are known, nearest first."""
    known, chain = list(known), []
    below = certificate
    while not _is_root(below) and len(chain) < 10:
        above = next((item for item in known if is_issued_by(below, item)), None)
        if above is None:
            break
        chain.append(above)
        below = above
    return tuple(chain)


def _opened(content: bytes, passphrase: str) -> SealKey:
    try:
        Pfx.load(content, strict=True)["auth_safe"]["content_type"].native  # noqa: B018 - reads lazily
    except (ValueError, TypeError, KeyError) as problem:
        raise Refusal(NO_FILE) from problem
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except UnsupportedAlgorithm as problem:
        raise Refusal(OLD_CIPHER) from problem
    except ValueError as problem:
        raise Refusal(NOT_OPENED) from problem
    if private is None or certificate is None:
        raise Refusal(NO_KEY)
    return SealKey(private, certificate, tuple(others))


def _check_kind(key: SealKey) -> None:
    match key.private_key:
        case rsa.RSAPrivateKey() as private if private.key_size >= RSA_BITS:
            return
        case ec.EllipticCurvePrivateKey() as private if private.curve.name in (
            "secp256r1",
            "secp384r1",
            "secp521r1",
        ):
            return
    raise Refusal(WRONG_KIND)


def _check_certificate(certificate: x509.Certificate) -> None:
    if common_name(certificate.subject).endswith(LOCAL):
        raise Refusal(FROM_HERE)
    if certificate.issuer == certificate.subject:
        raise Refusal(SELF_MADE)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise Refusal(WRONG_PURPOSE)


def _is_root(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject
