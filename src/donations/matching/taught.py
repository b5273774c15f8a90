"""Where standing rules speak: what people taught once, so that they are not asked again.

They speak where the built-in rules would ask, or know no more than that money went out. They never contradict what a
payment itself says: a keyword's gift stays, a denied or differing one stays a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from donations.core.allocation import Purpose
from donations.matching.case import Case
from donations.matching.outcome import Ask, AskReason, Cause, NotAGift, Outcome, Reason, Taught
from donations.matching.standing import StandingRule
from donations.matching.written import Span

_NO_RULE_ANSWERS = frozenset({AskReason.REFUND, AskReason.GIFT_RETURNED, AskReason.CAME_BACK})
"""Money of a donor goes back, or comes back: a person looks at each."""
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
        reason=Reason(rule=rule.name, code=Cause.STANDING_RULE, evidence=evidence),
    )


def _may_speak(rule: StandingRule, case: Case, outcome: Outcome) -> bool:
    match outcome:
        case Ask(why=why):
            is_open = why not in _NO_RULE_ANSWERS
            if is_open and rule.then.purpose is Purpose.GIFT:
                is_open = why not in _CONTRADICTS_GIFTS and case.appeal in {None, rule.then.appeal}
        case NotAGift(reason=reason):
            is_open = reason.code is Cause.MONEY_OUT
        case _:
            is_open = False
    return is_open and rule.when.fits(case.payment)


def _evidence(places: Sequence[Span]) -> Iterable[tuple[str, str]]:
    for at in places:
        yield "start", str(at.start)
        yield "end", str(at.end)
