"""Own accounts as people name them in the terminal: by number, and with a currency."""

from __future__ import annotations

from donations.core.iban import parse_account
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_currency
from donations.store.donors import people
from donations.store.session import ReadSession
from donations.store.statements.files import Ledger
from donations.store.tables import AccountRow


def own_account(session: ReadSession, iban: str) -> AccountRow:
    """Return an own account by its number. Raises `Refusal`."""
    number = parse_account(iban)
    row = None if number is None else people.account_with(session, number)
    if row is None:
        raise Refusal(BooksCode.UNKNOWN_ACCOUNT)
    return row


def own_ledger(session: ReadSession, iban: str, currency: str) -> Ledger:
    """Return an own account in a currency. Raises `Refusal`."""
    return ledger_of(own_account(session, iban), currency)


def ledger_of(row: AccountRow, currency: str) -> Ledger:
    """Return what an own account holds in a currency. Raises `Refusal`."""
    return Ledger(account_id=row.id, currency=typed_currency(currency))
