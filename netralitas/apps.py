import sqlite3

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.db.backends.signals import connection_created


class NetralitasConfig(AppConfig):
    name = "netralitas"
    verbose_name = "Netralitas"

    def ready(self):
        connection_created.connect(ask_sqlite_for_its_limit)


class StaticConfig(StaticFilesConfig):
    """Leaves source maps out: nobody reads them here and they doubled the time of collectstatic."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "*.map"]


def ask_sqlite_for_its_limit(connection, **_facts):
    """Values in one statement: Django 5.2 takes the 999 of old builds, so that 50 signatures became two inserts.

    Asked of the library itself, as Django 6.0 does.
    """
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit
