from django.contrib import admin

from .models import LegalBasis, PledgeText, TextVersion


class ReadOnly(admin.ModelAdmin):
    """Deeds happen on the pages, with their audit entries; here one only looks."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(LegalBasis)
class LegalBasisAdmin(ReadOnly):
    list_display = ["short", "articles", "valid_from", "valid_to", "superseded_by", "confirmed"]
    list_filter = ["confirmed"]
    search_fields = ["short", "citation"]


@admin.register(PledgeText)
class PledgeTextAdmin(ReadOnly):
    list_display = ["title", "kind", "office"]
    list_filter = ["kind"]
    search_fields = ["title"]


@admin.register(TextVersion)
class TextVersionAdmin(ReadOnly):
    list_display = ["title", "number", "state", "origin", "published_at", "approved_at"]
    list_filter = ["state", "origin"]
    search_fields = ["title"]
