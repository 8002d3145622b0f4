"""From a snapshot to a sealed, registered paper; and what is left when the worker dies on the way."""

import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.audit import SYSTEM, verify_all
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import certificates, jobs, pades, papers, pdf, repack, sealing, storage, verification
from documents.models import Document, HashRegister, Job, RenderJob, SealJob
from tests.accounts.factories import organizer_of, panwaslu_benjeng, panwaslu_cerme
from tests.documents.factories import KIND, compose, issue, sealed_document, snapshot

pytestmark = [
    pytest.mark.django_db,
    # WeasyPrint and fontTools leave closing to the garbage collector.
    pytest.mark.filterwarnings(r"ignore:unclosed file .*(sRGB2014\.icc|\.woff2):ResourceWarning"),
]


class Killed(BaseException):
    """What SIGKILL is to the code: nothing after it runs, no handler sees it."""


@pytest.fixture
def document():
    return issue(source="declaration:1")


def sealed(document) -> Document:
    jobs.run_pending()
    document.refresh_from_db()
    return document


def let_leases_run_out():
    for model in (RenderJob, SealJob):
        model.objects.filter(state="running").update(lease_until=timezone.now() - timedelta(seconds=1))


def kill_once(monkeypatch, module, name, *, after=False):
    """The process dies in (or right after) the first call of this function."""
    real, calls = getattr(module, name), []

    def deadly(*args, **kwargs):
        calls.append(name)
        if len(calls) > 1:
            return real(*args, **kwargs)
        if after:
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(module, name, deadly)


def run_until_killed():
    with pytest.raises(Killed):
        jobs.run_pending()
    let_leases_run_out()


def assert_sealed_once(document):
    document = sealed(document)
    assert document.state == "sealed"
    assert list(HashRegister.objects.values_list("pk", flat=True)) == [document.sha256]
    assert AuditEntry.objects.filter(verb="document.sealed").count() == 1
    assert storage.sha256_of(document.file) == document.sha256
    assert Document.objects.count() == 1
    assert all(report.first_broken is None for report in verify_all())
    return document


# --- the straight way -------------------------------------------------------------------------------------------


def test_issued_paper_is_rendered_sealed_and_registered(document):
    assert document.state == "rendering"
    document = sealed(document)
    assert (document.state, document.pades_level, document.pages) == ("sealed", "B-LTA", 1)
    data = storage.read(document.file)
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (document.sha256, document.size)
    entry = HashRegister.objects.get()
    assert (entry.pk, entry.document, entry.reason, entry.revision) == (
        document.sha256,
        document,
        "sealed",
        1,
    )
    assert document.certificate_fingerprint == certificates.signer_for(document.office).fingerprint
    assert document.versions["weasyprint"].startswith("70.")
    noted = AuditEntry.objects.get(verb="document.sealed")
    assert (noted.facts["sha256"], noted.stream_id) == (document.sha256, document.office.audit_stream)


def test_sealed_file_begins_with_the_unsigned_one_and_holds_the_seal(document):
    document = sealed(document)
    data = storage.read(document.file)
    assert hashlib.sha256(data[: document.unsigned_size]).hexdigest() == document.unsigned_sha256
    report = pades.report(data, certificates.trusted_roots())
    assert (report.genuine, report.integrity, report.trust) == (True, "intact", "trusted")


def test_private_files_are_readable_by_the_owner_only(document):
    path = storage.path_of(sealed(document).file)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.is_relative_to(settings.MEDIA_ROOT)


def test_paper_prints_the_address_of_its_page(document):
    facts = sealing.facts_of(document)
    assert facts.verify_url == f"https://netralitas.example/verifikasi/{document.public_token}/"
    assert document.public_token in sealing.compose(document).html


def test_asking_twice_gives_one_paper_and_one_job(document):
    assert issue(source="declaration:1") == document
    assert RenderJob.objects.count() == 1
    assert sealed(issue(source="declaration:1")).pk == document.pk
    assert issue(source="declaration:1") == document
    assert AuditEntry.objects.filter(verb="document.issued").count() == 1


def test_same_snapshot_of_another_office_or_source_is_another_paper(document):
    other_source = issue(source="declaration:2")
    no_source, other_office = issue(), issue(office=panwaslu_benjeng())
    assert len({document.pk, other_source.pk, no_source.pk, other_office.pk}) == 4


def test_unknown_kind_and_strange_snapshot_are_mistakes_of_the_programmer():
    with pytest.raises(ValueError, match="unknown paper kind"):
        issue(kind="tidak_ada")
    with pytest.raises(ValueError, match="no canonical form"):
        issue(snapshot={"weight": 1.5})
    assert not Document.objects.exists()


def test_only_agreed_facts_become_public(document):
    other = issue(
        source="x", snapshot=snapshot(public={"title": "Judul", "names": ["Nyoman"], "phone": "0812"})
    )
    assert other.public == {"title": "Judul"}


# --- revisions --------------------------------------------------------------------------------------------------


def revise(document, **changes):
    values = {"source": "declaration:1", "supersedes": document, "reason": "Nama diperbaiki."}
    return issue(**{**values, "snapshot": snapshot(names=["Nyoman Sudiartha (contoh)"]), **changes})


def test_revision_replaces_the_old_paper_only_when_it_is_sealed(document):
    old = sealed(document)
    new = revise(old)
    old.refresh_from_db()
    assert (old.state, new.revision, new.supersedes) == ("sealed", 2, old)
    new = sealed(new)
    old.refresh_from_db()
    assert (old.state, new.state) == ("superseded", "sealed")
    assert storage.exists(old.file)
    assert AuditEntry.objects.get(verb="document.superseded").facts["by_document"] == str(new.pk)


def test_revision_prints_what_it_replaces(document):
    new = revise(sealed(document))
    replaces = sealing.facts_of(new).replaces
    document.refresh_from_db()
    assert (replaces.sha256, replaces.reason) == (document.sha256, "Nama diperbaiki.")
    assert "Revisi 2: Nama diperbaiki." in sealing.compose(new).html


def test_revision_asked_twice_is_one_revision(document):
    old = sealed(document)
    assert revise(old) == revise(old)
    new = sealed(revise(old))
    assert revise(old) == new


def test_revision_without_reason_is_refused(document):
    with pytest.raises(Refusal, match="alasan revisi"):
        revise(sealed(document), reason=" ")
    assert Document.objects.count() == 1


def test_sealed_paper_is_not_replaced_silently(document):
    sealed(document)
    with pytest.raises(Refusal, match="sudah disegel"):
        issue(source="declaration:1", snapshot=snapshot(names=[]))


def test_paper_that_is_no_longer_in_force_cannot_be_replaced_again(document):
    old = sealed(document)
    sealed(revise(old))
    with pytest.raises(Refusal, match="tidak berlaku"):
        revise(old, snapshot=snapshot(names=["Lain (contoh)"]))


def test_newer_data_withdraws_a_paper_that_is_not_sealed_yet(document):
    newer = issue(source="declaration:1", snapshot=snapshot(names=["Nama Baru (contoh)"]))
    document.refresh_from_db()
    assert (document.state, newer.revision) == ("void", 1)
    assert AuditEntry.objects.get(verb="document.withdrawn").object_id == str(document.pk)
    jobs.run_pending()
    newer.refresh_from_db()
    assert newer.state == "sealed"
    assert HashRegister.objects.get().document == newer


def test_paper_withdrawn_while_its_seal_is_made_is_never_handed_out(document, monkeypatch):
    real = pades.seal

    def withdraw_meanwhile(data, **kwargs):
        sealing.void_document(document=document, reason="Ditarik.", by=SYSTEM)
        return real(data, **kwargs)

    monkeypatch.setattr(pades, "seal", withdraw_meanwhile)
    document = sealed(document)
    assert (document.state, document.sha256) == ("void", "")
    assert not HashRegister.objects.exists()
    assert SealJob.objects.get().state == "done"


def test_paper_after_a_void_one_counts_on_and_says_so(document):
    old = sealed(document)
    sealing.void_document(document=old, reason="Nomor keliru.", by=SYSTEM)
    new = issue(source="declaration:1")
    assert (new.revision, new.supersedes, new.revision_reason) == (2, None, "Revisi sebelumnya dicabut.")


# --- void -------------------------------------------------------------------------------------------------------


def test_void_keeps_file_and_hash():
    document = sealed_document()
    clerk = organizer_of(document.office)
    void = sealing.void_document(document=document, reason=" Nomor keliru. ", by=clerk)
    assert (void.state, void.void_reason) == ("void", "Nomor keliru.")
    assert storage.exists(void.file)
    assert HashRegister.objects.get().document == void
    assert AuditEntry.objects.get(verb="document.voided").actor_id == str(clerk.pk)


def test_void_twice_changes_nothing():
    document = sealed_document()
    first = sealing.void_document(document=document, reason="Nomor keliru.", by=SYSTEM)
    again = sealing.void_document(document=document, reason="Alasan lain.", by=SYSTEM)
    assert (again.void_reason, again.voided_at) == ("Nomor keliru.", first.voided_at)
    assert AuditEntry.objects.filter(verb="document.voided").count() == 1


def test_void_without_reason_and_of_a_replaced_paper_is_refused():
    document = sealed_document()
    with pytest.raises(Refusal, match="alasan pencabutan"):
        sealing.void_document(document=document, reason="", by=SYSTEM)
    Document.objects.update(state="superseded")
    with pytest.raises(Refusal, match="revisi terbarunya"):
        sealing.void_document(document=document, reason="Keliru.", by=SYSTEM)


# --- killed on the way (PDF.md §7.2) ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "name", "after"),
    [
        (pdf, "render", False),
        (repack, "repack", False),
        (repack, "repack", True),
        (pdf, "validate", False),
        (storage, "store", False),
        (storage, "store", True),
        (pades, "seal", False),
        (pades, "seal", True),
        (verification, "verify_file", False),
    ],
)
def test_killed_worker_leaves_work_that_sweep_finishes_once(document, monkeypatch, module, name, after):
    kill_once(monkeypatch, module, name, after=after)
    run_until_killed()
    assert jobs.sweep().woken == 1
    assert_sealed_once(document)


def test_issue_killed_before_its_commit_leaves_nothing_and_the_next_click_makes_one_paper(db, monkeypatch):
    kill_once(monkeypatch, jobs, "open_job")
    with pytest.raises(Killed):
        issue(source="declaration:1")
    assert not Document.objects.exists()
    assert_sealed_once(issue(source="declaration:1"))


def test_worker_killed_after_the_seal_is_registered_leaves_a_hook_that_runs_once(followed, monkeypatch):
    document = issue(kind="uji_lanjut")
    kill_once(monkeypatch, sealing, "follow_up_step")
    monkeypatch.setitem(jobs.STEPS, Job.Purpose.FOLLOW_UP, lambda job: sealing.follow_up_step(job))
    run_until_killed()
    assert followed == []
    assert_sealed_once(document)
    assert followed == [document]


def test_render_killed_after_the_file_gives_the_same_bytes_again(document, monkeypatch):
    kill_once(monkeypatch, storage, "store", after=True)
    run_until_killed()
    first = storage.sha256_of(storage.unsigned_name(document))
    assert assert_sealed_once(document).unsigned_sha256 == first


def test_sealed_file_without_row_is_taken_over(document, monkeypatch):
    jobs.run(RenderJob.objects.get().pk)
    kill_once(monkeypatch, verification, "verify_file")
    run_until_killed()
    (name,) = storage.sealed_names(document)
    left = storage.sha256_of(name)
    assert assert_sealed_once(document).sha256 == left


def test_foreign_file_in_the_place_of_the_sealed_one_is_not_taken_over(document):
    jobs.run(RenderJob.objects.get().pk)
    storage.store(storage.sealed_name(document, "0" * 64), b"%PDF-1.7 bukan milik kami")
    assert_sealed_once(document)


def test_half_sealed_file_is_not_published(document, monkeypatch):
    monkeypatch.setattr(pades, "seal", lambda data, **kwargs: data + b"% tanpa segel")
    document = sealed(document)
    assert document.state == "sealing"
    assert storage.sealed_names(document) == []
    assert (
        SealJob.objects.get().last_error == "Pemeriksaan sesudah penyegelan gagal: Berkas ini tidak bersegel."
    )
    assert not HashRegister.objects.exists()


def test_genuine_seal_on_other_pages_is_not_published(document, monkeypatch):
    other = issue(source="declaration:2", snapshot=snapshot(names=["Orang Lain (contoh)"]))
    for job in RenderJob.objects.all():
        jobs.run(job.pk)
    pages, real = storage.read(storage.unsigned_name(other)), pades.seal
    monkeypatch.setattr(pades, "seal", lambda data, **kwargs: real(pages, **kwargs))
    job = SealJob.objects.get(document=document)
    assert jobs.run(job.pk) == "failed"
    job.refresh_from_db(), document.refresh_from_db()
    assert job.last_error == "Pemeriksaan sesudah penyegelan gagal: Isi berkas berubah saat disegel."
    assert (document.state, storage.sealed_names(document)) == ("sealing", [])
    assert not HashRegister.objects.exists()


@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_damaged_unsigned_file_is_rendered_again(document, damage):
    jobs.run(RenderJob.objects.get().pk)
    name = storage.unsigned_name(document)
    if damage == "lost":
        storage.remove(name)
    else:
        storage.store(name, storage.read(name) + b" ")
    document.refresh_from_db()
    before = document.unsigned_sha256
    assert assert_sealed_once(document).unsigned_sha256 == before


def test_two_workers_seal_once(document, monkeypatch):
    jobs.run(RenderJob.objects.get().pk)
    real, others = pades.seal, []

    def slow(data, **kwargs):
        monkeypatch.setattr(pades, "seal", real)
        let_leases_run_out()
        others.append(jobs.run(SealJob.objects.get().pk))
        return real(data, **kwargs)

    monkeypatch.setattr(pades, "seal", slow)
    assert jobs.run(SealJob.objects.get().pk) == "left"
    assert others == ["done"]
    assert_sealed_once(document)
    assert len(storage.sealed_names(document)) == 1


def test_worker_that_slept_through_its_lease_cannot_write_over_the_sealed_file(document, monkeypatch):
    jobs.run(RenderJob.objects.get().pk)
    real = storage.store

    def asleep(name, data):
        monkeypatch.setattr(storage, "store", real)
        let_leases_run_out()
        jobs.run(SealJob.objects.get().pk)
        real(name, data)

    monkeypatch.setattr(storage, "store", asleep)
    assert jobs.run(SealJob.objects.get().pk) == "left"
    assert_sealed_once(document)


# --- refusals of the engine -------------------------------------------------------------------------------------


def test_unprintable_character_fails_with_a_readable_reason(document):
    bad = issue(source="x", snapshot=snapshot(names=["Ita ☃"]))
    jobs.run_pending()
    job = RenderJob.objects.get(document=bad)
    assert (job.state, job.attempts) == ("failed", 1)
    assert job.last_error == "Karakter ‘☃’ (U+2603) tidak dapat dicetak. Perbaiki ejaannya."
    corrected = issue(source="x", snapshot=snapshot(names=["Ita"]))
    assert sealed(corrected).state == "sealed"


def test_file_that_breaks_pdfa_is_not_sealed(document, monkeypatch):
    failure = pdf.Failure("PDF/A-3a", "PDFA-FONT-1", None, "x")
    monkeypatch.setattr(pdf, "validate", lambda data: [failure, failure])
    jobs.run_pending()
    assert RenderJob.objects.get().last_error == "Berkas tidak memenuhi PDF/A: PDFA-FONT-1."
    assert not SealJob.objects.exists()


def test_wrong_passphrase_lets_the_paper_wait(document, monkeypatch):
    def refuse(*args, **kwargs):
        raise Refusal("Kata sandi kunci segel salah, atau berkas kunci rusak.")

    monkeypatch.setattr(certificates, "signer_for", refuse)
    jobs.run_pending()
    job = SealJob.objects.get()
    assert (job.state, job.last_error) == ("failed", "Kata sandi kunci segel salah, atau berkas kunci rusak.")
    monkeypatch.undo()
    jobs.retry(job=job, by=organizer_of(document.office))
    assert_sealed_once(document)


def test_full_disk_is_tried_again(document, monkeypatch):
    def full(name, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "store", full)
    jobs.run_pending()
    assert RenderJob.objects.get().state_note == "Ruang penyimpanan penuh. Akan dicoba lagi secara otomatis."
    monkeypatch.undo()
    RenderJob.objects.update(run_after=timezone.now())
    assert_sealed_once(document)


# --- what follows a seal ----------------------------------------------------------------------------------------


@pytest.fixture
def followed(monkeypatch):
    """A kind whose upper room wants to know."""
    seen = []
    monkeypatch.setitem(
        papers.KINDS, "uji_lanjut", papers.PaperKind("uji_lanjut", "Uji", compose, seen.append)
    )
    return seen


def test_upper_room_hears_of_the_seal_once(followed):
    document = sealed(issue(kind="uji_lanjut"))
    jobs.run_pending()
    assert followed == [document]


def test_failing_follow_up_is_a_job_of_its_own(followed, monkeypatch):
    def broken(document):
        followed.append(document)
        if len(followed) == 1:
            raise RuntimeError("not yet")

    monkeypatch.setitem(papers.KINDS, "uji_lanjut", papers.PaperKind("uji_lanjut", "Uji", compose, broken))
    document = sealed(issue(kind="uji_lanjut"))
    assert document.state == "sealed"
    job = SealJob.objects.get(purpose=Job.Purpose.FOLLOW_UP)
    assert job.state == "waiting"
    SealJob.objects.update(run_after=timezone.now())
    jobs.run_pending()
    job.refresh_from_db()
    assert (job.state, len(followed)) == ("done", 2)


def test_kind_registered_by_two_rooms_is_a_mistake(followed):
    with pytest.raises(ValueError, match="registered twice"):
        papers.register("uji_lanjut", "Lain", compose)
    papers.register("uji_lanjut", "Uji", compose, followed.append)
    assert papers.label(KIND) == "Surat uji"


def test_papers_of_two_offices_do_not_disturb_each_other():
    here, there = issue(office=panwaslu_cerme()), issue(office=panwaslu_benjeng())
    jobs.run_pending()
    assert {d.state for d in Document.objects.all()} == {"sealed"}
    here.refresh_from_db(), there.refresh_from_db()
    assert here.certificate_fingerprint != there.certificate_fingerprint
