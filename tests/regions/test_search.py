import pytest
from django.urls import reverse

from regions.models import Region, RegionLabel

from .factories import cerme, cerme_villages, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places():
    make_region("16.05", "Kabupaten Musi Rawas")
    for code in ("16.05.13", "33.06.03", "33.15.13", "35.14.01"):
        make_region(code, "Purwodadi")
    make_region("35.14.01.2005", "Purwodadi")
    make_region("35.11.15", "Cermee")
    make_region("35.29.22", "Ra'as")
    make_region("35.75")
    cerme_villages()


def found(text, **options):
    return [region.code for region in Region.objects.search(text, **options)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Cerme", ["35.25.11", "35.11.15"]),
        ("cermee", ["35.11.15"]),
        ("cerme gresik", ["35.25.11"]),
        ("gresik cerme", ["35.25.11"]),
        ("Kecamatan Cerme, Kabupaten Gresik", ["35.25.11"]),
        ("purwodadi", ["16.05.13", "33.06.03", "33.15.13", "35.14.01", "35.14.01.2005"]),
        ("desa purwodadi", ["35.14.01.2005"]),
        ("purwodadi kab pasuruan", ["35.14.01", "35.14.01.2005"]),
        ("pasuruan", ["35.14", "35.75"]),
        ("kota pasuruan", ["35.75"]),
        ("ra'as", ["35.29.22"]),
        ("RAAS", ["35.29.22"]),
        ("ra’as", ["35.29.22"]),
        ("iker-iker", ["35.25.11.2017"]),
        ("35.25.11", ["35.25.11", "35.25.11.2001", "35.25.11.2002", "35.25.11.2003", "35.25.11.2017"]),
        ("antah berantah", []),
        ("cerme bondowoso antah", []),
        ("", []),
        ("'\"%_\\\x00", []),
    ],
)
def test_search(text, codes):
    assert found(text) == codes


def test_search_keeps_to_levels_and_region():
    assert found("purwodadi", level="village") == ["35.14.01.2005"]
    assert found("purwodadi", level=["district", "village"], limit=2) == ["16.05.13", "33.06.03"]
    assert [region.code for region in Region.objects.under("33").search("purwodadi")] == [
        "33.06.03",
        "33.15.13",
    ]


def test_retired_regions_are_not_found():
    Region.objects.filter(code="35.25.11").update(is_current=False)
    assert found("cerme") == ["35.11.15"]


def test_a_local_kind_narrows_as_well():
    RegionLabel.objects.create(region=make_region("34.71"), key="kecamatan", label="Kemantren")
    make_region("34.71.05", "Tegalrejo")
    make_region("34.71.05.1001", "Tegalrejo")
    assert found("kemantren tegalrejo") == ["34.71.05", "34.71.05.1001"]


@pytest.mark.parametrize("rows", [1, 4])
def test_search_asks_once_however_many_rows(django_assert_num_queries, rows):
    with django_assert_num_queries(1):
        regions = Region.objects.search("purwodadi", limit=rows)
        assert len([region.surroundings for region in regions]) == rows


@pytest.fixture
def staff(client, django_user_model):
    client.force_login(django_user_model.objects.create(email="staf@contoh.id"))
    return client


def test_suggestions_always_show_where_it_lies(staff):
    response = staff.get(reverse("regions:search"), {"q": "cerme", "tingkat": "district"})
    assert response.json() == {
        "results": [
            {
                "code": "35.25.11",
                "label": "Kecamatan Cerme",
                "surroundings": "Kabupaten Gresik, Provinsi Jawa Timur",
                "level": "district",
                "text": "Kecamatan Cerme, Kabupaten Gresik (35.25.11)",
            },
            {
                "code": "35.11.15",
                "label": "Kecamatan Cermee",
                "surroundings": "Kabupaten Bondowoso, Provinsi Jawa Timur",
                "level": "district",
                "text": "Kecamatan Cermee, Kabupaten Bondowoso (35.11.15)",
            },
        ]
    }
    assert response["Cache-Control"] == "private, max-age=300"


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"q": "iker", "dalam": "35.25"}, ["35.25.11.2017"]),
        ({"q": "iker", "dalam": "35.14"}, []),
        ({"q": "purwodadi", "tingkat": "village,regency"}, ["35.14.01.2005"]),
        ({"q": "c"}, []),
        ({"q": "   "}, []),
        ({}, []),
    ],
)
def test_suggestions_within_bounds(staff, query, codes):
    results = staff.get(reverse("regions:search"), query).json()["results"]
    assert [result["code"] for result in results] == codes


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"q": "cerme", "tingkat": "desa"}, "Tingkat wilayah tidak dikenal."),
        ({"q": "cerme", "dalam": "35.2"}, "Kode wilayah tidak dikenal."),
        ({"q": "cerme", "dalam": "35.25\n"}, None),
    ],
)
def test_a_bad_question_gets_a_message(staff, query, message):
    response = staff.get(reverse("regions:search"), query)
    if message:
        assert (response.status_code, response.json()) == (400, {"error": "invalid", "message": message})
    else:
        assert response.status_code == 200  # surrounding blanks are stripped


@pytest.mark.parametrize("query", [{"q": "x" * 300}, {"q": "a\x00b"}])
def test_an_odd_question_is_no_crash(staff, query):
    response = staff.get(reverse("regions:search"), query)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid"


def test_suggestions_are_for_people_who_signed_in(client):
    response = client.get(reverse("regions:search"), {"q": "cerme"})
    assert (response.status_code, response["Location"].startswith("/masuk/")) == (302, True)


def test_suggestions_are_read_only(staff):
    assert staff.post(reverse("regions:search"), {"q": "cerme"}).status_code == 405


def test_a_typed_code_leads_to_one_region():
    assert [region.full_name for region in Region.objects.named("35.25.11")] == [cerme().full_name]
