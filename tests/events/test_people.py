from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import identity
from events.people import (
    category_from_nip,
    identity_kind_for,
    labelled_number,
    mask,
    military_name,
    name_problem,
    normalise_phone,
    parse_identity,
    print_number,
    printed_name,
    shown_phone,
    tidy,
)

TODAY = date(2025, 11, 22)
CUT = "NIP dipotong oleh Excel (hanya 15 digit). Ubah kolom menjadi Teks atau gunakan templat."


@pytest.mark.parametrize(
    ("raw", "kind", "born", "since", "sex", "serial"),
    [
        ("19860926 201505 1 001", "nip", date(1986, 9, 26), date(2015, 5, 1), "L", 1),
        ("1986.0926-2015051001", "nip", date(1986, 9, 26), date(2015, 5, 1), "L", 1),
        ("'198609262015051001", "nip", date(1986, 9, 26), date(2015, 5, 1), "L", 1),
        ("19860926\u00a0201505\u200b1\ufeff001", "nip", date(1986, 9, 26), date(2015, 5, 1), "L", 1),
        ("196804111993031009", "nip", date(1968, 4, 11), date(1993, 3, 1), "L", 9),
        ("199312282025212001", "ni_pppk", date(1993, 12, 28), date(2025, 1, 1), "P", 1),
        ("200501012026091001", "nip", date(2005, 1, 1), date(2026, 9, 1), "L", 1),
    ],
)
def test_good_nip_says_who_it_is(raw, kind, born, since, sex, serial):
    result = parse_identity("nip", raw, TODAY)
    assert (result.kind, result.errors, result.warnings) == (kind, (), ())
    assert result.facts == {"born": born, "since": since, "sex": sex, "serial": serial}


def test_nip_prints_in_groups():
    assert parse_identity(None, "1986.0926-2015051001", TODAY).printed == "19860926 201505 1 001"
    assert print_number("85061234") == "85061234"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("19860926201505100", "NIP/NI PPPK harus 18 angka."),
        ("1986092620150510011", "NIP/NI PPPK harus 18 angka."),
        ("19860926201505100A", "NIP/NI PPPK harus 18 angka."),
        ("١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", "NIP/NI PPPK harus 18 angka."),
        ("", "NIP/NI PPPK harus 18 angka."),
        (" . - ", "NIP/NI PPPK harus 18 angka."),
        ("19861326 201505 1 001", "8 angka pertama bukan tanggal lahir yang sah (TTTTBBHH)."),
        ("198602302015051001", "8 angka pertama bukan tanggal lahir yang sah (TTTTBBHH)."),
        ("198609262015053001", "Angka ke-15 harus 1 (pria) atau 2 (wanita)."),
        ("198609262015051000", "Nomor urut tidak boleh 000."),
        ("198609262015001001", "Angka ke-13-14 tidak sah (01-12 untuk PNS, 21 ke atas untuk PPPK)."),
        ("198609262015151001", "Angka ke-13-14 tidak sah (01-12 untuk PNS, 21 ke atas untuk PPPK)."),
        ("198609262015201001", "Angka ke-13-14 tidak sah (01-12 untuk PNS, 21 ke atas untuk PPPK)."),
        ("1.96805121990031E+17", CUT),
        ("1,96805E+17", CUT),
        (1.96805121990031e17, CUT),
        (198609262015051001, CUT),
    ],
)
def test_bad_nip_says_what_is_wrong(raw, message):
    assert parse_identity("nip", raw, TODAY).errors == (message,)


@pytest.mark.parametrize(
    ("raw", "warning"),
    [
        ("201009262015051001", "Jarak tahun lahir dan pengangkatan tidak wajar."),
        ("196401012025211001", "Jarak tahun lahir dan pengangkatan tidak wajar."),
        ("200501012027011001", "Tahun pengangkatan di masa depan."),
    ],
)
def test_doubtful_nip_only_warns(raw, warning):
    result = parse_identity("nip", raw, TODAY)
    assert (result.errors, result.warnings) == ((), (warning,))


@pytest.mark.parametrize(
    ("raw", "sex", "born"),
    [("3515144508680002", "P", date(1968, 8, 5)), ("3515140508680001", "L", date(1968, 8, 5))],
)
def test_good_nik_says_sex_and_district(raw, sex, born):
    result = parse_identity("nik", raw, TODAY, districts={"35.15.14"})
    assert (result.errors, result.warnings) == ((), ())
    assert result.facts == {"born": born, "sex": sex, "district": "35.15.14"}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("351514450868002", "NIK harus 16 angka."),
        ("", "NIK harus 16 angka."),
        ("3515144508680000", "Nomor urut tidak boleh 0000."),
        ("3515140008680002", "Angka 7-12 bukan tanggal lahir yang sah."),
        ("3515143208680002", "Angka 7-12 bukan tanggal lahir yang sah."),
        ("3515144008680002", "Angka 7-12 bukan tanggal lahir yang sah."),
        ("3515147208680002", "Angka 7-12 bukan tanggal lahir yang sah."),
        ("3515143102680002", "Angka 7-12 bukan tanggal lahir yang sah."),
    ],
)
def test_bad_nik_says_what_is_wrong(raw, message):
    assert parse_identity("nik", raw, TODAY).errors == (message,)


def test_nik_of_an_old_district_only_warns():
    result = parse_identity("nik", "9915144508680002", TODAY, districts={"35.15.14"})
    assert (result.errors, result.warnings) == ((), ("kode kecamatan lama/tidak dikenal",))


@pytest.mark.parametrize(
    ("kind", "raw", "fits"),
    [
        ("nrp_polri", "85061234", True),
        ("nrp_polri", "00010203", True),
        ("nrp_polri", "85131234", False),
        ("nrp_polri", "8506123", False),
        ("nrp_polri", "850612345", False),
        ("nrp_tni", "12345", True),
        ("nrp_tni", "21970012345", True),
        ("nrp_tni", "12345/P", True),
        ("nrp_tni", "12345/pp", True),
        ("nrp_tni", "1234", False),
        ("nrp_tni", "1234567890123456789", False),
        ("nrp_tni", "12345/PPPP", False),
    ],
)
def test_nrp_is_never_more_than_a_warning(kind, raw, fits):
    result = parse_identity(kind, raw, TODAY)
    assert (result.kind, result.errors, not result.warnings) == ("nrp", (), fits)


def test_local_number_is_free_text():
    result = parse_identity("local", " 140/023 /2019 ", TODAY)
    assert (result.kind, result.number, result.errors) == ("local", "140/023 /2019", ())


@pytest.mark.parametrize("kind", ["local", "nrp", "nrp_tni"])
def test_endless_number_is_refused(kind):
    assert parse_identity(kind, "1" * 61, TODAY).errors == ("Nomor paling panjang 60 karakter.",)


def test_nothing_typed_is_no_number():
    assert parse_identity(None, "", TODAY) == identity.IdentityResult()
    assert parse_identity(None, None, TODAY) == identity.IdentityResult()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [("198609262015051001", "nip"), ("3515144508680002", "nik"), ("85061234", "nrp"), ("ABC 12", "local")],
)
def test_kind_is_guessed_by_length(raw, kind):
    assert parse_identity(None, raw, TODAY).kind == kind


def test_unknown_kind_is_a_programmers_mistake():
    with pytest.raises(ValueError, match="unknown kind"):
        parse_identity("passport", "1", TODAY)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("198609262015051001", "1986************01"),
        ("3515144508680002", "3515**********02"),
        ("85061234", "******34"),
        ("12345/P", "***45/P"),
        ("21970012345", "*********45"),
        ("123456789012", "**********12"),
        ("12", "**"),
        ("", ""),
        ("140/023/2019", "**********19"),
    ],
)
def test_mask_leaves_little_to_guess(number, masked):
    assert mask(number) == masked


@pytest.mark.parametrize(
    ("category", "raw", "kind"),
    [
        ("asn", "1", "nip"),
        ("polri", "1", "nrp_polri"),
        ("tni", "1", "nrp_tni"),
        ("kepala_desa", "140/2", "local"),
        ("pejabat_daerah", "19860926 201505 1 001", "nip"),
    ],
)
def test_category_decides_which_rule_counts(category, raw, kind):
    assert identity_kind_for(category, raw) == kind


@pytest.mark.parametrize(
    ("number", "category"),
    [
        ("198609262015051001", "pns"),
        ("199312282025212001", "pppk"),
        ("198609262015151001", ""),
        ("85061234", ""),
    ],
)
def test_nip_tells_pns_from_pppk(number, category):
    assert category_from_nip(number) == category


def test_number_lines_below_a_signature():
    assert labelled_number("nip", "198609262015051001") == "NIP. 19860926 201505 1 001"
    assert labelled_number("nrp", "12345/P") == "NRP 12345/P"
    assert labelled_number("nip", "") == ""


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        (("Drs. H.", "Ahmad Fauzi", "M.Si."), "Drs. H. Ahmad Fauzi, M.Si."),
        (("", "Rozikin", "SE"), "Rozikin, SE"),
        (("", "Sugiarto", ""), "Sugiarto"),
        (("Drs.", "", ""), "Drs."),
        (("", "", "S.H."), ""),
        (("", "Ma'ruf", ""), "Ma'ruf"),
    ],
)
def test_titles_stand_around_the_name(parts, printed):
    assert printed_name(*parts) == printed


def test_military_names_are_signed_in_capitals():
    assert military_name("Lettu Arm", "", "Budi Santoso", "S.H.") == "LETTU ARM BUDI SANTOSO, S.H."


@pytest.mark.parametrize(
    ("raw", "number", "shown"),
    [
        ("0812-3456-7890", "+6281234567890", "081234567890"),
        ("+62 812 3456 7890", "+6281234567890", "081234567890"),
        ("+62 0812 3456 7890", "+6281234567890", "081234567890"),
        ("6281234567890", "+6281234567890", "081234567890"),
        ("81234567890", "+6281234567890", "081234567890"),
        ("(031) 7990 123", "+62317990123", "0317990123"),
        ("+60123456789", "+60123456789", "+60123456789"),
        ("", "", ""),
    ],
)
def test_phone_is_stored_with_country_and_shown_with_zero(raw, number, shown):
    assert normalise_phone(raw) == number
    assert shown_phone(number) == shown


@pytest.mark.parametrize(
    "raw", ["0812", "abc", "8.12346E+11", "123456789", "0812345678901234", "٠٨١٢٣٤٥٦٧٨٩٠"]
)
def test_bad_phone_names_an_example(raw):
    with pytest.raises(ValueError, match=r"Nomor HP tidak sah\. Contoh: 0812 3456 7890\."):
        normalise_phone(raw)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Ma’ruf", ""),
        ("Sri-Wahyuni bin Ali", ""),
        ("Siti (contoh)", ""),
        ("", ""),
        ("...", "Nama harus berisi huruf."),
        (
            "Budi 19860926 201505 1 001",
            "Nama memuat nomor panjang. Tulis nomor identitas pada kolomnya sendiri.",
        ),
    ],
)
def test_name_may_be_nearly_anything_but_a_number(name, problem):
    assert name_problem(name) == problem


def test_tidy_keeps_case_and_drops_what_nobody_sees():
    assert tidy("  Ma'ruf\u200b \u00a0 S.STP.\n") == "Ma'ruf S.STP."


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none()), st.sampled_from(sorted(identity.PARSERS)))
def test_parser_never_fails_and_never_shows_the_number(raw, kind):
    result = parse_identity(kind, raw, TODAY)
    assert len(result.masked) <= 24
    if len(result.number) > 2:
        assert result.masked != result.number or set(result.number[:-2]) <= {"*"}


@given(st.text())
def test_phone_is_normal_or_refused(raw):
    try:
        number = normalise_phone(raw)
    except ValueError:
        return
    assert normalise_phone(number) == number
