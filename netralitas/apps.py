from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class NetralitasConfig(AppConfig):
    name = "netralitas"
    verbose_name = "Netralitas"


class StaticConfig(StaticFilesConfig):
    """Leaves source maps out: nobody reads them here and they doubled the time of collectstatic."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "*.map"]
