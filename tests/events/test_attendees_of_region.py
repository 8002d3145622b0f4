"""Who is expected, generated from the region: every post once, in the words of the place."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.refusals import Refusal
from events.attendees import change_attendee, generate_from_region, missing_posts, withdraw_attendee
from regions.models import RegionLabel
from tests.accounts.factories import (
    bakesbangpol_bojonegoro,
    bawaslu,
    bawaslu_gresik,
    organizer_of,
    panwaslu,
    region,
)

from .factories import AttendeeFactory, EventFactory, villages_of_cerme
from .traces import entries, errors

pytestmark = pytest.mark.django_db


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


def test_totals_compare_village_heads_with_the_region(staff, event):
    first, *_ = villages_of_cerme()
    AttendeeFactory(event=event, village=first)
    body = staff.get(event.get_absolute_url()).content.decode()
    assert "1 dari 3 desa" in body


def test_database_keeps_one_row_per_generated_post(event):
    AttendeeFactory(event=event, post_key="kades:35.25.11.2003")
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendeeFactory(event=event, post_key="kades:35.25.11.2003")
    AttendeeFactory(post_key="kades:35.25.11.2003")
