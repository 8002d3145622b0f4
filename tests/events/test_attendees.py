"""Who is expected: typed by hand, generated from the region, withdrawn and restored."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts import audit
from accounts.encryption import blind_index
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from events import attendees
from events.attendees import (
    add_attendee,
    add_attendees,
    change_attendee,
    generate_from_region,
    missing_posts,
    restore_attendee,
    withdraw_attendee,
)
from events.models import Attendee, Event
from regions.models import RegionLabel
from tests.accounts.factories import (
    bakesbangpol_bojonegoro,
    bawaslu,
    bawaslu_gresik,
    organizer_of,
    panwaslu,
    region,
)

from .factories import NIP_PNS, NIP_PPPK, AttendeeFactory, EventFactory, EventSiteFactory, villages_of_cerme

pytestmark = pytest.mark.django_db


@pytest.fixture
def add_url(event):
    return reverse("events:attendee_add", args=[event.code])


def errors(response):
    assert response.status_code == 200
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def newest(event):
    return event.attendees.latest("created_at")


def entries(event):
    return AuditEntry.objects.filter(stream_id=event.audit_stream)


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


def test_many_people_come_in_one_insert_or_not_at_all(event, organizer):
    rows = [{"full_name": f"Peserta {n}", "category": "asn"} for n in range(5)]
    added = add_attendees(event=event, rows=rows, by=organizer, source="import")
    assert (len(added), event.attendees.count()) == (5, 6)
    assert entries(event).get().facts == {"count": 5, "origin": "import"}
    with pytest.raises(Refusal):
        add_attendees(event=event, rows=[*rows, {"category": "asn"}], by=organizer, source="import")
    with pytest.raises(Refusal):
        add_attendees(
            event=event, rows=[{"full_name": "A", "category": "raja"}], by=organizer, source="import"
        )
    assert (event.attendees.count(), entries(event).count()) == (6, 1)


def test_bulk_insert_does_not_ask_per_row(event, organizer, django_assert_max_num_queries):
    rows = [{"full_name": f"Peserta {n}", "category": "asn"} for n in range(60)]
    with django_assert_max_num_queries(15):
        add_attendees(event=event, rows=rows, by=organizer, source="import")


def test_withdrawn_person_stays_as_a_row_and_comes_back(staff, event):
    attendee = AttendeeFactory(event=event)
    url = reverse("events:attendee_withdraw", args=[event.code, attendee.pk])
    assert staff.post(url, {"reason": "Pindah tugas"}).status_code == 302
    attendee.refresh_from_db()
    assert (attendee.is_withdrawn, event.attendees.expected().count()) == (True, 1)
    assert staff.post(url).status_code == 404
    assert staff.post(reverse("events:attendee_restore", args=[event.code, attendee.pk])).status_code == 302
    assert event.attendees.expected().count() == 2
    verbs = list(entries(event).values_list("verb", flat=True))
    assert verbs == ["attendee.withdrawn", "attendee.restored"]
    assert entries(event).first().facts == {"reason": "Pindah tugas"}


def test_withdrawing_twice_changes_nothing_the_second_time(event, organizer):
    attendee = AttendeeFactory(event=event)
    first = withdraw_attendee(attendee=attendee, by=organizer).withdrawn_at
    assert withdraw_attendee(attendee=attendee, by=organizer).withdrawn_at == first
    assert entries(event).count() == 1
    with pytest.raises(Refusal, match="Pulihkan dulu"):
        change_attendee(attendee=attendee, by=organizer, full_name="Lain")
    restore_attendee(attendee=attendee, by=organizer)
    assert restore_attendee(attendee=attendee, by=organizer).withdrawn_at is None
    assert entries(event).count() == 2


def test_rooms_above_may_keep_a_person_on_the_list(staff, event):
    def refuse(attendee, by):
        raise Refusal("Peserta ini sudah menandatangani.")

    attendees.before_withdraw.register(refuse)
    attendee = AttendeeFactory(event=event)
    response = staff.post(reverse("events:attendee_withdraw", args=[event.code, attendee.pk]))
    assert response.status_code == 409
    assert "Peserta ini sudah menandatangani." in response.content.decode()
    assert event.attendees.expected().count() == 2


def generated(event):
    return list(
        event.attendees.filter(source="region").in_order().values_list("category", "position", "agency")
    )


FORKOPIMCAM = {"camat", "kapolsek", "danramil"}


def test_forkopimcam_and_village_heads_of_cerme(event, organizer):
    villages_of_cerme()
    event.attendees.all().delete()
    generate_from_region(event=event, region=event.region, roles=[*FORKOPIMCAM, "kades"], by=organizer)
    assert generated(event) == [
        ("asn", "Camat Cerme", "Kecamatan Cerme"),
        ("polri", "Kapolsek Cerme", "Polsek Cerme"),
        ("tni", "Danramil Cerme", "Koramil Cerme"),
        ("kepala_desa", "Kepala Desa Dampaan", "Desa Dampaan"),
        ("kepala_desa", "Kepala Desa Dungus", "Desa Dungus"),
        ("kepala_desa", "Kepala Desa Iker-iker Geger", "Desa Iker-iker Geger"),
    ]
    villages = event.attendees.filter(category="kepala_desa").in_order()
    assert [row.village_id for row in villages] == ["35.25.11.2001", "35.25.11.2002", "35.25.11.2003"]
    assert {row.full_name for row in villages} == {""}
    entry = entries(event).get()
    assert (entry.verb, entry.facts["count"], entry.facts["region"]) == ("attendee.generated", 6, "35.25.11")


def test_running_it_twice_adds_nothing(event, organizer):
    villages_of_cerme()
    roles = [*FORKOPIMCAM, "kades", "pkd"]
    generate_from_region(event=event, region=event.region, roles=roles, by=organizer)
    before = event.attendees.count()
    assert generate_from_region(event=event, region=event.region, roles=roles, by=organizer) == []
    assert (event.attendees.count(), entries(event).count()) == (before, 1)


def test_posts_filled_by_hand_or_withdrawn_are_not_added_again(event, organizer):
    dampaan, dungus, iker = villages_of_cerme()
    # cerme_event() already has a "Camat" typed by hand.
    AttendeeFactory(event=event, village=dampaan, position="Pj. Kades Dampaan")
    generate_from_region(event=event, region=event.region, roles=["kades", "camat"], by=organizer)
    withdraw_attendee(attendee=event.attendees.get(village=dungus), by=organizer)
    change_attendee(attendee=event.attendees.get(village=iker), by=organizer, position="Plt. Kepala Desa")
    assert missing_posts(event, event.region, ["kades", "camat"]) == []
    assert event.attendees.count() == 4


def test_villages_of_the_same_name_are_different_posts(organizer):
    office = bawaslu_gresik()
    event = EventFactory(office=office)
    for code in ("35.25.10.2001", "35.25.11.2001"):
        village = region(code)
        village.name = "Sukorejo"
        village.save()
    for code in ("35.25.10", "35.25.11"):
        generate_from_region(event=event, region=region(code), roles=["kades"], by=organizer)
    assert [row[1] for row in generated(event)] == ["Kepala Desa Sukorejo"] * 2


def test_city_expects_camat_and_lurah_as_civil_servants():
    office = bawaslu("35.75")
    event = EventFactory(office=office)
    for code in ("35.75.01.1001", "35.75.01.1002", "35.75.02.1001"):
        region(code)
    by = organizer_of(office)
    generate_from_region(event=event, region=event.region, roles=["camat_se", "lurah", "kades"], by=by)
    assert [row[:2] for row in generated(event)] == [
        ("asn", "Camat Wilayah 35.75.01"),
        ("asn", "Camat Wilayah 35.75.02"),
        ("pns", "Lurah Wilayah 35.75.01.1001"),
        ("pns", "Lurah Wilayah 35.75.01.1002"),
        ("pns", "Lurah Wilayah 35.75.02.1001"),
    ]
    assert generated(event)[2][2] == "Kelurahan Wilayah 35.75.01.1001"


def test_kabupaten_expects_every_camat_and_every_village_head():
    office = bakesbangpol_bojonegoro()
    event = EventFactory(office=office)
    for code in ("35.22.01.2001", "35.22.02.2001", "35.22.02.1001"):
        region(code)
    by = organizer_of(office)
    generate_from_region(event=event, region=event.region, roles=["camat_se", "lurah", "kades"], by=by)
    assert [row[0] for row in generated(event)] == ["asn", "asn", "pns", "kepala_desa", "kepala_desa"]


def test_local_names_are_used():
    office = panwaslu("51.08.01")
    event = EventFactory(office=office)
    region("51.08.01.2001")
    RegionLabel.objects.create(region=region("51"), key="kepala_desa", label="Perbekel")
    generate_from_region(event=event, region=event.region, roles=["kades"], by=organizer_of(office))
    assert generated(event)[0][1] == "Perbekel Wilayah 51.08.01.2001"
    RegionLabel.objects.get().delete()


def test_supervisors_of_each_village(event, organizer):
    villages_of_cerme()
    generate_from_region(event=event, region=event.region, roles=["pkd"], by=organizer)
    assert generated(event)[0] == (
        "pengawas_pemilu",
        "Panwaslu Kelurahan/Desa Dampaan",
        "Panwaslu Kecamatan Cerme",
    )


def test_foreign_region_is_not_generated(event, organizer):
    with pytest.raises(Refusal, match="tidak termasuk"):
        generate_from_region(event=event, region=region("35.25.10"), roles=["kades"], by=organizer)
    with pytest.raises(ValueError, match="unknown roles"):
        generate_from_region(event=event, region=event.region, roles=["raja"], by=organizer)


def test_page_says_how_many_rows_it_would_add(staff, event):
    villages_of_cerme()
    url = reverse("events:generate", args=[event.code])
    response = staff.get(url)
    assert dict(response.context["preview"]) == {
        "Camat": 0,  # typed by hand already
        "Kapolsek": 1,
        "Danramil": 1,
        "Lurah tiap kelurahan": 0,
        "Kepala Desa tiap desa": 3,
    }
    assert "Tambahkan 5 peserta" in response.content.decode()
    assert event.attendees.count() == 1
    posted = {"region": "35.25.11", "roles": ["kapolsek", "danramil", "kades"]}
    assert staff.post(url, posted).status_code == 302
    assert event.attendees.count() == 6
    assert "Semua jabatan itu sudah ada di daftar" in staff.get(url).content.decode()
    assert staff.post(url, posted).status_code == 302
    assert event.attendees.count() == 6


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"region": "35.25.11"}, "roles"),
        ({"region": "35.25.11", "roles": ["raja"]}, "roles"),
        ({"region": "", "roles": ["kades"]}, "region"),
        ({"region": "35.25", "roles": ["kades"]}, "region"),
        ({}, "roles"),
    ],
)
def test_bad_wish_is_explained(staff, event, data, field):
    url = reverse("events:generate", args=[event.code])
    assert field in errors(staff.post(url, data))
    assert event.attendees.count() == 1


def test_list_is_searched_filtered_and_masked(staff, event, organizer):
    add_attendee(event=event, by=organizer, full_name="Ani", category="pns", identity_number=NIP_PNS)
    AttendeeFactory(event=event, full_name="", position="Kepala Desa Dungus")
    withdrawn = AttendeeFactory(event=event, full_name="Sudah Pindah")
    withdraw_attendee(attendee=withdrawn, by=organizer)
    url = reverse("events:attendees", args=[event.code])

    def names(**query):
        return {row.record.label for row in staff.get(url, query).context["table"].rows}

    everybody = {"Camat Contoh (contoh)", "Ani", "Kepala Desa Dungus"}
    assert names() == everybody
    assert names(q="dungus") == {"Kepala Desa Dungus"}
    assert names(unsur="asn") == {"Camat Contoh (contoh)", "Ani"}
    assert names(nama="belum") == {"Kepala Desa Dungus"}
    assert names(keluar="on") == {"Sudah Pindah"}
    assert names(unsur="raja") == everybody
    body = staff.get(url).content.decode()
    assert "1986************01" in body
    assert NIP_PNS not in body


def test_supervisor_sees_masks_and_no_actions(client, event, supervisor, organizer):
    add_attendee(event=event, by=organizer, full_name="Ani", category="pns", identity_number=NIP_PNS)
    client.force_login(supervisor)
    body = client.get(reverse("events:attendees", args=[event.code])).content.decode()
    assert "1986************01" in body
    assert ("Keluarkan" in body, NIP_PNS in body) == (False, False)


@pytest.mark.parametrize(
    "query", ["sort=-full_name", "sort=identity_number", "page=77", "q=%00", "sort=village"]
)
def test_list_answers_any_address(staff, event, query):
    assert staff.get(reverse("events:attendees", args=[event.code]) + f"?{query}").status_code == 200


def test_totals_compare_village_heads_with_the_region(staff, event):
    first, *_ = villages_of_cerme()
    AttendeeFactory(event=event, village=first)
    body = staff.get(event.get_absolute_url()).content.decode()
    assert "1 dari 3 desa" in body


def test_no_audit_entry_no_attendee(event, organizer, monkeypatch):
    villages_of_cerme()
    attendee = AttendeeFactory(event=event, full_name="Semula")
    monkeypatch.setattr(audit, "record", lambda *args, **kwargs: 1 / 0)
    for deed in (
        lambda: add_attendee(event=event, by=organizer, full_name="Hilang"),
        lambda: add_attendees(event=event, by=organizer, rows=[{"full_name": "Hilang"}], source="import"),
        lambda: change_attendee(attendee=attendee, by=organizer, full_name="Hilang"),
        lambda: withdraw_attendee(attendee=attendee, by=organizer),
        lambda: generate_from_region(event=event, region=event.region, roles=["kades"], by=organizer),
    ):
        with pytest.raises(ZeroDivisionError):
            deed()
    kept = Attendee.objects.get(pk=attendee.pk)
    assert (event.attendees.count(), kept.full_name, kept.withdrawn_at) == (2, "Semula", None)


def test_deeds_refuse_when_the_event_is_over(event, organizer):
    attendee = AttendeeFactory(event=event)
    Event.objects.update(state="closed")
    for deed in (
        lambda: add_attendee(event=event, by=organizer, full_name="Ani"),
        lambda: change_attendee(attendee=attendee, by=organizer, full_name="Ani"),
        lambda: withdraw_attendee(attendee=attendee, by=organizer),
        lambda: generate_from_region(event=event, region=event.region, roles=["kades"], by=organizer),
    ):
        with pytest.raises(Refusal, match="sudah selesai"):
            deed()


def test_database_keeps_one_row_per_generated_post(event):
    AttendeeFactory(event=event, post_key="kades:35.25.11.2003")
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendeeFactory(event=event, post_key="kades:35.25.11.2003")
    AttendeeFactory(post_key="kades:35.25.11.2003")


def test_database_wants_a_name_or_a_post(event):
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendeeFactory(event=event, full_name="", position="")
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendeeFactory(event=event, category="raja")
