"""The fields that camt.053 entries and balances share: amounts, directions, days, accounts and currencies."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from donations.core.iban import AccountNumber, parse_account
from donations.core.language import N_
from donations.core.money import (
    AmountOutOfRangeError,
    BadAmountError,
    BadCurrencyError,
    Currency,
    Minor,
    parse_currency,
    parse_minor,
)
from donations.core.problem import ProblemCode, refuse
from donations.readers.camt_node import Node

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[TZ+-].*)?", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}")
_DAY_CHARACTERS_MAX = 50
"""A moment with its zone has some thirty."""
_SIGNS = {"CRDT": 1, "DBIT": -1}


def amount_in(holder: Node, path: str = "Amt", *, otherwise: Currency | None) -> tuple[Minor, Currency]:
    """Return an amount inside an element as written, in minor units, and its currency.

    Without a currency of its own it is in `otherwise`, the account's. Refuses `missing_field`, `bad_currency`,
    `bad_amount` and `amount_out_of_range`.
    """
    written, ccy = holder.value(path), holder.value(f"{path}@Ccy")
    if not written:
        raise refuse(ProblemCode.MISSING_FIELD, line=holder.row, field=N_("The amount (Amt)"))
    try:
        currency = parse_currency(ccy) if ccy else otherwise
    except BadCurrencyError:
        raise refuse(ProblemCode.BAD_CURRENCY, line=holder.row) from None
    if currency is None:
        raise refuse(ProblemCode.MISSING_FIELD, line=holder.row, field=N_("The currency"))
    return minor_in(written, currency=currency, row=holder.row), currency


def minor_in(written: str, *, currency: Currency, row: int) -> Minor:
    """Return an amount as written, in minor units; refuses `bad_amount` and `amount_out_of_range`."""
    try:
        return parse_minor(written, currency=currency, mark=".")
    except AmountOutOfRangeError:
        raise refuse(ProblemCode.AMOUNT_OUT_OF_RANGE, line=row) from None
    except BadAmountError:
        raise refuse(ProblemCode.BAD_AMOUNT, line=row) from None


def number_in(text: str) -> int | None:
    """Return a whole number of at most 18 digits, as ISO 20022 has them, or None."""
    return int(text) if _NUMBER.fullmatch(text) else None


def sign_of(node: Node) -> int | None:
    """Return 1 for money in, -1 for money out, None where it is not said in exactly ISO 20022's words."""
    return _SIGNS.get(node.value("CdtDbtInd"))


def day_in(text: str) -> date | None:
    """Return the calendar day as the bank wrote it, whatever time and zone follow; None where it is none."""
    return _read_day(text) if len(text) <= _DAY_CHARACTERS_MAX else None


@lru_cache(maxsize=10_000)
def _read_day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1])
    except ValueError:
        return None


def day_at(holder: Node, path: str) -> date | None:
    """Return the day of an element with `Dt` or `DtTm`, None where there is none; refuses `bad_date`."""
    written = holder.value(f"{path}/Dt") or holder.value(f"{path}/DtTm")
    day = day_in(written)
    if written and day is None:
        raise refuse(ProblemCode.BAD_DATE, line=holder.row)
    return day


def account_in(holder: Node, prefix: str = "") -> AccountNumber | None:
    """Return the IBAN, or else the other number, of an account element whose path is `prefix`."""
    return parse_account(holder.value(f"{prefix}Id/IBAN") or holder.first(f"{prefix}Id/Othr").value("Id"))
