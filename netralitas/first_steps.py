"""*Langkah pertama*: what a fresh office, or a fresh installation, still has to do before its first event.

Computed on every visit from what is there; nothing is stored, and the list goes away by itself when all of it is done.
"""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.access import may
from accounts.models import AuditEntry, Membership, Office
from accounts.roles import Permission, Role
from declarations.models import Declaration, PledgeText
from events.models import Device, Event
from regions.models import Region

SEAL_VERBS = ("seal.tested", "seal.backend_changed", "seal.certificate_uploaded")


class FirstStep(NamedTuple):
    """``url`` is empty when somebody else must do it; ``text`` then says who."""

    title: str
    text: str
    done: bool
    url: str = ""
    action: str = ""


def steps_of(user, office: Office | None) -> list[FirstStep]:
    """The steps for the user's office; for a superuser without office those of the installation. [] when all is done."""
    if office is not None:
        found = office_steps(user, office)
    else:
        found = installation_steps() if user.is_superuser else []
    return found if any(not step.done for step in found) else []


def office_steps(user, office: Office) -> list[FirstStep]:
    """One query. [] for who neither manages the office nor plans its events, and once an event of it is over."""
    manages = may(user, Permission.OFFICE_MANAGE, office).allowed
    plans = may(user, Permission.EVENT_PLAN, office).allowed
    if not (manages or plans):
        return []
    state = _state_of(office)
    if state.has_past:
        return []
    texts, create = reverse("declarations:texts"), reverse("events:create")
    tablets = reverse("declarations:tablets", args=[state.newest]) if state.newest else ""
    by_manager = "Dilakukan oleh administrator kantor."
    by_organizer = "Dilakukan oleh penyelenggara."
    return [
        FirstStep(
            "Kop surat dan pejabat",
            "Nama kantor, alamat, ketua, dan kode surat dicetak pada setiap berkas.",
            office.has_complete_letterhead,
            *_for(manages, reverse("accounts:letterhead", args=[office.pk]), "Isi kop surat", by_manager),
        ),
        FirstStep(
            "Petugas",
            "Tugaskan setidaknya satu penyelenggara beserta masa tugasnya.",
            state.has_organizer,
            *_for(manages, reverse("accounts:add_member", args=[office.pk]), "Tugaskan orang", by_manager),
        ),
        FirstStep(
            "Segel kantor",
            "Buat satu segel uji, supaya penyegelan tidak gagal pada hari kegiatan.",
            state.has_seal,
            reverse("documents:office_seal", args=[office.pk]),
            "Periksa segel",
        ),
        FirstStep(
            "Naskah",
            "Pilih naskah ikrar atau deklarasi, atau salin naskah rujukan lalu sesuaikan.",
            state.has_text,
            *_for(plans, texts, "Buka naskah", by_organizer),
        ),
        FirstStep(
            "Kegiatan pertama",
            "Cukup nama dan wilayah untuk mulai; peserta diisi dari data wilayah.",
            bool(state.newest),
            *_for(plans, create, "Buat kegiatan", by_organizer),
        ),
        FirstStep(
            "Tablet",
            "Pasangkan satu tablet dan coba tanda tangan sebelum hari kegiatan.",
            state.has_tablet,
            *_for(plans and bool(tablets), tablets, "Pasangkan tablet", ""),
        ),
    ]


def installation_steps() -> list[FirstStep]:
    """For who has just set the house up and belongs to no office."""
    offices = reverse("admin:accounts_office_add")
    return [
        FirstStep(
            "Data wilayah",
            "Jalankan manage.py load_regions pada peladen.",
            Region.objects.exists(),
        ),
        FirstStep(
            "Naskah rujukan",
            "Jalankan manage.py load_reference_data pada peladen.",
            PledgeText.objects.reference().exists(),
        ),
        FirstStep(
            "Kantor pertama",
            "Daftarkan Bawaslu tertinggi yang memakai aplikasi ini; kantor di bawahnya didaftarkan dari halaman kantor itu.",
            Office.objects.exists(),
            offices,
            "Daftarkan kantor",
        ),
        FirstStep(
            "Administrator kantor",
            "Tugaskan seorang administrator; ia menugaskan orang lain di kantornya.",
            Membership.objects.active().filter(role=Role.ADMINISTRATOR).exists(),
            reverse("accounts:offices"),
            "Buka daftar kantor",
        ),
    ]


def _for(allowed: bool, url: str, action: str, otherwise: str) -> tuple[str, str]:
    return (url, action) if allowed else ("", otherwise)


def _state_of(office: Office) -> Office:
    """What is there already, as attributes of one row."""
    own = OuterRef("pk")
    events = Event.objects.plans().filter(office=own)
    organizers = Membership.objects.filter(office=own, role=Role.ORGANIZER, revoked_at=None)
    return Office.objects.annotate(
        newest=Subquery(events.order_by("-created_at").values("code")[:1]),
        has_past=Exists(events.filter(state__in=[Event.State.CLOSED, Event.State.ARCHIVED])),
        has_organizer=Exists(organizers.exclude(ends__lt=timezone.localdate())),
        has_seal=Exists(AuditEntry.objects.filter(stream_id=office.audit_stream, verb__in=SEAL_VERBS)),
        has_text=Exists(PledgeText.objects.filter(office=own))
        | Exists(Declaration.objects.filter(event__office=own)),
        has_tablet=Exists(Device.objects.filter(event__office=own)),
    ).get(pk=office.pk)
