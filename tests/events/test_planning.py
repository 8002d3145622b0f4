"""Plan an event: the pages create and edit, and the deeds behind them."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from accounts.roles import Role
from events.models import Election, Event
from events.planning import add_election, assign_operators, change_event, create_event
from tests.accounts.factories import (
    MembershipFactory,
    bawaslu_parepare,
    member,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    region,
)

from .factories import AttendeeFactory, ElectionFactory, EventFactory, cerme_event

pytestmark = pytest.mark.django_db

CREATE = "/kegiatan/baru/"


@pytest.fixture
def plan(organizer):
    return {
        "title": "Sosialisasi Netralitas",
        "elections": [ElectionFactory().pk],
        "region": "35.25.11",
        "date": "2024-10-02",
        "start_time": "08:00",
        "end_time": "11.30",
        "time_zone": "",
        "mode": "onsite",
        "venue": "Pendopo Kecamatan Cerme",
    }


def created(response):
    assert response.status_code == 302, response.context["form"].errors
    return Event.objects.latest("created_at")


def errors(response):
    assert response.status_code == 200
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def test_page_creates_a_draft_of_the_own_office(staff, event, organizer, plan):
    new = created(staff.post(CREATE, plan))
    assert (new.state, new.office, new.region_id, new.created_by) == (
        "draft",
        event.office,
        "35.25.11",
        organizer,
    )
    assert new.starts_at == datetime(2024, 10, 2, 1, 0, tzinfo=UTC)
    assert new.ends_at == datetime(2024, 10, 2, 4, 30, tzinfo=UTC)
    assert (new.time_zone, new.elections.get().name) == ("Asia/Jakarta", "Pemilihan Serentak Tahun 2024")
    entry = AuditEntry.objects.get(stream_id=new.audit_stream)
    assert (entry.verb, entry.actor_id) == ("event.created", str(organizer.pk))


def test_title_and_region_are_enough(staff, event):
    new = created(
        staff.post(CREATE, {"title": "Rapat", "region": "Cerme, Kabupaten Gresik", "mode": "onsite"})
    )
    assert (new.starts_at, new.region_id, new.elections.count()) == (None, "35.25.11", 0)


def test_zone_follows_the_region(client, plan):
    client.force_login(organizer_of(bawaslu_parepare()))
    new = created(client.post(CREATE, {**plan, "region": "73.72"}))
    assert (new.time_zone, new.starts_at) == ("Asia/Makassar", datetime(2024, 10, 2, 0, 0, tzinfo=UTC))
    body = client.get(new.get_absolute_url()).content.decode()
    assert "Rabu, 2 Oktober 2024, pukul 08.00 WITA" in body


def test_signing_window_is_meant_in_the_zone_of_the_event(staff, plan):
    window = {"signing_opens_at": "2024-10-02T09:00", "signing_closes_at": "2024-10-05T16:00"}
    new = created(staff.post(CREATE, {**plan, **window, "time_zone": "Asia/Jayapura"}))
    assert new.signing_opens_at == datetime(2024, 10, 2, 0, 0, tzinfo=UTC)
    assert new.signing_closes_at == datetime(2024, 10, 5, 7, 0, tzinfo=UTC)
    page = staff.get(reverse("events:edit", args=[new.code])).content.decode()
    assert 'value="2024-10-02T09:00"' in page
    assert 'value="08:00"' in page


def test_event_may_last_several_days(staff, plan):
    new = created(staff.post(CREATE, {**plan, "end_date": "2024-10-03", "end_time": "07:00"}))
    assert new.ends_at == datetime(2024, 10, 3, 0, 0, tzinfo=UTC)
    page = staff.get(reverse("events:edit", args=[new.code])).content.decode()
    assert 'value="2024-10-03"' in page


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"title": ""}, "title", "Bidang ini tidak boleh kosong."),
        ({"title": " \u200b "}, "title", "Bidang ini tidak boleh kosong."),
        ({"region": ""}, "region", "Wilayah belum diisi."),
        ({"region": "99.99"}, "region", "Kode wilayah 99.99 tidak dikenal."),
        ({"end_time": "08:00"}, "end_time", "Waktu selesai harus setelah waktu mulai."),
        ({"end_time": "07:59"}, "end_time", "Waktu selesai harus setelah waktu mulai."),
        ({"end_date": "2024-10-01"}, "end_time", "Waktu selesai harus setelah waktu mulai."),
        ({"start_time": ""}, "start_time", "Isi jam mulai, atau kosongkan tanggalnya."),
        ({"date": ""}, "date", "Isi tanggal, atau kosongkan jamnya."),
        ({"date": "0001-01-01"}, "date", "Tahun harus antara 2000 dan 2100."),
        ({"date": "9999-12-31"}, "date", "Tahun harus antara 2000 dan 2100."),
        ({"date": "kemarin"}, "date", "Masukkan tanggal yang valid."),
        ({"start_time": "25:00"}, "start_time", "Masukkan waktu yang valid."),
        ({"end_date": "2024-10-03", "end_time": ""}, "end_time", None),
        ({"signing_opens_at": "0001-01-01T00:00"}, "signing_opens_at", "Tahun harus antara 2000 dan 2100."),
        (
            {"signing_opens_at": "2024-10-02T09:00", "signing_closes_at": "2024-10-02T08:00"},
            "signing_closes_at",
            "Penandatanganan harus ditutup setelah dibuka.",
        ),
        ({"time_zone": "Europe/Berlin"}, "time_zone", None),
        ({"mode": "hologram"}, "mode", None),
        ({"meeting_link": "javascript:alert(1)"}, "meeting_link", None),
        ({"meeting_link": "ftp://contoh.id/x"}, "meeting_link", None),
        ({"elections": ["0"]}, "elections", None),
        ({"elections": ["x"]}, "elections", None),
        ({"notes": "a\x00b"}, "notes", None),
        ({"title": "a" * 301}, "title", None),
        ({"new_election_name": "Pemilu 2029"}, "new_election_kind", None),
        ({"new_election_date": "0999-01-01"}, "new_election_date", "Tahun harus antara 2000 dan 2100."),
    ],
)
def test_bad_plan_says_what_is_wrong_and_stores_nothing(staff, event, plan, change, field, message):
    found = errors(staff.post(CREATE, {**plan, **change}))
    assert field in found
    if message:
        assert found[field] == [message]
    assert list(Event.objects.all()) == [event]


def test_empty_post_is_a_form_with_errors(staff):
    assert set(errors(staff.post(CREATE))) == {"title", "region", "mode"}


def test_region_of_another_office_is_refused_by_name(staff, plan):
    region("35.14.01")
    found = errors(staff.post(CREATE, {**plan, "region": "35.14.01"}))
    assert found["region"] == [
        "Kecamatan Purwodadi, Kabupaten Pasuruan tidak termasuk Kecamatan Cerme, Kabupaten Gresik."
    ]


def test_organizer_of_two_offices_chooses_one(client, organizer, event, plan):
    benjeng = panwaslu_benjeng()
    MembershipFactory(user=organizer, office=benjeng)
    client.force_login(organizer)
    assert "office" in errors(client.post(CREATE, plan))
    refused = errors(client.post(CREATE, {**plan, "office": benjeng.pk}))
    assert refused["__all__"] == [
        "Kecamatan Cerme, Kabupaten Gresik berada di luar wilayah kerja Panwaslu Kecamatan Benjeng "
        "(Kecamatan Benjeng, Kabupaten Gresik)."
    ]
    new = created(client.post(CREATE, {**plan, "office": benjeng.pk, "region": "35.25.10"}))
    assert new.office == benjeng


def test_foreign_office_cannot_be_chosen(client, organizer, event, plan, stranger):
    MembershipFactory(user=organizer, office=panwaslu_benjeng())
    client.force_login(organizer)
    foreign = stranger.memberships.get().office
    assert "office" in errors(client.post(CREATE, {**plan, "office": foreign.pk}))


def test_quick_election_is_created_and_chosen(staff, plan):
    extra = {
        "new_election_kind": "pemilu",
        "new_election_name": "Pemilu 2029",
        "new_election_date": "2029-02-14",
    }
    new = created(staff.post(CREATE, {**plan, **extra}))
    assert sorted(map(str, new.elections.all())) == ["Pemilihan Serentak Tahun 2024", "Pemilu 2029"]
    again = created(staff.post(CREATE, {**plan, **extra, "title": "Kedua"}))
    assert again.elections.count() == 2
    assert Election.objects.count() == 2


def test_election_page_adds_one_for_everybody(staff):
    url = reverse("events:election_add")
    data = {"kind": "pemilu", "name": "Pemilu 2029", "voting_date": "2029-02-14"}
    assert staff.post(url, data).status_code == 302
    assert AuditEntry.objects.get(stream_id="elections").verb == "election.added"
    assert staff.post(url, data).context["form"].non_field_errors() == [
        "Pemilu atau Pemilihan ini sudah ada. Pilih dari daftar."
    ]
    assert set(errors(staff.post(url, {}))) == {"kind", "name", "voting_date"}


def test_same_election_is_returned_not_doubled(organizer):
    facts = {"kind": "pemilu", "name": "Pemilu 2029", "voting_date": date(2029, 2, 14), "by": organizer}
    assert add_election(**facts) == add_election(**facts)


def test_edit_page_writes_before_and_after(staff, event, organizer):
    page = staff.get(reverse("events:edit", args=[event.code]))
    data = {name: page.context["form"][name].value() for name in ("title", "mode", "venue")}
    data |= {"region": "35.25.11", "date": "2024-10-02", "start_time": "08:30", "end_time": "12:00"}
    data |= {"elections": [event.elections.get().pk]}
    assert staff.post(reverse("events:edit", args=[event.code]), data).status_code == 302
    entry = AuditEntry.objects.get(stream_id=event.audit_stream)
    assert (entry.verb, entry.facts) == (
        "event.changed",
        {"changes": {"starts_at": ["2024-10-02T01:00:00.000Z", "2024-10-02T01:30:00.000Z"]}},
    )


def test_saving_without_a_change_leaves_no_trace(event, organizer):
    change_event(event=event, by=organizer, title=event.title, elections=list(event.elections.all()))
    assert AuditEntry.objects.filter(stream_id=event.audit_stream).count() == 0


def test_change_of_elections_is_written_by_name(event, organizer):
    change_event(event=event, by=organizer, elections=[])
    entry = AuditEntry.objects.get(stream_id=event.audit_stream)
    assert entry.facts == {"changes": {"elections": [["Pemilihan Serentak Tahun 2024"], []]}}


def test_scheduled_event_keeps_its_hour(staff, event):
    Event.objects.update(state="scheduled")
    data = {"title": event.title, "region": "35.25.11", "mode": "onsite"}
    found = errors(staff.post(reverse("events:edit", args=[event.code]), data))
    assert found["date"] == ["Kegiatan yang sudah dijadwalkan harus memiliki tanggal dan jam."]


def test_region_with_attendees_from_elsewhere_is_refused(client):
    office = bawaslu_parepare()
    event = EventFactory(office=office, region=office.region)
    AttendeeFactory(event=event, village=region("73.72.01.1001"))
    with pytest.raises(Refusal, match="1 peserta berasal dari desa atau kelurahan di luar"):
        change_event(event=event, by=organizer_of(office), region=region("73.72.02"))


def test_deeds_refuse_what_is_over(event, organizer):
    Event.objects.update(state="closed")
    with pytest.raises(Refusal, match="Buka kembali kegiatan"):
        change_event(event=event, by=organizer, title="Lain")
    assert Event.objects.get().title != "Lain"


def test_deeds_refuse_bad_data_in_one_list(event, organizer):
    with pytest.raises(Refusal) as refusal:
        create_event(office=event.office, by=organizer, region=event.region, title="  ")
    assert (refusal.value.message, refusal.value.issues) == (
        "Data belum benar.",
        ["nama kegiatan: Field ini tidak boleh kosong."],
    )
    with pytest.raises(ValueError, match="no field state"):
        create_event(office=event.office, by=organizer, region=event.region, title="A", state="closed")


def test_system_may_plan_too(event):
    new = create_event(office=event.office, by=audit.SYSTEM, region=event.region, title="Contoh")
    assert (new.created_by, new.time_zone) == (None, "Asia/Jakarta")


def test_no_audit_entry_no_event(event, organizer, monkeypatch):
    monkeypatch.setattr(audit, "record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        create_event(office=event.office, by=organizer, region=event.region, title="Hilang")
    with pytest.raises(ZeroDivisionError):
        change_event(event=event, by=organizer, title="Hilang", elections=[])
    assert [(found.title, found.elections.count()) for found in Event.objects.all()] == [
        (Event.objects.get().title, 1)
    ]
    assert not Event.objects.filter(title="Hilang").exists()


def test_operators_are_chosen_from_the_own_office(staff, event, operator, stranger):
    url = reverse("events:operators", args=[event.code])
    assert staff.post(url, {"operators": [operator.pk]}).status_code == 302
    assert list(event.operators.all()) == [operator]
    assert operator.full_name in staff.get(reverse("events:people", args=[event.code])).content.decode()
    assert "operators" in errors(staff.post(url, {"operators": [stranger.pk]}))
    with pytest.raises(Refusal, match="akun operator"):
        assign_operators(event=event, operators=[stranger], by=operator)
    assert staff.post(url, {}).status_code == 302
    assert event.operators.count() == 0
    verbs = AuditEntry.objects.filter(stream_id=event.audit_stream).values_list("verb", flat=True)
    assert list(verbs) == ["event.operators_assigned"] * 2


def test_list_filters_from_the_address_bar(staff, event):
    other = EventFactory(title="Bimtek PKD", starts_at=None, ends_at=None, state="cancelled")
    url = reverse("events:events")

    def titles(**query):
        return {row.record for row in staff.get(url, query).context["table"].rows}

    assert titles() == {event, other}
    assert titles(q="bimtek") == {other}
    assert titles(q=event.code.lower()) == {event}
    assert titles(status="draft") == {event}
    assert titles(dari="2024-10-02", sampai="2024-10-02") == {event}
    assert titles(dari="2024-10-03") == set()
    assert titles(kantor=str(event.office.pk)) == {event, other}


def test_days_of_the_list_are_those_of_each_place(staff, event):
    """00.30 WIT of 3 October is 22.30 WIB of the 2nd; what goes on till the 3rd is found on the 3rd."""
    early = EventFactory(
        title="Subuh",
        time_zone="Asia/Jayapura",
        starts_at=datetime(2024, 10, 2, 15, 30, tzinfo=UTC),
        ends_at=None,
    )
    long = EventFactory(
        title="Bimtek dua hari",
        starts_at=datetime(2024, 10, 2, 2, tzinfo=UTC),
        ends_at=datetime(2024, 10, 3, 8, tzinfo=UTC),
    )

    def found(**query):
        return {row.record for row in staff.get(reverse("events:events"), query).context["table"].rows}

    assert found(dari="2024-10-02", sampai="2024-10-02") == {event, long}
    assert found(dari="2024-10-03", sampai="2024-10-03") == {early, long}
    assert found(dari="0001-01-01", sampai="9999-12-31") == {event, early, long}
    assert found(dari="9999-12-31") == found(sampai="0001-01-01") == set()


@pytest.mark.parametrize(
    "query",
    [
        "status=mimpi",
        "dari=kapan",
        "kantor=999999",
        "kantor=x",
        "q=%00",
        "q=" + "a" * 300,
        "sort=password",
        "page=999",
        "page=x",
        "sort=-starts_at,office",
    ],
)
def test_nonsense_in_the_address_bar_is_answered_calmly(staff, event, query):
    assert staff.get(f"/kegiatan/?{query}").status_code == 200


def test_office_filter_offers_visible_offices_only(client, event, supervisor, stranger):
    cerme_event(office=panwaslu_benjeng())
    EventFactory(office=stranger.memberships.get().office)
    client.force_login(supervisor)
    form = client.get(reverse("events:events")).context["filter"].form
    assert [label for _, label in form.fields["kantor"].choices] == [
        "Semua kantor",
        "Panwaslu Kecamatan Benjeng",
        "Panwaslu Kecamatan Cerme",
    ]


def test_empty_list_says_what_to_do(client, supervisor):
    client.force_login(organizer_of(panwaslu_cerme()))
    assert "Buat kegiatan pertama" in client.get("/kegiatan/").content.decode()
    client.force_login(supervisor)
    assert "muncul di sini setelah dibuat" in client.get("/kegiatan/").content.decode()


def test_event_page_shows_next_step_and_what_is_missing(staff, event):
    event.elections.clear()
    body = staff.get(event.get_absolute_url()).content.decode()
    assert "Langkah berikutnya: jadwalkan kegiatan" in body
    assert "Pemilu atau Pemilihan belum dipilih." in body
    assert reverse("events:edit", args=[event.code]) in body


def test_button_without_the_right_says_why(client, event, supervisor):
    client.force_login(supervisor)
    body = client.get(event.get_absolute_url()).content.decode()
    assert "tidak mencakup hak merencanakan kegiatan" in body
    assert reverse("events:schedule", args=[event.code]) not in body


def test_step_page_shows_warnings_and_wants_a_tick(staff, event):
    AttendeeFactory(event=event, category="")
    url = reverse("events:schedule", args=[event.code])
    assert "1 peserta belum memiliki unsur." in staff.get(url).content.decode()
    refused = staff.post(url)
    assert refused.status_code == 409
    assert refused.context["form"].errors["accept_warnings"] == ["Centang pernyataan ini untuk melanjutkan."]
    assert staff.post(url, {"accept_warnings": "on"}).status_code == 302
    event.refresh_from_db()
    assert event.state == "scheduled"


def test_blocked_step_shows_the_list_again(staff, event):
    event.elections.clear()
    response = staff.post(reverse("events:schedule", args=[event.code]))
    assert response.status_code == 409
    assert "Kegiatan belum siap dijadwalkan." in response.content.decode()


def test_step_of_another_state_is_refused_with_a_sentence(staff, event):
    response = staff.get(reverse("events:close", args=[event.code]))
    assert response.status_code == 409
    assert "Hanya kegiatan berstatus Berlangsung yang dapat ditutup." in response.content.decode()


@pytest.mark.parametrize(("name", "state"), [("cancel", "scheduled"), ("reopen", "closed")])
def test_step_backwards_wants_a_reason(staff, event, name, state):
    Event.objects.update(state=state)
    url = reverse(f"events:{name}", args=[event.code])
    refused = staff.post(url, {"reason": " "})
    assert refused.context["form"].errors["reason"] == ["Alasan wajib diisi."]
    assert staff.post(url, {"reason": "Pendopo dipakai"}).status_code == 302


def test_start_page_points_to_another_day(staff, event):
    Event.objects.update(state="scheduled")
    body = staff.get(reverse("events:start", args=[event.code])).content.decode()
    assert "Kegiatan ini dijadwalkan Rabu, 2 Oktober 2024" in body


def test_log_tells_the_story_in_words(staff, event, organizer):
    change_event(event=event, by=organizer, venue="Balai Desa")
    body = staff.get(reverse("events:log", args=[event.code])).content.decode()
    assert "mengubah kegiatan" in body
    assert "tempat: dari “Pendopo Kecamatan Cerme” menjadi “Balai Desa”" in body


def test_log_is_for_those_who_may_read_it(client, event, operator):
    client.force_login(operator)
    assert client.get(reverse("events:log", args=[event.code])).status_code == 403


def test_administrator_is_told_that_planning_is_not_theirs(client, event):
    client.force_login(member(event.office, Role.ADMINISTRATOR))
    assert client.get(CREATE).status_code == 403
    assert client.get(event.get_absolute_url()).status_code == 403


def test_admin_pages_open(client, event, organizer):
    organizer.is_staff = organizer.is_superuser = True
    organizer.save()
    client.force_login(organizer)
    for url in (
        reverse("admin:events_event_changelist"),
        reverse("admin:events_event_change", args=[event.pk]),
        reverse("admin:events_election_add"),
    ):
        assert client.get(url).status_code == 200
    election = event.elections.get()
    data = {"kind": election.kind, "name": "Pilkada 2024", "voting_date": "2024-11-27", "contests": "[]"}
    url = reverse("admin:events_election_change", args=[election.pk])
    assert client.post(url, data).status_code == 302
    entry = AuditEntry.objects.get(stream_id="elections")
    assert (entry.verb, entry.facts) == ("election.changed", {"fields": ["contests", "name"]})


def test_a_number_longer_than_any_key_is_a_wrong_choice(staff, event, plan):
    for page in (CREATE, f"/kegiatan/{event.code}/ubah/"):
        found = errors(staff.post(page, {**plan, "elections": ["9" * 26]}))
        assert "bukan salah satu dari pilihan" in found["elections"][0]
    page = f"/kegiatan/{event.code}/petugas/akun/"
    assert "operators" in errors(staff.post(page, {"operators": ["9" * 26]}))


def test_an_empty_form_of_a_known_event_comes_back_with_its_errors(staff, event):
    found = errors(staff.post(f"/kegiatan/{event.code}/ubah/", {}))
    assert {"title", "region"} <= set(found)
    event.refresh_from_db()
    assert event.time_zone == "Asia/Jakarta"
