import pytest
from django.db import IntegrityError, connection, transaction

from documents import storage
from documents.models import Document, HashRegister, LetterNumber, RenderJob
from tests.accounts.factories import panwaslu_cerme
from tests.documents.factories import issue, sealed_document

pytestmark = pytest.mark.django_db


def broken_by(sql, *params):
    """The name of the constraint or trigger that stops the statement; fails when nothing does."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(caught.value)


def hex_of(document):
    return document.pk.hex if connection.vendor == "sqlite" else str(document.pk)


def test_hash_register_refuses_to_be_changed():
    document = sealed_document()
    message = broken_by("UPDATE documents_hashregister SET revision = 9 WHERE sha256 = %s", document.sha256)
    assert "append-only" in message
    assert HashRegister.objects.get(pk=document.sha256).revision == 1


def test_hash_register_refuses_to_forget():
    document = sealed_document()
    assert "append-only" in broken_by("DELETE FROM documents_hashregister")
    assert list(HashRegister.objects.values_list("pk", flat=True)) == [document.sha256]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite knows INSERT OR REPLACE")
def test_hash_register_refuses_to_be_replaced():
    document, other = sealed_document(), sealed_document()
    message = broken_by(
        "INSERT OR REPLACE INTO documents_hashregister (sha256, document_id, reason, revision, issued_at) "
        "SELECT %s, document_id, reason, revision, issued_at FROM documents_hashregister WHERE sha256 = %s",
        document.sha256,
        other.sha256,
    )
    assert "append-only" in message
    assert HashRegister.objects.get(pk=document.sha256).document == document


def test_hash_register_holds_only_sha256():
    document = sealed_document()
    with pytest.raises(IntegrityError, match="register_holds_sha256"), transaction.atomic():
        HashRegister.objects.create(sha256="abc", document=document, revision=1)


@pytest.mark.parametrize("column", ["sha256", "file", "pades_level"])
def test_sealed_paper_has_digest_file_and_level(column):
    document = sealed_document()
    message = broken_by(f"UPDATE documents_document SET {column} = '' WHERE id = %s", hex_of(document))
    assert "sealed_has_digest" in message


def test_paper_without_unsigned_file_is_not_sealing():
    document = issue()
    assert "sealing_has_unsigned_file" in broken_by(
        "UPDATE documents_document SET state = 'sealing' WHERE id = %s", hex_of(document)
    )


def test_void_paper_has_reason():
    document = sealed_document()
    assert "void_has_reason" in broken_by(
        "UPDATE documents_document SET state = 'void' WHERE id = %s", hex_of(document)
    )


def test_revision_of_a_source_is_given_once():
    office = panwaslu_cerme()
    sealed_document(office=office, source="declaration:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        sealed_document(office=office, source="declaration:1")


def test_paper_withdrawn_before_its_seal_frees_the_revision():
    office = panwaslu_cerme()
    first = issue(office=office, source="declaration:1")
    Document.objects.filter(pk=first.pk).update(
        state="void", void_reason="Diganti.", voided_at=first.created_at
    )
    assert sealed_document(office=office, source="declaration:1").revision == 1


def test_second_render_job_of_a_document_is_impossible():
    document = issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        RenderJob.objects.create(document=document, purpose="render")


def test_running_job_has_a_lease():
    issue()
    assert "lease" in broken_by("UPDATE documents_renderjob SET state = 'running'")


def test_failed_job_has_a_reason():
    issue()
    assert "reason" in broken_by("UPDATE documents_renderjob SET state = 'failed'")


def test_letter_number_is_used_once():
    office = panwaslu_cerme()
    row = {"office": office, "year": 2024, "date": "2024-10-02", "classification": "PM.05"}
    LetterNumber.objects.create(sequence=1, text="001", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterNumber.objects.create(sequence=1, text="001b", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterNumber.objects.create(sequence=2, text="001", **row)


def test_snapshot_is_not_readable_in_the_database():
    issue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT snapshot FROM documents_document")
        (stored,) = cursor.fetchone()
    assert "Sudiarta" not in stored
    assert "Sudiarta" in Document.objects.get().snapshot


def test_public_token_has_128_bits():
    first, second = issue(event_code="A", snapshot={"names": [], "sentence": "a"}), sealed_document()
    assert len(first.public_token) == 26
    assert first.public_token != second.public_token


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("", "Belum disegel"),
        ("B-B", "PAdES B-B: tanpa stempel waktu, waktu menurut jam kantor"),
        ("B-LTA", "PAdES B-LTA"),
    ],
)
def test_level_is_said_in_words(level, words):
    assert Document(pades_level=level).level_in_words == words


def test_state_note_of_a_void_paper_says_why():
    document = Document(state="void", void_reason="Salah ketik nomor.")
    assert document.state_note == "Dokumen ini dicabut: Salah ketik nomor."
    assert document.state_tone == "danger"


@pytest.mark.parametrize("name", ["", "../settings.py", "dokumen/../../x", "/etc/passwd"])
def test_name_that_leaves_the_private_folder_is_never_a_path(name):
    with pytest.raises(ValueError, match="leaves the folder"):
        storage.path_of(name)
