"""A rule of the books as a sentence that a treasurer can read out, with what it booked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from pydantic import Field

from donations.core.donor import AppealId, Donor, DonorId
from donations.core.iban import grouped
from donations.core.language import N_
from donations.core.money import Balance
from donations.core.payment import Purpose
from donations.ledger.retention import unnamed
from donations.matching.standing_rules import Condition, Direction, Meaning, RuleNumber, StandingRule
from donations.store.donors import people
from donations.store.donors.restricted import all_restricted
from donations.store.payments.rules import names_on_accounts, rule_rows, rules_of, uses
from donations.store.payments.shown import known_restricted
from donations.store.session import ReadSession
from donations.views.phrases import Teller
from donations.views.value import Money, View, money

_ACCOUNT = {Direction.IN: N_("from {account} ({known})"), Direction.OUT: N_("to {account} ({known})")}
_UNNAMED = {Direction.IN: N_("from {account}"), Direction.OUT: N_("to {account}")}
_NAME = {Direction.IN: N_("from “{name}”"), Direction.OUT: N_("to “{name}”")}
_BOTH = {Direction.IN: N_("from {account} under the name “{name}”"), Direction.OUT: N_("to {account} of “{name}”")}
_ANYBODY = {Direction.IN: N_("from anybody"), Direction.OUT: N_("to anybody")}
_MEANS = {
    Purpose.GIFT: (N_("gifts of {donor} to {appeal}"), ""),
    Purpose.TRANSFER: (N_("transfers between own accounts"), N_("transfers between own accounts: {label}")),
    Purpose.INCOME: (N_("other income"), N_("other income: {label}")),
    Purpose.COST: (N_("costs"), N_("costs: {label}")),
}


def sentences(session: ReadSession, rules: Iterable[StandingRule], teller: Teller) -> dict[RuleNumber, str]:
    """Return the sentence of each rule, in the reader's language."""
    given = list(rules)
    payers = _unnamed(session, given)
    asked = {each.number: _without_payer(each.when, payers.get(each.number)) for each in given}
    donors = people.donors(session, [rule.then.donor for rule in given if rule.then.donor is not None])
    known = names_on_accounts(session, [when.iban for when in asked.values() if when.iban is not None])
    appeals = {appeal.id: appeal.name for appeal in people.appeals(session)}
    return {
        rule.number: _sentence(
            rule.then,
            asked[rule.number],
            label="" if rule.number in payers else rule.label,
            donors=donors,
            appeals=appeals,
            known=known,
            teller=teller,
        )
        for rule in given
    }


def _unnamed(session: ReadSession, rules: Iterable[StandingRule]) -> dict[RuleNumber, str]:
    """Return what stands for the payer in rules about a restricted donor, or about what one is paid."""
    hidden, known = all_restricted(session), known_restricted(session)
    whose = {
        rule.number: rule.then.donor
        if rule.then.donor in hidden
        else known.of_rule(name=rule.when.name_key, account=rule.when.iban or "")
        for rule in rules
    }
    return {number: unnamed(donor) for number, donor in whose.items() if donor is not None}


def _without_payer(when: Condition, payer: str | None) -> Condition:
    """Return what a rule asks for as it may be shown."""
    return when if payer is None else replace(when, iban=None, name=payer, words=())


def _sentence(
    then: Meaning,
    when: Condition,
    *,
    label: str,
    donors: Mapping[DonorId, Donor],
    appeals: Mapping[AppealId, str],
    known: Mapping[str, str],
    teller: Teller,
) -> str:
    plain, labelled = _MEANS[then.purpose]
    meaning = teller.translate(labelled if label and labelled else plain).format(
        label=label,
        donor="" if then.donor is None else donors[then.donor].name,
        appeal="" if then.appeal is None else appeals[then.appeal],
    )
    conditions = ", ".join(_conditions(when, known.get(when.iban or "", ""), teller))
    return f"{conditions[:1].upper()}{conditions[1:]} → {meaning}"


def _conditions(when: Condition, known: str, teller: Teller) -> Iterator[str]:
    """Yield what must be so; `known` is whom the account belongs to, and no condition."""
    words, account = _ANYBODY, "" if when.iban is None else grouped(when.iban)
    if when.iban:
        words = _BOTH if when.name else _ACCOUNT if known else _UNNAMED
    elif when.name:
        words = _NAME
    yield teller.translate(words[when.direction]).format(account=account, name=when.name, known=known)
    for word in when.words:
        yield teller.translate(N_("with “{word}” in the text")).format(word=word)
    if when.amount is not None:
        amount = teller.amount(Balance(when.amount.minor, when.amount.currency))
        yield teller.translate(N_("exactly {amount}")).format(amount=amount)
    else:
        yield teller.translate(N_("any amount"))
    if when.last_day is not None:
        yield teller.translate(N_("until {day}")).format(day=teller.day(when.last_day))


class UseView(View):
    """What a rule booked in one currency, as far as it stands."""

    payments: int
    money: Money
    last_day: date = Field(description="The newest booking date.")


class RuleView(View):
    """A rule that a person made."""

    id: int
    words: str | None = Field(description="The rule as a sentence; null where it was erased with a donor's data.")
    uses: list[UseView]
    made_by: str
    made_at: datetime
    switched_off_by: str | None
    switched_off_at: datetime | None = Field(description="Null while it counts.")


def rule_views(session: ReadSession, teller: Teller) -> list[RuleView]:
    """Return all rules in the order they were made."""
    rows = rule_rows(session)
    words, used = sentences(session, rules_of(rows.values()), teller), uses(session)
    return [
        RuleView.made_of(
            row,
            words=words.get(number),
            uses=[UseView.made_of(each, money=money(each.minor, each.currency)) for each in used.get(number, ())],
        )
        for number, row in rows.items()
    ]
