from datetime import date

import pytest

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from declarations import planning, signing
from declarations.models import Declaration, Signatory
from declarations.models.texts import Kind
from documents.models import LetterNumber
from events.scheduling import cancel_event
from tests.accounts.factories import bawaslu_parepare, organizer_of, panwaslu_benjeng, panwaslu_cerme
from tests.declarations import day, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return factories.event(panwaslu_cerme())


@pytest.fixture
def organizer(event):
    return organizer_of(event.office)


@pytest.fixture
def mou(event, organizer):
    return factories.mou(event, organizer)


def open_for_signing(declaration):
    Declaration.objects.filter(pk=declaration.pk).update(state="open")
    declaration.refresh_from_db()
    return declaration


def sides(**changes):
    first = {
        "institution": "Panwaslu Kecamatan Cerme",
        "representative_name": "Ketua (contoh)",
        "position": "Ketua",
    }
    second = {
        "institution": "Pemerintah Kecamatan",
        "representative_name": "Camat (contoh)",
        "position": "Camat",
    }
    return [first, {**second, **changes}]


# -- adding ------------------------------------------------------------------------------------------------------


def test_a_new_paper_takes_its_defaults_from_text_and_event(event, organizer):
    declaration = planning.add_declaration(event=event, text_version=factories.approved_text(), by=organizer)
    assert (declaration.kind, declaration.signing_mode, declaration.state) == (
        "declaration",
        "collective",
        "draft",
    )
    assert (declaration.classification, declaration.place, declaration.date) == (
        "PM.05",
        "Cerme",
        date(2024, 10, 2),
    )
    assert (declaration.order, declaration.identity_print) == (1, "none")
    assert AuditEntry.objects.get(verb="declaration.added").stream_id == event.audit_stream


def test_the_place_of_a_city_is_its_bare_name():
    declaration = factories.declaration(factories.event(bawaslu_parepare(), time_zone="Asia/Makassar"))
    assert declaration.place == "Parepare"


def test_papers_stand_in_the_order_they_were_added(event, organizer):
    text = factories.approved_text()
    orders = [planning.add_declaration(event=event, text_version=text, by=organizer).order for _ in range(3)]
    assert orders == [1, 2, 3]


def test_a_mou_begins_with_the_office_as_first_party(mou):
    assert (mou.signing_mode, mou.classification) == ("two_party", "PM.04")
    party = mou.parties.get()
    assert (str(party), party.representative_name, party.position) == (
        "PIHAK KESATU: Panwaslu Kecamatan Cerme",
        "Ketua Contoh",
        "Ketua Panwaslu Kecamatan Cerme",
    )
    assert planning.missing_in_parties(mou)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [(Kind.MOU, "collective"), (Kind.INTEGRITY_PACT, "blocs"), (Kind.INTEGRITY_PACT, "two_party")],
)
def test_a_mode_that_does_not_fit_the_kind_is_refused(event, organizer, kind, mode):
    text = factories.approved_text(kind=kind)
    with pytest.raises(Refusal, match="selalu ditandatangani"):
        planning.add_declaration(event=event, text_version=text, signing_mode=mode, by=organizer)
    assert not event.declarations.exists()


def test_an_integrity_pact_is_signed_one_by_one(event, organizer):
    text = factories.approved_text(kind=Kind.INTEGRITY_PACT)
    assert planning.add_declaration(event=event, text_version=text, by=organizer).signing_mode == "individual"


def test_a_draft_text_is_refused(event, organizer):
    text = factories.draft_text(event.office, organizer)
    with pytest.raises(Refusal, match="belum disetujui"):
        planning.add_declaration(event=event, text_version=text, by=organizer)


def test_a_reference_waiting_for_approval_is_refused(event, organizer):
    with pytest.raises(Refusal, match="belum disetujui"):
        planning.add_declaration(event=event, text_version=factories.published_text(None), by=organizer)


def test_an_own_published_text_may_be_planned_with(event, organizer):
    text = factories.published_text(event.office, organizer)
    assert planning.add_declaration(event=event, text_version=text, by=organizer).text_version == text


def test_the_text_of_another_office_is_refused(event, organizer):
    text = factories.approved_text(panwaslu_benjeng())
    with pytest.raises(Refusal, match="bukan milik kantor"):
        planning.add_declaration(event=event, text_version=text, by=organizer)


def test_open_placeholders_are_refused(event, organizer):
    text = factories.approved_text(None, title="Ikrar Tahun {tahun}")
    with pytest.raises(Refusal, match=r"masih memuat isian \(Tahun\)"):
        planning.add_declaration(event=event, text_version=text, by=organizer)


@pytest.mark.parametrize("state", ["closed", "archived", "cancelled"])
def test_an_event_that_is_over_gets_no_more_papers(organizer, state):
    over = factories.event(state=state)
    with pytest.raises(Refusal):
        factories.declaration(over, organizer)


@pytest.mark.parametrize(
    "fields", [{"categories": ["raja"]}, {"blocs": ["raja"]}, {"signing_mode": "bersama"}]
)
def test_unknown_keys_are_a_programmers_mistake(event, organizer, fields):
    with pytest.raises(ValueError, match=r"raja|bersama"):
        factories.declaration(event, organizer, **fields)


# -- changing ----------------------------------------------------------------------------------------------------


def test_a_draft_can_be_changed(event, organizer):
    declaration = factories.declaration(event, organizer)
    planning.change_declaration(
        declaration=declaration, by=organizer, place="Gresik", signing_mode="blocs", blocs=["asn", "tni"]
    )
    declaration.refresh_from_db()
    assert (declaration.place, declaration.blocs) == ("Gresik", ["asn", "tni"])
    facts = AuditEntry.objects.get(verb="declaration.changed").facts
    assert facts["changes"]["place"] == ["Cerme", "Gresik"]


def test_changing_to_two_parties_brings_the_first_party(event, organizer):
    declaration = factories.declaration(event, organizer)
    changed = planning.change_declaration(declaration=declaration, by=organizer, signing_mode="two_party")
    assert changed.parties.get().institution == "Panwaslu Kecamatan Cerme"


def test_while_people_sign_only_number_and_classification_change(event, organizer):
    declaration = open_for_signing(factories.declaration(event, organizer))
    planning.change_declaration(declaration=declaration, by=organizer, number="045/PM.05/K/10/2024")
    with pytest.raises(Refusal, match="tempat"):
        planning.change_declaration(declaration=declaration, by=organizer, place="Gresik", number="1")
    declaration.refresh_from_db()
    assert (declaration.number, declaration.place) == ("045/PM.05/K/10/2024", "Cerme")


def test_the_same_values_again_are_no_change_while_people_sign(event, organizer):
    declaration = open_for_signing(factories.declaration(event, organizer))
    planning.change_declaration(declaration=declaration, by=organizer, place="Cerme", number="7")
    declaration.refresh_from_db()
    assert declaration.number == "7"


def test_a_sealing_paper_refuses_changes(event, organizer):
    declaration = factories.declaration(event, organizer)
    Declaration.objects.filter(pk=declaration.pk).update(state="sealing")
    with pytest.raises(Refusal, match="revisi"):
        planning.change_declaration(declaration=declaration, by=organizer, number="7")


def test_a_paper_nobody_signed_can_be_taken_back(event, organizer):
    declaration = factories.mou(event, organizer, number="")
    attendee = factories.attendee(event)
    Signatory.objects.create(declaration=declaration, attendee=attendee, name="Peserta (contoh)")
    planning.reserve_paper_number(declaration=declaration, by=organizer)
    planning.remove_declaration(declaration=declaration, by=organizer)
    assert not event.declarations.exists()
    assert LetterNumber.objects.get().state == "void"
    assert AuditEntry.objects.filter(verb="declaration.removed").count() == 1


def test_an_open_paper_cannot_be_taken_back(event, organizer):
    declaration = open_for_signing(factories.declaration(event, organizer))
    with pytest.raises(Refusal, match="tidak dapat dihapus"):
        planning.remove_declaration(declaration=declaration, by=organizer)


# -- number ------------------------------------------------------------------------------------------------------


def test_a_number_is_taken_from_the_office_book(event, organizer):
    declaration = factories.declaration(event, organizer)
    planning.reserve_paper_number(declaration=declaration, by=organizer)
    declaration.refresh_from_db()
    assert declaration.number == "001/PM.05/K.JI-12.05/10/2024"


def test_a_second_number_is_refused(event, organizer):
    declaration = factories.declaration(event, organizer)
    planning.reserve_paper_number(declaration=declaration, by=organizer)
    with pytest.raises(Refusal, match="sudah bernomor"):
        planning.reserve_paper_number(declaration=declaration, by=organizer)
    assert LetterNumber.objects.count() == 1


def test_a_number_needs_a_date(organizer):
    declaration = factories.declaration(factories.event(starts_at=None), organizer)
    with pytest.raises(Refusal, match="tanggal naskah"):
        planning.reserve_paper_number(declaration=declaration, by=organizer)


def test_cancelling_the_event_voids_the_numbers_of_its_papers(event, organizer):
    planning.reserve_paper_number(declaration=factories.declaration(event, organizer), by=organizer)
    cancel_event(event=event, by=organizer, reason="Banjir")
    number = LetterNumber.objects.get()
    assert (number.state, number.void_reason) == ("void", "Kegiatan dibatalkan")


def test_a_number_that_is_replaced_becomes_void_in_the_book(event, organizer):
    declaration = planning.reserve_paper_number(
        declaration=factories.declaration(event, organizer), by=organizer
    )
    planning.change_declaration(declaration=declaration, number="7/VIII/2024", by=organizer)
    number = LetterNumber.objects.get()
    assert (number.state, number.void_reason) == ("void", "Nomor naskah diganti")


def test_a_number_that_stays_is_not_given_up(event, organizer):
    declaration = planning.reserve_paper_number(
        declaration=factories.declaration(event, organizer), by=organizer
    )
    planning.change_declaration(
        declaration=declaration, number=declaration.number, place="Gresik", by=organizer
    )
    assert LetterNumber.objects.get().state == "reserved"


def test_a_number_on_another_paper_of_the_office_is_not_given_up(event, organizer):
    first = planning.reserve_paper_number(declaration=factories.declaration(event, organizer), by=organizer)
    second = factories.declaration(event, organizer)
    planning.change_declaration(declaration=second, number=first.number, by=organizer)
    planning.change_declaration(declaration=first, number="7", by=organizer)
    assert LetterNumber.objects.get().state == "reserved"


def test_a_number_is_given_up_when_the_first_party_bears_it_no_more(mou, organizer):
    numbered = planning.reserve_paper_number(declaration=mou, by=organizer)
    planning.change_declaration(declaration=mou, number="7", by=organizer)
    assert LetterNumber.objects.get().state == "reserved"
    first, second = sides()
    planning.set_parties(declaration=mou, parties=[{**first, "number": "7"}, second], by=organizer)
    number = LetterNumber.objects.get()
    assert (number.text, number.state) == (numbered.number, "void")


def test_a_number_that_was_used_already_is_left_in_the_book(event, organizer):
    declaration = planning.reserve_paper_number(
        declaration=factories.declaration(event, organizer), by=organizer
    )
    LetterNumber.objects.update(state="issued", source="lain")
    planning.change_declaration(declaration=declaration, number="7", by=organizer)
    assert LetterNumber.objects.get().state == "issued"


# -- parties and witnesses ---------------------------------------------------------------------------------------


def test_two_parties_complete_the_mou(mou, organizer):
    attendee = factories.attendee(mou.event)
    planning.set_parties(
        declaration=mou, parties=sides(number="005/12/2024", attendee=attendee), by=organizer
    )
    assert [str(party) for party in mou.parties.all()] == [
        "PIHAK KESATU: Panwaslu Kecamatan Cerme",
        "PIHAK KEDUA: Pemerintah Kecamatan",
    ]
    assert mou.parties.get(order=2).attendee == attendee
    assert not planning.missing_in_parties(mou)


def test_setting_parties_again_keeps_their_rows(mou, organizer):
    before = planning.set_parties(declaration=mou, parties=sides(), by=organizer)
    after = planning.set_parties(declaration=mou, parties=sides(position="Plt. Camat"), by=organizer)
    assert [row.pk for row in after] == [row.pk for row in before]
    assert mou.parties.get(order=2).position == "Plt. Camat"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_parties_are_exactly_two(mou, organizer, count):
    with pytest.raises(Refusal, match="tepat dua pihak"):
        planning.set_parties(declaration=mou, parties=[sides()[0]] * count, by=organizer)


def test_only_a_two_party_paper_has_parties(event, organizer):
    declaration = factories.declaration(event, organizer)
    with pytest.raises(Refusal, match="bukan naskah dua pihak"):
        planning.set_parties(declaration=declaration, parties=sides(), by=organizer)


def test_while_people_sign_only_the_numbers_of_parties_change(mou, organizer):
    planning.set_parties(declaration=mou, parties=sides(), by=organizer)
    open_for_signing(mou)
    planning.set_parties(
        declaration=mou, parties=sides(institution="Lembaga lain", number="005/12/2024"), by=organizer
    )
    second = mou.parties.get(order=2)
    assert (second.institution, second.number) == ("Pemerintah Kecamatan", "005/12/2024")


def test_an_attendee_of_another_event_cannot_be_a_party(mou, organizer):
    stranger = factories.attendee(factories.event(panwaslu_benjeng()))
    with pytest.raises(ValueError, match="another event"):
        planning.set_parties(declaration=mou, parties=sides(attendee=stranger), by=organizer)


def test_witnesses_come_and_go_before_sealing(mou, organizer):
    first = planning.add_witness(declaration=mou, role="mengetahui", name=" Rozikin, SE ", by=organizer)
    second = planning.add_witness(declaration=mou, role="saksi", name="Saksi (contoh)", by=organizer)
    assert [str(w) for w in mou.witnesses.all()] == [
        "Mengetahui: Rozikin, SE",
        "Disaksikan oleh: Saksi (contoh)",
    ]
    planning.remove_witness(witness=first, by=organizer)
    assert list(mou.witnesses.all()) == [second]


def test_a_witness_removed_twice_is_one_entry_in_the_log(mou, organizer):
    witness = planning.add_witness(declaration=mou, role="saksi", name="Saksi (contoh)", by=organizer)
    other_click = mou.witnesses.get()
    planning.remove_witness(witness=witness, by=organizer)
    planning.remove_witness(witness=other_click, by=organizer)
    assert AuditEntry.objects.filter(verb="declaration.witness_removed").count() == 1


def signed_early(mou, organizer):
    """Both sides are set and the first of them signed before the opening."""
    planning.set_parties(declaration=mou, parties=sides(), by=organizer)
    signing.enroll_signatories(declaration=mou, by=organizer)
    day.hand_in(mou, day.record(day.rows(mou)[0]))
    assert mou.signatures.get().status == "held"


def test_sides_stay_once_somebody_has_signed_even_before_the_opening(mou, organizer):
    signed_early(mou, organizer)
    with pytest.raises(Refusal, match=r"tidak dapat diubah lagi: lembaga\."):
        planning.set_parties(
            declaration=mou, parties=sides(institution="Lembaga lain", number="005"), by=organizer
        )
    second = mou.parties.get(order=2)
    assert (second.institution, second.number) == ("Pemerintah Kecamatan", "")


def test_numbers_of_the_sides_may_follow_an_early_signature(mou, organizer):
    signed_early(mou, organizer)
    planning.set_parties(declaration=mou, parties=sides(number="005"), by=organizer)
    assert mou.parties.get(order=2).number == "005"


def test_a_side_that_is_missing_may_still_be_added_after_an_early_signature(mou, organizer):
    factories.attendee(mou.event)
    signing.enroll_signatories(declaration=mou, by=organizer)
    day.hand_in(mou, day.record(day.rows(mou)[0]))
    first = {"institution": mou.parties.get().institution}
    planning.set_parties(declaration=mou, parties=[first, sides()[1]], by=organizer)
    assert not planning.missing_in_parties(mou)


def test_a_witness_needs_a_name(mou, organizer):
    with pytest.raises(Refusal, match="Nama saksi"):
        planning.add_witness(declaration=mou, role="saksi", name=" ", by=organizer)


def test_a_sealing_paper_gets_no_more_witnesses(mou, organizer):
    Declaration.objects.filter(pk=mou.pk).update(state="sealing")
    with pytest.raises(Refusal, match="sudah disegel"):
        planning.add_witness(declaration=mou, role="saksi", name="Saksi (contoh)", by=organizer)


def test_no_witness_comes_back_into_a_sealing_paper_or_twice(mou, organizer):
    witness = planning.add_witness(declaration=mou, role="saksi", name="Saksi (contoh)", by=organizer)
    picture = planning.remove_witness(witness=witness, by=organizer)
    Declaration.objects.filter(pk=mou.pk).update(state="sealing")
    with pytest.raises(Refusal, match="sudah disegel"):
        planning.restore_witness(declaration=mou, picture=picture, by=organizer)
    Declaration.objects.filter(pk=mou.pk).update(state="draft")
    planning.restore_witness(declaration=mou, picture=picture, by=organizer)
    with pytest.raises(Refusal, match="sudah kembali"):
        planning.restore_witness(declaration=mou, picture=picture, by=organizer)
    assert mou.witnesses.count() == 1
    assert AuditEntry.objects.filter(verb="declaration.witness_restored").count() == 1


def test_the_number_from_the_book_is_also_the_first_partys(mou, organizer):
    numbered = planning.reserve_paper_number(declaration=mou, by=organizer)
    assert mou.parties.get(order=1).number == numbered.number == "001/PM.04/K.JI-12.05/10/2024"


def test_a_pattern_that_makes_numbers_too_long_is_refused(event, organizer):
    event.office.number_template = "{seq:03}/" + "X" * 90
    event.office.save()
    declaration = factories.declaration(event, organizer)
    with pytest.raises(Refusal, match="lebih dari 80 huruf"):
        planning.reserve_paper_number(declaration=declaration, by=organizer)
    assert not LetterNumber.objects.exists()


def test_text_stays_once_somebody_has_signed_even_before_the_opening():
    event = day.running_event()
    day.people(event, 1)
    paper = factories.declaration(event)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    day.hand_in(paper, day.record(day.rows(paper)[0]))
    other = factories.approved_text(title="Naskah lain (contoh)")

    with pytest.raises(Refusal, match="naskah"):
        planning.change_declaration(declaration=paper, text_version=other, by=audit.SYSTEM)

    before = paper.text_version_id
    paper.refresh_from_db()
    assert (paper.state, paper.text_version_id) == ("draft", before)
