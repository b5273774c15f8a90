"""One thing that is wrong with a statement file, or worth saying of it, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from pydantic import Field

from donations.core.money import Balance, minor_digits, parse_currency
from donations.core.problem import CATALOGUE, Problem, ProblemCode
from donations.views.telling import Teller
from donations.views.value import View


class ProblemView(View):
    """Something that is wrong with a file, or worth saying though it was imported."""

    code: ProblemCode
    line: int | None = Field(description="Of the file, counted from 1; null where it is about all of it.")
    what: str
    remedy: str

    @property
    def refuses(self) -> bool:
        """Whether nothing of the file may be imported because of this."""
        return CATALOGUE[self.code].refuses


def problem_views(
    problems: Iterable[Problem], teller: Teller, *, remedies: Mapping[ProblemCode, str] | None = None
) -> list[ProblemView]:
    """Return the problems in words; `remedies` stand in for those of the catalogue, which name commands."""
    return [_view(each, teller, remedies or {}) for each in problems]


def _view(problem: Problem, teller: Teller, remedies: Mapping[ProblemCode, str]) -> ProblemView:
    entry = CATALOGUE[problem.code]
    values = {name: _value(text, teller) for name, text in problem.values}
    return ProblemView(
        code=problem.code,
        line=problem.line,
        what=teller.translate(entry.what).format(**values).strip(),
        remedy=teller.translate(remedies.get(problem.code, entry.remedy)).format(**values).strip(),
    )


def _value(text: str, teller: Teller) -> str:
    """Write days and amounts as the reader's language does; other values are words of the catalogues or names."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return teller.day(date.fromisoformat(text))
    amount = re.fullmatch(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})", text)
    if amount is None:
        return teller.translate(text)
    currency = parse_currency(amount[2])
    return teller.amount(Balance(int(Decimal(amount[1]).scaleb(minor_digits(currency))), currency))
