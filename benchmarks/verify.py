"""Checking a sealed paper of 500 signers: python benchmarks/verify.py [rounds]. Ratios to its render, one run."""

import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import pdf as papers
from documents import certificates, pades, pdf, verification


def sealed(paper) -> bytes:
    return pades.seal(
        papers.render(paper, evidence=True), signer=papers.office_key(), authority=papers.local_authority()
    )


def main(rounds: int) -> None:
    pdf.prepare_process(long_lived=True)
    paper, small = papers.collective(500), papers.collective(10)
    big_file, small_file = sealed(paper), sealed(small)
    roots = certificates.trusted_roots()
    register = {
        hashlib.sha256(data).hexdigest(): name for name, data in (("big", big_file), ("small", small_file))
    }
    digest = hashlib.sha256(big_file).hexdigest()
    t = papers.medians(
        {
            "render": lambda: papers.render(paper, evidence=True),
            "hash of the file": lambda: hashlib.sha256(big_file).hexdigest(),
            "100,000 look-ups by hash": lambda: [register.get(digest) for _ in range(100_000)] and None,
            "seal alone, no change analysis": lambda: pades.report(big_file, roots, changes=False),
            "whole check, no change analysis": lambda: verification.verify_file(big_file, changes=False),
            "whole check": lambda: verification.verify_file(big_file),
        },
        rounds,
    )
    print(
        f"500 signers, {len(big_file) / 1000:.0f} KB, level {pades.report(big_file, roots).level}, {rounds} rounds, median CPU s"
    )
    for name, value in t.items():
        print(f"  {name:<34} {value:8.4f}   of render {value / t['render']:6.3f}")
    papers.show(
        [
            ("seal, no change analysis, over render", t["seal alone, no change analysis"] / t["render"], 0.1),
            ("whole check over render", t["whole check"] / t["render"], 2),
        ]
    )


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:]] or [3])
