"""PDF.md §7.2 with a real SIGKILL: wherever the worker dies, the paper ends in exactly one sealed revision, and the log
is whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIGKILLED = -9
# (step, is a job still claimed by the dead worker?)
STEPS = [
    ("freeze", False),
    ("render", True),
    ("repack", True),
    ("validation", True),
    ("unsigned file before rename", True),
    ("unsigned file after rename", True),
    ("seal", True),
    ("sealed, not yet written", True),
    ("sealed file before rename", True),
    ("after rename, before commit", True),
    ("registered, before commit", True),
    ("after commit, before the hook", True),
    ("hook done, before commit", True),
]


def test_a_worker_killed_at_any_step_leaves_one_sealed_revision_one_hook_and_a_whole_log(tmp_path):
    env = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "netralitas.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/netralitas.sqlite3",
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "CRITICAL",
        "HTTPS": "0",
    }
    python = [sys.executable, "-W", "ignore"]
    subprocess.run(
        [*python, "manage.py", "migrate", "-v", "0", "--skip-checks"], cwd=ROOT, env=env, check=True
    )
    names = [step for step, _ in STEPS]
    done = subprocess.run(
        [*python, "-m", "tests.documents.killed_worker", *names],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = {line["step"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert list(found) == names
    for step, is_claimed in STEPS:
        said = found[step]
        assert (step, said.pop("ended"), said.pop("again")) == (step, SIGKILLED, 0)
        assert (step, said.pop("running")) == (step, int(is_claimed))
        assert said == {
            "step": step,
            "left": said["left"],
            "state": "sealed",
            "valid": True,
            "registered": True,
            "sealed_files": True,
            "seals": 1,
            "hooks": 1,
            "chain": True,
            "open_jobs": 0,
        }
    # The kills hit where they should: a half-written file lay there, or a whole one that nobody knew of.
    assert any(name.endswith(".sementara") for name in found["unsigned file before rename"]["left"])
    assert any(name.startswith("segel-") for name in found["after rename, before commit"]["left"])
