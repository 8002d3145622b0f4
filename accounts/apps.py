from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Akun"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import audit, second_factor, wording

        audit.register_verbs(wording.VERBS)
        audit.register_facts(wording.FACTS)
        second_factor.connect()
