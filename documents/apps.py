from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Dokumen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts import audit, duties
        from accounts.deed_groups import register_groups

        from . import deed_groups, officer_seal, revoking, seal_settings, sealing, stamping
        from . import duties as paper_duties
        from .models import Job

        audit.register_verbs(sealing.VERBS)
        audit.register_verbs(stamping.VERBS)
        audit.register_verbs(revoking.VERBS)
        audit.register_verbs(officer_seal.VERBS)
        audit.register_verbs(seal_settings.VERBS)
        audit.register_facts(seal_settings.FACTS)
        register_groups(deed_groups.GROUPS)
        sealing.register_steps(Job.Purpose)
        for source in paper_duties.SOURCES:
            duties.register(source)
