"""Days and months as arguments of commands; what cannot be read is told as every other misuse."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from donations.cli.failing import MisuseError
from donations.core.month import BadMonthError, Month
from donations.core.period import Period
from donations.core.typed import BadDayError, typed_day

Year = Annotated[int | None, typer.Option(min=2000, max=2100)]
MonthOption = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM")]
From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first booking date.")]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last booking date.")]


def day_of_text(text: str) -> date:
    """Return a day. Raises `MisuseError`."""
    try:
        return typed_day(text)
    except BadDayError as error:
        raise MisuseError("bad_day", "Write the day like 2026-10-31.") from error


def month_of_text(text: str) -> Month:
    """Return a month. Raises `MisuseError`."""
    try:
        return Month.parse(text.strip())
    except BadMonthError as error:
        raise MisuseError("bad_month", "Write the month like 2026-10.") from error


def period_of_text(*, year: int | None, month: str | None, first: str | None, last: str | None) -> Period:
    """Return a year, a month, some days, or all time where nothing is said. Raises `MisuseError`."""
    ways = [year is not None, month is not None, first is not None or last is not None]
    if sum(ways) > 1:
        raise MisuseError("one_period", "Say one: --year 2026, --month 2026-10, or --from DAY --to DAY.")
    if month is not None:
        one = month_of_text(month)
        return Period(one.first_day, one.last_day)
    if year is not None:
        return Period.of(year=year)
    return Period(date.min if first is None else day_of_text(first), date.max if last is None else day_of_text(last))
