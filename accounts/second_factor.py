"""Tell the log when somebody installs or removes a second factor. allauth offers only signals for it."""

from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset

from . import audit
from .writing import writing

NAMES = {"totp": "aplikasi autentikator", "webauthn": "kunci keamanan", "recovery_codes": "kode pemulihan"}


def connect() -> None:
    authenticator_added.connect(factor_added, dispatch_uid="accounts.factor_added")
    authenticator_removed.connect(factor_removed, dispatch_uid="accounts.factor_removed")
    authenticator_reset.connect(factor_reset, dispatch_uid="accounts.factor_reset")


def factor_added(*, user, authenticator, **kwargs) -> None:
    _tell("factor.added", user, authenticator)


def factor_removed(*, user, authenticator, **kwargs) -> None:
    _tell("factor.removed", user, authenticator)


def factor_reset(*, user, authenticator, **kwargs) -> None:
    _tell("factor.reset", user, authenticator)


def _tell(verb: str, user, authenticator) -> None:
    with writing():
        audit.record(user, verb, user, factor=NAMES.get(authenticator.type, authenticator.type))
