from django.db import models

from .roles import Permission
from .scope import reach


class OfficeScopedQuerySet(models.QuerySet):
    """The one region filter that all rooms use: rows whose office a user's memberships reach.

    A subclass whose office is further away sets ``office_path = "event__office"``.
    """

    office_path = "office"

    def visible_to(self, user, permission: Permission | None = None):
        """Rows the user may know of; with a permission, rows where a role of theirs carries it."""
        return self.filter(reach(user, self.office_path, permission))
