"""A certificate authority for tests that stands for a Penyelenggara Sertifikasi Elektronik, and PKCS#12 files of it."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "sandi berkas uji"
DAY = timedelta(days=1)


def named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def certificate(name, private, issuer_name, issuer_key, *, authority=False, begins=None, ends=None, **usage):
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer_name))
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins or now - DAY)
        .not_valid_after(ends or now + 700 * DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    uses = dict.fromkeys(
        [
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ],
        False,
    )
    uses |= (
        {"key_cert_sign": True, "crl_sign": True}
        if authority
        else {"digital_signature": True, "content_commitment": True}
    )
    builder = builder.add_extension(x509.KeyUsage(**(uses | usage)), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


class Psre:
    """Root and seal certificates beneath it."""

    def __init__(self, name="PSrE Uji"):
        self.name = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = certificate(name, self.key, name, self.key, authority=True)

    def issue(self, name="Bawaslu Kabupaten Gresik", key=None, **options):
        key = key or ec.generate_private_key(ec.SECP256R1())
        return key, certificate(name, key, self.name, self.key, **options)

    def file(self, *, passphrase=PASSPHRASE, with_root=True, **options) -> bytes:
        key, issued = self.issue(**options)
        return packed(key, issued, [self.root] if with_root else [], passphrase)


def packed(key, issued, others, passphrase=PASSPHRASE) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"segel", key, issued, others, BestAvailableEncryption(passphrase.encode())
    )
