"""Indexes that nobody asks are gone, and neither they nor a step back take the triggers of the table along."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.leaner import WithoutIndex
from declarations.models import KioskItem, Signatory, Signature
from events.models import AttendanceRecord, Attendee

BEFORE = [("events", "0005_rundown_taps"), ("declarations", "0008_reading_noted_at")]
AFTER = [("events", "0006_fewer_indexes"), ("declarations", "0009_fewer_indexes")]
TABLES = {model._meta.db_table for model in (Attendee, AttendanceRecord, KioskItem, Signatory, Signature)}


def single_column_indexes() -> set[tuple[str, str]]:
    found = set()
    with connection.cursor() as cursor:
        for table in TABLES:
            constraints = connection.introspection.get_constraints(cursor, table).values()
            found |= {(table, c["columns"][0]) for c in constraints if c["index"] and len(c["columns"]) == 1}
    return found


def triggers() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        return {name for (name,) in cursor.fetchall()}


def dropped() -> set[tuple[str, str]]:
    loader = MigrationExecutor(connection).loader
    found = set()
    for key in AFTER:
        for operation in loader.get_migration(*key).operations:
            if isinstance(operation, WithoutIndex):
                found.add((f"{key[0]}_{operation.model_name}", f"{operation.name}_id"))
    return found


@pytest.mark.django_db(transaction=True)
def test_index_goes_and_comes_back_and_the_triggers_stay():
    try:
        MigrationExecutor(connection).migrate(AFTER)
        lean, kept = single_column_indexes(), triggers()
        assert len(dropped()) == 13
        assert not dropped() & lean
        MigrationExecutor(connection).migrate(BEFORE)
        assert single_column_indexes() == lean | dropped()
        assert triggers() == kept
        MigrationExecutor(connection).migrate(AFTER)
        assert single_column_indexes() == lean
        assert triggers() == kept
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_a_step_back_that_builds_the_table_anew_keeps_its_triggers():
    own = {"events_attendee_before_frozen", "events_attendee_merged_frozen"}
    before = {name for name in triggers() if "apartpair" not in name} - own
    try:
        MigrationExecutor(connection).migrate([("events", "0020_submissions")])
        assert triggers() == before
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert own < triggers()
