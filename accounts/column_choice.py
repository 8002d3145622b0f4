"""DEED: remember which columns a person chose for the download of a list."""

from collections.abc import Sequence

from .models import ChosenColumns
from .writing import writing


def chosen_columns(user, table: str, usual: Sequence[str]) -> list[str]:
    """What the person chose last, else the usual ones."""
    keys = ChosenColumns.objects.filter(user=user, table=table).values_list("keys", flat=True).first()
    return list(keys or usual)


def remember_columns(*, user, table: str, keys: Sequence[str]) -> None:
    """Keep the choice for the next time. No audit entry: it says nothing about anybody else."""
    with writing():
        ChosenColumns.objects.update_or_create(user=user, table=table, defaults={"keys": list(keys)})
