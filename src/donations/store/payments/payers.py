"""Who was seen paying from an account and who was paid; and which payments are judged by which others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlmodel import col

from donations.core.keyword import normal
from donations.core.money import Minor, MoneyIn
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment, PaymentId
from donations.core.person_code import CheckedCode
from donations.core.provider import Provider
from donations.identity.donors import Sighting
from donations.matching.directory import account_text, seen_paying
from donations.matching.payer import claimed_code
from donations.matching.providers import provider_named
from donations.store.donors.people import own_numbers
from donations.store.line_texts import line_texts
from donations.store.organisation import own_codes
from donations.store.payments.payments import payments_alone
from donations.store.session import ReadSession, in_runs
from donations.store.tables import AttestationRow, PaymentRow, StatementLineRow
from donations.store.tables.sealed import as_mark

_CUT_MIN = 5
"""A shorter beginning of a name says nothing."""


_ASKED_AT_ONCE = 250
"""Asked for the payments from more accounts at once, SQLite, which counts nothing, walks all lines that there are."""


def payers_from(
    session: ReadSession,
    *,
    accounts: Iterable[str] = (),
    codes: Iterable[str] = (),
    own_codes: AbstractSet[CheckedCode],
    without: AbstractSet[PaymentId] = frozenset(),
) -> set[Sighting]:
    """Return who was seen paying from these accounts or with these codes, in other payments than known ones."""
    shared = set(payers_sharing(session, accounts=accounts, codes=codes)) - without
    return sighted(session, payments_alone(session, shared), own_codes=own_codes)


def sighted(session: ReadSession, payments: Iterable[Payment], *, own_codes: AbstractSet[CheckedCode]) -> set[Sighting]:
    """Return what these payments say of who pays, each of their statements heard."""
    known = list(payments)
    cut = _cut_names(session, [payment.id for payment in known])
    return {*seen_paying(known, own_codes=own_codes, cut=cut)}


def _cut_names(session: ReadSession, ids: list[PaymentId]) -> dict[PaymentId, frozenset[NameKey]]:
    """Return the names that some statements cut shorter than others do, of one payment."""
    names: defaultdict[PaymentId, set[str]] = defaultdict(set)
    for run in in_runs(sorted(ids)):
        lines = (
            select(col(AttestationRow.payment_id), line_texts.c.name)
            .join(line_texts, line_texts.c.line_id == col(AttestationRow.line_id))
            .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
            .where(col(AttestationRow.payment_id).in_(run), ~col(StatementLineRow.is_total))
        )
        several = (
            select(col(AttestationRow.payment_id))
            .join(line_texts, line_texts.c.line_id == col(AttestationRow.line_id))
            .where(col(AttestationRow.payment_id).in_(run))
            .group_by(col(AttestationRow.payment_id))
            .having(func.count(line_texts.c.name.distinct()) > 1)
        )
        for payment, name in session.execute(lines.where(col(AttestationRow.payment_id).in_(several))):
            names[PaymentId(payment)].add(normal(name))
    found: dict[PaymentId, frozenset[NameKey]] = {}
    for payment, written in names.items():
        whole = max(written, key=len)
        shorter = (each for each in written if len(each) >= _CUT_MIN and whole.startswith(each))
        keys = frozenset(map(name_key, shorter)) - {name_key(whole), NameKey("")}
        if keys:
            found[payment] = keys
    return found


def payers_sharing(session: ReadSession, *, accounts: Iterable[str], codes: Iterable[str]) -> list[PaymentId]:
    """Return payments that came from these accounts or with these codes, one of those whose lines name the same payer.

    A directory made of them is the one that all of these payments would make: it keeps who pays, not how often.
    """
    columns = ((line_texts.c.account, accounts), (line_texts.c.claimed_code, codes))
    wanted = ((column, sorted(set(values) - {""})) for column, values in columns)
    runs = ((column, run) for column, values in wanted for run in in_runs(values, size=_ASKED_AT_ONCE))
    return sorted(set(chain.from_iterable(_one_of_each(session, column, run) for column, run in runs)))


def _one_of_each(session: ReadSession, column: object, values: list[str]) -> Iterable[PaymentId]:
    came = (
        select(_PAYMENT)
        .join(line_texts, _TEXT)
        .join(PaymentRow, col(PaymentRow.id) == _PAYMENT)
        .where(col(column).in_(values), col(PaymentRow.minor) > 0)
    )
    ways = _WAYS.where(_PAYMENT.in_(came)).group_by(_PAYMENT).subquery()
    one = select(func.min(ways.c.payment)).group_by(ways.c.first, ways.c.last, ways.c.code, ways.c.others)
    return map(PaymentId, session.scalars(one))


_PAYMENT, _TEXT = col(AttestationRow.payment_id), line_texts.c.line_id == col(AttestationRow.line_id)


def _ways() -> Select[Any]:
    """Return the query of how the lines of payments name the payer."""
    payer, code = line_texts.c.payer_id, as_mark(line_texts.c.claimed_code)
    many = func.count(payer.distinct())
    is_rare = or_(many > 2, func.min(code) != func.max(code))
    return select(
        _PAYMENT.label("payment"),
        func.min(payer).label("first"),
        func.max(payer).label("last"),
        func.min(code).label("code"),
        case((is_rare, _PAYMENT), else_=-many).label("others"),
    ).join(line_texts, _TEXT)


_WAYS = _ways()
"""Made once: to make it takes longer than to ask it of a few payments."""
_IS_OUT = col(PaymentRow.minor) < 0
_IS_IN = col(PaymentRow.minor) > 0
_MINORS_ASKED_FOR = 500
"""With more amounts than this the database gives all, and they are looked through here."""


def money_out_to_any(
    session: ReadSession,
    *,
    accounts: Iterable[str],
    codes: Iterable[str] = (),
    names: AbstractSet[NameKey] = frozenset(),
) -> set[PaymentId]:
    """Return attested payments out to these accounts, or to whoever has these codes or names."""
    found = _in_column(session, line_texts.c.account, accounts, _IS_OUT)
    return found | _in_column(session, line_texts.c.claimed_code, codes, _IS_OUT) | _named(session, names, _IS_OUT)


def money_out_of_amounts(
    session: ReadSession, *, accounts: Iterable[str], names: AbstractSet[NameKey], minors: Collection[Minor]
) -> set[PaymentId]:
    """Return attested payments out of these amounts (unsigned), to these accounts or names."""
    signed = {-minor for minor in minors}
    found = _in_column(session, line_texts.c.account, accounts, _IS_OUT, minors=signed)
    return found | _named(session, names, _IS_OUT, minors=signed)


def money_in_of_amounts(
    session: ReadSession, *, accounts: Iterable[str], names: AbstractSet[NameKey], minors: Collection[Minor]
) -> set[PaymentId]:
    """Return attested payments in of these amounts, from these accounts, or under these names without an account."""
    found = _in_column(session, line_texts.c.account, accounts, _IS_IN, minors=minors)
    return found | _named(session, names, _IS_IN, line_texts.c.account == "", minors=minors)


def money_out_without_account(session: ReadSession) -> set[PaymentId]:
    """Return attested payments out of which a line gives no account of the other side."""
    return set(
        map(PaymentId, session.scalars(_payments(col(PaymentRow.id)).where(_IS_OUT, line_texts.c.account == "")))
    )


def payments_named(session: ReadSession, names: AbstractSet[NameKey]) -> set[PaymentId]:
    """Return attested payments whose lines give the other side one of these names."""
    return _named(session, names)


def payments_of_providers(session: ReadSession, providers: AbstractSet[Provider]) -> set[PaymentId]:
    """Return attested payments whose lines name one of these payment providers as the other side."""
    if not providers:
        return set()
    written = {name_key(each) for each in session.scalars(_payments(line_texts.c.name).distinct())}
    return _named(session, {each for each in written if provider_named(each) in providers})


def names_with_accounts(session: ReadSession, accounts: Iterable[str]) -> frozenset[NameKey]:
    """Return the names that attested lines give beside these accounts of the other side."""
    names: set[NameKey] = set()
    query = select(line_texts.c.name).join(AttestationRow, col(AttestationRow.line_id) == line_texts.c.line_id)
    for run in in_runs(sorted(set(accounts) - {""})):
        names.update(map(name_key, session.scalars(query.where(line_texts.c.account.in_(run)).distinct())))
    return frozenset(names - {NameKey("")})


def _named(
    session: ReadSession,
    names: AbstractSet[NameKey],
    *conditions: ColumnElement[bool],
    minors: Collection[Minor] | None = None,
) -> set[PaymentId]:
    """Return payments under these names: first how banks write them there, for that is how the database keeps them."""
    if not names or (minors is not None and not minors):
        return set()
    written = session.scalars(_payments(line_texts.c.name).where(*conditions).distinct())
    fitting = [each for each in written if name_key(each) in names]
    return _in_column(session, line_texts.c.name, fitting, *conditions, minors=minors)


def _in_column(
    session: ReadSession,
    column: Any,
    values: Iterable[str],
    *conditions: ColumnElement[bool],
    minors: Collection[Minor] | None = None,
) -> set[PaymentId]:
    few = minors is not None and len(minors) <= _MINORS_ASKED_FOR
    query = _payments(col(PaymentRow.id), col(PaymentRow.minor)).where(*conditions)
    if minors is not None and few:
        query = query.where(col(PaymentRow.minor).in_(sorted(minors)))
    found: set[PaymentId] = set()
    for run in in_runs(sorted(set(values) - {""})):
        rows = session.execute(query.where(col(column).in_(run)))
        found.update(PaymentId(payment) for payment, minor in rows if minors is None or few or minor in minors)
    return found


def _payments(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(PaymentRow)
        .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
        .join(line_texts, line_texts.c.line_id == col(AttestationRow.line_id))
    )


def payments_judged_by(
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
