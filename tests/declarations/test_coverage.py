import pytest

from declarations.coverage import is_covered, uncovered


@pytest.mark.parametrize(
    ("applies_to", "category", "position", "expected"),
    [
        (["pns", "pppk"], "pns", "", True),
        (["pns"], "asn", "", True),  # "ASN, not said which" counts where PNS is named
        (["pppk"], "asn", "", True),
        (["asn"], "pppk", "", True),
        (["pns"], "pppk", "", False),
        (["tni"], "polri", "", False),
        (["kepala_desa", "lurah"], "pns", "Lurah Purutrejo", True),
        (["kepala_desa", "lurah"], "asn", "Pj. Lurah Purutrejo", True),
        (["kepala_desa", "lurah"], "pns", "Plt Lurah Purutrejo", True),
        (["kepala_desa", "lurah"], "pns", "Sekretaris Lurah", False),
        (["kepala_desa", "lurah"], "pns", "Lurahan", False),
        (["kepala_desa", "lurah"], "organisasi", "Lurah", False),  # a lurah is a PNS
        (["kepala_desa"], "pns", "Lurah Purutrejo", False),
        (["semua"], "organisasi", "", True),
        ([], "pns", "", False),
    ],
)
def test_a_text_speaks_for_the_categories_it_names(applies_to, category, position, expected):
    assert is_covered(applies_to, category, position) is expected


def test_uncovered_counts_people_no_text_speaks_for():
    people = [("pns", ""), ("organisasi", ""), ("organisasi", ""), ("tni", ""), ("", "")]
    assert uncovered(people, [["pns"], ["tni"]]) == {"organisasi": 2}


def test_uncovered_without_any_text_counts_everybody_with_a_category():
    assert uncovered([("pns", ""), ("", "")], []) == {"pns": 1}
