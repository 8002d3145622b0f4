"""What the papers add to Kesiapan kegiatan, step by step (EVENTS §2)."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.refusals import Refusal
from declarations import planning, signing
from declarations.models import Declaration, Signature
from events.models import EventPerson
from events.readiness import issues
from events.scheduling import schedule_event
from tests.accounts.factories import panwaslu_cerme
from tests.declarations import factories

pytestmark = pytest.mark.django_db

WHOLE = [
    {"institution": "Panwaslu", "representative_name": "Ketua (contoh)", "position": "Ketua"},
    {"institution": "Kecamatan", "representative_name": "Camat (contoh)", "position": "Camat"},
]


@pytest.fixture
def event():
    return factories.event(panwaslu_cerme())


def found(event, step, weight):
    """What this room says about the papers; numbers have their tests in tests/test_readiness_links.py."""
    pages = [f"/kegiatan/{event.code}/{page}/" for page in ("naskah", "tinjau")]
    ours = (reverse("declarations:texts"), "/deklarasi/", *pages)
    return [
        issue.text
        for issue in issues(event, step)
        if issue.weight == weight
        and (issue.url.startswith(ours) or "ikrar" in issue.text.lower())
        and not issue.text.startswith("Nomor surat")
    ]


# -- → scheduled -------------------------------------------------------------------------------------------------


def test_an_event_without_papers_cannot_be_scheduled(event):
    assert found(event, "scheduled", "blocks") == ["Naskah belum dipilih."]
    with pytest.raises(Refusal) as refusal:
        schedule_event(event=event, by=audit.SYSTEM, accept_warnings=True)
    assert "Naskah belum dipilih." in refusal.value.issues


def test_an_approved_paper_leaves_nothing_to_say(event):
    factories.declaration(event)
    assert found(event, "scheduled", "blocks") == []
    assert found(event, "scheduled", "warns") == []


def test_a_text_that_waits_for_approval_blocks(event):
    text = factories.published_text(event.office, title="Naskah Kami")
    factories.declaration(event, text_version=text)
    assert found(event, "scheduled", "blocks") == ["Naskah belum disetujui: Naskah Kami."]
    (issue,) = [i for i in issues(event, "scheduled") if "Naskah Kami" in i.text and i.blocks]
    assert issue.url == text.get_absolute_url()


def test_incomplete_parties_block_until_both_are_named(event):
    paper = factories.mou(event)
    assert found(event, "scheduled", "blocks") == ["Pihak Kesatu dan Pihak Kedua belum lengkap."]
    planning.set_parties(declaration=paper, parties=WHOLE, by=audit.SYSTEM)
    assert found(event, "scheduled", "blocks") == []


def test_a_stale_basis_warns_with_the_date_of_the_event(event):
    new = factories.basis("uu-20-2023", short="UU 20/2023", valid_from=date(2023, 10, 31))
    old = factories.basis("uu-5-2014", short="UU 5/2014", valid_to=date(2023, 10, 31), superseded_by=new)
    factories.declaration(event, text_version=factories.approved_text(legal_bases=[old]))
    assert found(event, "scheduled", "warns") == [
        "Dasar hukum UU 5/2014 tidak berlaku lagi pada tanggal kegiatan (2 Oktober 2024). Gunakan UU 20/2023."
    ]


def test_a_basis_for_the_other_kind_of_election_warns(event):
    basis = factories.basis("uu-7", short="UU 7/2017", election_kinds=["pemilu"])
    factories.declaration(event, text_version=factories.approved_text(legal_bases=[basis]))
    assert found(event, "scheduled", "warns") == [
        "Dasar hukum UU 7/2017 berlaku untuk Pemilu, sedangkan kegiatan ini untuk Pemilihan."
    ]
    event.elections.add(factories.pemilu())
    assert found(event, "scheduled", "warns") == []


def test_people_no_text_speaks_for_warn_with_their_number(event):
    factories.declaration(event)
    factories.attendee(event, category="organisasi", full_name="Ketua DMI (contoh)")
    factories.attendee(event, category="organisasi", full_name="Ketua PKK (contoh)")
    factories.attendee(event, category="pengawas_pemilu", full_name="PKD (contoh)")  # the hosts do not pledge
    assert found(event, "scheduled", "warns") == [
        "Unsur Organisasi (2 orang) tidak tercakup naskah mana pun."
    ]
    factories.declaration(event, text_version=factories.approved_text(applies_to=["organisasi"]))
    assert found(event, "scheduled", "warns") == []


def test_people_who_were_withdrawn_do_not_count(event):
    factories.declaration(event)
    factories.attendee(event, category="organisasi", withdrawn_at=timezone.now())
    assert found(event, "scheduled", "warns") == []


def test_a_paper_of_two_parties_speaks_for_its_parties(event):
    planning.set_parties(declaration=factories.mou(event), parties=WHOLE, by=audit.SYSTEM)
    factories.attendee(event, category="organisasi")
    assert found(event, "scheduled", "warns") == []


def test_a_paper_dated_on_another_day_than_the_event_warns(event):
    planning.change_declaration(
        declaration=factories.declaration(event), by=audit.SYSTEM, date=date(2024, 10, 3)
    )
    assert found(event, "scheduled", "warns") == [
        "Tanggal naskah (3 Oktober 2024) berbeda dengan tanggal kegiatan (2 Oktober 2024)."
    ]


# -- → running ---------------------------------------------------------------------------------------------------


def test_a_text_read_aloud_wants_a_reader(event):
    factories.declaration(event, requires_reading=True)
    assert found(event, "running", "warns") == ["Pembaca ikrar belum ditentukan."]
    EventPerson.objects.create(event=event, role="pembaca_ikrar", full_name="Rudiyanto")
    assert found(event, "running", "warns") == []


def test_a_text_that_is_only_signed_wants_none(event):
    factories.declaration(event)
    assert found(event, "running", "warns") == []


# -- → closed ----------------------------------------------------------------------------------------------------


def test_the_reading_should_be_noted_before_closing(event):
    paper = factories.declaration(event, signing_mode="read_aloud")
    Declaration.objects.filter(pk=paper.pk).update(state="closed")
    assert found(event, "closed", "warns") == ["Waktu pembacaan ikrar belum dicatat."]
    Declaration.objects.filter(pk=paper.pk).update(read_at=timezone.now())
    assert found(event, "closed", "warns") == []


def test_a_paper_never_opened_is_named_before_closing(event):
    factories.declaration(event)
    assert found(event, "closed", "warns") == [
        "Naskah belum dibuka untuk ditandatangani: Deklarasi Netralitas (contoh)."
    ]


def test_a_list_to_review_warns_before_closing(event):
    paper = factories.declaration(event)
    Declaration.objects.filter(pk=paper.pk).update(state="open")
    now = timezone.now()
    Signature.objects.create(
        id="01930000-0000-7000-8000-000000000001",
        declaration=paper,
        outcome="signed",
        record=b"{}",
        record_sha256="a" * 64,
        text_sha256="b" * 64,
        signed_at_device=now,
        signed_at=now,
        status="held",
    )
    assert found(event, "closed", "warns") == ["1 data perlu ditinjau."]


def test_people_without_an_outcome_are_asked_about(event):
    paper = factories.declaration(event)
    for n in range(3):
        factories.attendee(event, full_name=f"Peserta {n} (contoh)")
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    signing.mark_outcome(signatory=paper.signatories.first(), outcome="absent", by=audit.SYSTEM)
    assert found(event, "closed", "asks") == ["2 orang belum memiliki keterangan. Tandai tidak hadir?"]


# -- → archived --------------------------------------------------------------------------------------------------


def test_unsealed_papers_block_the_archive(event):
    for _ in range(2):
        factories.declaration(event)
    assert found(event, "archived", "blocks") == ["2 naskah belum disegel."]
    Declaration.objects.update(state="void")
    assert found(event, "archived", "blocks") == []
