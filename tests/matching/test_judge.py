"""Judging many payments says what deciding on each alone says, however much is remembered of those before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.matching.sample import (
    GENERAL,
    JAAN,
    JAAN_PAYS,
    JAANS_CODE,
    KNOWN,
    MARI,
    MARI_ID,
    MARI_PAYS,
    MARIS,
    MARIS_CODE,
    NOBODY,
    OWN,
    ROOF,
    STRANGERS,
    joint,
    payment,
)
from tests.matching.test_decide import PAYMENTS

from donations.core.calendar import Month
from donations.core.money import EUR, Amount
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.statement import Detail
from donations.demo.files import camt053, excerpt
from donations.demo.movement import Bank
from donations.demo.story import Plot, tell
from donations.matching import judge
from donations.matching.decide import decide
from donations.matching.directory import Directory, PaidOut, PaidTo, Payers, seen_paying
from donations.matching.judge import Judge
from donations.matching.outcome import Ask, Gift, Outcome
from donations.matching.standing_rules import Condition, Direction, Meaning, RuleNumber, StandingRule
from donations.readers.registry import read

RULES = tuple(
    StandingRule(number=RuleNumber(number), when=when, then=then)
    for number, (when, then) in enumerate(
        [
            (Condition(direction=Direction.IN, iban=STRANGERS), Meaning(purpose=Purpose.INCOME)),
            (
                Condition(direction=Direction.IN, iban=MARIS, words=("toetus",)),
                Meaning(purpose=Purpose.GIFT, donor=MARI_ID, appeal=GENERAL.id),
            ),
            (
                Condition(direction=Direction.OUT, iban=STRANGERS, amount=Amount(20_00, EUR)),
                Meaning(purpose=Purpose.TRANSFER),
            ),
            (Condition(direction=Direction.IN, name=JAAN, last_day=date(2026, 1, 4)), Meaning(purpose=Purpose.INCOME)),
        ],
        start=1,
    )
)
WENT_OUT = {
    PaidTo(STRANGERS, 7_00, EUR): (PaidOut(PaymentId(7), date(2026, 1, 2)),),
    PaidTo(MARIS, 20_00, EUR): (PaidOut(PaymentId(8), date(2026, 1, 3), MARI_ID, ROOF.id),),
}
DIRECTORIES = [
    NOBODY,
    joint(MARI, JAAN),
    replace(KNOWN, paid_out=WENT_OUT),
    replace(KNOWN, standing=RULES),
    replace(
        KNOWN,
        by_word={MARI_PAYS: frozenset({MARIS_CODE})},
        doubtful=frozenset({(JAAN_PAYS, MARIS_CODE)}),
        codes={JAAN_PAYS: frozenset({JAANS_CODE, MARIS_CODE})},
    ),
]
DETAIL = Detail(counterparty=payment().counterparty, text="annetus", amount=Amount(1, EUR))
LIKE_IT = st.builds(
    lambda one, minor, number, day, details, back: replace(
        one,
        id=PaymentId(number),
        money=type(one.money)(Amount(minor, EUR)),
        booked_on=date(2026, 1, day),
        details=details,
        is_taken_back=back,
    ),
    PAYMENTS,
    st.sampled_from([7_00, 20_00, 50_00]),
    st.integers(1, 99),
    st.integers(1, 31),
    st.sampled_from([(), (), (), (DETAIL, DETAIL)]),
    st.sampled_from([False, False, False, True]),
)


def without_proposals(outcome: Outcome) -> Outcome:
    return replace(outcome, proposals=()) if isinstance(outcome, Ask) else outcome


@given(st.lists(LIKE_IT, min_size=1, max_size=6), st.sampled_from(DIRECTORIES), st.data())
def test_what_is_remembered_changes_nothing(few: list[Payment], known: Directory, data: st.DataObject) -> None:
    """Payments that share a payer, a text or an amount with others and differ in the rest."""
    mixed = [
        replace(one, text=other.text, counterparty=third.counterparty)
        for one, other, third in data.draw(st.lists(st.tuples(*[st.sampled_from(few)] * 3), max_size=12))
    ]
    same = Judge(known)
    for one in (*few, *mixed):
        assert same.judge(one) == without_proposals(decide(one, known))


TEXTS = ["annetus 20 eur", "annetus", "annetus, arve", "Annetus Laen Kalle", "viide 20260011 mitte"]


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_text_says_is_remembered_by_amount_and_name_where_they_matter(text: str) -> None:
    same = Judge(KNOWN)
    for minor in (20_00, 21_00, -20_00):
        for name in (MARI, "Kalle Laen"):
            one = payment(text, minor=minor, name=name, account=STRANGERS)
            assert same.judge(one) == without_proposals(decide(one, KNOWN))


def demonstrated() -> list[Payment]:
    """Return the payments of a year of the demonstration's story."""
    story = tell(Plot(last=Month(2025, 12), donors=60, seed=3))
    account, first_day = story.account(Bank.LHV), story.span[0].first_day
    whole = excerpt(story.movements, account, owner=story.owner, first_day=first_day, last_day=Month(2025, 12).last_day)
    (statement,) = read(camt053(whole), today=date(2026, 1, 1)).statements
    return [
        replace(
            payment(),
            id=PaymentId(number),
            booked_on=line.booked_on,
            money=line.money,
            counterparty=line.counterparty,
            text=line.text,
            reference=line.reference,
            kind=line.kind,
            is_reversal=line.is_reversal,
        )
        for number, line in enumerate(statement.lines, start=1)
    ]


def test_the_demonstration_is_judged_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "_KNOWN_MAX", 20)
    payments = demonstrated()
    payers = Payers.of(seen_paying(payments, own_codes=frozenset()))
    known = Directory(own_accounts=frozenset({OWN}), appeals=(GENERAL, ROOF), payers=payers.names, codes=payers.codes)
    same, gifts = Judge(known), 0
    for one in payments:
        outcome = same.judge(one)
        assert outcome == without_proposals(decide(one, known))
        gifts += isinstance(outcome, Gift)
    assert 0 < gifts < len(payments)
