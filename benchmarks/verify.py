"""Checking a sealed paper of 500 signers: python benchmarks/verify.py [rounds]. Ratios to its render, one run.

The papers are real ones of a real day: signed on tablets, handed in, closed, sealed through the queue.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.core.management import call_command

from accounts.canonical import sha256_hex
from benchmarks import closing  # first: it sets the data folder up
from benchmarks import pdf as papers
from declarations.closing import close_and_seal
from documents import certificates, jobs, pades, pdf, printing, register, storage, verification
from documents.models import Document

LOOK_UPS = 300


def sealed(people: int) -> Document:
    day = closing.signed_day(people)
    assert close_and_seal(declaration=day.paper, by=day.staff) == []
    jobs.run_pending()
    return Document.objects.sealed().get(event_code=day.event.code)


def look_up(digest: str) -> None:
    for _ in range(LOOK_UPS):
        assert register.paper_of_hash(digest)


def main(rounds: int) -> None:
    call_command("prepare", "--no-demo", verbosity=0)
    pdf.prepare_process(long_lived=True)
    big, small = sealed(500), sealed(10)
    file, composed = storage.read(big.file), printing.compose(big)
    roots = certificates.trusted_roots()
    report = verification.verify_file(file)
    assert report.valid, report
    t = papers.medians(
        {
            "render": lambda: papers.render(composed, evidence=True),
            "hash of the file": lambda: sha256_hex(file),
            f"{LOOK_UPS} look-ups, paper of 500": lambda: look_up(big.sha256),
            f"{LOOK_UPS} look-ups, paper of 10": lambda: look_up(small.sha256),
            "seal alone, no change analysis": lambda: pades.report(file, roots, changes=False),
            "whole check, no change analysis": lambda: verification.verify_file(file, changes=False),
            "whole check": lambda: verification.verify_file(file),
        },
        rounds,
    )
    print(
        f"500 signers, {len(file) / 1000:.0f} KB, level {report.pades_level}, {rounds} rounds, median CPU s"
    )
    for name, value in t.items():
        print(f"  {name:<34} {value:8.4f}   of render {value / t['render']:6.3f}")
    big_look_up, small_look_up = (t[f"{LOOK_UPS} look-ups, paper of {count}"] for count in (500, 10))
    papers.show(
        [
            ("hash look-up: 500 over 10 signers", big_look_up / small_look_up, 1.5),
            ("seal, no change analysis, over render", t["seal alone, no change analysis"] / t["render"], 0.1),
            ("whole check over render", t["whole check"] / t["render"], 2),
        ]
    )


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:]] or [3])
