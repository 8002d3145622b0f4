"""The Signer port: which key seals the papers of an office, and what the paper says of it (PDF.md §4.3, §4.6).

local    own authority of this installation      p12     uploaded certificate, key below DATA_DIR/pki
pkcs11   key in a hardware module                bsre    an officer signs at the gateway; no key here
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.refusals import Refusal
from regions.wording import long_date_no_day

from . import bsre, certificates, hardware, pades, papers
from .certificates import RENEW_BEFORE, SealKey
from .models import Document, SealSetting

Backend = SealSetting.Backend

NEVER = timedelta(days=3650)  # a job that only a person can go on with is not due by itself
TESTED_FOR = 600  # seconds for which a test seal that came out right is not made again
BSRE_SEAL = (
    "Dokumen ini ditandatangani secara elektronik menggunakan sertifikat elektronik yang diterbitkan oleh "
    "Balai Besar Sertifikasi Elektronik (BSrE)."
)
ISSUER_CHANGED = (
    "Penerbit sertifikat segel kantor berganti sesudah dokumen ini dibuat, sedangkan penerbit lama sudah tercantum "
    "padanya. Tarik dokumen ini dari penyegelan, lalu segel kembali."
)
NO_KEY_HERE = "Segel BSrE dibubuhkan oleh pejabat pada halaman dokumen."

_tested_at: dict[str, float] = {}

__all__ = ["NEVER", "backend_of", "planned_key", "signer_for", "status", "try_signer"]


@dataclass(frozen=True)
class SealStatus:
    """What the page shows; ``problem`` says why no paper can be sealed now, ``warning`` what will soon be one."""

    backend: str
    label: str
    key: SealKey | None = None
    problem: str = ""
    warning: str = ""

    @property
    def days_left(self) -> int | None:
        return self.key.days_left() if self.key else None

    @property
    def begins(self) -> datetime | None:
        return self.key.certificate.not_valid_before_utc if self.key else None


def backend_of(office) -> str:
    chosen = SealSetting.objects.filter(office=office).values_list("backend", flat=True).first()
    return chosen or Backend.LOCAL


def signer_for(office, backend: str | None = None) -> SealKey:
    """The key that seals for the office, ready to use. Refusal with the reason when there is none, or not now."""
    match backend or backend_of(office):
        case Backend.P12:
            return certificates.uploaded_key(office.pk)
        case Backend.PKCS11:
            return hardware.key_of(office.pk)
        case Backend.BSRE:
            raise Refusal(NO_KEY_HERE)
    return certificates.signer_for(office)


def plan_of(office) -> dict[str, str] | None:
    """What a paper frozen now will print of its seal; None for the local one. Refusal when the key cannot be had."""
    backend = backend_of(office)
    if backend == Backend.LOCAL:
        return None
    if backend == Backend.BSRE:
        return {"backend": backend}
    return {"backend": backend, "issuer": signer_for(office, backend).issuer}


def sentence(plan: dict | None) -> str:
    """The second sentence of the seal block (PDF.md §4.6)."""
    if plan is None:
        return papers.LOCAL_SEAL
    if is_interactive(plan):
        return BSRE_SEAL
    return f"Segel memakai sertifikat elektronik yang diterbitkan oleh {plan['issuer']}."


def is_interactive(plan: dict | None) -> bool:
    return plan is not None and plan["backend"] == Backend.BSRE


def planned_key(document: Document) -> SealKey:
    """The key the paper says it is sealed with; Refusal when another authority issues it now."""
    plan = document.seal_plan
    if plan is None:
        return signer_for(document.office, Backend.LOCAL)
    key = signer_for(document.office, plan["backend"])
    if key.issuer != plan["issuer"]:
        raise Refusal(ISSUER_CHANGED)
    return key


def status(office) -> SealStatus:
    """Read without a test seal."""
    backend = backend_of(office)
    label = Backend(backend).label
    if backend == Backend.BSRE:
        return SealStatus(backend, label, problem=bsre.setting_problem())
    key = None
    try:
        key = signer_for(office, backend)
        key.check()
    except Refusal as refusal:
        return SealStatus(backend, label, key, problem=refusal.message)
    return SealStatus(backend, label, key, warning=_warning(key, office))


def _warning(key: SealKey, office) -> str:
    left = key.days_left()
    if left >= RENEW_BEFORE.days:
        return ""
    ends = min(item.not_valid_after_utc for item in (key.certificate, *key.chain))
    day = long_date_no_day(ends.astimezone(ZoneInfo(office.time_zone)).date())
    return f"Sertifikat segel kantor berakhir {left} hari lagi ({day}). Siapkan penggantinya."


def try_signer(office, *, again: bool = False) -> str:
    """Make and check a test seal; the reason in words when it fails, "" when papers can be sealed.

    One that came out right is believed for ten minutes unless ``again``. For BSrE the gateway is only asked whether it
    is there: the seal itself needs the officer.
    """
    backend = backend_of(office)
    try:
        if backend == Backend.BSRE:
            return bsre.reach()
        key = signer_for(office, backend)
        key.check()
        if not again and time.monotonic() - _tested_at.get(key.fingerprint, -TESTED_FOR) < TESTED_FOR:
            return ""
        pades.try_seal(key)
    except Refusal as refusal:
        return refusal.message
    _tested_at[key.fingerprint] = time.monotonic()
    return ""
