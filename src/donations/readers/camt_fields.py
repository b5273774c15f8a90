"""The fields that camt.053 entries and balances share, and what the payments inside an entry moved.

What moved on the account is the entry's own amount, always. Its details (`TxDtls`) explain it if

- there is one, of one announced payment, and it states no amount; or the entry's amount; or an amount from which the
  charges that the file states (`Chrgs`, of the detail or the entry) leave exactly the entry's; or amounts in other
  currencies only, for then money was exchanged on the way. It is one payer's, and what was sent is its `original`;
- there are several, and those that state an amount in the entry's currency add up to it. Each is then a payment of its
  own; one that states no amount is a heading.

Anything else (one of 10.00 in an entry of 30.00, three announced and one shown, several in other currencies) explains
nothing: the entry is one payment of nobody, with its details beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from donations.core.iban import AccountNumber, parse_account
from donations.core.language import N_
from donations.core.money import (
    MINOR_MAX,
    Amount,
    AmountOutOfRangeError,
    BadAmountError,
    BadCurrencyError,
    Currency,
    Minor,
    parse_currency,
    parse_minor,
)
from donations.core.problem import ProblemCode, refuse
from donations.readers.camt_xml import Node

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


_SENT = ("AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "Amt")
"""From what the payer ordered to what arrived; banks fill some of them, each in a way of its own."""
_ARRIVED = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")
_BESIDE = _SENT[:-1]
"""What an entry may state beside what it moved."""
_TOTAL_CHARGES = "TtlChrgsAndTaxAmt"
_WRITTEN_MAX = 40
"""Characters; nothing longer is an amount."""

Stated = tuple[Minor, Currency]
"""An amount as a file states it, unsigned; it may be zero."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, where it is not what arrived, and what was taken off on the way."""

    original: Amount | None = None
    charges: Amount | None = None


_AS_IT_ARRIVED = Sent()


def minor_of(detail: Node, currency: Currency) -> Minor | None:
    """Return what one payment of several moved, unsigned; None where it states nothing in the entry's currency."""
    stated = (_stated(detail, path, currency) for path in _ARRIVED if path in detail.texts)
    return next((each[0] for each in stated if each is not None and each[1] == currency), None)


def amount_of(detail: Node, currency: Currency) -> Amount | None:
    """Return the amount of a payment in whatever currency, what arrived before what was sent."""
    stated = (_stated(detail, path, currency) for path in _ARRIVED if path in detail.texts)
    return next((amount for each in stated if (amount := _amount(each)) is not None), None)


def has_amount(detail: Node) -> bool:
    """Whether a payment states any amount, be it damaged."""
    return any(map(detail.value, _ARRIVED))


def sent_as(detail: Node, entry: Node | None, moved: Stated) -> Sent:
    """Return what a payment was before it arrived; the only one of an entry may leave that to its entry."""
    if _is_plain(detail, _SENT) and (entry is None or _is_plain(entry, _BESIDE)):
        return _AS_IT_ARRIVED
    charges, original = _charges(detail, moved[1]), _original(detail, _SENT, moved)
    if entry is not None:
        charges, original = charges or _charges(entry, moved[1]), original or _original(entry, _BESIDE, moved)
    return Sent(original, _amount(charges))


def explains(detail: Node, entry: Node, moved: Stated, *, is_in: bool) -> bool:
    """Whether the only payment of an entry is the whole entry, as the module says."""
    if detail.texts.keys().isdisjoint(_SENT):
        return True
    minor, currency = moved
    stated = {path: _stated(detail, path, currency) for path in _ARRIVED if detail.value(path)}
    inside = {path: each[0] for path, each in stated.items() if each is not None and each[1] == currency}
    if not inside:
        return None not in stated.values()
    if minor == inside.get("Amt", minor) and minor in inside.values():
        return True
    charges = _charges(detail, currency) or _charges(entry, currency)
    if charges is None or charges[1] != currency:
        return False
    return minor + (charges[0] if is_in else -charges[0]) in inside.values()


def _is_plain(holder: Node, paths: tuple[str, ...]) -> bool:
    """Whether it states no such amounts and no charges, as most do."""
    return holder.texts.keys().isdisjoint(paths) and "Chrgs" not in holder.groups


def _original(holder: Node, paths: tuple[str, ...], moved: Stated) -> Amount | None:
    stated = (_stated(holder, path, moved[1]) for path in paths if path in holder.texts)
    return next((amount for each in stated if each != moved and (amount := _amount(each)) is not None), None)


def _charges(holder: Node, currency: Currency) -> Stated | None:
    """Return the charges that are part of the amount: those of each record, else their stated total."""
    if "Chrgs" not in holder.groups:
        return None
    records = [record for charges in holder.group("Chrgs") for record in charges.group("Rcrd") or (charges,)]
    paths = [(record, "Amt") for record in records if record.value("Amt")] or [
        (charges, _TOTAL_CHARGES) for charges in holder.group("Chrgs")
    ]
    sums: dict[Currency, Minor] = {}
    for record, path in paths:
        stated = _stated(record, path, currency)
        if stated is not None and record.value("ChrgInclInd") not in {"false", "0"}:
            sums[stated[1]] = sums.get(stated[1], 0) + stated[0] * -(sign_of(record) or -1)
    return next(((minor, each) for each, minor in sums.items() if len(sums) == 1), None)


def _stated(holder: Node, path: str, otherwise: Currency) -> Stated | None:
    """Return an amount that stands beside the entry's; one that cannot be read is none, for nothing hangs on it."""
    written = holder.value(path)
    return _read(written, holder.value(f"{path}@Ccy"), otherwise) if len(written) < _WRITTEN_MAX else None


@lru_cache(maxsize=4_096)
def _read(written: str, ccy: str, otherwise: Currency) -> Stated | None:
    try:
        currency = parse_currency(ccy) if ccy else otherwise
        minor = parse_minor(written, currency=currency, mark=".")
    except (BadAmountError, BadCurrencyError):
        return None
    return (minor, currency) if minor >= 0 else None


def _amount(stated: Stated | None) -> Amount | None:
    return Amount(*stated) if stated is not None and 0 < stated[0] <= MINOR_MAX else None
