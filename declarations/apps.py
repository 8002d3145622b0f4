from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    name = "declarations"
    verbose_name = "Naskah"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the rooms below what this one adds: readiness checks, the panel of the event page, paper kinds, verbs."""
        from django.core.checks import register

        from accounts import duties
        from accounts.audit import register_facts, register_verbs, register_words
        from accounts.deed_groups import register_groups
        from events.scheduling import on_cancel

        from . import (
            copying,
            kiosk_build,
            panels,
            plan_steps,
            planning,
            readiness,
            tablet_readiness,
            verbs,
            wiring,
        )
        from . import duties as signing_duties

        register(kiosk_build.check_built)
        copying.register_all()
        readiness.register_all()
        tablet_readiness.register_all()
        panels.register_all()
        plan_steps.register_all()
        wiring.register_all()
        on_cancel.register(planning.void_numbers_of_event)
        register_verbs(verbs.VERBS)
        register_facts(verbs.FACTS)
        register_groups(verbs.GROUPS)
        register_words(verbs.WORDS)
        for source in signing_duties.SOURCES:
            duties.register(source)
