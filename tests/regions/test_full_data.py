"""The whole country, loaded once for this file and removed again."""

import csv
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from regions.loading import CORRECTIONS, LABELS, load_regions
from regions.models import Region, RegionLabel, label_book
from regions.names import tidy_name
from regions.reading import FILES, read_corrections, read_labels

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def country(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loaded = load_regions(source=settings.REGION_DATA_DIR)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE regions_region")
        yield loaded
        RegionLabel.objects.all().delete()
        for level in reversed(FILES):
            Region.objects.at_level(level)._raw_delete(using="default")
        label_book.remember()


@pytest.fixture(autouse=True)
def _labels_of_the_country(_no_remembered_labels):
    label_book.forget()


def raw_names():
    for name, _ in FILES.values():
        with (settings.REGION_DATA_DIR / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["code"], row["name"]


def get(code):
    return Region.objects.with_parents().get(code=code)


def codes(regions):
    return [region.code for region in regions]


def test_counts_per_level(country):
    assert (country.provinces, country.regencies, country.districts, country.villages) == (
        38,
        514,
        7285,
        83762,
    )
    assert Region.objects.count_by_kind() == {
        "provinsi": 38,
        "kabupaten": 416,
        "kota": 98,
        "kecamatan": 7285,
        "kelurahan": 8496,
        "desa": 75252,
        "desa_adat": 14,
    }


def test_loading_again_changes_nothing():
    again = load_regions(source=settings.REGION_DATA_DIR)
    assert (again.added, again.changed, again.retired, again.labels_added) == (0, 0, 0, 0)


def test_tidying_changes_forty_nine_names():
    changed = {code: (raw, tidy_name(raw)) for code, raw in raw_names() if tidy_name(raw) != raw}
    assert len(changed) == 49
    assert len([raw for raw, _ in changed.values() if '"' in raw]) == 16
    assert changed["35.29.22"] == ('Ra"as', "Ra'as")
    assert changed["35.25.11.2017"] == ("Iker - iker Geger", "Iker-iker Geger")
    assert {code: Region.objects.get(code=code).name for code in changed} == {
        code: tidy for code, (_, tidy) in changed.items()
    }


def test_own_files_fit_the_data():
    names = dict(raw_names())
    assert (
        read_corrections(CORRECTIONS, names) == {}
    )  # nothing is settled yet; the open ones are comments there
    assert {label.code for label in read_labels(LABELS)} <= names.keys()
    assert RegionLabel.objects.count() == 55
    assert RegionLabel.objects.filter(confirmed=True).count() == 7


def test_regency_names_say_their_kind():
    for region in Region.objects.regencies():
        assert region.name.startswith(region.get_kind_display() + " ")


@pytest.mark.parametrize(
    ("code", "districts", "villages"),
    [
        ("35.25.11", 1, {"desa": 25}),
        ("35.14.01", 1, {"desa": 13}),
        ("35.75", 4, {"kelurahan": 34}),
        ("73.72", 4, {"kelurahan": 22}),
        ("35.22", 28, {"desa": 419, "kelurahan": 11}),
    ],
)
def test_places_of_the_five_events(code, districts, villages):
    assert Region.objects.under(code).districts().count() == districts
    assert Region.objects.below(code).villages().count_by_kind() == villages


def test_gresik_has_eighteen_districts():
    assert Region.objects.below("35.25").districts().count() == 18


def test_shared_names():
    districts = Counter(Region.objects.districts().values_list("folded", flat=True))
    shared = [count for count in districts.values() if count > 1]
    assert (len(shared), sum(shared)) == (291, 670)
    bare = Counter(
        name.split(" ", 1)[1] for name in Region.objects.regencies().values_list("name", flat=True)
    )
    assert len([name for name, count in bare.items() if count > 1]) == 26
    villages = Counter(Region.objects.villages().values_list("parent_id", "name"))
    assert len([name for name, count in villages.items() if count > 1]) == 16


@pytest.mark.parametrize(
    ("code", "zone"),
    [("35.25.11", "WIB"), ("73.72", "WITA"), ("61", "WIB"), ("64", "WITA"), ("94", "WIT"), ("81", "WIT")],
)
def test_zones(code, zone):
    assert get(code).zone_label == zone
    assert Region.objects.under(code).exclude(time_zone=get(code).time_zone).count() == 0


@pytest.mark.parametrize(
    ("code", "full_name", "head"),
    [
        ("35.25.11.2017", "Desa Iker-iker Geger, Kecamatan Cerme, Kabupaten Gresik", "Kepala Desa"),
        ("51.03.02.1004", "Kelurahan Kapal, Kecamatan Mengwi, Kabupaten Badung", "Lurah"),
        ("34.71.01", "Kemantren Tegalrejo, Kota Yogyakarta", "Mantri Pamong Praja"),
        ("34.04.01", "Kapanewon Gamping, Kabupaten Sleman", "Panewu"),
        ("34.04.01.2001", "Kalurahan Balecatur, Kapanewon Gamping, Kabupaten Sleman", "Lurah"),
        ("11.01.01.2004", "Gampong Drien, Kecamatan Bakongan, Kabupaten Aceh Selatan", "Keuchik"),
        ("91.03.02.3003", "Desa Adat Ayapo, Distrik Sentani Timur, Kabupaten Jayapura", "Kepala Kampung"),
        ("18.04.04", "Kecamatan Balik Bukit, Kabupaten Lampung Barat", "Camat"),
    ],
)
def test_local_names(code, full_name, head):
    assert get(code).full_name == full_name
    assert get(code).head_title == head


@pytest.mark.parametrize(
    ("code", "head"),
    [("51", "Perbekel"), ("18.04", "Peratin"), ("32.09", "Kuwu"), ("32.12", "Kuwu"), ("71.06", "Hukum Tua")]
    + [(str(province), "Kepala Kampung") for province in range(91, 97)],
)
def test_heads_of_every_desa(code, head):
    assert {village.head_title for village in Region.objects.under(code).filter(kind="desa")} == {head}


def test_cerme_is_not_cermee():
    districts = Region.objects.search("Cerme", level="district")
    assert [region.full_name for region in districts] == [
        "Kecamatan Cerme, Kabupaten Gresik",
        "Kecamatan Cermee, Kabupaten Bondowoso",
    ]
    everywhere = codes(Region.objects.search("Cerme"))
    assert everywhere[0] == "35.25.11"
    assert "35.11.15" in everywhere


def test_purwodadi_shows_all_four_districts():
    found = Region.objects.search("Purwodadi")
    assert len(found) == 20
    assert [region.full_name for region in found[:4]] == [
        "Kecamatan Purwodadi, Kabupaten Musi Rawas",
        "Kecamatan Purwodadi, Kabupaten Purworejo",
        "Kecamatan Purwodadi, Kabupaten Grobogan",
        "Kecamatan Purwodadi, Kabupaten Pasuruan",
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cerme gresik", "35.25.11"),
        ("gresik", "35.25"),
        ("kota pasuruan", "35.75"),
        ("kecamatan gresik", "35.25.16"),
        ("raas", "35.29.22"),
        ("jawa timur", "35"),
        ("parepare", "73.72"),
        ("bojonegoro", "35.22"),
        ("Desa Iker-iker Geger, Kecamatan Cerme, Kabupaten Gresik", "35.25.11.2017"),
    ],
)
def test_the_first_hit(text, first):
    assert codes(Region.objects.search(text))[0] == first


def test_every_upper_region_is_named_by_its_full_name():
    """Nobody has to know a code: the full name of all 7,837 regions above the villages is unmistakable."""
    names = Counter(region.full_name for region in Region.objects.exclude(level="village").with_parents())
    assert [name for name, count in names.items() if count > 1] == []
    for code in ("11.01.01", "35.75", "91.03.02", "34.71.01", "15.71.07", "35.71.02"):
        assert codes(Region.objects.named(get(code).full_name)) == [code]


def plan(queryset):
    """What the database intends to do, as one text."""
    sql, params = queryset.values("code").order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql, params)
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.parametrize("method", ["under", "below"])
def test_prefix_search_uses_the_index(method):
    text = plan(getattr(Region.objects, method)("35.25.11"))
    if connection.vendor == "sqlite":
        assert text.count("SEARCH regions_region USING") == 2
        assert "SCAN" not in text
    else:
        assert "regions_region_code" in text
        assert "Seq Scan" not in text


def test_prefix_search_uses_the_index_of_a_relation():
    """Other rooms filter ``region__code__within`` on their own foreign key."""
    text = plan(Region.objects.filter(parent__code__within="35.25.11"))
    assert "parent_id" in text
    assert "SCAN" not in text
    assert "Seq Scan" not in text


def test_the_plan_test_can_fail():
    """``startswith`` is what the lookup avoids: on SQLite it reads every row."""
    if connection.vendor == "sqlite":
        assert "SCAN" in plan(Region.objects.filter(code__startswith="35.25.11."))
