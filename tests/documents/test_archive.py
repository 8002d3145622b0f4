"""The ZIP that is handed over: whole, listed, and harmless in a spreadsheet."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.audit import SYSTEM
from accounts.models import AuditEntry
from accounts.refusals import Refusal
from documents import archive, storage
from documents.models import Document
from tests.accounts.factories import (
    bawaslu_gresik,
    organizer_of,
    panwaslu_benjeng,
    panwaslu_cerme,
    panwaslu_purwodadi,
)
from tests.documents.factories import issue, sealed_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def cerme():
    return panwaslu_cerme()


def exported(offices, **changes):
    out = io.BytesIO()
    result = archive.export_archive(offices=offices, target=out, by=SYSTEM, **changes)
    return result, zipfile.ZipFile(out)


def manifest_of(bundle):
    text = bundle.read("manifest.csv")
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_bundle_holds_every_sealed_file_with_its_hash(cerme):
    documents = [sealed_document(office=cerme, number=f"{n}/PM.05") for n in range(3)]
    issue(office=cerme, source="draf")
    result, bundle = exported([cerme])
    rows = manifest_of(bundle)
    assert (result.documents, result.missing) == (3, [])
    assert [row["sha256"] for row in rows] == [document.sha256 for document in documents]
    for row in rows:
        assert hashlib.sha256(bundle.read(row["path"])).hexdigest() == row["sha256"]
    assert sorted(bundle.namelist()) == sorted(
        [row["path"] for row in rows] + ["manifest.csv", "verifikasi.html", "akar.pem"]
    )


def test_manifest_has_the_agreed_columns(cerme):
    document = sealed_document(office=cerme)
    (row,) = manifest_of(exported([cerme])[1])
    assert row == {
        "path": f"{timezone.now():%Y}/deklarasi-netralitas-kecamatan-cerme-045-pm05-kji-1205-10-2024-{document.pk.hex[:8]}.pdf",
        "sha256": document.sha256,
        "kind": "Surat uji",
        "number": "045/PM.05/K.JI-12.05/10/2024",
        "event": "7KQ2M9XD",
        "date": "2024-10-02",
        "office": "Panwaslu Kecamatan Cerme",
    }


@pytest.mark.parametrize("number", ['=HYPERLINK("x")', "+62", "-1", "@SUM(A1)"])
def test_manifest_holds_no_formula(cerme, number):
    sealed_document(office=cerme, number=number)
    (row,) = manifest_of(exported([cerme])[1])
    assert row["number"] == f"'{number}"


def test_other_offices_stay_out(cerme):
    sealed_document(office=panwaslu_purwodadi(), title="Nota Purwodadi")
    result, bundle = exported([cerme])
    assert (result.documents, manifest_of(bundle)) == (0, [])


def test_void_and_replaced_papers_are_part_of_the_archive(cerme):
    sealed_document(office=cerme)
    Document.objects.update(state="void", void_reason="Keliru.", voided_at=timezone.now())
    assert exported([cerme])[0].documents == 1


def test_days_are_inclusive(cerme):
    document = sealed_document(office=cerme)
    today = timezone.localdate()
    for first, last, count in [
        (today, today, 1),
        (today + timedelta(days=1), None, 0),
        (None, today - timedelta(days=1), 0),
    ]:
        assert exported([cerme], first=first, last=last)[0].documents == count
    assert document.is_sealed


def test_lost_or_changed_file_is_named_and_left_out(cerme):
    lost, changed, whole = (sealed_document(office=cerme, number=str(n)) for n in range(3))
    storage.remove(lost.file)
    storage.store(changed.file, b"%PDF-1.7 lain")
    result, bundle = exported([cerme])
    assert sorted(result.missing) == sorted([str(lost.pk), str(changed.pk)])
    assert [row["sha256"] for row in manifest_of(bundle)] == [whole.sha256]


def test_offline_page_knows_the_hashes_and_loads_nothing(cerme):
    document = sealed_document(office=cerme, number="</script><b>1")
    page = exported([cerme])[1].read("verifikasi.html").decode()
    assert document.sha256 in page
    assert "</script><b>" not in page
    assert not re.search(r"""(?:src|href)\s*=|url\(|https?://""", page)
    listed = json.loads(re.search(r'id="daftar">(.*?)</script>', page, re.S)[1])
    assert listed == {document.sha256: "</script><b>1 – Surat uji, Panwaslu Kecamatan Cerme"}


def test_export_is_noted_for_each_office(cerme):
    benjeng = panwaslu_benjeng()
    sealed_document(office=cerme)
    exported([cerme, benjeng], first=date(2024, 1, 1))
    entries = AuditEntry.objects.filter(verb="archive.exported")
    assert {entry.stream_id for entry in entries} == {cerme.audit_stream, benjeng.audit_stream}
    assert entries[0].facts["documents"] == 1


def test_office_is_found_by_id_region_or_letter_code(cerme):
    gresik = bawaslu_gresik()
    benjeng = panwaslu_benjeng(letter_code="JI-12.04")
    assert list(archive.offices_of(str(cerme.pk))) == [cerme]
    assert list(archive.offices_of("35.25.11")) == [cerme]
    assert list(archive.offices_of("JI-12.04")) == [benjeng]
    assert list(archive.offices_of("35.25")) == [gresik]
    with pytest.raises(Refusal, match=r"99\.99"):
        archive.offices_of("99.99")


def command(*args):
    with pytest.raises(SystemExit) as ended:
        call_command("export_archive", *args)
    return ended.value.code


def test_command_writes_the_file_and_says_so(cerme, tmp_path, capsys):
    sealed_document(office=cerme)
    target = tmp_path / "arsip.zip"
    assert command("--office", str(cerme.pk), str(target), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["documents"], said["missing"], said["output"]) == (1, [], str(target))
    assert zipfile.ZipFile(target).testzip() is None
    assert [path.name for path in tmp_path.iterdir()] == ["arsip.zip"]


def test_command_names_an_unknown_office_and_a_bad_place(cerme, tmp_path, capsys):
    assert command("--office", "99.99", str(tmp_path / "x.zip")) == 2
    assert capsys.readouterr().err == "Kantor dengan kode atau nomor 99.99 tidak ditemukan.\n"
    assert command("--office", str(cerme.pk), str(tmp_path / "tidak" / "ada.zip")) == 2
    assert "tidak dapat ditulis" in capsys.readouterr().err
    assert command("--office", str(cerme.pk), "--from", "kemarin", str(tmp_path / "x.zip")) == 2
    assert capsys.readouterr().err == "Tanggal kemarin tidak dikenal. Tulis seperti 2024-10-02.\n"
    assert list(tmp_path.iterdir()) == []


def test_command_reports_missing_files_as_a_negative_result(cerme, tmp_path):
    storage.remove(sealed_document(office=cerme).file)
    assert command("--office", str(cerme.pk), str(tmp_path / "x.zip")) == 1


def test_the_list_of_the_archive_is_a_file_too(client):
    office = panwaslu_cerme()
    paper = sealed_document(office=office)
    sealed_document(office=panwaslu_purwodadi())
    client.force_login(organizer_of(office))
    response = client.get(reverse("documents:archive_export", args=["csv"]) + "?sort=-title")
    text = response.content.decode("utf-8-sig")
    assert text.count("\r\n") == 2
    assert paper.sha256 in text
