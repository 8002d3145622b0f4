"""An officer signs at the BSrE gateway: both versions of its interface, and what it may do wrong."""

import pytest
from cryptography.hazmat.primitives import serialization
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import bsre, certificates, jobs, officer_seal, pades, pdf, seal_settings, signers, storage
from documents.models import HashRegister, SealJob
from tests.accounts.factories import member, organizer_of, panwaslu_cerme
from tests.documents import gateway as stand_in
from tests.documents.factories import issue
from tests.documents.gateway import NIK, PASSPHRASE, TOTP

pytestmark = pytest.mark.django_db
WAITS = "Menunggu tanda tangan BSrE oleh pejabat."


@pytest.fixture
def gateway(settings):
    with stand_in.running() as running:
        settings.SEAL_BSRE_URL, settings.SEAL_BSRE_VERSION = running.address, "v1"
        settings.SEAL_BSRE_USER, settings.SEAL_BSRE_PASSWORD = stand_in.USER, stand_in.PASSWORD
        path = certificates.pki_folder() / "roots" / "bsre-uji.pem"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(running.psre.root.public_bytes(serialization.Encoding.PEM))
        yield running
        path.unlink()


@pytest.fixture
def document(gateway):
    """Rendered, waiting for the officer."""
    office = panwaslu_cerme()
    seal_settings.change_backend(office=office, backend="bsre", by=member(office, "administrator"))
    document = issue(office=office)
    jobs.run_pending()
    document.refresh_from_db()
    return document


def sign(document, who=NIK, passphrase=PASSPHRASE, totp=""):
    credentials = bsre.Credentials(who, passphrase, totp)
    return officer_seal.seal_by_officer(
        document=document, credentials=credentials, by=organizer_of(document.office)
    )


def refused(document, **typed):
    with pytest.raises(Refusal) as refusal:
        sign(document, **typed)
    return refusal.value


def assert_waits(document):
    document.refresh_from_db()
    assert (document.state, document.sha256) == ("sealing", "")
    job = SealJob.objects.get(document=document)
    assert (job.state, job.state_note) == ("waiting", WAITS)
    assert not storage.sealed_names(document)
    assert not HashRegister.objects.exists()


def test_paper_waits_for_the_officer_and_no_worker_touches_it(document):
    assert_waits(document)
    assert jobs.run_pending() == (0, 0, 0)
    jobs.sweep()
    assert_waits(document)


def test_paper_says_that_bsre_issued_the_certificate_and_has_no_prepared_field(document):
    assert signers.sentence(document.seal_plan) == signers.BSRE_SEAL


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_officer_signs_and_the_paper_is_sealed(document, gateway, settings, version):
    settings.SEAL_BSRE_VERSION = version
    sealed = sign(document)
    assert (sealed.state, sealed.certificate_fingerprint) == ("sealed", gateway.key.fingerprint)
    data = storage.read(sealed.file)
    assert len(data) == sealed.size
    report = pades.report(data, certificates.trusted_roots())
    assert (report.genuine, report.integrity, report.trust) == (True, "intact", "trusted")
    assert report.fields[0] == "TandaTanganBSrE"
    assert pdf.validate(data) == []
    path, asked = gateway.asked[0]
    assert path == ("/api/sign/pdf" if version == "v1" else "/api/v2/sign/pdf")
    assert (asked["nik"], asked["passphrase"]) == (NIK, PASSPHRASE)
    shown = asked["tampilan"] if version == "v1" else asked["signatureProperties"][0]["tampilan"]
    assert shown.lower() == "invisible"


def test_email_and_totp_go_to_version_two(document, gateway, settings):
    settings.SEAL_BSRE_VERSION = "v2"
    assert sign(document, who="ketua@contoh.go.id", passphrase="", totp=TOTP).state == "sealed"
    _, asked = gateway.asked[0]
    assert (asked["email"], asked["totp"]) == ("ketua@contoh.go.id", TOTP)
    assert "passphrase" not in asked


def test_version_one_knows_neither_email_nor_totp(document, gateway):
    assert refused(document, who="ketua@contoh.go.id").message == bsre.NO_EMAIL
    assert refused(document, passphrase="", totp=TOTP).message == bsre.NO_TOTP
    assert gateway.asked == []
    assert_waits(document)


def test_wrong_passphrase_leaves_the_paper_waiting(document, gateway):
    assert refused(document, passphrase="salah sekali").message == bsre.REFUSED
    assert_waits(document)
    assert sign(document).state == "sealed"


def test_app_account_that_the_gateway_refuses(document, settings):
    settings.SEAL_BSRE_PASSWORD = "lain"
    assert refused(document).message == bsre.NO_ACCESS
    assert_waits(document)


def test_gateway_in_trouble_leaves_the_paper_waiting(document, gateway):
    gateway.manner = "500"
    assert refused(document).message == bsre.BROKEN
    assert_waits(document)


def test_gateway_that_does_not_answer_in_time(document, gateway, monkeypatch):
    gateway.manner = "slow"
    monkeypatch.setattr(bsre, "SECONDS", 0.3)
    assert refused(document).message == bsre.TOO_SLOW
    assert_waits(document)


def test_gateway_that_is_not_there(document, settings):
    settings.SEAL_BSRE_URL = "http://127.0.0.1:9"
    assert refused(document).message == bsre.NOT_REACHED
    assert signers.try_signer(document.office) == bsre.NOT_REACHED
    assert_waits(document)


def test_passphrase_is_never_sent_on_to_another_address(document, gateway):
    gateway.manner = "redirect"
    assert refused(document).message == bsre.BROKEN
    assert len(gateway.asked) == 1


@pytest.mark.parametrize("manner", ["changed", "page", "stamped", "uncertified", "appended"])
def test_gateway_that_changes_the_paper_is_refused(document, gateway, manner):
    gateway.manner = manner
    assert refused(document).message == "Layanan BSrE mengubah berkas. Segel dibatalkan."
    assert_waits(document)


def test_gateway_that_gives_no_pdf(document, gateway):
    gateway.manner = "text"
    assert refused(document).message == bsre.NO_PDF
    assert_waits(document)


def test_certificate_of_an_unknown_root_is_refused(document, gateway):
    (certificates.pki_folder() / "roots" / "bsre-uji.pem").write_text("")
    assert "Akar sertifikat tidak dikenal" in refused(document).message
    assert_waits(document)


def test_sealed_paper_is_not_signed_again(document, gateway):
    sign(document)
    assert refused(document).message == officer_seal.NOT_WAITING
    assert len(gateway.asked) == 1


def test_file_left_behind_by_a_killed_run_is_taken_over_without_asking_again(document, gateway, monkeypatch):
    from documents import sealing

    class Killed(BaseException):
        pass

    def die(*args):
        raise Killed

    monkeypatch.setattr(sealing, "_register", die)
    with pytest.raises(Killed):
        sign(document)
    monkeypatch.undo()
    SealJob.objects.update(lease_until=document.created_at)
    assert sign(document).state == "sealed"
    assert len(gateway.asked) == 1
    assert HashRegister.objects.count() == 1


# --- page -------------------------------------------------------------------------------------------------------


def post(client, document, **typed):
    body = {"pejabat": NIK, "frasa_sandi": PASSPHRASE, "totp": ""} | typed
    return client.post(reverse("documents:officer_signature", args=[document.pk]), body)


def test_officer_signs_on_the_page(client, document):
    client.force_login(organizer_of(document.office))
    assert WAITS[:-1] in client.get(document.get_absolute_url()).content.decode()
    assert "Tanda tangani" in client.get(reverse("documents:queue")).content.decode()
    response = post(client, document)
    assert response.status_code == 302
    document.refresh_from_db()
    assert document.state == "sealed"
    assert AuditEntry.objects.filter(verb="document.signed_at_gateway").count() == 1


@pytest.mark.parametrize("manner", ["wrong", "500", "changed", "slow", "crash"])
def test_nothing_typed_is_kept_or_shown(client, document, gateway, manner, caplog, monkeypatch, settings):
    settings.DEBUG = True
    caplog.set_level("DEBUG")
    gateway.manner = manner
    secret = "rahasia-9z" if manner == "wrong" else PASSPHRASE
    monkeypatch.setattr(bsre, "SECONDS", 0.3 if manner == "slow" else 60)
    if manner == "crash":
        monkeypatch.setattr(bsre, "_request_v1", lambda pdf, credentials: 1 / 0)
    client.force_login(organizer_of(document.office))
    client.raise_request_exception = False
    response = post(client, document, frasa_sandi=secret)
    assert response.status_code == 200
    kept = [
        response.content.decode(),
        caplog.text,
        str(list(SealJob.objects.values())),
        str([entry.facts for entry in AuditEntry.objects.all()]),
        str([session.get_decoded() for session in Session.objects.all()]),
    ]
    for place in kept:
        assert secret not in place
        assert NIK not in place


def test_page_asks_for_what_is_missing_and_comes_back_empty(client, document, gateway):
    client.force_login(organizer_of(document.office))
    page = post(client, document, frasa_sandi="", totp="").content.decode()
    assert "Isi salah satu: frasa sandi atau kode TOTP." in page
    page = post(client, document, pejabat="12345").content.decode()
    assert "NIK terdiri dari 16 angka." in page
    assert "12345" not in page
    assert gateway.asked == []


def test_page_of_a_paper_that_does_not_wait(client, gateway):
    document = issue()
    client.force_login(organizer_of(document.office))
    page = client.get(reverse("documents:officer_signature", args=[document.pk])).content.decode()
    assert "tidak menunggu tanda tangan BSrE" in page
    assert "frasa_sandi" not in page
