"""Payments as rows of a file: each part of one with what it was for, and what has no purpose yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from donations.core.donor import AppealId
from donations.core.iban import AccountNumber, UnverifiedAccount
from donations.core.language import N_
from donations.reports.table import Column, ColumnKind, Row, Table
from donations.reports.words import PURPOSES
from donations.store.payments.listed import ListedPayment
from donations.views.value import without_codes

COLUMNS = (
    Column("payment_id", N_("Payment"), ColumnKind.COUNT),
    Column("day", N_("Day"), ColumnKind.DAY),
    Column("account", N_("Account"), ColumnKind.TEXT),
    Column("name", N_("Name"), ColumnKind.TEXT),
    Column("other_account", N_("Their account"), ColumnKind.TEXT),
    Column("text", N_("Text"), ColumnKind.TEXT),
    Column("minor", N_("Amount"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("purpose", N_("What for"), ColumnKind.TEXT),
    Column("appeal", N_("Appeal"), ColumnKind.TEXT),
    Column("donor", N_("Donor"), ColumnKind.TEXT),
)


def ledger_table(payments: Iterable[ListedPayment], appeals: Mapping[AppealId, str]) -> Table:
    """Return a row for each part of these payments, signed as they are; what has no purpose yet has one too."""
    rows = (row for each in payments for row in _rows(each, appeals))
    return Table(title=N_("Payments"), columns=COLUMNS, rows=tuple(rows))


def _rows(listed: ListedPayment, appeals: Mapping[AppealId, str]) -> Iterator[Row]:
    payment, other = listed.payment, listed.payment.counterparty
    said = (
        *(payment.id, payment.booked_on, _number(payment.account), other.name),
        *(None if other.account is None else _number(other.account), without_codes(payment.text)),
    )
    currency, sign = payment.money.amount.currency, 1 if payment.money.signed_minor > 0 else -1
    for part, donor in listed.allocations:
        appeal = None if part.appeal is None else appeals[part.appeal]
        yield (*said, sign * part.amount.minor, currency, PURPOSES[part.purpose], appeal, donor)
    if listed.unallocated:
        yield (*said, sign * listed.unallocated, currency, None, None, None)


def _number(account: AccountNumber) -> str:
    return account.text if isinstance(account, UnverifiedAccount) else account
