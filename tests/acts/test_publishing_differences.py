"""A small circle publishes month after month through its books: what was told of it, all together, tells of nobody."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from random import Random

import pytest
from tests.acts.test_publishing import LATER, ahead, lived, published, shown
from tests.book import Book, gift
from tests.conftest import FreshEngine
from tests.examples import examples
from tests.published.attackers import is_open
from tests.published.old_rule import old_plan
from tests.published.page import Sum

from donations.acts.offering import Answer
from donations.core.payment import Purpose

MONTHS, DONORS = 6, 16
Ledger = dict[tuple[int, int], int]
"""What donors gave by month."""


def lived_through(book: Book, seed: int) -> tuple[list[Sum], Ledger]:
    """Publish after each month; return what was told with whose it was, and what the books have in the end."""
    random, ledger, told = Random(seed), Ledger(), list[Sum]()
    usual = [random.choice((500, 1_000, 2_000)) for _ in range(DONORS)]
    opening = 0
    for month in range(1, MONTHS + 1):
        is_steady = random.random() < 0.4
        gave = {who: usual[who] if is_steady else usual[who] + 100 * random.randrange(9) for who in range(DONORS)}
        gave.pop(random.randrange(DONORS))
        lived(
            book,
            [gift(f"{month:02}-{who + 1:02}", gave[who], f"Donor {who}") for who in gave],
            first=month,
            opening=opening,
        )
        opening += sum(gave.values())
        ledger |= {(who, month): minor for who, minor in gave.items()}
        if month > 2 and random.random() < 0.5:
            who, at = random.choice([key for key in ledger if key[1] < month])
            book.answer(
                book.payment(f"{at:02}-{who + 1:02}", ledger.pop((who, at))),
                Answer(purpose=Purpose.INCOME, reason="it was a ticket"),
            )
        if ahead(book, now=LATER).is_new:
            published(book, now=LATER)
        for block in shown(book).blocks[len(told) :]:
            whose = Counter[int | None]()
            for (who, at), minor in ledger.items():
                whose[who] += minor if at <= block.last_day.month else 0
            for each in told:
                whose.subtract(each.whose)
            told.append(Sum(len(block.months), block.minor, whose))
    return told, ledger


def by_the_old_rule(ledger: Ledger) -> list[Sum]:
    months = [Counter[tuple[int | None, int]]() for _ in range(MONTHS)]
    for (who, month), minor in ledger.items():
        months[month - 1][who, 1] += minor
    found = []
    for run in old_plan([*enumerate(months)], {}).runs:
        whose = Counter[int | None]()
        for month in run:
            whose.update({who: minor for (who, _), minor in months[month].items()})
        found.append(Sum(len(run), whose.total(), whose))
    return found


@pytest.mark.parametrize("fresh_engine", ["sqlite"], indirect=True)
def test_no_difference_of_what_its_books_published_tells_of_anybody(fresh_engine: FreshEngine) -> None:
    blocks = controls = 0
    for seed in range(examples(4)):
        with fresh_engine() as engine:
            book = Book(engine)
            told, ledger = lived_through(book, seed)
            blocks += len(told)
            assert [sum(each.whose.values()) for each in told] == [each.cents for each in told]
            assert not any(is_open(new.since(old), percent=50) for old, new in combinations(told, 2))
            assert not book.broken()
            controls += sum(
                is_open(new.since(old), percent=50) for old, new in combinations(by_the_old_rule(ledger), 2)
            )
    assert blocks > 3
    assert controls > 0
