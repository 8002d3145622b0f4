"""Many rows of one table written by one statement.

What ``bulk_create`` and ``bulk_update`` do, at a fraction of their time: the ORM spells every value as an expression,
which costs more than all the rest of taking in a batch of a tablet (benchmarks/sync.py). Plain values only.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

MOST_PARAMETERS = 20_000  # per statement; SQLite may take fewer
# Fields whose database takes these values as they are.
PLAIN_FIELDS = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BigIntegerField,
    models.BooleanField,
)
PLAIN_VALUES = frozenset((str, int, bool))


def insert_rows(rows: Iterable[models.Model], *, ignore_conflicts: bool = False) -> set:
    """Insert new rows, as ``bulk_create``; returns the primary keys of those that are in the table now because of it.

    Numbers the database gives are set; save signals are not sent. ``ignore_conflicts`` passes over rows that a
    constraint refuses; it cannot tell which, so numbers must be given.
    """
    rows = list(rows)
    if not rows:
        return set()
    meta = type(rows[0])._meta
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    numbered = meta.pk not in fields
    if numbered and ignore_conflicts:
        raise ValueError("rows that the database numbers cannot be passed over")
    database = connections[DEFAULT_DB_ALIAS]  # itself: the usual proxy is looked up again for every value
    quote = database.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    head = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES "  # noqa: S608
    tail = f"{' ON CONFLICT DO NOTHING' if ignore_conflicts else ''} RETURNING {quote(meta.pk.column)}"
    one = f"({', '.join(['%s'] * len(fields))})"
    getters = [_getter(field, database, adding=True) for field in fields]
    keys = []
    with transaction.atomic(savepoint=False), database.cursor() as cursor:
        for part in _parts(rows, len(fields), database):
            values = [get(row) for row in part for get in getters]
            cursor.execute(head + ", ".join([one] * len(part)) + tail, values)
            keys += [meta.pk.to_python(key) for (key,) in cursor.fetchall()]
    if numbered:
        for row, key in zip(rows, keys, strict=True):
            row.pk = key
    for row in rows:
        row._state.adding, row._state.db = False, database.alias
    return set(keys)


def update_rows(rows: Iterable[models.Model], fields: Sequence[str]) -> int:
    """Write these columns of the given rows: ``UPDATE … FROM (VALUES …)``. Returns how many rows were there to change."""
    rows = list(rows)
    if not rows or not fields:
        return 0
    meta = type(rows[0])._meta
    columns = [meta.pk, *(meta.get_field(name) for name in fields)]
    database = connections[DEFAULT_DB_ALIAS]
    quote = database.ops.quote_name
    set_ = ", ".join(f"{quote(field.column)} = v.column{n}" for n, field in enumerate(columns[1:], 2))
    where = f"{quote(meta.db_table)}.{quote(meta.pk.column)} = v.column1"
    one = f"({', '.join(_typed(field, database) for field in columns)})"
    getters = [_getter(field, database) for field in columns]
    changed = 0
    with transaction.atomic(savepoint=False), database.cursor() as cursor:
        for part in _parts(rows, len(columns), database):
            source = f"(VALUES {', '.join([one] * len(part))}) AS v"
            values = [get(row) for row in part for get in getters]
            cursor.execute(
                f"UPDATE {quote(meta.db_table)} SET {set_} FROM {source} WHERE {where}",  # noqa: S608
                values,
            )
            changed += cursor.rowcount
    return changed


def _parts(rows: list, columns: int, database: BaseDatabaseWrapper) -> Iterable[list]:
    most = min(MOST_PARAMETERS, database.features.max_query_params or MOST_PARAMETERS)
    size = max(most // columns, 1)
    return (rows[at : at + size] for at in range(0, len(rows), size))


def _getter(
    field: models.Field, database: BaseDatabaseWrapper, *, adding: bool = False
) -> Callable[[models.Model], object]:
    """What gives the value of a row's field as the database takes it."""
    name, is_plain = field.attname, type(field) in PLAIN_FIELDS
    sets_itself = adding and type(field).pre_save is not models.Field.pre_save

    def get(row):
        value = field.pre_save(row, True) if sets_itself else getattr(row, name)
        if value is None or (is_plain and type(value) in PLAIN_VALUES):
            return value
        return field.get_db_prep_save(value, database)

    return get


def _typed(field: models.Field, database: BaseDatabaseWrapper) -> str:
    """PostgreSQL does not guess the types of what stands in a list of values.

    Without the length: a cast to ``varchar(8)`` would cut in silence what the column refuses.
    """
    if database.vendor != "postgresql":
        return "%s"
    type_ = field.rel_db_type(database) if field.is_relation else field.db_type(database)
    return f"%s::{type_.partition('(')[0]}"
