"""Offices and people of the demo. Passwords are random and land in DATA_DIR/demo_logins.json (0600), nowhere else."""

import json
import os
import secrets
from datetime import date

from django.conf import settings

from accounts import audit
from accounts.models import Membership, Office, User
from accounts.writing import writing
from regions.models import Region

LOGINS = "demo_logins.json"


def ensure_office(spec: dict) -> Office:
    """The office of a scenario, made once; offices are told apart by name."""
    known = Office.objects.filter(name=spec["name"], is_demo=True).first()
    if known:
        return known
    parent = (
        Office.objects.filter(name=spec["parent_name"], is_demo=True).first()
        if spec.get("parent_name")
        else None
    )
    with writing():
        office = Office.objects.create(
            name=spec["name"],
            kind=spec["kind"],
            level=spec["level"],
            region=Region.objects.get(code=spec["region"]),
            parent=parent,
            letter_code=spec["letter_code"],
            letterhead_lines="\n".join(spec["letterhead"]),
            address=spec.get("address", ""),
            chair_name=spec.get("chair", ""),
            chair_position=spec.get("chair_position", ""),
            term_ends=date.fromisoformat(spec["term_ends"]) if spec.get("term_ends") else None,
            is_demo=True,
        )
        audit.record(audit.SYSTEM, "office.created", office, name=office.name)
    return office


def ensure_user(spec: dict, office: Office) -> User:
    """The demo user with a membership; a new one gets a random password that only the logins file knows."""
    known = User.objects.filter(email=spec["email"]).first()
    if known:
        return known
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    with writing():
        user = User.objects.create_user(email=spec["email"], password=password, full_name=spec["name"])
        membership = Membership.objects.create(
            user=user, office=office, role=spec["role"], starts=date(2023, 1, 1)
        )
        audit.record(
            audit.SYSTEM,
            "membership.started",
            membership,
            role=membership.role,
            user=user.pk,
            starts=membership.starts,
        )
    remember_login(spec["email"], password)
    return user


def remember_login(email: str, password: str):
    path = settings.DATA_DIR / LOGINS
    logins = json.loads(path.read_text()) if path.exists() else {}
    logins[email] = password
    partial = path.with_suffix(".tmp")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(logins, file, indent=1)
    partial.rename(path)
