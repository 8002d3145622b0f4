from django.contrib import admin
from django.db import models

from accounts import audit
from accounts.admin import ReadOnlyAdmin
from accounts.writing import writing

from .models import Device, Election, Event


@admin.register(Election)
class ElectionAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "voting_date", "region"]
    list_filter = ["kind"]
    search_fields = ["name"]
    raw_id_fields = ["region"]

    def save_model(self, request, obj, form, change):
        """Contests and corrections are entered here; the log hears of them like of any deed."""
        with writing():
            super().save_model(request, obj, form, change)
            verb = "election.changed" if change else "election.added"
            audit.record(request.user, verb, obj, fields=sorted(form.changed_data))

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """For looking things up: every change goes through the pages, which write the audit log."""

    list_display = ["title", "code", "office", "region", "starts_at", "state"]
    list_filter = ["state", "mode"]
    list_select_related = ["office", "region"]
    search_fields = ["title", "code"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    """Which tablets there were; neither token nor key is shown, everything is done on the page Tablet."""

    list_display = ["label", "event", "site", "state", "paired_at", "app"]
    list_filter = ["state"]
    list_select_related = ["event", "site"]
    search_fields = ["label", "event__code", "event__title"]
    exclude = ["token_sha256", "public_key"]
