from django.contrib import admin

from accounts.admin import ReadOnlyAdmin

from .models import LegalBasis, PledgeText, TextVersion


@admin.register(LegalBasis)
class LegalBasisAdmin(ReadOnlyAdmin):
    list_display = ["short", "articles", "valid_from", "valid_to", "superseded_by", "confirmed"]
    list_filter = ["confirmed"]
    search_fields = ["short", "citation"]


@admin.register(PledgeText)
class PledgeTextAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "office"]
    list_filter = ["kind"]
    search_fields = ["title"]


@admin.register(TextVersion)
class TextVersionAdmin(ReadOnlyAdmin):
    list_display = ["title", "number", "state", "origin", "published_at", "approved_at"]
    list_filter = ["state", "origin"]
    search_fields = ["title"]
