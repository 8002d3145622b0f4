"""DEEDS: choose what seals the papers of an office, and hand in its certificate. Never a secret in log or database."""

from collections.abc import Sequence

from cryptography import x509
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing

from . import bsre, certificates, jobs, pades, signers, uploaded_keys
from .certificates import SealKey
from .models import Document, Job, SealJob, SealSetting

Backend = SealSetting.Backend
VERBS = {
    "seal.backend_changed": "mengubah cara penyegelan kantor",
    "seal.certificate_uploaded": "mengunggah sertifikat segel kantor",
    "seal.tested": "menguji segel kantor",
}
FACTS = {
    "backend": "cara penyegelan",
    "certificate": "sertifikat",
    "issuer": "penerbit",
    "fingerprint": "sidik sertifikat",
    "root": "sidik sertifikat akar",
    "valid_until": "berlaku sampai",
    "result": "hasil",
}


def change_backend(*, office, backend: str, by) -> SealSetting:
    """Let another kind of key seal the papers of the office from now on.

    Effects in order: a test seal (for BSrE: the gateway's settings are looked at); the setting; audit entry. Papers that
    are already on their way keep the seal they print. Choosing what is chosen changes nothing. Refused with the reason
    when the test seal does not come out right; the setting then stays.
    """
    if backend == Backend.BSRE:
        if problem := bsre.setting_problem():
            raise Refusal(problem)
    else:
        _try(signers.signer_for(office, backend))
    with writing():
        setting, _ = SealSetting.objects.select_for_update().get_or_create(office=office)
        if setting.backend != backend:
            _write(setting, backend, by)
    return setting


@sensitive_variables("passphrase", "content")
def upload_certificate(
    *, office, content: bytes, passphrase: str, by, issuers: Sequence[x509.Certificate] = ()
) -> SealKey:
    """Take a PKCS#12 file as the office's certificate; its passphrase is used once.

    Effects in order: the file is opened and looked at; a test seal; the key is stored below DATA_DIR/pki under the
    installation's passphrase and its root trusted here; audit entry; the office seals with it from now on; failed seals
    of the office are tried again. Refused with the reason before anything is stored.
    """
    key = uploaded_keys.read(content, passphrase, issuers)
    _try(key)
    with writing():
        setting, _ = SealSetting.objects.select_for_update().get_or_create(office=office)
        certificates.keep_uploaded(office.pk, key)
        audit.record(
            by,
            "seal.certificate_uploaded",
            office,
            certificate=key.name,
            issuer=key.issuer,
            fingerprint=key.fingerprint,
            root=certificates.fingerprint(key.chain[-1]),
            valid_until=key.expires.date().isoformat(),
        )
        if setting.backend != Backend.P12:
            _write(setting, Backend.P12, by)
    _try_failed_again(office, by)
    return key


def run_test_seal(*, office, by) -> str:
    """Make a test seal now. Returns "" when it came out right, else the reason.

    Effects: audit entry; failed seals of the office are tried again when the test came out right.
    """
    problem = signers.try_signer(office, again=True)
    with writing():
        audit.record(by, "seal.tested", office, result=problem or "berhasil")
    if not problem:
        _try_failed_again(office, by)
    return problem


def _try(key: SealKey) -> None:
    key.check()
    pades.try_seal(key)


def _write(setting: SealSetting, backend: str, by) -> None:
    before, setting.backend, setting.changed_at = setting.get_backend_display(), backend, timezone.now()
    setting.save(update_fields=["backend", "changed_at"])
    after = setting.get_backend_display()
    audit.record(by, "seal.backend_changed", setting.office, changes={"backend": [before, after]})


def _try_failed_again(office, by) -> None:
    """Papers that waited for a working key go on by themselves."""
    waiting = Document.objects.filter(office=office, state=Document.State.SEALING)
    for job in SealJob.objects.failed().filter(document__in=waiting.values("pk"), purpose=Job.Purpose.SEAL):
        try:
            jobs.retry(job=job, by=by)
        except Refusal:
            continue  # somebody was faster
