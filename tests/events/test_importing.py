"""Importing, importing again, and taking it back (EVENTS §6.7 to 6.9)."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import storage
from events import attendees, importing
from events.answers import StandIn, answer_invitation
from events.attendees import add_attendee, change_attendee, generate_from_region, withdraw_attendee
from events.hooks import Hook
from events.importing import apply_upload, choose_columns, keep_upload, sweep_uploads, undo_import
from events.links import make_link
from events.models import Attendee, Event, ImportBatch, ImportMapping, ImportUpload
from tests.accounts.factories import organizer_of, panwaslu_benjeng

from . import workbooks as w
from .factories import NIP_PNS, NIP_PPPK, cerme_event, villages_of_cerme
from .test_import_corpus import checked

pytestmark = pytest.mark.django_db

LIST = [
    ["Nama", "NIP", "Jabatan", "Unit Kerja", "No HP"],
    ["Ani Lestari, S.STP.", NIP_PNS, "Sekcam", "Kecamatan Cerme", "081234567890"],
    ["Budi Ma'ruf", NIP_PPPK, "Staf", "Kecamatan Cerme", ""],
    ["Siti", "", "Ketua", "PKK Cerme", ""],
]


def bring(event, rows, by, name="undangan.xlsx"):
    upload = keep_upload(event=event, data=w.xlsx(rows), name=name, by=by)
    return apply_upload(upload=upload, by=by)


def statuses(event, rows):
    return [row.status for row in checked(event, w.xlsx(rows)).rows]


def state(event):
    columns = [field.attname for field in Attendee._meta.local_fields if field.attname != "identity_opening"]
    return sorted(event.attendees.values_list(*columns), key=str)


def test_people_of_a_file_come_onto_the_list(event, organizer):
    batch = bring(event, LIST, organizer)
    ani = event.attendees.get(full_name="Ani Lestari")
    assert (ani.title_suffix, ani.category, ani.identity_kind, ani.identity_number) == (
        "S.STP.",
        "pns",
        "nip",
        NIP_PNS,
    )
    assert (ani.phone, ani.source, ani.identity_masked) == ("+6281234567890", "import", "1986************01")
    assert ani.identity_opening
    assert event.attendees.get(full_name="Budi Ma'ruf").category == "pppk"
    assert batch.counts == {"baru": 3, "diperbarui": 0, "sama": 0, "duplikat": 0, "galat": 0}
    assert batch.mapping == {
        "Nama": "full_name", "NIP": "identity_number", "Jabatan": "position", "Unit Kerja": "agency", "No HP": "phone",
    }  # fmt: skip
    assert (batch.applied_by, batch.name, len(batch.sha256)) == (organizer, "undangan.xlsx", 64)


def test_the_log_knows_the_import_and_no_number(event, organizer):
    batch = bring(event, LIST, organizer)
    entry = AuditEntry.objects.get(verb="attendee.imported")
    assert entry.facts["added"] == 3
    for secret in (NIP_PNS, "81234567890", "Lestari"):
        assert secret not in json.dumps(entry.facts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT details FROM events_importbatch")
        assert str(event.attendees.get(full_name="Siti").pk) not in cursor.fetchone()[0]
    assert batch.details


def test_the_same_file_twice_changes_nothing(event, organizer):
    bring(event, LIST, organizer)
    before = state(event)
    assert statuses(event, LIST) == ["sama"] * 3
    assert bring(event, LIST, organizer) is None
    assert state(event) == before
    assert ImportBatch.objects.count() == 1


def test_importing_again_updates_and_never_doubles(event, organizer):
    bring(event, LIST, organizer)
    newer = [LIST[0], ["Ani Lestari", NIP_PNS, "Camat", "Kecamatan Cerme", "081234567891"], LIST[2], LIST[3]]
    assert statuses(event, newer) == ["diperbarui", "sama", "sama"]
    batch = bring(event, newer, organizer)
    ani = event.attendees.get(full_name="Ani Lestari")
    assert (ani.position, ani.phone, ani.title_suffix) == ("Camat", "+6281234567891", "S.STP.")
    assert event.attendees.count() == 4
    assert batch.counts["diperbarui"] == 1


def test_an_empty_cell_takes_nothing_away(event, organizer):
    bring(event, LIST, organizer)
    bare = [LIST[0], ["Ani Lestari", NIP_PNS, "", "", ""]]
    assert statuses(event, bare) == ["sama"]


def test_a_number_that_becomes_known_is_added_to_the_same_person(event, organizer):
    bring(event, LIST, organizer)
    bring(event, [LIST[0], ["Siti", "196804111993031009", "", "PKK Cerme", ""]], organizer)
    siti = event.attendees.get(full_name="Siti")
    assert (siti.identity_number, siti.category) == ("196804111993031009", "pns")
    assert siti.identity_index
    assert siti.identity_opening


def test_two_numbers_are_two_people_whatever_their_names(event, organizer):
    bring(event, LIST, organizer)
    assert statuses(
        event, [LIST[0], ["Ani Lestari", "196804111993031009", "Sekcam", "Kecamatan Cerme", ""]]
    ) == ["baru"]


def test_posts_from_the_region_get_their_names(event, organizer):
    villages_of_cerme()
    generate_from_region(event=event, region=event.region, roles=["kades", "kapolsek"], by=organizer)
    count = event.attendees.count()
    rows = [
        ["Nama", "Jabatan", "Desa"],
        ["Slamet (uji)", "Kepala Desa", "Dampaan"],
        ["Sri (uji)", "Kades", "Dungus"],
        ["Joko (uji)", f"Kapolsek {event.region.name}", ""],
    ]
    batch = bring(event, rows, organizer)
    assert batch.counts["baru"] == 0
    assert event.attendees.count() == count
    kades = event.attendees.get(post_key="kades:35.25.11.2001")
    assert (kades.full_name, kades.position) == ("Slamet (uji)", "Kepala Desa Dampaan")
    assert event.attendees.get(full_name="Joko (uji)").post_key == "kapolsek:35.25.11"
    assert batch.counts["diperbarui"] == 3


def test_a_post_that_a_village_has_once_is_one_person(event, organizer):
    villages_of_cerme()
    rows = [
        ["Nama", "Jabatan", "Desa"],
        ["Slamet", "Kepala Desa", "Dampaan"],
        ["Sri", "Kepala Desa", "Dampaan"],
    ]
    plan = checked(event, w.xlsx(rows))
    assert [row.status for row in plan.rows] == ["baru", "duplikat"]
    assert plan.rows[1].notes == ["Sama dengan baris 2."]


def test_staff_of_one_village_with_one_post_are_several_people(event):
    villages_of_cerme()
    rows = [["Nama", "Jabatan", "Desa"], ["Slamet", "Kaur", "Dampaan"], ["Sri", "Kaur", "Dampaan"]]
    assert statuses(event, rows) == ["baru", "baru"]


def test_a_village_of_two_kecamatan_needs_its_kecamatan(organizer):
    from tests.accounts.factories import bawaslu_gresik, region

    for code in ("35.25.11.2001", "35.25.12.2001"):
        village = region(code)
        village.name = "Sukorejo"
        village.save()
    kecamatan = region("35.25.12")
    kecamatan.name = "Benjeng"
    kecamatan.save()
    event = cerme_event(office=bawaslu_gresik(), region=region("35.25"))
    head = ["Nama", "Desa", "Kecamatan"]
    plan = checked(event, w.xlsx([head, ["Ani", "Sukorejo", ""], ["Siti", "Sukorejo", "Kec. Benjeng"]]))
    assert [i.message for i in plan.rows[0].issues] == ['Ada 2 desa bernama "Sukorejo". Pilih kecamatannya.']
    assert plan.rows[1].values["village_id"] == "35.25.12.2001"


def test_somebody_who_was_withdrawn_is_not_brought_back(event, organizer):
    bring(event, LIST, organizer)
    withdraw_attendee(attendee=event.attendees.get(full_name="Siti"), by=organizer)
    plan = checked(event, w.xlsx(LIST))
    assert [row.status for row in plan.rows] == ["sama"] * 3
    assert plan.rows[2].notes == [
        "Sudah dikeluarkan dari daftar; tidak diubah. Pulihkan dulu bila diperlukan."
    ]


def test_who_is_found_is_named(event, organizer):
    bring(event, LIST, organizer)
    plan = checked(event, w.xlsx([LIST[0], ["Siti", "", "Anggota", "PKK Cerme", ""]]))
    assert plan.rows[0].notes == ["Sudah terdaftar: Siti, Ketua."]
    assert plan.summary == "0 baru, 1 diperbarui, 0 sama, 0 duplikat, 0 galat."


def test_right_rows_come_in_and_wrong_ones_are_kept_with_masked_numbers(event, organizer):
    batch = bring(event, [*LIST, ["Joko", "198613262015051001", "Staf", "Dinas", "12"]], organizer)
    assert batch.counts["galat"] == 1
    assert event.attendees.count() == 4
    assert importing.kept_errors(batch) == [
        {"row": 5, "column": "NIP", "value": "1986************01", "message": "8 angka pertama bukan tanggal lahir yang sah (TTTTBBHH)."},
        {"row": 5, "column": "No HP", "value": "**", "message": "Nomor HP tidak sah. Contoh: 081234567890."},
    ]  # fmt: skip


def test_an_import_taken_back_leaves_the_list_as_it_was(event, organizer):
    add_attendee(
        event=event,
        by=organizer,
        full_name="Siti",
        position="Ketua",
        agency="PKK Cerme",
        phone="081200000000",
    )
    before = state(event)
    batch = bring(
        event,
        [LIST[0], LIST[1], ["Siti", "196804111993031009", "Wakil", "PKK Cerme", "081211112222"]],
        organizer,
    )
    assert state(event) != before
    done = undo_import(batch=batch, by=organizer)
    assert done == (1, 1, 0)
    assert state(event) == before
    assert event.attendees.get(full_name="Siti").identity_opening is None
    batch.refresh_from_db()
    assert (batch.is_undone, batch.undone_by, batch.details) == (True, organizer, "")
    assert AuditEntry.objects.get(verb="attendee.import_undone").facts["removed"] == 1


def test_what_was_changed_by_hand_since_then_stays(event, organizer):
    siti = add_attendee(event=event, by=organizer, full_name="Siti", position="Ketua", agency="PKK Cerme")
    batch = bring(event, [LIST[0], ["Siti", "", "Wakil", "PKK Cerme", "081211112222"]], organizer)
    siti.refresh_from_db()
    change_attendee(attendee=siti, by=organizer, position="Bendahara")
    undo_import(batch=batch, by=organizer)
    siti.refresh_from_db()
    assert (siti.position, siti.phone) == ("Bendahara", "")


def test_an_import_is_taken_back_once(event, organizer):
    batch = bring(event, LIST, organizer)
    undo_import(batch=batch, by=organizer)
    with pytest.raises(Refusal, match="Impor ini sudah dibatalkan"):
        undo_import(batch=batch, by=organizer)


def test_an_import_of_which_somebody_was_present_stays(event, organizer):
    batch = bring(event, LIST, organizer)
    event.attendees.filter(full_name="Siti").update(first_seen_at=timezone.now())
    with pytest.raises(
        Refusal, match="Impor tidak dapat dibatalkan: 1 peserta sudah hadir atau menandatangani"
    ):
        undo_import(batch=batch, by=organizer)
    assert event.attendees.count() == 4


def test_an_import_of_which_somebody_signed_stays(event, organizer, monkeypatch):
    monkeypatch.setattr(attendees, "before_withdraw", Hook())

    def signed(*, attendee, by):
        if attendee.full_name in ("Siti", "Budi Ma'ruf"):
            raise Refusal("Sudah menandatangani.")

    attendees.before_withdraw.register(signed)
    batch = bring(event, LIST, organizer)
    with pytest.raises(Refusal, match="2 peserta sudah hadir atau menandatangani"):
        undo_import(batch=batch, by=organizer)


def test_people_with_a_link_leave_the_list_as_withdrawn(event, organizer):
    batch = bring(event, LIST, organizer)
    siti = event.attendees.get(full_name="Siti")
    type(event).objects.filter(pk=event.pk).update(state="scheduled")
    make_link(attendee=siti, by=organizer)
    assert undo_import(batch=batch, by=organizer).removed == 3
    siti.refresh_from_db()
    assert siti.is_withdrawn
    assert event.attendees.expected().count() == 1


def test_a_closed_event_takes_no_file_and_gives_none_back(event, organizer):
    batch = bring(event, LIST, organizer)
    upload = keep_upload(event=event, data=w.xlsx(LIST), name="a.xlsx", by=organizer)
    type(event).objects.filter(pk=event.pk).update(state="closed")
    for deed in (
        lambda: keep_upload(event=event, data=w.xlsx(LIST), name="a.xlsx", by=organizer),
        lambda: apply_upload(upload=upload, by=organizer),
        lambda: undo_import(batch=batch, by=organizer),
    ):
        with pytest.raises(Refusal, match="sudah selesai"):
            deed()


def test_the_file_is_kept_encrypted_and_goes_once_it_is_imported(event, organizer):
    upload = keep_upload(event=event, data=w.xlsx(LIST), name="a.xlsx", by=organizer)
    kept = storage.path_of(upload.file)
    assert b"PK" not in kept.read_bytes()[:20]
    assert kept.stat().st_mode & 0o777 == 0o600
    apply_upload(upload=upload, by=organizer)
    assert not kept.exists()
    assert not ImportUpload.objects.exists()
    with pytest.raises(Refusal):
        apply_upload(upload=upload, by=organizer)


def test_a_file_nobody_imports_goes_after_a_day(event, organizer):
    old = keep_upload(event=event, data=w.xlsx(LIST), name="a.xlsx", by=organizer)
    new = keep_upload(event=event, data=w.xlsx(LIST), name="b.xlsx", by=organizer)
    ImportUpload.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(hours=25))
    assert sweep_uploads() == 1
    assert not storage.exists(old.file)
    assert storage.exists(new.file)


def test_columns_chosen_by_hand_are_remembered_for_the_office(event, organizer):
    rows = [["Nama", "Jabatan", "Tempat Tugas"], ["Ani", "Staf", "Dinas Uji"]]
    upload = keep_upload(event=event, data=w.xlsx(rows), name="a.xlsx", by=organizer)
    assert upload.columns == {0: "full_name", 1: "position"}
    choose_columns(upload=upload, mapping={0: "full_name", 1: "position", 2: "agency"}, by=organizer)
    turned = [[row[2], row[0], row[1]] for row in rows]
    again = keep_upload(event=event, data=w.xlsx(turned), name="b.xlsx", by=organizer)
    assert again.columns == {0: "agency", 1: "full_name", 2: "position"}
    other = cerme_event(office=panwaslu_benjeng())
    foreign = keep_upload(event=other, data=w.xlsx(rows), name="c.xlsx", by=organizer_of(other.office))
    assert foreign.columns == {0: "full_name", 1: "position"}


def test_remembered_columns_are_seen_by_their_office_only(event, organizer, neighbour, supervisor):
    upload = keep_upload(event=event, data=w.xlsx(LIST), name="a.xlsx", by=organizer)
    choose_columns(upload=upload, mapping=upload.columns, by=organizer)
    batch = apply_upload(upload=upload, by=organizer)
    waiting = keep_upload(event=event, data=w.xlsx(LIST), name="a.xlsx", by=organizer)
    for model, row in (
        (ImportMapping, ImportMapping.objects.get()),
        (ImportBatch, batch),
        (ImportUpload, waiting),
    ):
        assert list(model.objects.visible_to(organizer)) == [row]
        assert list(model.objects.visible_to(supervisor)) == [row]
        assert not model.objects.visible_to(neighbour).exists()


def test_columns_without_a_name_or_with_a_field_twice_are_refused(event, organizer):
    upload = keep_upload(event=event, data=w.xlsx(LIST), name="a.xlsx", by=organizer)
    with pytest.raises(Refusal, match=r"Kolom nama belum dipilih\."):
        choose_columns(upload=upload, mapping={0: "", 1: "identity_number"}, by=organizer)
    with pytest.raises(Refusal, match="Jabatan dipilih untuk dua kolom"):
        choose_columns(upload=upload, mapping={0: "full_name", 1: "position", 2: "position"}, by=organizer)


def test_an_import_of_an_archived_event_stands_still(event, organizer):
    batch = bring(event, LIST, organizer)
    type(event).objects.filter(pk=event.pk).update(state="archived")
    from django.db import DatabaseError, transaction

    for deed in (lambda: ImportBatch.objects.filter(pk=batch.pk).update(name="x"), batch.delete):
        with pytest.raises(DatabaseError, match="archived"), transaction.atomic():
            deed()


def test_checking_asks_the_database_as_often_for_many_rows_as_for_few(event, organizer):
    villages_of_cerme()
    head = ["Nama", "NIP", "Desa", "Jabatan"]

    def queries(rows):
        data = w.text(
            [
                head,
                *[
                    [f"Orang {chr(97 + n % 26)}{chr(97 + n // 26)}", "", "Dampaan", f"Staf {n}"]
                    for n in range(rows)
                ],
            ]
        )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            checked(event, data)
        return len(asked)

    assert queries(3) == queries(400) <= 4


def test_importing_asks_the_database_as_often_for_many_rows_as_for_few(event, organizer):
    def queries(rows, first):
        table = [
            ["Nama", "No HP"],
            *[
                [f"Orang {chr(97 + n % 26)}{chr(97 + n // 26)}", f"0812{n:08}"]
                for n in range(first, first + rows)
            ],
        ]
        upload = keep_upload(event=event, data=w.text(table), name="a.csv", by=organizer)
        with CaptureQueriesContext(connection) as asked:
            apply_upload(upload=upload, by=organizer)
        return len(asked)

    queries(1, 0)
    assert queries(3, 10) == queries(300, 100)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)))
def test_any_order_of_columns_says_the_same(event, organizer, order):
    turned = [[row[column] for column in order] for row in LIST]
    one, other = (checked(event, w.text(rows)).rows for rows in (LIST, turned))
    assert [(row.number, row.values, row.status) for row in other] == [
        (row.number, row.values, row.status) for row in one
    ]


NAMES = st.lists(
    st.sampled_from(["Ani", "Budi", "Citra", "Dewi", "Eka", "Fajar", "Gita", "Hadi"]), min_size=1, max_size=8
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=NAMES, agencies=NAMES)
def test_a_file_twice_is_the_same_for_every_row_that_came_in(event, organizer, people, agencies):
    rows = [["Nama", "Instansi"], *[[name, agencies[n % len(agencies)]] for n, name in enumerate(people)]]
    bring(event, rows, organizer)
    count = event.attendees.count()
    assert set(statuses(event, rows)) <= {"sama", "duplikat"}
    assert bring(event, rows, organizer) is None
    assert event.attendees.count() == count


# -- who stands where on the list already -----------------------------------------------------------------------------


def test_person_who_is_represented_stays_as_they_are_and_is_not_doubled(event, organizer):
    bring(event, LIST, organizer)
    Event.objects.filter(pk=event.pk).update(
        state="scheduled", starts_at=timezone.now() + timedelta(days=3), ends_at=None
    )
    ani = event.attendees.get(full_name="Ani Lestari")
    answer_invitation(
        attendee=ani, answer="represented", stand_in=StandIn("Sertu Wakil (contoh)", "Staf", ""), by=organizer
    )
    before = state(event)
    assert statuses(event, LIST) == ["sama"] * 3
    bring(event, LIST, organizer)
    assert state(event) == before


def test_row_that_left_the_list_does_not_hide_the_one_that_stayed(event, organizer):
    bring(event, LIST, organizer)
    siti = event.attendees.get(full_name="Siti")
    withdraw_attendee(attendee=siti, by=organizer)
    add_attendee(
        event=event, by=organizer, full_name="Siti", position="Ketua", agency="PKK Cerme", precedence=2000
    )
    [row] = checked(event, w.xlsx([LIST[0], ["Siti", "", "Ketua Umum", "PKK Cerme", "081234567890"]])).rows
    assert row.status == "diperbarui"


def test_several_supervisors_of_one_village_are_several_people(event):
    village = villages_of_cerme()[0].name
    rows = [
        ["Nama", "Unsur", "Desa"],
        *[[name, "Pengawas pemilu", village] for name in ("Ani", "Budi", "Citra")],
    ]
    assert statuses(event, rows) == ["baru"] * 3


def test_number_put_right_by_hand_is_not_taken_apart_when_the_import_is_undone(event, organizer):
    siti = add_attendee(event=event, by=organizer, full_name="Siti", agency="PKK Cerme", category="pns")
    batch = bring(event, [["Nama", "NIP", "Instansi"], ["Siti", NIP_PNS, "PKK Cerme"]], organizer)
    siti.refresh_from_db()
    other = "198609262015051002"
    change_attendee(attendee=siti, by=organizer, identity_kind="nip", identity_number=other)
    undo_import(batch=batch, by=organizer)
    siti.refresh_from_db()
    assert (siti.identity_kind, siti.identity_number) == ("nip", other)


def test_numbers_of_people_taken_for_titles_are_kept_nowhere(event, organizer):
    rows = [["Ani Lestari", NIP_PNS, "Sekcam"], ["Budi Ma'ruf", NIP_PPPK, "Staf"]]
    upload = keep_upload(event=event, data=w.xlsx(rows), name="tanpa judul.xlsx", by=organizer)
    upload = importing.choose_table(upload=upload, sheet=upload.sheet, header=1, by=organizer)
    upload = choose_columns(
        upload=upload, mapping={0: "full_name", 1: "identity_number", 2: "position"}, by=organizer
    )
    batch = apply_upload(upload=upload, by=organizer)
    assert not ImportMapping.objects.exists()
    assert NIP_PNS not in json.dumps(batch.mapping)
    assert batch.mapping["B"] == "identity_number"
