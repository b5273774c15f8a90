"""Problems of a file as pages say them: forms and links are the remedy where the catalogue names commands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from donations.core.language import N_
from donations.core.money import minor_digits, parse_currency
from donations.core.problem import CATALOGUE, Problem, ProblemCode
from donations.web import formats
from donations.web.language import gettext

_REMEDIES = {
    ProblemCode.FILE_TOO_LARGE: N_("Nothing of it will be imported. Export a shorter period from the bank."),
    ProblemCode.TOO_MANY_LINES: N_("Nothing of it will be imported. Export a shorter period from the bank."),
    ProblemCode.UNKNOWN_ACCOUNT: N_("Nothing of it will be imported unless you say that the account is yours."),
    ProblemCode.BALANCE_MISMATCH: N_(
        "Nothing of it will be imported. Download the whole period again; if the bank’s file really is so,"
        " accept it and say why."
    ),
    ProblemCode.IMBALANCE_ACCEPTED: N_("It is imported all the same, with the reason given."),
    ProblemCode.ANSWERS_LOST: N_("These payments wait under Questions again."),
    ProblemCode.DONORS_PARTED: N_("No gift was changed. Whoever is the same can be merged on the donors’ pages."),
    ProblemCode.OVERLAP_CONFLICT: N_("Both are kept apart and wait under Questions."),
    ProblemCode.ORPHANS: N_("They are kept and wait under Questions."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One problem in words."""

    code: ProblemCode
    line: int | None
    what: str
    remedy: str
    refuses: bool


def say(problem: Problem) -> Said:
    """Return the problem in words of the reader's language."""
    entry = CATALOGUE[problem.code]
    values = {name: _value(text) for name, text in problem.values}
    return Said(
        code=problem.code,
        line=problem.line,
        what=gettext(entry.what).format(**values),
        remedy=gettext(_REMEDIES.get(problem.code, entry.remedy)).format(**values).strip(),
        refuses=problem.refuses,
    )


def _value(text: str) -> str:
    """Write days and amounts as the reader's language does; other values are words of the catalogues or names."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return formats.day(date.fromisoformat(text))
    amount = re.fullmatch(r"(-?\d+(?:\.\d+)?) ([A-Z]{3})", text)
    if amount is None:
        return gettext(text)
    currency = parse_currency(amount[2])
    return formats.amount(int(Decimal(amount[1]).scaleb(minor_digits(currency))), currency)
