"""What the database itself promises about texts and signatures, broken with raw SQL on both databases."""

import json
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from declarations.models import Declaration, KioskItem, NameCorrection, Signatory, Signature, TextVersion
from tests.declarations import factories
from tests.declarations.tablets import Paired

pytestmark = pytest.mark.django_db


def run(sql, params=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def pk_of(row):
    return row.pk if connection.features.has_native_uuid_field else row.pk.hex


@pytest.fixture
def version():
    return factories.published_text(None, legal_bases=[factories.basis("uu-1")])


@pytest.fixture
def signature():
    declaration = factories.declaration()
    attendee = factories.attendee(declaration.event)
    signatory = Signatory.objects.create(declaration=declaration, attendee=attendee, name="Peserta (contoh)")
    return Signature.objects.create(
        id=uuid.uuid4(),
        declaration=declaration,
        signatory=signatory,
        outcome="signed",
        method="drawn",
        record=b"{}",
        record_sha256="a" * 64,
        strokes=b"S1",
        text_sha256="b" * 64,
        signed_at_device=timezone.now(),
        signed_at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "Judul lain"),
        ("opening", "Pembuka lain"),
        ("points", json.dumps(["Butir lain"])),
        ("closing", "Penutup lain"),
        ("consent", "Terpaksa"),
        ("sha256", "0" * 64),
        ("number", 7),
        ("applies_to", json.dumps(["tni"])),
        ("state", "draft"),
    ],
)
def test_published_words_cannot_be_changed(version, column, value):
    with pytest.raises(IntegrityError):
        run(f"UPDATE declarations_textversion SET {column} = %s WHERE id = %s", [value, pk_of(version)])


def test_a_published_version_cannot_move_to_another_text(version):
    other = factories.draft_text(None)
    with pytest.raises(IntegrityError):
        run(
            "UPDATE declarations_textversion SET pledge_text_id = %s WHERE id = %s",
            [other.pledge_text_id, pk_of(version)],
        )


def test_a_published_version_cannot_be_deleted(version):
    with pytest.raises(IntegrityError):
        run("DELETE FROM declarations_textversion WHERE id = %s", [pk_of(version)])


def test_the_bases_of_a_published_version_stay(version):
    through = "declarations_textversion_legal_bases"
    factories.basis("uu-2")
    for sql, params in [
        (f"DELETE FROM {through} WHERE textversion_id = %s", [pk_of(version)]),
        (f"UPDATE {through} SET legalbasis_id = 'uu-2' WHERE textversion_id = %s", [pk_of(version)]),
        (f"INSERT INTO {through} (textversion_id, legalbasis_id) VALUES (%s, 'uu-2')", [pk_of(version)]),
    ]:
        with pytest.raises(IntegrityError):
            run(sql, params)
    assert [basis.key for basis in version.legal_bases.all()] == ["uu-1"]


def test_an_approval_may_still_be_written(version):
    run("UPDATE declarations_textversion SET state = 'approved' WHERE id = %s", [pk_of(version)])
    version.refresh_from_db()
    assert version.is_approved


def test_a_draft_may_be_changed_and_deleted():
    draft = factories.draft_text(None, legal_bases=[factories.basis("uu-1")])
    run("UPDATE declarations_textversion SET title = 'Lain' WHERE id = %s", [pk_of(draft)])
    draft.delete()
    assert not TextVersion.objects.filter(pk=draft.pk).exists()


def test_a_published_version_needs_its_hash():
    draft = factories.draft_text(None)
    with pytest.raises(IntegrityError):
        run("UPDATE declarations_textversion SET state = 'published' WHERE id = %s", [pk_of(draft)])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("outcome", "refused"),
        ("method", "typed"),
        ("channel", "paper"),
        ("record", b"x"),
        ("record_sha256", "0" * 64),
        ("strokes", b"x"),
        ("strokes", None),
        ("text_sha256", "0" * 64),
        ("signed_at", "2020-01-01 00:00:00+00:00"),
        ("received_at", "2020-01-01 00:00:00+00:00"),
        ("device_seq", 3),
        ("prev_hash", "0" * 64),
        ("flags", json.dumps(["weak"])),
    ],
)
def test_what_was_signed_cannot_be_changed(signature, column, value):
    with pytest.raises(IntegrityError):
        run(f"UPDATE declarations_signature SET {column} = %s WHERE id = %s", [value, pk_of(signature)])


def test_a_signature_cannot_move_to_another_paper(signature):
    other = factories.declaration(signature.declaration.event)
    with pytest.raises(IntegrityError):
        run(
            "UPDATE declarations_signature SET declaration_id = %s WHERE id = %s",
            [pk_of(other), pk_of(signature)],
        )


def test_a_signature_cannot_be_deleted(signature):
    with pytest.raises(IntegrityError):
        run("DELETE FROM declarations_signature WHERE id = %s", [pk_of(signature)])


def test_the_standing_of_a_signature_may_change(signature):
    signature.status, signature.code, signature.status_reason = "revoked", "wrong_person", "Salah orang"
    signature.decided_at = timezone.now()
    signature.save()
    signature.refresh_from_db()
    assert (signature.status, bytes(signature.record)) == ("revoked", b"{}")


def test_a_person_has_one_valid_signature_at_most(signature):
    copy = Signature.objects.get(pk=signature.pk)
    copy.pk = uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


@pytest.fixture
def correction(signature):
    return NameCorrection.objects.create(
        signatory=signature.signatory,
        before="Peserta (contoh)",
        after="Peserta A. (contoh)",
        reason="Salah ketik",
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("before", "Orang lain"),
        ("after", "Orang lain"),
        ("reason", "Alasan lain"),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("by_id", None),
    ],
)
def test_a_correction_of_a_name_cannot_be_changed(correction, column, value):
    with pytest.raises(IntegrityError):
        run(f'UPDATE declarations_namecorrection SET "{column}" = %s WHERE id = %s', [value, correction.pk])
    correction.refresh_from_db()
    assert (correction.before, correction.after) == ("Peserta (contoh)", "Peserta A. (contoh)")


def test_a_correction_of_a_name_cannot_be_deleted(correction):
    with pytest.raises(IntegrityError):
        run("DELETE FROM declarations_namecorrection WHERE id = %s", [correction.pk])
    assert NameCorrection.objects.count() == 1


@pytest.fixture
def item():
    Paired(factories.declaration().event)  # hands in its probe
    return KioskItem.objects.get()


@pytest.mark.parametrize(
    ("column", "value"),
    [("sealed", b"x"), ("sealed_sha256", "0" * 64), ("seq", 7), ("kid", "e9"), ("via", "rescue")],
)
def test_what_a_tablet_handed_in_cannot_be_changed(item, column, value):
    with pytest.raises(IntegrityError):
        run(f"UPDATE declarations_kioskitem SET {column} = %s WHERE n = %s", [value, item.n])


def test_what_a_tablet_handed_in_cannot_be_deleted(item):
    with pytest.raises(IntegrityError):
        run("DELETE FROM declarations_kioskitem WHERE n = %s", [item.n])


def test_the_same_bytes_are_one_item_of_one_tablet(item):
    item.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save(force_insert=True)


def test_a_sealed_paper_has_a_document():
    declaration = factories.declaration()
    with pytest.raises(IntegrityError):
        run("UPDATE declarations_declaration SET state = 'sealed' WHERE id = %s", [pk_of(declaration)])


def test_unknown_states_are_refused():
    declaration = factories.declaration()
    with pytest.raises(IntegrityError):
        run("UPDATE declarations_declaration SET state = 'lost' WHERE id = %s", [pk_of(declaration)])
    assert Declaration.objects.get().state == "draft"
