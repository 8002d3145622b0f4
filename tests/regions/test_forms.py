import pytest
from django import forms

from regions.forms import RegionField
from regions.models import Region

from .factories import cerme, cerme_villages, gresik, make_region, purwodadi

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def namesakes():
    """Four districts called Purwodadi, Cerme and Cermee, Kabupaten and Kota Pasuruan."""
    make_region("16.05", "Kabupaten Musi Rawas")
    for code in ("16.05.13", "33.06.03", "33.15.13", "35.14.01"):
        make_region(code, "Purwodadi")
    make_region("35.11.15", "Cermee")
    make_region("35.75")
    make_region("35.14.01.2005", "Purwodadi")
    cerme_villages()


def error(field, text):
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(text)
    return " ".join(caught.value.messages)


@pytest.mark.parametrize(
    "text",
    [
        "35.25.11",
        " 35.25.11 ",
        "Kecamatan Cerme, Kabupaten Gresik (35.25.11)",
        "Kecamatan Cerme, Kabupaten Gresik",
        "kec. cerme, kab. gresik",
        "Cerme, Gresik",
        "cerme gresik",
        "CERME",
    ],
)
def test_ways_to_name_a_district(text):
    assert RegionField(level="district").clean(text) == cerme()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kota Pasuruan", "35.75"),
        ("Kabupaten Pasuruan", "35.14"),
        ("Kecamatan Purwodadi, Kabupaten Pasuruan", "35.14.01"),
        ("Desa Purwodadi, Kecamatan Purwodadi, Kabupaten Pasuruan", "35.14.01.2005"),
        ("iker iker geger", "35.25.11.2017"),
        ("Jawa Timur", "35"),
    ],
)
def test_names_of_every_level(text, code):
    assert RegionField().clean(text).code == code


def test_a_shared_name_lists_the_candidates():
    assert error(RegionField(level="district"), "Purwodadi") == (
        "Ada 4 wilayah bernama “Purwodadi”: Kecamatan Purwodadi, Kabupaten Musi Rawas (16.05.13); "
        "Kecamatan Purwodadi, Kabupaten Purworejo (33.06.03); Kecamatan Purwodadi, Kabupaten Grobogan (33.15.13); "
        "Kecamatan Purwodadi, Kabupaten Pasuruan (35.14.01). Pilih salah satu."
    )
    assert error(RegionField(level="regency"), "Pasuruan") == (
        "Ada 2 wilayah bernama “Pasuruan”: Kabupaten Pasuruan (35.14); Kota Pasuruan (35.75). Pilih salah satu."
    )


def test_a_name_shared_by_very_many_is_cut_short():
    for number in range(10, 30):
        make_region(f"12.{number}.01", "Sukamaju")
    message = error(RegionField(), "Sukamaju")
    assert message.startswith(
        "Ada 20 wilayah bernama “Sukamaju”: Kecamatan Sukamaju, Kabupaten Contoh 12.10 (12.10.01); "
    )
    assert message.endswith("; dan 12 lagi. Pilih salah satu.")


@pytest.mark.parametrize(
    ("options", "text", "message"),
    [
        ({}, "", "Wilayah belum diisi."),
        ({}, "   ", "Wilayah belum diisi."),
        ({}, "35.99", "Kode wilayah 35.99 tidak dikenal."),
        ({"level": "district"}, "35.25", "Kabupaten Gresik bukan kecamatan."),
        (
            {"level": ("regency", "district")},
            "35.25.11.2001",
            "Desa Dadapkuning, Kecamatan Cerme, Kabupaten Gresik bukan kabupaten/kota atau kecamatan.",
        ),
        (
            {"under": "35.25"},
            "35.14.01",
            "Kecamatan Purwodadi, Kabupaten Pasuruan tidak termasuk Kabupaten Gresik.",
        ),
        (
            {"level": "village", "under": "35.25.11"},
            "Purwodadi",
            "Desa/kelurahan “Purwodadi” tidak ditemukan di Kecamatan Cerme, Kabupaten Gresik.",
        ),
        ({"level": "district"}, "Antah", "Kecamatan “Antah” tidak ditemukan."),
        (
            {"level": "district"},
            "Cerm",
            "Kecamatan “Cerm” tidak ditemukan. Mungkin maksud Anda: Kecamatan Cerme, Kabupaten Gresik (35.25.11); "
            "Kecamatan Cermee, Kabupaten Bondowoso (35.11.15).",
        ),
        ({}, "\x00'%_", "Wilayah “\x00'%_” tidak ditemukan."),
        ({}, ",", "Wilayah “,” tidak ditemukan."),
    ],
)
def test_what_cannot_be_taken_says_why(options, text, message):
    assert error(RegionField(**options), text) == message


def test_a_very_long_text_is_only_not_found():
    assert "tidak ditemukan" in error(RegionField(), "cerme " * 10_000)


def test_a_retired_region_cannot_be_chosen():
    Region.objects.filter(code="35.25.11").update(is_current=False)
    field = RegionField(level="district")
    assert (
        error(field, "35.25.11")
        == "Kecamatan Cerme, Kabupaten Gresik sudah tidak dipakai lagi dalam data wilayah."
    )
    assert "tidak ditemukan" in error(field, "Cerme, Gresik")


def test_an_optional_field_may_stay_empty():
    assert RegionField(required=False).clean("") is None
    assert RegionField(required=False).clean(None) is None


def test_a_cleaned_region_brings_its_parents(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert RegionField(level="village").clean("35.25.11.2017").full_name.endswith("Kabupaten Gresik")


def test_unknown_level_is_a_mistake():
    with pytest.raises(ValueError, match="unknown level"):
        RegionField(level="desa")


class PlaceForm(forms.Form):
    place = RegionField(level="district")
    village = RegionField(level="village", required=False)

    def __init__(self, *args, inside=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["village"].under = inside


def test_each_form_has_its_own_bounds():
    assert PlaceForm({"place": "35.14.01", "village": "35.14.01.2005"}, inside=purwodadi()).is_valid()
    foreign = PlaceForm({"place": "35.14.01", "village": "35.14.01.2005"}, inside=gresik())
    assert foreign.errors == {
        "village": [
            "Desa Purwodadi, Kecamatan Purwodadi, Kabupaten Pasuruan tidak termasuk Kabupaten Gresik."
        ]
    }
    assert PlaceForm({"place": "35.14.01", "village": "35.14.01.2005"}).is_valid()


def test_widget_shows_name_and_code_and_carries_data_for_the_script():
    html = str(PlaceForm(initial={"place": "35.25.11"}, inside=gresik()))
    assert 'value="Kecamatan Cerme, Kabupaten Gresik (35.25.11)"' in html
    assert 'data-region-search="/wilayah/cari/" data-levels="district"' in html
    assert 'data-levels="village" data-under="35.25"' in html
    assert "style=" not in html
    assert (
        PlaceForm(initial={"place": cerme()})["place"].value()
        == "Kecamatan Cerme, Kabupaten Gresik (35.25.11)"
    )


def test_widget_keeps_what_was_typed_wrongly():
    assert 'value="Purwodadi"' in str(PlaceForm({"place": "Purwodadi"})["place"])


def test_widget_brings_its_script_as_module():
    assert str(PlaceForm().media) == '<script src="/static/js/region-search.js" type="module"></script>'


@pytest.mark.parametrize(
    ("initial", "data", "changed"),
    [
        ("35.25.11", "Kecamatan Cerme, Kabupaten Gresik (35.25.11)", False),
        ("35.25.11", "35.25.11", False),
        ("35.25.11", "35.14.01", True),
        (None, "", False),
        (None, "35.25.11", True),
        ("35.25.11", "", True),
    ],
)
def test_has_changed_compares_codes(initial, data, changed):
    assert RegionField().has_changed(initial, data) is changed
