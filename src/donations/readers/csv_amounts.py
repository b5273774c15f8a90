"""How one CSV file writes its amounts: decimal mark and minus signs, learnt from all of them before any is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from donations.core.money import (
    AmountOutOfRangeError,
    BadAmountError,
    Currency,
    DecimalMark,
    Minor,
    parse_minor,
)
from donations.core.problem import ProblemCode, refuse
from donations.core.statement import Flow

Direction = Literal[Flow.IN, Flow.OUT]

_TWO_MEANINGS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")


@dataclass(slots=True)
class AmountConvention:
    """The convention of one whole file. `learn` every amount first, then `read` them: one that differs is refused."""

    may_sign_money_out: bool
    """Whether this bank may put a minus before money out, beside the letter that says the same."""
    mark: DecimalMark | None = None
    signs_money_out: bool = False

    def learn(self, text: str, *, flow: Direction | None) -> None:
        """Take note of what one amount shows; the first amount with one possible meaning decides the mark."""
        if self.mark is None and not _TWO_MEANINGS.fullmatch(text):
            if _COMMA.fullmatch(text):
                self.mark = ","
            elif _POINT.fullmatch(text):
                self.mark = "."
        if self.may_sign_money_out and flow is Flow.OUT and text.startswith("-"):
            self.signs_money_out = True

    def read(self, text: str, *, flow: Direction, currency: Currency, line: int) -> Minor:
        """Return unsigned minor units.

        Raises `Refused` with `ambiguous_amount` (`1.000` where no amount of the file decides), `bad_amount` (the other
        mark, thousands marks, anything else), `amount_out_of_range`, or `sign_conflict`.
        """
        if self.mark is None and _TWO_MEANINGS.fullmatch(text):
            raise refuse(ProblemCode.AMBIGUOUS_AMOUNT, line=line, text=text)
        try:
            minor = parse_minor(text, currency=currency, mark=self.mark or ".")
        except AmountOutOfRangeError:
            raise refuse(ProblemCode.AMOUNT_OUT_OF_RANGE, line=line) from None
        except BadAmountError:
            raise refuse(ProblemCode.BAD_AMOUNT, line=line) from None
        if minor and (minor < 0) != (self.signs_money_out and flow is Flow.OUT):
            raise refuse(ProblemCode.SIGN_CONFLICT, line=line)
        return abs(minor)
