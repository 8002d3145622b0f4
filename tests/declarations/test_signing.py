"""Who is on the list, when people may sign, who read the text, who is missing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from declarations import planning, review, signing
from declarations.models import Declaration, Signatory
from declarations.models.declarations import SigningMode
from declarations.models.texts import Kind
from events.attendees import change_attendee, withdraw_attendee
from events.models import Event
from events.scheduling import close_event
from tests.accounts.factories import bawaslu_gresik, panwaslu_cerme, region
from tests.declarations import day, factories

pytestmark = pytest.mark.django_db
BY = audit.SYSTEM


def names(paper) -> list[str]:
    return [row.name or row.position for row in day.rows(paper)]


def enroll(paper):
    return signing.enroll_signatories(declaration=paper, by=BY)


# -- the list ----------------------------------------------------------------------------------------------------


def test_collective_paper_lists_everybody_who_is_expected():
    event = factories.event()
    factories.attendee(event, full_name="Camat (contoh)", category="pns")
    factories.attendee(event, full_name="Ketua DMI (contoh)", category="organisasi")
    gone = factories.attendee(event, full_name="Sudah Keluar (contoh)")
    withdraw_attendee(attendee=gone, by=BY)
    paper = factories.declaration(event)

    assert enroll(paper) == (2, 0, 0)
    assert set(names(paper)) == {"Camat (contoh)", "Ketua DMI (contoh)"}


def test_paper_in_blocs_lists_whom_the_text_speaks_for():
    event = factories.event()
    factories.attendee(event, full_name="Camat (contoh)", category="pns")
    factories.attendee(event, full_name="Ketua DMI (contoh)", category="organisasi")
    paper = factories.declaration(event, signing_mode=SigningMode.BLOCS)

    enroll(paper)

    assert names(paper) == ["Camat (contoh)"]
    assert day.rows(paper)[0].bloc == "asn"


def test_chosen_categories_decide_and_asn_includes_its_kinds():
    event = factories.event()
    factories.attendee(event, full_name="PNS (contoh)", category="pns")
    factories.attendee(event, full_name="Kades (contoh)", category="kepala_desa")
    paper = factories.declaration(event, categories=["asn"])

    enroll(paper)

    assert names(paper) == ["PNS (contoh)"]


def test_list_follows_precedence_then_village():
    event = factories.event()
    for code in ("35.25.11.2003", "35.25.11.2001"):
        factories.attendee(
            event,
            full_name=f"Kades {code[-4:]}",
            category="kepala_desa",
            precedence=3000,
            village=region(code),
        )
    factories.attendee(event, full_name="Camat", category="pns", precedence=100)
    paper = factories.declaration(event)

    enroll(paper)

    assert names(paper) == ["Camat", "Kades 2001", "Kades 2003"]


def test_row_repeats_the_person_as_the_paper_prints_them():
    event = factories.event()
    factories.attendee(
        event,
        title_prefix="Drs. H.",
        full_name="Ahmad Fauzi",
        title_suffix="M.Si.",
        rank="Pembina, IV/a",
        agency="Kecamatan Cerme",
        presence="remote",
        on_behalf_of_name="Budi Santoso",
        on_behalf_of_position="Camat Cerme",
        letter_no="094/1/2024",
    )
    paper = factories.declaration(event)

    enroll(paper)

    row = day.rows(paper)[0]
    assert row.name == "Drs. H. Ahmad Fauzi, M.Si."
    assert (row.rank, row.agency, row.remote) == ("Pembina, IV/a", "Kecamatan Cerme", True)
    assert (row.capacity, row.on_behalf_of_name, row.letter_no) == (
        "on_behalf_of",
        "Budi Santoso",
        "094/1/2024",
    )


def test_village_is_told_with_its_kecamatan_where_names_repeat():
    people = {}
    for office in (panwaslu_cerme(), bawaslu_gresik()):
        event = factories.event(office)
        factories.attendee(event, category="kepala_desa", village=region("35.25.11.2003"))
        paper = factories.declaration(event)
        enroll(paper)
        people[office.level] = day.rows(paper)[0].village

    assert people == {
        "district": "Desa Iker-iker Geger",
        "regency": "Desa Iker-iker Geger, Kecamatan Cerme",
    }


def test_second_run_changes_nothing():
    event = factories.event()
    day.people(event, 2)
    paper = factories.declaration(event)
    enroll(paper)
    entries = AuditEntry.objects.count()

    assert enroll(paper) == (0, 0, 0)
    assert AuditEntry.objects.count() == entries


def test_second_run_brings_waiting_rows_up_to_date():
    event = factories.event()
    first, second = day.people(event, 2)
    paper = factories.declaration(event)
    enroll(paper)
    change_attendee(attendee=first, position="Sekretaris Kecamatan", by=BY)
    withdraw_attendee(attendee=second, by=BY)
    factories.attendee(event, full_name="Peserta Z (contoh)")

    assert enroll(paper) == (1, 1, 1)
    assert names(paper) == ["Peserta A (contoh)", "Peserta Z (contoh)"]
    assert day.rows(paper)[0].position == "Sekretaris Kecamatan"


def test_rows_with_an_outcome_are_never_touched():
    paper = day.open_paper(2)
    row = day.rows(paper)[0]
    day.hand_in(paper, day.record(row))
    change_attendee(attendee=row.attendee, position="Jabatan Baru", by=BY)

    enroll(paper)

    row.refresh_from_db()
    assert (row.position, row.outcome) == ("Kepala Seksi", "signed")


def test_row_of_somebody_whose_signature_was_taken_back_stays():
    paper = day.open_paper(2)
    row = day.rows(paper)[0]
    [result] = day.hand_in(paper, day.record(row))
    review.resolve(signature=result.signature, decision="revoke", reason="Salah orang", by=BY)
    withdraw_attendee(attendee=row.attendee, by=BY)

    assert enroll(paper) == (0, 0, 0)
    assert row in day.rows(paper)


def test_two_party_paper_lists_its_two_signers_only():
    event = factories.event()
    day.people(event, 3)
    camat = factories.attendee(event, full_name="Sugiarto (contoh)", position="Camat Cerme")
    paper = factories.mou(event)
    planning.set_parties(
        declaration=paper,
        by=BY,
        parties=[
            {"institution": "Panwaslu", "representative_name": "Imam (contoh)", "position": "Ketua Panwaslu"},
            {
                "institution": "Kecamatan",
                "representative_name": "Sugiarto (contoh)",
                "position": "Camat Cerme",
            },
        ],
    )

    enroll(paper)

    rows = day.rows(paper)
    assert [(row.name, row.party.order) for row in rows] == [("Imam (contoh)", 1), ("Sugiarto (contoh)", 2)]
    assert rows[1].attendee_id == camat.pk
    assert event.attendees.filter(full_name="Imam (contoh)", agency="Panwaslu").count() == 1
    assert enroll(paper) == (0, 0, 0)


def test_text_read_aloud_has_no_signers_unless_blocs_are_named():
    event = factories.event()
    day.people(event, 3)
    factories.attendee(event, full_name="Danramil (contoh)", category="tni")
    paper = factories.declaration(event, signing_mode=SigningMode.READ_ALOUD)
    with_blocs = factories.declaration(
        event, signing_mode=SigningMode.READ_ALOUD, blocs=["asn", "tni"], text_version=paper.text_version
    )

    assert enroll(paper) == (0, 0, 0)
    assert enroll(with_blocs) == (2, 0, 0)
    assert set(names(with_blocs)) == {"Peserta A (contoh)", "Danramil (contoh)"}


def test_list_is_settled_once_signing_is_closed():
    paper = day.closed_paper(1)

    with pytest.raises(Refusal, match="sudah ditutup"):
        enroll(paper)


# -- opening and closing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("draft", "masih draf"),
        ("scheduled", "belum dimulai"),
        ("closed", "sudah selesai"),
        ("cancelled", "dibatalkan"),
    ],
)
def test_signing_opens_only_while_the_event_is_running(state, words):
    event = factories.event()
    day.people(event, 1)
    paper = factories.declaration(event)
    Event.objects.filter(pk=event.pk).update(state=state)

    with pytest.raises(Refusal, match=words):
        signing.open_signing(declaration=paper, by=BY)


def test_opening_lists_people_and_says_so_in_the_log():
    event = day.running_event()
    day.people(event, 2)
    paper = factories.declaration(event)

    paper = signing.open_signing(declaration=paper, by=BY)

    assert (paper.state, len(day.rows(paper))) == ("open", 2)
    assert paper.opened_at is not None
    assert AuditEntry.objects.filter(verb="declaration.opened").count() == 1


def test_opening_twice_changes_nothing():
    paper = day.open_paper(1)
    entries = AuditEntry.objects.count()

    signing.open_signing(declaration=paper, by=BY)

    assert AuditEntry.objects.count() == entries


def test_paper_without_signers_stays_closed():
    paper = factories.declaration(day.running_event())

    with pytest.raises(Refusal, match="Belum ada penanda tangan"):
        signing.open_signing(declaration=paper, by=BY)
    paper.refresh_from_db()
    assert paper.state == "draft"


def test_text_that_must_be_read_first_is_read_first():
    event = day.running_event()
    day.people(event, 1)
    paper = factories.declaration(event, requires_reading=True)

    with pytest.raises(Refusal, match="Catat pembacaan"):
        signing.open_signing(declaration=paper, by=BY)
    read(paper)
    assert signing.open_signing(declaration=paper, by=BY).is_open


def test_two_party_paper_opens_with_both_parties_only():
    paper = factories.mou(day.running_event())

    with pytest.raises(Refusal, match="Pihak Kedua"):
        signing.open_signing(declaration=paper, by=BY)


def test_closing_leaves_people_without_outcome_waiting():
    paper = day.open_paper(2)
    day.hand_in(paper, day.record(day.rows(paper)[0]))

    paper = signing.close_signing(declaration=paper, by=BY)

    assert (paper.state, [row.outcome for row in day.rows(paper)]) == ("closed", ["signed", "pending"])
    assert AuditEntry.objects.get(verb="declaration.closed").facts == {"signed": 1, "pending": 1}


def test_closed_paper_opens_again_while_the_event_is_running():
    paper = day.closed_paper(1)

    paper = signing.open_signing(declaration=paper, by=BY)

    assert (paper.state, paper.closed_at) == ("open", None)


def test_hour_of_opening_is_that_of_the_first_time(time_machine):
    time_machine.move_to("2024-10-02T02:00:00Z", tick=False)
    paper = signing.close_signing(declaration=day.open_paper(1), by=BY)
    time_machine.move_to("2024-10-02T03:00:00Z", tick=False)

    again = signing.open_signing(declaration=paper, by=BY)

    assert (again.opened_at.hour, again.closed_at) == (2, None)


@pytest.mark.parametrize("state", ["sealing", "void"])
def test_paper_on_its_way_to_the_seal_does_not_open_again(state):
    paper = day.closed_paper(1)
    Declaration.objects.filter(pk=paper.pk).update(state=state)

    with pytest.raises(Refusal, match="tidak dapat dibuka lagi"):
        signing.open_signing(declaration=paper, by=BY)


def test_end_of_the_event_ends_signing():
    paper = day.open_paper(1)

    close_event(event=paper.event, by=BY, accept_warnings=True)

    paper.refresh_from_db()
    assert paper.state == "closed"


# -- reading -------------------------------------------------------------------------------------------------------


def read(paper, **changes):
    facts = {
        "led_by_name": "Rudiyanto",
        "led_by_position": "Sekretaris Daerah",
        "at": timezone.now(),
        "followed_by_all": True,
        **changes,
    }
    return signing.record_reading(declaration=paper, by=BY, **facts)


def test_reading_is_recorded_with_leader_and_hour():
    at = timezone.now() - timedelta(minutes=3)

    paper = read(factories.declaration(), at=at)

    assert (paper.read_by_name, paper.read_at, paper.read_followed_by_all) == ("Rudiyanto", at, True)
    assert AuditEntry.objects.filter(verb="declaration.read").count() == 1


def test_reading_without_a_name_or_in_the_future_is_refused():
    paper = factories.declaration()

    with pytest.raises(Refusal, match="Isi nama"):
        read(paper, led_by_name="  ")
    with pytest.raises(Refusal, match="belum tiba"):
        read(paper, at=timezone.now() + timedelta(hours=1))


def test_reading_cannot_change_once_the_paper_is_being_sealed():
    paper = day.closed_paper(1)
    Declaration.objects.filter(pk=paper.pk).update(state="sealing")

    with pytest.raises(Refusal, match="sudah disegel"):
        read(paper)


# -- who is missing ------------------------------------------------------------------------------------------------


def test_absent_is_marked_and_taken_back():
    row = day.rows(day.open_paper(1))[0]

    row = signing.mark_outcome(signatory=row, outcome="absent", by=BY)
    assert (row.outcome, row.outcome_at is None) == ("absent", False)
    row = signing.mark_outcome(signatory=row, outcome="pending", by=BY)
    assert (row.outcome, row.outcome_at) == ("pending", None)


@pytest.mark.parametrize("state", ["sealing", "void"])
def test_nobody_is_marked_while_the_paper_is_being_sealed(state):
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    Declaration.objects.filter(pk=paper.pk).update(state=state)

    with pytest.raises(Refusal, match="sedang disegel"):
        signing.mark_outcome(signatory=row, outcome="absent", by=BY)

    row.refresh_from_db()
    assert row.outcome == "pending"


def test_nobody_is_marked_as_signed():
    row = day.rows(day.open_paper(1))[0]

    with pytest.raises(ValueError, match="signed"):
        signing.mark_outcome(signatory=row, outcome="signed", by=BY)


@pytest.mark.parametrize("make", [day.record, day.refusal])
def test_own_choice_of_a_person_cannot_be_marked_away(make):
    paper = day.open_paper(1)
    row = day.rows(paper)[0]
    day.hand_in(paper, make(row))

    with pytest.raises(Refusal, match="Perlu ditinjau"):
        signing.mark_outcome(signatory=row, outcome="absent", by=BY)


def test_person_who_signed_stays_on_the_list_of_attendees():
    paper = day.open_paper(2)
    signed, waiting = day.rows(paper)
    day.hand_in(paper, day.record(signed))

    with pytest.raises(Refusal, match="sudah menandatangani"):
        withdraw_attendee(attendee=signed.attendee, by=BY)
    withdraw_attendee(attendee=waiting.attendee, by=BY)


def test_post_without_a_name_gets_one_at_the_tablet():
    event = day.running_event()
    factories.attendee(event, full_name="", position="Kepala Desa Betiting", category="kepala_desa")
    row = day.rows(day.open_paper(0, event=event))[0]

    signing.name_signatory(signatory=row, full_name=" Nur  Aini (contoh) ", by=BY)

    row = Signatory.objects.get(pk=row.pk)
    assert (row.name, row.attendee.full_name) == ("Nur Aini (contoh)", "Nur Aini (contoh)")
    with pytest.raises(Refusal, match="sudah tercatat"):
        signing.name_signatory(signatory=row, full_name="Orang Lain", by=BY)


def test_every_kind_of_paper_can_be_opened():
    for kind in (Kind.PLEDGE, Kind.DECLARATION, Kind.JOINT_COMMITMENT, Kind.INTEGRITY_PACT):
        text = factories.approved_text(kind=kind, title=f"Naskah {kind}")
        assert day.open_paper(1, text_version=text, signing_mode="", kind=kind).is_open
