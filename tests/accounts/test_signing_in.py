import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.adapter import SecondFactorAdapter
from accounts.middleware import OneTimePasswordMiddleware
from accounts.models import AuditEntry, User

from .factories import PASSWORD, UserFactory, organizer_of, panwaslu_cerme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def sign_in(client, user, password=PASSWORD):
    return client.post("/masuk/", {"login": user.email, "password": password})


def text_of(response):
    """What a person reads: no tags, no scripts, blanks collapsed."""
    html = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", response.content.decode())
    return " ".join(html.split())


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_login_page_is_short_and_indonesian(client):
    response = client.get("/masuk/")
    assert (response.status_code, reverse("account_login")) == (200, "/masuk/")
    page = text_of(response)
    assert "Lupa kata sandi?" in page
    assert "Akun dibuat oleh administrator kantor." in page
    assert not re.search(r"Sign|Password|Email|Forgot", page)


def test_user_signs_in_and_out_and_the_log_tells(client):
    user = organizer_of(panwaslu_cerme())
    assert sign_in(client, user).url == "/"
    assert client.post("/akun/logout/").url == "/masuk/"
    assert verbs() == ["session.started", "session.ended"]
    entry = AuditEntry.objects.first()
    assert (entry.stream_id, entry.actor_id) == (f"office:{user.memberships.get().office_id}", str(user.pk))


def test_address_may_be_typed_in_any_case(client):
    user = UserFactory(email="ketua@contoh.id")
    assert client.post("/masuk/", {"login": "Ketua@Contoh.ID", "password": PASSWORD}).status_code == 302
    assert verbs() == ["session.started"]
    assert user.audit_stream == "system"


def test_visit_without_account_leads_to_the_login(client):
    assert client.get("/akun/kantor/").url == "/masuk/?next=/akun/kantor/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_up_is_closed(client, method):
    data = {"email": "baru@contoh.id", "password1": PASSWORD, "password2": PASSWORD}
    response = getattr(client, method)("/akun/signup/", data)
    assert "Akun dibuat oleh administrator kantor Anda." in text_of(response)
    assert User.objects.count() == 0


def test_wrong_password_is_refused_in_indonesian_and_logged(client):
    user = UserFactory()
    response = sign_in(client, user, "salah")
    assert "Alamat surel atau kata sandi salah." in text_of(response)
    assert ENGLISH.findall(text_of(response)) == []
    assert verbs() == ["session.refused"]


def test_unknown_address_does_not_fill_the_log(client):
    client.post("/masuk/", {"login": "siapa@contoh.id", "password": "salah"})
    assert verbs() == []


def test_five_wrong_passwords_close_the_door_for_a_while(client):
    user = UserFactory()
    for _ in range(5):
        sign_in(client, user, "salah")
    response = sign_in(client, user)
    assert response.status_code in (200, 429)
    assert "Terlalu banyak percobaan masuk yang gagal" in text_of(response)
    assert "_auth_user_id" not in client.session


def test_inactive_user_does_not_get_in(client):
    response = sign_in(client, UserFactory(is_active=False))
    assert "_auth_user_id" not in client.session
    assert response.status_code in (200, 302)


def test_one_time_password_leads_to_an_own_one(client):
    user = UserFactory(one_time_until=timezone.now() + timedelta(days=1))
    assert sign_in(client, user).url == "/akun/password/change/"
    assert "kata sandi sekali pakai" in text_of(client.get("/akun/password/change/"))
    new = "gunung-padi-merah-47"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/akun/password/change/", data).url == "/"
    user.refresh_from_db()
    assert (user.must_change_password, user.check_password(new)) == (False, True)
    assert verbs() == ["session.started", "password.changed"]


def test_expired_one_time_password_is_refused(client):
    user = UserFactory(one_time_until=timezone.now() - timedelta(seconds=1))
    assert "Kata sandi sekali pakai ini sudah kedaluwarsa." in text_of(sign_in(client, user))
    assert "_auth_user_id" not in client.session


def test_forgotten_password_is_replaced_by_mail(client):
    user = UserFactory(email="ketua@contoh.id", one_time_until=timezone.now())
    response = client.post("/akun/password/reset/", {"email": "ketua@contoh.id"}, follow=True)
    assert "Periksa surel Anda" in text_of(response)
    (letter,) = mail.outbox
    assert letter.to == ["ketua@contoh.id"]
    assert "Abaikan surel ini bila bukan Anda yang meminta." in letter.body
    link = re.search(r"https?://[^/]+(/\S+)", letter.body)[1]
    form = client.get(link, follow=True)
    new = "gunung-padi-merah-47"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    user.refresh_from_db()
    assert (user.check_password(new), user.must_change_password) == (True, False)


def test_unknown_address_gets_the_same_answer(client):
    response = client.post("/akun/password/reset/", {"email": "siapa@contoh.id"}, follow=True)
    assert "Periksa surel Anda" in text_of(response)
    (letter,) = mail.outbox
    assert "tidak terdaftar" in letter.body
    assert "signup" not in letter.body


def test_silent_mail_server_is_no_error_page(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    UserFactory(email="ketua@contoh.id")
    response = client.post("/akun/password/reset/", {"email": "ketua@contoh.id"}, follow=True)
    assert response.status_code == 200
    assert "Minta kata sandi baru kepada administrator kantor Anda." in text_of(response)


def test_address_cannot_be_changed_by_its_owner(client):
    user = UserFactory(email="ketua@contoh.id")
    client.force_login(user)
    page = text_of(client.get("/akun/email/"))
    assert "Anda masuk dengan alamat ketua@contoh.id" in page
    client.post("/akun/email/", {"email": "lain@contoh.id", "action_add": ""})
    client.post("/akun/email/", {"email": "ketua@contoh.id", "action_remove": ""})
    user.refresh_from_db()
    assert user.email == "ketua@contoh.id"


PAGES = [
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
]
ENGLISH = re.compile(
    r"\b(Sign|Password|Email|Account|Session|Add|Your|The|Are you|Name|Not used|Code|Security|Authenticator)\b"
)


@pytest.mark.parametrize("name", PAGES)
def test_account_page_is_indonesian_and_without_inline_code(client, name):
    user = organizer_of(panwaslu_cerme())
    sign_in(client, user)
    response = client.get(reverse(name))
    assert response.status_code == 200
    html = response.content.decode()
    assert '<html lang="id">' in html
    assert (ENGLISH.findall(text_of(response)), inline_code(html)) == ([], [])


def inline_code(html):
    """Script bodies that a browser would run, style attributes and event handlers."""
    scripts = re.findall(r'(?s)<script(?![^>]*\bsrc=)(?![^>]*type="application/json")[^>]*>', html)
    return [*scripts, *re.findall(r'\sstyle="', html), *re.findall(r"\son[a-z]+=", html)]


SECOND_FACTOR = ["mfa_activate_totp", "mfa_add_webauthn"]


@pytest.mark.parametrize("name", SECOND_FACTOR)
def test_second_factor_page_is_indonesian_and_without_inline_code(client, name):
    sign_in(client, organizer_of(panwaslu_cerme()))
    assert client.get(reverse(name)).url.startswith("/akun/reauthenticate/")
    client.post("/akun/reauthenticate/", {"password": PASSWORD})
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert (ENGLISH.findall(text_of(response)), inline_code(response.content.decode())) == ([], [])


def test_second_factor_is_asked_after_the_password(client):
    user = organizer_of(panwaslu_cerme())
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    assert sign_in(client, user).url == "/akun/2fa/authenticate/"
    page = client.get("/akun/2fa/authenticate/")
    assert (ENGLISH.findall(text_of(page)), inline_code(page.content.decode())) == ([], [])
    assert "Kode salah" in text_of(client.post("/akun/2fa/authenticate/", {"code": "000000"}))
    assert verbs() == []
    with time_machine.travel(timezone.now(), tick=False):
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        assert client.post("/akun/2fa/authenticate/", {"code": code}).url == "/"
    assert verbs() == ["session.started"]


def test_secret_of_the_second_factor_can_be_encrypted():
    adapter = SecondFactorAdapter()
    sealed = adapter.encrypt("RAHASIA")
    assert ("RAHASIA" in sealed, adapter.decrypt(sealed)) == (False, "RAHASIA")


def test_installing_and_removing_a_second_factor_is_logged(client, django_capture_on_commit_callbacks):
    user = organizer_of(panwaslu_cerme())
    sign_in(client, user)
    client.post("/akun/reauthenticate/", {"password": PASSWORD})
    client.get("/akun/2fa/totp/activate/")
    with time_machine.travel(timezone.now(), tick=False):
        secret = client.session["mfa.totp.secret"]
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post("/akun/2fa/totp/activate/", {"code": code}).status_code == 302
    assert ENGLISH.findall(text_of(client.get("/akun/2fa/"))) == []
    assert ENGLISH.findall(text_of(client.get("/akun/2fa/recovery-codes/"))) == []
    assert ENGLISH.findall(text_of(client.get("/akun/2fa/recovery-codes/generate/"))) == []
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/akun/2fa/recovery-codes/generate/")
    assert ENGLISH.findall(text_of(client.get("/akun/2fa/totp/deactivate/"))) == []
    client.post("/akun/2fa/totp/deactivate/")
    expected = [
        "session.started",
        "factor.added",
        "factor.added",
        "factor.reset",
        "factor.removed",
        "factor.removed",
    ]
    assert sorted(verbs()) == sorted(expected)
    assert ENGLISH.findall(" ".join(letter.subject + letter.body for letter in mail.outbox)) == []


@pytest.mark.parametrize("path", ["/", "/akun/kantor/", "/akun/2fa/"])
def test_one_time_password_opens_nothing_else(rf, path):
    user = UserFactory(one_time_until=timezone.now() + timedelta(days=1))
    assert visit(rf, user, path).url == "/akun/password/change/"
    user.one_time_until = None
    assert visit(rf, user, path).content == b"page"


@pytest.mark.parametrize("path", ["/akun/password/change/", "/akun/logout/", "/akun/reauthenticate/"])
def test_one_time_password_can_be_exchanged_or_left(rf, path):
    user = UserFactory(one_time_until=timezone.now() + timedelta(days=1))
    assert visit(rf, user, path).content == b"page"


def test_visitor_is_not_asked_for_a_password_change(rf):
    assert visit(rf, AnonymousUser(), "/verifikasi/").content == b"page"


def visit(rf, user, path):
    request = rf.get(path)
    request.user = user
    return OneTimePasswordMiddleware(lambda request: HttpResponse("page"))(request)


def test_too_many_attempts_are_answered_in_indonesian(client):
    client.force_login(UserFactory())
    answers = [client.post("/akun/reauthenticate/", {"password": "salah"}) for _ in range(12)]
    assert answers[-1].status_code == 429
    assert "Terlalu banyak percobaan" in text_of(answers[-1])
    assert ENGLISH.findall(text_of(answers[-1])) == []
