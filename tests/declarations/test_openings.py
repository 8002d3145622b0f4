"""Evidence that hides people: commitments instead of numbers, salts, the clock and the head of the log (PDF.md §5)."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.canonical import canonical_bytes, sha256_hex, unb64u
from accounts.models import AuditEntry
from declarations import evidence_file, paper_family, sealing, signing
from declarations.evidence import identity_commitment
from declarations.models import Signatory
from declarations.openings import make_openings
from documents.sealing import facts_of, snapshot_of
from events.attendees import change_attendee
from events.models import Attendee, Event
from tests.declarations import day
from tests.declarations.insider import evidence_in, report_of, sealed, sign_on_tablet

pytestmark = pytest.mark.django_db
NUMBER = "196804111993031009"
PHONE = "081234567890"


def numbered(row, number=NUMBER):
    return change_attendee(
        attendee=row.attendee, by=audit.SYSTEM, identity_kind="nip", identity_number=number, phone=PHONE
    )


@pytest.fixture
def paper():
    """Three people, the first with a number; signed on a tablet, closed."""
    paper = day.open_paper(3)
    numbered(day.rows(paper)[0])
    sign_on_tablet(paper)
    signing.close_signing(declaration=paper, by=audit.SYSTEM)
    return paper


def test_known_answer_of_a_commitment():
    assert (
        identity_commitment(bytes(32), "nip", NUMBER)
        == "8d147a823010e7fe1bb4ec0f3f457047df676f3373d39d2506d2dbb6f053cc7e"
    )


def test_opening_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        identity_commitment(bytes(16), "nip", NUMBER)


def test_evidence_commits_to_the_number_and_never_says_it(paper):
    document = sealed(paper)
    evidence = evidence_in(document)
    [first, second, _] = evidence["signatories"]
    person = day.rows(paper)[0].attendee
    opening = unb64u(Attendee.objects.get(pk=person.pk).identity_opening)
    assert first["identity"] == {"kind": "nip", "commitment": identity_commitment(opening, "nip", NUMBER)}
    assert "identity" not in second
    words = canonical_bytes(evidence).decode()
    assert NUMBER not in words
    assert PHONE not in words
    assert "identity_number" not in words
    assert "opening" not in first
    assert report_of(document).valid


def test_freezing_twice_gives_the_same_hash(paper):
    make_openings(declaration=paper)
    first, second = (sha256_hex(canonical_bytes(sealing.freeze(paper))) for _ in range(2))
    assert first == second
    make_openings(declaration=paper)
    assert sha256_hex(canonical_bytes(sealing.freeze(paper))) == first


def test_opening_goes_with_the_number_and_another_number_gets_another(paper):
    row = day.rows(paper)[0]
    first = Attendee.objects.get(pk=row.attendee_id).identity_opening
    numbered(row, "197905062005011003")
    second = Attendee.objects.get(pk=row.attendee_id).identity_opening
    assert first
    assert second
    assert first != second
    change_attendee(attendee=row.attendee, by=audit.SYSTEM, identity_kind="", identity_number="")
    assert Attendee.objects.get(pk=row.attendee_id).identity_opening is None


def test_opening_is_kept_encrypted_and_out_of_the_log(paper):
    opening = Attendee.objects.get(pk=day.rows(paper)[0].attendee_id).identity_opening
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_opening FROM events_attendee WHERE identity_opening IS NOT NULL")
        stored = [row[0] for row in cursor.fetchall()]
    assert stored
    assert opening not in str(stored)
    assert not any(opening in str(entry.facts) for entry in AuditEntry.objects.all())


def test_number_of_an_official_who_is_represented_is_not_in_the_entry_of_the_other_person():
    paper = day.open_paper(1)
    [row] = day.rows(paper)
    numbered(row)
    record = day.record(
        row,
        capacity="on_behalf_of",
        on_behalf_of={"name": "Camat Lama", "position": "Camat Cerme"},
        signatory={"name": "Budi (contoh)", "category": "pns"},
    )
    day.hand_in(paper, record)
    make_openings(declaration=paper)
    assert "commitment" not in sealing.freeze(paper)["signatories"][0]


def test_every_entry_has_its_own_salt_and_older_rows_get_one_when_sealed(paper):
    Signatory.objects.filter(declaration=paper).update(salt=None)
    salts = [person["salt"] for person in evidence_in(sealed(paper))["signatories"]]
    assert len(set(salts)) == 3
    assert all(len(unb64u(salt)) == 16 for salt in salts)


def test_entry_says_how_far_the_clock_of_the_tablet_was_off(paper):
    [first, *_] = evidence_in(sealed(paper))["signatories"]
    assert first["clock"]["device"] == first["record"]["signed_at_device"]
    assert first["clock"]["offset_signing_ms"] == first["record"]["clock_offset_ms"]
    assert first["clock"]["flags"] == []


def test_head_of_the_log_is_the_entry_that_took_the_records_in_not_the_click(paper):
    head = evidence_in(sealed(paper))["audit"]
    entry = AuditEntry.objects.get(stream=head["stream"], seq=head["seq"])
    assert (entry.verb, entry.hash) == ("kiosk.items_received", head["hash"])


def test_paper_sealed_before_salts_and_commitments_is_not_another_paper_now(paper):
    document = sealed(paper)
    old = snapshot_of(document)
    for person in old["signatories"]:
        for name in ("salt", "commitment", "clock"):
            person.pop(name, None)
    old.pop("audit")
    frozen = canonical_bytes(old)
    document.snapshot, document.input_sha256 = frozen.decode(), sha256_hex(frozen)
    document.save()
    paper.refresh_from_db()
    assert paper_family.plan(paper).is_empty
    assert "salt" not in evidence_file.evidence_of(old, facts_of(document))["signatories"][0]


def test_an_opening_destroyed_after_archiving_stays_destroyed(paper):
    person = day.rows(paper)[0].attendee
    Event.objects.filter(pk=paper.event_id).update(state=Event.State.ARCHIVED)
    Attendee.objects.filter(pk=person.pk).update(identity_opening=None)
    paper.event.refresh_from_db()
    make_openings(declaration=paper)
    assert Attendee.objects.get(pk=person.pk).identity_opening is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendee.objects.filter(pk=person.pk).update(identity_opening="baru")
