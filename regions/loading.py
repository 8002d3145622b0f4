"""DEED: bring the regions of a data source into the database."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from . import EDITION
from .models import Region, RegionLabel, label_book
from .reading import Label, read_labels, read_regions

DATA = Path(__file__).parent / "data"
CORRECTIONS, LABELS = DATA / "corrections.csv", DATA / "labels.csv"
FIELDS = ("name", "folded", "level", "kind", "parent_id", "time_zone", "edition", "is_current")
BATCH = 2000  # rows per statement where the database allows as many


@dataclass(frozen=True)
class Loaded:
    """What is in the database now (current regions per level) and what this run changed."""

    provinces: int
    regencies: int
    districts: int
    villages: int
    added: int
    changed: int
    retired: int
    labels_added: int


def load_regions(*, source: Path, corrections: Path = CORRECTIONS, labels: Path = LABELS) -> Loaded:
    """Make the database say what the files say; a second run changes nothing.

    1. Read and check all files (UnusableData before anything is written).
    2. In one transaction: add new codes, update changed rows, mark codes that disappeared as no longer used
       (never delete: papers and offices point to them), add local names that are missing.
    3. Forget the local names this process remembers.
    """
    names, local_names = read_regions(source, corrections), read_labels(labels)
    with transaction.atomic():
        added, changed = _upsert(names)
        retired = _retire(names)
        labels_added = _add_labels(local_names)
    label_book.forget()
    counts = _current_counts()
    return Loaded(**counts, added=added, changed=changed, retired=retired, labels_added=labels_added)


def _upsert(names: dict[str, str]) -> tuple[int, int]:
    """Write new and changed rows, upper levels first; return how many of each."""
    known = {row["code"]: row for row in Region.objects.values("code", *FIELDS)}
    rows = []
    for code, name in names.items():
        row = {"code": code, **Region.facts(code, name), "edition": EDITION, "is_current": True}
        if known.get(code) != row:
            rows.append(Region(**row))
    Region.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[field.removesuffix("_id") for field in FIELDS],
    )
    added = len(names.keys() - known.keys())
    return added, len(rows) - added


def _retire(names: dict[str, str]) -> int:
    """Mark current regions whose code is gone; batches keep the statement small on SQLite."""
    gone = [code for code in Region.objects.current().values_list("code", flat=True) if code not in names]
    for start in range(0, len(gone), 500):
        Region.objects.filter(code__in=gone[start : start + 500]).update(is_current=False)
    return len(gone)


def _add_labels(labels: list[Label]) -> int:
    """Add local names that are missing, for regions that exist; an administrator's change stays."""
    known = set(RegionLabel.objects.values_list("region_id", "key"))
    present = set(
        Region.objects.filter(code__in=[label.code for label in labels]).values_list("code", flat=True)
    )
    rows = [
        RegionLabel(region_id=code, key=key, label=label, confirmed=confirmed)
        for code, key, label, confirmed in labels
        if code in present and (code, key) not in known
    ]
    RegionLabel.objects.bulk_create(rows)
    return len(rows)


def _current_counts() -> dict[str, int]:
    current = Region.objects.current()
    return {
        "provinces": current.provinces().count(),
        "regencies": current.regencies().count(),
        "districts": current.districts().count(),
        "villages": current.villages().count(),
    }
