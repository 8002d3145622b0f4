from datetime import date

import pytest

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from declarations import texts
from declarations.evidence import DEFAULT_CONSENT, text_sha256
from declarations.models import PledgeText, TextVersion
from tests.accounts.factories import member, organizer_of, panwaslu_benjeng, panwaslu_cerme
from tests.declarations import factories

pytestmark = pytest.mark.django_db
WITH_FIELDS = {
    "title": "Ikrar pada Pemilihan Tahun {tahun}",
    "points": ["Menjaga netralitas selama {nama_pemilihan}.", "Menolak politik uang."],
}
VALUES = {"tahun": "2024", "nama_pemilihan": "Pemilihan Serentak Tahun 2024"}


@pytest.fixture
def office():
    return panwaslu_cerme()


@pytest.fixture
def organizer(office):
    return organizer_of(office)


def verbs(stream):
    return list(AuditEntry.objects.filter(stream_id=stream).order_by("seq").values_list("verb", flat=True))


# -- writing -----------------------------------------------------------------------------------------------------


def test_a_new_text_is_a_draft_of_its_office(office, organizer):
    version = factories.draft_text(office, organizer)
    assert (version.state, version.number, version.sha256) == ("draft", 1, "")
    assert version.pledge_text.office == office
    assert verbs(office.audit_stream) == ["text.created"]


def test_two_texts_of_the_same_title_get_their_own_keys(office, organizer):
    first, second = factories.draft_text(office, organizer), factories.draft_text(office, organizer)
    assert [first.pledge_text.key, second.pledge_text.key] == [
        "deklarasi-netralitas-contoh",
        "deklarasi-netralitas-contoh-2",
    ]


def test_texts_are_kept_tidy(office, organizer):
    version = factories.draft_text(
        office, organizer, title="  Deklarasi \n Netralitas ", points=["  Satu. \r\n", "", " Dua.\x07 "]
    )
    assert (version.title, version.points) == ("Deklarasi Netralitas", ["Satu.", "Dua."])


@pytest.mark.parametrize("fields", [{"title": "  "}, {"consent": ""}, {"points": ["x"] * 41}])
def test_an_unusable_draft_is_refused_and_leaves_nothing(office, organizer, fields):
    with pytest.raises(Refusal):
        factories.draft_text(office, organizer, **fields)
    assert not PledgeText.objects.exists()


def test_a_draft_can_be_changed_with_before_and_after_in_the_log(office, organizer):
    draft = factories.draft_text(office, organizer)
    texts.change_version(
        version=draft, by=organizer, title="Deklarasi Baru", legal_bases=[factories.basis("uu-1")]
    )
    draft.refresh_from_db()
    assert (draft.title, [b.key for b in draft.legal_bases.all()]) == ("Deklarasi Baru", ["uu-1"])
    entry = AuditEntry.objects.get(verb="text.changed")
    assert entry.facts["changes"] == {
        "title": ["Deklarasi Netralitas (contoh)", "Deklarasi Baru"],
        "legal_bases": [[], [str(draft.legal_bases.get())]],
    }


def test_an_unknown_field_is_a_programmers_mistake(office, organizer):
    with pytest.raises(ValueError, match="sha256"):
        texts.change_version(version=factories.draft_text(office, organizer), by=organizer, sha256="0" * 64)


# -- publishing --------------------------------------------------------------------------------------------------


def test_publishing_freezes_the_hash_of_the_words(office, organizer):
    version = texts.publish_version(version=factories.draft_text(office, organizer), by=organizer)
    assert version.state == "published"
    assert version.sha256 == text_sha256(
        {
            "title": "Deklarasi Netralitas (contoh)",
            "opening": "Dengan ini kami menyatakan:",
            "points": factories.POINTS,
            "consent": DEFAULT_CONSENT,
        }
    )
    assert (version.published_by, version.published_at is not None) == (organizer, True)
    assert verbs(office.audit_stream) == ["text.created", "text.published"]


def test_publishing_twice_changes_nothing(office, organizer):
    version = texts.publish_version(version=factories.draft_text(office, organizer), by=organizer)
    again = texts.publish_version(version=version, by=organizer)
    assert again.published_at == version.published_at
    assert verbs(office.audit_stream) == ["text.created", "text.published"]


def test_a_published_version_refuses_to_be_edited(office, organizer):
    version = factories.published_text(office, organizer)
    with pytest.raises(Refusal, match="sudah diterbitkan"):
        texts.change_version(version=version, by=organizer, title="Lain")
    version.refresh_from_db()
    assert version.title == "Deklarasi Netralitas (contoh)"


@pytest.mark.parametrize(
    ("fields", "issue"),
    [
        ({"points": []}, "Butir naskah belum diisi."),
        ({"applies_to": []}, "Unsur yang dicakup naskah belum dipilih."),
        ({"title": "Ikrar Tahun {tahun}"}, "Isian belum diganti: {tahun}."),
        ({"closing": "Demikian ⚑"}, "Huruf berikut tidak dapat dicetak: ⚑"),
    ],
)
def test_an_incomplete_draft_is_not_published(office, organizer, fields, issue):
    draft = factories.draft_text(office, organizer, **fields)
    with pytest.raises(Refusal) as refusal:
        texts.publish_version(version=draft, by=organizer)
    assert refusal.value.issues == [issue]
    draft.refresh_from_db()
    assert draft.is_draft


# -- approval ----------------------------------------------------------------------------------------------------


def test_a_supervisor_approves_with_a_note(office, organizer):
    version = factories.published_text(office, organizer)
    supervisor = member(office, "supervisor")
    texts.approve_version(version=version, by=supervisor, note=" Sesuai\nrujukan ")
    version.refresh_from_db()
    assert (version.state, version.approved_by, version.approval_note) == (
        "approved",
        supervisor,
        "Sesuai rujukan",
    )
    assert verbs(office.audit_stream)[-1] == "text.approved"


def test_a_draft_cannot_be_approved(office, organizer):
    with pytest.raises(Refusal, match="masih draf"):
        texts.approve_version(version=factories.draft_text(office, organizer), by=organizer)


def test_approving_twice_keeps_the_first_approval(office, organizer):
    version = factories.published_text(office, organizer)
    texts.approve_version(version=version, by=audit.SYSTEM, note="pertama")
    texts.approve_version(version=version, by=organizer, note="kedua")
    version.refresh_from_db()
    assert (version.approval_note, version.approved_by) == ("pertama", None)


# -- copies ------------------------------------------------------------------------------------------------------


def test_a_copy_of_a_reference_is_a_draft_of_the_office_with_that_reference(office, organizer):
    reference = factories.approved_text(None, legal_bases=[factories.basis("uu-1")])
    copy = texts.copy_version(version=reference, office=office, by=organizer)
    assert (copy.state, copy.number, copy.origin, copy.reference) == ("draft", 1, "local", reference)
    assert copy.pledge_text.office == office
    assert copy.content == reference.content
    assert [b.key for b in copy.legal_bases.all()] == ["uu-1"]


def test_pressing_copy_twice_returns_the_waiting_draft(office, organizer):
    reference = factories.approved_text(None)
    copy = texts.copy_version(version=reference, office=office, by=organizer)
    assert texts.copy_version(version=reference, office=office, by=organizer) == copy


def test_two_offices_copy_into_texts_of_their_own(office, organizer):
    reference = factories.approved_text(None)
    other = panwaslu_benjeng()
    mine = texts.copy_version(version=reference, office=office, by=organizer)
    theirs = texts.copy_version(version=reference, office=other, by=organizer_of(other))
    assert mine.pledge_text != theirs.pledge_text
    assert len({mine.pledge_text.key, theirs.pledge_text.key, reference.pledge_text.key}) == 3


def test_a_copy_of_an_own_version_is_the_next_version(office, organizer):
    version = factories.published_text(office, organizer)
    copy = texts.copy_version(version=version, office=office, by=organizer)
    assert (copy.pledge_text, copy.number, copy.reference) == (version.pledge_text, 2, None)
    assert texts.base_of(copy) == version


def test_a_local_edit_waits_for_approval(office, organizer):
    reference = factories.approved_text(None)
    copy = texts.copy_version(version=reference, office=office, by=organizer)
    texts.change_version(version=copy, by=organizer, points=[*factories.POINTS, "Melapor kepada Panwaslu."])
    published = texts.publish_version(version=copy, by=organizer)
    assert published.state == "published"
    assert [part.label for part in texts.differences(published) if part.is_changed] == ["Butir 5"]


def test_an_unchanged_copy_of_an_approved_text_is_approved_at_once(office, organizer):
    copy = texts.copy_version(version=factories.approved_text(None), office=office, by=organizer)
    published = texts.publish_version(version=copy, by=organizer)
    assert (published.state, published.approved_by) == ("approved", None)
    assert published.approval_note == "Bunyi sama dengan naskah yang disetujui."


def test_speaking_for_more_people_than_the_reference_needs_approval(office, organizer):
    copy = texts.copy_version(version=factories.approved_text(None), office=office, by=organizer)
    texts.change_version(version=copy, by=organizer, applies_to=[*copy.applies_to, "organisasi"])
    assert texts.publish_version(version=copy, by=organizer).state == "published"


def test_a_copy_of_an_unapproved_reference_waits(office, organizer):
    copy = texts.copy_version(version=factories.published_text(None), office=office, by=organizer)
    assert texts.publish_version(version=copy, by=organizer).state == "published"


# -- placeholders ------------------------------------------------------------------------------------------------


def test_filling_an_approved_reference_gives_an_approved_version(office, organizer):
    reference = factories.approved_text(None, **WITH_FIELDS)
    filled = texts.fill_placeholders(version=reference, values=VALUES, office=office, by=organizer)
    assert filled.title == "Ikrar pada Pemilihan Tahun 2024"
    assert filled.points[0] == "Menjaga netralitas selama Pemilihan Serentak Tahun 2024."
    assert (filled.state, filled.reference, filled.office) == ("approved", reference, office)
    assert filled.approval_note == "Hanya isian naskah rujukan yang dilengkapi."


def test_filling_twice_with_the_same_values_makes_one_version(office, organizer):
    reference = factories.approved_text(None, **WITH_FIELDS)
    first = texts.fill_placeholders(version=reference, values=VALUES, office=office, by=organizer)
    again = texts.fill_placeholders(version=reference, values=VALUES, office=office, by=organizer)
    other = texts.fill_placeholders(
        version=reference, values=VALUES | {"tahun": "2029"}, office=office, by=organizer
    )
    assert again == first
    assert (other.pledge_text, other.number) == (first.pledge_text, 2)


def test_filling_leaves_a_waiting_draft_alone(office, organizer):
    reference = factories.approved_text(None, **WITH_FIELDS)
    draft = texts.copy_version(version=reference, office=office, by=organizer)
    filled = texts.fill_placeholders(version=reference, values=VALUES, office=office, by=organizer)
    draft.refresh_from_db()
    assert (draft.state, filled.number) == ("draft", 2)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"tahun": "2024"}, "Nama Pemilu atau Pemilihan"),
        ({"tahun": " ", "nama_pemilihan": "x"}, "Tahun"),
        ({"tahun": "2024", "nama_pemilihan": "x" * 161}, "paling banyak 160"),
        ({"tahun": "2024", "nama_pemilihan": "{tahun}"}, "kurung kurawal"),
    ],
)
def test_bad_values_are_refused(office, organizer, values, message):
    reference = factories.approved_text(None, **WITH_FIELDS)
    with pytest.raises(Refusal, match=message):
        texts.fill_placeholders(version=reference, values=values, office=office, by=organizer)
    assert TextVersion.objects.count() == 1


def test_a_text_without_placeholders_is_used_as_it_is(office, organizer):
    reference = factories.approved_text(None)
    assert texts.fill_placeholders(version=reference, values={}, office=office, by=organizer) == reference


# -- legal bases -------------------------------------------------------------------------------------------------


@pytest.fixture
def laws():
    new = factories.basis("uu-20-2023", short="UU 20/2023", valid_from=date(2023, 10, 31))
    old = factories.basis("uu-5-2014", short="UU 5/2014", valid_to=date(2023, 10, 31), superseded_by=new)
    return old, new


def test_replacing_a_basis_of_a_published_version_makes_a_new_one(office, organizer, laws):
    old, new = laws
    version = factories.approved_text(office, organizer, legal_bases=[old])
    made = texts.replace_basis(version=version, old=old, new=new, office=office, by=organizer)
    assert (made.number, made.state, made.sha256) == (2, "approved", version.sha256)
    assert [b.key for b in made.legal_bases.all()] == ["uu-20-2023"]
    assert [b.key for b in version.legal_bases.all()] == ["uu-5-2014"]


def test_replacing_by_an_unconfirmed_basis_waits_for_approval(office, organizer, laws):
    old, _ = laws
    unsure = factories.basis("perpol", confirmed=False)
    version = factories.approved_text(office, organizer, legal_bases=[old])
    made = texts.replace_basis(version=version, old=old, new=unsure, office=office, by=organizer)
    assert made.state == "published"


def test_replacing_a_basis_of_a_reference_makes_the_offices_own(office, organizer, laws):
    old, new = laws
    reference = factories.approved_text(None, legal_bases=[old])
    made = texts.replace_basis(version=reference, old=old, new=new, office=office, by=organizer)
    assert (made.office, made.reference, made.state) == (office, reference, "approved")


def test_a_draft_changes_on_the_spot(office, organizer, laws):
    old, new = laws
    draft = factories.draft_text(office, organizer, legal_bases=[old])
    assert texts.replace_basis(version=draft, old=old, new=new, office=office, by=organizer) == draft
    assert [b.key for b in draft.legal_bases.all()] == ["uu-20-2023"]


def test_a_basis_that_is_not_cited_cannot_be_replaced(office, organizer, laws):
    old, new = laws
    version = factories.published_text(office, organizer)
    with pytest.raises(Refusal, match="tidak memakai dasar hukum UU 5/2014"):
        texts.replace_basis(version=version, old=old, new=new, office=office, by=organizer)
