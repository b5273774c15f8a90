"""Standing rules: which payments they speak of, where they keep quiet, and which ones cannot be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.matching.sample import (
    GENERAL,
    JAAN,
    JAANS_CODE,
    KNOWN,
    MARI,
    MARI_ID,
    MARIS,
    MARIS_CODE,
    NOBODY,
    OWN_SAVINGS,
    ROOF,
    STRANGERS,
    TOWNS_CODE,
    payment,
)

from donations.core.money import EUR, Amount
from donations.core.payment import Payment, Purpose
from donations.core.refusal import Refusal
from donations.matching.decide import decide
from donations.matching.directory import Directory
from donations.matching.outcome import Outcome, OutcomeCause, Taught
from donations.matching.standing_rules import (
    Condition,
    Direction,
    Meaning,
    RuleNumber,
    StandingRule,
    number_of,
    parse_words,
)

IN, OUT = Direction.IN, Direction.OUT
GIFT = Meaning(purpose=Purpose.GIFT, donor=MARI_ID, appeal=GENERAL.id)
INCOME, COST, TRANSFER = (Meaning(purpose=each) for each in (Purpose.INCOME, Purpose.COST, Purpose.TRANSFER))
FROM_MARI = Condition(direction=IN, iban=MARIS)
TO_STRANGER = Condition(direction=OUT, iban=STRANGERS)


def rule(when: Condition, then: Meaning, number: int = 1) -> StandingRule:
    return StandingRule(number=RuleNumber(number), when=when, then=then)


def told(one: Payment, *rules: StandingRule, known: Directory = NOBODY) -> Outcome:
    return decide(one, replace(known, standing=rules))


def said_by_rule(outcome: Outcome) -> Purpose | None:
    return outcome.purpose if isinstance(outcome, Taught) else None


@pytest.mark.parametrize(
    ("one", "when", "speaks"),
    [
        pytest.param(payment("tere"), FROM_MARI, True, id="the account is enough"),
        pytest.param(payment("tere", account=STRANGERS), FROM_MARI, False, id="another account"),
        pytest.param(payment("tere", minor=-2000), FROM_MARI, False, id="money that moves the other way"),
        pytest.param(
            payment("tere", name="Näidis, Mari"), Condition(direction=IN, name=MARI), True, id="names are folded"
        ),
        pytest.param(payment("tere", name=JAAN), replace(FROM_MARI, name=MARI), False, id="both account and name"),
        pytest.param(payment("Kuumakse märts"), replace(FROM_MARI, words=("kuumakse",)), True, id="a word in the text"),
        pytest.param(payment("KUUMAKSED"), replace(FROM_MARI, words=("kuumakse",)), True, id="with an ending"),
        pytest.param(payment("ku\numakse"), replace(FROM_MARI, words=("kuumakse",)), True, id="cut by the bank"),
        pytest.param(payment("ekuumakse"), replace(FROM_MARI, words=("kuumakse",)), False, id="inside another word"),
        pytest.param(payment("arve 77"), replace(FROM_MARI, words=("arve", "märts")), False, id="all of the words"),
        pytest.param(payment("tere"), replace(FROM_MARI, amount=Amount(20_00, EUR)), True, id="the amount too"),
        pytest.param(payment("tere", minor=21_00), replace(FROM_MARI, amount=Amount(20_00, EUR)), False, id="not it"),
        pytest.param(payment("tere"), replace(FROM_MARI, last_day=date(2026, 1, 5)), True, id="on its last day"),
        pytest.param(payment("tere"), replace(FROM_MARI, last_day=date(2026, 1, 4)), False, id="after its last day"),
    ],
)
def test_a_rule_speaks_of_payments_that_are_all_that_it_asks_for(
    one: Payment, when: Condition, *, speaks: bool
) -> None:
    assert (said_by_rule(told(one, rule(when, INCOME))) is Purpose.INCOME) is speaks


@pytest.mark.parametrize(
    ("one", "known", "when", "then", "outcome"),
    [
        pytest.param(payment(), KNOWN, FROM_MARI, INCOME, None, id="a keyword's gift stays"),
        pytest.param(
            payment(account=OWN_SAVINGS), KNOWN, Condition(direction=IN, iban=OWN_SAVINGS), GIFT, None, id="own"
        ),
        pytest.param(payment("tere", is_reversal=True), KNOWN, FROM_MARI, GIFT, None, id="a payment of ours came back"),
        pytest.param(payment("aitäh"), KNOWN, FROM_MARI, GIFT, Purpose.GIFT, id="a donor without keyword"),
        pytest.param(payment("anetus"), KNOWN, FROM_MARI, GIFT, Purpose.GIFT, id="nearly the keyword"),
        pytest.param(payment("ei ole annetus"), KNOWN, FROM_MARI, GIFT, None, id="the payer denies the gift"),
        pytest.param(payment("ei ole annetus"), KNOWN, FROM_MARI, INCOME, Purpose.INCOME, id="and it is none"),
        pytest.param(payment(on_behalf_of=JAAN), KNOWN, FROM_MARI, GIFT, None, id="somebody else really pays"),
        pytest.param(payment("annetus katus"), KNOWN, FROM_MARI, GIFT, None, id="several appeals"),
        pytest.param(
            payment(f"annetus {JAANS_CODE}", payer_code=MARIS_CODE), KNOWN, FROM_MARI, GIFT, None, id="two codes"
        ),
        pytest.param(
            payment("katus", account=None),
            KNOWN,
            Condition(direction=IN, name=MARI, words=("katus",)),
            GIFT,
            None,
            id="the text names another appeal",
        ),
        pytest.param(
            payment("toetus", payer_code=TOWNS_CODE), KNOWN, FROM_MARI, INCOME, Purpose.INCOME, id="a town's grant"
        ),
        pytest.param(payment("rent", minor=-500, account=STRANGERS), KNOWN, TO_STRANGER, COST, Purpose.COST, id="rent"),
        pytest.param(
            payment("x", minor=-500, account=STRANGERS), KNOWN, TO_STRANGER, TRANSFER, Purpose.TRANSFER, id="a deposit"
        ),
        pytest.param(
            payment("x", minor=-20_00), KNOWN, Condition(direction=OUT, iban=MARIS), COST, None, id="maybe a refund"
        ),
        pytest.param(
            payment("Laenu tagasimakse", minor=-500, account=STRANGERS, name="Laenuandja OÜ"),
            KNOWN,
            TO_STRANGER,
            COST,
            Purpose.COST,
            id="a return to somebody who never gave",
        ),
        pytest.param(
            payment("tagastus", minor=-500), KNOWN, Condition(direction=OUT, iban=MARIS), COST, None, id="to a donor"
        ),
        pytest.param(
            payment("x", minor=-500, is_reversal=True),
            KNOWN,
            Condition(direction=OUT, iban=MARIS),
            COST,
            None,
            id="back",
        ),
    ],
)
def test_a_rule_never_contradicts_what_a_payment_says(
    one: Payment, known: Directory, when: Condition, then: Meaning, outcome: Purpose | None
) -> None:
    assert said_by_rule(told(one, rule(when, then), known=known)) is outcome


def test_the_reason_names_the_rule_and_where_the_words_stand() -> None:
    outcome = told(payment("Märtsi kuumakse"), rule(replace(FROM_MARI, words=("kuumakse",)), GIFT, number=7))
    assert isinstance(outcome, Taught)
    assert (outcome.reason.rule, outcome.reason.code) == ("standing/7", OutcomeCause.STANDING_RULE)
    assert outcome.reason.evidence == (("field", "text"), ("start", "7"), ("end", "15"))
    assert number_of(outcome.reason.rule) == 7
    assert number_of("keyword+iban/1") is None
    assert number_of(None) is None


def test_the_narrower_rule_speaks_and_equals_that_disagree_leave_the_question() -> None:
    wide, narrow = rule(FROM_MARI, INCOME, 1), rule(replace(FROM_MARI, words=("kuumakse",)), GIFT, 2)
    assert said_by_rule(told(payment("kuumakse"), wide, narrow)) is Purpose.GIFT
    assert said_by_rule(told(payment("tere"), wide, narrow)) is Purpose.INCOME
    assert said_by_rule(told(payment("tere"), wide, rule(FROM_MARI, TRANSFER, 3))) is None
    agreeing = told(payment("tere"), wide, rule(FROM_MARI, INCOME, 4))
    assert isinstance(agreeing, Taught)
    assert agreeing.reason.rule == "standing/1"


MEANINGS = st.sampled_from([GIFT, INCOME, TRANSFER, replace(GIFT, appeal=ROOF.id)])
CONDITIONS = st.builds(
    Condition,
    direction=st.just(IN),
    iban=st.just(MARIS),
    name=st.sampled_from(["", MARI, JAAN]),
    words=st.sampled_from([(), ("kuumakse",), ("arve",)]),
    amount=st.sampled_from([None, Amount(20_00, EUR)]),
)


@given(
    st.lists(st.tuples(CONDITIONS, MEANINGS), max_size=3), st.sampled_from(["kuumakse", "arve kuumakse", "", "anetus"])
)
def test_what_rules_say_does_not_depend_on_their_order(told_: list[tuple[Condition, Meaning]], text: str) -> None:
    rules = [rule(when, then, number) for number, (when, then) in enumerate(told_, start=1)]
    outcomes = {repr(told(payment(text), *order, known=KNOWN)) for order in permutations(rules)}
    assert len(outcomes) == 1


@pytest.mark.parametrize(
    ("when", "then", "code"),
    [
        ({"amount": Amount(5, EUR)}, INCOME, "rule_too_wide"),
        ({}, INCOME, "rule_too_wide"),
        ({"name": "--"}, INCOME, "rule_too_wide"),
        ({"words": ("ja",)}, INCOME, "rule_word_too_short"),
        ({"name": MARI}, GIFT, "rule_name_alone"),
        ({"words": ("kuumakse",)}, GIFT, "rule_name_alone"),
        ({"iban": MARIS}, COST, "rule_does_not_fit"),
        ({"iban": MARIS}, Meaning(purpose=Purpose.REFUND), "rule_does_not_fit"),
        ({"iban": MARIS}, Meaning(purpose=Purpose.GIFT, donor=MARI_ID), "rule_needs_donor"),
        ({"iban": MARIS}, replace(INCOME, donor=MARI_ID, appeal=GENERAL.id), "rule_needs_donor"),
    ],
)
def test_rules_that_nobody_can_mean_cannot_be_made(when: dict[str, object], then: Meaning, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        rule(Condition(direction=IN, **when), then)  # type: ignore[arg-type]
    assert str(refused.value.code) == code


def test_words_are_parted_by_commas_and_folded() -> None:
    assert parse_words(" Kuumakse,  ARVE  nr , ,kuumakse") == ("kuumakse", "arve nr")
