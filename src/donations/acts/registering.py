"""Own accounts, appeals, what names them, and the organisation's name: said once, with what that changes counted.

The setting `DONATIONS_ORGANISATION` only says it first: a shell or a timetable of tasks without it changes no name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from donations.acts.judging import ChangedPayments, judge, judge_again, judge_all
from donations.core.donor import AppealId
from donations.core.iban import UnverifiedAccount, ValidIban
from donations.core.keyword import Keyword
from donations.core.money import Minor, totals
from donations.core.name import PLACEHOLDER, NameKey, is_placeholder, name_key
from donations.core.own_account import name_of_own_account
from donations.core.payment import Allocation, PaymentId, Purpose
from donations.core.person_code import RegistryCode
from donations.core.progress import Tell, silent
from donations.core.reference import Reference
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import NAME_MAX, bounded, text_refused
from donations.store.appeal_pages import AppealPages
from donations.store.donors import people
from donations.store.donors.registered import (
    allocations_after,
    end_appeal,
    name_appeal,
    owner_of,
    rename_account,
    rename_appeal,
)
from donations.store.organisation import OwnName, add_own_code, paper_settings, set_papers
from donations.store.payments.allocations import last_allocation_id
from donations.store.payments.payers import payments_named
from donations.store.public import newest_snapshot
from donations.store.session import ReadSession, WriteSession, as_reader


def called(session: ReadSession, *, configured: str) -> str:
    """Return what pages call the organisation; `configured` is the setting, for when the books know no name."""
    return _known(session) or (PLACEHOLDER if is_placeholder(configured) else configured.strip())


def name_to_give_out(session: ReadSession, *, configured: str) -> str:
    """Return the name for papers and publications. Raises `Refusal`."""
    known = _known(session)
    if known and not is_placeholder(configured) and name_key(configured) != name_key(known):
        raise Refusal(BooksCode.ORGANISATION_DIFFERS)
    return refuse_placeholder(known or configured.strip())


def given_out(session: WriteSession, *, configured: str, by: str, at: datetime) -> str:
    """Return the name for papers and publications, and keep it in the books. Raises `Refusal`."""
    name = name_to_give_out(as_reader(session), configured=configured)
    if name != _kept(as_reader(session)):
        call(session, name, by=by, at=at)
    return name


def call(session: WriteSession, name: str, *, by: str, at: datetime) -> None:
    """Let the organisation be called so from now on; what was given out stays.

    Raises `Refusal`.
    """
    line = bounded(refuse_placeholder(name), "name", NAME_MAX)
    if not line.isprintable():
        raise text_refused("name", NAME_MAX)
    names = {name_key(_kept(as_reader(session))), name_key(line)}
    set_papers(session, OwnName(called=line), by=by, at=at)
    if len(names) > 1:
        # Money to or from the organisation's own name is an own transfer.
        judge_again(session, payments_named(as_reader(session), names - {NameKey("")}), now=at)


def refuse_placeholder(name: str) -> str:
    """Return a name that may stand on what is given out. Raises `Refusal`."""
    if is_placeholder(name):
        raise Refusal(BooksCode.ORGANISATION_UNNAMED)
    return name.strip()


def _kept(session: ReadSession) -> str:
    return paper_settings(session, OwnName).called


def _known(session: ReadSession) -> str:
    """Return the name that was said, else the one that was published; empty without either."""
    kept = _kept(session)
    published = None if kept else newest_snapshot(session)
    name: str = kept if published is None else json.loads(published.content)["organisation"]
    return "" if is_placeholder(name) else name


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
class LastDay:
    """An appeal, or one keyword of it, ends with a day: later payments are no gifts by it."""

    appeal: AppealId
    keyword: Keyword | None = None
    """None: the appeal with all that names it."""
    last_day: date | None
    """None: it is taken up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteringChange:
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


Registered = NewAccount | NewNames | NewForms | NewOwnCode | LastDay


def register(session: WriteSession, wanted: Registered, *, now: datetime, tell: Tell = silent) -> RegisteringChange:
    """Add it and judge again what may depend on it.

    Raises `Refusal`, and has written nothing then.
    """
    before = last_allocation_id(as_reader(session))
    match wanted:
        case NewAccount():
            _add_account(session, wanted, now=now, tell=tell)
        case NewNames():
            _add_names(session, wanted)
            judge_all(session, now=now, tell=tell)
        case NewForms():
            _add_forms(session, wanted)
            judge_all(session, now=now, tell=tell)
        case NewOwnCode():
            add_own_code(session, wanted.code)
            judge_all(session, now=now, tell=tell)
        case LastDay():
            _end(session, wanted)
            judge_all(session, now=now, tell=tell)
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


def change_of(allocations: Iterable[Allocation]) -> RegisteringChange:
    """Return what allocations, made one after another, changed in all."""
    reversed_of: defaultdict[PaymentId, list[Allocation]] = defaultdict(list)
    made: defaultdict[PaymentId, list[Allocation]] = defaultdict(list)
    for row in allocations:
        (made if row.reverses is None else reversed_of)[row.payment].append(row)
    gifts_now, gifts_before = _payments_of_gifts(made), _payments_of_gifts(reversed_of)
    became = gifts_now - gifts_before
    return RegisteringChange(
        became_gifts=len(became),
        gift_totals=totals(row.amount for payment in became for row in made[payment] if row.purpose is Purpose.GIFT),
        changed_gifts=len(gifts_now & gifts_before),
        lost_gifts=len(gifts_before - gifts_now),
        became_other=len((made.keys() | reversed_of.keys()) - gifts_now - gifts_before),
    )


def _payments_of_gifts(rows: dict[PaymentId, list[Allocation]]) -> set[PaymentId]:
    return {payment for payment, each in rows.items() if any(row.purpose is Purpose.GIFT for row in each)}


def _add_account(session: WriteSession, wanted: NewAccount, *, now: datetime, tell: Tell) -> None:
    number = people.number_text(wanted.number)
    if people.account_with(as_reader(session), wanted.number) is not None:
        raise Refusal(BooksCode.ALREADY_REGISTERED)
    people.add_account(session, wanted.number, name=wanted.name or name_of_own_account(wanted.number))
    judge(session, ChangedPayments(accounts={number}), now=now, tell=tell)


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


def _end(session: WriteSession, wanted: LastDay) -> None:
    appeal = next((each for each in people.appeals(as_reader(session)) if each.id == wanted.appeal), None)
    if appeal is None:
        raise Refusal(BooksCode.UNKNOWN_APPEAL)
    if wanted.keyword is not None and wanted.keyword not in appeal.keywords:
        raise Refusal(BooksCode.UNKNOWN_KEYWORD, word=wanted.keyword)
    end_appeal(session, wanted.appeal, wanted.keyword, wanted.last_day)


def _refuse_taken_name(session: ReadSession, name: str, *, besides: AppealId | None = None) -> None:
    pages = paper_settings(session, AppealPages)
    for appeal in people.appeals(session):
        names = {each.casefold() for each in (appeal.name, *pages.of(appeal.id).former_names)}
        if name.casefold() in names and appeal.id != besides:  # its public page counts what was published under each
            raise Refusal(BooksCode.APPEAL_NAME_TAKEN, appeal=appeal.name)
