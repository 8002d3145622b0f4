"""DEEDS: give somebody a role at an office, end it, hand over a one-time password."""

import secrets
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from regions.wording import long_date_no_day

from . import audit
from .access import may
from .models import Membership, Office, User
from .refusals import Refusal
from .roles import Permission, Role
from .writing import writing

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0, 1: it is read aloud and typed
ONE_TIME_DAYS = 7
LAST_ADMINISTRATOR = (
    "Anda satu-satunya administrator kantor ini. Tugaskan administrator lain terlebih dahulu, "
    "lalu minta ia mengubah penugasan Anda."
)


class NewMember(NamedTuple):
    membership: Membership
    one_time_password: str  # "" when the person already had an account


def add_member(
    *,
    office: Office,
    by,
    email: str,
    full_name: str,
    role: Role | str,
    starts: date | None = None,
    ends: date | None = None,
) -> NewMember:
    """Find the account of the address or make one with a one-time password; store the membership; tell the log.

    The password is returned here once and stored only as a hash. A known person keeps name and password.
    """
    starts = starts or timezone.localdate()
    _check_term(office, starts, ends)
    with writing():
        user = User.objects.filter(email=email.strip().lower()).first()
        password = "" if user else new_one_time_password()
        if user is None:
            user = _create_user(email, full_name, password)
        elif _holds(user, office, role, starts):
            raise Refusal(f"{user} sudah memegang peran {Role(role).label} di {office}.")
        membership = Membership.objects.create(
            user=user, office=office, role=Role(role), starts=starts, ends=ends
        )
        if password:
            audit.record(by, "user.created", user)
        audit.record(
            by, "membership.started", membership, role=membership.role, user=user.pk, starts=starts, ends=ends
        )
    return NewMember(membership, password)


def end_membership(*, membership: Membership, by) -> Membership:
    """Stop the membership at once: it does not count from now on; its last day is today. Tells the log."""
    if membership.revoked_at is not None or (membership.ends and membership.ends < timezone.localdate()):
        raise Refusal("Penugasan ini sudah berakhir.")
    if _is_own_last_administrator(membership, by):
        raise Refusal(LAST_ADMINISTRATOR)
    with writing():
        membership.revoked_at = timezone.now()
        membership.ends = max(timezone.localdate(), membership.starts)
        membership.save(update_fields=["revoked_at", "ends"])
        audit.record(by, "membership.ended", membership, role=membership.role, user=membership.user_id)
    return membership


def change_membership(*, membership: Membership, by, role: Role | str, ends: date | None) -> Membership:
    """Extend or shorten the term, give another role; returns the membership that counts from now on.

    A new role is a new membership from today, and the old one stops at once, so that the log keeps who could do what
    when. Tells the log; nothing changed, nothing told. Refused for a membership that was ended by hand, after the term
    of the office, and for the own last role of administrator.
    """
    office = membership.office
    if membership.revoked_at is not None:
        raise Refusal("Penugasan ini sudah dihentikan. Tugaskan orang ini kembali.")
    _check_term(office, membership.starts, ends)
    _check_end(office, ends)
    if Role(role) == membership.role:
        return _change_end(membership, ends, by)
    if _is_own_last_administrator(membership, by):
        raise Refusal(LAST_ADMINISTRATOR)
    today = timezone.localdate()
    if _holds(membership.user, office, role, today):
        raise Refusal(f"{membership.user} sudah memegang peran {Role(role).label} di {office}.")
    before = membership.role
    with writing():
        membership.revoked_at = timezone.now()
        membership.ends = max(today, membership.starts)
        membership.save(update_fields=["revoked_at", "ends"])
        new = Membership.objects.create(
            user=membership.user,
            office=office,
            role=Role(role),
            starts=max(today, membership.starts),
            ends=ends,
        )
        audit.record(by, "membership.role_changed", new, changes={"role": [before, new.role]}, ends=ends)
    return new


def renew_password(*, membership: Membership, by) -> str:
    """Replace the password of a member by a new one-time password, returned once. Tells the log.

    Refused when the account reaches further than the one who asks, who could otherwise take it over.
    """
    user = membership.user
    if not membership.is_active:
        raise Refusal("Penugasan ini sudah berakhir.")
    if not looks_after(by, user):
        raise Refusal(
            f"Akun {user} juga bertugas di kantor di luar wewenang Anda. "
            "Minta administrator kantor itu menerbitkan kata sandinya."
        )
    password = new_one_time_password()
    with writing():
        user.set_password(password)
        user.one_time_until = one_time_end()
        user.save(update_fields=["password", "one_time_until"])
        audit.record(by, "password.issued", membership, user=user.pk)
    return password


def looks_after(administrator: User, user: User) -> bool:
    """May the administrator manage the accounts of every office where the user works?"""
    if user.is_superuser or user.is_staff:
        return administrator.is_superuser
    memberships = user.memberships.active().select_related("office__region")
    return all(may(administrator, Permission.USER_MANAGE, each.office).allowed for each in memberships)


def new_one_time_password() -> str:
    """Sixteen characters in four groups, 79 bits: "k7mq-r2xp-9hdw-cn4t"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def one_time_end():
    return timezone.now() + timedelta(days=ONE_TIME_DAYS)


def _create_user(email: str, full_name: str, password: str) -> User:
    if not full_name.strip():
        raise Refusal("Nama lengkap wajib diisi untuk akun baru.")
    return User.objects.create_user(
        email, password, full_name=full_name.strip(), one_time_until=one_time_end()
    )


def _holds(user: User, office: Office, role: Role | str, starts: date, but: Membership | None = None) -> bool:
    """Does the person hold the role on that day or later, ``but`` left aside?"""
    held = user.memberships.filter(office=office, role=role, revoked_at=None)
    if but is not None:
        held = held.exclude(pk=but.pk)
    return held.filter(Q(ends=None) | Q(ends__gte=starts)).exists()


def _check_term(office: Office, starts: date, ends: date | None) -> None:
    if office.is_dissolved:
        raise Refusal(f"Masa jabatan {office} sudah berakhir. Penugasan baru tidak dapat dibuat.")
    if ends and ends < starts:
        raise Refusal("Tanggal berakhir tidak boleh sebelum tanggal mulai.")
    if office.term_ends and starts > office.term_ends:
        raise Refusal("Tanggal mulai berada setelah masa jabatan kantor berakhir.")


def _check_end(office: Office, ends: date | None) -> None:
    if ends and ends < timezone.localdate():
        raise Refusal("Tanggal berakhir sudah lewat. Untuk menghentikan sekarang, pilih Akhiri.")
    if ends and office.term_ends and ends > office.term_ends:
        raise Refusal(
            f"Masa jabatan {office} berakhir {long_date_no_day(office.term_ends)}; penugasan tidak dapat melewatinya."
        )


def _change_end(membership: Membership, ends: date | None, by) -> Membership:
    before = membership.ends
    if before == ends:
        return membership
    if _holds(membership.user, membership.office, membership.role, membership.starts, but=membership):
        raise Refusal(
            f"{membership.user} memegang peran ini pada penugasan lain. Ubah penugasan yang masih berlaku."
        )
    with writing():
        membership.ends = ends
        membership.save(update_fields=["ends"])
        audit.record(by, "membership.extended", membership, **audit.diff({"ends": before}, {"ends": ends}))
    return membership


def _is_own_last_administrator(membership: Membership, by) -> bool:
    if membership.role != Role.ADMINISTRATOR or membership.user_id != getattr(by, "pk", None):
        return False
    others = Membership.objects.active().filter(office=membership.office, role=Role.ADMINISTRATOR)
    return not others.exclude(user=membership.user).exists()
