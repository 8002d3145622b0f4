"""The certificate of a seal: out of its time, revoked, and the lists that say so to everybody (PDF.md §4.3, §7.1)."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.validation import DocumentSecurityStore

from accounts.canonical import canonical_bytes
from accounts.refusals import Refusal
from documents import certificates, pades, revocation, sealer, verification
from documents.timestamps import Authority
from documents.verification import Check, Judgement, Status, verify_file

from . import sample

SCHEMA = "uji-rusak/1"
EVIDENCE = canonical_bytes({"schema": SCHEMA, "signatories": 2})
CHANGED = "Isi berkas berubah setelah disegel."
UPDATED = "Ada perubahan setelah segel yang tidak diizinkan."


@pytest.fixture(autouse=True)
def _evidence_is_judged(monkeypatch):
    sound = Judgement({"evidence": Check(Status.OK, "Bukti cocok.")})
    monkeypatch.setitem(verification.CHECKERS, SCHEMA, lambda evidence, paper: sound)


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return sample.rendered("memorandum", EVIDENCE).pdf


@pytest.mark.parametrize("start", [datetime(2018, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)])
def test_a_certificate_out_of_its_time(unsigned, settings, tmp_path, start):
    settings.DATA_DIR = tmp_path
    key = certificates.ensure_office_seal(1, sample.OFFICE, now=start)
    data = sealer.sign(unsigned, key, reason="x", location="", name="x")
    report = verify_file(data)
    assert report.failed == ["certificate"]
    assert report.checks["certificate"].message == "Sertifikat kedaluwarsa atau belum berlaku saat disegel."


def with_lists(data: bytes, key, lists) -> bytes:
    """The sealed paper with certificates and CRLs in it, whatever they say of the seal."""
    chain = [asn1_x509.Certificate.load(item.public_bytes(serialization.Encoding.DER)) for item in key.chain]
    out = io.BytesIO(data)
    DocumentSecurityStore.add_dss(
        out,
        None,
        certs=chain,
        crls=[asn1_crl.CertificateList.load(item.public_bytes(serialization.Encoding.DER)) for item in lists],
    )
    return out.getvalue()


def test_a_certificate_that_was_revoked_before_the_seal(unsigned, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    key = certificates.ensure_office_seal(1, sample.OFFICE)
    revocation.revoke(key.certificate, now=datetime.now(UTC) - timedelta(hours=1))
    sealed = sealer.sign(unsigned, key, reason="x", location="", name="x")
    stamped = pades.stamp(
        with_lists(sealed, key, revocation.crls()), authority=Authority(key=certificates.tsa_key())
    )
    report = verify_file(stamped)
    assert report.failed == ["certificate"]
    assert report.checks["certificate"].message == "Sertifikat dicabut saat disegel."


def test_lists_of_another_authority_say_nothing_of_the_seal(unsigned, settings, tmp_path):
    """An office with a certificate from outside whose lists could not be had: not trusted less, but no B-LT."""
    settings.DATA_DIR = tmp_path / "satu"
    foreign = revocation.crls()
    settings.DATA_DIR = tmp_path / "dua"
    key, clock = certificates.ensure_office_seal(1, sample.OFFICE), Authority(key=certificates.tsa_key())
    sealed = sealer.sign(unsigned, key, reason="x", location="", name="x")
    report = verify_file(pades.stamp(with_lists(sealed, key, foreign), authority=clock))
    assert (report.valid, report.pades_level) == (True, "B-T")


@pytest.mark.parametrize("revoked", [False, True])
def test_sealing_refuses_a_revoked_certificate(unsigned, settings, tmp_path, revoked):
    settings.DATA_DIR = tmp_path
    key = certificates.ensure_office_seal(1, sample.OFFICE)
    if not revoked:
        assert pades.seal(unsigned, signer=key)
        return
    revocation.revoke(key.certificate)
    with pytest.raises(Refusal, match=r"dicabut pada .* dokumen menunggu"):
        pades.seal(unsigned, signer=key)
    revocation.set_aside(1)
    fresh = certificates.ensure_office_seal(1, sample.OFFICE)
    assert fresh.fingerprint != key.fingerprint
    assert pades.seal(unsigned, signer=fresh)


def test_a_certificate_revoked_after_the_timestamp_leaves_old_papers_valid(unsigned, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    key, clock = certificates.ensure_office_seal(1, sample.OFFICE), Authority(key=certificates.tsa_key())
    old = pades.seal(unsigned, signer=key, authority=clock)
    revocation.revoke(key.certificate)
    assert verify_file(old).valid
    assert verify_file(pades.upgrade(old, authority=clock)).valid


# --- published lists --------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["akar", "penerbit"])
def test_the_lists_of_revoked_certificates_are_published(client, name):
    answer = client.get(f"/verifikasi/{name}.crl")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pkix-crl")
    found = x509.load_der_x509_crl(answer.content)
    assert found.next_update_utc > datetime.now(UTC) + timedelta(days=20)
    issuer = sample.seal_key().chain[-1 if name == "akar" else 0]
    assert found.is_signature_valid(issuer.public_key())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["intermediate", "lain"])
def test_another_list_is_not_found(client, name):
    assert client.get(f"/verifikasi/{name}.crl").status_code == 404


def test_a_revoked_seal_stands_in_the_list_of_its_issuer_at_once(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    key = certificates.ensure_office_seal(1, sample.OFFICE)
    root, issuer = revocation.crls()
    assert (len(list(root)), len(list(issuer))) == (0, 0)
    revocation.revoke(key.certificate)
    assert [item.serial_number for item in revocation.crls()[1]] == [key.certificate.serial_number]
    assert revocation.revoked_at(key.certificate)
