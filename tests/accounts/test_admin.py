import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.audit import record
from accounts.models import AuditEntry, Membership, User

from .factories import PASSWORD, UserFactory, organizer_of, panwaslu_cerme

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize("model", ["user", "office", "membership", "auditentry", "apitoken"])
def test_list_and_form_open(client, root, model):
    office = panwaslu_cerme()
    organizer_of(office)
    entry = record(root, "office.updated", office)
    assert client.get(reverse(f"admin:accounts_{model}_changelist"), {"q": "Cerme"}).status_code == 200
    pk = {
        "user": root.pk,
        "office": office.pk,
        "membership": Membership.objects.get().pk,
        "auditentry": entry.pk,
    }.get(model)
    if pk:
        assert client.get(reverse(f"admin:accounts_{model}_change", args=[pk])).status_code == 200


def test_user_is_made_and_logged(client, root):
    data = {
        "email": "Baru@contoh.id",
        "full_name": "Siti",
        "usable_password": "true",
        "password1": "gunung-padi-merah-47",
        "password2": "gunung-padi-merah-47",
    }
    assert client.post(reverse("admin:accounts_user_add"), data).status_code == 302
    assert User.objects.get(email="baru@contoh.id").check_password("gunung-padi-merah-47")
    assert verbs() == ["user.created"]


def test_password_set_by_the_operator_is_logged(client, root):
    user = UserFactory()
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    data = {
        "usable_password": "true",
        "password1": "gunung-padi-merah-47",
        "password2": "gunung-padi-merah-47",
    }
    assert client.post(url, data).status_code == 302
    user.refresh_from_db()
    assert (user.check_password("gunung-padi-merah-47"), verbs()) == (True, ["password.issued"])
    assert client.post(url, data | {"password2": "lain"}).status_code == 200
    assert verbs() == ["password.issued"]


def test_membership_change_is_logged(client, root):
    organizer_of(panwaslu_cerme())
    membership = Membership.objects.get()
    data = {
        "user": membership.user_id,
        "office": membership.office_id,
        "role": "viewer",
        "starts": membership.starts.isoformat(),
        "initial-starts": membership.starts.isoformat(),
        "ends": timezone.localdate().isoformat(),
    }
    assert (
        client.post(reverse("admin:accounts_membership_change", args=[membership.pk]), data).status_code
        == 302
    )
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.facts) == ("membership.updated", {"fields": ["ends", "role"]})


@pytest.mark.parametrize("model", ["user", "office", "membership", "auditentry", "apitoken"])
def test_nothing_is_deleted_here(client, root, model):
    office = panwaslu_cerme()
    organizer_of(office)
    entry = record(audit.SYSTEM, "office.updated", office)
    pk = {
        "user": root.pk,
        "office": office.pk,
        "membership": Membership.objects.get().pk,
        "auditentry": entry.pk,
    }.get(model, 1)
    assert client.post(reverse(f"admin:accounts_{model}_delete", args=[pk]), {"post": "yes"}).status_code in (
        302,
        403,
    )
    assert (AuditEntry.objects.count(), User.objects.count(), Membership.objects.count()) == (1, 2, 1)


@pytest.mark.parametrize("action", ["add", "change"])
def test_log_is_read_only(client, root, action):
    entry = record(audit.SYSTEM, "office.updated", panwaslu_cerme())
    url = reverse(f"admin:accounts_auditentry_{action}", args=[entry.pk] if action == "change" else [])
    assert client.post(url, {"verb": "x.y"}).status_code == 403


def test_officer_does_not_see_the_admin(client):
    client.force_login(organizer_of(panwaslu_cerme()))
    assert client.get(reverse("admin:index")).status_code == 302


def test_nobody_comes_in_past_the_second_factor(client):
    """Django's own form would ask for the password only, and as often as one likes."""
    root = UserFactory(is_staff=True, is_superuser=True)
    door = reverse("admin:login")
    assert client.get(door)["Location"].startswith("/masuk/")
    answer = client.post(f"{door}?next=/admin/", {"username": root.email, "password": PASSWORD})
    assert answer["Location"].startswith("/masuk/")
    assert "_auth_user_id" not in client.session
