import pytest

from declarations.placeholders import fill, label_of, names_in, only_filled

TEXT = {
    "title": "Ikrar pada Pemilu Tahun {tahun}",
    "opening": "Menyukseskan {nama_pemilihan} Tahun {tahun}:",
    "points": ["Menjaga netralitas selama {nama_pemilihan}.", "Menolak politik uang."],
    "closing": "",
    "consent": "Setuju.",
}
VALUES = {"tahun": "2024", "nama_pemilihan": "Pemilihan Serentak"}


def test_names_come_once_in_reading_order():
    assert names_in(TEXT) == ["tahun", "nama_pemilihan"]


def test_fill_replaces_every_place():
    filled = fill(TEXT, VALUES)
    assert filled["title"] == "Ikrar pada Pemilu Tahun 2024"
    assert filled["points"][0] == "Menjaga netralitas selama Pemilihan Serentak."
    assert names_in(filled) == []


def test_a_value_that_is_not_given_stays_open():
    assert names_in(fill(TEXT, {"tahun": "2024"})) == ["nama_pemilihan"]


def test_only_filled_gives_the_values_back():
    assert only_filled(TEXT, fill(TEXT, VALUES)) == VALUES


def test_the_same_text_counts_as_filled_with_nothing():
    done = fill(TEXT, VALUES)
    assert only_filled(done, done) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Ikrar pada Pemilu Tahun 2025"},  # another year than in the opening
        {"points": ["Menjaga netralitas selama Pemilihan Serentak.", "Menolak politik."]},
        {"points": ["Menjaga netralitas selama Pemilihan Serentak."]},
        {"closing": "Demikian."},
        {"consent": "Terpaksa."},
        {"points": ["Menjaga netralitas selama Pemilihan\nSerentak.", "Menolak politik uang."]},
        {"points": ["Menjaga netralitas selama " + "x" * 161 + ".", "Menolak politik uang."]},
    ],
)
def test_any_other_change_is_no_mere_filling(change):
    assert only_filled(TEXT, fill(TEXT, VALUES) | change) is None


def test_an_unknown_placeholder_gets_a_readable_label():
    assert (label_of("tahun"), label_of("nama_desa")) == ("Tahun", "Nama desa")
