from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm

from . import audit
from .models import ApiToken, AuditEntry, Membership, Office, User
from .writing import writing


class LoggedAdmin(admin.ModelAdmin):
    """What the operator of the server changes here is told in the log like any deed."""

    def save_model(self, request, obj, form, change):
        with writing():
            super().save_model(request, obj, form, change)
            verb = f"{obj._meta.model_name}.{'updated' if change else 'created'}"
            audit.record(request.user, verb, obj, fields=sorted(form.changed_data))

    def has_delete_permission(self, request, obj=None):
        return False


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "full_name")


@admin.register(User)
class UserAdmin(LoggedAdmin, DjangoUserAdmin):
    add_form = UserCreationForm
    ordering = ["email"]
    list_display = ["email", "full_name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["email", "full_name"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "full_name", "password", "one_time_until"]}),
        ("Hak", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Waktu", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "full_name", "usable_password", "password1", "password2"]})]

    def user_change_password(self, request, id, form_url=""):
        with writing():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                audit.record(request.user, "password.issued", self.get_object(request, id))
        return response


@admin.register(Office)
class OfficeAdmin(LoggedAdmin):
    list_display = ["name", "kind", "level", "region", "term_ends", "is_demo"]
    list_filter = ["kind", "level", "is_demo"]
    list_select_related = ["region"]
    search_fields = ["name", "region__code", "region__name"]
    raw_id_fields = ["region", "parent"]
    exclude = ["logo"]


@admin.register(Membership)
class MembershipAdmin(LoggedAdmin):
    list_display = ["user", "office", "role", "starts", "ends", "revoked_at"]
    list_filter = ["role"]
    list_select_related = ["user", "office"]
    search_fields = ["user__email", "user__full_name", "office__name"]
    raw_id_fields = ["user", "office"]
    readonly_fields = ["revoked_at"]


class ReadOnlyAdmin(admin.ModelAdmin):
    """Deeds happen on the pages, with their audit entries; here one only looks. Also for the rooms above."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "stream_id", "seq", "actor_label", "verb", "object_label"]
    list_filter = ["actor_kind"]
    search_fields = ["stream__name", "verb", "actor_label", "object_label", "object_id"]
    ordering = ["-at"]
    show_full_result_count = False


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "start", "created_at", "expires_at", "revoked_at", "last_used_at"]
    list_select_related = ["user"]
    exclude = ["digest"]
