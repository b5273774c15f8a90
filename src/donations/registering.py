"""Own accounts, appeals and what names them are added, and what that changes in the books is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from donations.bookkeeping import Touched, judge, judge_all
from donations.core.allocation import Allocation, Purpose
from donations.core.donor import AppealId
from donations.core.iban import UnverifiedAccount, ValidIban, bank_name
from donations.core.keyword import Keyword
from donations.core.money import Minor, totals
from donations.core.payment import PaymentId
from donations.core.person_code import RegistryCode
from donations.core.reference import Reference
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.store.donors import people
from donations.store.donors.own_codes import add_own_code
from donations.store.donors.registered import allocations_after, name_appeal, owner_of, rename_account, rename_appeal
from donations.store.payments.allocations import last_allocation_id
from donations.store.session import ReadSession, WriteSession, as_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An own account is registered."""

    number: ValidIban | UnverifiedAccount
    name: str = ""
    """The bank's name where people give none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNames:
    """An appeal is named by more keywords or references; a new one where `appeal` is a name."""

    appeal: AppealId | str
    keywords: tuple[Keyword, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewForms:
    """A keyword is recognised in more forms than the rules of its language make."""

    keyword: Keyword
    forms: tuple[Keyword, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOwnCode:
    """The organisation's own registry code: in a donor's text it names nobody. Known already, it changes nothing."""

    code: RegistryCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How many payments the rules see otherwise now; amounts in minor units."""

    became_gifts: int
    """Of payments that were none: questions mostly."""
    gift_totals: tuple[tuple[str, Minor], ...]
    """Of these."""
    changed_gifts: int
    """Gifts that are now of another donor or appeal."""
    lost_gifts: int
    """Gifts that are none any more."""
    became_other: int
    """Payments that are no gifts, before or now, and booked otherwise: as own transfers mostly."""


Registered = NewAccount | NewNames | NewForms | NewOwnCode


def register(session: WriteSession, wanted: Registered, *, now: datetime) -> Change:
    """Add it and judge again what may depend on it.

    Raises `Refusal`, and has written nothing then.
    """
    before = last_allocation_id(as_reader(session))
    match wanted:
        case NewAccount():
            _add_account(session, wanted, now=now)
        case NewNames():
            _add_names(session, wanted)
            judge_all(session, now=now)
        case NewForms():
            _add_forms(session, wanted)
            judge_all(session, now=now)
        case NewOwnCode():
            add_own_code(session, wanted.code)
            judge_all(session, now=now)
        case _:
            assert_never(wanted)
    return change_of(allocations_after(as_reader(session), before))


def rename(session: WriteSession, *, name: str, account: int | None = None, appeal: AppealId | None = None) -> None:
    """Call an own account or an appeal otherwise; nothing in the books depends on it. Raises `Refusal`."""
    if not name:
        raise Refusal(BooksCode.NAME_NEEDED)
    if account is not None and not rename_account(session, account, name=name):
        raise Refusal(BooksCode.UNKNOWN_ACCOUNT)
    if appeal is not None:
        _refuse_taken_name(as_reader(session), name, besides=appeal)
        if not rename_appeal(session, appeal, name=name):
            raise Refusal(BooksCode.UNKNOWN_APPEAL)


def change_of(allocations: Iterable[Allocation]) -> Change:
    """Return what allocations, made one after another, changed in all."""
    reversed_of: defaultdict[PaymentId, list[Allocation]] = defaultdict(list)
    made: defaultdict[PaymentId, list[Allocation]] = defaultdict(list)
    for row in allocations:
        (made if row.reverses is None else reversed_of)[row.payment].append(row)
    gifts_now, gifts_before = _payments_of_gifts(made), _payments_of_gifts(reversed_of)
    became = gifts_now - gifts_before
    return Change(
        became_gifts=len(became),
        gift_totals=totals(row.amount for payment in became for row in made[payment] if row.purpose is Purpose.GIFT),
        changed_gifts=len(gifts_now & gifts_before),
        lost_gifts=len(gifts_before - gifts_now),
        became_other=len((made.keys() | reversed_of.keys()) - gifts_now - gifts_before),
    )


def _payments_of_gifts(rows: dict[PaymentId, list[Allocation]]) -> set[PaymentId]:
    return {payment for payment, each in rows.items() if any(row.purpose is Purpose.GIFT for row in each)}


def _add_account(session: WriteSession, wanted: NewAccount, *, now: datetime) -> None:
    number = people.number_text(wanted.number)
    if people.account_with(as_reader(session), wanted.number) is not None:
        raise Refusal(BooksCode.ALREADY_REGISTERED)
    bank = None if isinstance(wanted.number, UnverifiedAccount) else bank_name(wanted.number)
    people.add_account(session, wanted.number, name=wanted.name or bank or number)
    judge(session, Touched(accounts={number}), now=now)


def _add_names(session: WriteSession, wanted: NewNames) -> None:
    reader = as_reader(session)
    appeals = people.appeals(reader)
    names: tuple[Keyword | Reference, ...] = (*wanted.keywords, *wanted.references)
    for name in names:
        owner = owner_of(appeals, name)
        if owner is not None:
            raise Refusal(BooksCode.NAME_TAKEN, word=name, appeal=owner.name)
    if isinstance(wanted.appeal, str):
        _refuse_taken_name(reader, wanted.appeal)
        people.add_appeal(session, wanted.appeal, keywords=wanted.keywords, references=wanted.references)
        return
    if wanted.appeal not in {appeal.id for appeal in appeals}:
        raise Refusal(BooksCode.UNKNOWN_APPEAL)
    name_appeal(session, wanted.appeal, keywords=wanted.keywords, references=wanted.references)


def _add_forms(session: WriteSession, wanted: NewForms) -> None:
    appeals = people.appeals(as_reader(session))
    mine = owner_of(appeals, wanted.keyword)
    if mine is None:
        raise Refusal(BooksCode.UNKNOWN_KEYWORD, word=wanted.keyword)
    for form in wanted.forms:
        owner = owner_of(appeals, form)
        if owner is not None and owner.id != mine.id:
            raise Refusal(BooksCode.NAME_TAKEN, word=form, appeal=owner.name)
    people.add_forms(session, wanted.keyword, wanted.forms)


def _refuse_taken_name(session: ReadSession, name: str, *, besides: AppealId | None = None) -> None:
    for appeal in people.appeals(session):
        if appeal.name.casefold() == name.casefold() and appeal.id != besides:
            raise Refusal(BooksCode.APPEAL_NAME_TAKEN, appeal=appeal.name)
