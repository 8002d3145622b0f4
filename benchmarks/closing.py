"""From the click on *Tutup dan segel* to the sealed paper: python benchmarks/closing.py [rounds [size …]].

A real worker process beside a real database; the click is the POST of the button. "Ahead" waits until the worker has
printed the paper by itself, as it does when a hall has been quiet for twenty seconds; "plain" clicks at once.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="netralitas-bench-")
os.environ["HTTPS"] = "0"
os.environ["LOG_LEVEL"] = "WARNING"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netralitas.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.day import Day  # noqa: E402
from declarations.kiosk_intake import take_in_items  # noqa: E402
from documents.models import AheadPaper, Document  # noqa: E402

SIZES = (50, 500, 1500)
TABLETS = 5
GATE = 2.0  # seconds, for 500 printed ahead
PATIENCE = 180


class Click:
    """Seconds from the click: until the answer of the page, until the paper is sealed and registered."""

    def __init__(self, day: Day):
        client = Client(HTTP_HOST="localhost")
        client.force_login(day.staff)
        address = reverse("declarations:close_and_seal", args=[day.paper.pk])
        started = time.perf_counter()
        answer = client.post(address)
        self.answered = time.perf_counter() - started
        assert answer.status_code == 302, answer.content[:500]
        document = wait_for(lambda: Document.objects.sealed().filter(event_code=day.event.code).first())
        self.sealed = time.perf_counter() - started
        assert document is not None
        self.size, self.level = document.size, document.pades_level


def signed_day(people: int) -> Day:
    day = Day(f"Uji tutup {people}", tablets=TABLETS, each=people // TABLETS)
    for tablet in day.tablets:
        for start in range(0, len(tablet.queue), 50):
            device = day.event.devices.get(pk=tablet.device)
            take_in_items(
                tablet.queue[start : start + 50],
                device=device,
                via="sync",
                by=device,
                sent_at_device=timezone.now(),
            )
    assert day.paper.signatories.signed().count() == people
    return day


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.01)
    raise SystemExit("waited in vain")


def measure(people: int, *, ahead: bool) -> tuple[Click, float]:
    """(the click, seconds from the last signature to the paper printed ahead)."""
    day, started = signed_day(people), time.perf_counter()
    if ahead:
        made = AheadPaper.objects.filter(event_code=day.event.code).exclude(key="")
        wait_for(made.exists)
    return Click(day), time.perf_counter() - started


def main(rounds: int, *sizes: int) -> None:
    call_command("prepare", "--no-demo", verbosity=0)
    worker = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "worker", "--skip-checks"], cwd=ROOT)
    try:
        measure(50, ahead=False)  # warm
        print(
            f"{settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}, {os.cpu_count()} cores, "
            f"load {os.getloadavg()[0]:.1f}, {rounds} rounds, medians"
        )
        print("signers  way     click answered, s   click → sealed, s     KB  level")
        for people in sizes or SIZES:
            for ahead in (True, False):
                report(people, ahead, [measure(people, ahead=ahead)[0] for _ in range(rounds)])
    finally:
        worker.terminate()
        worker.wait(30)


def report(people: int, ahead: bool, clicks: list[Click]) -> None:
    sealed = statistics.median(click.sealed for click in clicks)
    answered = statistics.median(click.answered for click in clicks)
    verdict = ""
    if people == 500 and ahead:
        verdict = f"   ≤ {GATE:g} s {'ok' if sealed <= GATE else 'MISSED'}"
    way = "ahead" if ahead else "plain"
    print(
        f"{people:>7}  {way:<6} {answered:>18.2f} {sealed:>19.2f} {clicks[0].size / 1000:>6.0f}  {clicks[0].level}{verdict}",
        flush=True,
    )


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:]] or [3])
