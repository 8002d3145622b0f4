"""The one exception that says no to a user."""

from collections.abc import Iterable


class Refusal(Exception):
    """A deed refuses: ``message`` is an Indonesian sentence that says what to do, ``issues`` the list behind it.

    A programmer's mistake raises ValueError instead. The middleware turns an uncaught refusal into a 409 page.
    """

    def __init__(self, message: str, issues: Iterable[str] = ()):
        super().__init__(message)
        self.message = str(message)
        self.issues = [str(issue) for issue in issues]
