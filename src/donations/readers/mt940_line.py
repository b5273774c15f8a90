"""One line of MT940, field :61: with the :86: behind it: days, direction, amount, ids, and who is behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from donations.core.iban import parse_iban
from donations.core.language import N_
from donations.core.money import (
    Amount,
    AmountOutOfRangeError,
    BadAmountError,
    BadCurrencyError,
    Currency,
    DecimalMark,
    Minor,
    money_of,
    parse_currency,
    parse_minor,
)
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.reference import Reference, parse_reference, split_remittance
from donations.core.statement import (
    BankId,
    Counterparty,
    IdScheme,
    LineKind,
    StatementLine,
    bank_ids,
)
from donations.readers.mt940_details import Details, details
from donations.readers.mt940_text import SwiftField

_DAYS = re.compile(r"([0-9]{6})([0-9]{4})?")
_MARK = re.compile(r"\s*(R?[CD]|E[CD])[A-Z]?\s*", re.IGNORECASE)
_AMOUNT = re.compile(r"[0-9]{1,15}(?:[.,][0-9]*)?")
_TYPE = re.compile(r"\s*[A-Z]([A-Z0-9 ]{3})?")
"""N, S or F and three characters; some banks write other letters first, and some nothing at all."""
_BANK_REFERENCE = re.compile(r"(?=(?:[^0-9]*[0-9]){4})[^\s/]{6,}")
"""What numbers one line; banks also write words there, and numbers of the day."""
_ELSEWHERE = frozenset({"EREF", "PREF", "MARF", "KREF+", "EREF+", "NOREF", "NOTPROVIDED"})
"""Customer references that say where the reference is."""
_EXCHANGED = re.compile(r"/OCMT/([A-Z]{3})([0-9]{1,15},[0-9]*)/?")
_CHARGED = re.compile(r"/CHGS/([A-Z]{3})([0-9]{1,15},[0-9]*)/?")
_KINDS = {"CHG": LineKind.FEE, "COM": LineKind.FEE, "INT": LineKind.INTEREST}
"""The three letters of a transaction's type, where they say more than that money moved."""
_RETURNED = "RTI"
_HALF_A_YEAR = timedelta(days=183)


def day_of(written: str) -> date | None:
    """Return a day of two digits each; the century is this one's, but for statements of before 2000."""
    year = int(written[:2])
    try:
        return date(year + (1900 if year >= 80 else 2000), int(written[2:4]), int(written[4:6]))
    except ValueError:
        return None


def minor_of(written: str, currency: Currency, *, row: int) -> Minor:
    """Return an amount as written; raises `Refused` with `bad_amount` or `amount_out_of_range`."""
    mark: DecimalMark = "." if "." in written else ","
    try:
        return parse_minor(written.removesuffix(mark), currency=currency, mark=mark)  # `500,` is SWIFT's 500
    except AmountOutOfRangeError:
        raise refuse(ProblemCode.AMOUNT_OUT_OF_RANGE, line=row) from None
    except BadAmountError:
        raise refuse(ProblemCode.BAD_AMOUNT, line=row) from None


def has_no_entry_date(field: SwiftField) -> bool:
    """Whether the line only says from when interest counts."""
    dates = _DAYS.match(field.text)
    return dates is not None and not dates[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Movement:
    """What :61: says."""

    booked_on: date
    value_date: date
    mark: str
    minor: Minor
    type: str
    customer_reference: str
    bank_reference: str
    supplement: str


def _movement(field: SwiftField, currency: Currency) -> _Movement:
    """Return what the field says; raises `Refused` with what cannot be read of it."""
    first, _, supplement = field.text.partition("\n")
    dates = _DAYS.match(first)
    value_date = None if dates is None else day_of(dates[1])
    booked_on = value_date if dates is None or value_date is None or not dates[2] else _near(dates[2], value_date)
    if dates is None or value_date is None or booked_on is None:
        raise refuse(ProblemCode.BAD_DATE, line=field.row)
    mark = _MARK.match(first, dates.end())
    if mark is None:
        raise refuse(ProblemCode.MISSING_FIELD, line=field.row, field=N_("The direction of the money"))
    amount = _AMOUNT.match(first, mark.end())
    if amount is None:
        raise refuse(ProblemCode.BAD_AMOUNT, line=field.row)
    kind = _TYPE.match(first, amount.end())
    rest = first[kind.end() if kind else amount.end() :].strip()
    if kind is None and rest and not rest.startswith("//"):
        raise refuse(ProblemCode.BAD_AMOUNT, line=field.row)
    customer, _, bank = rest.partition("//")
    return _Movement(
        booked_on=booked_on,
        value_date=value_date,
        mark=mark[1].upper(),
        minor=minor_of(amount[0], currency, row=field.row),
        type=(kind[1] or "") if kind else "",
        customer_reference=customer.strip(),
        bank_reference=bank.strip(),
        supplement=" ".join(supplement.split()),
    )


def _near(written: str, value_date: date) -> date | None:
    """Return the entry date (month and day) in the year that brings it near the value date; None where none does."""
    found = [day_of(f"{(value_date.year + years) % 100:02}{written}") for years in (-1, 0, 1)]
    return next((day for day in found if day is not None and abs(day - value_date) <= _HALF_A_YEAR), None)


def line_of(field: SwiftField, written: str, currency: Currency) -> StatementLine | Problem | None:
    """Return the line, the notice that it moves no money, or None where it is only expected."""
    moved = _movement(field, currency)
    if moved.mark[0] == "E":
        return None
    if moved.minor == 0:
        return Problem.of(ProblemCode.ZERO_AMOUNT, line=field.row)
    # Money that came is C, or what went and is taken back (RD).
    came = moved.mark in {"C", "RD"}
    told = details(written)
    reference, text = _reference(told.text)
    return StatementLine(
        row=field.row,
        booked_on=moved.booked_on,
        money=money_of(moved.minor if came else -moved.minor, currency),
        counterparty=_counterparty(told, moved),
        text=text,
        bank_text="\n".join(filter(None, (told.bank_text, moved.supplement))),
        reference=reference,
        ids=_ids(told, moved),
        kind=_KINDS.get(moved.type, LineKind.TRANSFER),
        is_reversal=moved.mark[0] == "R" or moved.type == _RETURNED or bool(told.return_reason),
        return_reason=told.return_reason,
        value_date=moved.value_date,
        original=_amount(_EXCHANGED, moved.supplement),
        charges=_amount(_CHARGED, moved.supplement),
    )


def _counterparty(told: Details, moved: _Movement) -> Counterparty:
    """Return the other side; some banks put its IBAN alone into the second line of :61:."""
    return Counterparty(
        name=told.name,
        account=told.account or parse_iban(moved.supplement),
        on_behalf_of=told.on_behalf_of,
        bic=told.bic,
    )


def _reference(text: str) -> tuple[Reference | None, str]:
    stated, rest = split_remittance(text)
    found = parse_reference(stated)
    return (found, rest) if found is not None else (None, text)


def _ids(told: Details, moved: _Movement) -> tuple[BankId, ...]:
    bank, customer = moved.bank_reference, moved.customer_reference
    return bank_ids(
        (IdScheme.BANK, bank if _BANK_REFERENCE.fullmatch(bank) else ""),
        (IdScheme.END_TO_END, told.end_to_end),
        (IdScheme.INSTRUCTION, "" if customer.upper() in _ELSEWHERE else customer),
    )


def _amount(pattern: re.Pattern[str], supplement: str) -> Amount | None:
    """Return an amount that the second line of :61: names: what was sent, or what a bank took."""
    found = pattern.search(supplement)
    try:
        if found is None:
            return None
        currency = parse_currency(found[1])
        return Amount(minor_of(found[2], currency, row=0), currency)
    except (BadCurrencyError, BadAmountError, Refused):
        return None
