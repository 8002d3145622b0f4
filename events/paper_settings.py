"""DEED: how an office wants its papers: type, numbers of people, signers, foot line, wording."""

from accounts import audit
from accounts.writing import writing

from .models import PaperSettings, PaperWording

FIELDS = ("family", "identity", "signers", "foot_line", "first_party", "stamp_duty")


def save_paper_settings(*, office, by, values: dict, wording: dict[tuple[str, str], str]) -> PaperSettings:
    """Store the settings of an office; papers that are issued keep what they were printed with.

    ``wording``: (kind, block) → the office's words; an empty text goes back to ours. Effects: settings, wordings, one
    audit entry with the names of what changed; nothing changed, nothing told.
    """
    with writing():
        settings, _ = PaperSettings.objects.select_for_update().get_or_create(office=office)
        before = {name: getattr(settings, name) for name in FIELDS}
        for name in FIELDS:
            setattr(settings, name, values[name])
        settings.save()
        told = audit.diff(before, {name: values[name] for name in FIELDS})
        blocks = [
            f"{kind}.{block}" for (kind, block), text in wording.items() if _store(office, kind, block, text)
        ]
        if before != {name: values[name] for name in FIELDS} or blocks:
            audit.record(by, "paper.settings_changed", settings, **told, fields=blocks)
    return settings


def _store(office, kind: str, block: str, text: str) -> bool:
    """Whether the wording is another now."""
    found = PaperWording.objects.filter(office=office, kind=kind, block=block)
    if not text:
        return bool(found.delete()[0])
    if found.filter(text=text).exists():
        return False
    PaperWording.objects.update_or_create(office=office, kind=kind, block=block, defaults={"text": text})
    return True
