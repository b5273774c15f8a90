"""How one OFX file writes its amounts: most decide for themselves, `10,000` is read only as the file proves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from donations.core.money import AmountOutOfRangeError, BadAmountError, Currency, DecimalMark, Minor, parse_minor
from donations.core.problem import ProblemCode, refuse

_PLAIN = re.compile(r"[+-]?[0-9]+([.,])[0-9]+")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]+)?")
_TWO_MEANINGS = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")
_EVERY_AMOUNT = re.compile(r"<(?:TRN|BAL)AMT>\s*+([^<\s]*+)", re.IGNORECASE)
_OTHER: dict[str, DecimalMark] = {".": ",", ",": "."}


@dataclass(slots=True)
class AmountConvention:
    """The convention of the whole file `document`; it is looked at only if some amount cannot decide for itself."""

    document: str
    _proven: tuple[frozenset[str], frozenset[str]] | None = field(default=None, init=False)

    def read(self, text: str, *, currency: Currency, line: int) -> Minor:
        """Return signed minor units.

        `1.234,56` and `1,234.56` can mean one thing only, and so can `12,5`. `12.345` can be twelve or twelve
        thousand: it is read only if other amounts prove what its mark is for, and nothing contradicts them. Spaces
        and apostrophes are never taken for thousands marks, for a damaged amount looks like that too.

        Raises `Refused` with `ambiguous_amount`, `bad_amount` or `amount_out_of_range`.
        """
        grouped = _GROUPED.fullmatch(text)
        if grouped is not None and (not _TWO_MEANINGS.fullmatch(text) or self._is_thousands(grouped[1], text, line)):
            text, mark = text.replace(grouped[1], ""), _OTHER[grouped[1]]
        else:
            mark = "," if "," in text else "."
        try:
            return parse_minor(text, currency=currency, mark=mark)
        except AmountOutOfRangeError:
            raise refuse(ProblemCode.AMOUNT_OUT_OF_RANGE, line=line) from None
        except BadAmountError:
            raise refuse(ProblemCode.BAD_AMOUNT, line=line) from None

    def _is_thousands(self, mark: str, text: str, line: int) -> bool:
        if self._proven is None:
            self._proven = _proofs(self.document)
        decimal, thousands = (mark in marks for marks in self._proven)
        if decimal == thousands:
            raise refuse(ProblemCode.AMBIGUOUS_AMOUNT, line=line, text=text)
        return thousands


def _proofs(document: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the marks that some amount proves to be decimal marks, and those proven to be thousands marks."""
    decimal, thousands = set[str](), set[str]()
    for amount in _EVERY_AMOUNT.finditer(document):
        plain, grouped = _PLAIN.fullmatch(amount[1]), _GROUPED.fullmatch(amount[1])
        if plain and not grouped:
            decimal.add(plain[1])
        elif grouped and not plain:
            thousands.add(grouped[1])
            decimal |= {_OTHER[grouped[1]]} & set(amount[1])
    return frozenset(decimal), frozenset(thousands)
