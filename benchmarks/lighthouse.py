"""What Lighthouse says of a page: python benchmarks/lighthouse.py [path …]. Prints one row a page, see README.md.

Starts the house with the demo on a free port. Scores are of Lighthouse's own simulated phone, so they hold on any machine.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.e2e.conftest import House  # noqa: E402

CATEGORIES = {"performance": 0.95, "accessibility": 1, "best-practices": 1}
FLAGS = (
    "--headless=new --no-sandbox --disable-dev-shm-usage --disable-gpu --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
TOOL = ROOT / "benchmarks" / "node_modules" / ".bin" / "lighthouse"


def audit(url: str, folder: Path) -> dict:
    """Scores by category, and the audits that cost points."""
    out = folder / "lighthouse.json"
    command = [
        *(TOOL, url, "--quiet", "--output=json", f"--output-path={out}"),
        *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}"),
    ]
    chrome = {**os.environ, "CHROME_PATH": os.environ.get("CHROMIUM", "/usr/bin/chromium")}
    subprocess.run(command, env=chrome, check=True, timeout=180)
    report = json.loads(out.read_text())
    lost = [
        audit["id"]
        for audit in report["audits"].values()
        if audit["score"] is not None and audit["score"] < 0.9 and audit["scoreDisplayMode"] == "binary"
    ]
    return {"scores": {name: report["categories"][name]["score"] for name in CATEGORIES}, "lost": lost}


def main(paths: list[str]):
    if not TOOL.exists():
        raise SystemExit("Lighthouse is not installed: npm ci --prefix benchmarks --ignore-scripts")
    with tempfile.TemporaryDirectory(prefix="netralitas-lighthouse-") as name:
        folder = Path(name)
        house = House(folder)
        house.manage("prepare", "--no-demo")
        house.start()
        try:
            for path in paths:
                found = audit(house.url + path, folder)
                row = "  ".join(
                    f"{kind} {found['scores'][kind] * 100:3.0f} (≥ {gate * 100:.0f})"
                    for kind, gate in CATEGORIES.items()
                )
                print(f"{path:<16} {row}  {', '.join(found['lost'])}")
        finally:
            house.stop()


if __name__ == "__main__":
    main(sys.argv[1:] or ["/kios/", "/verifikasi/", "/masuk/"])
