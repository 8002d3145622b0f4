"""DEEDS: register an office, change its letterhead, exchange its logo."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from . import audit
from .canonical import sha256_hex
from .models import Office
from .refusals import Refusal
from .writing import writing

LETTERHEAD = (
    "letterhead_lines",
    "address",
    "phone",
    "email",
    "chair_name",
    "chair_position",
    "secretariat_head_name",
    "secretariat_head_position",
    "letter_code",
    "number_template",
    "paper_size",
)


def create_office(*, by, **fields: Any) -> Office:
    """Check the fields, store the office, tell the log. Refusal lists what is wrong in Indonesian."""
    office = Office(**fields)
    try:
        office.full_clean()
    except ValidationError as error:
        raise Refusal("Kantor belum dapat disimpan.", error.messages) from None
    with writing():
        office.save(force_insert=True)
        audit.record(by, "office.created", office, kind=office.kind, region=office.region_id)
    return office


def update_letterhead(*, office: Office, by, **values: Any) -> Office:
    """Store the letterhead fields that changed and tell the log before and after; nothing changed, nothing told."""
    unknown = set(values) - set(LETTERHEAD)
    if unknown:
        raise ValueError(f"No letterhead fields: {sorted(unknown)}")
    with writing():
        stored = Office.objects.select_for_update().get(pk=office.pk)
        before = {name: getattr(stored, name) for name in values}
        changed = [name for name in values if before[name] != values[name]]
        for name in changed:
            setattr(office, name, values[name])
        if changed:
            office.save(update_fields=changed)
            audit.record(by, "office.updated", office, **audit.diff(before, values))
    return office


def change_logo(*, office: Office, by, png: bytes) -> Office:
    """Store the picture under the name of its hash, point the office to it, tell the log.

    The old file stays: papers that wait for the press may still name it.
    """
    digest = sha256_hex(png)
    with writing():
        office.logo.save(f"{digest[:32]}.png", ContentFile(png), save=False)
        office.save(update_fields=["logo"])
        audit.record(by, "office.logo_changed", office, sha256=digest, size=len(png))
    return office


def remove_logo(*, office: Office, by) -> Office:
    """Print the letterhead without a logo from now on; the file stays for papers that wait."""
    if not office.logo:
        return office
    with writing():
        office.logo = ""
        office.save(update_fields=["logo"])
        audit.record(by, "office.logo_removed", office)
    return office
