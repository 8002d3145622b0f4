import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from regions.models import Region, RegionLabel

from .factories import bojonegoro, cerme, cerme_villages, gresik, make_region, parepare, pasuruan, purwodadi

pytestmark = pytest.mark.django_db


def codes(regions):
    return [region.code for region in regions]


def test_under_is_the_region_and_all_below_and_below_is_without_it():
    cerme_villages()
    purwodadi()
    assert codes(Region.objects.under(gresik())) == [
        "35.25",
        "35.25.11",
        "35.25.11.2001",
        "35.25.11.2002",
        "35.25.11.2003",
        "35.25.11.2017",
    ]
    assert codes(Region.objects.below("35.25").districts()) == ["35.25.11"]
    assert codes(Region.objects.below("35.25.11.2001")) == []


def test_a_shorter_code_is_no_ancestor():
    gresik()
    assert codes(Region.objects.under("35.2")) == []
    assert codes(Region.objects.under("3")) == []
    assert codes(Region.objects.under("")) == []
    assert codes(Region.objects.filter(code__within="%")) == []


def test_within_reaches_through_a_relation_without_a_join():
    RegionLabel.objects.create(region=cerme(), key="desa", label="A")
    RegionLabel.objects.create(region=purwodadi(), key="desa", label="B")
    found = RegionLabel.objects.filter(region__code__within=gresik())
    assert [label.label for label in found] == ["A"]
    assert "JOIN" not in str(found.order_by("pk").query)


def test_within_takes_a_region_or_a_code_only():
    with pytest.raises(ValueError, match="takes a Region"):
        Region.objects.under(None).exists()


def test_levels_and_kinds():
    cerme_villages()
    make_region("35.75.01.1002", "Krapyakrejo")
    assert codes(Region.objects.provinces()) == ["35"]
    assert codes(Region.objects.regencies()) == ["35.25", "35.75"]
    assert codes(Region.objects.districts()) == ["35.25.11", "35.75.01"]
    assert Region.objects.villages().count_by_kind() == {"desa": 4, "kelurahan": 1}
    assert Region.objects.below(cerme()).count_by_kind() == {"desa": 4}


def test_names_for_people():
    village = make_region("35.25.11.2017")
    assert village.titled == "Desa Iker-iker Geger"
    assert village.full_name == "Desa Iker-iker Geger, Kecamatan Cerme, Kabupaten Gresik"
    assert village.surroundings == "Kecamatan Cerme, Kabupaten Gresik, Provinsi Jawa Timur"
    assert cerme().full_name == "Kecamatan Cerme, Kabupaten Gresik"
    assert cerme().named_with_code == "Kecamatan Cerme, Kabupaten Gresik (35.25.11)"
    assert pasuruan().full_name == "Kota Pasuruan"
    assert make_region("35").full_name == "Provinsi Jawa Timur"
    assert make_region("35.75.01.1002", "Krapyakrejo").titled == "Kelurahan Krapyakrejo"
    assert str(cerme()) == "Kecamatan Cerme (35.25.11)"


def test_a_name_that_brings_its_kind_is_not_doubled():
    RegionLabel.objects.create(region=make_region("11"), key="desa", label="Gampong")
    assert make_region("11.01.01.2004", "Gampong Drien").titled == "Gampong Drien"
    assert make_region("11.01.01.2002", "Ujong Mangki").titled == "Gampong Ujong Mangki"
    assert make_region("91.03.01.3007", "Desa Adat Yoboi").titled == "Desa Adat Yoboi"
    assert make_region("91.03.01.3008", "Yoboi").titled == "Desa Adat Yoboi"


def test_heads():
    heads = [make_region(code).head_title for code in ("35", "35.25", "35.75", "35.25.11", "35.75.01.1002")]
    assert heads == ["Gubernur", "Bupati", "Wali Kota", "Camat", "Lurah"]
    assert make_region("35.25.11.2001").head_title == "Kepala Desa"


def test_zones_follow_the_province():
    assert [make_region(code).zone_label for code in ("35.25.11", "73.72", "91")] == ["WIB", "WITA", "WIT"]
    assert parepare().time_zone == "Asia/Makassar"


def test_ancestors_ask_once_and_not_at_all_with_parents(django_assert_num_queries):
    make_region("35.25.11.2017")
    village = Region.objects.get(code="35.25.11.2017")
    with django_assert_num_queries(1):
        assert codes(village.ancestors) == ["35", "35.25", "35.25.11"]
        assert village.full_name.startswith("Desa Iker-iker Geger, Kecamatan Cerme")
    with django_assert_num_queries(1):
        assert [region.full_name for region in Region.objects.villages().with_parents()] == [
            village.full_name
        ]


def test_local_names_come_from_the_nearest_ancestor():
    for code, key, label in [
        ("51", "kepala_desa", "Perbekel"),
        ("34.71", "kecamatan", "Kemantren"),
        ("34.71", "camat", "Mantri Pamong Praja"),
        ("91", "desa", "Kampung"),
        ("91", "kepala_desa", "Kepala Kampung"),
    ]:
        RegionLabel.objects.create(region=make_region(code), key=key, label=label)
    assert make_region("51.01.01.2001").local_name("kepala_desa") == "Perbekel"
    assert make_region("51.01.01.2001").head_title == "Perbekel"
    assert make_region("51.01.01").local_name("camat") == "Camat"
    assert make_region("34.71.01", "Tegalrejo").full_name == "Kemantren Tegalrejo, Kota Yogyakarta"
    assert make_region("34.71.01", "Tegalrejo").head_title == "Mantri Pamong Praja"
    assert make_region("91.01.01.2001", "Ayapo").titled == "Kampung Ayapo"
    assert make_region("35.25.11.2001").local_name("kepala_desa") == "Kepala Desa"


def test_local_names_cost_one_query_for_many_rows(django_assert_num_queries):
    villages = cerme_villages()
    RegionLabel.objects.create(region=gresik(), key="desa", label="Dusun")
    with django_assert_num_queries(1):
        assert [village.local_name("desa") for village in villages] == ["Dusun"] * 4
    with django_assert_num_queries(0):
        assert villages[0].titled == "Dusun Dadapkuning"


def test_a_changed_or_deleted_label_is_seen_at_once():
    label = RegionLabel.objects.create(region=gresik(), key="camat", label="Panewu")
    assert cerme().local_name("camat") == "Panewu"
    label.label = "Mantri"
    label.save()
    assert cerme().local_name("camat") == "Mantri"
    label.delete()
    assert cerme().local_name("camat") == "Camat"


def test_factories_make_ancestors_once():
    for _ in range(2):
        cerme_villages(), purwodadi(), bojonegoro()
    assert codes(Region.objects.filter(level__in=["province", "regency", "district"])) == [
        "35",
        "35.14",
        "35.14.01",
        "35.22",
        "35.25",
        "35.25.11",
    ]
    assert make_region("12.71.03").full_name == "Kecamatan Contoh 12.71.03, Kota Contoh 12.71"


def test_a_region_with_others_below_cannot_be_deleted():
    cerme()
    with pytest.raises(ProtectedError):
        gresik().delete()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("level = 'regency'", "region_code_says_level_and_parent"),
        ("parent_id = '35'", "region_code_says_level_and_parent"),
        ("parent_id = '35.14'", "region_code_says_level_and_parent"),
        ("parent_id = NULL", "region_code_says_level_and_parent"),
        ("name = ''", "region_has_name"),
        ("time_zone = 'Europe/Berlin'", "region_zone_is_indonesian"),
    ],
)
def test_the_database_refuses(change, constraint):
    cerme(), purwodadi()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE regions_region SET {change} WHERE code = '35.25.11'")


def test_one_label_per_region_and_key():
    RegionLabel.objects.create(region=gresik(), key="desa", label="A")
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionLabel.objects.create(region=gresik(), key="desa", label="B")
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionLabel.objects.create(region=gresik(), key="camat", label="")
