"""Amounts and days as payment providers write them in reports, by one convention for a whole file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from donations.core.money import AmountOutOfRangeError, BadAmountError, Currency, Minor, parse_minor
from donations.core.problem import ProblemCode, refuse

# Thousands may be grouped: 1,234.56 and 1.234,56. A grouped amount without decimals could be either.
_AMOUNT = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?P<group>[.,' \u00a0\u2019])[0-9]{3}(?:(?P=group)[0-9]{3})*|[0-9]{1,12})"
    r"(?:(?P<mark>[.,])(?P<cents>[0-9]{2}))?"
)
_TIME = r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?Z?)?"
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})" + _TIME)
_DOTTED = re.compile(r"(?P<day>[0-9]{2})\.(?P<month>[0-9]{2})\.(?P<year>[0-9]{4})" + _TIME)
_SLASHED = re.compile(r"(?P<one>[0-9]{1,2})/(?P<other>[0-9]{1,2})/(?P<year>[0-9]{4})" + _TIME)
_MONTHS = 12


@dataclass(slots=True)
class ReportAmounts:
    """Reads amounts; the first one with decimals decides on the file's decimal mark."""

    mark: str = ""

    def read(self, text: str, *, currency: Currency, line: int) -> Minor:
        """Return signed minor units, 0 for an empty cell.

        Raises `Refused` with `ambiguous_amount`, `bad_amount` or `amount_out_of_range`.
        """
        if not text:
            return 0
        found = _AMOUNT.fullmatch(text)
        if found is None:
            raise refuse(ProblemCode.BAD_AMOUNT, line=line)
        group, mark = found["group"], found["mark"]
        if group in {".", ","} and not mark:
            raise refuse(ProblemCode.AMBIGUOUS_AMOUNT, line=line, text=text)
        self.mark = self.mark or mark or ""
        if mark and (mark != self.mark or mark == group):
            raise refuse(ProblemCode.BAD_AMOUNT, line=line)
        whole = found["whole"].replace(group, "") if group else found["whole"]
        try:
            return parse_minor(f"{found['sign']}{whole}.{found['cents'] or '0'}", currency=currency, mark=".")
        except AmountOutOfRangeError:
            raise refuse(ProblemCode.AMOUNT_OUT_OF_RANGE, line=line) from None
        except BadAmountError:
            raise refuse(ProblemCode.BAD_AMOUNT, line=line) from None


@dataclass(frozen=True, slots=True)
class ReportDays:
    """Reads days; times beside them are not looked at, and no time zone moves a day."""

    is_day_first: bool
    """Of days with slashes."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> ReportDays:
        """Learn from all days of a file whether day or month comes first; raises `Refused` with `ambiguous_date`."""
        found = [(int(each["one"]), int(each["other"])) for each in map(_SLASHED.fullmatch, texts) if each]
        is_day_first = any(one > _MONTHS for one, _ in found)
        is_decided = is_day_first or any(other > _MONTHS for _, other in found)
        if not is_decided and any(one != other for one, other in found):
            raise refuse(ProblemCode.AMBIGUOUS_DATE)
        return cls(is_day_first)

    def read(self, text: str, *, line: int) -> date:
        """Return the day; raises `Refused` with `bad_date`."""
        slashed = _SLASHED.fullmatch(text)
        found = slashed or _ISO.fullmatch(text) or _DOTTED.fullmatch(text)
        if found is None:
            raise refuse(ProblemCode.BAD_DATE, line=line)
        day, month = ("one", "other") if self.is_day_first else ("other", "one")
        day, month = (day, month) if slashed else ("day", "month")
        try:
            return date(int(found["year"]), int(found[month]), int(found[day]))
        except ValueError:
            raise refuse(ProblemCode.BAD_DATE, line=line) from None
