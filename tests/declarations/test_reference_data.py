import json
import shutil
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import AuditEntry
from declarations import reference_data
from declarations.evidence import text_sha256
from declarations.models import LegalBasis, PledgeText, TextVersion
from events.models import Category

pytestmark = pytest.mark.django_db


def load(*arguments):
    out, err = StringIO(), StringIO()
    call_command("load_reference_data", *arguments, stdout=out, stderr=err)
    return out.getvalue()


@pytest.fixture
def copied(tmp_path):
    """A copy of the data folder that a test may spoil."""
    folder = tmp_path / "data"
    shutil.copytree(reference_data.FOLDER, folder)
    return folder


def change(folder, name, edit):
    path = folder / name
    rows = json.loads(path.read_text())
    edit(rows)
    path.write_text(json.dumps(rows))


def test_the_command_prints_one_json_object_with_the_counts():
    assert json.loads(load("--json")) == {
        "texts": 8,
        "texts_added": 8,
        "versions_added": 0,
        "legal_bases": 30,
        "legal_bases_added": 30,
        "legal_bases_changed": 0,
        "classifications": 51,
        "ranks": 107,
        "unapproved": ["pekon-2023"],
    }


def test_loading_twice_changes_nothing():
    load()
    before = list(TextVersion.objects.order_by("pk").values()), AuditEntry.objects.count()
    again = json.loads(load("--json"))
    assert (again["texts_added"], again["versions_added"], again["legal_bases_added"]) == (0, 0, 0)
    assert again["legal_bases_changed"] == 0
    assert (list(TextVersion.objects.order_by("pk").values()), AuditEntry.objects.count()) == before


def test_the_output_for_people_names_what_waits():
    assert load().splitlines()[-1] == "Menunggu persetujuan: pekon-2023."


def test_cermes_points_are_verbatim_with_their_typo():
    load()
    version = TextVersion.objects.get(pledge_text__key="cerme-2024")
    assert version.points[1] == (
        "Menghindari konflik kepentingan dan penyalagunaan wewenang dalam melaksanakan tugas di Instansi masing-masing."
    )
    assert (version.state, version.origin, len(version.points)) == ("approved", "verbatim", 4)
    assert version.sha256 == text_sha256(version.content)


def test_a_reconstructed_text_waits_for_approval():
    load()
    version = TextVersion.objects.get(pledge_text__key="pekon-2023")
    assert (version.state, version.origin) == ("published", "reconstructed")


def test_every_text_is_national_and_speaks_for_known_categories():
    load()
    assert not PledgeText.objects.exclude(office=None).exists()
    known = {*Category.values, "lurah"}
    assert all(set(v.applies_to) <= known and v.applies_to for v in TextVersion.objects.all())


def test_the_skb_text_has_its_two_placeholders():
    load()
    version = TextVersion.objects.get(pledge_text__key="asn-skb-2022")
    assert version.open_placeholders == ["tahun", "nama_pemilihan"]
    assert [basis.key for basis in version.legal_bases.all()] == ["skb-2022", "uu-20-2023"]


def test_legal_bases_follow_one_another():
    load()
    old = LegalBasis.objects.get(pk="uu-5-2014")
    assert old.superseded_by_id == "uu-20-2023"
    assert old.valid_to == old.superseded_by.valid_from == date(2023, 10, 31)


def test_in_force_is_half_open():
    load()
    asn = LegalBasis.objects.filter(pk__in=["uu-5-2014", "uu-20-2023"])
    assert asn.in_force_on(date(2023, 10, 30)).get().pk == "uu-5-2014"
    assert asn.in_force_on(date(2023, 10, 31)).get().pk == "uu-20-2023"


def test_suggestion_lists_are_there_without_a_database():
    codes = dict(reference_data.classifications())
    assert codes["PM.05"] == "Partisipasi Masyarakat"
    assert reference_data.ranks()["pns"][0] == "Juru Muda (I/a)"
    assert reference_data.ranks()["pppk"][0] == "I"


def test_new_words_in_the_file_become_a_new_version(copied):
    load()
    change(copied, "pledge_texts.json", lambda rows: rows[2]["points"].append("Melaporkan pelanggaran."))
    done = json.loads(load("--json", "--source", str(copied)))
    assert (done["texts_added"], done["versions_added"]) == (0, 1)
    versions = PledgeText.objects.get(key="cerme-2024").versions.order_by("number")
    assert [len(version.points) for version in versions] == [4, 5]


def test_a_changed_basis_is_updated_in_place(copied):
    load()
    change(copied, "legal_bases.json", lambda rows: rows[0].update(note="Diperiksa ulang."))
    assert json.loads(load("--json", "--source", str(copied)))["legal_bases_changed"] == 1
    assert LegalBasis.objects.get(pk="uu-5-2014").note == "Diperiksa ulang."


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("pledge_texts.json", lambda rows: rows[0].pop("points")),
        ("pledge_texts.json", lambda rows: rows[0].update(kind="sumpah")),
        ("pledge_texts.json", lambda rows: rows[0].update(legal_bases=["uu-0"])),
        ("pledge_texts.json", lambda rows: rows.append(rows[0])),
        ("legal_bases.json", lambda rows: rows[0].update(valid_from="kemarin")),
        ("legal_bases.json", lambda rows: rows[0].update(superseded_by="uu-0")),
        ("ranks.json", lambda rows: rows.update(pns=["Juru"])),
    ],
)
def test_a_spoilt_file_exits_with_2_and_one_line(copied, name, edit):
    change(copied, name, edit)
    err = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("load_reference_data", "--json", "--source", str(copied), stdout=StringIO(), stderr=err)
    assert stop.value.code == 2
    assert len(err.getvalue().strip().splitlines()) == 1
    assert not LegalBasis.objects.exists()


@pytest.mark.parametrize(
    "name", ["pledge_texts.json", "legal_bases.json", "ranks.json", "classifications.csv"]
)
def test_a_missing_file_exits_with_2(copied, name):
    (copied / name).unlink()
    err = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("load_reference_data", "--source", str(copied), stderr=err)
    assert stop.value.code == 2
    assert name in err.getvalue()


@pytest.mark.parametrize("content", ["", "{", "[1]", "\x00", '{"key": 1}'])
def test_a_file_that_is_no_list_of_rows_exits_with_2(copied, content):
    (copied / "legal_bases.json").write_text(content)
    with pytest.raises(SystemExit) as stop:
        call_command("load_reference_data", "--source", str(copied), stderr=StringIO())
    assert stop.value.code == 2
