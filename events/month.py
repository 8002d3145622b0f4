"""PURE: one month as weeks from Monday to Sunday, for the calendar of events."""

import re
from calendar import Calendar
from datetime import date, timedelta
from typing import NamedTuple

from regions.wording import MONTHS

SHAPE = re.compile(r"(\d{4})-(\d{2})\Z", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1970, 2199
WEEKS = Calendar(firstweekday=0)


class Month(NamedTuple):
    year: int
    month: int

    @property
    def slug(self) -> str:
        """As it stands in the address bar: "2024-10"."""
        return f"{self.year}-{self.month:02}"

    @property
    def title(self) -> str:
        """ "Oktober 2024" """
        return f"{MONTHS[self.month - 1]} {self.year}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.after.first - timedelta(days=1)

    @property
    def before(self) -> "Month":
        return Month(self.year - 1, 12) if self.month == 1 else Month(self.year, self.month - 1)

    @property
    def after(self) -> "Month":
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)

    @property
    def weeks(self) -> list[list[date]]:
        """Seven days each; the first and the last week lend days from the neighbours."""
        return WEEKS.monthdatescalendar(self.year, self.month)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day.year, day.month) == (self.year, self.month)


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def parse_month(text: str) -> Month | None:
    """ "2024-10"; None for what is no month between 1970 and 2199."""
    found = SHAPE.match(text)
    if not found:
        return None
    month = Month(int(found[1]), int(found[2]))
    fits = FIRST_YEAR <= month.year <= LAST_YEAR and 1 <= month.month <= 12
    return month if fits else None
