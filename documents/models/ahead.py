import uuid

from django.db import models
from django.utils import timezone

from accounts.models import Office

from ..querysets import AheadPaperQuerySet
from .documents import new_token


class AheadPaper(models.Model):
    """A paper that is printed before it is ordered, as if it were ordered now (PDF.md §2.4, level A).

    ``id`` and ``public_token`` are reserved for the document to be, because the paper prints them. ``key`` is the hash
    of all that the printed file depends on: only a document with the same one uses the file. Never registered, never
    handed out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_token = models.CharField(max_length=26, unique=True, default=new_token, editable=False)
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="ahead_papers", verbose_name="kantor"
    )
    kind = models.CharField("jenis", max_length=40)
    source = models.CharField("sumber", max_length=120)
    event_code = models.CharField("kode kegiatan", max_length=40, blank=True)
    # As things stood when somebody last looked whether the paper can be made; another one means look again.
    mark = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=64, blank=True)
    unsigned_sha256 = models.CharField(max_length=64, blank=True)
    unsigned_size = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField("halaman", default=0)
    versions = models.JSONField("versi perangkat lunak", default=dict)
    made_at = models.DateTimeField("dibuat pada", null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AheadPaperQuerySet.as_manager()

    class Meta:
        verbose_name = "dokumen yang dibuat lebih awal"
        verbose_name_plural = "dokumen yang dibuat lebih awal"
        constraints = [
            models.UniqueConstraint(fields=["kind", "source"], name="one_ahead_paper_per_source"),
        ]

    def __str__(self):
        return f"{self.kind} {self.source}"
