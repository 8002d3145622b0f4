"""Migration operations for tables that take many rows at once: indexes nobody asks cost more than the row itself."""

from django.db import connections, migrations


class WithoutIndex(migrations.AlterField):
    """A foreign key that loses its index. Unlike ``AlterField`` it leaves the table, and so its triggers, alone."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = from_state.apps.get_model(app_label, self.model_name)
        for name in self._indexes(schema_editor, model):
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        for statement in schema_editor._field_indexes_sql(model, field):
            schema_editor.execute(statement)

    def _indexes(self, schema_editor, model) -> list[str]:
        column = model._meta.get_field(self.name).column
        with connections[schema_editor.connection.alias].cursor() as cursor:
            found = schema_editor.connection.introspection.get_constraints(cursor, model._meta.db_table)
        plain = {name: facts for name, facts in found.items() if facts["index"] and not facts["unique"]}
        own = {index.name for index in model._meta.indexes}
        return [name for name, facts in plain.items() if facts["columns"] == [column] and name not in own]


class AddFieldBesideTriggers(migrations.AddField):
    """A foreign key on a table with triggers: on the way back SQLite builds the table anew, and they come along."""

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        kept = self._triggers(schema_editor, table)
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        left = self._triggers(schema_editor, table)
        for name, statement in kept.items():
            if name not in left:
                schema_editor.execute(statement, params=None)

    def _triggers(self, schema_editor, table: str) -> dict[str, str]:
        if schema_editor.connection.vendor != "sqlite":
            return {}
        with connections[schema_editor.connection.alias].cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
            return dict(cursor.fetchall())


def leave_room(app_label: str, *models: str) -> migrations.RunPython:
    """Rows that are changed once or twice stay on their page, so that PostgreSQL need not touch their indexes."""

    def set_to(percent: int):
        def run(apps, schema_editor):
            if schema_editor.connection.vendor == "postgresql":
                for name in models:
                    table = schema_editor.quote_name(apps.get_model(app_label, name)._meta.db_table)
                    schema_editor.execute(f"ALTER TABLE {table} SET (fillfactor = {percent})")

        return run

    return migrations.RunPython(set_to(75), set_to(100))
