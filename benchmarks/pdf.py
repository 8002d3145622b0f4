"""Papers with many signers: python benchmarks/pdf.py [signers] [rounds]. Prints ratios of one run, see README.md."""

import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="netralitas-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netralitas.settings")

import django  # noqa: E402

django.setup()

from declarations.sample_strokes import sample_signature  # noqa: E402
from declarations.strokes import decode, outline  # noqa: E402
from documents import pades, pdf  # noqa: E402
from documents.certificates import ensure_office_seal  # noqa: E402
from tests.documents import sample  # noqa: E402

INK = re.compile(r'<img class="ink" src="([^"]+)">')


def paper(signers: int):
    """The sample declaration with signatures of the demo's generator."""
    html, inks = sample.declaration(signers)
    drawn = {
        key: pdf.Ink.from_outline(outline(decode(sample_signature(number)).strokes), alt=ink.alt)
        for number, (key, ink) in enumerate(inks.items())
    }
    return html, drawn


def as_svg(html: str, count: int) -> str:
    """The same outlines as inline SVG, as a beginner would put them."""
    paths = iter(
        "".join(
            "M" + "L".join(f"{x} {y}" for x, y in polygon) + "Z"
            for polygon in outline(decode(sample_signature(number)).strokes)
        )
        for number in range(count)
    )
    svg = '<svg class="ink" viewBox="0 0 4096 1640"><title>Tanda tangan</title><path fill="#0b1f5c" d="{}"/></svg>'
    return INK.sub(lambda _: svg.format(next(paths)), html)


def cpu(work) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main(signers: int, rounds: int):
    pdf.prepare_process()
    html, inks = paper(signers)
    big_html, big_inks = paper(signers * 2)
    empty, naive = INK.sub("", html), as_svg(html, len(inks))
    key = ensure_office_seal("bench", "Kantor Uji")

    def render(markup, ink):
        return pdf.render(markup, inks=ink, attachment=None, meta=sample.meta())

    ours = render(html, inks).pdf
    jobs = {
        "ours": lambda: render(html, inks),
        "floor": lambda: render(empty, {}),
        "svg": lambda: render(naive, {}),
        "double": lambda: render(big_html, big_inks),
        "validate": lambda: pdf.validate(ours),
        "seal": lambda: pades.seal(ours, signer=key, reason="Uji", location="Uji", name="Kantor Uji"),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            times[name].append(cpu(job))
    t = {name: statistics.median(values) for name, values in times.items()}
    size = len(ours)
    rows = [
        (f"{signers}: ours over empty-cell floor", t["ours"] / t["floor"], "≤ 1.3"),
        (f"{signers}: naive inline SVG over ours", t["svg"] / t["ours"], "≥ 1.6"),
        (f"t({signers * 2}) over t({signers})", t["double"] / t["ours"], "≤ 2.4"),
        ("both validators over render", t["validate"] / t["ours"], "≤ 0.2"),
        ("seal over render", t["seal"] / t["ours"], "≤ 0.15"),
        ("bytes per signer, KB", size / signers / 1000, "≤ 3.4"),
    ]
    print(
        f"{signers} signers, {rounds} rounds, medians of CPU seconds: "
        + ", ".join(f"{k} {v:.2f}" for k, v in t.items())
    )
    for label, value, gate in rows:
        print(f"{label:<40} {value:6.2f}   {gate}")


if __name__ == "__main__":
    arguments = [int(value) for value in sys.argv[1:]]
    main(*(arguments + [500, 3][len(arguments) :]))
