"""The decision table: a payment and what is known give an outcome, by the first rule that has a say.

They speak where the built-in rules would ask, or know no more than that money went out. They never contradict what a
payment itself says: a keyword's gift stays, a denied or differing one stays a question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from donations.core.donor import AppealId, Claim, offered_on
from donations.core.payment import Payment, Purpose
from donations.matching import money_in, other_money
from donations.matching.case import Case, open_case
from donations.matching.directory import Directory
from donations.matching.features import Features
from donations.matching.outcome import (
    Ask,
    Asking,
    AskReason,
    Because,
    ClearGift,
    Gift,
    NotAGift,
    Outcome,
    OutcomeCause,
    Proposal,
    Reason,
    Taught,
    Verdict,
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


def taught(
    payment: Payment, verdict: Verdict, standing: Sequence[StandingRule], *, appeal: AppealId | None
) -> Taught | None:
    """Return what the standing rules make of a payment of which the built-in ones say this, and that names an appeal.

    The narrowest rules speak; where they disagree nobody does, whatever their order.
    """
    if not standing:
        return None
    speaking = [rule for rule in standing if _is_open(rule, verdict, appeal) and rule.when.fits(payment)]
    narrowest = max((rule.when.narrowness for rule in speaking), default=0)
    chosen = [rule for rule in speaking if rule.when.narrowness == narrowest]
    if len({rule.then for rule in chosen}) != 1:
        return None
    rule = min(chosen, key=lambda each: each.number)
    places = rule.when.places(payment.text)
    evidence = (("field", "text"), *_evidence(places)) if places else ()
    return Taught(
        purpose=rule.then.purpose,
        donor=rule.then.donor,
        appeal=rule.then.appeal,
        reason=Reason(rule=rule.name, code=OutcomeCause.STANDING_RULE, evidence=evidence),
    )


def may_be_taught(why: AskReason, purpose: Purpose) -> bool:
    """Whether a person's rule of this purpose may answer what is asked for this reason."""
    return why not in _NO_RULE_ANSWERS and not (purpose is Purpose.GIFT and why in _CONTRADICTS_GIFTS)


def _is_open(rule: StandingRule, verdict: Verdict, appeal: AppealId | None) -> bool:
    match verdict:
        case Asking(why=why):
            is_open = may_be_taught(why, rule.then.purpose)
            if rule.then.purpose is Purpose.GIFT:
                is_open &= appeal in {None, rule.then.appeal}
        case NotAGift(reason=reason):
            is_open = reason.code is OutcomeCause.MONEY_OUT
        case _:
            is_open = False
    return is_open


def _evidence(places: Sequence[TextSpan]) -> Iterable[tuple[str, str]]:
    for at in places:
        yield "start", str(at.start)
        yield "end", str(at.end)


def unexplained(seen: Features, rule: str) -> Verdict | None:
    """The bank shows transactions of the entry that do not explain it: those that are gifts by themselves may be."""
    return Asking.by(rule, AskReason.UNEXPLAINED, _gifts_or_income) if seen.has_details else None


def _gifts_or_income(case: Case) -> tuple[Proposal, ...]:
    gifts = tuple(_gifts_shown(case))
    return best(gifts, [income()]) if gifts else gift_or_income(case)


def _gifts_shown(case: Case) -> Iterator[Proposal]:
    payment = case.payment
    shown = zip(payment.details, payment.shares, payment.transactions, strict=True)
    for part, (detail, share, transaction) in enumerate(shown):
        if share is None:
            continue
        alone = open_case(transaction, case.directory)
        because = Because.SHOWN_PART if share == detail.amount else Because.SHARE
        match _with_offers(verdict_on(alone.features), alone):
            case Gift(appeal=appeal, claim=claim):
                yield replace(gift_by(alone, claim, because, appeal=appeal), part=part)
            case Ask(proposals=(Proposal(purpose=Purpose.GIFT) as likeliest, *_)):
                yield replace(likeliest, because=because, part=part)
            case _:
                pass


Rule = Callable[[Features, str], Verdict | None]
"""Gives a verdict where it has a say; told its own name, to keep it in the reason."""

RULES: tuple[tuple[str, Rule], ...] = (
    ("bank_kind/1", other_money.bank_kind),
    ("own_account/1", other_money.own_account),
    ("payout/1", other_money.payout),
    ("payment_returned/2", other_money.payment_returned),
    ("gift_returned/2", other_money.gift_returned),
    ("own_name/1", other_money.own_name),
    ("cash_deposit/1", other_money.cash_deposit),
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


def verdict_on(seen: Features) -> Verdict:
    """Return what the first built-in rule says that has a say."""
    for name, rule in RULES:
        verdict = rule(seen, name)
        if verdict is not None:
            return verdict
    return money_in.unknown("unknown/2")


def decide(payment: Payment, directory: Directory) -> Outcome:
    """Return what a payment is, or why a person must say, with the reason.

    A pure function of both: no clock, no locale, no order of arrival.
    """
    case = open_case(payment, directory)
    verdict = verdict_on(case.features)
    said = taught(payment, verdict, directory.standing_on(payment.booked_on), appeal=case.appeal)
    if said is not None:
        return said
    outcome = _with_offers(verdict, case)
    if isinstance(outcome, Ask):
        offered = offered_on(directory.appeals, payment.booked_on)
        return replace(outcome, proposals=with_appeals(outcome.proposals, offered))
    return outcome


def _with_offers(verdict: Verdict, case: Case) -> Outcome:
    if isinstance(verdict, Asking):
        return Ask(why=verdict.why, reason=verdict.reason, proposals=verdict.offers(case))
    return without_offers(verdict, case.claim)


def without_offers(verdict: Verdict, claim: Claim | None) -> Outcome:
    """Return what a verdict makes of a payment with this claim, questions without proposals."""
    match verdict:
        case NotAGift():
            return verdict
        case Asking(why=why, reason=reason):
            return Ask(why=why, reason=reason)
        case ClearGift(appeal=appeal, reason=reason):
            if claim is None:
                message = "no rule may call a gift clear of which nobody knows whose it is"
                raise ValueError(message)
            return Gift(appeal=appeal, claim=claim, reason=reason)
        case _:
            assert_never(verdict)
