"""The days of a report as options of a command: a year, a month, or some days."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from donations.core.period import Period
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_day, typed_month

Year = Annotated[int | None, typer.Option(min=2000, max=2100)]
MonthOption = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM")]
From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first booking date.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last booking date.")]


def period_of_text(*, year: int | None, month: str | None, first: str | None, last: str | None) -> Period:
    """Return the days that are meant, all without any. Raises `Refusal`: `period_twice`, `bad_month`, `bad_day`."""
    ways = [year is not None, month is not None, first is not None or last is not None]
    if sum(ways) > 1:
        raise Refusal(BooksCode.PERIOD_TWICE)
    if month is not None:
        one = typed_month(month)
        return Period(one.first_day, one.last_day)
    if year is not None:
        return Period.of(year=year)
    return Period(date.min if first is None else typed_day(first), date.max if last is None else typed_day(last))
