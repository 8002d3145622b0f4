"""Seal keys in a hardware module: SoftHSM stands for it, spoken to through its real library."""

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from accounts.refusals import Refusal
from documents import certificates, hardware, jobs, pades, seal_settings, signers, storage
from tests.accounts.factories import member, panwaslu_cerme
from tests.documents.factories import issue
from tests.documents.psre import Psre

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "4821"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    """One token for the module: the library reads its configuration once per process."""
    pytest.importorskip("pkcs11")
    if not LIBRARY.is_file():
        pytest.skip("softhsm2 is not installed")
    folder = tmp_path_factory.mktemp("hsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    _run("softhsm2-util", "--init-token", "--free", "--label", "kantor", "--pin", PIN, "--so-pin", "9999")
    return folder


def _run(*command):
    subprocess.run(command, check=True, capture_output=True)


def put(folder, label, private, issued):
    """A key and its certificate under one label, as an HSM's own tool would."""
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    path = folder / "kunci.pem"
    path.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    number = label.encode().hex()
    _run(
        "softhsm2-util",
        "--import",
        str(path),
        "--token",
        "kantor",
        "--label",
        label,
        "--id",
        number,
        "--pin",
        PIN,
    )
    hardware.forget()
    with pkcs11.lib(str(LIBRARY)).get_token(token_label="kantor").open(user_pin=PIN, rw=True) as session:
        attributes = decode_x509_certificate(issued.public_bytes(serialization.Encoding.DER))
        session.create_object({**attributes, pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: label})


@pytest.fixture
def module(token, settings):
    settings.SEAL_PKCS11_LIBRARY, settings.SEAL_PKCS11_TOKEN = str(LIBRARY), "kantor"
    settings.SEAL_PKCS11_PIN = PIN
    psre = Psre("PSrE Modul Uji")
    root = certificates.pki_folder() / "roots" / "modul-uji.pem"
    root.parent.mkdir(parents=True, exist_ok=True)
    root.write_bytes(psre.root.public_bytes(serialization.Encoding.PEM))
    yield psre
    hardware.forget()
    root.unlink()


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_key_in_the_module_seals_and_never_leaves_it(module, token, settings, kind):
    office = panwaslu_cerme()
    settings.SEAL_PKCS11_KEY = f"segel-{kind}-{{kantor}}"
    private = (
        ec.generate_private_key(ec.SECP256R1())
        if kind == "ec"
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    key, issued = module.issue(key=private)
    put(token, f"segel-{kind}-{office.pk}", key, issued)
    seal_settings.change_backend(office=office, backend="pkcs11", by=member(office, "administrator"))
    document = issue(office=office)
    assert jobs.run_pending().failed == 0
    document.refresh_from_db()
    assert (document.state, document.seal_plan["issuer"]) == ("sealed", "PSrE Modul Uji")
    report = pades.report(storage.read(document.file), certificates.trusted_roots())
    assert (report.genuine, report.trust) == (True, "trusted")
    assert document.certificate_fingerprint == certificates.fingerprint(issued)


def test_office_without_a_key_of_its_own_is_told_its_label(module):
    office = panwaslu_cerme()
    with pytest.raises(Refusal, match="tidak ada di modul"):
        signers.signer_for(office, "pkcs11")


def test_wrong_pin_is_visible_at_once(module, settings):
    settings.SEAL_PKCS11_PIN = "0000"
    with pytest.raises(Refusal, match="Kata sandi kunci segel salah"):
        signers.signer_for(panwaslu_cerme(), "pkcs11")


def test_missing_token_and_missing_library_are_told(module, settings):
    settings.SEAL_PKCS11_TOKEN = "lain"
    with pytest.raises(Refusal, match="tidak dapat dihubungi"):
        signers.signer_for(panwaslu_cerme(), "pkcs11")
    settings.SEAL_PKCS11_LIBRARY = "/tidak/ada.so"
    with pytest.raises(Refusal, match="tidak dapat dihubungi"):
        signers.signer_for(panwaslu_cerme(), "pkcs11")
