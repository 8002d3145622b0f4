"""Levels of a seal: timestamps and archive timestamps, made, judged, cut off and damaged (PDF.md §4.1, §5.5, §7.1)."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from documents import certificates, pades, pdf, revocation, sealer, timestamps, verification
from documents.pades import Integrity
from documents.timestamps import Authority, Unavailable
from documents.verification import Status

from . import sample


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return sample.rendered("memorandum").pdf


@pytest.fixture(scope="module")
def clock() -> Authority:
    return Authority(key=certificates.tsa_key())


@pytest.fixture(scope="module")
def sealed(unsigned, clock) -> bytes:
    return pades.seal(unsigned, signer=sample.seal_key(), authority=clock)


@pytest.fixture(scope="module")
def roots():
    return [sample.seal_key().chain[-1]]


def checks(data, roots):
    return verification.verify_file(data, roots=roots).checks


# --- making -----------------------------------------------------------------------------------------------------


def test_seal_with_a_clock_reaches_the_archive_level_and_ends_where_its_stamp_ends(unsigned, sealed, roots):
    report = pades.report(sealed, roots)
    assert sealed.startswith(unsigned)
    assert (report.integrity, report.genuine, report.level) == (Integrity.INTACT, True, "B-LTA")
    assert [(stamp.genuine, stamp.trusted, stamp.is_archive) for stamp in report.stamps] == [
        (True, True, False),
        (True, True, True),
    ]
    assert pdf.validate(sealed) == []


def test_poppler_and_qpdf_accept_the_archive_level(sealed, tmp_path):
    path = tmp_path / "bersegel.pdf"
    path.write_bytes(sealed)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid" in said
    assert said.count("Total document signed") == 1
    subprocess.run(["qpdf", "--check", path], capture_output=True, check=True)


def test_paper_sealed_without_a_clock_is_upgraded_and_keeps_its_bytes(unsigned, clock, roots):
    plain = pades.seal(unsigned, signer=sample.seal_key())
    lifted = pades.upgrade(plain, authority=clock)
    assert lifted.startswith(plain)
    assert (pades.report(plain, roots).level, pades.report(lifted, roots).level) == ("B-B", "B-LTA")
    assert pdf.validate(lifted) == []


def test_further_archive_stamp_covers_the_older_one(sealed, clock, roots):
    renewed = pades.stamp(sealed, authority=clock)
    report = pades.report(renewed, roots)
    assert renewed.startswith(sealed)
    assert (report.integrity, report.level, len(report.stamps)) == (Integrity.INTACT, "B-LTA", 3)
    assert pdf.validate(renewed) == []


def test_authority_that_does_not_answer_is_told_from_a_paper_that_cannot_be_sealed(unsigned, sealed):
    silent = Authority(url="http://127.0.0.1:9/")
    with pytest.raises(Unavailable):
        pades.seal(unsigned, signer=sample.seal_key(), authority=silent)
    with pytest.raises(ValueError, match="no empty seal field"):
        pades.seal(sealed, signer=sample.seal_key(), authority=silent)
    with pytest.raises(Unavailable):
        pades.stamp(sealed, authority=silent)


def test_authorities_come_in_the_order_of_the_settings_and_the_own_clock_last(settings):
    settings.SEAL_TSA_URLS = ["https://satu.example/", "https://dua.example/"]
    assert [each.url or "jam" for each in timestamps.authorities()] == [*settings.SEAL_TSA_URLS, "jam"]
    settings.SEAL_TSA_LOCAL, settings.SEAL_TSA_URLS = False, []
    assert list(timestamps.authorities()) == []


def test_own_clock_and_lists_of_the_revoked_are_made_once_and_renewed_weekly():
    assert certificates.tsa_key() == certificates.tsa_key()
    usage = certificates.tsa_key().certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert [purpose._name for purpose in usage.value] == ["timeStamping"]
    now = datetime.now(UTC)
    first = revocation.crls(now=now)
    assert revocation.crls(now=now + timedelta(days=6)) == first
    later = revocation.crls(now=now + timedelta(days=8))
    assert later != first
    for crl in [*first, *later]:
        assert crl.next_update_utc - crl.last_update_utc >= timedelta(days=30)
        assert crl.public_bytes(serialization.Encoding.DER)[-1] not in (0x0A, 0x0D)


# --- judging ----------------------------------------------------------------------------------------------------


def test_words_name_the_clock_as_the_office_s_own(sealed, roots):
    found = checks(sealed, roots)["timestamp"]
    assert found.status == Status.OK
    assert found.message.startswith("Stempel waktu ")
    assert found.message.endswith("(segel lokal), menurut jam kantor.")
    assert [stamp["archive"] for stamp in found.facts["stamps"]] == [True, False]


def test_one_bit_in_the_archive_stamp_breaks_the_timestamp_and_leaves_the_seal(sealed, roots):
    hole = sealed.rindex(b"/Contents <") + len(b"/Contents <")
    for offset in (60, 700, 2000, 4000, 5200):
        at = hole + offset
        digit = b"0" if sealed[at : at + 1] != b"0" else b"1"
        found = checks(sealed[:at] + digit + sealed[at + 1 :], roots)
        assert (found["seal"].status, found["timestamp"].status) == (Status.OK, Status.FAILED), offset
        assert found["timestamp"].message == "Stempel waktu rusak."


def test_one_digit_in_the_padding_of_the_archive_stamp_is_noticed(sealed, roots):
    end = sealed.index(b">", sealed.rindex(b"/Contents <"))
    changed = sealed[: end - 2] + b"1" + sealed[end - 1 :]
    assert not verification.verify_file(changed, roots=roots).valid


def test_one_bit_in_the_seal_breaks_the_seal(sealed, roots):
    hole = sealed.index(b"/Contents <") + len(b"/Contents <")
    for offset in (60, 1200, 3000):
        at = hole + offset
        digit = b"0" if sealed[at : at + 1] != b"0" else b"1"
        found = checks(sealed[:at] + digit + sealed[at + 1 :], roots)
        assert found["seal"].message == "Segel tidak sah.", offset


def test_archive_stamp_cut_off_leaves_the_level_below(sealed, roots):
    ends = [at + 6 for at in range(len(sealed)) if sealed.startswith(b"%%EOF\n", at)]
    without = sealed[: ends[-2]]
    report = verification.verify_file(without, roots=roots)
    assert (report.valid, report.pades_level) == (True, "B-LT")
    bare = sealed[: ends[-3]]
    report = verification.verify_file(bare, roots=roots)
    assert (report.valid, report.pades_level) == (True, "B-T")


@pytest.mark.parametrize("tail", [b"% komentar\n", b"\0" * 650, b"x"])
def test_bytes_behind_the_revision_of_certificates_are_counted(sealed, roots, tail):
    ends = [at + 6 for at in range(len(sealed)) if sealed.startswith(b"%%EOF\n", at)]
    found = checks(sealed[: ends[-2]] + tail, roots)
    assert found["file_integrity"].status == Status.FAILED
    assert found["file_integrity"].message.startswith("Ada ")


@pytest.mark.parametrize("tail", [b"% komentar\n", b"\0" * 650, b"\nstartxref\n0\n%%EOF\n"])
def test_bytes_behind_the_archive_stamp_are_counted(sealed, roots, tail):
    found = checks(sealed + tail, roots)["file_integrity"]
    assert found.message == f"Ada {len(tail)} bita tambahan di belakang segel."


def test_clock_of_an_unknown_root_is_named(unsigned, sealed, settings, tmp_path, roots):
    settings.DATA_DIR = tmp_path
    foreign = Authority(key=certificates.tsa_key())
    stamped = pades.stamp(sealed, authority=foreign)
    found = checks(stamped, roots)["timestamp"]
    assert found.status == Status.FAILED
    assert found.message.startswith("Akar sertifikat stempel waktu dari Jam Netralitas")


def test_stamp_over_other_bytes_is_broken(unsigned, sealed, clock, roots):
    """A genuine token from another file in the place of the right one."""
    other = pades.seal(sealer.blank_paper(), signer=sample.seal_key(), authority=clock)
    here, there = (data.rindex(b"/Contents <") + len(b"/Contents <") for data in (sealed, other))
    size = sealed.index(b">", here) - here
    swapped = sealed[:here] + other[there : there + size] + sealed[here + size :]
    found = checks(swapped, roots)
    assert found["timestamp"].message == "Stempel waktu rusak."
    assert found["seal"].status == Status.OK
