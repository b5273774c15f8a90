"""Dates and amounts as tables of any bank or program write them; what has two meanings has both until it is decided."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from donations.core.money import BadAmountError, Minor, parse_currency, parse_minor
from donations.core.table_layout import DayOrder

_YEAR_FIRST = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")
_PACKED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
"""Behind a date; the day counts as it is written."""
_CELL_MAX = 40
_SIGN = {"−": "-", "–": "-"}
_GROUPS = {
    ",": re.compile(r"[+-]?[0-9]{1,3}(?:([ \u00a0\u202f.'’])[0-9]{3})(?:\1[0-9]{3})*(?:,[0-9]+)?"),
    ".": re.compile(r"[+-]?[0-9]{1,3}(?:([ \u00a0\u202f,'’])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?"),
}
_IN_BRACKETS = re.compile(r"\(([^-+()]+)\)")
"""How bookkeepers write less than nothing."""
_BETWEEN = re.compile("[ \u00a0\u202f.,'’]")


@lru_cache(maxsize=10_000)
def days_of(text: str) -> dict[DayOrder, date]:
    """Return the day that a cell is, by each order of figures in which it is one; nothing where it is no date."""
    if len(text) > _CELL_MAX:
        return {}
    written = _TIME.sub("", text, count=1) if ":" in text else text
    if found := _YEAR_FIRST.fullmatch(written) or _PACKED.fullmatch(written):
        year, month, day = found[1], *found.groups()[-2:]
        return _days({DayOrder.YEAR_FIRST: (year, month, day)})
    if found := _YEAR_LAST.fullmatch(written):
        return _days(
            {DayOrder.DAY_FIRST: (found[4], found[3], found[1]), DayOrder.MONTH_FIRST: (found[4], found[1], found[3])}
        )
    return {}


def _days(written: dict[DayOrder, tuple[str, str, str]]) -> dict[DayOrder, date]:
    found = {}
    for order, figures in written.items():
        try:
            found[order] = date(*map(int, figures))
        except ValueError:
            continue
    return found


def amount_of(text: str, *, currency: str, mark: str) -> Minor:
    """Return signed minor units of a cell such as `1 234,50`, `-12.00 €`, `12,00-`, `(12,00)`; raises `BadAmountError`.

    Thousands may be parted by blanks, apostrophes or the mark that is not for decimals, all alike and in threes.
    """
    if len(text) > _CELL_MAX:
        raise BadAmountError
    plain = text.strip()
    for word in (currency, "€"):
        plain = plain.removeprefix(word).removesuffix(word).strip() if word else plain
    plain = _SIGN.get(plain[:1], plain[:1]) + plain[1:]
    if inner := _IN_BRACKETS.fullmatch(plain):
        plain = f"-{inner[1].strip()}"
    if plain[:1] in {"+", "-"}:
        plain = plain[0] + plain[1:].lstrip()
    elif plain.endswith("-"):
        plain = f"-{plain[:-1].rstrip()}"
    if _GROUPS[mark].fullmatch(plain):
        whole, point, rest = plain.partition(mark)
        plain = _BETWEEN.sub("", whole) + point + rest
    return parse_minor(plain.removeprefix("+"), currency=parse_currency(currency), mark="," if mark == "," else ".")
