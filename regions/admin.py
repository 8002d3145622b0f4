from django.contrib import admin

from .codes import code_in
from .models import Region, RegionLabel, label_book
from .names import fold


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    """To look at only: names come from the data package and from ``regions/data/corrections.csv``."""

    list_display = ["code", "titled", "surroundings", "zone_label", "is_current"]
    list_filter = ["level", "kind", "is_current", "time_zone"]
    search_fields = ["folded"]
    list_select_related = ["parent__parent__parent"]
    show_full_result_count = False

    @admin.display(description="nama", ordering="name")
    def titled(self, region):
        return region.titled

    @admin.display(description="bagian dari")
    def surroundings(self, region):
        return region.surroundings or "–"

    @admin.display(description="zona waktu", ordering="time_zone")
    def zone_label(self, region):
        return region.zone_label

    def get_search_results(self, request, queryset, search_term):
        if code := code_in(search_term):
            return queryset.under(code), False
        return super().get_search_results(request, queryset, fold(search_term))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(RegionLabel)
class RegionLabelAdmin(admin.ModelAdmin):
    list_display = ["region", "key", "label", "confirmed"]
    list_filter = ["key", "confirmed"]
    list_editable = ["label", "confirmed"]
    list_select_related = ["region"]
    autocomplete_fields = ["region"]

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        label_book.forget()
