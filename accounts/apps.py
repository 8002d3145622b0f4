from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Akun"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import audit, wording

        audit.register_verbs(wording.VERBS)
        audit.register_facts(wording.FACTS)
