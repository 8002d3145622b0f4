import base64

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.test import override_settings
from django.test.utils import isolate_apps

from accounts.encryption import DecryptionError, EncryptedTextField, blind_index, decrypt, encrypt, key_ring

CONTEXT = "events.attendee.identity_number"
NIP = "198609262015051001"
OLD = "lama:" + base64.urlsafe_b64encode(b"o" * 32).decode()
NEW = "baru:" + base64.urlsafe_b64encode(b"n" * 32).decode()


def test_what_was_encrypted_is_read_back():
    sealed = encrypt(NIP.encode(), CONTEXT)
    assert (decrypt(sealed, CONTEXT), decrypt(sealed.decode(), CONTEXT)) == (NIP.encode(), NIP.encode())


def test_same_text_is_never_encrypted_to_the_same_bytes():
    assert encrypt(b"x", CONTEXT) != encrypt(b"x", CONTEXT)


@pytest.mark.parametrize("position", range(0, 60, 3))
def test_changed_ciphertext_is_refused(position):
    sealed = bytearray(encrypt(NIP.encode(), CONTEXT))
    sealed[position] = ord("A") if sealed[position] != ord("A") else ord("B")
    with pytest.raises(DecryptionError, match=CONTEXT):
        decrypt(bytes(sealed), CONTEXT)


@pytest.mark.parametrize("sealed", [b"", b"k1:", b"plain text", b"\xff\xfe", b"tidakada:AAAA", NIP.encode()])
def test_what_was_never_encrypted_is_refused(sealed):
    with pytest.raises(DecryptionError, match=CONTEXT):
        decrypt(sealed, CONTEXT)


def test_ciphertext_of_another_column_is_refused():
    with pytest.raises(DecryptionError, match="belongs elsewhere"):
        decrypt(encrypt(b"x", CONTEXT), "events.attendee.mobile")


def test_error_does_not_repeat_the_value():
    with pytest.raises(DecryptionError) as caught:
        decrypt(NIP, CONTEXT)
    assert NIP not in str(caught.value)


def test_new_key_writes_and_old_key_still_reads():
    with override_settings(FIELD_KEYS=OLD):
        sealed, index = encrypt(b"x", CONTEXT), blind_index("x", CONTEXT)
    with override_settings(FIELD_KEYS=f"{NEW}, {OLD}"):
        assert decrypt(sealed, CONTEXT) == b"x"
        assert encrypt(b"x", CONTEXT).startswith(b"baru:")
        assert blind_index("x", CONTEXT) == index
    with override_settings(FIELD_KEYS=NEW), pytest.raises(DecryptionError, match="FIELD_KEYS"):
        decrypt(sealed, CONTEXT)


@pytest.mark.parametrize("ring", ["", "k1", "k1:abc", "k1:" + "A" * 42, f"{OLD},{OLD}", "a b:" + "A" * 43])
def test_wrong_key_ring_stops(ring):
    with override_settings(FIELD_KEYS=ring), pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        key_ring()


def test_blind_index_is_the_same_for_equal_values_of_one_column():
    assert blind_index(NIP, CONTEXT) == blind_index(NIP, CONTEXT)
    assert len({blind_index(NIP, CONTEXT), blind_index(NIP, "x.y.z"), blind_index("1", CONTEXT)}) == 3
    assert (blind_index("", CONTEXT), len(blind_index("1", CONTEXT))) == ("", 64)


@pytest.fixture
def secrets_table(db):
    """A table of a model that exists only here."""
    with isolate_apps("accounts"):

        class Secret(models.Model):  # noqa: DJ008
            text = EncryptedTextField(null=True, blank=True)

            class Meta:
                app_label = "accounts"
                db_table = "accounts_uji_rahasia"

        with connection.cursor() as cursor:
            key = "integer PRIMARY KEY" if connection.vendor == "sqlite" else "serial PRIMARY KEY"
            cursor.execute(f"CREATE TABLE accounts_uji_rahasia (id {key}, text text)")
        yield Secret
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE accounts_uji_rahasia")


def stored(pk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM accounts_uji_rahasia WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def test_column_holds_ciphertext_and_model_text(secrets_table):
    row = secrets_table.objects.create(text="Ma'ruf 0812")
    assert secrets_table.objects.get().text == "Ma'ruf 0812"
    assert stored(row.pk).startswith(next(iter(key_ring())) + ":")
    assert "0812" not in stored(row.pk)


@pytest.mark.parametrize("empty", [None, ""])
def test_empty_stays_as_it_is(secrets_table, empty):
    row = secrets_table.objects.create(text=empty)
    assert (stored(row.pk), secrets_table.objects.get().text) == (empty, empty)


def test_column_changed_behind_our_back_is_an_error(secrets_table):
    secrets_table.objects.create(text="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_uji_rahasia SET text = 'y'")
    with pytest.raises(DecryptionError, match=r"accounts\.secret\.text"):
        secrets_table.objects.get()


def test_only_emptiness_can_be_filtered(secrets_table):
    secrets_table.objects.create(text="x")
    secrets_table.objects.create(text="")
    secrets_table.objects.create(text=None)
    assert secrets_table.objects.filter(text="").count() == 1
    assert secrets_table.objects.filter(text__isnull=True).count() == 1
    with pytest.raises(FieldError, match="blind index"):
        secrets_table.objects.filter(text="x").exists()
    with pytest.raises(FieldError, match="contains"):
        secrets_table.objects.filter(text__contains="x").exists()
