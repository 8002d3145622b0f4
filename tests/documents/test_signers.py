"""What seals the papers of an office: local seal, uploaded certificate, hardware module; and the page about it."""

import sys
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ed25519, rsa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import certificates, jobs, pades, seal_settings, signers, storage, uploaded_keys
from documents.models import SealJob, SealSetting
from tests.accounts.factories import member, organizer_of, panwaslu_cerme
from tests.documents.factories import issue
from tests.documents.psre import DAY, PASSPHRASE, Psre, certificate, packed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_uploads_left():
    """The folder of keys is one for all tests."""
    yield
    for pattern in ("offices/*-unggahan.p12", "roots/kantor-*.pem"):
        for path in certificates.pki_folder().glob(pattern):
            path.unlink()


@pytest.fixture
def office():
    return panwaslu_cerme()


@pytest.fixture
def psre():
    return Psre()


def administrator(office):
    return member(office, "administrator")


def upload(office, content, passphrase=PASSPHRASE, issuers=()):
    return seal_settings.upload_certificate(
        office=office, content=content, passphrase=passphrase, issuers=issuers, by=administrator(office)
    )


def refused(content, passphrase=PASSPHRASE, issuers=()):
    with pytest.raises(Refusal) as refusal:
        uploaded_keys.read(content, passphrase, issuers)
    return refusal.value.message


# --- local ------------------------------------------------------------------------------------------------------


def test_office_without_a_setting_has_the_local_seal(office):
    assert signers.backend_of(office) == "local"
    assert signers.signer_for(office).is_local
    assert signers.try_signer(office) == ""
    assert signers.plan_of(office) is None


# --- uploaded certificate ---------------------------------------------------------------------------------------


def test_uploaded_certificate_seals_from_then_on_and_the_paper_names_its_issuer(office, psre):
    key = upload(office, psre.file())
    document = issue(office=office)
    assert jobs.run_pending().failed == 0
    document.refresh_from_db()
    assert (document.state, document.certificate_fingerprint) == ("sealed", key.fingerprint)
    assert document.seal_plan == {"backend": "p12", "issuer": "PSrE Uji"}
    assert signers.sentence(document.seal_plan) == (
        "Segel memakai sertifikat elektronik yang diterbitkan oleh PSrE Uji."
    )
    report = pades.report(storage.read(document.file), certificates.trusted_roots())
    assert (report.genuine, report.trust, report.issuer) == (True, "trusted", "PSrE Uji")


def test_upload_is_logged_without_its_passphrase_and_the_key_lies_under_our_own(office, psre):
    key = upload(office, psre.file())
    entries = AuditEntry.objects.filter(stream_id=office.audit_stream)
    assert {"seal.certificate_uploaded", "seal.backend_changed"} <= set(
        entries.values_list("verb", flat=True)
    )
    facts = entries.get(verb="seal.certificate_uploaded").facts
    assert facts["fingerprint"] == key.fingerprint
    assert PASSPHRASE not in str(list(entries.values()))
    path = certificates.pki_folder() / "offices" / f"{office.pk}-unggahan.p12"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="password"):
        serialization.pkcs12.load_key_and_certificates(path.read_bytes(), PASSPHRASE.encode())


def test_rsa_certificate_seals_too(office, psre):
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert upload(office, psre.file(key=private)).issuer == "PSrE Uji"


def test_issuer_may_come_in_a_file_of_its_own(psre):
    content = psre.file(with_root=False)
    assert refused(content) == (
        "Sertifikat penerbit PSrE Uji tidak ada dalam berkas. Unggah juga sertifikat penerbitnya."
    )
    assert uploaded_keys.read(content, PASSPHRASE, [psre.root]).chain == (psre.root,)


def test_issuer_of_the_same_name_with_another_key_is_none(psre):
    assert "tidak ada dalam berkas" in refused(psre.file(with_root=False), issuers=[Psre().root])


def test_wrong_passphrase_and_what_is_no_key_file_are_told_apart(psre):
    assert refused(psre.file(), "salah") == "Kata sandi berkas kunci salah."
    assert refused(b"%PDF-1.7 bukan kunci") == "Berkas ini bukan berkas PKCS#12 (.p12 atau .pfx)."
    assert refused(b"") == "Berkas ini bukan berkas PKCS#12 (.p12 atau .pfx)."
    assert refused(psre.file()[:200]) == "Berkas ini bukan berkas PKCS#12 (.p12 atau .pfx)."


def test_file_without_a_key_is_refused(psre):
    _, issued = psre.issue()
    assert refused(packed(None, None, [issued, psre.root])) == uploaded_keys.NO_KEY


def test_weak_and_strange_keys_are_refused(psre):
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    for private in (small, ed25519.Ed25519PrivateKey.generate(), dsa.generate_private_key(2048)):
        assert refused(psre.file(key=private)) == uploaded_keys.WRONG_KIND


def test_expired_and_future_certificates_are_refused(psre):
    now = datetime.now(UTC)
    assert "berakhir pada" in refused(psre.file(begins=now - 800 * DAY, ends=now - DAY))
    assert "belum berlaku" in refused(psre.file(begins=now + DAY))


def test_certificate_for_other_uses_is_refused(psre):
    content = psre.file(digital_signature=False, content_commitment=False, key_encipherment=True)
    assert refused(content) == uploaded_keys.WRONG_PURPOSE


def test_self_made_certificates_are_refused(psre):
    key, _ = psre.issue()
    assert refused(packed(key, certificate("Kantor", key, "Kantor", key), [])) == uploaded_keys.SELF_MADE
    local = psre.file(name="Panwaslu Cerme (segel lokal)")
    assert refused(local) == uploaded_keys.FROM_HERE


def test_nothing_is_stored_when_an_upload_is_refused(office, psre):
    with pytest.raises(Refusal):
        upload(office, psre.file(), "salah")
    assert not SealSetting.objects.exists()
    assert not list((certificates.pki_folder() / "offices").glob("*unggahan*"))


def test_certificate_that_expires_later_makes_papers_wait_and_a_new_one_lets_them_go_on(
    office, psre, monkeypatch
):
    upload(office, psre.file())
    document = issue(office=office)
    now = datetime.now(UTC)
    old = Psre("PSrE Uji")
    key, issued = old.issue(begins=now - 800 * DAY, ends=now - DAY)
    certificates.keep_uploaded(office.pk, certificates.SealKey(key, issued, (old.root,)))
    jobs.run_pending()
    job = SealJob.objects.get(document=document, purpose="seal")
    assert job.state == "failed"
    assert "berakhir pada" in job.last_error
    upload(office, psre.file())
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealed"


def test_paper_that_names_another_issuer_is_not_sealed(office, psre):
    upload(office, psre.file())
    document = issue(office=office)
    upload(office, Psre("PSrE Lain").file())
    jobs.run_pending()
    assert SealJob.objects.get(document=document).last_error == signers.ISSUER_CHANGED


def test_paper_keeps_the_seal_it_prints_when_the_office_changes(office, psre):
    document = issue(office=office)
    upload(office, psre.file())
    jobs.run_pending()
    document.refresh_from_db()
    assert document.certificate_fingerprint == signers.signer_for(office, "local").fingerprint


def test_wrong_passphrase_of_the_installation_is_visible_at_once(office, psre, settings):
    upload(office, psre.file())
    settings.SEAL_PASSPHRASE = "lain"
    assert signers.status(office).problem.startswith("Kata sandi kunci segel salah")
    assert signers.try_signer(office).startswith("Kata sandi kunci segel salah")


def test_end_of_a_certificate_is_announced_sixty_days_ahead(office, psre):
    now = datetime.now(UTC)
    upload(office, psre.file(ends=now + 62 * DAY))
    assert signers.status(office).warning == ""
    upload(office, psre.file(ends=now + 60 * DAY))
    assert signers.status(office).warning.startswith("Sertifikat segel kantor berakhir 59 hari lagi (")


# --- changing ---------------------------------------------------------------------------------------------------


def test_backend_without_a_working_key_is_not_chosen(office):
    for backend, reason in (
        ("p12", "belum diunggah"),
        ("pkcs11", "belum diatur"),
        ("bsre", "belum diatur"),
    ):
        with pytest.raises(Refusal, match=reason):
            seal_settings.change_backend(office=office, backend=backend, by=administrator(office))
    assert signers.backend_of(office) == "local"


def test_choosing_the_same_backend_again_is_not_logged(office):
    seal_settings.change_backend(office=office, backend="local", by=administrator(office))
    assert not AuditEntry.objects.filter(verb="seal.backend_changed").exists()


def test_missing_pkcs11_support_says_what_to_do(office, settings, monkeypatch):
    settings.SEAL_PKCS11_LIBRARY, settings.SEAL_PKCS11_TOKEN, settings.SEAL_PKCS11_PIN = "x", "x", "x"
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(Refusal, match="belum terpasang"):
        signers.signer_for(office, "pkcs11")


# --- page -------------------------------------------------------------------------------------------------------


def url(name, office):
    return reverse(f"documents:{name}", args=[office.pk])


def test_page_shows_certificate_and_its_end(client, office, psre):
    key = upload(office, psre.file())
    client.force_login(administrator(office))
    page = client.get(url("office_seal", office)).content.decode()
    assert "PSrE Uji" in page
    assert key.fingerprint[:4] in page
    assert "hari lagi)" in page


def test_test_seal_says_how_it_went(client, office):
    client.force_login(organizer_of(office))
    page = client.post(url("test_office_seal", office), follow=True).content.decode()
    assert "Segel uji berhasil dibuat dan diperiksa." in page
    assert AuditEntry.objects.get(verb="seal.tested").facts["result"] == "berhasil"


def test_upload_on_the_page(client, office, psre):
    client.force_login(administrator(office))
    file = SimpleUploadedFile("segel.p12", psre.file())
    response = client.post(url("office_seal_upload", office), {"berkas": file, "kata_sandi": "salah"})
    page = response.content.decode()
    assert "Kata sandi berkas kunci salah." in page
    assert 'value="salah"' not in page
    file = SimpleUploadedFile("segel.p12", psre.file())
    client.post(url("office_seal_upload", office), {"berkas": file, "kata_sandi": PASSPHRASE})
    assert signers.backend_of(office) == "p12"


def test_change_on_the_page_is_refused_in_words(client, office):
    client.force_login(administrator(office))
    page = client.post(url("office_seal_backend", office), {"backend": "bsre"}).content.decode()
    assert "Layanan BSrE belum diatur di peladen" in page
    assert signers.backend_of(office) == "local"


def test_organizer_sees_the_seal_but_may_not_change_it(client, office):
    client.force_login(organizer_of(office))
    assert client.get(url("office_seal", office)).status_code == 200
    assert client.get(url("office_seal_upload", office)).status_code == 403
