from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Kegiatan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts import audit

        from .verbs import VERBS

        audit.register_verbs(VERBS)
