"""What every API of the house shares: how it says no, and who a token of Bawaslu's own systems belongs to."""

import re
from datetime import date
from typing import Annotated

from ninja import Schema
from ninja.security import HttpBearer
from pydantic import AfterValidator, AwareDatetime, Field

from .limits import Limit
from .tokens import user_of_token

CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def _plain(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError("control character")
    return text


def _sane(day: date) -> date:
    if not 1970 <= day.year <= 2200:
        raise ValueError("year")
    return day


# What a caller may send: text without what databases choke on, moments whose sums do not overflow.
Plain = Annotated[str, AfterValidator(_plain)]
Day = Annotated[date, AfterValidator(_sane)]
Moment = Annotated[AwareDatetime, AfterValidator(_sane)]


class ApiError(Exception):
    """``status`` and ``code`` for machines, ``message`` an Indonesian sentence; ``more`` stands beside them.

    ``retry_after`` in seconds becomes the header. Never put anything into it that the caller sent.
    """

    def __init__(self, status: int, code: str, message: str, *, retry_after: int = 0, **more):
        self.status, self.code, self.message, self.more = status, code, message, more
        self.headers = {"Retry-After": str(retry_after)} if retry_after else {}
        super().__init__(code)


class Error(Schema):
    """Bentuk setiap penolakan."""

    error: str = Field(description="Kode untuk mesin")
    message: str = Field(description="Kalimat untuk orang")


def errors(*statuses: int) -> dict:
    """Replies that say no, for the OpenAPI description."""
    return dict.fromkeys(statuses, Error)


class ApiTokenAuth(HttpBearer):
    """``Authorization: Bearer ntr_…``: the request speaks for the owner of the token and reaches what they reach."""

    openapi_bearerFormat = "ntr_…"

    def authenticate(self, request, token: str):
        user = user_of_token(token)
        if user is not None:
            request.user = user
        return user


def owner(request):
    return request.auth.pk


TOKEN_LIMIT = Limit("token", 120, owner)
