"""The local PKI: made once, encrypted, private, renewed in time."""

import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings as django_settings

from accounts.refusals import Refusal
from documents import certificates, pades
from documents.certificates import ensure_office_seal, load_signer, trusted_roots

OFFICE = "Panwaslu Kecamatan Cerme"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def pki(settings, tmp_path, monkeypatch) -> Path:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(certificates, "KDF_ROUNDS", 1000)
    return tmp_path / "pki"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_use_makes_root_intermediate_and_seal():
    key = ensure_office_seal(1, OFFICE, now=NOW)
    intermediate, root = key.chain
    assert key.name == "Panwaslu Kecamatan Cerme (segel lokal)"
    assert key.office_name == OFFICE
    assert key.is_local
    assert [
        certificate.subject == certificate.issuer for certificate in (key.certificate, intermediate, root)
    ] == [
        False,
        False,
        True,
    ]
    key.certificate.verify_directly_issued_by(intermediate)
    intermediate.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert all("(segel lokal)" in certificates.common_name(item.subject) for item in (intermediate, root))


def test_lives_and_purposes_of_the_three_certificates():
    key = ensure_office_seal(1, OFFICE, now=NOW)
    lives = [(item.not_valid_after_utc - NOW).days for item in (key.certificate, *key.chain)]
    assert lives == [2 * 365, 10 * 365, 20 * 365]
    usage = key.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    limits = [
        item.extensions.get_extension_for_class(x509.BasicConstraints).value
        for item in (key.certificate, *key.chain)
    ]
    assert [(limit.ca, limit.path_length) for limit in limits] == [(False, None), (True, 0), (True, 1)]
    assert isinstance(key.private_key.curve, ec.SECP256R1)


def test_everything_on_disk_is_private_and_keys_are_encrypted(pki):
    ensure_office_seal(1, OFFICE)
    files = [path for path in pki.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"root.p12", "intermediate.p12", "1.p12"}
    assert {mode(path) for path in files} == {0o600}
    assert {mode(path) for path in (pki, *pki.rglob("*")) if path.is_dir()} == {0o700}
    for path in pki.rglob("*.p12"):
        with pytest.raises(ValueError, match="password"):
            pkcs12.load_key_and_certificates(path.read_bytes(), b"bukan sandinya")
        assert bytes.fromhex("06092a864886f70d01050d") in path.read_bytes()  # PBES2
    assert not [path for path in files if b"PRIVATE KEY" in path.read_bytes()]


def test_second_call_gives_the_same_seal_and_another_office_another():
    first = ensure_office_seal(1, OFFICE)
    assert ensure_office_seal(1, OFFICE).fingerprint == first.fingerprint
    other = ensure_office_seal(2, "Bawaslu Kabupaten Gresik")
    assert other.fingerprint != first.fingerprint
    assert other.chain == first.chain


CHILD = """
import sys
from pathlib import Path
from django.conf import settings
settings.configure(DATA_DIR=Path(sys.argv[1]), SEAL_PASSPHRASE="sandi")
from documents.certificates import ensure_office_seal
print(ensure_office_seal(1, "Kantor").fingerprint)
"""


def test_processes_that_start_together_make_one_authority_and_one_seal(pki, settings):
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(pki.parent)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=django_settings.BASE_DIR,
        )
        for _ in range(4)
    ]
    printed = [child.communicate(timeout=60)[0].strip() for child in children]
    settings.SEAL_PASSPHRASE = "sandi"
    assert printed == [load_signer(1).fingerprint] * 4
    assert len(list((pki / "roots").glob("*.pem"))) == 1
    assert [path for path in pki.rglob(".*") if path.is_file() and path.name != ".kunci"] == []


@pytest.mark.parametrize("left", [timedelta(days=59), timedelta(days=-5)])
def test_a_local_seal_renews_itself_before_and_after_its_end(left):
    old = ensure_office_seal(1, OFFICE, now=NOW)
    later = old.expires - left
    new = ensure_office_seal(1, OFFICE, now=later)
    assert new.fingerprint != old.fingerprint
    assert new.days_left(later) == 2 * 365
    assert load_signer(1, now=later).fingerprint == new.fingerprint


def test_a_seal_with_61_days_left_stays():
    old = ensure_office_seal(1, OFFICE, now=NOW)
    assert ensure_office_seal(1, OFFICE, now=old.expires - 61 * DAY).fingerprint == old.fingerprint


def test_days_left_counts_to_the_first_end_in_the_chain():
    key = ensure_office_seal(1, OFFICE, now=NOW)
    assert key.days_left(NOW) == 730
    assert key.days_left(NOW + 731 * DAY) == -1


@pytest.mark.parametrize(
    ("moment", "message"),
    [
        (NOW + 731 * DAY, r"berakhir pada 29-02-2028"),
        (NOW - DAY, "belum berlaku. Periksa jam peladen"),
    ],
)
def test_a_seal_outside_its_life_is_refused_with_the_reason(moment, message):
    ensure_office_seal(1, OFFICE, now=NOW)
    with pytest.raises(Refusal, match=message):
        load_signer(1, now=moment)


def test_sealing_refuses_an_expired_certificate():
    key = ensure_office_seal(1, OFFICE, now=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(Refusal, match="berakhir pada"):
        pades.seal(b"%PDF", signer=key)


def test_an_expired_authority_makes_no_more_seals():
    ensure_office_seal(1, OFFICE, now=NOW)
    with pytest.raises(Refusal, match=r"Penerbit Segel Netralitas .* berakhir pada"):
        ensure_office_seal(2, OFFICE, now=NOW + 11 * 365 * DAY)


def test_no_seal_of_an_office_outlives_its_authority():
    ensure_office_seal(1, OFFICE, now=NOW)
    late = ensure_office_seal(2, OFFICE, now=NOW + 9 * 365 * DAY)
    assert late.expires <= late.chain[0].not_valid_after_utc


def test_a_wrong_passphrase_says_so(settings):
    ensure_office_seal(1, OFFICE)
    settings.SEAL_PASSPHRASE = "lain"
    with pytest.raises(Refusal, match="Kata sandi kunci segel salah"):
        load_signer(1)
    settings.SEAL_PASSPHRASE = ""
    with pytest.raises(Refusal, match="belum diatur"):
        load_signer(1)


def test_a_damaged_key_file_says_so(pki):
    ensure_office_seal(1, OFFICE)
    (pki / "offices" / "1.p12").write_bytes(b"rusak")
    with pytest.raises(Refusal, match="berkas kunci rusak"):
        load_signer(1)


def test_an_office_without_seal_is_refused():
    with pytest.raises(Refusal, match="belum memiliki sertifikat segel"):
        load_signer(99)


@pytest.mark.parametrize("office_id", ["../x", "a/b", "", "."])
def test_an_office_id_never_leaves_the_folder(office_id):
    with pytest.raises(ValueError, match="office id"):
        ensure_office_seal(office_id, OFFICE)


@pytest.mark.parametrize(
    ("office", "name"),
    [
        ("Panwaslu Kecamatan Cerme", "Panwaslu Kecamatan Cerme (segel lokal)"),
        ("  Bawaslu   Kota Parepare ", "Bawaslu Kota Parepare (segel lokal)"),
        ("", "Kantor (segel lokal)"),
        ("Panitia Pengawas Pemilihan Umum Kecamatan Cerme Kabupaten Gresik",
         "Panitia Pengawas Pemilihan Umum Kecamatan Cerme… (segel lokal)"),
    ],
)  # fmt: skip
def test_seal_names_fit_the_certificate(office, name):
    assert certificates.seal_name(office) == name
    assert len(name.encode()) <= 64
    assert ensure_office_seal(1, office).name == name


def test_trusted_roots_are_ours_and_those_given_by_hand(pki, tmp_path):
    root = ensure_office_seal(1, OFFICE).chain[-1]
    (pki / "roots" / "rusak.pem").write_text("bukan sertifikat")
    assert trusted_roots() == [root]
    given = tmp_path / "lain.der"
    given.write_bytes(root.public_bytes(serialization.Encoding.DER))
    assert trusted_roots([given]) == [root]
    assert certificates.root_pem() == root.public_bytes(serialization.Encoding.PEM)


def test_a_file_given_by_hand_without_certificate_is_an_error(tmp_path):
    given = tmp_path / "kosong.pem"
    given.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(ValueError, match="no certificate"):
        trusted_roots([given])
    with pytest.raises(ValueError, match="no certificate"):
        trusted_roots([tmp_path / "tiada.pem"])


def test_publishing_the_root_makes_the_authority(pki):
    assert certificates.root_pem().startswith(b"-----BEGIN CERTIFICATE-----")
    assert len(trusted_roots()) == 1


def test_no_certificate_ends_like_a_line():
    """A validator takes such a last byte for the end of line (PDF.md §3.5)."""
    endings = {
        item.public_bytes(serialization.Encoding.DER)[-1]
        for number in range(20)
        for item in (lambda key: (key.certificate, *key.chain))(ensure_office_seal(number, OFFICE))
    }
    assert endings.isdisjoint({0x0A, 0x0D})


def test_test_seal_proves_key_and_certificate():
    pades.try_seal(ensure_office_seal(1, OFFICE))


def test_test_seal_refuses_a_key_of_another_certificate():
    mine, other = ensure_office_seal(1, OFFICE), ensure_office_seal(2, "Kantor lain")
    wrong = certificates.SealKey(other.private_key, mine.certificate, mine.chain)
    with pytest.raises(Refusal, match="Segel uji tidak berhasil"):
        pades.try_seal(wrong)
