import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, AuditEntry
from accounts.refusals import Refusal
from accounts.tokens import issue_token, revoke_token, user_of_token

from .factories import UserFactory, organizer_of, panwaslu_cerme, panwaslu_purwodadi

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return organizer_of(panwaslu_cerme())


def test_only_the_hash_of_a_token_is_stored(user):
    issued = issue_token(user=user, name="SIGAP")
    assert re.fullmatch(r"ntr_[A-Za-z0-9_-]{43}", issued.secret)
    assert issued.secret not in str([*ApiToken.objects.values(), *AuditEntry.objects.values()])
    assert user_of_token(issued.secret) == user


def test_use_is_remembered_once_a_day(user, django_assert_num_queries):
    issued = issue_token(user=user, name="SIGAP")
    user_of_token(issued.secret)
    with django_assert_num_queries(1):
        user_of_token(issued.secret)
    assert ApiToken.objects.get().last_used_at is not None


def test_revoked_token_opens_nothing(user):
    issued = issue_token(user=user, name="SIGAP")
    revoke_token(token=issued.token, by=user)
    revoke_token(token=issued.token, by=user)
    assert user_of_token(issued.secret) is None
    assert list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True)) == [
        "token.issued",
        "token.revoked",
    ]


@pytest.mark.parametrize("secret", ["", "ntr_", "x" * 5000, "ntr_é"])
def test_unknown_token_opens_nothing(user, secret):
    assert user_of_token(secret) is None


def test_token_without_name_is_refused(user):
    with pytest.raises(Refusal, match="Nama token"):
        issue_token(user=user, name=" ")


def test_token_is_shown_once(client, user):
    client.force_login(user)
    response = client.post(reverse("accounts:new_token"), {"name": "SIGAP", "last_day": timezone.localdate()})
    secret = re.search(r"ntr_[A-Za-z0-9_-]{43}", response.content.decode())[0]
    assert (user_of_token(secret), "no-store" in response["Cache-Control"]) == (user, True)
    page = client.get(reverse("accounts:tokens")).content.decode()
    assert ("SIGAP" in page, secret in page) == (True, False)


def test_token_ends_with_its_last_day(client, user):
    client.force_login(user)
    client.post(reverse("accounts:new_token"), {"name": "SIGAP", "last_day": timezone.localdate()})
    token = ApiToken.objects.get()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert not token.is_usable


@pytest.mark.parametrize("data", [{}, {"name": "x" * 81}, {"name": "x", "last_day": "2020-01-01"}])
def test_wrong_token_form_is_explained(client, user, data):
    client.force_login(user)
    response = client.post(reverse("accounts:new_token"), data)
    assert ("invalid-feedback" in response.content.decode(), ApiToken.objects.count()) == (True, 0)


def test_token_of_somebody_else_does_not_exist(client, user):
    other = issue_token(user=organizer_of(panwaslu_purwodadi()), name="Lain").token
    client.force_login(user)
    assert client.post(reverse("accounts:revoke_token", args=[other.pk])).status_code == 404
    assert "Lain" not in client.get(reverse("accounts:tokens")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_token_list_asks_the_same_number_of_queries(client, user, count, django_assert_num_queries):
    for n in range(count):
        issue_token(user=user, name=f"Token {n}")
    client.force_login(user)
    with django_assert_num_queries(5):
        client.get(reverse("accounts:tokens"))


def test_token_can_be_revoked_on_the_page(client, user):
    token = issue_token(user=user, name="SIGAP").token
    client.force_login(user)
    assert client.get(reverse("accounts:revoke_token", args=[token.pk])).status_code == 405
    client.post(reverse("accounts:revoke_token", args=[token.pk]))
    assert "Dicabut" in client.get(reverse("accounts:tokens")).content.decode()


def test_user_without_office_may_have_no_token_page_error(client):
    client.force_login(UserFactory())
    assert client.get(reverse("accounts:tokens")).status_code == 200
