import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Membership, User
from accounts.refusals import Refusal
from accounts.staff import (
    add_member,
    change_membership,
    end_membership,
    looks_after,
    new_one_time_password,
    renew_password,
)

from .factories import (
    MembershipFactory,
    UserFactory,
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_cerme,
    panwaslu_purwodadi,
)

pytestmark = pytest.mark.django_db
ONE_TIME = re.compile(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}")


@pytest.fixture
def office():
    return panwaslu_cerme()


@pytest.fixture
def administrator(office):
    return member(office, "administrator")


def verbs():
    return list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))


def add(office, by, **fields):
    defaults = {"email": "Baru@Contoh.ID", "full_name": "Siti Aminah", "role": "organizer"}
    return add_member(office=office, by=by, **{**defaults, **fields})


def test_new_person_gets_an_account_with_a_one_time_password(office, administrator):
    added = add(office, administrator)
    user = User.objects.get(email="baru@contoh.id")
    assert ONE_TIME.fullmatch(added.one_time_password)
    assert (user.check_password(added.one_time_password), user.must_change_password) == (True, True)
    assert (user.full_name, added.membership.role, added.membership.is_active) == (
        "Siti Aminah",
        "organizer",
        True,
    )
    assert verbs() == ["user.created", "membership.started"]
    assert added.one_time_password not in str(list(AuditEntry.objects.values()))


def test_known_person_keeps_name_and_password(office, administrator):
    known = organizer_of(panwaslu_purwodadi())
    added = add(office, administrator, email=known.email, full_name="Nama lain", role="viewer")
    before = (known.full_name, known.password)
    known.refresh_from_db()
    assert (added.one_time_password, known.full_name, known.password) == ("", *before)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"full_name": " "}, "Nama lengkap wajib diisi untuk akun baru."),
        (
            {"ends": timezone.localdate() - timedelta(days=1)},
            "Tanggal berakhir tidak boleh sebelum tanggal mulai.",
        ),
        (
            {"starts": timezone.localdate() + timedelta(days=1000)},
            "Tanggal mulai berada setelah masa jabatan kantor berakhir.",
        ),
    ],
)
def test_impossible_assignment_is_refused(office, administrator, fields, message):
    with pytest.raises(Refusal, match=message):
        add(office, administrator, **fields)
    assert (verbs(), User.objects.count()) == ([], 1)


def test_same_role_is_not_given_twice(office, administrator):
    add(office, administrator)
    with pytest.raises(Refusal, match="sudah memegang peran Penyelenggara"):
        add(office, administrator)
    assert add(office, administrator, role="operator").membership.role == "operator"


def test_role_can_be_given_again_after_it_ended(office, administrator):
    end_membership(membership=add(office, administrator).membership, by=administrator)
    assert add(office, administrator).membership.is_active


def test_dissolved_office_takes_nobody(administrator, office):
    office.term_ends = timezone.localdate() - timedelta(days=1)
    office.save()
    with pytest.raises(Refusal, match="sudah berakhir"):
        add(office, administrator)


def test_membership_ends_at_once(office, administrator):
    membership = add(office, administrator).membership
    end_membership(membership=membership, by=administrator)
    membership.refresh_from_db()
    assert (membership.is_active, membership.ends) == (False, timezone.localdate())
    assert not Membership.objects.active().filter(pk=membership.pk).exists()
    assert verbs()[-1] == "membership.ended"
    with pytest.raises(Refusal, match="sudah berakhir"):
        end_membership(membership=membership, by=administrator)


def test_future_membership_can_be_ended_before_it_starts(office, administrator):
    starts = timezone.localdate() + timedelta(days=5)
    membership = add(office, administrator, starts=starts).membership
    end_membership(membership=membership, by=administrator)
    assert (membership.ends, membership.state_label) == (starts, "Dihentikan")


def test_last_administrator_does_not_lock_the_office(office, administrator):
    own = administrator.memberships.get()
    with pytest.raises(Refusal, match="satu-satunya administrator"):
        end_membership(membership=own, by=administrator)
    member(office, "administrator")
    assert not end_membership(membership=own, by=administrator).is_active


def test_bawaslu_may_end_the_last_administrator(administrator):
    above = member(bawaslu_gresik(), "administrator")
    assert not end_membership(membership=administrator.memberships.get(), by=above).is_active


def test_new_one_time_password_replaces_the_old_one(office, administrator):
    added = add(office, administrator)
    password = renew_password(membership=added.membership, by=administrator)
    user = User.objects.get(email="baru@contoh.id")
    assert (user.check_password(added.one_time_password), user.check_password(password)) == (False, True)
    assert user.must_change_password
    assert verbs()[-1] == "password.issued"


def test_account_that_reaches_further_cannot_be_taken_over(office, administrator):
    """Adding somebody here and then asking for a new password must not open their other office."""
    supervisor = member(bawaslu_gresik(), "supervisor")
    membership = add(office, administrator, email=supervisor.email, role="viewer").membership
    before = User.objects.get(pk=supervisor.pk).password
    with pytest.raises(Refusal, match="di luar wewenang Anda"):
        renew_password(membership=membership, by=administrator)
    assert User.objects.get(pk=supervisor.pk).password == before
    assert looks_after(member(bawaslu_gresik(), "administrator"), supervisor)


@pytest.mark.parametrize("power", ["is_superuser", "is_staff"])
def test_operator_of_the_server_cannot_be_taken_over(office, administrator, power):
    root = UserFactory(**{power: True})
    membership = MembershipFactory(user=root, office=office, role="viewer")
    with pytest.raises(Refusal):
        renew_password(membership=membership, by=administrator)


def test_one_time_passwords_differ():
    assert len({new_one_time_password() for _ in range(50)}) == 50


# --- the pages ---


def test_password_is_shown_once_on_the_page_that_answers(client, office, administrator):
    client.force_login(administrator)
    url = reverse("accounts:add_member", args=[office.pk])
    assert client.get(url).status_code == 200
    data = {
        "email": "baru@contoh.id",
        "full_name": "Siti Aminah",
        "role": "operator",
        "starts": timezone.localdate(),
    }
    response = client.post(url, data)
    shown = ONE_TIME.search(response.content.decode())[0]
    assert User.objects.get(email="baru@contoh.id").check_password(shown)
    assert "no-store" in response["Cache-Control"]
    assert "sudah memegang peran Operator" in client.post(url, data).content.decode()


def test_wrong_form_is_explained(client, office, administrator):
    client.force_login(administrator)
    url = reverse("accounts:add_member", args=[office.pk])
    page = client.post(url, {"email": "x", "role": "raja", "starts": "kemarin"}).content.decode()
    assert page.count("invalid-feedback") == 3
    assert User.objects.count() == 1


def test_membership_is_ended_on_its_page(client, office, administrator):
    membership = add(office, administrator).membership
    client.force_login(administrator)
    url = reverse("accounts:end_membership", args=[membership.pk])
    assert "berhenti seketika" in client.get(url).content.decode()
    assert client.post(url).url == reverse("accounts:office_detail", args=[office.pk])
    membership.refresh_from_db()
    assert not membership.is_active


def test_refusal_of_a_deed_is_a_page_that_says_why(client, administrator):
    client.force_login(administrator)
    response = client.post(reverse("accounts:end_membership", args=[administrator.memberships.get().pk]))
    assert response.status_code == 409
    assert "satu-satunya administrator" in response.content.decode()


def test_password_is_renewed_on_its_page(client, office, administrator):
    membership = add(office, administrator).membership
    client.force_login(administrator)
    url = reverse("accounts:renew_password", args=[membership.pk])
    assert "tidak berlaku lagi" in client.get(url).content.decode()
    shown = ONE_TIME.search(client.post(url).content.decode())[0]
    assert User.objects.get(email="baru@contoh.id").check_password(shown)


@pytest.mark.parametrize("name", ["change_membership", "end_membership", "renew_password"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_foreign_membership_does_not_exist(client, administrator, name, method):
    foreign = organizer_of(panwaslu_purwodadi()).memberships.get()
    client.force_login(administrator)
    for pk in (foreign.pk, 10**9):
        assert getattr(client, method)(reverse(f"accounts:{name}", args=[pk])).status_code == 404


@pytest.mark.parametrize("name", ["change_membership", "end_membership", "renew_password"])
@pytest.mark.parametrize("role", ["organizer", "operator", "viewer", "supervisor"])
def test_colleague_without_the_right_is_refused(client, office, administrator, name, role):
    client.force_login(member(office, role))
    response = client.post(reverse(f"accounts:{name}", args=[administrator.memberships.get().pk]))
    assert response.status_code == 403
    assert administrator.memberships.get().is_active


def change(membership, by, **fields):
    return change_membership(
        membership=membership, by=by, **{"role": membership.role, "ends": membership.ends, **fields}
    )


def test_term_is_extended_and_told(office, administrator):
    today = timezone.localdate()
    membership = MembershipFactory(office=office, ends=today + timedelta(days=3))
    assert (membership.state_label, membership.state_tone) == ("Berakhir 3 hari lagi", "waiting")
    later = today + timedelta(days=90)
    assert change(membership, administrator, ends=later) == membership
    membership.refresh_from_db()
    assert (membership.ends, membership.state_label) == (later, "Aktif")
    entry = AuditEntry.objects.get(verb="membership.extended")
    assert entry.facts["changes"]["ends"] == [(today + timedelta(days=3)).isoformat(), later.isoformat()]


def test_membership_that_ran_out_can_be_extended(office, administrator):
    today = timezone.localdate()
    membership = MembershipFactory(office=office, ends=today - timedelta(days=2))
    assert not membership.is_active
    assert change(membership, administrator, ends=today + timedelta(days=30)).is_active


def test_new_role_is_a_new_membership_and_the_old_one_stops(office, administrator):
    membership = MembershipFactory(office=office, role="operator")
    new = change(membership, administrator, role="organizer")
    membership.refresh_from_db()
    assert (membership.is_active, membership.role, membership.state_label) == (
        False,
        "operator",
        "Dihentikan",
    )
    assert (new.is_active, new.role, new.starts) == (True, "organizer", timezone.localdate())
    entry = AuditEntry.objects.get(verb="membership.role_changed")
    assert entry.facts["changes"]["role"] == ["operator", "organizer"]


def test_nothing_changed_tells_nothing(office, administrator):
    change(MembershipFactory(office=office), administrator)
    assert verbs() == []


@pytest.mark.parametrize(
    ("days", "message"),
    [(-1, "Tanggal berakhir sudah lewat"), (400, "penugasan tidak dapat melewatinya")],
)
def test_impossible_end_is_refused(office, administrator, days, message):
    membership = MembershipFactory(office=office)
    with pytest.raises(Refusal, match=message):
        change(membership, administrator, ends=timezone.localdate() + timedelta(days=days))
    assert verbs() == []


def test_role_that_the_person_holds_already_is_refused(office, administrator):
    membership = MembershipFactory(office=office, role="operator")
    MembershipFactory(office=office, role="organizer", user=membership.user)
    with pytest.raises(Refusal, match="sudah memegang peran Penyelenggara"):
        change(membership, administrator, role="organizer")


def test_term_that_runs_into_another_one_is_refused(office, administrator):
    yesterday = timezone.localdate() - timedelta(days=1)
    old = MembershipFactory(office=office, ends=yesterday)
    MembershipFactory(office=office, user=old.user)
    with pytest.raises(Refusal, match="penugasan lain"):
        change(old, administrator, ends=None)


def test_membership_ended_by_hand_stays_ended(office, administrator):
    membership = MembershipFactory(office=office)
    end_membership(membership=membership, by=administrator)
    with pytest.raises(Refusal, match="sudah dihentikan"):
        change(membership, administrator, ends=None)


def test_last_administrator_keeps_the_role(office, administrator):
    own = administrator.memberships.get()
    with pytest.raises(Refusal, match="satu-satunya administrator"):
        change(own, administrator, role="organizer")
    assert change(own, member(bawaslu_gresik(), "administrator"), role="organizer").role == "organizer"


def test_term_and_role_are_changed_on_their_page(client, office, administrator):
    membership = MembershipFactory(office=office, role="operator")
    client.force_login(administrator)
    url = reverse("accounts:change_membership", args=[membership.pk])
    assert "Apa yang boleh dilakukan tiap peran" in client.get(url).content.decode()
    wrong = client.post(url, {"role": "raja", "ends": "kapan"})
    assert sorted(wrong.context["form"].errors) == ["ends", "role"]
    late = (office.term_ends + timedelta(days=1)).isoformat()
    refused = client.post(url, {"role": "operator", "ends": late})
    assert "penugasan tidak dapat melewatinya" in refused.content.decode()
    page = client.post(url, {"role": "organizer", "ends": ""}, follow=True).content.decode()
    assert "sebagai Penyelenggara tersimpan" in page
    assert Membership.objects.active().filter(user=membership.user, role="organizer").exists()


def test_staff_page_tells_terms_and_who_never_signed_in(client, office, administrator):
    today = timezone.localdate()
    add(office, administrator)
    MembershipFactory(office=office, ends=today)
    MembershipFactory(office=office, ends=today + timedelta(days=5))
    gone = MembershipFactory(office=office, ends=today - timedelta(days=1))
    client.force_login(administrator)
    page = client.get(reverse("accounts:office_detail", args=[office.pk])).content.decode()
    for words in (
        "Belum pernah masuk",
        "Hari terakhir",
        "Berakhir 5 hari lagi",
        "Sejak",
        "Sampai",
        "Perpanjang",
    ):
        assert words in page
    User.objects.filter(email="baru@contoh.id").update(one_time_until=timezone.now() - timedelta(days=1))
    page = client.get(reverse("accounts:office_detail", args=[office.pk])).content.decode()
    assert "Kata sandi sekali pakai kedaluwarsa" in page
    assert reverse("accounts:renew_password", args=[gone.pk]) not in page


def test_whose_term_ended_is_shut_out_at_the_next_click(client, office):
    membership = MembershipFactory(office=office)
    client.force_login(membership.user)
    assert client.get("/kegiatan/").status_code == 200
    Membership.objects.filter(pk=membership.pk).update(ends=timezone.localdate() - timedelta(days=1))
    assert client.get("/kegiatan/").status_code == 403
    assert "Akun ini belum terhubung" in client.get("/").content.decode()
