from hypothesis import given
from hypothesis import strategies as st

from declarations import reference_data
from declarations.comparison import compare, word_diff

WORDS = st.sampled_from(["menjaga", "netralitas", "masing-masing", "ASN", "{tahun}", "politik", "uang"])
SENTENCES = st.lists(WORDS, max_size=9).map(" ".join)


def of(key):
    row = next(row for row in reference_data.read_texts(reference_data.FOLDER) if row["key"] == key)
    return {name: row[name] for name in ("title", "opening", "points", "closing")}


def changes(part):
    return [(kind, words) for kind, words in part.pieces if kind != "same"]


def test_same_text_shows_no_change():
    assert word_diff("Menolak politik uang.", "Menolak politik uang.") == [("same", "Menolak politik uang.")]


def test_a_word_left_out_is_shown_as_removed():
    assert word_diff("kepada pegawai ASN dan warga", "kepada pegawai dan warga") == [
        ("same", "kepada pegawai"),
        ("removed", " ASN"),
        ("same", " dan warga"),
    ]


def test_an_empty_side_is_all_added_or_all_removed():
    assert word_diff("", "baru sama sekali") == [("added", "baru sama sekali")]
    assert word_diff("tidak ada lagi", "") == [("removed", "tidak ada lagi")]
    assert word_diff("", "") == []


def test_kota_pasuruan_beside_the_skb_text_as_the_officer_must_see_it():
    parts = {p.label: p for p in compare(of("asn-skb-2022"), of("asn-kota-pasuruan-2024"))}
    assert changes(parts["Butir 1"])[-2:] == [
        ("removed", " {nama_pemilihan}"),
        ("added", " pemilihan tabun 2024"),
    ]
    assert ("removed", " ASN") in changes(parts["Butir 2"])
    added = "".join(words for kind, words in changes(parts["Butir 3"]) if kind == "added")
    assert added == ", tidak dipergunakan untuk kepentingan pasangan calon tertentu,"
    assert parts["Butir 4"].is_changed is False


@given(before=SENTENCES, after=SENTENCES)
def test_the_runs_give_back_both_texts(before, after):
    pieces = word_diff(before, after)
    assert "".join(words for kind, words in pieces if kind != "removed").split() == after.split()
    assert "".join(words for kind, words in pieces if kind != "added").split() == before.split()


def test_a_point_put_in_between_does_not_shift_the_others():
    old = {"points": ["Menjaga netralitas pegawai.", "Menolak politik uang."]}
    new = {
        "points": ["Menjaga netralitas pegawai.", "Melaporkan setiap pelanggaran.", "Menolak politik uang."]
    }
    parts = compare(old, new)
    assert [(p.label, p.pieces) for p in parts] == [
        ("Butir 1", [("same", "Menjaga netralitas pegawai.")]),
        ("Butir 2", [("added", "Melaporkan setiap pelanggaran.")]),
        ("Butir 3", [("same", "Menolak politik uang.")]),
    ]


def test_a_point_taken_away_is_shown_in_its_place():
    old = {"points": ["Menjaga netralitas pegawai.", "Menolak politik uang."]}
    parts = compare(old, {"points": ["Menolak politik uang."]})
    assert [p.pieces[0][0] for p in parts] == ["removed", "same"]


def test_parts_that_both_texts_lack_are_left_out():
    assert [p.label for p in compare({"title": "A"}, {"title": "B", "closing": "Demikian."})] == [
        "Judul",
        "Penutup",
    ]
