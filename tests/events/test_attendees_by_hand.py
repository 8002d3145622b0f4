"""Who is expected, typed by hand: what is asked, warned about and refused, and what a change keeps."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts import audit
from accounts.encryption import blind_index
from accounts.refusals import Refusal
from events import attendees
from events.attendees import add_attendee, change_attendee
from tests.accounts.factories import region

from .factories import NIP_PNS, NIP_PPPK, EventSiteFactory, villages_of_cerme
from .traces import entries, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def add_url(event):
    return reverse("events:attendee_add", args=[event.code])


def newest(event):
    return event.attendees.latest("created_at")


KADES = {
    "full_name": "Ma'ruf",
    "category": "kepala_desa",
    "position": "Kepala Desa Dampaan",
    "presence": "onsite",
}


def test_page_adds_a_village_head_without_any_number(staff, event, add_url):
    village, *_ = villages_of_cerme()
    assert staff.post(add_url, {**KADES, "village": village.pk}).status_code == 302
    attendee = newest(event)
    assert (attendee.full_name, attendee.village, attendee.identity_number) == ("Ma'ruf", village, "")
    assert (attendee.precedence, attendee.source, attendee.group) == (3000, "manual", "kepala_desa")
    assert entries(event).get().verb == "attendee.added"


def test_number_is_encrypted_masked_and_found_again(staff, event, add_url):
    data = {**KADES, "category": "asn", "identity_number": "19860926 201505 1 001", "phone": "0812-3456-7890"}
    assert staff.post(add_url, data).status_code == 302
    attendee = newest(event)
    assert (attendee.category, attendee.identity_kind) == ("pns", "nip")
    assert (attendee.identity_number, attendee.identity_masked) == (NIP_PNS, "1986************01")
    assert attendee.identity_index == blind_index(NIP_PNS, attendees.IDENTITY_CONTEXT)
    assert (attendee.phone, attendee.shown_phone) == ("+6281234567890", "081234567890")
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number, phone FROM events_attendee WHERE full_name = %s", ["Ma'ruf"])
        assert all(NIP_PNS not in value and "812" not in value[:6] for value in cursor.fetchone())
    stored = [str(entry.facts) + entry.object_label for entry in entries(event)]
    assert all(NIP_PNS not in text and "81234567890" not in text for text in stored)


@pytest.mark.parametrize(("number", "category"), [(NIP_PNS, "pns"), (NIP_PPPK, "pppk"), ("", "asn")])
def test_asn_becomes_what_the_number_says(event, organizer, number, category):
    attendee = add_attendee(
        event=event, by=organizer, full_name="Budi", category="asn", identity_number=number
    )
    assert attendee.category == category


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"full_name": "", "position": ""}, "full_name", "Isi nama atau jabatan."),
        ({"full_name": " \u200b ", "position": " "}, "full_name", "Isi nama atau jabatan."),
        ({"full_name": "..."}, "full_name", "Nama harus berisi huruf."),
        ({"full_name": f"Budi {NIP_PNS}"}, "full_name", None),
        ({"full_name": "a" * 121}, "full_name", None),
        ({"agency": "a\x00"}, "agency", None),
        ({"category": "raja"}, "category", None),
        (
            {"category": "pns", "identity_number": "12345"},
            "identity_number",
            "NIP/NI PPPK harus 18 angka.",
        ),
        (
            {"category": "pns", "identity_number": "198602302015051001"},
            "identity_number",
            "8 angka pertama bukan tanggal lahir yang sah (TTTTBBHH).",
        ),
        ({"identity_number": "1.96805E+17"}, "identity_number", None),
        (
            {"identity_number": "3515144508680002"},
            "identity_number",
            "Nomor ini berbentuk NIK. NIK tidak diminta; kosongkan kolom ini.",
        ),
        ({"phone": "nanti"}, "phone", "Nomor HP tidak sah. Contoh: 0812 3456 7890."),
        ({"email": "bukan surel"}, "email", None),
        ({"village": "35.25.11.9999"}, "village", "Kode wilayah 35.25.11.9999 tidak dikenal."),
        ({"village": "35.25.11"}, "village", None),
        ({"precedence": "-1"}, "precedence", None),
        ({"precedence": "99999999999999999999"}, "precedence", None),
        ({"presence": "mimpi"}, "presence", None),
    ],
)
def test_bad_data_says_what_is_wrong_and_stores_nothing(staff, event, add_url, change, field, message):
    found = errors(staff.post(add_url, {**KADES, **change}))
    assert set(found) == {field}
    if message:
        assert found[field] == [message]
    assert event.attendees.count() == 1


def test_village_of_another_kecamatan_is_refused_with_both_names(staff, event, add_url):
    other = region("35.14.01.2001")
    found = errors(staff.post(add_url, {**KADES, "village": other.pk}))
    assert found["village"] == [
        "Desa Wilayah 35.14.01.2001, Kecamatan Purwodadi, Kabupaten Pasuruan "
        "tidak termasuk Kecamatan Cerme, Kabupaten Gresik."
    ]
    with pytest.raises(Refusal, match="tidak termasuk Kecamatan Cerme, Kabupaten Gresik"):
        add_attendee(event=event, by=audit.SYSTEM, full_name="Budi", village=other)


def test_same_number_twice_is_a_warning_that_can_be_ticked_away(staff, event, add_url, organizer):
    add_attendee(event=event, by=organizer, full_name="Ani", category="pns", identity_number=NIP_PNS)
    data = {**KADES, "category": "pns", "identity_number": NIP_PNS}
    response = staff.post(add_url, data)
    assert set(errors(response)) == {"accept_warnings"}
    body = response.content.decode()
    assert "Nomor yang sama sudah dipakai oleh Ani (1986************01)." in body
    assert staff.post(add_url, {**data, "accept_warnings": "on"}).status_code == 302
    assert event.attendees.filter(category="pns").count() == 2


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        ({"category": "polri", "identity_number": "8506123"}, "NRP Polri biasanya 8 angka"),
        ({"category": "tni", "identity_number": "12"}, "NRP TNI biasanya 5 sampai 18 angka"),
        ({"category": "pns", "identity_number": "201009262015051001"}, "Jarak tahun lahir"),
        ({"category": "pns", "identity_number": NIP_PPPK}, "Nomor ini milik PPPK"),
        ({"category": "organisasi", "identity_number": NIP_PNS}, "berbentuk NIP/NI PPPK"),
    ],
)
def test_odd_numbers_only_warn(staff, event, add_url, data, warning):
    response = staff.post(add_url, {**KADES, **data})
    assert set(errors(response)) == {"accept_warnings"}
    assert warning in response.content.decode()
    assert staff.post(add_url, {**KADES, **data, "accept_warnings": "on"}).status_code == 302


def test_same_name_in_the_same_post_warns(staff, event, add_url):
    staff.post(add_url, KADES)
    response = staff.post(add_url, {**KADES, "full_name": "MA'RUF"})
    assert "dengan jabatan yang sama sudah ada di daftar" in response.content.decode()
    assert event.attendees.count() == 2


def test_add_another_returns_to_an_empty_form(staff, event, add_url):
    assert staff.post(add_url, {**KADES, "lagi": "1"}).url == add_url


def test_page_leaves_the_order_to_the_category(staff, add_url):
    assert staff.get(add_url).context["form"]["precedence"].value() is None


def test_page_carries_the_privacy_notice(staff, add_url):
    body = staff.get(add_url).content.decode()
    assert "Pemberitahuan privasi" in body
    assert "Pasal 20 ayat (2)" in body


def test_edit_page_never_shows_the_whole_number(staff, event, organizer):
    attendee = add_attendee(
        event=event, by=organizer, full_name="Ani", category="pns", identity_number=NIP_PNS
    )
    for name in ("attendee_edit", "attendee_withdraw"):
        body = staff.get(reverse(f"events:{name}", args=[event.code, attendee.pk])).content.decode()
        assert NIP_PNS not in body.replace(" ", "")
    assert "Tersimpan: 1986************01" in (
        staff.get(reverse("events:attendee_edit", args=[event.code, attendee.pk])).content.decode()
    )


def edit(staff, event, attendee, **data):
    url = reverse("events:attendee_edit", args=[event.code, attendee.pk])
    return staff.post(url, {"full_name": "Ani", "category": "pns", "presence": "onsite", **data})


def test_empty_number_field_keeps_the_number(staff, event, organizer):
    attendee = add_attendee(
        event=event,
        by=organizer,
        full_name="Ani",
        category="pns",
        identity_number=NIP_PNS,
        phone="0812345678",
    )
    assert edit(staff, event, attendee, position="Camat", phone="0812345678").status_code == 302
    attendee.refresh_from_db()
    assert (attendee.identity_number, attendee.position) == (NIP_PNS, "Camat")
    assert entries(event).last().facts == {"changes": {"position": ["", "Camat"]}}


def test_number_and_phone_are_changed_without_a_word_about_them(staff, event, organizer):
    attendee = add_attendee(
        event=event, by=organizer, full_name="Ani", category="pns", identity_number=NIP_PNS
    )
    data = {"identity_number": "19680411 199303 1 009", "phone": "0812 0000 0000"}
    assert edit(staff, event, attendee, **data).status_code == 302
    attendee.refresh_from_db()
    assert attendee.identity_masked == "1968************09"
    facts = entries(event).last().facts
    assert facts == {"changed_private": ["identity_number", "phone"]}


def test_number_is_removed_by_a_tick(staff, event, organizer):
    attendee = add_attendee(
        event=event, by=organizer, full_name="Ani", category="pns", identity_number=NIP_PNS
    )
    assert edit(staff, event, attendee, remove_number="on").status_code == 302
    attendee.refresh_from_db()
    assert (attendee.identity_number, attendee.identity_index, attendee.identity_masked) == ("", "", "")
    assert attendee.identity_kind == ""


def test_saving_the_same_again_leaves_no_trace(event, organizer):
    attendee = add_attendee(event=event, by=organizer, full_name="Ani", identity_number=NIP_PNS)
    change_attendee(attendee=attendee, by=organizer, full_name=" Ani ", identity_number=NIP_PNS)
    assert entries(event).count() == 1


def test_site_of_another_event_is_refused(event, organizer):
    with pytest.raises(Refusal, match="bukan dari kegiatan yang sama"):
        add_attendee(event=event, by=organizer, full_name="Ani", site=EventSiteFactory())


def test_unknown_field_is_a_programmers_mistake(event, organizer):
    with pytest.raises(ValueError, match="no field source_file"):
        add_attendee(event=event, by=organizer, full_name="Ani", source_file="x")
