import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Office
from accounts.querysets import OfficeScopedQuerySet
from accounts.scope import is_known, reach
from events.models import Category

from ..evidence import DEFAULT_CONSENT
from ..placeholders import names_in


class Kind(models.TextChoices):
    """The five kinds of paper (DOMAIN §3.2)."""

    PLEDGE = "pledge", "Ikrar"
    DECLARATION = "declaration", "Deklarasi"
    JOINT_COMMITMENT = "joint_commitment", "Komitmen Bersama"
    INTEGRITY_PACT = "integrity_pact", "Pakta Integritas"
    MOU = "mou", "Nota Kesepahaman"


def _in_force(day) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


class LegalBasisQuerySet(models.QuerySet):
    def in_force_on(self, day):
        """Half-open validity: ``valid_from <= day < valid_to`` (DOMAIN §2.4)."""
        return self.filter(_in_force(day))

    def with_force_on(self, day):
        """Adds ``in_force`` (bool): may it be printed on that day?"""
        case = models.Case(models.When(_in_force(day), then=True), default=False)
        return self.annotate(in_force=models.ExpressionWrapper(case, models.BooleanField()))


class LegalBasis(models.Model):
    """One citation with the days on which it may be printed; an amendment is a row of its own."""

    key = models.SlugField("kunci", primary_key=True, max_length=60)
    short = models.CharField("singkatan", max_length=80)
    citation = models.CharField("kutipan lengkap", max_length=600)
    articles = models.CharField("pasal", max_length=300, blank=True)
    gist = models.CharField("pokok", max_length=600, blank=True)
    applies_to = models.JSONField("berlaku bagi", default=list)
    election_kinds = models.JSONField("jenis", default=list)
    valid_from = models.DateField("berlaku sejak")
    valid_to = models.DateField("tidak berlaku sejak", null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    confirmed = models.BooleanField("terkonfirmasi", default=False)
    note = models.CharField("catatan", max_length=600, blank=True)

    objects = LegalBasisQuerySet.as_manager()

    class Meta:
        verbose_name = "dasar hukum"
        verbose_name_plural = "dasar hukum"
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
                name="legal_basis_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return self.short

    def is_in_force(self, day) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class OwnTextsQuerySet(OfficeScopedQuerySet):
    """National reference texts are open to everybody who is signed in, an office's texts to whom the office is."""

    def visible_to(self, user, permission=None):
        if not is_known(user):
            return self.none()
        national = Q(**{f"{self.office_path}__isnull": True})
        return self.filter(national | reach(user, self.office_path, permission))


class PledgeTextQuerySet(OwnTextsQuerySet):
    def reference(self):
        return self.filter(office=None)

    def with_newest(self):
        """Adds ``by_number``: the versions, newest first; one query more, however many texts there are."""
        newest_first = TextVersion.objects.order_by("-number")
        return self.prefetch_related(models.Prefetch("versions", newest_first, to_attr="by_number"))


class PledgeText(models.Model):
    """A text with a history of versions; without an office it is a national reference text."""

    key = models.SlugField("kunci", max_length=80, unique=True)
    title = models.CharField("judul", max_length=300)
    kind = models.CharField("jenis", max_length=16, choices=Kind)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="pledge_texts", null=True, blank=True, verbose_name="kantor"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PledgeTextQuerySet.as_manager()

    class Meta:
        verbose_name = "naskah"
        verbose_name_plural = "naskah"
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["pledge", "declaration", "joint_commitment", "integrity_pact", "mou"]),
                name="text_kind_known",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("declarations:text", args=[self.key])

    @property
    def audit_stream(self) -> str:
        return f"office:{self.office_id}" if self.office_id else "texts"

    @property
    def is_reference(self) -> bool:
        return self.office_id is None


class TextVersionQuerySet(OwnTextsQuerySet):
    office_path = "pledge_text__office"

    def published(self):
        return self.exclude(state=TextVersion.State.DRAFT)

    def approved(self):
        return self.filter(state=TextVersion.State.APPROVED)

    def usable_by(self, office):
        """What a paper of this office may carry: approved reference texts and the office's own published ones."""
        return self.filter(
            Q(pledge_text__office=None, state=TextVersion.State.APPROVED)
            | Q(pledge_text__office=office, state__in=TextVersion.PUBLISHED_STATES)
        )


class TextVersion(models.Model):
    """Exactly what people hear and sign. Once published its words never change (trigger); a change is a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draf"
        PUBLISHED = "published", "Menunggu persetujuan"
        APPROVED = "approved", "Disetujui"

    class Origin(models.TextChoices):
        AS_PRINTED = "as_printed", "Sebagaimana tercetak"
        VERBATIM = "verbatim", "Kutipan apa adanya"
        RECONSTRUCTED = "reconstructed", "Rekonstruksi, perlu persetujuan"
        LOCAL = "local", "Disusun kantor"
        EXAMPLE = "example", "Contoh"

    PUBLISHED_STATES = [State.PUBLISHED, State.APPROVED]
    TONES = {State.DRAFT: "muted", State.PUBLISHED: "waiting", State.APPROVED: "done"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pledge_text = models.ForeignKey(
        PledgeText, models.PROTECT, related_name="versions", verbose_name="naskah"
    )
    number = models.PositiveSmallIntegerField("versi")
    title = models.CharField("judul", max_length=400)
    opening = models.TextField("pembuka", blank=True)
    # Strings in order; in a Nota Kesepahaman the first line of each is the heading of the Pasal.
    points = models.JSONField("butir", default=list)
    closing = models.TextField("penutup", blank=True)
    consent = models.CharField("kalimat persetujuan", max_length=300, default=DEFAULT_CONSENT)
    applies_to = models.JSONField("untuk unsur", default=list)
    legal_bases = models.ManyToManyField(
        LegalBasis, related_name="text_versions", blank=True, verbose_name="dasar hukum"
    )
    origin = models.CharField("asal naskah", max_length=13, choices=Origin, default=Origin.LOCAL)
    source_note = models.TextField("catatan sumber", blank=True)
    reference = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="derived", verbose_name="naskah rujukan"
    )
    state = models.CharField("status", max_length=9, choices=State, default=State.DRAFT)
    sha256 = models.CharField("sidik naskah", max_length=64, blank=True, default="", editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    approval_note = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TextVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "versi naskah"
        verbose_name_plural = "versi naskah"
        ordering = ["pledge_text", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["pledge_text", "number"], name="one_text_version_per_number"),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(sha256=""), name="published_text_version_has_hash"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "approved"]), name="text_version_state_known"
            ),
        ]

    def __str__(self):
        return f"{self.title} (versi {self.number})"

    def get_absolute_url(self):
        return reverse("declarations:version", args=[self.pk])

    @property
    def audit_stream(self) -> str:
        return self.pledge_text.audit_stream

    @property
    def kind(self) -> str:
        return self.pledge_text.kind

    @property
    def office(self):
        """The office whose text it is; None for a national reference text."""
        return self.pledge_text.office

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def state_tone(self) -> str:
        return self.TONES[self.state]

    @property
    def state_note(self) -> str:
        """One sentence for people: what this state means for them."""
        return {
            self.State.DRAFT: "Masih disusun. Terbitkan agar dapat dipakai.",
            self.State.PUBLISHED: "Sudah diterbitkan dan menunggu persetujuan pengawas.",
            self.State.APPROVED: "Disetujui dan dapat dipakai.",
        }[self.state]

    @property
    def articles(self) -> list[tuple[str, str]]:
        """(heading, body) of each point; only the Pasal of a Nota Kesepahaman has a heading, its first line."""
        if self.kind != Kind.MOU:
            return [("", point) for point in self.points]
        return [
            (head if body else "", body or head) for head, _, body in (p.partition("\n") for p in self.points)
        ]

    @property
    def addressees(self) -> list[str]:
        """Labels of the categories this text speaks for."""
        labels = {**dict(Category.choices), "lurah": "Lurah (PNS)", "semua": "Semua unsur"}
        return [labels.get(key, key) for key in self.applies_to]

    @property
    def open_placeholders(self) -> list[str]:
        return names_in(self.content)

    @property
    def content(self) -> dict:
        """The canonical text object whose SHA-256 every record names; absent fields are left out (KIOSK §7.1)."""
        parts = {
            "title": self.title,
            "opening": self.opening,
            "points": list(self.points),
            "closing": self.closing,
            "consent": self.consent,
        }
        return {key: value for key, value in parts.items() if value}
