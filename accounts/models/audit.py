from django.db import models
from django.db.models import Q

GENESIS = "0" * 64


class AuditStream(models.Model):
    """Head of one chain ("office:7", "event:<uuid>", "system"); its row is the lock of the chain."""

    name = models.CharField("rangkaian", max_length=80, primary_key=True)
    head_seq = models.PositiveIntegerField("nomor terakhir", default=0)
    head_hash = models.CharField("sidik terakhir", max_length=64, default=GENESIS)

    class Meta:
        verbose_name = "rangkaian log"
        verbose_name_plural = "rangkaian log"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="audit_stream_has_name"),
        ]

    def __str__(self):
        return self.name


class AuditEntryQuerySet(models.QuerySet):
    def of(self, target):
        """The chain that tells about the target (an office, an event)."""
        return self.filter(stream_id=target.audit_stream)


class AuditEntry(models.Model):
    """What somebody did, written in the transaction of the deed. Triggers forbid UPDATE and DELETE."""

    class ActorKind(models.TextChoices):
        USER = "user", "Pengguna"
        DEVICE = "device", "Tablet"
        LINK = "link", "Tautan pribadi"
        SYSTEM = "system", "Sistem"

    stream = models.ForeignKey(AuditStream, models.PROTECT, related_name="entries", verbose_name="rangkaian")
    seq = models.PositiveIntegerField("nomor")
    at = models.DateTimeField("waktu")
    actor_kind = models.CharField("jenis pelaku", max_length=16)
    actor_id = models.CharField("kode pelaku", max_length=64, blank=True)
    actor_label = models.CharField("pelaku", max_length=200)
    verb = models.CharField("perbuatan", max_length=80)
    object_type = models.CharField("jenis objek", max_length=80)
    object_id = models.CharField("kode objek", max_length=64)
    object_label = models.CharField("objek", max_length=300)
    facts = models.JSONField("rincian", default=dict)
    ip = models.CharField("alamat IP", max_length=45, blank=True)
    prev_hash = models.CharField("sidik sebelumnya", max_length=64)
    hash = models.CharField("sidik", max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "log audit"
        verbose_name_plural = "log audit"
        ordering = ["stream_id", "seq"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
            models.Index(fields=["verb", "at"], name="audit_by_verb"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="audit_seq_is_unique_in_stream"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="audit_seq_starts_at_one"),
            models.CheckConstraint(condition=~Q(verb=""), name="audit_entry_has_verb"),
        ]

    def __str__(self):
        return f"{self.stream_id}#{self.seq} {self.verb}"
