from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from accounts import audit
from accounts.audit import record
from accounts.models import AuditEntry
from accounts.sentences import sentence_of

from .factories import bawaslu_parepare, member, organizer_of, panwaslu_cerme

pytestmark = pytest.mark.django_db
MOMENT = datetime(2024, 10, 2, 2, 14, tzinfo=UTC)


@pytest.fixture
def office():
    return panwaslu_cerme()


def said(entry, zone="Asia/Jakarta"):
    entry.refresh_from_db()
    sentence = sentence_of(entry, zone)
    return sentence.text, list(sentence.details)


@time_machine.travel(MOMENT, tick=False)
def test_entry_reads_as_a_sentence(office):
    user = organizer_of(office)
    user.full_name = "Budi"
    entry = record(
        user,
        "office.updated",
        office,
        changes={
            "address": ["", "Jalan Baru 2"],
            "paper_size": ["A4", "F4"],
            "term_ends": ["2024-12-01", "2025-01-31"],
        },
        changed_private=["phone"],
        reason="pindah",
        size=7,
    )
    assert said(entry) == (
        "Rabu, 2 Oktober 2024 pukul 09.14 WIB, Budi mengubah data kantor Panwaslu Kecamatan Cerme.",
        [
            "alamat: dari “(kosong)” menjadi “Jalan Baru 2”",
            "ukuran kertas: dari “A4 (210 × 297 mm)” menjadi “F4 (215 × 330 mm)”",
            "masa jabatan berakhir: dari “1 Desember 2024” menjadi “31 Januari 2025”",
            "alasan: pindah",
            "diubah tanpa menampilkan isinya: telepon kantor",
        ],
    )


@time_machine.travel(datetime(2024, 10, 2, 17, 30, tzinfo=UTC), tick=False)
def test_hour_is_that_of_the_office():
    entry = record(audit.SYSTEM, "office.created", bawaslu_parepare())
    text, _ = said(entry, "Asia/Makassar")
    assert text == "Kamis, 3 Oktober 2024 pukul 01.30 WITA, Sistem mendaftarkan kantor Bawaslu Kota Parepare."


@time_machine.travel(MOMENT, tick=False)
def test_own_account_is_not_named_twice(office):
    user = organizer_of(office)
    user.full_name = "Budi"
    started = record(user, "session.started", user)
    assert said(started)[0] == "Rabu, 2 Oktober 2024 pukul 09.14 WIB, Budi masuk ke aplikasi."
    refused = record(audit.SYSTEM, "session.refused", user)
    assert said(refused)[0].endswith("Sistem menolak percobaan masuk sebagai Budi.")


def test_verb_without_wording_is_still_shown(office):
    text, _ = said(record(audit.SYSTEM, "future.deed", office))
    assert "melakukan “future.deed” pada Panwaslu Kecamatan Cerme" in text


def test_fact_of_an_unknown_model_is_shown_as_it_is(office):
    entry = record(
        audit.SYSTEM, "office.updated", office, role="organizer", changes={"lain_lain": ["a", True]}
    )
    AuditEntry.objects.filter(pk=-1)
    entry.object_type = "tidak.ada"
    details = list(sentence_of(entry, "Asia/Jakarta").details)
    assert details == ["lain lain: dari “a” menjadi “ya”", "peran: Penyelenggara"]


def test_every_verb_of_this_room_is_worded():
    from accounts.wording import VERBS

    assert VERBS.items() <= audit.VERBS.items()


@pytest.mark.parametrize("entries", [1, 3])
def test_log_page_asks_the_same_number_of_queries(client, office, entries, django_assert_num_queries):
    for n in range(entries):
        record(audit.SYSTEM, "office.updated", office, n=n)
    client.force_login(organizer_of(office))
    url = reverse("accounts:office_log", args=[office.pk])
    client.get(url)
    with django_assert_num_queries(10):
        assert client.get(url).content.decode().count("Catatan ") >= entries


def test_log_page_shows_own_entries_only(client, office):
    record(audit.SYSTEM, "office.updated", office, reason="milik Cerme")
    record(audit.SYSTEM, "office.updated", bawaslu_parepare(), reason="milik Parepare")
    client.force_login(organizer_of(office))
    page = client.get(reverse("accounts:office_log", args=[office.pk])).content.decode()
    assert ("milik Cerme" in page, "milik Parepare" in page) == (True, False)


def test_short_address_leads_to_the_own_log(client, office):
    client.force_login(organizer_of(office))
    assert client.get(reverse("accounts:log")).url == reverse("accounts:office_log", args=[office.pk])


def test_log_is_filtered_by_day(client, office):
    for day in (1, 2, 3):
        with time_machine.travel(datetime(2024, 10, day, 5, tzinfo=UTC), tick=False):
            record(audit.SYSTEM, "office.updated", office, reason=f"hari {day}")
    client.force_login(member(office, "administrator"))
    url = reverse("accounts:office_log", args=[office.pk])
    page = client.get(url, {"dari": "2024-10-02", "sampai": "2024-10-02"}).content.decode()
    assert [f"hari {day}" in page for day in (1, 2, 3)] == [False, True, False]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"dari": "kemarin"}, "tanggal yang valid"),
        ({"dari": "2024-10-03", "sampai": "2024-10-01"}, "Tanggal akhir tidak boleh sebelum tanggal awal."),
    ],
)
def test_wrong_filter_is_explained(client, office, query, message):
    client.force_login(organizer_of(office))
    response = client.get(reverse("accounts:office_log", args=[office.pk]), query)
    assert (response.status_code, message in response.content.decode()) == (200, True)


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_page_that_does_not_exist_is_no_error(client, office, page):
    record(audit.SYSTEM, "office.updated", office)
    client.force_login(organizer_of(office))
    assert client.get(reverse("accounts:office_log", args=[office.pk]), {"hal": page}).status_code == 200


def test_long_log_has_pages(client, office):
    for n in range(51):
        record(audit.SYSTEM, "office.updated", office, n=n)
    client.force_login(organizer_of(office))
    page = client.get(reverse("accounts:office_log", args=[office.pk]), {"hal": 2}).content.decode()
    assert ("Halaman 2 dari 2" in page, page.count("Catatan 1<")) == (True, 1)


def test_text_of_a_user_is_escaped(client, office):
    record(audit.SYSTEM, "office.updated", office, reason="<script>alert(1)</script>")
    client.force_login(organizer_of(office))
    page = client.get(reverse("accounts:office_log", args=[office.pk])).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("typed", ["2024-02-30", "2024-13-45", "0000-00-00", ["2024-02-30"], [], {"a": 1}])
def test_what_only_looks_like_a_date_never_closes_the_log(client, office, typed):
    user = member(office, "administrator")
    record(user, "office.updated", office, changes={"address": ["", typed]})
    client.force_login(user)
    assert client.get(reverse("accounts:office_log", args=[office.pk])).status_code == 200
