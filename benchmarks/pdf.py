"""Papers with many signers: python benchmarks/pdf.py [rounds]. All gates of one run as a table, see README.md."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
if not os.environ.get("DATA_DIR", "").startswith(os.path.join(tempfile.gettempdir(), "netralitas-bench-")):
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="netralitas-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netralitas.settings")

import django  # noqa: E402

django.setup()

from benchmarks import hall, peers  # noqa: E402
from declarations import papers  # noqa: E402
from documents import certificates, pades, pdf, timestamps, typesetter, verification  # noqa: E402
from documents.papers import Composition  # noqa: E402
from tests.declarations import snapshots  # noqa: E402

SIZES = (10, 50, 200, 500, 1000, 1500)
PACTS = 200
NAIVE_PACTS = 20  # each alike, so a few are enough
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"


def collective(signers: int) -> Composition:
    frozen = hall.collective(signers)
    return papers.compose(frozen, document=snapshots.facts(frozen))


def pact(number: int) -> Composition:
    person = [{**snapshots.signer(number), "bloc": "", "order": 1}]
    frozen = snapshots.snapshot("integrity_pact", "individual", person, text=snapshots.PACT)
    return papers.compose(frozen, document=snapshots.facts(frozen))


def office_key():
    return certificates.ensure_office_seal("bench", "Kantor Uji")


def local_authority():
    """The installation's own timestamp authority: no network in the figures."""
    return timestamps.Authority(key=certificates.tsa_key())


def render(paper: Composition, *, html: str = "", inks=None, evidence: bool = False) -> bytes:
    return pdf.render(
        html or paper.html,
        inks=dict(paper.inks) if inks is None else inks,
        attachment=paper.attachment if evidence else None,
        meta=paper.meta,
    ).pdf


def seconds(work) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def medians(jobs: dict, rounds: int) -> dict[str, float]:
    """Interleaved; a job that returns a number has measured itself (wall seconds)."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            own: list = []
            spent = seconds(lambda job=job, own=own: own.append(job()))
            times[name].append(own[0] if isinstance(own[0], float) else spent)
    return {name: statistics.median(values) for name, values in times.items()}


def child(signers: int) -> tuple[float, float, int]:
    """(CPU seconds, peak MB, bytes) of one paper in a process of its own, as a worker would make it."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks/pdf.py"), "--child", str(signers)],
        capture_output=True,
        text=True,
        check=True,
    )
    spent, peak, size = done.stdout.split()[-3:]
    return float(spent), float(peak), int(size)


def as_child(signers: int) -> None:
    pdf.prepare_process(long_lived=True)
    render(pact(1))  # warm, as a worker is
    paper, made = collective(signers), []
    spent = seconds(lambda: made.append(render(paper, evidence=True)))
    print(spent, peak_memory(), len(made[0]))


def peak_memory() -> float:
    """MB. Not ru_maxrss: Linux hands that of the parent down to its child, and our parent has made papers before."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def pacts() -> tuple[float, float]:
    """CPU seconds a sheet, whole path: in one warm worker, and as a process of its own for each paper would do it.

    Both do the same work by the same code: page, repack, validators, seal with timestamp, self-check. The naive path
    parses fonts and style sheet for each paper, reads its keys from their files, and leaves the garbage collector alone;
    starting Python and importing WeasyPrint (1 to 2 s a paper) is not even counted.
    """
    key, authority = office_key(), local_authority()
    warm = seconds(lambda: [sheet(number, key, authority) for number in range(1, PACTS + 1)]) / PACTS

    def naive(number):
        typesetter.stylesheet.cache_clear()
        certificates._load_key.cache_clear()
        sheet(number, office_key(), local_authority())

    with peers.as_python_starts():
        cold = [seconds(lambda number=number: naive(number)) for number in range(1, NAIVE_PACTS + 1)]
    return warm, statistics.median(cold)


def cold_path(key, authority) -> float:
    """Wall seconds from the frozen snapshot of 500 to the bytes that were sealed and checked."""
    frozen = hall.collective(500)
    started = time.perf_counter()
    paper = papers.compose(frozen, document=snapshots.facts(frozen))
    unsigned = render(paper, evidence=True)
    pdf.validate(unsigned)
    verification.verify_file(pades.seal(unsigned, signer=key, authority=authority), changes=False)
    return time.perf_counter() - started


def sheet(number: int, key, authority) -> None:
    unsigned = render(pact(number), evidence=True)
    assert not pdf.validate(unsigned)
    sealed = pades.seal(unsigned, signer=key, authority=authority)
    assert verification.verify_file(sealed, changes=False).checks["seal"].status == "ok"


def bytes_per_signatory(paper: Composition, count: int) -> dict[str, float]:
    """KB: row (page and tags without ink), ink, evidence, and the whole file."""
    floor, drawn = len(render(paper, html=peers.without_ink(paper.html), inks={})), len(render(paper))
    few = collective(10)
    base = len(render(few, html=peers.without_ink(few.html), inks={}))
    whole = len(render(paper, evidence=True))
    return {
        "row": (floor - base) / (count - 10) / 1000,
        "ink": (drawn - floor) / count / 1000,
        "evidence": len(zlib.compress(paper.attachment or b"", 6)) / count / 1000,
        "whole": whole / count / 1000,
    }


def rows_of(count: int) -> list[tuple[str, ...]]:
    return [
        (
            str(person["order"]),
            person["name"],
            f"{person['position']}<br/>{person.get('agency', '')}",
            person["unsur"],
        )
        for person in snapshots.collective(count)["signatories"]
    ]


def main(rounds: int) -> None:
    pdf.prepare_process(long_lived=True)
    key, authority = office_key(), local_authority()
    paper = collective(500)
    inks = dict(paper.inks)
    empty, svg = peers.without_ink(paper.html), peers.with_svg(paper.html, inks)
    rows, unsigned = rows_of(500), render(paper, evidence=True)
    assert len(inks) == 500
    t = medians(
        {
            "ours": lambda: render(paper),
            "ours with evidence": lambda: render(paper, evidence=True),
            "empty cells": lambda: render(paper, html=empty, inks={}),
            "inline SVG, tuned": lambda: render(paper, html=svg, inks={}),
            "inline SVG, beginner": lambda: peers.beginner(svg),
            "reportlab": lambda: peers.reportlab(rows, list(inks.values())),
            "Chromium (wall)": lambda: peers.chromium(svg, CHROMIUM)[0],
            "whole cold path (wall)": lambda: cold_path(key, authority),
            "validators": lambda: pdf.validate(unsigned),
            "seal and stamp": lambda: pades.seal(unsigned, signer=key, authority=authority),
        },
        rounds,
    )
    sizes = {count: child(count) for count in SIZES}
    per = bytes_per_signatory(paper, 500)
    pact_ours, pact_naive = pacts()
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {rounds} interleaved rounds, median CPU seconds, 500 signers"
    )
    for name, value in t.items():
        print(f"  {name:<24} {value:6.2f}   ours ÷ it {t['ours'] / value:5.2f}")
    print("signers, in a process of its own with evidence: CPU s / peak MB / KB")
    for count, (spent, peak, size) in sizes.items():
        print(f"  {count:>5} {spent:6.2f} {peak:6.0f} {size / 1000:7.0f}")
    ours, whole = t["ours"], t["ours with evidence"]
    show(
        [
            ("500: render + repack over empty-cell floor", ours / t["empty cells"], 1.3),
            ("over reportlab", ours / t["reportlab"], 4.5),
            ("over Chromium's wall time", ours / t["Chromium (wall)"], 2.5),
            ("naive inline SVG over ours", t["inline SVG, beginner"] / ours, -1.6),
            ("t(1,000) over t(500)", sizes[1000][0] / sizes[500][0], 2.4),
            ("t(1,500) over t(500)", sizes[1500][0] / sizes[500][0], 3.8),
            ("peak memory 500, MB", sizes[500][1], 230),
            ("peak memory 1,500, MB", sizes[1500][1], 550),
            ("KB a signatory: row", per["row"], 0.8),
            ("KB a signatory: ink", per["ink"], 1.6),
            ("KB a signatory: evidence", per["evidence"], 1.2),
            ("KB a signatory: whole file", per["whole"], 3.4),
            ("seal + timestamp over render", t["seal and stamp"] / whole, 0.15),
            ("both validators over render", t["validators"] / whole, 0.2),
            (f"{PACTS} pakta integritas: naive over ours", pact_naive / pact_ours, -2.5),
        ]
    )
    cold = t["whole cold path (wall)"] / t["Chromium (wall)"]
    print(f"whole cold path over Chromium's bare print, wall: {cold:.2f} (stretch: 1)")
    print(f"one pakta integritas: {pact_ours * 1000:.0f} ms ours, {pact_naive * 1000:.0f} ms naive")


def show(gates: list[tuple[str, float, float]]) -> None:
    """A negative gate is a least value."""
    for label, value, gate in gates:
        kept = value <= gate if gate > 0 else value >= -gate
        print(
            f"{label:<44} {value:8.2f}   {'≤' if gate > 0 else '≥'} {abs(gate):<6} {'ok' if kept else 'MISSED'}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        as_child(int(sys.argv[2]))
    else:
        main(*[int(value) for value in sys.argv[1:]] or [3])
