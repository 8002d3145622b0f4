"""What every API of the house shares: how it says no, and who a token of Bawaslu's own systems belongs to."""

from ninja import Schema
from ninja.security import HttpBearer
from pydantic import Field

from .limits import Limit
from .tokens import user_of_token


class ApiError(Exception):
    """``status`` and ``code`` for machines, ``message`` an Indonesian sentence; ``more`` stands beside them.

    Never put anything into it that the caller sent.
    """

    def __init__(self, status: int, code: str, message: str, **more):
        self.status, self.code, self.message, self.more = status, code, message, more
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
