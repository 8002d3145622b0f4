from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Akun"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import audit, deed_groups, second_factor, wording

        audit.register_verbs(wording.VERBS)
        audit.register_facts(wording.FACTS)
        deed_groups.register_groups(deed_groups.OWN)
        second_factor.connect()
