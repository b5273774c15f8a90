"""Which other payments are judged by payments: refunds by the gifts before them, what came back by what went out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from donations.core.money import MoneyIn
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment, PaymentId
from donations.matching.directory import account_text
from donations.matching.payer import claimed_code
from donations.store.donors.own_codes import own_codes
from donations.store.donors.people import own_numbers
from donations.store.payments.payers import (
    money_in_of_amounts,
    money_out_to_any,
    money_out_without_account,
    names_with_accounts,
    payments_named,
)
from donations.store.session import ReadSession


def payments_beside(
    session: ReadSession, payments: Sequence[Payment], *, accounts: Iterable[str] = ()
) -> set[PaymentId]:
    """Return the payments whose judgement may depend on these, and on what is known of these accounts."""
    came = [each for each in payments if isinstance(each.money, MoneyIn)]
    went = [each for each in payments if not isinstance(each.money, MoneyIn)]
    refunds = money_out_to_any(
        session,
        accounts={*_accounts(came), *accounts},
        codes=_codes(session, came),
        names=_names(came),
    )
    back = money_in_of_amounts(
        session,
        accounts=_accounts(went),
        names=_names(went),
        minors={each.money.amount.minor for each in went},
    )
    # Where the bank gives no account, the text may name one that is the organisation's own now.
    texts = money_out_without_account(session) if accounts else set()
    return refunds | back | texts | payments_named(session, _names_of_ours(session, payments, set(accounts)))


def _accounts(payments: Iterable[Payment]) -> set[str]:
    return {account_text(each.counterparty.account) for each in payments}


def _codes(session: ReadSession, payments: Iterable[Payment]) -> set[str]:
    own = own_codes(session)
    found = (claimed_code(each.counterparty.code, each.text, own_codes=own) for each in payments)
    return {str(code) for code in found if code is not None}


def _names(payments: Iterable[Payment]) -> frozenset[NameKey]:
    return frozenset(name_key(each.counterparty.name) for each in payments) - {NameKey("")}


def _names_of_ours(session: ReadSession, payments: Sequence[Payment], accounts: set[str]) -> frozenset[NameKey]:
    """Return the names that these payments give to own accounts: whoever is called so is the organisation itself."""
    own = own_numbers(session)
    ours = [each for each in payments if each.counterparty.account in own]
    return _names(ours) | names_with_accounts(session, accounts)
