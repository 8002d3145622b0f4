"""A name that was misspelt when its bearer signed: put right with a reason; the record stays, papers become revisions."""

import pytest
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.roles import Role
from declarations import corrections, planning, review, sealing, signing
from declarations.models import Declaration, NameCorrection, Signature
from declarations.snapshot import freeze
from documents import storage, verification
from documents.models import Document
from documents.sealing import snapshot_of
from events.attendees import change_attendee
from events.models import Attendee, Event
from tests.accounts.factories import member, organizer_of, panwaslu_purwodadi
from tests.declarations import day, factories
from tests.declarations.seals import sealed, words_of

pytestmark = pytest.mark.django_db
BY = audit.SYSTEM


def signed(**fields):
    """A paper that one person with a misspelt name has signed."""
    event = day.running_event()
    factories.attendee(event, full_name="Budi Santosso", title_suffix="S.Sos.", **fields)
    paper = day.open_paper(1, event=event)
    day.everybody_signs(paper)
    return paper, paper.signatories.get(attendee__full_name="Budi Santosso")


def correct(row, full_name="Budi Santoso", reason="Salah ketik pada undangan", **parts):
    parts = {"title_suffix": "S.Sos.", **parts}
    return corrections.correct_name(signatory=row, full_name=full_name, reason=reason, by=BY, **parts)


def entry_of(frozen: dict, name: str) -> dict:
    return next(person for person in frozen["signatories"] if person["name"] == name)


def test_corrected_name_is_frozen_with_what_it_was_and_the_record_stays():
    paper, row = signed()
    before = bytes(row.signatures.get().record)

    correct(row)

    person = entry_of(freeze(paper), "Budi Santoso, S.Sos.")
    made = person["correction"]
    assert (made["fields"], made["before"]) == (["name"], "Budi Santosso, S.Sos.")
    assert made["reason"] == "Salah ketik pada undangan"
    assert bytes(row.signatures.get().record) == before
    assert person["record"]["signatory"]["name"] == "Budi Santosso, S.Sos."


def test_list_of_attendees_follows_and_the_log_says_both():
    _, row = signed()

    correct(row, title_prefix="Drs.")

    person = Attendee.objects.get(pk=row.attendee_id)
    assert person.printed_name == "Drs. Budi Santoso, S.Sos."
    entry = AuditEntry.objects.get(verb="signatory.name_corrected")
    assert entry.facts == {
        "reason": "Salah ketik pada undangan",
        "changes": {"name": ["Budi Santosso, S.Sos.", "Drs. Budi Santoso, S.Sos."]},
    }
    assert AuditEntry.objects.get(verb="attendee.changed").facts["reason"] == "Salah ketik pada undangan"


def test_correction_after_the_seal_is_a_revision_with_a_note():
    paper, row = signed()
    paper = sealed(signing.close_signing(declaration=paper, by=BY))
    first = paper.document
    Event.objects.filter(pk=paper.event_id).update(state="closed")
    correct(row)
    with pytest.raises(Refusal, match="Tuliskan alasan revisi"):
        sealing.seal_declaration(declaration=paper, by=BY)

    paper = sealed(paper, reason="Nama salah eja")

    first.refresh_from_db()
    assert (first.state, paper.document.revision, paper.document.supersedes) == ("superseded", 2, first)
    words = words_of(paper.document)
    assert "Budi Santoso, S.Sos." in words
    assert "nama diperbaiki, semula" in words
    assert "Santosso" in words
    assert "Revisi 2: menggantikan dokumen" in words
    assert "Budi Santosso" not in str(paper.document.public)


def test_correction_before_the_seal_needs_no_revision():
    paper, row = signed()
    correct(row)

    paper = sealed(signing.close_signing(declaration=paper, by=BY))

    assert paper.document.revision == 1
    assert "semula" in words_of(paper.document)


def test_corrections_one_after_the_other_name_what_was_signed():
    paper, row = signed()
    correct(row, "Budi Santozo")
    correct(row, "Budi Santoso", reason="Masih keliru")

    made = entry_of(freeze(paper), "Budi Santoso, S.Sos.")["correction"]
    assert (made["before"], made["reason"]) == ("Budi Santosso, S.Sos.", "Masih keliru")


def test_name_that_was_right_after_all_bears_no_note():
    paper, row = signed()
    correct(row)
    correct(row, "Budi Santosso", reason="Ternyata benar")

    assert "correction" not in entry_of(freeze(paper), "Budi Santosso, S.Sos.")


def test_new_signature_under_the_right_name_bears_no_note():
    paper, row = signed()
    correct(row)
    review.resolve(signature=row.signatures.get(), decision="revoke", reason="Diulang", by=BY)
    row.refresh_from_db()
    [result] = day.hand_in(paper, day.record(row))

    assert result.status == "stored"
    assert "correction" not in entry_of(freeze(paper), "Budi Santoso, S.Sos.")


def test_name_of_a_stand_in_is_put_right_and_the_person_stood_for_is_not():
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    day.hand_in(
        paper,
        day.record(
            row,
            capacity="on_behalf_of",
            signatory={"name": "Wakill (contoh)", "category": "pns"},
            on_behalf_of={"name": row.name, "position": row.position},
        ),
    )
    row.refresh_from_db()

    correct(row, "Wakil (contoh)", title_suffix="")

    row.refresh_from_db()
    assert (row.name, row.on_behalf_of_name) == ("Wakil (contoh)", "Peserta A (contoh)")
    assert row.attendee.printed_name == "Peserta A (contoh)"


def test_name_of_a_party_is_put_right_everywhere_on_the_memorandum():
    event = day.running_event()
    paper = factories.mou(event)
    parties = [
        {"institution": "Panwaslu", "representative_name": "Imam Sohib", "position": "Ketua", "number": "1"},
        {"institution": "Pemerintah", "representative_name": "Sugiarto", "position": "Camat", "number": "2"},
    ]
    planning.set_parties(declaration=paper, by=BY, parties=parties)
    paper = signing.open_signing(declaration=paper, by=BY)
    day.everybody_signs(paper)

    correct(day.rows(paper)[0], "Imam Shohib", title_suffix="")

    assert paper.parties.get(order=1).representative_name == "Imam Shohib"
    paper = sealed(signing.close_signing(declaration=paper, by=BY))
    assert words_of(paper.document).count("Imam Shohib") == 2


def test_name_on_an_addendum_makes_a_revision_of_the_addendum_alone():
    paper = day.open_paper(2)
    first, late = day.rows(paper)
    day.hand_in(paper, day.record(first))
    paper = sealed(signing.close_signing(declaration=paper, by=BY))
    [held] = day.hand_in(paper, day.record(late, 2))
    review.resolve(signature=held.signature, decision="accept", reason="Hadir", by=BY)
    paper = sealed(paper)
    main = paper.document

    correct(paper.signatories.current().get(attendee=late.attendee), "Peserta Be (contoh)", title_suffix="")
    paper = sealed(paper, reason="Nama salah eja")

    added = Document.objects.filter(kind="addendum").order_by("revision")
    assert [(each.revision, each.state) for each in added] == [(1, "superseded"), (2, "sealed")]
    assert "Peserta Be (contoh)" in words_of(added[1])
    assert snapshot_of(added[1])["addendum"]["to"]["sha256"] == main.sha256
    assert paper.document == main


# -- what refuses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason", "words"),
    [
        ("Budi Santoso", " ", "Tuliskan alasan"),
        ("  ", "Salah", "Isi nama yang benar"),
        ("123", "Salah", "berisi huruf"),
        ("Budi 19680411", "Salah", "nomor panjang"),
        ("Budi Santosso", "Salah", "sama dengan yang tercatat"),
    ],
)
def test_bad_correction_is_refused_and_changes_nothing(name, reason, words):
    _, row = signed()

    with pytest.raises(Refusal, match=words):
        correct(row, name, reason)

    row.refresh_from_db()
    assert (row.name, NameCorrection.objects.count()) == ("Budi Santosso, S.Sos.", 0)


def test_who_has_not_signed_is_put_right_on_the_list_of_attendees():
    row = day.rows(day.open_paper(1))[0]

    with pytest.raises(Refusal, match="belum menandatangani"):
        correct(row, "Nama Benar (contoh)")


@pytest.mark.parametrize("state", ["sealing", "void"])
def test_no_name_is_put_right_while_sealing(state):
    paper, row = signed()
    Declaration.objects.filter(pk=paper.pk).update(state=state)

    with pytest.raises(Refusal, match="sedang disegel"):
        correct(row)


# -- the page ----------------------------------------------------------------------------------------------------


def url_of(row) -> str:
    return reverse("declarations:correct_name", args=[row.declaration_id, row.pk])


def test_officer_puts_a_name_right_on_the_page(client):
    paper, row = signed()
    client.force_login(organizer_of(paper.event.office))
    assert url_of(row) in client.get(paper.get_absolute_url()).content.decode()
    assert "Budi Santosso" in client.get(url_of(row)).content.decode()

    body = {"full_name": "Budi Santoso", "title_suffix": "S.Sos.", "reason": "Salah ketik"}
    response = client.post(url_of(row), body, follow=True)

    row.refresh_from_db()
    assert row.name == "Budi Santoso, S.Sos."
    assert "Nama diperbaiki menjadi Budi Santoso, S.Sos." in response.content.decode()
    assert "semula" not in response.content.decode()
    assert "Budi Santosso, S.Sos. menjadi" in client.get(url_of(row)).content.decode()


def test_refused_correction_keeps_the_form_with_the_words(client):
    paper, row = signed()
    client.force_login(organizer_of(paper.event.office))

    html = client.post(url_of(row), {"full_name": "Budi Santosso", "title_suffix": "S.Sos.", "reason": "x"})

    assert "sama dengan yang tercatat" in html.content.decode()


def test_page_of_a_sealed_paper_says_that_a_revision_is_due(client):
    paper, row = signed()
    paper = sealed(signing.close_signing(declaration=paper, by=BY))
    client.force_login(organizer_of(paper.event.office))
    note = "Perbaikan nama belum tercetak"
    assert note not in client.get(paper.get_absolute_url()).content.decode()
    correct(row)
    assert note in client.get(paper.get_absolute_url()).content.decode()
    sealed(paper, reason="Nama salah eja")
    assert note not in client.get(paper.get_absolute_url()).content.decode()


def test_operator_may_not_and_a_foreign_region_finds_nothing(client):
    paper, row = signed()
    client.force_login(member(paper.event.office, Role.OPERATOR))
    assert client.get(url_of(row)).status_code == 403
    assert url_of(row) not in client.get(paper.get_absolute_url()).content.decode()
    client.force_login(organizer_of(panwaslu_purwodadi()))
    assert client.post(url_of(row), {"full_name": "X", "reason": "x"}).status_code == 404


def test_other_papers_with_the_same_name_are_named(client):
    paper, row = signed()
    other = factories.declaration(paper.event, text_version=factories.approved_text(title="Ikrar (contoh)"))
    signing.open_signing(declaration=other, by=BY)
    client.force_login(organizer_of(paper.event.office))

    assert "Ikrar (contoh)" in client.get(url_of(row)).content.decode()
    assert Signature.objects.count() == 2


def test_name_put_right_on_the_list_while_the_record_waited_is_sealed_with_its_note():
    """Taken back, the name corrected on the list, taken into account again: the record still bears the old name."""
    paper = day.open_paper(2)
    first, second = day.rows(paper)
    [result, _] = day.hand_in(paper, day.record(first), day.record(second, 2))
    signed_as = first.name
    decide = {"signature": result.signature, "by": BY}
    review.resolve(**decide, decision="revoke", reason="Salah orang")
    change_attendee(attendee=first.attendee, full_name="Nama Betul (contoh)", by=BY)
    signing.enroll_signatories(declaration=paper, by=BY)

    review.resolve(**decide, decision="accept", reason="Ternyata benar, namanya salah ketik")
    signing.close_signing(declaration=paper, by=BY)
    document = sealed(paper).document

    entry = entry_of(snapshot_of(document), "Nama Betul (contoh)")
    assert entry["correction"]["before"] == entry["record"]["signatory"]["name"] == signed_as
    assert entry["correction"]["reason"] == "Ternyata benar, namanya salah ketik"
    assert verification.verify_file(storage.read(document.file)).valid


def test_name_that_stayed_gets_no_note_when_its_record_is_accepted_again():
    paper = day.open_paper(1)
    [result] = day.hand_in(paper, day.record(day.rows(paper)[0]))
    for decision in ("revoke", "accept"):
        review.resolve(signature=result.signature, decision=decision, reason="Diperiksa", by=BY)
    assert not NameCorrection.objects.exists()
