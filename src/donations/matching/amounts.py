"""Amounts of money that a payer wrote into a text: numbers beside a currency, never bare ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from donations.core.money import Minor
from donations.matching.written import Span


class WrittenAmount(NamedTuple):
    """An amount in hundredths, and where it stands in the folded text."""

    minor: Minor
    at: Span


_UNIT = r"\s?(?:€|\$|(?:eur(?:o[a-z]{0,4}|t)?|evro|евро|usd|руб[а-я]{0,4})(?![^\W_]))|e(?![^\W_]|-)"
_NUMBER = r"[0-9]{1,7}(?:[ .,][0-9]{3}(?![0-9])){0,2}"
_CENTS = r"(?:[.,](?P<{}>[0-9]{{1,2}}))?(?![0-9])"
_AMOUNT = re.compile(
    rf"(?<![0-9.,])(?P<before>{_NUMBER}){_CENTS.format('before_cents')}[.,]?-?(?:{_UNIT})"
    rf"|(?:€|\$|(?<![^\W_])(?:eur|usd))\s?(?P<behind>{_NUMBER}){_CENTS.format('behind_cents')}"
    r"|(?<![^\W_])(?P<nothing>null|zero|ноль|нуль)\s(?:eur|евро|€)"
    r"|(?:^|[\s:=])(?P<bare>0(?:[.,]0{1,2})?)\s*$"
)
_SHORT = re.compile(r"[0-9][.,]?-?e|(?:^|[\s:=])0[.,0]*\s*$")
_NOT_DIGIT = re.compile("[^0-9]")


def has_money(folded: str) -> bool:
    """Whether a folded text may have an amount."""
    return (
        "eur" in folded
        or "€" in folded
        or "$" in folded
        or "usd" in folded
        or "евро" in folded
        or "руб" in folded
        or "evro" in folded
        or _SHORT.search(folded) is not None
    )


def amounts_in(folded: str) -> Iterator[WrittenAmount]:
    """Yield the amounts in a folded text, in order, each as often as it is written."""
    return (WrittenAmount(_minor(match), Span(*match.span())) for match in _AMOUNT.finditer(folded))


def _minor(match: re.Match[str]) -> Minor:
    if match["nothing"] or match["bare"]:
        return 0
    side = "before" if match["before"] else "behind"
    whole = int(_NOT_DIGIT.sub("", match[side]))
    return whole * 100 + int((match[f"{side}_cents"] or "0").ljust(2, "0"))
