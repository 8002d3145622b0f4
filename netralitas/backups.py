"""Back-up and restore: one archive with the database, the private files, the keys and a list of hashes."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.refusals import Refusal
from documents.storage import TEMPORARY

FOLDERS = ("files", "pki")
SECRETS = ("secret_key", "field_keys", "seal_passphrase")
DUMPS = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


# -- back-up -------------------------------------------------------------------------------------------------------


def write_backup(destination: Path) -> dict:
    """Write ``destination`` (.tar.gz, mode 0600) beside a running server; the database is copied consistently.

    Effects: 1. the database by ``VACUUM INTO`` or ``pg_dump``; 2. files and keys; 3. ``manifest.json`` with SHA-256 of
    every member; 4. rename into place. The archive holds keys: keep it like a key.
    """
    if destination.exists():
        raise Refusal(f"{destination} sudah ada. Pilih nama lain; cadangan lama tidak pernah ditimpa.")
    if not destination.parent.is_dir():
        raise Refusal(f"Folder {destination.parent} tidak ada.")
    partial = None
    try:
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            dump = dump_database(Path(folder))
            # A name of its own (mode 0600), so that two runs never write into one file.
            handle, partial = tempfile.mkstemp(prefix=f"{destination.name}.", dir=destination.parent)
            with os.fdopen(handle, "wb") as file:
                hashes = write_archive(file, dump)
                file.flush()
                os.fsync(file.fileno())
        os.rename(partial, destination)
    except OSError as problem:
        raise Refusal(f"Cadangan tidak dapat ditulis: {problem.strerror or problem}.") from problem
    finally:
        if partial:
            Path(partial).unlink(missing_ok=True)
    return {"path": str(destination), "files": len(hashes), "size": destination.stat().st_size}


def write_archive(file, dump: Path) -> dict[str, str]:
    """The dump first: a file that a row of the dump names was stored before the row, so it is there."""
    hashes = {}
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
        for path, name in [(dump, dump.name), *members()]:
            try:
                with path.open("rb") as source:
                    hashes[name] = hashlib.file_digest(source, "sha256").hexdigest()
                    source.seek(0)
                    archive.addfile(archive.gettarinfo(arcname=name, fileobj=source), source)
            except FileNotFoundError:
                continue  # a draft that the worker has just replaced by its sealed file
        manifest = {"made_at": timezone.now().isoformat(), "vendor": connection.vendor, "sha256": hashes}
        body = json.dumps(manifest, indent=1).encode()
        info = tarfile.TarInfo("manifest.json")
        info.size, info.mode = len(body), 0o600
        archive.addfile(info, io.BytesIO(body))
    return hashes


def members() -> Iterator[tuple[Path, str]]:
    """Private files, keys of the seals, and those secrets that come from DATA_DIR and not from the environment."""
    for folder in FOLDERS:
        for path in sorted((settings.DATA_DIR / folder).rglob("*")):
            if path.is_file() and path.suffix != TEMPORARY:
                yield path, str(path.relative_to(settings.DATA_DIR))
    for name in SECRETS:
        path = settings.DATA_DIR / name
        if path.is_file() and path.read_text().strip() == getattr(settings, name.upper()):
            yield path, name


def dump_database(folder: Path) -> Path:
    path = folder / DUMPS[connection.vendor]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
    else:
        run_postgres_tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
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
    if mode := facts["OPTIONS"].get("sslmode"):
        environment["PGSSLMODE"] = mode
    if shutil.which(tool) is None:
        raise Refusal(f"Program {tool} tidak ditemukan. Pasang paket postgresql-client.")
    result = subprocess.run([tool, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        said = next((line for line in lines if "error:" in line), lines[-1] if lines else "tanpa pesan")
        raise Refusal(f"{tool} gagal: {said.strip()}")


# -- restore -------------------------------------------------------------------------------------------------------


def read_backup(source: Path) -> dict:
    """Put an archive back into an *empty* DATA_DIR and an *empty* database.

    Effects: 1. every hash is checked before anything moves; 2. the database, whole or not at all; 3. files, keys, secrets.
    """
    if not source.is_file():
        raise Refusal(f"Berkas {source} tidak ada.")
    refuse_if_in_use()
    try:
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as folder:
            manifest = unpack(source, Path(folder))
            refuse_foreign_secrets(Path(folder), manifest["sha256"])
            load_database(Path(folder) / DUMPS[connection.vendor])
            for name in manifest["sha256"]:
                if name not in DUMPS.values():
                    put_in_place(Path(folder) / name, settings.DATA_DIR / name)
    except OSError as problem:
        raise Refusal(f"Cadangan tidak dapat dipulihkan: {problem.strerror or problem}.") from problem
    return {"files": len(manifest["sha256"]), "made_at": manifest["made_at"]}


def refuse_if_in_use():
    """Anything that is there already might be the only copy of it."""
    if tables := connection.introspection.table_names():
        raise Refusal(
            f"Basis data tujuan sudah berisi {len(tables)} tabel. Pulihkan hanya ke basis data kosong."
        )
    for folder in FOLDERS:
        if any(path.is_file() for path in (settings.DATA_DIR / folder).rglob("*")):
            raise Refusal(f"{settings.DATA_DIR / folder} sudah berisi. Pulihkan hanya ke DATA_DIR kosong.")


def unpack(source: Path, folder: Path) -> dict:
    """The manifest of an archive whose members all have the hashes it lists."""
    broken = Refusal(f"{source} bukan berkas cadangan yang utuh.")
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest = json.loads((folder / "manifest.json").read_text())
        vendor, hashes = manifest["vendor"], dict(manifest["sha256"])
        if "made_at" not in manifest or not all(is_ours(name, vendor) for name in hashes):
            raise broken
    except OSError as problem:
        if problem.errno and not isinstance(problem, FileNotFoundError):
            raise  # a full disk says nothing about the archive
        raise broken from problem
    except (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError, TypeError) as problem:
        raise broken from problem
    if vendor != connection.vendor:
        raise Refusal(f"Cadangan ini dari {vendor}, sedangkan DATABASE_URL menunjuk {connection.vendor}.")
    if DUMPS[vendor] not in hashes:
        raise broken
    for name, digest in hashes.items():
        path = folder / name
        if path.is_symlink() or not path.is_file() or sha256_of(path) != digest:
            raise Refusal(f"Isi cadangan rusak pada {name}. Tidak ada yang dipulihkan.")
    return manifest


def is_ours(name: str, vendor: str) -> bool:
    """No member may name a place outside the folders of a back-up."""
    parts = PurePosixPath(name).parts
    inside = len(parts) > 1 and parts[0] in FOLDERS and ".." not in parts
    return inside or name in SECRETS or name == DUMPS.get(vendor)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_foreign_secrets(folder: Path, names):
    """The data can be read only with the secrets they were written with."""
    for name in SECRETS:
        variable = name.upper()
        given = bool(os.environ.get(variable) or os.environ.get(f"{variable}_FILE"))
        if name not in names and not given:
            raise Refusal(
                f"{variable} tidak ada di dalam cadangan karena dahulu diberikan lewat lingkungan. "
                "Isi variabel itu dengan nilai yang sama, lalu ulangi."
            )
        if name in names and given and (folder / name).read_text().strip() != getattr(settings, variable):
            raise Refusal(
                f"{variable} di lingkungan berbeda dari isi cadangan. Kosongkan variabel itu, lalu ulangi."
            )


def load_database(path: Path):
    if connection.vendor == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        connection.close()
        for suffix in ("-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        put_in_place(path, target)
        return
    run_postgres_tool(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={connection.settings_dict['NAME']}",
        str(path),
    )


def put_in_place(path: Path, target: Path):
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.move(path, target)
    target.chmod(0o600)
