#!/usr/bin/env python
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netralitas.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # a wrong setting: its own sentence, no trace
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except (OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv or not (line := find_words(str(error))):
            raise
        sys.stderr.write(f"{line}\n")
        sys.exit(2)


def find_words(error: str) -> str:
    """One line for what an operator can mend: a database without tables or out of reach; "" for anything else."""
    if "no such table" in error or ('relation "' in error and "does not exist" in error):
        return "Basis data belum disiapkan. Jalankan: manage.py prepare"
    if "connection to server" in error or "could not connect" in error or "unable to open database" in error:
        return "Basis data tidak dapat dihubungi. Periksa DATABASE_URL dan DATA_DIR."
    return ""


if __name__ == "__main__":
    main()
