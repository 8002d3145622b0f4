import pytest

from regions import codes, zones
from regions.labels import LabelBook
from regions.names import fold, tidy_name
from regions.words import Typed

PROVINCES = {
    "Asia/Jakarta": [*range(11, 20), 21, *range(31, 37), 61, 62],
    "Asia/Makassar": [51, 52, 53, 63, 64, 65, *range(71, 77)],
    "Asia/Jayapura": [81, 82, *range(91, 97)],
}


@pytest.mark.parametrize(
    ("code", "level", "kind", "parent"),
    [
        ("35", "province", "provinsi", None),
        ("35.25", "regency", "kabupaten", "35"),
        ("35.75", "regency", "kota", "35"),
        ("31.01", "regency", "kabupaten", "31"),
        ("35.25.11", "district", "kecamatan", "35.25"),
        ("35.75.01.1002", "village", "kelurahan", "35.75.01"),
        ("35.25.11.2003", "village", "desa", "35.25.11"),
        ("91.03.01.3007", "village", "desa_adat", "91.03.01"),
    ],
)
def test_what_a_code_says(code, level, kind, parent):
    assert (codes.level_of(code), codes.kind_of(code), codes.parent_code(code)) == (level, kind, parent)


@pytest.mark.parametrize(
    "text", ["", "3", "35.", "35.2", "35.25.1", "35.25.11.200", "35.25.11.2003.1", "٣٥", "35.25\n"]
)
def test_what_is_no_code(text):
    assert not codes.is_code(text)
    with pytest.raises(ValueError, match="not a region code"):
        codes.level_of(text)


def test_a_village_code_begins_with_1_2_or_3():
    with pytest.raises(ValueError, match="none of 1, 2, 3"):
        codes.kind_of("35.25.11.9003")


def test_ancestor_codes_from_the_top():
    assert codes.ancestor_codes("35.25.11.2003") == ["35", "35.25", "35.25.11"]
    assert codes.ancestor_codes("35") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("35.25.11", "35.25.11"),
        (" 35.25.11 ", "35.25.11"),
        ("Kecamatan Cerme, Kabupaten Gresik (35.25.11)", "35.25.11"),
        ("Misool (Misool Utara)", None),
        ("Cerme 35.25.11", None),
        ("", None),
    ],
)
def test_code_in_what_was_typed(text, code):
    assert codes.code_in(text) == code


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ('Ra"as', "Ra'as"),
        ('T"Singa', "T'Singa"),
        ("Iker - iker Geger", "Iker-iker Geger"),
        ("Abar- abir", "Abar-abir"),
        ("Na IX - X", "Na IX-X"),
        ("Tapian Nauli/ Saurmanggita", "Tapian Nauli/Saurmanggita"),
        ("Wamesa II / Yakati", "Wamesa II/Yakati"),
        ("Bedeng SS.", "Bedeng SS"),
        ("Teuw*", "Teuw"),
        ("Bl. Limbangan", "Bl. Limbangan"),
        ("Way 'U'", "Way 'U'"),
        ("Regapu’u", "Regapu’u"),
        ("Lubuk Pakam I,II", "Lubuk Pakam I,II"),
        ("Misool (Misool Utara)", "Misool (Misool Utara)"),
        ("Kabupaten Gresik", "Kabupaten Gresik"),
    ],
)
def test_tidy_name_corrects_only_spelling(raw, tidy):
    assert tidy_name(raw) == tidy
    assert tidy_name(tidy) == tidy


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Iker-iker Geger", "iker iker geger"),
        ("  IKER   iker_geger ", "iker iker geger"),
        ("Ra'as", "raas"),
        ("Regapu’u", "regapuu"),
        ("Sé\u0301", "se"),
        ("\x00%_'\"", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "whole", "after_kind"),
    [
        ("Cerme", ["cerme", "kabupaten cerme", "kota cerme"], []),
        ("Kecamatan Cerme, Gresik", ["kecamatan cerme"], ["cerme"]),
        ("Kota Baru", ["kota", "kota baru"], ["baru", "kota baru"]),
        ("kab. gresik", ["kab", "kab gresik"], ["gresik", "kabupaten gresik"]),
        (",", [], []),
    ],
)
def test_names_in_what_was_typed(text, whole, after_kind):
    assert (Typed(text).whole_names, Typed(text).names_after_kind) == (whole, after_kind)


@pytest.mark.parametrize(("zone", "provinces"), PROVINCES.items())
def test_zone_of_every_province(zone, provinces):
    assert {zones.zone_of(f"{province}") for province in provinces} == {zone}
    assert {zones.zone_of(f"{province}.01.02.2003") for province in provinces} == {zone}


def test_thirty_eight_provinces_have_a_zone():
    assert sorted(zones.ZONE_OF_PROVINCE) == sorted(
        str(code) for codes in PROVINCES.values() for code in codes
    )
    assert len(zones.ZONE_OF_PROVINCE) == 38


def test_zone_labels():
    assert [zones.zone_label(zone) for zone in zones.ZONES] == ["WIB", "WITA", "WIT"]
    assert [zone for zone, _ in zones.ZONE_CHOICES] == list(zones.ZONES)


@pytest.mark.parametrize("code", ["", "99", "10.01"])
def test_unknown_province_has_no_zone(code):
    with pytest.raises(ValueError, match="no time zone"):
        zones.zone_of(code)


def test_zone_outside_indonesia_has_no_label():
    with pytest.raises(ValueError, match="not an Indonesian"):
        zones.zone_label("Asia/Singapore")


def test_nearest_label_wins():
    book = LabelBook(lambda: [("51", "desa", "A"), ("51.01", "desa", "B"), ("51.01.02", "kecamatan", "C")])
    assert book.label("51.01.02.2001", "desa") == "B"
    assert book.label("51.02.01.2001", "desa") == "A"
    assert book.label("51.01.02", "kecamatan") == "C"
    assert book.label("51.01.02", "camat") == "Camat"
    assert book.label("5", "desa") == "Desa"


def test_labels_are_read_once_until_they_are_old():
    now, reads = [0.0], []
    book = LabelBook(lambda: reads.append(now[0]) or [("51", "desa", f"{now[0]:.0f}")], clock=lambda: now[0])
    assert [book.label("51", "desa"), book.label("51", "desa"), reads] == ["0", "0", [0.0]]
    now[0] = 301.0
    assert [book.label("51", "desa"), reads] == ["301", [0.0, 301.0]]
    book.remember([])
    assert [book.label("51", "desa"), reads] == ["Desa", [0.0, 301.0]]


def test_unknown_label_key_is_a_mistake():
    with pytest.raises(KeyError):
        LabelBook(list).label("51", "lurah")
