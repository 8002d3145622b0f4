"""How papers, their hashes and their jobs are chosen."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.querysets import OfficeScopedQuerySet

BEAT_ALIVE = timedelta(seconds=30)


class DocumentQuerySet(OfficeScopedQuerySet):
    def living(self):
        """Papers that are on their way or in force: neither superseded nor void."""
        return self.filter(state__in=self.model.LIVING_STATES)

    def unsealed(self):
        return self.filter(state__in=self.model.UNSEALED_STATES)

    def sealed(self):
        return self.filter(state=self.model.State.SEALED)

    def published(self):
        """Papers that were sealed once: the public page knows exactly these."""
        return self.filter(sealed_at__isnull=False)

    def with_file(self):
        """Papers that can be handed out."""
        return self.published().exclude(file="")

    def with_trouble(self):
        """``in_trouble``: a job of the paper has failed and waits for somebody."""
        failed = {"document": OuterRef("pk"), "state": "failed"}
        jobs = [relation.related_model for relation in (self.model.renderjobs.rel, self.model.sealjobs.rel)]
        return self.annotate(
            in_trouble=Exists(jobs[0].objects.filter(**failed)) | Exists(jobs[1].objects.filter(**failed))
        )

    def search(self, text: str):
        """Number, title, code or title of the event contain the text."""
        return self.filter(
            Q(number__icontains=text)
            | Q(title__icontains=text)
            | Q(event_code__icontains=text)
            | Q(public__event__icontains=text)
        )

    def signed_by_post(self, text: str):
        """Somebody signed whose post contains every word of the text."""
        chosen = self
        for word in text.split():
            chosen = chosen.filter(posts__icontains=word)
        return chosen

    def sealed_between(self, first=None, last=None):
        """Sealed on one of these days (both included, either may be open), in the zone of the installation."""
        zone, chosen = ZoneInfo(settings.TIME_ZONE), self
        if first:
            chosen = chosen.filter(sealed_at__gte=datetime.combine(first, time.min, zone))
        if last:
            chosen = chosen.filter(sealed_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone))
        return chosen


class LetterNumberQuerySet(OfficeScopedQuerySet):
    def in_book_order(self):
        return self.order_by("year", "sequence", "suffix")


class JobQuerySet(OfficeScopedQuerySet):
    office_path = "document__office"

    def claimable(self, now=None):
        """Waiting jobs whose time has come, and running ones whose worker let the lease run out."""
        now = now or timezone.now()
        states = self.model.State
        return self.filter(
            Q(state=states.WAITING, run_after__lte=now) | Q(state=states.RUNNING, lease_until__lt=now)
        )

    def unfinished(self):
        return self.exclude(state=self.model.State.DONE)

    def failed(self):
        return self.filter(state=self.model.State.FAILED)

    def in_trouble(self):
        """Failed, or put off with a reason."""
        states = self.model.State
        return self.filter(
            Q(state=states.FAILED)
            | Q(state=states.WAITING) & ~Q(last_error__in=["", self.model.WAITS_FOR_OFFICER])
        )


class WorkerBeatQuerySet(models.QuerySet):
    def workers(self):
        return self.exclude(name="readyz")

    def alive(self, now=None):
        return self.workers().filter(at__gte=(now or timezone.now()) - BEAT_ALIVE)


class AheadPaperQuerySet(OfficeScopedQuerySet):
    def free(self, now=None):
        """Nobody makes them at this moment."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=now or timezone.now()))
