"""A certificate from outside: its issuer is asked whether it was revoked, whoever gives the timestamp (PDF.md §4.1, §4.4)."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.refusals import Refusal
from documents import certificates, fetching, jobs, pades, pdf, seal_settings, stamping, storage
from documents.certificates import SealKey
from documents.models import Job, SealJob
from documents.timestamps import Authority
from documents.verification import verify_file
from tests.accounts.factories import member, panwaslu_cerme
from tests.documents import sample
from tests.documents.factories import issue
from tests.documents.machine import machine
from tests.documents.psre import PASSPHRASE, Psre, asked_by_list, asked_by_question, packed

HOUR = timedelta(hours=1)
NOT_THERE = (404, "text/plain", b"tidak ada")


@pytest.fixture(autouse=True)
def own_house(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    fetching.forget()


@pytest.fixture
def psre() -> Psre:
    return Psre()


@pytest.fixture
def issuer(psre):
    """The machine of the issuer, which publishes its list."""
    with machine(lambda path, body: (200, "application/pkix-crl", psre.list())) as found:
        yield found


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return sample.rendered("memorandum").pdf


def key_of(psre, *more) -> SealKey:
    """A seal of the issuer, whose root is trusted here as after an upload."""
    private, issued = psre.issue(more=more)
    key = SealKey(private, issued, (psre.root,))
    certificates.keep_uploaded(1, key)
    return key


def clock() -> Authority:
    return Authority(key=certificates.tsa_key())


def level(data: bytes) -> str:
    report = verify_file(data)
    assert report.valid, report.as_json()
    return report.pades_level


# --- what the issuer says is put into the paper -----------------------------------------------------------------


def test_a_list_of_the_issuer_lifts_the_paper_to_b_lta_with_the_clock_of_the_office(psre, issuer, unsigned):
    key = key_of(psre, asked_by_list(f"{issuer.address}/a.crl"))
    sealed = pades.seal(unsigned, signer=key, authority=clock())
    assert level(sealed) == "B-LTA"
    assert pdf.validate(sealed) == []
    assert issuer.asked == ["/a.crl"]


def test_an_answer_of_the_issuer_does_the_same(psre, issuer, unsigned):
    key = key_of(psre, asked_by_question(f"{issuer.address}/tanya"))
    issuer.answer = lambda path, body: (
        200,
        "application/ocsp-response",
        psre.answer(body, key.certificate),
    )
    sealed = pades.seal(unsigned, signer=key, authority=clock())
    assert level(sealed) == "B-LTA"
    assert pdf.validate(sealed) == []


def test_two_hundred_papers_in_a_row_ask_once(psre, issuer, unsigned):
    key = key_of(psre, asked_by_list(f"{issuer.address}/a.crl"))
    for _ in range(3):
        pades.seal(unsigned, signer=key, authority=clock())
    assert len(issuer.asked) == 1


def test_a_seal_of_the_own_authority_asks_nobody(issuer, unsigned, monkeypatch):
    monkeypatch.setattr(fetching, "ask", lambda *args, **options: pytest.fail("asked outside"))
    sealed = pades.seal(unsigned, signer=sample.seal_key(), authority=clock())
    assert level(sealed) == "B-LTA"


# --- silence and nonsense ---------------------------------------------------------------------------------------


def other_hand(psre):
    return 200, "application/pkix-crl", psre.list(by=ec.generate_private_key(ec.SECP256R1()))


def old_list(psre):
    return 200, "application/pkix-crl", psre.list(made=datetime.now(UTC) - timedelta(days=90))


@pytest.mark.parametrize(
    "answer",
    [
        lambda psre: NOT_THERE,
        lambda psre: (200, "text/html", b"<html>masuk dahulu</html>"),
        lambda psre: (200, "application/pkix-crl", b""),
        lambda psre: (200, "application/pkix-crl", b"\x30\x03\x02\x01\x05"),
        lambda psre: (200, "application/pkix-crl", b"\x30" * (fetching.LARGEST + 1)),
        lambda psre: (302, "text/plain", b""),
        other_hand,
        old_list,
    ],
    ids=["missing", "login page", "empty", "garbage", "huge", "sent nowhere", "other hand", "old"],
)
def test_a_list_that_is_none_leaves_the_paper_below_b_lta_and_valid(psre, issuer, unsigned, answer):
    issuer.answer = lambda path, body: answer(psre)
    key = key_of(psre, asked_by_list(f"{issuer.address}/a.crl"))
    assert level(pades.seal(unsigned, signer=key, authority=clock())) == "B-T"


def test_a_silent_issuer_costs_seconds_once_and_not_once_per_paper(psre, issuer, unsigned, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    released = threading.Event()

    def silent(path, body):
        released.wait(20)
        return NOT_THERE

    issuer.answer = silent
    key = key_of(psre, asked_by_list(f"{issuer.address}/a.crl"))
    for _ in range(3):
        assert level(pades.seal(unsigned, signer=key, authority=clock())) == "B-T"
    assert not released.is_set()  # we went on, not the issuer
    released.set()
    assert len(issuer.asked) == 1


def test_more_addresses_than_anybody_needs_are_not_all_asked(psre, issuer, unsigned):
    issuer.answer = lambda path, body: NOT_THERE
    addresses = [asked_by_list(f"{issuer.address}/0.crl")]
    addresses[0] = type(addresses[0])(
        [asked_by_list(f"{issuer.address}/{n}.crl")._distribution_points[0] for n in range(200)]
    )
    pades.seal(unsigned, signer=key_of(psre, *addresses), authority=clock())
    assert len(issuer.asked) == fetching.QUESTIONS


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ldap://127.0.0.1/cn=a", "ftp://127.0.0.1/a.crl"])
def test_an_address_that_is_not_of_the_web_is_not_asked(psre, unsigned, address):
    sealed = pades.seal(unsigned, signer=key_of(psre, asked_by_list(address)), authority=clock())
    assert level(sealed) == "B-T"


def test_a_paper_without_its_list_is_lifted_when_the_list_is_there(psre, issuer, unsigned):
    """Seal and archive timestamp are there already: what the seal lacks comes first, then a new timestamp."""
    issuer.answer = lambda path, body: NOT_THERE
    low = pades.seal(
        unsigned, signer=key_of(psre, asked_by_list(f"{issuer.address}/a.crl")), authority=clock()
    )
    assert level(low) == "B-T"
    fetching.forget()
    issuer.answer = lambda path, body: (200, "application/pkix-crl", psre.list())
    lifted = pades.upgrade(low, authority=clock())
    assert lifted.startswith(low)
    assert level(lifted) == "B-LTA"
    assert pdf.validate(lifted) == []


# --- revoked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("authority", [clock, lambda: None], ids=["with clock", "without"])
def test_a_certificate_its_issuer_revoked_seals_nothing(psre, issuer, unsigned, authority):
    key = key_of(psre, asked_by_list(f"{issuer.address}/a.crl"))
    psre.revoked[key.certificate.serial_number] = datetime.now(UTC) - HOUR
    with pytest.raises(Refusal) as refusal:
        pades.seal(unsigned, signer=key, authority=authority())
    assert refusal.value.message.startswith(
        "Sertifikat segel Bawaslu Kabupaten Gresik dicabut penerbitnya pada "
    )
    assert refusal.value.message.endswith("Pasang sertifikat baru; dokumen menunggu.")


def test_the_responder_of_the_issuer_is_believed_too(psre, issuer, unsigned):
    key = key_of(psre, asked_by_question(f"{issuer.address}/tanya"))
    psre.revoked[key.certificate.serial_number] = datetime.now(UTC) - HOUR
    issuer.answer = lambda path, body: (200, "application/ocsp-response", psre.answer(body, key.certificate))
    with pytest.raises(Refusal, match="dicabut penerbitnya"):
        pades.seal(unsigned, signer=key, authority=clock())


# --- the jobs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def office(db, psre, issuer):
    """Its uploaded certificate names the issuer's list."""
    office = panwaslu_cerme()
    private, issued = psre.issue(more=[asked_by_list(f"{issuer.address}/a.crl")])
    upload(office, packed(private, issued, [psre.root]))
    office.serial = issued.serial_number
    return office


def upload(office, content) -> None:
    seal_settings.upload_certificate(
        office=office, content=content, passphrase=PASSPHRASE, by=member(office, "administrator")
    )


def sealed_paper(office):
    document = issue(office=office)
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealed"
    return document


def upgrade_of(document) -> SealJob:
    return SealJob.objects.get(document=document, purpose=Job.Purpose.UPGRADE)


def test_a_paper_sealed_with_an_uploaded_certificate_reaches_b_lta_at_once(office):
    assert sealed_paper(office).pades_level == "B-LTA"


def test_a_paper_whose_issuer_is_silent_waits_with_the_reason_and_is_lifted_later(office, psre, issuer):
    issuer.answer = lambda path, body: NOT_THERE
    fetching.forget()
    document = sealed_paper(office)
    first = storage.read(document.file)
    assert document.pades_level == "B-T"
    for _ in range(3):
        SealJob.objects.filter(document=document).update(run_after=datetime.now(UTC))
        jobs.run(upgrade_of(document).pk)
    waiting = upgrade_of(document)
    assert (waiting.state, waiting.attempts) == ("waiting", 3)
    assert waiting.last_error == (
        "Stempel waktu belum dapat dipakai. Daftar pencabutan sertifikat dari penerbitnya belum dapat diambil."
    )
    assert waiting.run_after > datetime.now(UTC) + timedelta(minutes=9)
    document.refresh_from_db()
    assert storage.read(document.file) == first  # it does not grow with every attempt
    assert storage.sealed_names(document) == [document.file]

    issuer.answer = lambda path, body: (200, "application/pkix-crl", psre.list())
    fetching.forget()
    SealJob.objects.filter(pk=waiting.pk).update(run_after=datetime.now(UTC))
    assert jobs.run(waiting.pk) == "done"
    document.refresh_from_db()
    assert document.pades_level == "B-LTA"
    assert storage.read(document.file).startswith(first)


def test_a_certificate_revoked_by_its_issuer_lets_papers_wait(office, psre):
    psre.revoked[office.serial] = datetime.now(UTC) - HOUR
    fetching.forget()
    document = issue(office=office)
    jobs.run_pending()
    document.refresh_from_db()
    job = SealJob.objects.get(document=document)
    assert (document.state, job.state) == ("sealing", "failed")
    assert "dicabut penerbitnya pada" in job.last_error


def test_a_paper_whose_certificate_was_revoked_meanwhile_says_that_it_cannot_be_lifted(office, psre, issuer):
    issuer.answer = lambda path, body: NOT_THERE
    fetching.forget()
    document = sealed_paper(office)
    psre.revoked[office.serial] = datetime.now(UTC)
    issuer.answer = lambda path, body: (200, "application/pkix-crl", psre.list(made=datetime.now(UTC)))
    fetching.forget()
    job = upgrade_of(document)
    SealJob.objects.filter(pk=job.pk).update(run_after=datetime.now(UTC))
    assert jobs.run(job.pk) == "failed"
    assert upgrade_of(document).last_error.endswith("Tingkat segel dokumen ini tidak dapat dinaikkan lagi.")


def test_a_certificate_that_names_no_list_is_not_tried_for_ever(db, psre):
    office = panwaslu_cerme()
    upload(office, psre.file())
    document = sealed_paper(office)
    assert document.pades_level == "B-T"
    job = upgrade_of(document)
    SealJob.objects.filter(pk=job.pk).update(run_after=datetime.now(UTC))
    assert jobs.run(job.pk) == "failed"
    assert upgrade_of(document).last_error == stamping.NO_ADDRESS
    assert stamping.open_due_jobs() == 0
