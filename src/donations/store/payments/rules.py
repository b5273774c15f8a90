"""Standing rules to rows and back, and what each of them booked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import AppealId, DonorId
from donations.core.iban import parse_iban
from donations.core.money import Amount, Currency, Minor
from donations.core.name import in_title_case
from donations.core.payment import PaymentId, Purpose
from donations.matching.standing_rules import PREFIX, Condition, Direction, Meaning, RuleNumber, StandingRule, number_of
from donations.store.donors.restricted import restricted_ids
from donations.store.given import parts
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.tables import AllocationRow, AttestationRow, PaymentRow
from donations.store.tables.rules import StandingRuleRow


class RuleUse(NamedTuple):
    """What stands of a rule's bookings in one currency."""

    payments: int
    minor: Minor
    currency: Currency
    last_day: date


def standing_rules(session: ReadSession) -> tuple[StandingRule, ...]:
    """Return the rules that are switched on, in the order they were made."""
    query = select(StandingRuleRow).where(col(StandingRuleRow.switched_off_at).is_(None))
    return tuple(map(rule_of, session.exec(query.order_by(col(StandingRuleRow.id)))))


def rule_rows(session: ReadSession, numbers: Iterable[RuleNumber] | None = None) -> dict[RuleNumber, StandingRuleRow]:
    """Return rules by number, switched off ones too; all of them without `numbers`."""
    query = select(StandingRuleRow).order_by(col(StandingRuleRow.id))
    if numbers is not None:
        query = query.where(col(StandingRuleRow.id).in_(sorted(set(numbers))))
    return {RuleNumber(row.id): row for row in session.exec(query)}


def rules_of(rows: Iterable[StandingRuleRow]) -> list[StandingRule]:
    """Return the rules of these rows, without those whose conditions were erased."""
    return [rule_of(row) for row in rows if row.iban or row.name or row.words]


def rule_of(row: StandingRuleRow) -> StandingRule:
    """Return the rule that a row holds."""
    amount = None if row.minor is None or row.currency is None else Amount(row.minor, Currency(row.currency))
    return StandingRule(
        number=RuleNumber(row.id),
        when=Condition(
            direction=Direction(row.direction),
            iban=parse_iban(row.iban) if row.iban else None,
            name=row.name,
            words=tuple(row.words.splitlines()),
            amount=amount,
            last_day=row.last_day,
        ),
        then=Meaning(
            purpose=Purpose(row.purpose),
            donor=None if row.donor_id is None else DonorId(row.donor_id),
            appeal=None if row.appeal_id is None else AppealId(row.appeal_id),
        ),
        label=row.label,
    )


def next_number(session: WriteSession) -> RuleNumber:
    """Return the number that the next rule gets."""
    return RuleNumber(next(next_ids(session, StandingRuleRow)))


def add_rule(session: WriteSession, rule: StandingRule, *, at: datetime, by: str) -> None:
    """Keep a new rule."""
    when, then = rule.when, rule.then
    session.add(
        StandingRuleRow(
            id=rule.number,
            direction=when.direction.value,
            iban=when.iban or "",
            name=when.name,
            words="\n".join(when.words),
            minor=None if when.amount is None else when.amount.minor,
            currency=None if when.amount is None else when.amount.currency,
            purpose=then.purpose.value,
            donor_id=then.donor,
            appeal_id=then.appeal,
            label=rule.label,
            last_day=when.last_day,
            made_by=by,
            made_at=at,
        )
    )
    session.flush()


def uses(session: ReadSession) -> dict[RuleNumber, list[RuleUse]]:
    """Return what each rule booked and what of it stands."""
    minor = func.sum(func.abs(parts.c.minor))
    query = (
        sql_select(parts.c.rule, func.count(), minor, parts.c.currency, func.max(parts.c.booked_on))
        .where(parts.c.rule.startswith(PREFIX))
        .group_by(parts.c.rule, parts.c.currency)
        .order_by(parts.c.currency)
    )
    found: dict[RuleNumber, list[RuleUse]] = {}
    for rule, count, minor, currency, last_day in session.execute(query):
        number = number_of(rule)
        if number is not None:
            found.setdefault(number, []).append(RuleUse(count, int(minor), Currency(currency), last_day))
    return found


def payments_that_may_fit(session: ReadSession, when: Condition) -> list[PaymentId]:
    """Return attested payments among which are all that a rule speaks of; one line of theirs is enough to be here."""
    query = (
        sql_select(col(PaymentRow.id), line_texts.c.name, line_texts.c.text)
        .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
        .join(line_texts, line_texts.c.line_id == col(AttestationRow.line_id))
        .where(col(PaymentRow.minor) > 0 if when.direction is Direction.IN else col(PaymentRow.minor) < 0)
    )
    if when.iban is not None:
        query = query.where(line_texts.c.account == when.iban)
    if when.amount is not None:
        query = query.where(func.abs(col(PaymentRow.minor)) == when.amount.minor)
    if when.last_day is not None:
        query = query.where(col(PaymentRow.booked_on) <= when.last_day)
    rows = session.execute(query)
    return sorted({PaymentId(payment) for payment, name, text in rows if when.iban or when.nearly_fits(name, text)})


def switch(session: WriteSession, row: StandingRuleRow, *, off_by: str | None, at: datetime) -> None:
    """Switch a rule off, or on again where nobody switches it off."""
    row.switched_off_by = off_by
    row.switched_off_at = None if off_by is None else at
    session.flush()


def names_on_accounts(session: ReadSession, accounts: Iterable[str]) -> dict[str, str]:
    """Return the name that the bank gives most often with each account, for people to recognise it by.

    Restricted donors' lines name nobody.
    """
    hidden = (
        sql_select(col(AttestationRow.line_id))
        .join(parts, parts.c.payment_id == col(AttestationRow.payment_id))
        .where(parts.c.booked_for.in_(restricted_ids()))
    )
    query = (
        sql_select(line_texts.c.account, line_texts.c.name, func.count().label("times"))
        .where(line_texts.c.account.in_(sorted(set(accounts))), line_texts.c.name != "")
        .where(line_texts.c.line_id.not_in(hidden))
        .group_by(line_texts.c.account, line_texts.c.name)
    )
    rows = sorted(session.execute(query), key=lambda row: (-row.times, row.name), reverse=True)
    return {account: in_title_case(name) for account, name, _ in rows}


def payments_booked_since(session: ReadSession, last: int) -> set[PaymentId]:
    """Return the payments that got allocations with higher numbers."""
    query = sql_select(col(AllocationRow.payment_id)).where(col(AllocationRow.id) > last).distinct()
    return set(map(PaymentId, session.scalars(query)))


def booked_by(session: ReadSession, number: RuleNumber) -> list[PaymentId]:
    """Return the payments whose allocation by this rule stands."""
    query = sql_select(parts.c.payment_id).where(parts.c.rule == f"{PREFIX}{number}")
    return sorted(map(PaymentId, session.scalars(query)))
