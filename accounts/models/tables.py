from django.conf import settings
from django.db import models


class ChosenColumns(models.Model):
    """The columns that a person last chose for the download of a list; a habit, never a right."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="chosen_columns")
    table = models.CharField(max_length=40)
    keys = models.JSONField(default=list)

    class Meta:
        verbose_name = "kolom pilihan"
        verbose_name_plural = "kolom pilihan"
        constraints = [
            models.UniqueConstraint(fields=["user", "table"], name="one_choice_of_columns_per_table")
        ]

    def __str__(self):
        return self.table
