from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Kegiatan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from accounts import audit, duties
        from accounts.deed_groups import register_groups
        from documents import jobs, leftovers

        from . import (  # noqa: F401 - a paper registers itself
            agenda_paper,
            attendance_paper,
            certificate_paper,
            deed_groups,
            dossier_paper,
            handover_paper,
            invitation_paper,
            issuing,
            log_words,
            minutes_paper,
            outbox,
            panels,
            photo_paper,
            verbs,
        )
        from . import duties as event_duties
        from .importing import sweep_uploads
        from .photos import sweep_photos
        from .views.invitations import panel
        from .views.submissions import panel as report_panel

        issuing.register_papers()
        if outbox.sweep not in jobs.SWEEPS:
            jobs.SWEEPS.append(outbox.sweep)
        panels.register("undangan", "events/_invitations_panel.html", panel)
        panels.register("laporan-ke-pengawas", "events/_submission_panel.html", report_panel)
        audit.register_verbs(verbs.VERBS)
        audit.register_facts(verbs.FACTS)
        audit.register_words(log_words.WORDS)
        register_groups(deed_groups.GROUPS)
        duties.register(event_duties.events_ask)
        duties.register(event_duties.reports_ask)
        for sweeper in (sweep_uploads, sweep_photos):
            if sweeper not in leftovers.SWEEPERS:
                leftovers.SWEEPERS.append(sweeper)
