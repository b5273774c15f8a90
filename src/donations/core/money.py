"""Money as whole minor units: amounts, signed balances, the two directions, and the one amount parser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NewType, Protocol

Currency = NewType("Currency", str)
"""An ISO 4217 letter code in capitals, made only by `parse_currency`."""

Minor = int
"""Whole minor units (cents for EUR). Never a float, never a Decimal."""

MINOR_MAX = 1_000_000_000_000
"""Ten thousand million euros in cents: past it an amount is taken for a damaged file."""

# ISO 4217:2015, currencies whose minor unit is not a hundredth.
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_DIGITS = dict.fromkeys(_NO_DIGITS.split(), 0) | dict.fromkeys(_THREE_DIGITS.split(), 3)

DecimalMark = Literal[".", ","]


class BadAmountError(ValueError):
    """The text is not an amount in this file's convention."""


class AmountOutOfRangeError(BadAmountError):
    """The text is an amount, but larger than any statement of ours can hold."""


class BadCurrencyError(ValueError):
    """The text is not an ISO 4217 letter code."""


def parse_currency(text: str) -> Currency:
    """Return the currency named by three letters, in any case.

    Raises `BadCurrencyError` for anything else. The list of existing currencies is not consulted: banks use
    codes (XBT, historic EEK) that lists disagree on, and amounts of different codes are never added.
    """
    code = text.strip().upper()
    if re.fullmatch(r"[A-Z]{3}", code) is None:
        message = "not a currency code"
        raise BadCurrencyError(message)
    return Currency(code)


EUR = parse_currency("EUR")


def minor_digits(currency: Currency) -> int:
    """Return how many digits follow the decimal mark in this currency (ISO 4217)."""
    return _DIGITS.get(currency, 2)


_PATTERNS = {mark: re.compile(rf"([+-]?)([0-9]{{1,15}})(?:{re.escape(mark)}([0-9]+))?") for mark in (".", ",")}


def parse_minor(text: str, *, currency: Currency, mark: DecimalMark) -> Minor:
    """Return signed minor units from decimal text that uses `mark` for decimals and no thousands marks.

    Digits finer than the currency are accepted only where they are zeros (ISO 20022 allows five decimals).
    NaN, exponents, spaces, other digits than 0-9 and a doubled sign are refused with `BadAmountError`;
    more than `MINOR_MAX` with `AmountOutOfRangeError`.
    """
    found = _PATTERNS[mark].fullmatch(text)
    if found is None:
        message = "not an amount"
        raise BadAmountError(message)
    sign, whole, fraction = found[1], found[2], found[3] or ""
    digits = minor_digits(currency)
    if fraction[digits:].strip("0"):
        message = "too many decimals"
        raise BadAmountError(message)
    minor = int(whole) * int(10**digits) + int(fraction[:digits].ljust(digits, "0") or "0")
    if minor > MINOR_MAX:
        message = "out of range"
        raise AmountOutOfRangeError(message)
    return -minor if sign == "-" else minor


def decimal_text(minor: Minor, currency: Currency) -> str:
    """Return plain decimal text with a point (`-1234.50`), for machines and golden files."""
    digits = minor_digits(currency)
    sign, text = ("-" if minor < 0 else ""), str(abs(minor)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else sign + text


@dataclass(frozen=True, slots=True)
class Amount:
    """A positive number of minor units in one currency."""

    minor: Minor
    currency: Currency

    def __post_init__(self) -> None:
        """Refuse what is no amount of money that moved."""
        if not 0 < self.minor <= MINOR_MAX:
            message = "an amount is positive and in range"
            raise BadAmountError(message)

    def __str__(self) -> str:
        """Return plain decimal text with the currency."""
        return f"{decimal_text(self.minor, self.currency)} {self.currency}"


@dataclass(frozen=True, slots=True)
class Balance:
    """A signed number of minor units in one currency: what an account held, or by how much it moved."""

    minor: Minor
    currency: Currency

    def __str__(self) -> str:
        """Return plain decimal text with the currency."""
        return f"{decimal_text(self.minor, self.currency)} {self.currency}"


class InCurrency(Protocol):
    """Whatever has minor units in one currency."""

    @property
    def minor(self) -> Minor:
        """Minor units, signed where it can come back."""
        ...

    @property
    def currency(self) -> Currency:
        """Their currency."""
        ...


def totals(parts: Iterable[InCurrency]) -> tuple[tuple[Currency, Minor], ...]:
    """Return the sum of these parts by currency: different ones are never added."""
    sums: Counter[Currency] = Counter()
    for part in parts:
        sums[part.currency] += part.minor
    return tuple(sorted(sums.items()))


@dataclass(frozen=True, slots=True)
class MoneyIn:
    """Money that came to an own account."""

    amount: Amount

    @property
    def signed_minor(self) -> Minor:
        """Positive minor units."""
        return self.amount.minor


@dataclass(frozen=True, slots=True)
class MoneyOut:
    """Money that left an own account."""

    amount: Amount

    @property
    def signed_minor(self) -> Minor:
        """Negative minor units."""
        return -self.amount.minor


Money = MoneyIn | MoneyOut


def money_of(signed_minor: Minor, currency: Currency) -> Money:
    """Return the direction and amount of a signed figure; zero raises `BadAmountError`, for no money moved."""
    if signed_minor < 0:
        return MoneyOut(Amount(-signed_minor, currency))
    return MoneyIn(Amount(signed_minor, currency))
