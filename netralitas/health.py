"""``/healthz``: the process lives. ``/readyz``: it can do its work."""

import shutil
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Office
from accounts.refusals import Refusal
from accounts.writing import writing
from documents import certificates, revocation, signers
from documents.models import WorkerBeat

FREE_MB = 200
TSA_DAYS = 180
BEAT_AGE = timedelta(seconds=60)


@login_not_required
@require_safe
@never_cache
def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request):
    checks = {}
    for name, check in CHECKS.items():
        try:
            problem = check()
        except (DatabaseError, OSError) as error:
            problem = type(error).__name__
        checks[name] = {"ok": not problem, **({"problem": problem} if problem else {})}
    ready = all(check["ok"] for check in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def database_problem() -> str:
    """Write and forget one row: a read-only disk or a lost lock shows here."""
    with writing():
        WorkerBeat.objects.update_or_create(name="readyz", defaults={"at": timezone.now()})
    return ""


def migrations_problem() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} migrasi belum dijalankan" if missing else ""


def disk_problem() -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    return f"sisa ruang {free} MB" if free < FREE_MB else ""


def worker_problem() -> str:
    beat = WorkerBeat.objects.exclude(name="readyz").order_by("-at").first()
    if beat is None:
        return "pekerja belum pernah berjalan"
    return "" if timezone.now() - beat.at < BEAT_AGE else "pekerja berhenti"


def seal_problem() -> str:
    """Open the first office's seal key; a renewal that is due happens here."""
    office = Office.objects.active().order_by("pk").first()
    if office is None:
        return ""
    try:
        if signers.backend_of(office) != signers.Backend.BSRE:  # there an officer holds the key
            signers.signer_for(office).check()
    except Refusal as refusal:
        return refusal.message
    return ""


def timestamp_problem() -> str:
    """The own clock is good for a while yet, and the lists of revoked certificates can be made."""
    if not settings.SEAL_TSA_LOCAL:
        return ""
    try:
        left = certificates.tsa_key().days_left()
        revocation.crls()
    except Refusal as refusal:
        return refusal.message
    return f"sertifikat jam kantor berakhir dalam {left} hari" if left < TSA_DAYS else ""


CHECKS = {
    "database": database_problem,
    "migrations": migrations_problem,
    "disk": disk_problem,
    "worker": worker_problem,
    "seal": seal_problem,
    "timestamp": timestamp_problem,
}
