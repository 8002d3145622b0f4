"""Run a command with DATABASE_URL pointing to a throw-away PostgreSQL: ``python tests/postgres.py pytest …``.

Tests need no durability, so it is off; with POSTGRES_DURABLE=1 the server is as careful as in production (benchmarks).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

SAFE = "on" if os.environ.get("POSTGRES_DURABLE") == "1" else "off"
OPTIONS = " ".join(
    f"-c {option}"
    for option in (
        "listen_addresses=127.0.0.1",
        f"fsync={SAFE}",
        f"synchronous_commit={SAFE}",
        f"full_page_writes={SAFE}",
    )
)


def newest_binaries() -> Path:
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not folders:
        sys.exit("PostgreSQL belum terpasang: apt-get install postgresql")
    return max(folders, key=lambda folder: float(folder.parent.name))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(command: list[str]) -> int:
    """initdb, start, run the command, stop, remove; as root everything of the server runs as ``postgres``."""
    binaries, port = newest_binaries(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="netralitas-pg-"))
    user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        user = ["runuser", "-u", "postgres", "--"]
    run = {"cwd": "/", "stdout": subprocess.DEVNULL, "check": True}
    data = folder / "data"
    try:
        subprocess.run(
            [
                *user,
                binaries / "initdb",
                "-A",
                "trust",
                "-U",
                "app",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                data,
            ],
            **run,
        )
        subprocess.run(
            [*user, binaries / "pg_ctl", "-w", "-D", data, "-o", f"-p {port} -k {folder} {OPTIONS}", "start"],
            **run,
        )
        url = f"postgres://app@127.0.0.1:{port}/postgres"
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    finally:
        subprocess.run(
            [*user, binaries / "pg_ctl", "-m", "immediate", "-D", data, "stop"], **{**run, "check": False}
        )
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
