"""Standing rules over all payments: what they change is shown before, and gone when they are switched off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples
from tests.written_once import written_once

from donations.acts.answering import payment_with_id
from donations.acts.judging import judge_all
from donations.acts.offering import Answer
from donations.acts.promise import promise_of
from donations.acts.teaching import Fate, Replay, make_rule, switch_rule
from donations.core.donor import AppealId
from donations.core.iban import parse_iban
from donations.core.payment import PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.statement import Statement
from donations.ledger.booking import live
from donations.matching.standing_rules import Condition, Direction, RuleNumber
from donations.store.payments.allocations import allocations_of
from donations.store.payments.rules import rule_rows, standing_rules, uses
from donations.store.session import as_reader, writing

IN, OUT = Direction.IN, Direction.OUT
KUUMAKSE = Condition(direction=IN, iban=parse_iban(MARI), words=("kuumakse",))
TO_JAAN = Condition(direction=OUT, iban=parse_iban(JAAN))
GIFT = Answer(purpose=Purpose.GIFT, reason="", donor="Mari Mets")
INCOME, COST = Answer(purpose=Purpose.INCOME, reason=""), Answer(purpose=Purpose.COST, reason="")
MARCH = statement(
    "03-01",
    "03-31",
    line("03-05", 1_000, "Mari Mets", MARI, "Kuumakse märts"),
    line("03-06", 1_100, "Mari Mets", MARI, "kuumakse, annetus"),
    line("03-07", 1_200, "Mari Mets", MARI, "kuumakse aprill"),
    line("03-08", 1_300, "Mari Mets", MARI, "pilet"),
    line("03-09", 1_400, "Jaan Tamm", JAAN, "kuumakse"),
    line("03-10", -500, "Jaan Tamm", JAAN, "üür"),
    line("03-11", -1_000, "Mari Mets", MARI, "suvepäevad"),
)


def teach(
    book: Book, when: Condition, meant: Answer, *, label: str = "", payment: int = 1, keep: bool = True
) -> Replay:
    with writing(book.engine, keep=keep) as session:
        looked_at = payment_with_id(as_reader(session), PaymentId(payment))
        return make_rule(session, when, meant, label=label, payment=looked_at, by="treasurer", now=NOW)


def switch(book: Book, number: int, *, on: bool, keep: bool = True) -> Replay:
    with writing(book.engine, keep=keep) as session:
        return switch_rule(session, RuleNumber(number), on=on, by="treasurer", now=NOW)


def fates(replay: Replay) -> dict[Fate, tuple[int, ...]]:
    return {shared.fate: shared.payments for shared in replay.fates}


def decided_by(book: Book, payment: int) -> str | None:
    with book.reading() as session:
        rows = live(allocations_of(session, [PaymentId(payment)]).get(PaymentId(payment), []))
    return rows[0].decision.rule or rows[0].decision.person if rows else None


@pytest.fixture
@written_once
def march(book: Book) -> Book:
    book.take(MARCH)
    return book


def test_the_preview_tells_what_the_rule_then_does(march: Book) -> None:
    march.answer(3, Answer(purpose=Purpose.INCOME, reason="a sale"))
    before = march.ledger()
    shown = teach(march, KUUMAKSE, GIFT, keep=False)
    assert fates(shown) == {Fate.BOOKED: (1,), Fate.AGAINST: (2,), Fate.DECIDED: (3,)}
    assert [shared.totals for shared in shown.fates] == [(("EUR", 1_000),), (("EUR", 1_100),), (("EUR", 1_200),)]
    assert shown.beside == (7,)  # the same amount goes back: it may be a refund now
    assert march.ledger() == before
    made = teach(march, KUUMAKSE, GIFT)
    assert promise_of(made) == promise_of(shown)
    assert [decided_by(march, each) for each in (1, 2, 3, 4)] == ["standing/1", "keyword+iban/2", "treasurer", None]
    with march.reading() as session:
        assert uses(session)[RuleNumber(1)] == [(1, 1_000, "EUR", date(2026, 3, 5))]
    assert not march.broken()


def test_a_rule_counts_for_what_comes_later(march: Book) -> None:
    teach(march, KUUMAKSE, GIFT)
    march.take(statement("04-01", "04-30", line("04-05", 999, "Mari Mets", MARI, "KUUMAKSE")))
    assert decided_by(march, march.payment("04-05", 999)) == "standing/1"


def test_a_cost_gets_its_name_by_a_rule_and_loses_it_again(march: Book) -> None:
    before = march.ledger()
    assert fates(teach(march, TO_JAAN, COST, label="rent", payment=6)) == {Fate.SAME: (6,)}
    assert decided_by(march, 6) == "standing/1"
    assert fates(switch(march, 1, on=False)) == {Fate.SAME: (6,)}
    assert decided_by(march, 6) == "money_out/1"
    assert march.ledger() == before


def test_a_rule_switched_off_leaves_questions_and_switched_on_answers_them_again(march: Book) -> None:
    before = march.ledger()
    teach(march, KUUMAKSE, GIFT)
    given = march.ledger()
    assert fates(switch(march, 1, on=False, keep=False)) == {Fate.OPENED: (1, 3)}
    assert march.ledger() == given
    switch(march, 1, on=False)
    assert march.ledger() == before
    with march.reading() as session:
        assert (standing_rules(session), len(rule_rows(session))) == ((), 1)
    assert not march.broken()
    switch(march, 1, on=True)
    assert march.ledger() == given


def test_a_narrower_rule_changes_what_a_wider_one_booked_and_equals_leave_a_question(march: Book) -> None:
    teach(march, Condition(direction=IN, iban=parse_iban(MARI)), INCOME)
    assert fates(teach(march, KUUMAKSE, GIFT, keep=False)) == {Fate.CHANGED: (1, 3), Fate.AGAINST: (2,)}
    transfer = Answer(purpose=Purpose.TRANSFER, reason="")
    opened = teach(march, Condition(direction=IN, iban=parse_iban(MARI)), transfer, keep=False)
    assert fates(opened) == {Fate.OPENED: (1, 3, 4), Fate.AGAINST: (2,)}


@pytest.mark.parametrize(
    ("when", "meant", "code"),
    [
        (Condition(direction=IN, name="Mari Mets"), GIFT, "rule_name_alone"),
        (KUUMAKSE, COST, "rule_does_not_fit"),
        (KUUMAKSE, Answer(purpose=Purpose.GIFT, reason="", donor=""), "donor_needed"),
        (KUUMAKSE, Answer(purpose=Purpose.GIFT, reason="", donor="Mari Mets", appeal=AppealId(9)), "unknown_appeal"),
        (KUUMAKSE, Answer(purpose=Purpose.GIFT, reason=""), "rule_needs_donor"),
    ],
)
def test_a_rule_that_cannot_be_meant_changes_nothing(march: Book, when: Condition, meant: Answer, code: str) -> None:
    before = march.ledger()
    with pytest.raises(Refusal) as refused:
        teach(march, when, meant)
    assert str(refused.value.code) == code
    assert march.ledger() == before


def test_a_rule_is_switched_where_there_is_one_to_switch(march: Book) -> None:
    teach(march, KUUMAKSE, GIFT)
    for number, on, code in ((9, False, "unknown_rule"), (1, True, "rule_switched")):
        with pytest.raises(Refusal) as refused:
            switch(march, number, on=on)
        assert str(refused.value.code) == code


FILES = (
    MARCH,
    statement(
        "04-01", "04-30", line("04-05", 2_000, "Mari Mets", MARI, "kuumakse"), gift("04-06", 700, "Jaan Tamm", JAAN)
    ),
    statement(
        "03-05",
        "04-06",
        line("03-05", 1_000, "Mari Mets", MARI, "Kuumakse märts"),
        line("04-06", 700, "Jaan Tamm", JAAN, "Annetus"),
    ),
    statement(
        "05-01", "05-31", line("05-05", -700, "Jaan Tamm", JAAN, "x"), line("05-06", 300, "", OTHER_OWN, "kuumakse")
    ),
)
RULES = (
    (KUUMAKSE, GIFT),
    (Condition(direction=IN, iban=parse_iban(MARI)), INCOME),
    (Condition(direction=IN, words=("kuumakse",)), INCOME),
    (TO_JAAN, COST),
    (
        Condition(direction=IN, name="Jaan Tamm", words=("kuumakse",)),
        Answer(purpose=Purpose.GIFT, reason="", donor="Jaan Tamm"),
    ),
)
ACTS = st.permutations([*((each, None) for each in FILES), *((None, each) for each in RULES)])


@settings(max_examples=examples(10))
@given(ACTS, ACTS)
def test_the_order_of_files_and_rules_does_not_matter(
    fresh_sqlite: FreshEngine, one: Sequence[tuple[Statement, None]], other: Sequence[tuple[Statement, None]]
) -> None:
    assert _booked(fresh_sqlite, one) == _booked(fresh_sqlite, other)


def _booked(fresh: FreshEngine, acts: Sequence[tuple[Statement | None, tuple[Condition, Answer] | None]]) -> bytes:
    with fresh() as engine:
        book = Book(engine)
        book.take(
            statement("02-01", "02-02", line("02-01", 1, "Somebody", "", "x"))
        )  # whose side the rules are made at
        for file, rule in acts:
            if file is not None:
                book.take(file, name=repr(file)[:40])
            if rule is not None:
                teach(book, *rule)
        made = book.ledger()
        with writing(engine) as session:  # playing a rule over the payments that it fits is judging them all
            judge_all(session, now=NOW)
        assert book.ledger() == made
        assert not book.broken()
        return made
