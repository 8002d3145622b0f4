from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import ApiToken, Membership, Office, User
from accounts.models.tokens import digest_of

from .factories import (
    MembershipFactory,
    OfficeFactory,
    UserFactory,
    bawaslu_gresik,
    organizer_of,
    panwaslu_cerme,
    panwaslu_purwodadi,
    region,
)

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 2)


def breaks(constraint, sql, *params):
    """Run raw SQL behind the model's back and expect the named constraint to stop it."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_address_is_kept_in_lower_case():
    user = User.objects.create_user(" Ketua@Cerme.Contoh.ID ", "x", full_name="Ketua")
    assert (user.email, User.objects.get_by_natural_key("KETUA@cerme.contoh.id")) == (
        "ketua@cerme.contoh.id",
        user,
    )


def test_same_address_in_other_case_is_refused():
    UserFactory(email="ketua@contoh.id")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="KETUA@contoh.id")


def test_user_needs_an_address():
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("", "x")


def test_superuser_may_open_the_admin():
    user = User.objects.create_superuser("a@contoh.id", "x", full_name="A")
    assert (user.is_staff, user.is_superuser, user.check_password("x")) == (True, True, True)


def test_database_keeps_addresses_in_lower_case():
    user = UserFactory()
    breaks("user_email_is_lower_case", "UPDATE accounts_user SET email = 'A@b.id' WHERE id = %s", user.pk)


def test_database_asks_a_term_of_an_ad_hoc_office():
    office = panwaslu_cerme()
    breaks("ad_hoc_office_has_term", "UPDATE accounts_office SET term_ends = NULL WHERE id = %s", office.pk)


def test_database_asks_a_region_below_the_nation():
    office = bawaslu_gresik()
    breaks(
        "office_below_national_has_region",
        "UPDATE accounts_office SET region_id = NULL WHERE id = %s",
        office.pk,
    )


@pytest.mark.parametrize(
    ("constraint", "column", "value"),
    [
        ("office_kind_is_known", "kind", "partai"),
        ("office_level_is_known", "level", "dusun"),
        ("office_paper_is_known", "paper_size", "A5"),
    ],
)
def test_database_knows_the_choices_of_an_office(constraint, column, value):
    office = bawaslu_gresik()
    breaks(constraint, f"UPDATE accounts_office SET {column} = %s WHERE id = %s", value, office.pk)


def test_office_is_not_its_own_parent():
    office = bawaslu_gresik()
    breaks(
        "office_is_not_its_own_parent", "UPDATE accounts_office SET parent_id = id WHERE id = %s", office.pk
    )


def test_office_name_is_used_once_per_region():
    panwaslu_cerme()
    with pytest.raises(IntegrityError), transaction.atomic():
        Office.objects.create(
            name="Panwaslu Kecamatan Cerme",
            kind="panwaslu",
            level="district",
            region_id="35.25.11",
            term_ends=TODAY,
        )


def test_national_office_has_no_region_and_jakarta_time():
    office = Office.objects.create(name="Bawaslu RI", kind="bawaslu", level="national")
    assert (office.time_zone, office.audit_stream) == ("Asia/Jakarta", f"office:{office.pk}")


def test_office_takes_the_zone_of_its_region():
    assert (
        OfficeFactory(region=region("73.72"), kind="bawaslu", name="Bawaslu Kota Parepare").time_zone
        == "Asia/Makassar"
    )


def test_letterhead_names_what_it_lacks():
    office = panwaslu_cerme(address=" ", chair_name="")
    assert office.letterhead[1] == "KECAMATAN CERME"
    assert (office.missing_letterhead, office.has_complete_letterhead) == (["alamat", "nama ketua"], False)
    assert Office(name="Panwaslu X").letterhead == ["PANWASLU X"]


def test_offices_count_until_the_last_day_of_their_term():
    panwaslu_cerme(term_ends=TODAY)
    panwaslu_purwodadi(term_ends=TODAY - timedelta(days=1))
    names = list(Office.objects.active(TODAY).values_list("name", flat=True))
    assert names == ["Panwaslu Kecamatan Cerme"]


@pytest.mark.parametrize(
    ("starts", "ends", "term", "counts"),
    [
        (0, None, 30, True),
        (0, 0, 30, True),
        (-5, -1, 30, False),
        (1, None, 30, False),
        (-5, None, 0, True),
        (-5, None, -1, False),
        (-5, 5, -1, False),
    ],
)
def test_membership_counts_between_its_days_and_the_office_term(starts, ends, term, counts):
    today = timezone.localdate()
    day = lambda offset: None if offset is None else today + timedelta(days=offset)  # noqa: E731
    membership = MembershipFactory(
        office=panwaslu_cerme(term_ends=day(term)), starts=day(starts), ends=day(ends)
    )
    assert (Membership.objects.active().exists(), membership.is_active) == (counts, counts)


def test_membership_words_its_own_state():
    today = timezone.localdate()
    office = panwaslu_cerme()
    states = [
        MembershipFactory(office=office, starts=today).state_label,
        MembershipFactory(office=office, starts=today - timedelta(5), ends=today - timedelta(1)).state_label,
        MembershipFactory(office=office, starts=today + timedelta(1)).state_label,
    ]
    assert states == ["Aktif", "Berakhir", "Belum mulai"]


def test_membership_does_not_end_before_it_starts():
    membership = MembershipFactory()
    breaks(
        "membership_ends_after_it_starts",
        "UPDATE accounts_membership SET ends = %s WHERE id = %s",
        membership.starts - timedelta(days=1),
        membership.pk,
    )


def test_membership_has_a_known_role():
    membership = MembershipFactory()
    breaks(
        "membership_role_is_known",
        "UPDATE accounts_membership SET role = 'raja' WHERE id = %s",
        membership.pk,
    )


def test_same_open_role_is_given_once():
    office = panwaslu_cerme()
    user = organizer_of(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(user=user, office=office)


def test_token_is_found_by_its_secret_only():
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(
        user=UserFactory(), name="SIGAP", start=secret[:8], digest=digest_of(secret)
    )
    assert ApiToken.objects.find(secret) == token
    assert (ApiToken.objects.find(secret + "x"), ApiToken.objects.find(token.digest)) == (None, None)
    assert secret not in str(token)


@pytest.mark.parametrize("spoil", ["expires_at", "revoked_at", "owner"])
def test_token_that_ended_opens_nothing(spoil):
    secret, now = ApiToken.new_secret(), timezone.now()
    token = ApiToken.objects.create(
        user=UserFactory(), name="SIGAP", start=secret[:8], digest=digest_of(secret)
    )
    if spoil == "owner":
        User.objects.update(is_active=False)
    else:
        ApiToken.objects.update(**{spoil: now - timedelta(seconds=1)})
    token.refresh_from_db()
    assert (ApiToken.objects.find(secret), token.is_usable) == (None, spoil == "owner")
