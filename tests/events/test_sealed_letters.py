"""A letter on its whole way: issued, rendered, sealed, read back, verified; then revised."""

import pytest

from documents import jobs, pdf, storage, verification
from documents.models import Document, HashRegister
from events.issuing import issue_event_paper
from tests.events.papers import text_of
from tests.events.test_letters import full  # noqa: F401

pytestmark = pytest.mark.django_db


def sealed(document: Document) -> Document:
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == "sealed"
    return document


def test_an_invitation_is_sealed_and_every_check_passes(full, organizer):  # noqa: F811
    document = sealed(issue_event_paper(event=full, kind="undangan", by=organizer))
    data = storage.read(document.file)
    assert pdf.validate(data) == []
    report = verification.verify_file(data)
    assert report.valid, report.as_json()
    assert report.checks["evidence"].status == "ok"
    assert report.document["kind"] == "undangan"
    assert document.public["number"] == document.number
    assert "Suharto" not in str(document.public)


def test_a_revision_takes_the_place_of_the_sealed_letter(full, organizer):  # noqa: F811
    first = sealed(issue_event_paper(event=full, kind="undangan", by=organizer))
    full.venue = "Aula Kecamatan Cerme"
    full.save()
    second = sealed(issue_event_paper(event=full, kind="undangan", by=organizer, reason="Tempat berpindah"))
    first.refresh_from_db()
    assert (first.state, second.revision, second.number) == ("superseded", 2, first.number)
    text = text_of(storage.read(second.file))
    assert f"menggantikan dokumen bersidik digital {first.sha256}" in text
    assert "Aula Kecamatan Cerme" in text
    assert HashRegister.objects.count() == 2


def test_a_changed_byte_of_a_letter_is_noticed(full, organizer):  # noqa: F811
    document = sealed(issue_event_paper(event=full, kind="susunan_acara", by=organizer))
    data = bytearray(storage.read(document.file))
    data[len(data) // 3] ^= 1
    assert not verification.verify_file(bytes(data)).valid
