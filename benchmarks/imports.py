"""Checking a file of attendees before it is imported: python benchmarks/imports.py [rounds].

A dry run over 5,000 rows × 10 columns (reading, mapping, every check, comparing with the list) over the time that
calamine alone needs to read the same file, CPU seconds in interleaved rounds; the same with all 5,000 on the list
already; importing them; and the memory at the peak of a dry run of 500 and of 5,000 rows beside what calamine's rows
alone take, each in a process of its own that has checked a small file before (what Python allocates; by tracemalloc).
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="netralitas-bench-")
os.environ["HTTPS"] = "0"
os.environ["LOG_LEVEL"] = "WARNING"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netralitas.settings")

import django  # noqa: E402

django.setup()

import xlsxwriter  # noqa: E402
from django.core.management import call_command  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from accounts import audit  # noqa: E402
from accounts.models import Office  # noqa: E402
from events.import_plan import dry_run  # noqa: E402
from events.importing import apply_plan  # noqa: E402
from events.imports.headers import header_row, headers_of, mapping_of  # noqa: E402
from events.imports.reading import read  # noqa: E402
from events.models import Event  # noqa: E402
from regions.models import Region  # noqa: E402

ROWS, FEW, WARM = 5_000, 500, 20
MOST_RATIO = 5.0
MOST_KB_A_ROW = 3  # at the peak of a dry run, for each row more; rows end at 5,000
HEADERS = (
    "No", "Nama Lengkap", "NIP", "Pangkat/Gol", "Jabatan", "Unit Kerja", "Unsur", "Desa/Kelurahan", "No HP", "Surel",
)  # fmt: skip
VILLAGES = {f"35.25.11.{2001 + n}": f"Desa Uji {chr(65 + n)}" for n in range(25)}


def workbook(rows: int) -> bytes:
    """Invented people with valid numbers; agencies and posts repeat as in one regency."""
    random, out = Random(5), BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Undangan")
        sheet.write_row(0, 0, HEADERS)
        for number in range(1, rows + 1):
            sheet.write_row(number, 0, _person(number, random))
    return out.getvalue()


def _person(number: int, random: Random) -> list:
    born = f"19{random.randrange(65, 99)}{random.randrange(1, 13):02}{random.randrange(1, 29):02}"
    since = f"20{random.randrange(15, 25)}{random.randrange(1, 13):02}"
    return [
        number,
        f"{_name(number)}, S.Sos.",
        f"{born}{since}{1 + number % 2}{number % 999 + 1:03}",
        random.choice(("Penata, III/c", "Pembina, IV/a", "Pengatur, II/c")),
        f"Staf Seksi {number % 40}",
        f"Dinas Uji {number % 60}",
        "PNS",
        f"Desa Uji {chr(65 + number % 25)}",
        f"0812{number:08}",
        f"uji{number}@example.id",
    ]


def _name(number: int) -> str:
    """Letters only, each number another name."""
    syllables = ("ba", "di", "ku", "la", "mo", "na", "ra", "si", "ti", "wu")
    word = "".join(syllables[int(digit)] for digit in str(number))
    return f"Uji {word.capitalize()} Santoso"


def new_event() -> Event:
    for code in ("35", "35.25", "35.25.11"):
        Region.objects.get_or_create(
            code=code, defaults={**Region.facts(code, f"Wilayah {code}"), "edition": "uji"}
        )
    for code, name in VILLAGES.items():
        Region.objects.get_or_create(code=code, defaults={**Region.facts(code, name), "edition": "uji"})
    region = Region.objects.get(pk="35.25.11")
    office, _ = Office.objects.get_or_create(
        name="Bawaslu Uji", defaults={"region": region, "kind": "bawaslu", "level": "district"}
    )
    return Event.objects.create(office=office, region=region, title="Uji impor", time_zone="Asia/Jakarta")


def alone(data: bytes) -> None:
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def check(data: bytes, event: Event):
    """All that the page does with an uploaded file before it shows the result."""
    rows = read(data).sheets[0].rows
    header = header_row(rows)
    return dry_run(event=event, rows=rows, header=header, mapping=mapping_of(headers_of(rows, header)))


def seconds(work: Callable, *given) -> float:
    started = time.process_time()
    work(*given)
    return time.process_time() - started


def peak(kind: str, rows: int) -> float:
    """KB that Python holds at the most while a process of its own reads ("alone") or checks ("check") so many rows."""
    path = Path(os.environ["DATA_DIR"]) / f"{rows}.xlsx"
    path.write_bytes(workbook(rows))
    command = [sys.executable, __file__, "--peak", kind, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return float(answer.stdout.split()[-1]) / 1024


def peak_here(kind: str, path: Path) -> None:
    data = path.read_bytes()
    call_command("migrate", verbosity=0, interactive=False)
    event = new_event()
    check(workbook(WARM), event)  # what is loaded once and stays
    tracemalloc.start()
    if kind == "check":
        assert check(data, event).counts["baru"]
    else:
        alone(data)
    print(tracemalloc.get_traced_memory()[1])


def verdict(fits: bool) -> str:
    return "ok" if fits else "MISSED"


def main(rounds: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    data, fresh = workbook(ROWS), new_event()
    plan = check(data, fresh)
    assert plan.counts["baru"] == ROWS, plan.summary
    full = new_event()
    importing = seconds(lambda: _apply(full, check(data, full)))
    assert check(data, full).counts["sama"] == ROWS
    found = {"alone": [], "new": [], "again": []}
    for _ in range(rounds):
        found["alone"].append(seconds(alone, data))
        found["new"].append(seconds(check, data, fresh))
        found["again"].append(seconds(check, data, full))
    base = statistics.median(found["alone"])
    new, again = (statistics.median(found[name]) for name in ("new", "again"))
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {rounds} rounds, {ROWS:,} rows × {len(HEADERS)} columns"
    )
    print(f"calamine alone, s                          {base:.3f}")
    print(
        f"dry run, empty list, s / ÷ calamine        {new:.3f} / {new / base:.2f}   ≤ {MOST_RATIO:g}   {verdict(new / base <= MOST_RATIO)}"
    )
    print(f"dry run, all on the list, s / ÷ calamine   {again:.3f} / {again / base:.2f}")
    print(f"dry run and import, s                      {importing:.2f}")
    for kind, words, most in (("alone", "calamine alone", 0), ("check", "dry run", MOST_KB_A_ROW)):
        few, whole = peak(kind, FEW), peak(kind, ROWS)
        a_row = (whole - few) / (ROWS - FEW)
        gate = f"   ≤ {most}   {verdict(a_row <= most)}" if most else ""
        title = f"peak, {words}, {FEW} / {ROWS:,} rows"
        print(f"{title:<42} {few / 1024:.1f} / {whole / 1024:.1f} MB, {a_row:.1f} KB a row{gate}")


def _apply(event: Event, plan) -> None:
    from accounts.writing import writing

    with writing():
        apply_plan(event=event, plan=plan, name="uji.xlsx", sha256="0" * 64, by=audit.SYSTEM)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        peak_here(sys.argv[2], Path(sys.argv[3]))
    else:
        main(*[int(value) for value in sys.argv[1:]] or [7])
