"""Empty append-only tables after a transactional test.

SQLite empties a table with DELETE, which the triggers of append-only tables forbid; so they step aside for the flush.
PostgreSQL empties with TRUNCATE, which row triggers do not see.
"""

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations

_plain_flush = DatabaseOperations.sql_flush


def _flush_without_triggers(self, style, tables, **options):
    statements = _plain_flush(self, style, tables, **options)
    if not statements:
        return statements
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    drop = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
    return [*drop, *statements, *(sql for _, sql in triggers)]


@pytest.fixture(autouse=True, scope="session")
def flushable():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", _flush_without_triggers)
        yield


def drop_triggers(*tables):
    """What somebody with the database's password could do; inside a test's transaction it is undone at the end."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else "pending trigger events" of foreign keys
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({})".format(
                ",".join(["%s"] * len(tables))
            ),
            tables,
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
