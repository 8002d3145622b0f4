from django.contrib import admin

from accounts.admin import ReadOnlyAdmin

from .models import Document, HashRegister, LetterNumber, NumberCounter, RenderJob, SealJob, WorkerBeat


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ["title", "number", "kind", "office", "state", "revision", "sealed_at"]
    list_filter = ["state", "kind"]
    search_fields = ["title", "number", "event_code", "sha256"]
    list_select_related = ["office"]
    exclude = ["snapshot"]


@admin.register(HashRegister)
class HashRegisterAdmin(ReadOnlyAdmin):
    list_display = ["sha256", "document", "reason", "revision", "issued_at"]
    search_fields = ["sha256"]
    list_select_related = ["document"]


@admin.register(LetterNumber)
class LetterNumberAdmin(ReadOnlyAdmin):
    list_display = ["text", "office", "date", "state", "subject"]
    list_filter = ["state", "year"]
    search_fields = ["text", "subject"]
    list_select_related = ["office"]


@admin.register(NumberCounter)
class NumberCounterAdmin(ReadOnlyAdmin):
    list_display = ["office", "year", "last"]
    list_select_related = ["office"]


@admin.register(RenderJob, SealJob)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["document", "purpose", "state", "attempts", "run_after", "last_error"]
    list_filter = ["state", "purpose"]
    list_select_related = ["document"]


@admin.register(WorkerBeat)
class WorkerBeatAdmin(ReadOnlyAdmin):
    list_display = ["name", "host", "pid", "started_at", "at"]
