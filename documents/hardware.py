"""PURE: seal keys in a hardware module (PKCS#11). The key never leaves it: only digests go in, signatures come out.

Library, token and PIN belong to the installation (SEAL_PKCS11_*). The key of an office is found by its label, in which
``{kantor}`` is the office's number; its certificate lies beside it under the same label.
"""

import hashlib
import os
import threading
from dataclasses import dataclass

from cryptography import x509
from django.conf import settings

from accounts.refusals import Refusal

from .certificates import SealKey, trusted_roots
from .uploaded_keys import chain_of

NOT_INSTALLED = (
    "Dukungan modul perangkat keras (PKCS#11) belum terpasang. Minta pengelola server memasang python-pkcs11."
)
NOT_SET = "Modul perangkat keras belum diatur (SEAL_PKCS11_LIBRARY, SEAL_PKCS11_TOKEN, SEAL_PKCS11_PIN)."
WRONG_PIN = "Kata sandi kunci segel salah (PIN modul perangkat keras). Periksa SEAL_PKCS11_PIN."
LOCKED = "Modul perangkat keras terkunci karena PIN berkali-kali salah. Hubungi pengelola modul."
NOT_REACHED = "Modul perangkat keras tidak dapat dihubungi. Periksa sambungan dan pengaturannya."

_lock = threading.RLock()  # a session signs one thing at a time
_sessions: dict[tuple, object] = {}


@dataclass(frozen=True)
class ModuleKey:
    """A private key inside the module, found anew after the module was gone."""

    label: str
    is_rsa: bool

    def sign_raw(self, data: bytes, digest: str) -> bytes:
        return _asked(lambda session: self._sign(session, data, digest))

    def _sign(self, session, data: bytes, digest: str) -> bytes:
        import pkcs11
        from pkcs11.util.ec import encode_ecdsa_signature

        key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=self.label)
        if self.is_rsa:
            return key.sign(data, mechanism=getattr(pkcs11.Mechanism, f"{digest.upper()}_RSA_PKCS"))
        raw = key.sign(hashlib.new(digest, data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
        return encode_ecdsa_signature(raw)


def key_of(office_id: int | str) -> SealKey:
    """The office's key with its certificate and the authorities above it. Refusal with the reason."""
    label = settings.SEAL_PKCS11_KEY.replace("{kantor}", str(office_id))
    found, is_rsa = _asked(lambda session: _certificates(session, label))
    certificate = found.get(label)
    if certificate is None:
        raise Refusal(f"Kunci atau sertifikat berlabel {label} tidak ada di modul perangkat keras.")
    above = [item for name, item in found.items() if name != label]
    return SealKey(ModuleKey(label, is_rsa), certificate, chain_of(certificate, [*above, *trusted_roots()]))


def _certificates(session, label: str) -> tuple[dict[str, x509.Certificate], bool]:
    """Certificates by label, and whether the key is RSA; none under the label when its private key is missing."""
    import pkcs11

    kinds = pkcs11.ObjectClass
    found = {
        item[pkcs11.Attribute.LABEL]: x509.load_der_x509_certificate(item[pkcs11.Attribute.VALUE])
        for item in session.get_objects({pkcs11.Attribute.CLASS: kinds.CERTIFICATE})
    }
    try:
        key = session.get_key(object_class=kinds.PRIVATE_KEY, label=label)
    except pkcs11.NoSuchKey:
        found.pop(label, None)
        return found, False
    return found, key.key_type == pkcs11.KeyType.RSA


def _asked(question):
    """The answer of the module; once more with a new session when the old one is gone."""
    try:
        import pkcs11
    except ImportError as problem:
        raise Refusal(NOT_INSTALLED) from problem
    with _lock:
        try:
            return question(_session())
        except (
            pkcs11.SessionHandleInvalid,
            pkcs11.SessionClosed,
            pkcs11.UserNotLoggedIn,
            pkcs11.DeviceError,
        ):
            forget()
        except pkcs11.PKCS11Error as problem:
            raise Refusal(NOT_REACHED) from problem
        try:
            return question(_session())
        except pkcs11.PKCS11Error as problem:
            raise Refusal(NOT_REACHED) from problem


def forget() -> None:
    """Close what this process holds open; the next signature opens it again."""
    import pkcs11

    with _lock:
        for session in _sessions.values():
            try:
                session.close()
            except pkcs11.PKCS11Error:
                continue  # it is gone already
        _sessions.clear()


def _session():
    """Open once per process: what a parent opened is of no use after a fork."""
    import pkcs11

    library, token, pin = settings.SEAL_PKCS11_LIBRARY, settings.SEAL_PKCS11_TOKEN, settings.SEAL_PKCS11_PIN
    if not (library and token and pin):
        raise Refusal(NOT_SET)
    place = (os.getpid(), library, token, pin)
    if place in _sessions:
        return _sessions[place]
    try:
        _sessions[place] = pkcs11.lib(library).get_token(token_label=token).open(user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as problem:
        raise Refusal(WRONG_PIN) from problem
    except pkcs11.PinLocked as problem:
        raise Refusal(LOCKED) from problem
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as problem:
        raise Refusal(NOT_REACHED) from problem
    return _sessions[place]
