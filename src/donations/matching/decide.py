"""The decision table: a payment and what is known give an outcome, by the first rule that has a say.

They speak where the built-in rules would ask, or know no more than that money went out. They never contradict what a
payment itself says: a keyword's gift stays, a denied or differing one stays a question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from donations.core.payment import Payment, Purpose
from donations.matching import money_in, other_money
from donations.matching.case import Case, open_case
from donations.matching.directory import Directory
from donations.matching.outcome import (
    Ask,
    AskReason,
    Because,
    Gift,
    NotAGift,
    Outcome,
    OutcomeCause,
    Proposal,
    Reason,
    Taught,
)
from donations.matching.proposals import best, gift_by, gift_or_income, income, with_appeals
from donations.matching.standing_rules import StandingRule
from donations.matching.written import TextSpan

_NO_RULE_ANSWERS = frozenset({AskReason.REFUND, AskReason.GIFT_RETURNED, AskReason.CAME_BACK, AskReason.TAKEN_BACK})
"""Money of a donor goes back, or comes back, or never came: a person looks at each."""
_CONTRADICTS_GIFTS = frozenset(
    {
        *(AskReason.NEGATED_KEYWORD, AskReason.OTHER_PURPOSE, AskReason.OWN_MONEY),
        *(AskReason.SEVERAL_KEYWORDS, AskReason.PAYER_DIFFERS),
    }
)


def taught(case: Case, outcome: Outcome) -> Taught | None:
    """Return what the standing rules make of a payment that the built-in ones would make `outcome` of.

    The narrowest rules speak; where they disagree nobody does, whatever their order.
    """
    speaking = [rule for rule in case.directory.standing if _may_speak(rule, case, outcome)]
    narrowest = max((rule.when.narrowness for rule in speaking), default=0)
    chosen = [rule for rule in speaking if rule.when.narrowness == narrowest]
    if len({rule.then for rule in chosen}) != 1:
        return None
    rule = min(chosen, key=lambda each: each.number)
    places = rule.when.places(case.payment.text)
    evidence = (("field", "text"), *_evidence(places)) if places else ()
    return Taught(
        purpose=rule.then.purpose,
        donor=rule.then.donor,
        appeal=rule.then.appeal,
        reason=Reason(rule=rule.name, code=OutcomeCause.STANDING_RULE, evidence=evidence),
    )


def _may_speak(rule: StandingRule, case: Case, outcome: Outcome) -> bool:
    match outcome:
        case Ask(why=why):
            is_open = why not in _NO_RULE_ANSWERS
            if is_open and rule.then.purpose is Purpose.GIFT:
                is_open = why not in _CONTRADICTS_GIFTS and case.appeal in {None, rule.then.appeal}
        case NotAGift(reason=reason):
            is_open = reason.code is OutcomeCause.MONEY_OUT
        case _:
            is_open = False
    return is_open and rule.when.fits(case.payment)


def _evidence(places: Sequence[TextSpan]) -> Iterable[tuple[str, str]]:
    for at in places:
        yield "start", str(at.start)
        yield "end", str(at.end)


def unexplained(case: Case, rule: str) -> Outcome | None:
    """The bank shows transactions of the entry that do not explain it: those that are gifts by themselves may be."""
    if not case.payment.details:
        return None
    gifts = tuple(_gifts_shown(case))
    return Ask.by(rule, AskReason.UNEXPLAINED, best(gifts, [income()]) if gifts else gift_or_income(case, None))


def _gifts_shown(case: Case) -> Iterator[Proposal]:
    payment = case.payment
    shown = zip(payment.details, payment.shares, payment.transactions, strict=True)
    for part, (detail, share, transaction) in enumerate(shown):
        if share is None:
            continue
        alone = open_case(transaction, case.directory)
        because = Because.SHOWN_PART if share == detail.amount else Because.SHARE
        match _built_in(alone):
            case Gift(appeal=appeal, claim=claim):
                yield replace(gift_by(alone, claim, because, appeal=appeal), part=part)
            case Ask(proposals=(Proposal(purpose=Purpose.GIFT) as likeliest, *_)):
                yield replace(likeliest, because=because, part=part)
            case _:
                pass


Rule = Callable[[Case, str], Outcome | None]
"""Gives an outcome where it has a say; told its own name, to keep it in the reason."""

RULES: tuple[tuple[str, Rule], ...] = (
    ("bank_kind/1", other_money.bank_kind),
    ("own_account/1", other_money.own_account),
    ("payment_returned/2", other_money.payment_returned),
    ("gift_returned/2", other_money.gift_returned),
    ("own_name/1", other_money.own_name),
    ("came_back/1", other_money.came_back),
    ("refund/2", other_money.refund),
    ("says_return/1", other_money.says_return),
    ("money_out/1", other_money.money_out),
    ("taken_back/1", money_in.taken_back),
    ("payer_is_no_donor/1", money_in.payer_is_no_donor),
    ("negated_keyword/2", money_in.negated_keyword),
    ("other_purpose/1", money_in.other_purpose),
    ("several_keywords/2", money_in.several_keywords),
    ("near_keyword/2", money_in.near_keyword),
    ("no_valid_iban/1", money_in.no_valid_iban),
    ("payer_differs/1", money_in.payer_differs),
    ("several_donors/1", money_in.several_donors),
    ("reference+iban/2", money_in.reference_and_iban),
    ("keyword+iban/2", money_in.keyword_and_iban),
    ("keyword_missing/2", money_in.keyword_missing),
    ("unexplained/1", unexplained),
)
"""In order of precedence. A rule that changes its meaning gets a new version: its name is kept with what it decided."""


def decide(payment: Payment, directory: Directory) -> Outcome:
    """Return what a payment is, or why a person must say, with the reason.

    A pure function of both: no clock, no locale, no order of arrival.
    """
    case = open_case(payment, directory)
    outcome = _built_in(case)
    if isinstance(outcome, Ask):
        outcome = replace(outcome, proposals=with_appeals(outcome.proposals, directory.appeals))
    return taught(case, outcome) or outcome if directory.standing else outcome


def _built_in(case: Case) -> Outcome:
    for name, rule in RULES:
        outcome = rule(case, name)
        if outcome is not None:
            return outcome
    return money_in.unknown(case, "unknown/2")
