"""Back-up and restore: one archive with the database, the private files, the keys and a list of hashes."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.refusals import Refusal

FOLDERS = ("files", "pki")
SECRETS = ("secret_key", "field_keys", "seal_passphrase")


def write_backup(destination: Path) -> dict:
    """Write ``destination`` (.tar.gz, mode 0600) beside a running server; the database is copied consistently.

    Effects: 1. the database by ``VACUUM INTO`` or ``pg_dump``; 2. files and keys; 3. ``manifest.json`` with SHA-256 of
    every member; 4. rename into place. The archive holds keys: keep it like a key.
    """
    if destination.exists():
        raise Refusal(f"{destination} sudah ada. Pilih nama lain; cadangan lama tidak pernah ditimpa.")
    if not destination.parent.is_dir():
        raise Refusal(f"Folder {destination.parent} tidak ada.")
    hashes = {}
    partial = destination.with_name(destination.name + ".sebagian")
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        dump = dump_database(Path(folder))
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz") as archive:
                for path, name in [(dump, dump.name), *members()]:
                    hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
                    archive.add(path, name, recursive=False)
                manifest = {
                    "made_at": timezone.now().isoformat(),
                    "vendor": connection.vendor,
                    "sha256": hashes,
                }
                body = json.dumps(manifest, indent=1).encode()
                info = tarfile.TarInfo("manifest.json")
                info.size = len(body)
                archive.addfile(info, io.BytesIO(body))
            file.flush()
            os.fsync(file.fileno())
    partial.rename(destination)
    return {"path": str(destination), "files": len(hashes), "size": destination.stat().st_size}


def members():
    for folder in FOLDERS:
        root = settings.DATA_DIR / folder
        if root.is_dir():
            yield from (
                (path, str(path.relative_to(settings.DATA_DIR)))
                for path in sorted(root.rglob("*"))
                if path.is_file()
            )
    for name in SECRETS:
        if (settings.DATA_DIR / name).is_file():
            yield settings.DATA_DIR / name, name


def dump_database(folder: Path) -> Path:
    if connection.vendor == "sqlite":
        path = folder / "database.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return path
    path = folder / "database.pgdump"
    run_postgres_tool("pg_dump", "--format=custom", "--no-owner", f"--file={path}")
    return path


def run_postgres_tool(tool: str, *arguments: str):
    facts = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": facts["HOST"] or "",
        "PGPORT": str(facts["PORT"] or ""),
        "PGUSER": facts["USER"] or "",
        "PGPASSWORD": facts["PASSWORD"] or "",
        "PGDATABASE": facts["NAME"],
    }
    if shutil.which(tool) is None:
        raise Refusal(f"Program {tool} tidak ditemukan. Pasang paket postgresql-client.")
    result = subprocess.run([tool, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise Refusal(
            f"{tool} gagal: {result.stderr.strip().splitlines()[-1] if result.stderr.strip() else 'tanpa pesan'}"
        )


def read_backup(source: Path) -> dict:
    """Put an archive back into an *empty* DATA_DIR and an *empty* database; every hash is checked before anything moves."""
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        manifest = unpack(source, Path(folder))
        if manifest["vendor"] != connection.vendor:
            raise Refusal(
                f"Cadangan ini dari {manifest['vendor']}, sedangkan DATABASE_URL menunjuk {connection.vendor}."
            )
        refuse_if_in_use()
        for name in manifest["sha256"]:
            if name.startswith("database."):
                load_database(Path(folder) / name)
            else:
                target = settings.DATA_DIR / name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.move(Path(folder) / name, target)
                target.chmod(0o600)
    return {"files": len(manifest["sha256"]), "made_at": manifest["made_at"]}


def unpack(source: Path, folder: Path) -> dict:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest = json.loads((folder / "manifest.json").read_text())
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        raise Refusal(f"{source} bukan berkas cadangan yang utuh.") from error
    for name, digest in manifest["sha256"].items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise Refusal(f"Isi cadangan rusak pada {name}. Tidak ada yang dipulihkan.")
    return manifest


def refuse_if_in_use():
    if "accounts_user" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM accounts_user")
            if cursor.fetchone()[0]:
                raise Refusal(
                    "Basis data sudah berisi pengguna. Pulihkan hanya ke DATA_DIR dan basis data kosong."
                )


def load_database(path: Path):
    if connection.vendor == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        shutil.move(path, target)
        return
    run_postgres_tool(
        "pg_restore",
        "--no-owner",
        "--clean",
        "--if-exists",
        f"--dbname={connection.settings_dict['NAME']}",
        str(path),
    )
