import json
from pathlib import Path

import pytest
from django.core.management import call_command

from regions import EDITION, SOURCE_NOTE
from regions.loading import load_regions
from regions.models import Region, RegionLabel
from regions.reading import UnusableData

pytestmark = pytest.mark.django_db

FILES = {
    "provinces.csv": "code,name\n35,Jawa Timur\n51,Bali\n",
    "regencies.csv": "code,province_code,name\n35.25,35,Kabupaten Gresik\n35.29,35,Kabupaten Sumenep\n51.71,51,Kota Denpasar\n",
    "districts.csv": 'code,regency_code,name\n35.25.11,35.25,Cerme\n35.29.22,35.29,"Ra""as"\n51.71.01,51.71,Denpasar Selatan\n',
    "villages.csv": "code,district_code,name\n"
    "35.25.11.2017,35.25.11,Iker - iker Geger\n51.71.01.1002,51.71.01,Sesetan\n51.71.01.2001,51.71.01,Sidakarya*\n",
}


@pytest.fixture
def source(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def rows():
    return list(
        Region.objects.order_by("code").values_list(
            "code", "name", "kind", "parent_id", "time_zone", "is_current"
        )
    )


def run(capsys, *arguments):
    """Run the command and return (exit code, stdout, stderr)."""
    try:
        call_command("load_regions", *arguments)
        status = 0
    except SystemExit as stop:
        status = stop.code
    return status, *capsys.readouterr()


def test_load_tidies_names_and_derives_the_rest(source):
    loaded = load_regions(source=source)
    assert (loaded.provinces, loaded.regencies, loaded.districts, loaded.villages) == (2, 3, 3, 3)
    assert (loaded.added, loaded.changed, loaded.retired) == (11, 0, 0)
    assert rows() == [
        ("35", "Jawa Timur", "provinsi", None, "Asia/Jakarta", True),
        ("35.25", "Kabupaten Gresik", "kabupaten", "35", "Asia/Jakarta", True),
        ("35.25.11", "Cerme", "kecamatan", "35.25", "Asia/Jakarta", True),
        ("35.25.11.2017", "Iker-iker Geger", "desa", "35.25.11", "Asia/Jakarta", True),
        ("35.29", "Kabupaten Sumenep", "kabupaten", "35", "Asia/Jakarta", True),
        ("35.29.22", "Ra'as", "kecamatan", "35.29", "Asia/Jakarta", True),
        ("51", "Bali", "provinsi", None, "Asia/Makassar", True),
        ("51.71", "Kota Denpasar", "kota", "51", "Asia/Makassar", True),
        ("51.71.01", "Denpasar Selatan", "kecamatan", "51.71", "Asia/Makassar", True),
        ("51.71.01.1002", "Sesetan", "kelurahan", "51.71.01", "Asia/Makassar", True),
        ("51.71.01.2001", "Sidakarya", "desa", "51.71.01", "Asia/Makassar", True),
    ]
    assert set(Region.objects.values_list("edition", flat=True)) == {EDITION}


def test_load_twice_changes_nothing(source):
    load_regions(source=source)
    before = rows()
    again = load_regions(source=source)
    assert (again.added, again.changed, again.retired, again.labels_added) == (0, 0, 0, 0)
    assert rows() == before


def test_a_code_that_disappears_is_kept_and_comes_back(source):
    load_regions(source=source)
    villages = source / "villages.csv"
    villages.write_text(FILES["villages.csv"].replace("51.71.01.2001,51.71.01,Sidakarya*\n", ""))
    shrunk = load_regions(source=source)
    assert (shrunk.villages, shrunk.retired, shrunk.changed) == (2, 1, 0)
    assert not Region.objects.get(code="51.71.01.2001").is_current
    assert load_regions(source=source).retired == 0
    villages.write_text(FILES["villages.csv"])
    assert (load_regions(source=source).changed, Region.objects.current().count()) == (1, 11)


def test_a_changed_name_is_updated_and_found(source):
    load_regions(source=source)
    (source / "districts.csv").write_text(FILES["districts.csv"].replace("Cerme", "Cerme Baru"))
    assert load_regions(source=source).changed == 1
    assert [region.code for region in Region.objects.search("cerme baru")] == ["35.25.11"]


def test_own_corrections_win_over_the_package(source, tmp_path):
    corrections = tmp_path / "corrections.csv"
    corrections.write_text("# why\ncode,name,reason\n35.25.11,Cerme Raya,Perda contoh\n")
    load_regions(source=source, corrections=corrections)
    assert Region.objects.get(code="35.25.11").name == "Cerme Raya"


def test_labels_are_added_once_and_never_overwritten(source):
    assert load_regions(source=source).labels_added == 1
    label = RegionLabel.objects.get()
    assert (label.region_id, label.key, label.label, label.confirmed) == (
        "51",
        "kepala_desa",
        "Perbekel",
        True,
    )
    assert Region.objects.get(code="51.71.01.2001").head_title == "Perbekel"
    label.label = "Prebekel"
    label.save()
    assert load_regions(source=source).labels_added == 0
    assert Region.objects.get(code="51.71.01.2001").head_title == "Prebekel"


def test_command_prints_the_counts(source, capsys):
    status, out, err = run(capsys, f"--source={source}")
    assert (status, err) == (0, "")
    assert out.splitlines()[:4] == [
        "Provinsi             2",
        "Kabupaten/Kota       3",
        "Kecamatan            3",
        "Desa/Kelurahan       3",
    ]
    assert out.splitlines()[-1] == SOURCE_NOTE


def test_command_prints_one_json_object(source, capsys):
    status, out, err = run(capsys, f"--source={source}", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "provinces": 2,
        "regencies": 3,
        "districts": 3,
        "villages": 3,
        "added": 11,
        "changed": 0,
        "retired": 0,
        "labels_added": 1,
    }


BROKEN = [
    ("villages.csv", None, "villages.csv tidak ditemukan."),
    ("villages.csv", "", "villages.csv: kolom harus code,district_code,name."),
    ("villages.csv", "code,district_code,name\n", "villages.csv: tidak berisi satu wilayah pun."),
    ("villages.csv", "kode,nama\n", "villages.csv: kolom harus code,district_code,name."),
    (
        "villages.csv",
        "code,district_code,name\n35.25.11.2017,35.25.11,A\n35.25.11.2018,35.25.11\n",
        "villages.csv baris 3: harus 3 kolom, ada 2.",
    ),
    (
        "villages.csv",
        "code,district_code,name\n35.25.11.2017,35.25.11,A\n35.25.11.2017,35.25.11,B\n",
        "villages.csv baris 3: kode 35.25.11.2017 muncul dua kali.",
    ),
    (
        "villages.csv",
        "code,district_code,name\n35.25.12.2001,35.25.12,A\n",
        "villages.csv baris 2: induk dari kode 35.25.12.2001 tidak ada.",
    ),
    (
        "villages.csv",
        "code,district_code,name\n35.25.11.2017,35.29.22,A\n",
        "villages.csv baris 2: district_code '35.29.22' bukan induk dari kode 35.25.11.2017.",
    ),
    (
        "villages.csv",
        "code,district_code,name\n35.25.11.9017,35.25.11,A\n",
        "villages.csv baris 2: kode '35.25.11.9017' bukan kode wilayah yang dikenal untuk berkas ini.",
    ),
    (
        "districts.csv",
        "code,regency_code,name\n35.25,35,A\n",
        "districts.csv baris 2: kode '35.25' bukan kode wilayah yang dikenal untuk berkas ini.",
    ),
    (
        "provinces.csv",
        "code,name\n99,Negeri Antah\n",
        "provinces.csv baris 2: kode '99' bukan kode wilayah yang dikenal untuk berkas ini.",
    ),
    (
        "villages.csv",
        "code,district_code,name\n35.25.11.2017,35.25.11, .\n",
        "villages.csv baris 2: nama wilayah kosong atau berisi tanda yang tidak dapat dibaca.",
    ),
    (
        "villages.csv",
        "code,district_code,name\n35.25.11.2017,35.25.11,A\x00B\n",
        "villages.csv baris 2: nama wilayah kosong atau berisi tanda yang tidak dapat dibaca.",
    ),
    (
        "villages.csv",
        f"code,district_code,name\n35.25.11.2017,35.25.11,{'A' * 101}\n",
        "villages.csv baris 2: nama wilayah lebih dari 100 huruf.",
    ),
    (
        "villages.csv",
        'code,district_code,name\n35.25.11.2017,35.25.11,"A\n',
        "villages.csv: bukan berkas CSV yang utuh.",
    ),
    (
        "villages.csv",
        b"code,district_code,name\n35.25.11.2017,35.25.11,\xff\n",
        "villages.csv: bukan teks UTF-8.",
    ),
]


@pytest.mark.parametrize(("name", "content", "message"), BROKEN)
def test_unusable_data_is_named_and_changes_nothing(source, capsys, name, content, message):
    load_regions(source=source)
    before = rows()
    path = Path(source / name)
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    status, out, err = run(capsys, f"--source={source}")
    assert (status, out) == (2, "")
    assert err.startswith("Data wilayah tidak dapat dimuat: ")
    assert err.endswith(f"{message}\n")
    assert err.count("\n") == 1
    assert rows() == before


def test_a_missing_or_odd_folder_is_unusable(source, capsys):
    status, _, err = run(capsys, f"--source={source / 'tidak-ada'}")
    assert (status, err.count("\n")) == (2, 1)
    (source / "provinces.csv").unlink()
    (source / "provinces.csv").mkdir()
    status, _, err = run(capsys, f"--source={source}")
    assert (status, err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("35.25.99,Cerme,alasan", "kode '35.25.99' tidak ada dalam data wilayah."),
        ("35.25.11,Cerme, ", "alasan perbaikan belum diisi."),
    ],
)
def test_a_bad_correction_is_named(source, tmp_path, line, message):
    corrections = tmp_path / "corrections.csv"
    corrections.write_text(f"code,name,reason\n{line}\n")
    with pytest.raises(UnusableData, match=message):
        load_regions(source=source, corrections=corrections)


def test_a_bad_label_is_named(source, tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("code,key,label,confirmed\n51,lurah,Perbekel,ya\n")
    with pytest.raises(UnusableData, match=r"labels\.csv baris 2"):
        load_regions(source=source, labels=labels)
