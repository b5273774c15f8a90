"""Each check holds on sound books, and books that break it are told so by that check alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.book import day

from donations.core.donor import AppealId, DonorId
from donations.core.money import EUR, Amount, Currency, parse_currency
from donations.core.payment import Allocation, AllocationId, Decision, PaymentId, Purpose
from donations.ledger.checked_books import CheckedBooks, DocumentFact, LineFact, PaymentFact, StatementFact
from donations.ledger.checks import CHECKS, sentence
from donations.ledger.day_sums import DayKey, DaySums

KEYWORD = Decision(reason="keyword", rule="keyword+iban/1", evidence=(("field", "text"), ("keyword", "annetus")))
COST = Decision(reason="money_out", rule="money_out/1")
PERSON = Decision(reason="she told me", person="treasurer")
USD = parse_currency("USD")


def payment(number: int, minor: int, ordinal: int = 0) -> PaymentFact:
    return PaymentFact(number, 1, EUR, day("03-01"), minor, ordinal)


def line(number: int, minor: int, statement: int = 1, *, batch: int | None = None, is_total: bool = False) -> LineFact:
    return LineFact(number, statement, 1, EUR, day("03-01"), minor, batch, is_total)


def allocation(
    number: int,
    on: int,
    purpose: Purpose,
    minor: int,
    decision: Decision = PERSON,
    *,
    reverses: int | None = None,
    currency: Currency = EUR,
) -> Allocation:
    gift = purpose is Purpose.GIFT
    return Allocation(
        id=AllocationId(number),
        payment=PaymentId(on),
        purpose=purpose,
        amount=Amount(minor, currency),
        decision=decision,
        donor=DonorId(2) if gift else None,
        appeal=AppealId(1) if gift else None,
        reverses=None if reverses is None else AllocationId(reverses),
    )


GIFT = allocation(1, 1, Purpose.GIFT, 1000, KEYWORD)
TWIN_GIFT = allocation(2, 2, Purpose.GIFT, 1000, KEYWORD)
FEE = allocation(3, 3, Purpose.COST, 250, COST)
MISTAKE = allocation(4, 4, Purpose.INCOME, 700)
MISTAKE_BACK = allocation(5, 4, Purpose.INCOME, 700, reverses=4)
LINES = {
    1: line(1, 1000),
    2: line(2, 1000),
    3: line(3, -250),
    4: line(4, 1500, is_total=True),
    5: line(5, 700, batch=4),
    6: line(6, 800, batch=4),
    7: line(7, 1500, statement=2),
}
KEYS = {
    "gift": DayKey(day("03-01"), 1, EUR, True, "gift", 1),
    "cost": DayKey(day("03-01"), 1, EUR, False, "cost", 0),
    "open": DayKey(day("03-01"), 1, EUR, True, "", 0),
}
SUMS = DaySums(
    {KEYS["gift"]: (2000, 2), KEYS["cost"]: (-250, 1), KEYS["open"]: (1500, 2)},
    {4: 700, 5: 800},
)
SOUND = CheckedBooks(
    payments={
        1: payment(1, 1000),
        2: payment(2, 1000, ordinal=1),
        3: payment(3, -250),
        4: payment(4, 700),
        5: payment(5, 800),
        6: payment(6, 900),
    },
    allocations=(GIFT, TWIN_GIFT, FEE, MISTAKE, MISTAKE_BACK),
    attestations=((1, 1), (2, 2), (3, 3), (5, 4), (6, 5), (7, 4), (7, 5)),
    lines=LINES,
    statements=(
        StatementFact(1, 1, 0, 3250, 3250, None),
        StatementFact(2, 2, None, 10, 1500, None),
        StatementFact(3, 3, 0, 7, 0, "the bank corrects it in April"),
    ),
    documents=(DocumentFact("ab" * 32, "ab" * 32),),
    without_iban=frozenset({3, 4}),
    day_sums=SUMS,
)
"""Twins, a fee, a batch of two that another file shows as its total, a mistake taken back, a payment undone."""
LISTED = replace(
    SOUND,
    payments=dict(SOUND.payments) | {7: payment(7, 100), 8: payment(8, 700, ordinal=1)},
    lines=LINES | {7: line(7, 700, statement=2), 8: line(8, 700, statement=2), 9: line(9, 100, statement=2)},
    attestations=(*((1, 1), (2, 2), (3, 3), (5, 4)), *((7, 4), (8, 8), (9, 7)), *((4, 7), (4, 8))),
    day_sums=DaySums({**SUMS.sums, KEYS["open"]: (1500, 3)}, {4: 700, 7: 100, 8: 700}),
)
"""A list of lines shows one part of the batch alike, and two instead of the other one."""


@pytest.mark.parametrize("name", CHECKS)
def test_sound_books_pass(name: str) -> None:
    assert list(CHECKS[name](SOUND)) == []
    assert list(CHECKS[name](LISTED)) == []


BROKEN: dict[str, tuple[str, CheckedBooks]] = {
    "merge not followed": ("merges_stand", replace(SOUND, merges={DonorId(2): DonorId(3)})),
    "a sum is another": (
        "sums_kept",
        replace(SOUND, day_sums=DaySums({**SUMS.sums, KEYS["gift"]: (1999, 2)}, SUMS.open_parts)),
    ),
    "a sum of one part more": (
        "sums_kept",
        replace(SOUND, day_sums=DaySums({**SUMS.sums, KEYS["gift"]: (2000, 3)}, SUMS.open_parts)),
    ),
    "a sum of nothing": (
        "sums_kept",
        replace(SOUND, day_sums=DaySums({**SUMS.sums, KEYS["gift"]._replace(account_id=2): (1, 1)}, SUMS.open_parts)),
    ),
    "a sum is another appeal's": (
        "sums_kept",
        replace(
            SOUND,
            day_sums=DaySums(
                {
                    KEYS["gift"]._replace(appeal_id=2): (2000, 2),
                    **{key: sum_ for key, sum_ in SUMS.sums.items() if key != KEYS["gift"]},
                },
                SUMS.open_parts,
            ),
        ),
    ),
    "an open payment is not kept": ("sums_kept", replace(SOUND, day_sums=DaySums(SUMS.sums, {4: 700}))),
    "a payment is kept as open that is not": (
        "sums_kept",
        replace(SOUND, day_sums=DaySums(SUMS.sums, {1: 1000, 4: 700, 5: 800})),
    ),
    "bytes gone": ("source_kept", replace(SOUND, documents=(DocumentFact("ab" * 32, None),))),
    "bytes changed": ("source_kept", replace(SOUND, documents=(DocumentFact("ab" * 32, "cd" * 32),))),
    "no trigger": ("append_only", replace(SOUND, unguarded=(("payment", "delete"),))),
    "half a cent": ("integers", replace(SOUND, statements=(StatementFact(1, 1, 0.5, 0.5, 0, None),))),  # type: ignore[arg-type]
    "line in no payment": (
        "statement_lines_complete",
        replace(SOUND, lines=LINES | {8: line(8, 5)}),
    ),
    "line of an undone import": (
        "statement_lines_complete",
        replace(SOUND, lines={each: LINES[each] for each in LINES if each != 3}),
    ),
    "line of another amount": ("statement_lines_complete", replace(SOUND, lines=LINES | {3: line(3, -251)})),
    "total beside a part of it": (
        "statement_lines_complete",
        replace(LISTED, attestations=(*LISTED.attestations, (6, 5))),
    ),
    "line of another day": (
        "statement_lines_complete",
        replace(SOUND, lines=LINES | {3: line(3, -250)._replace(booked_on=day("03-02"))}),
    ),
    "twin ordinals equal": (
        "twins_counted",
        replace(SOUND, payments=dict(SOUND.payments) | {2: payment(2, 1000)}),
    ),
    "balances do not add up": (
        "balances_chain",
        replace(SOUND, statements=(StatementFact(1, 1, 0, 3251, 3250, None),)),
    ),
    "reversed twice": (
        "reversals_mirror",
        replace(SOUND, allocations=(*SOUND.allocations, allocation(6, 4, Purpose.INCOME, 700, reverses=4))),
    ),
    "reversed in part": (
        "reversals_mirror",
        replace(SOUND, allocations=(MISTAKE, allocation(6, 4, Purpose.INCOME, 600, reverses=4))),
    ),
    "reversal of nothing": (
        "reversals_mirror",
        replace(SOUND, allocations=(*SOUND.allocations, allocation(6, 4, Purpose.INCOME, 700, reverses=99))),
    ),
    "gift without keyword": (
        "gift_has_cause",
        replace(SOUND, allocations=(replace(GIFT, decision=COST),)),
    ),
    "gift without evidence": (
        "gift_has_cause",
        replace(SOUND, allocations=(replace(GIFT, decision=replace(KEYWORD, evidence=())),)),
    ),
    "gift without account": ("gift_has_cause", replace(SOUND, without_iban=frozenset({1}))),
}
"""What is wrong: the one check that must say so, and the books."""


@pytest.mark.parametrize(("name", "books"), BROKEN.values(), ids=BROKEN)
def test_broken_books_are_told_by_exactly_that_check(name: str, books: CheckedBooks) -> None:
    assert told(books, besides=name != "sums_kept") == [name]


def told(books: CheckedBooks, *, besides: bool) -> list[str]:
    """Return which checks tell of it; what allocations come to is told `besides` where they are what is broken."""
    return [each for each in CHECKS if not (besides and each == "sums_kept") and list(CHECKS[each](books))]


ENTANGLED: dict[str, tuple[set[str], CheckedBooks]] = {
    "too much allocated": (
        {"allocations_within_payment"},
        replace(SOUND, allocations=(*SOUND.allocations, allocation(6, 1, Purpose.GIFT, 1))),
    ),
    "another currency": (
        {"allocations_within_payment", "movement_conserved"},
        replace(SOUND, allocations=(allocation(6, 1, Purpose.GIFT, 1000, currency=USD),)),
    ),
    "gift of money out": (
        {"purposes_fit", "movement_conserved"},
        replace(SOUND, allocations=(allocation(6, 3, Purpose.GIFT, 250),)),
    ),
    "allocation that outlived its payment": (
        {"no_payment_without_line", "movement_conserved"},
        replace(SOUND, allocations=(allocation(6, 6, Purpose.GIFT, 900),)),
    ),
    "one line as two payments": (
        {"one_payment_per_line", "statement_lines_complete", "one_line_per_statement"},
        replace(SOUND, attestations=(*SOUND.attestations, (1, 2))),
    ),
    "twins as one payment": (
        {"one_line_per_statement", "no_payment_without_line", "movement_conserved"},
        replace(SOUND, attestations=((1, 1), (2, 1), *(pair for pair in SOUND.attestations if pair[0] not in {1, 2}))),
    ),
    "total counted beside its parts": (
        {"statement_lines_complete", "one_line_per_statement"},
        replace(SOUND, attestations=(*SOUND.attestations, (4, 4), (4, 1))),
    ),
}
"""What breaks several invariants at once: those, and the books."""


@pytest.mark.parametrize(("names", "books"), ENTANGLED.values(), ids=ENTANGLED)
def test_what_breaks_several_is_told_by_each(names: set[str], books: CheckedBooks) -> None:
    assert set(told(books, besides=True)) == names


def test_there_are_broken_books_for_every_check() -> None:
    assert {name for name, _ in BROKEN.values()} | set().union(*(names for names, _ in ENTANGLED.values())) == set(
        CHECKS
    )


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_has_its_sentence(name: str) -> None:
    assert sentence(name).endswith(".")
