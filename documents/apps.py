from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Dokumen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts import audit, duties

        from . import duties as paper_duties
        from . import officer_seal, revoking, seal_settings, sealing, stamping
        from .models import Job

        audit.register_verbs(sealing.VERBS)
        audit.register_verbs(stamping.VERBS)
        audit.register_verbs(revoking.VERBS)
        audit.register_verbs(officer_seal.VERBS)
        audit.register_verbs(seal_settings.VERBS)
        audit.register_facts(seal_settings.FACTS)
        sealing.register_steps(Job.Purpose)
        for source in paper_duties.SOURCES:
            duties.register(source)
