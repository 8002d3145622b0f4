"""The rules for legal bases with the test cases of DOMAIN §2.4, on the data that is shipped."""

from dataclasses import dataclass
from datetime import date

import pytest

from declarations import legal, reference_data

BOJONEGORO, CERME, PURWODADI = date(2023, 12, 13), date(2024, 10, 2), date(2024, 6, 25)
BOTH, PEMILIHAN, PEMILU = {"pemilu", "pemilihan"}, {"pemilihan"}, {"pemilu"}


@dataclass(frozen=True)
class Row:
    key: str
    short: str
    applies_to: list
    election_kinds: list
    valid_from: date
    valid_to: date | None
    superseded_by_id: str | None
    confirmed: bool


@pytest.fixture(scope="module")
def register():
    rows = reference_data.read_legal_bases(reference_data.FOLDER)
    return {
        row["key"]: Row(
            **{name: row[name] for name in ("key", "short", "applies_to", "election_kinds", "confirmed")},
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            superseded_by_id=row["superseded_by"],
        )
        for row in rows
    }


def texts_of(register, key, day, kinds):
    return [c.text for c in legal.concerns([register[key]], day=day, election_kinds=kinds, register=register)]


def test_purwodadi_citing_the_replaced_law_gets_the_exact_warning(register):
    (concern,) = legal.concerns(
        [register["uu-5-2014"]], day=PURWODADI, election_kinds=PEMILIHAN, register=register
    )
    assert concern.text == (
        "Dasar hukum UU 5/2014 tidak berlaku lagi pada tanggal kegiatan (25 Juni 2024). Gunakan UU 20/2023."
    )
    assert (concern.code, concern.replacement.key) == ("ended", "uu-20-2023")


@pytest.mark.parametrize(
    ("key", "day", "kinds"),
    [
        ("uu-20-2023", BOJONEGORO, BOTH),
        ("uu-6-2014", BOJONEGORO, BOTH),
        ("uu-6-2014-jo-3-2024", CERME, PEMILIHAN),
        ("uu-34-2004", CERME, PEMILIHAN),
        ("uu-1-2015-188", CERME, PEMILIHAN),
        ("uu-7-2017-280", BOJONEGORO, BOTH),
        ("uu-5-2014", date(2023, 10, 30), BOTH),
        ("uu-20-2023", date(2023, 10, 31), BOTH),
        ("uu-1-2015-188-mk-136", date(2024, 11, 14), PEMILIHAN),
    ],
)
def test_a_basis_in_force_raises_no_concern(register, key, day, kinds):
    assert texts_of(register, key, day, kinds) == []


@pytest.mark.parametrize(
    ("key", "day", "expected"),
    [
        (
            "uu-5-2014",
            date(2023, 10, 31),
            "Dasar hukum UU 5/2014 tidak berlaku lagi pada tanggal kegiatan (31 Oktober 2023). Gunakan UU 20/2023.",
        ),
        (
            "uu-5-2014",
            BOJONEGORO,
            "Dasar hukum UU 5/2014 tidak berlaku lagi pada tanggal kegiatan (13 Desember 2023). Gunakan UU 20/2023.",
        ),
        (
            "uu-6-2014-jo-3-2024",
            BOJONEGORO,
            "Dasar hukum UU 6/2014 jo. UU 3/2024 belum berlaku pada tanggal kegiatan (13 Desember 2023). "
            "Gunakan UU 6/2014.",
        ),
        (
            "uu-6-2014",
            CERME,
            "Dasar hukum UU 6/2014 tidak berlaku lagi pada tanggal kegiatan (2 Oktober 2024). "
            "Gunakan UU 6/2014 jo. UU 3/2024.",
        ),
        (
            "uu-34-2004-jo-3-2025",
            CERME,
            "Dasar hukum UU 34/2004 jo. UU 3/2025 belum berlaku pada tanggal kegiatan (2 Oktober 2024). "
            "Gunakan UU 34/2004.",
        ),
        (
            "uu-1-2015-188-mk-136",
            CERME,
            "Dasar hukum UU 1/2015 Pasal 188 jo. Putusan MK 136/PUU-XXII/2024 belum berlaku pada tanggal kegiatan "
            "(2 Oktober 2024). Gunakan UU 1/2015 Pasal 188.",
        ),
        (
            "uu-1-2015-188",
            date(2024, 11, 14),
            "Dasar hukum UU 1/2015 Pasal 188 tidak berlaku lagi pada tanggal kegiatan (14 November 2024). "
            "Gunakan UU 1/2015 Pasal 188 jo. Putusan MK 136/PUU-XXII/2024.",
        ),
        (
            "uu-20-2023",
            date(2023, 10, 30),
            "Dasar hukum UU 20/2023 belum berlaku pada tanggal kegiatan (30 Oktober 2023). Gunakan UU 5/2014.",
        ),
        (
            "skb-2022",
            date(2022, 9, 21),
            "Dasar hukum SKB Netralitas ASN 2022 belum berlaku pada tanggal kegiatan (21 September 2022).",
        ),
    ],
)
def test_a_basis_out_of_force_names_its_replacement(register, key, day, expected):
    assert texts_of(register, key, day, {"pemilihan"}) == [expected]


def test_pasal_188_does_not_address_tni_and_polri_in_october_2024(register):
    def offered(category):
        return {
            basis.key
            for basis in legal.suggested(register, day=CERME, election_kinds=PEMILIHAN, categories=[category])
        }

    assert "uu-1-2015-188" in offered("kepala_desa")
    assert not {"uu-1-2015-188", "uu-1-2015-188-mk-136"} & (offered("tni") | offered("polri"))


def test_suggestions_for_tni_in_october_2024_are_the_rows_of_that_day(register):
    found = legal.suggested(register, day=CERME, election_kinds=PEMILIHAN, categories=["tni"])
    laws = {basis.key for basis in found if "semua" not in basis.applies_to}
    assert laws == {"uu-34-2004", "uu-1-2015-70", "uu-1-2015-71"}


def test_a_pemilu_article_on_a_pemilihan_event_is_named(register):
    assert texts_of(register, "uu-7-2017-280", CERME, PEMILIHAN) == [
        "Dasar hukum UU 7/2017 Pasal 280 berlaku untuk Pemilu, sedangkan kegiatan ini untuk Pemilihan."
    ]


def test_a_pemilihan_article_on_a_pemilu_event_is_named(register):
    assert texts_of(register, "uu-1-2015-71", BOJONEGORO, PEMILU) == [
        "Dasar hukum UU 10/2016 Pasal 71 berlaku untuk Pemilihan, sedangkan kegiatan ini untuk Pemilu."
    ]


def test_an_unconfirmed_basis_asks_for_the_supervisor(register):
    assert texts_of(register, "perpol-7-2022", CERME, PEMILIHAN) == [
        "Dasar hukum Perpol 7/2022 belum dikonfirmasi. Mintalah persetujuan pengawas sebelum dicetak."
    ]


def test_without_day_or_election_only_confirmation_is_asked(register):
    assert texts_of(register, "uu-5-2014", None, []) == []
    assert len(texts_of(register, "perpol-7-2022", None, [])) == 1


def test_one_basis_can_raise_several_concerns(register):
    found = legal.concerns(
        [register["uu-7-2017-547"]], day=date(2017, 1, 1), election_kinds=PEMILIHAN, register=register
    )
    assert [concern.code for concern in found] == ["not_yet", "election", "unconfirmed"]


def test_successors_that_point_at_each_other_end_the_search():
    def row(key, other):
        return Row(key, key, [], ["pemilu"], date(2010, 1, 1), date(2011, 1, 1), other, True)

    circle = {"a": row("a", "b"), "b": row("b", "a")}
    assert legal.replacement_for(circle["a"], date(2020, 1, 1), circle) is None


def test_the_replacement_is_found_over_two_steps():
    def row(key, start, end, other):
        return Row(key, key, [], ["pemilu"], start, end, other, True)

    chain = {
        "a": row("a", date(2000, 1, 1), date(2010, 1, 1), "b"),
        "b": row("b", date(2010, 1, 1), date(2020, 1, 1), "c"),
        "c": row("c", date(2020, 1, 1), None, None),
    }
    assert legal.replacement_for(chain["a"], date(2024, 1, 1), chain).key == "c"
    assert legal.replacement_for(chain["c"], date(2005, 1, 1), chain).key == "a"
