from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.access import Answer, current_offices, get_visible, may, offices_where, require
from accounts.models import Membership, Office
from accounts.roles import PERMISSION_LABELS, PERMISSIONS, Permission, Role, roles_with

from .factories import (
    MembershipFactory,
    UserFactory,
    bakesbangpol_bojonegoro,
    bawaslu,
    bawaslu_east_java,
    bawaslu_gresik,
    bawaslu_parepare,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    panwaslu_purwodadi,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def country():
    """Offices of several regions and families, so that a leak would show."""
    return {
        "cerme": panwaslu_cerme(),
        "benjeng": panwaslu_benjeng(),
        "purwodadi": panwaslu_purwodadi(),
        "gresik": bawaslu_gresik(),
        "jatim": bawaslu_east_java(),
        "parepare": bawaslu_parepare(),
        "bakesbangpol": bakesbangpol_bojonegoro(),
        "nasional": Office.objects.create(name="Bawaslu RI", kind="bawaslu", level="national"),
    }


EVERYWHERE = {"cerme", "benjeng", "purwodadi", "gresik", "jatim", "parepare", "bakesbangpol", "nasional"}
EAST_JAVA = EVERYWHERE - {"parepare", "nasional"}
REACH = [
    ("organizer", "cerme", {"cerme"}),
    ("operator", "cerme", {"cerme"}),
    ("organizer", "gresik", {"gresik"}),
    ("operator", "jatim", {"jatim"}),
    ("administrator", "cerme", {"cerme"}),
    ("administrator", "gresik", {"gresik", "cerme", "benjeng"}),
    ("administrator", "jatim", EAST_JAVA - {"bakesbangpol"}),
    ("administrator", "bakesbangpol", {"bakesbangpol"}),
    ("administrator", "nasional", EVERYWHERE - {"bakesbangpol"}),
    ("supervisor", "cerme", {"cerme"}),
    ("supervisor", "gresik", {"gresik", "cerme", "benjeng"}),
    ("viewer", "jatim", EAST_JAVA),
    ("supervisor", "bakesbangpol", {"bakesbangpol"}),
    ("supervisor", "parepare", {"parepare"}),
    ("viewer", "nasional", EVERYWHERE),
]


@pytest.mark.parametrize(("role", "home", "reached"), REACH)
def test_membership_reaches_exactly_its_scope(country, role, home, reached):
    user = member(country[home], role)
    permission = next(iter(PERMISSIONS[Role(role)]))
    visible = {name for name, office in country.items() if office in Office.objects.visible_to(user)}
    allowed = {name for name, office in country.items() if may(user, permission, office).allowed}
    assert (visible, allowed) == (reached, reached)


def test_code_of_a_sister_region_is_no_prefix():
    """35.2 is not above 35.25, and 35.25.1 would not be above 35.25.11."""
    user = member(bawaslu("35.22"), "supervisor")
    panwaslu_cerme()
    assert [office.name for office in Office.objects.visible_to(user)] == ["Bawaslu Kabupaten Bojonegoro"]


def test_several_memberships_add_up(country):
    user = organizer_of(country["cerme"])
    MembershipFactory(user=user, office=country["purwodadi"], role="viewer")
    assert set(Office.objects.visible_to(user)) == {country["cerme"], country["purwodadi"]}
    assert set(offices_where(user, Permission.EVENT_PLAN)) == {country["cerme"]}
    assert set(offices_where(user, Permission.RECAP_VIEW)) == {country["cerme"], country["purwodadi"]}


def test_query_count_does_not_grow_with_memberships(country, django_assert_num_queries):
    user = organizer_of(country["cerme"])
    for name in ("benjeng", "purwodadi", "gresik"):
        MembershipFactory(user=user, office=country[name], role="viewer")
    with django_assert_num_queries(2):
        assert Office.objects.visible_to(user).count() == 4
    with django_assert_num_queries(0):
        assert may(user, Permission.EVENT_PLAN, country["cerme"]).allowed


def test_superuser_sees_everything(country):
    user = UserFactory(is_superuser=True)
    assert Office.objects.visible_to(user).count() == len(country)
    assert may(user, Permission.OFFICE_MANAGE, country["parepare"]) == Answer(True)


@pytest.mark.parametrize("who", [None, "anonymous", "nobody", "inactive", "inactive superuser"])
def test_stranger_sees_nothing(country, who):
    user = {
        None: lambda: None,
        "anonymous": AnonymousUser,
        "nobody": UserFactory,
        "inactive": lambda: organizer_of(country["cerme"]),
        "inactive superuser": lambda: UserFactory(is_superuser=True),
    }[who]()
    if who and who.startswith("inactive"):
        user.is_active = False
    assert not Office.objects.visible_to(user).exists()
    assert not may(user, Permission.EVENT_VIEW, country["cerme"]).allowed
    assert list(current_offices(user)) == []


@pytest.mark.parametrize("how", ["ended", "not started", "office dissolved"])
def test_membership_out_of_its_term_is_none(country, how):
    user, yesterday = organizer_of(country["cerme"]), timezone.localdate() - timedelta(days=1)
    if how == "ended":
        Membership.objects.update(ends=yesterday)
    elif how == "not started":
        Membership.objects.update(starts=timezone.localdate() + timedelta(days=1))
    else:
        Office.objects.filter(pk=country["cerme"].pk).update(term_ends=yesterday)
    assert not Office.objects.visible_to(user).exists()
    assert (
        may(user, Permission.EVENT_VIEW, country["cerme"]).reason
        == "Kantor ini berada di luar wilayah kerja Anda."
    )


def test_ended_membership_takes_effect_on_the_same_user_object(country):
    user = organizer_of(country["cerme"])
    assert Office.objects.visible_to(user).exists()
    membership = user.memberships.get()
    membership.ends = timezone.localdate() - timedelta(days=1)
    membership.save()
    assert not Office.objects.visible_to(user).exists()


def test_missing_right_is_refused_with_the_reason(country):
    user = member(country["cerme"], "operator")
    with pytest.raises(PermissionDenied) as refusal:
        require(user, Permission.EVENT_CLOSE, country["cerme"])
    assert str(refusal.value) == (
        "Peran Anda (Operator) tidak mencakup hak menutup kegiatan di Panwaslu Kecamatan Cerme. "
        "Hubungi administrator kantor."
    )
    require(user, Permission.EVENT_RUN, country["cerme"])


def test_stranger_is_asked_to_sign_in(country):
    assert (
        may(AnonymousUser(), Permission.EVENT_VIEW, country["cerme"]).reason
        == "Silakan masuk terlebih dahulu."
    )


def test_foreign_object_is_the_same_404_as_an_unknown_one(country):
    user = organizer_of(country["cerme"])
    assert get_visible(Office.objects.all(), user, pk=country["cerme"].pk) == country["cerme"]
    answers = []
    for pk in (country["purwodadi"].pk, 10**9):
        with pytest.raises(Http404) as caught:
            get_visible(Office.objects.all(), user, pk=pk)
        answers.append(str(caught.value))
    assert answers[0] == answers[1]


def test_current_offices_start_with_the_first_membership(country):
    user = organizer_of(country["purwodadi"])
    MembershipFactory(user=user, office=country["cerme"], role="viewer")
    assert list(current_offices(user)) == [country["purwodadi"], country["cerme"]]


def test_unknown_permission_is_a_programming_error(country):
    with pytest.raises(ValueError, match=r"event\.destroy"):
        may(UserFactory(is_superuser=True), "event.destroy", country["cerme"])


def test_every_permission_is_worded_and_given_to_somebody():
    assert set(PERMISSION_LABELS) == set(Permission)
    assert set(PERMISSIONS) == set(Role)
    assert [permission for permission in Permission if not roles_with(permission)] == []


def test_table_of_roles():
    """DESIGN §6, spelled out once more so that nobody widens a role by accident."""
    organizer = set(Permission) - {"text.approve", "report.receive", "office.manage", "user.manage"}
    assert {role.value: set(granted) for role, granted in PERMISSIONS.items()} == {
        "administrator": {"office.manage", "user.manage", "audit.view", "text.view"},
        "organizer": organizer,
        "operator": {"event.view", "event.run", "text.view"},
        "supervisor": {
            "event.view",
            "text.view",
            "text.approve",
            "document.view",
            "archive.export",
            "recap.view",
            "report.receive",
            "identity.unmask",
            "audit.view",
        },
        "viewer": {"text.view", "document.view", "recap.view"},
    }
