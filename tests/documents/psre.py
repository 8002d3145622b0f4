"""A certificate authority for tests that stands for a Penyelenggara Sertifikasi Elektronik, and PKCS#12 files of it."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

PASSPHRASE = "sandi berkas uji"
DAY = timedelta(days=1)


def named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def certificate(
    name, private, issuer_name, issuer_key, *, authority=False, begins=None, ends=None, more=(), **usage
):
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
    for extension in more:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def asked_by_list(address: str) -> x509.ExtensionType:
    return x509.CRLDistributionPoints(
        [x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)]
    )


def asked_by_question(address: str) -> x509.ExtensionType:
    place = x509.UniformResourceIdentifier(address)
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)]
    )


class Psre:
    """Root and seal certificates beneath it."""

    def __init__(self, name="PSrE Uji"):
        self.name = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = certificate(name, self.key, name, self.key, authority=True)
        self.revoked: dict[int, datetime] = {}  # serial number → when

    def issue(self, name="Bawaslu Kabupaten Gresik", key=None, **options):
        key = key or ec.generate_private_key(ec.SECP256R1())
        return key, certificate(name, key, self.name, self.key, **options)

    def list(self, *, made=None, by=None) -> bytes:
        """Of revoked certificates, DER; signed ``by`` another key than ours when a test wants that."""
        made = made or datetime.now(UTC) - timedelta(hours=1)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(made)
            .next_update(made + 30 * DAY)
        )
        for serial, at in self.revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(by or self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def answer(self, question: bytes, issued) -> bytes:
        """What our OCSP responder says of the certificate, DER."""
        assert ocsp.load_der_ocsp_request(question).serial_number == issued.serial_number
        at = self.revoked.get(issued.serial_number)
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=issued,
            issuer=self.root,
            algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if at else ocsp.OCSPCertStatus.GOOD,
            this_update=datetime.now(UTC) - timedelta(minutes=5),
            next_update=datetime.now(UTC) + DAY,
            revocation_time=at,
            revocation_reason=x509.ReasonFlags.key_compromise if at else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.root)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def file(self, *, passphrase=PASSPHRASE, with_root=True, **options) -> bytes:
        key, issued = self.issue(**options)
        return packed(key, issued, [self.root] if with_root else [], passphrase)


def packed(key, issued, others, passphrase=PASSPHRASE) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"segel", key, issued, others, BestAvailableEncryption(passphrase.encode())
    )
