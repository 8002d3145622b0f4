"""The five events of the articles: planned, signed and sealed by the command, with the facts that are in print."""

import io
import json
import re
import subprocess

import pytest
from django.core.management import call_command

from accounts import audit
from accounts.models import AuditEntry, Membership, Office, User
from declarations.demo.build import build, scenarios
from declarations.models import Declaration, Signatory, Signature, TextVersion
from declarations.reference_data import load_reference_data
from declarations.signing import enroll_signatories
from declarations.snapshot import freeze
from documents.models import Document
from events.models import Attendee, Device, Election, Event
from tests.regions.factories import make_region

pytestmark = pytest.mark.django_db

VILLAGES = (
    "Dadapkuning Lengkong Kandangan Dooro Dampaan Ngembung Sukoanyar Gedangkulud Wedani Dungus Guranganyar Kambingan "
    "Morowudi Betiting Ngabetan Padeg Iker-iker_Geger Semampir Cagakagung Cerme_Kidul Cerme_Lor Pandu Banjarsari "
    "Tambakberas Jono"
)
COUNTED = (
    Event,
    Attendee,
    Declaration,
    Signatory,
    TextVersion,
    Document,
    Office,
    User,
    Membership,
    AuditEntry,
    Device,
)


@pytest.fixture(autouse=True)
def reference_data():
    load_reference_data()


@pytest.fixture
def cerme():
    for number, name in enumerate(VILLAGES.split(), 1):
        make_region(f"35.25.11.{2000 + number}", name.replace("_", " "))


@pytest.fixture
def purwodadi():
    for number in range(1, 14):
        make_region(f"35.14.01.{2000 + number}")


@pytest.fixture
def kota_pasuruan():
    for code in ("35.75.01.1001", "35.75.01.1002", "35.75.02.1001"):
        make_region(code)


@pytest.fixture
def parepare():
    make_region("73.72")


@pytest.fixture
def bojonegoro():
    for code in ("35.22.15.2001", "35.22.15.2002", "35.22.16.2001"):
        make_region(code)


def run(**options) -> list[dict]:
    out = io.StringIO()
    call_command("demo", as_json=True, stdout=out, **options)
    return json.loads(out.getvalue())["events"]


def sealed(scenario: str, folder, **options) -> list[str]:
    """What poppler reads in the sealed papers of the event, each in one line."""
    [event] = run(scenario=scenario, complete=True, output=folder, **options)
    return [read(path) for path in event["files"]]


def read(path: str) -> str:
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def planned(scenario: str) -> Event:
    event, _ = build(scenarios()[scenario])
    return event


# -- each event ---------------------------------------------------------------------------------------------------


def test_cerme_is_signed_by_forkopimcam_and_the_heads_of_all_villages(cerme, tmp_path):
    [paper] = sealed("cerme-2024", tmp_path)

    assert (tmp_path / "cerme-2024-declaration.pdf").exists()
    for village in VILLAGES.split():
        assert f"Kepala Desa {village.replace('_', ' ')}" in paper
    for words in (
        "Camat Cerme",
        "Kapolsek Cerme",
        "Danramil Cerme",
        "Ketua DMI",
        "Ketua AKD",
        "Pengurus PPDI",
        "Kepala Desa (25 dari 25 desa)",
        "Cerme, 2 Oktober 2024",
        "Pendopo Kecamatan Cerme",
        "Mengetahui, Ketua Panwaslu Kecamatan Cerme Imam Shohib",
        "CONTOH – bukan dokumen resmi",
    ):
        assert words in paper
    content = Declaration.objects.get().text_version.content
    assert len(content["points"]) == 4
    for point in content["points"]:
        assert point in paper


def test_purwodadi_is_a_memorandum_of_two_parties_with_two_numbers(purwodadi, tmp_path):
    [paper] = sealed("purwodadi-2024", tmp_path)

    assert len(re.findall(r"Nomor: \S+/2024", paper)) == 2
    for words in (
        "Pada hari ini Selasa, tanggal Dua Puluh Lima, bulan Juni, tahun Dua Ribu Dua Puluh Empat",
        "M Mafud Nizar",
        "Mokhamad Sugiarto, S.IP., M.Si.",
        "PIHAK KESATU",
        "PIHAK KEDUA",
        "Undang-Undang Nomor 5 Tahun 2014",
    ):
        assert words in paper
    pkd = Attendee.objects.filter(position__startswith="Panwaslu Kelurahan/Desa")
    assert pkd.count() == 13


def test_kota_pasuruan_reads_its_ikrar_aloud_and_signs_with_the_city(kota_pasuruan, tmp_path):
    ikrar, declaration = sealed("kota-pasuruan-2024", tmp_path)

    assert (
        "Dibacakan pada pukul 10.05 WIB, dipandu oleh Rudiyanto, Sekretaris Daerah Kota Pasuruan, dan diikuti oleh"
        " seluruh peserta yang hadir." in ikrar
    )
    assert "maupun sesudah pelaksanaan pemilihan tabun 2024." in ikrar
    assert "Halaman 1 dari 1" in ikrar
    assert "Vita Suci Rahayu" in declaration
    assert "Rudiyanto" in declaration
    positions = list(Attendee.objects.values_list("position", flat=True))
    assert sum(position.startswith("Camat ") for position in positions) == 2
    assert sum(position.startswith("Lurah ") for position in positions) == 3


def test_parepare_signs_in_three_blocs_in_the_hours_of_its_zone(parepare, tmp_path):
    [paper] = sealed("parepare-2024", tmp_path)

    places = [
        paper.index(f"{bloc} ({count} orang)") for bloc, count in (("ASN", 24), ("TNI", 5), ("Polri", 5))
    ]
    assert places == sorted(places)
    assert "jam dalam WITA" in paper
    assert "Parepare, 3 Oktober 2024" in paper


def test_bojonegoro_is_planned_for_both_elections_with_people_far_away(bojonegoro):
    event = planned("bojonegoro-2023")
    enroll_signatories(declaration=event.declarations.get(), by=audit.SYSTEM)
    snapshot = freeze(event.declarations.get())

    assert [election["kind"] for election in snapshot["event"]["elections"]] == ["pemilu", "pemilihan"]
    assert event.mode == "hybrid"
    assert event.attendees.filter(presence="remote").count() == 6
    assert sum(person.get("remote", False) for person in snapshot["signatories"]) == 6
    heads = event.attendees.filter(category="kepala_desa")
    assert heads.count() == 3
    assert event.attendees.get(full_name="Adriyanto").position == "Penjabat Bupati Bojonegoro"


# -- the command ---------------------------------------------------------------------------------------------------


def test_who_is_there_signs_at_a_paired_tablet_and_who_is_not_by_the_own_link(bojonegoro):
    run(scenario="bojonegoro-2023", complete=True)

    device = Device.objects.get()
    signatures = Signature.objects.select_related("signatory")
    channels = {(signature.signatory.remote, signature.channel) for signature in signatures}
    at_the_tablet = signatures.filter(device=device.pk).count()
    assert channels == {(False, "kiosk"), (True, "link")}
    assert (device.label, device.state, device.chain_broken_at) == ("Meja 1 (contoh)", "revoked", None)
    assert device.chain_seq == at_the_tablet + 1  # and its probe
    assert device.retired_at is not None


def test_everybody_invented_says_so(cerme):
    event = planned("cerme-2024")

    assert set(event.attendees.values_list("is_example", flat=True)) == {True}
    assert all(name.endswith("(contoh)") for name in event.attendees.values_list("full_name", flat=True))


def test_second_run_changes_nothing(parepare, tmp_path):
    first = run(scenario="parepare-2024", complete=True, output=tmp_path)
    counts = [model.objects.count() for model in COUNTED]
    papers = {path: path.read_bytes() for path in tmp_path.iterdir()}

    assert run(scenario="parepare-2024", complete=True, output=tmp_path) == first
    assert [model.objects.count() for model in COUNTED] == counts
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == papers


def test_every_deed_has_words_for_the_log(cerme, purwodadi, tmp_path):
    run(scenario="cerme-2024", complete=True)
    planned("purwodadi-2024")

    assert set(AuditEntry.objects.values_list("verb", flat=True)) <= set(audit.VERBS)


@pytest.mark.parametrize("wanted", [10, 40])
def test_first_paper_gets_exactly_the_wanted_signers(cerme, wanted):
    run(scenario="cerme-2024", attendees=wanted, complete=True)

    signed = Declaration.objects.get().signatories.current().filter(outcome="signed")
    assert signed.count() == wanted


@pytest.mark.parametrize("scenario", ["purwodadi-2024", "kota-pasuruan-2024"])
def test_paper_of_two_parties_or_read_aloud_is_not_filled(scenario, purwodadi, kota_pasuruan):
    with pytest.raises(SystemExit) as stopped:
        call_command("demo", scenario=scenario, attendees=5, stderr=io.StringIO())

    assert stopped.value.code == 1
    assert not Event.objects.exists()


def test_demo_cut_off_in_the_middle_leaves_no_half_made_event(cerme, monkeypatch):
    monkeypatch.setattr("declarations.demo.build.add_paper", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        build(scenarios()["cerme-2024"])

    assert not Event.objects.exists()


def test_shared_election_knows_what_each_article_votes_for(cerme, parepare):
    planned("cerme-2024")
    planned("parepare-2024")

    contests = Election.objects.get(name="Pemilihan Serentak Tahun 2024").contests
    assert {(contest["office"], contest["region_code"]) for contest in contests} == {
        ("gubernur", "35"),
        ("bupati", "35.25"),
        ("wali_kota", "35.75"),
        ("gubernur", "73"),
        ("wali_kota", "73.72"),
    }


def test_output_that_is_no_folder_is_refused_before_anything_is_signed(tmp_path, capsys):
    taken = tmp_path / "berkas"
    taken.write_text("")
    with pytest.raises(SystemExit) as ended:
        call_command("demo", "--scenario", "cerme-2024", "--complete", "--output", str(taken))
    assert (ended.value.code, Event.objects.count()) == (2, 0)
    assert "tidak dapat dipakai sebagai folder keluaran" in capsys.readouterr().err
