import pytest
from django.urls import reverse

from accounts import audit
from declarations import signing
from declarations.recap import recap_of
from events.models import Event
from regions.models import Region
from tests.accounts.factories import (
    bakesbangpol_bojonegoro,
    bawaslu,
    bawaslu_gresik,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    region,
)
from tests.declarations import factories

pytestmark = pytest.mark.django_db
URL = reverse("declarations:recap")


@pytest.fixture
def villages():
    """Three villages of Cerme and one of Benjeng."""
    return [region(code) for code in ("35.25.11.2001", "35.25.11.2002", "35.25.11.2003", "35.25.10.2001")]


@pytest.fixture
def supervisor():
    return member(bawaslu_gresik(), "supervisor")


def held(office, signing_villages=(), staying_away=(), state="closed", **fields):
    """An event whose paper the heads of some villages signed."""
    event = factories.event(office, **fields)
    for village in [*signing_villages, *staying_away]:
        factories.attendee(
            event,
            full_name=f"Kades {village.code} (contoh)",
            category="kepala_desa",
            position="Kepala Desa",
            village=village,
        )
    paper = factories.declaration(event)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    signed = [village.code for village in signing_villages]
    paper.signatories.filter(attendee__village__in=signed).update(outcome="signed")
    Event.objects.filter(pk=event.pk).update(state=state)
    return event


def line(recap, code):
    return next(line for line in recap.lines if line.region.code == code)


def test_a_kecamatan_shows_villages_signed_of_those_expected(supervisor, villages):
    held(panwaslu_cerme(), villages[:2], villages[2:3])
    recap = recap_of(supervisor, Region.objects.get(code="35.25.11"))
    (own,) = recap.lines
    assert (own.coverage, own.signatures, own.finished) == ("2 dari 3", 2, 1)
    assert [village.code for village in recap.missing] == ["35.25.11.2003"]


def test_a_regency_has_one_line_per_kecamatan(supervisor, villages):
    held(panwaslu_cerme(), villages[:2])
    held(panwaslu_benjeng(), (), villages[3:], state="scheduled")
    recap = recap_of(supervisor, Region.objects.get(code="35.25"))
    assert [(x.region.code, x.coverage, x.planned, x.finished) for x in recap.lines] == [
        ("35.25.10", "0 dari 1", 1, 0),
        ("35.25.11", "2 dari 3", 0, 1),
    ]
    assert (recap.total.coverage, recap.total.signatures, recap.total.events) == ("2 dari 4", 2, 2)


def test_villages_count_in_their_kecamatan_wherever_the_event_was(villages):
    region("35.22.01.2001")
    office = bakesbangpol_bojonegoro()
    held(office, [Region.objects.get(code="35.22.01.2001")])
    user = member(bawaslu("35.22"), "supervisor")
    recap = recap_of(user, Region.objects.get(code="35.22"))
    assert [(x.region.code, x.is_own, x.finished, x.signatures, x.villages_signed) for x in recap.lines] == [
        ("35.22", True, 1, 1, 0),
        ("35.22.01", False, 0, 0, 1),
    ]


def test_a_village_signed_twice_counts_once(supervisor, villages):
    held(panwaslu_cerme(), villages[:1])
    held(panwaslu_cerme(), villages[:1])
    (own,) = recap_of(supervisor, Region.objects.get(code="35.25.11")).lines
    assert (own.villages_signed, own.signatures) == (1, 2)


def test_a_village_official_does_not_sign_for_the_village(supervisor, villages):
    event = factories.event(panwaslu_cerme())
    factories.attendee(event, category="perangkat_desa", village=villages[0])
    paper = factories.declaration(event)
    signing.enroll_signatories(declaration=paper, by=audit.SYSTEM)
    paper.signatories.update(outcome="signed")
    (own,) = recap_of(supervisor, Region.objects.get(code="35.25.11")).lines
    assert (own.villages_signed, own.signatures) == (0, 1)


def test_templates_and_cancelled_events_do_not_count(supervisor, villages):
    held(panwaslu_cerme(), villages[:1], state="cancelled")
    held(panwaslu_cerme(), villages[:1], is_template=True)
    (own,) = recap_of(supervisor, Region.objects.get(code="35.25.11")).lines
    assert (own.events, own.villages_signed) == (0, 0)


def test_an_organizer_counts_the_own_events_only(villages):
    held(panwaslu_cerme(), villages[:1])
    held(bawaslu_gresik(), villages[1:2], region=region("35.25.11"))
    recap = recap_of(organizer_of(panwaslu_cerme()), Region.objects.get(code="35.25.11"))
    assert recap.lines[0].villages_signed == 1


# -- the page ----------------------------------------------------------------------------------------------------


def test_the_page_begins_at_the_own_region_and_drills_down(client, supervisor, villages):
    held(panwaslu_cerme(), villages[:2])
    client.force_login(supervisor)
    page = client.get(URL).content.decode()
    assert "Rekapitulasi Kabupaten Gresik" in page
    assert "2 dari 3 desa" in page
    assert 'href="?wilayah=35.25.11"' in page
    page = client.get(f"{URL}?wilayah=35.25.11").content.decode()
    assert "Belum menandatangani" in page
    assert 'href="?wilayah=35.25"' in page
    assert 'href="?wilayah=35"' not in page


@pytest.mark.parametrize(
    "code", ["35", "35.2", "73", "99", "x", "35.25.99", "35.14.01", "%00", "35.25%00", "35.25.%25"]
)
def test_a_region_outside_is_not_found(client, supervisor, code):
    region("35.14.01")
    client.force_login(supervisor)
    assert client.get(f"{URL}?wilayah={code}").status_code == 404


def test_the_whole_country_begins_with_the_provinces(client, villages):
    client.force_login(member(factories.national_office(), "viewer"))
    page = client.get(URL)
    assert [line.region.code for line in page.context["recap"].lines] == ["35"]
    assert client.get(f"{URL}?wilayah=35.25").status_code == 200


def test_two_offices_offer_both_regions(client, supervisor, villages):
    region("35.22")
    supervisor.memberships.create(office=bawaslu("35.22"), role="viewer", starts="2024-01-01")
    client.force_login(supervisor)
    page = client.get(URL).content.decode()
    assert 'href="?wilayah=35.22"' in page


def test_who_has_no_such_right_is_told_so(client):
    client.force_login(member(panwaslu_cerme(), "operator"))
    response = client.get(URL)
    assert response.status_code == 403
    assert "rekapitulasi" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_number_of_queries(
    client, supervisor, villages, count, django_assert_num_queries
):
    for n in range(count):
        held(panwaslu_cerme(), villages[: n + 1])
        region(f"35.25.2{n}.2001")
    client.force_login(supervisor)
    client.get(URL)
    with django_assert_num_queries(11):
        client.get(URL)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_kecamatan_too(client, supervisor, villages, count, django_assert_num_queries):
    for n in range(count):
        held(panwaslu_cerme(), villages[: n + 1])
    client.force_login(supervisor)
    address = f"{URL}?wilayah=35.25.11"
    client.get(address)
    with django_assert_num_queries(12):
        client.get(address)
