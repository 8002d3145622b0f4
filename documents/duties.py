"""What papers ask of people now: a job that failed, a certificate that is about to end."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.duties import Duty, holds
from accounts.refusals import Refusal
from accounts.roles import Permission

from . import certificates
from .certificates import RENEW_BEFORE
from .models import Document, SealSetting

MOST = 50  # lines of one kind


def papers_are_stuck(user) -> Iterator[Duty]:
    """Papers whose making or sealing has failed and waits for somebody; one query."""
    if not holds(user, Permission.DECLARATION_SEAL):
        return
    papers = Document.objects.visible_to(user, Permission.DECLARATION_SEAL).with_trouble()
    for paper in papers.filter(in_trouble=True).select_related("office").order_by("created_at")[:MOST]:
        url = reverse("documents:detail", args=[paper.pk])
        yield Duty("Pembuatan atau penyegelan dokumen gagal", url, "danger", paper.created_at, paper.title)


def certificates_end(user) -> Iterator[Duty]:
    """Certificates that offices uploaded themselves; our own are renewed by themselves. One query and a file each."""
    if not holds(user, Permission.OFFICE_MANAGE):
        return
    settings = SealSetting.objects.visible_to(user, Permission.OFFICE_MANAGE)
    for setting in settings.filter(backend=SealSetting.Backend.P12).select_related("office")[:MOST]:
        if problem := _problem(setting.office_id):
            url = reverse("documents:office_seal", args=[setting.office_id])
            yield Duty(problem, url, "danger", None, setting.office.name)


def _problem(office_id: int) -> str:
    try:
        left = certificates.uploaded_key(office_id).days_left()
    except Refusal:
        return "Sertifikat segel kantor tidak dapat dibuka"
    if left < 0:
        return "Sertifikat segel kantor sudah berakhir"
    return f"Sertifikat segel kantor berakhir {left} hari lagi" if left < RENEW_BEFORE.days else ""


SOURCES = (papers_are_stuck, certificates_end)
