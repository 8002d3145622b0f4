"""A seal whose key is known to others: revoked with a reason, papers wait, a new seal goes on."""

import pytest
from django.core.management import call_command

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import certificates, jobs, revocation
from documents.models import SealJob
from documents.revoking import revoke_seal
from netralitas import health
from tests.accounts.factories import organizer_of, panwaslu_cerme
from tests.documents.factories import issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    office = panwaslu_cerme()
    certificates.signer_for(office)
    return office


def test_papers_wait_with_the_reason_until_there_is_a_new_seal(office):
    by = organizer_of(office)
    old = revoke_seal(office=office, reason="Kunci diketahui orang lain", by=by)
    document = issue(office=office)
    jobs.run_pending()
    job = SealJob.objects.get(document=document)
    assert job.state == "failed"
    assert "dicabut pada" in job.last_error
    assert "dokumen menunggu" in job.last_error
    assert "dicabut pada" in health.seal_problem()
    revocation.set_aside(office.pk)
    jobs.retry(job=job, by=by)
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealed"
    assert document.certificate_fingerprint != old.fingerprint


def test_the_log_of_the_office_keeps_reason_and_fingerprint(office):
    key = revoke_seal(office=office, reason=" Laptop hilang ", by=organizer_of(office), renew=True)
    entry = AuditEntry.objects.get(verb="seal.revoked")
    assert entry.facts == {"fingerprint": key.fingerprint, "reason": "Laptop hilang", "renewed": True}
    assert certificates.signer_for(office).fingerprint != key.fingerprint
    assert health.seal_problem() == ""


def test_no_seal_is_revoked_without_a_reason(office):
    with pytest.raises(Refusal, match="Tuliskan alasan"):
        revoke_seal(office=office, reason=" ", by=organizer_of(office))
    assert not revocation.revoked_at(certificates.signer_for(office).certificate)


def test_an_office_without_seal_has_nothing_to_revoke(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    office = panwaslu_cerme()
    with pytest.raises(Refusal, match="belum memiliki sertifikat"):
        revoke_seal(office=office, reason="x", by=organizer_of(office))


def test_the_command_says_what_happened(office, capsys):
    call_command("revoke_seal", str(office.pk), alasan="Uji", baru=True)
    assert "dicabut. Sertifikat baru sudah terbit." in capsys.readouterr().out


def test_the_command_refuses_an_unknown_office(capsys, db):
    with pytest.raises(SystemExit) as ended:
        call_command("revoke_seal", "999999", alasan="Uji")
    assert ended.value.code == 2


def test_readiness_warns_before_the_clock_of_the_office_ends(office, monkeypatch):
    assert health.timestamp_problem() == ""
    monkeypatch.setattr(health, "TSA_DAYS", 4000)
    assert health.timestamp_problem().startswith("sertifikat jam kantor berakhir dalam ")
