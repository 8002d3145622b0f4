"""Papers get their timestamp at once, later, or anew; never silently, and the old bytes stay the beginning."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.canonical import sha256_hex
from accounts.models import AuditEntry
from documents import jobs, leftovers, pades, register, stamping, storage, timestamps, verification
from documents.models import Document, HashRegister, Job, SealJob
from tests.accounts.factories import organizer_of
from tests.documents.factories import issue

SILENT = "http://127.0.0.1:9/tsa"  # nobody listens there

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ask_again():
    timestamps.forget_silence()
    yield
    timestamps.forget_silence()


@pytest.fixture
def nobody(settings):
    """No timestamp authority answers."""
    settings.SEAL_TSA_URLS, settings.SEAL_TSA_LOCAL = [SILENT], False


def sealed_paper(**changes) -> Document:
    document = issue(**changes)
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealed"
    return document


def upgrade_job(document) -> Job:
    return SealJob.objects.get(document=document, purpose=Job.Purpose.UPGRADE)


def hours_pass() -> None:
    timestamps.forget_silence()
    SealJob.objects.filter(state="waiting").update(run_after=timezone.now())


def stored(document) -> bytes:
    return storage.read(document.file)


# --- at once ----------------------------------------------------------------------------------------------------


def test_a_paper_is_sealed_at_b_lta_by_the_clock_of_the_office():
    document = sealed_paper()
    assert (document.pades_level, document.awaits_timestamp) == ("B-LTA", False)
    assert document.timestamp_expires > timezone.now() + timedelta(days=9 * 365)
    assert not SealJob.objects.filter(purpose=Job.Purpose.UPGRADE).exists()
    message = verification.verify_file(stored(document)).checks["timestamp"].message
    assert message.startswith("Stempel waktu ")
    assert message.endswith("(segel lokal), menurut jam kantor.")


def test_the_first_authority_that_answers_is_taken(settings):
    settings.SEAL_TSA_URLS = [SILENT]
    assert sealed_paper().pades_level == "B-LTA"


def test_without_any_authority_the_paper_stays_at_b_b_and_waits_for_nothing(settings):
    settings.SEAL_TSA_LOCAL = False
    document = sealed_paper()
    assert (document.pades_level, document.awaits_timestamp) == ("B-B", False)
    assert document.level_in_words == "PAdES B-B: tanpa stempel waktu, waktu menurut jam kantor"
    assert stamping.open_due_jobs() == 0
    assert not SealJob.objects.filter(purpose=Job.Purpose.UPGRADE).exists()


# --- later ------------------------------------------------------------------------------------------------------


def test_when_no_authority_answers_the_paper_is_sealed_and_waits_visibly(nobody):
    document = sealed_paper()
    assert (document.pades_level, document.awaits_timestamp) == ("B-B", True)
    assert document.level_in_words == "PAdES B-B: belum berstempel waktu, sedang diupayakan"
    job = upgrade_job(document)
    assert job.run_after > timezone.now()
    assert (job.state, job.state_note) == (
        "waiting",
        f"{stamping.NO_ANSWER} Akan dicoba lagi secara otomatis.",
    )


def test_it_is_tried_for_ever_with_growing_pauses(nobody):
    document = sealed_paper()
    for _ in range(9):
        hours_pass()
        assert jobs.run(upgrade_job(document).pk) == "postponed"
    job = upgrade_job(document)
    assert (job.state, job.last_error) == ("waiting", stamping.NO_ANSWER)
    assert job.run_after > timezone.now() + timedelta(minutes=50)
    document.refresh_from_db()
    assert document.pades_level == "B-B"


def test_an_authority_that_did_not_answer_is_not_asked_again_at_once(nobody, monkeypatch):
    asked, real = [], pades.seal

    def count(data, **kwargs):
        asked.append(kwargs.get("authority"))
        return real(data, **kwargs)

    monkeypatch.setattr(pades, "seal", count)
    sealed_paper(source="a:1")
    sealed_paper(source="a:2")
    assert [bool(authority) for authority in asked] == [True, False, False]


def test_once_an_authority_answers_the_same_file_grows_to_b_lta(nobody, settings):
    document = sealed_paper()
    before, first = stored(document), document.sha256
    settings.SEAL_TSA_LOCAL = True
    hours_pass()
    jobs.run_pending()
    document.refresh_from_db()
    assert (document.pades_level, document.awaits_timestamp) == ("B-LTA", False)
    after = stored(document)
    assert after.startswith(before)
    assert len(after) > len(before)
    assert (document.sha256, document.size) == (sha256_hex(after), len(after))
    assert verification.verify_file(after).valid
    rows = list(HashRegister.objects.filter(document=document).values_list("sha256", "reason"))
    assert rows == [(first, "sealed"), (document.sha256, "timestamped")]
    entry = AuditEntry.objects.get(verb="document.timestamped")
    assert (entry.facts["sha256"], entry.facts["replaces_sha256"]) == (document.sha256, first)
    assert upgrade_job(document).state == "done"


def test_the_earlier_file_still_belongs_to_the_paper(nobody, settings):
    document = sealed_paper()
    first = document.sha256
    settings.SEAL_TSA_LOCAL = True
    hours_pass()
    jobs.run_pending()
    found = register.look_at_hash(first)
    assert (found.headline, found.document) == ("SESUAI", document)
    assert found.axes[0].text.startswith("Versi terdahulu dari berkas yang sama")


def test_sweep_lifts_papers_of_an_earlier_version_also_superseded_ones(settings):
    settings.SEAL_TSA_LOCAL = False
    sealed_paper(source="a:1")
    old = sealed_paper(source="a:2")
    Document.objects.filter(pk=old.pk).update(state="superseded")
    settings.SEAL_TSA_LOCAL = True
    jobs.sweep()
    jobs.run_pending()
    assert set(Document.objects.values_list("pades_level", flat=True)) == {"B-LTA"}


def test_void_papers_are_left_as_they_are(nobody, settings):
    document = sealed_paper()
    Document.objects.filter(pk=document.pk).update(
        state="void", void_reason="salah", voided_at=timezone.now()
    )
    settings.SEAL_TSA_LOCAL = True
    hours_pass()
    jobs.run_pending()
    document.refresh_from_db()
    assert (document.pades_level, upgrade_job(document).state) == ("B-B", "done")


def test_a_damaged_file_is_not_stamped_and_says_so(nobody, settings):
    document = sealed_paper()
    storage.store(document.file, stored(document) + b"x")
    settings.SEAL_TSA_LOCAL = True
    hours_pass()
    jobs.run_pending()
    assert (upgrade_job(document).state, upgrade_job(document).last_error) == ("failed", stamping.DAMAGED)
    assert stamping.open_due_jobs() == 0  # waits for a person


def test_a_worker_killed_between_file_and_row_is_taken_over(nobody, settings, monkeypatch):
    document = sealed_paper()
    settings.SEAL_TSA_LOCAL = True
    hours_pass()
    with monkeypatch.context() as patch:
        patch.setattr(stamping, "_register", lambda *args: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            jobs.run(upgrade_job(document).pk)
    (left,) = [name for name in storage.sealed_names(document) if name != document.file]
    SealJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.run_pending()
    document.refresh_from_db()
    assert (document.file, document.pades_level) == (left, "B-LTA")
    assert HashRegister.objects.filter(document=document).count() == 2


def test_a_timestamp_that_does_not_lift_the_paper_is_thrown_away(nobody, settings, monkeypatch):
    document = sealed_paper()
    settings.SEAL_TSA_LOCAL = True
    monkeypatch.setattr(pades, "upgrade", lambda data, authority: data + b"% tanpa stempel\n")
    hours_pass()
    assert jobs.run(upgrade_job(document).pk) == "postponed"
    assert storage.sealed_names(document) == [document.file]
    assert "Stempel waktu belum dapat dipakai" in upgrade_job(document).last_error


# --- anew -------------------------------------------------------------------------------------------------------


def test_a_timestamp_that_ends_in_half_a_year_is_renewed():
    document = sealed_paper()
    before, first = stored(document), document.sha256
    Document.objects.update(timestamp_expires=timezone.now() + timedelta(days=179))
    jobs.sweep()
    jobs.run_pending()
    document.refresh_from_db()
    after = stored(document)
    assert after.startswith(before)
    assert len(after) > len(before)
    assert verification.verify_file(after).valid
    assert document.timestamp_expires > timezone.now() + timedelta(days=180)
    assert list(HashRegister.objects.values_list("sha256", "reason")) == [
        (first, "sealed"),
        (document.sha256, "renewed"),
    ]
    assert AuditEntry.objects.filter(verb="document.renewed").count() == 1


def test_a_renewed_paper_can_be_renewed_again_and_keeps_one_file(django_capture_on_commit_callbacks):
    document = sealed_paper()
    for _ in range(2):
        Document.objects.update(timestamp_expires=timezone.now() + timedelta(days=10))
        jobs.sweep()
        with django_capture_on_commit_callbacks(execute=True):
            jobs.run_pending()
    assert list(HashRegister.objects.values_list("reason", flat=True)) == ["sealed", "renewed", "renewed"]
    document.refresh_from_db()
    assert len(storage.sealed_names(document)) == 1


def test_a_renewal_that_gains_nothing_is_thrown_away(monkeypatch):
    """Otherwise the file would grow with every sweep once the authority itself is about to end."""
    document = sealed_paper()
    soon = document.timestamp_expires - timezone.now() + timedelta(days=1)
    monkeypatch.setattr(stamping, "RENEW_BEFORE", soon)
    jobs.sweep()
    jobs.run_pending()
    assert storage.sealed_names(document) == [document.file]
    assert upgrade_job(document).state == "waiting"
    assert "segera berakhir; perbarui otoritasnya" in upgrade_job(document).last_error


def test_181_days_are_enough():
    sealed_paper()
    Document.objects.update(timestamp_expires=timezone.now() + timedelta(days=181))
    assert stamping.open_due_jobs() == 0


def test_earlier_files_go_only_when_the_registered_one_is_whole(nobody):
    document = sealed_paper()
    leftovers.clear(document)
    current = stored(document)
    storage.store(f"dokumen/{document.pk}/segel-lama.pdf", current[:-5])
    storage.store(document.file, current + b"x")
    assert leftovers.clear(document) == 0
    storage.store(document.file, current)
    assert leftovers.clear(document) == 1
    assert storage.sealed_names(document) == [document.file]


# --- seen -------------------------------------------------------------------------------------------------------


def test_the_pages_of_the_office_say_that_a_paper_waits_for_its_timestamp(nobody, client):
    document = sealed_paper()
    client.force_login(organizer_of(document.office))
    for address in (document.get_absolute_url(), reverse("documents:archive")):
        page = client.get(address).content.decode()
        assert "status-waiting" in page
        assert "Menunggu stempel waktu" in page


def test_the_public_page_says_the_level_that_was_reached(nobody, client):
    document = sealed_paper()
    page = client.get(document.verify_path).content.decode()
    assert "PAdES B-B: belum berstempel waktu, sedang diupayakan" in page


def test_a_stamped_paper_does_not_wait(client):
    document = sealed_paper()
    client.force_login(organizer_of(document.office))
    page = client.get(document.get_absolute_url()).content.decode()
    assert "PAdES B-LTA" in page
    assert "Menunggu stempel waktu" not in page
