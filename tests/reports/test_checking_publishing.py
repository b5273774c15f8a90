"""Damage done to what is published, behind the program's back, is told."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from tests.acts.test_publishing import gifts_in, lived, published
from tests.book import Book
from tests.reports.test_checking import _drop_guard
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.core.payment import Purpose
from donations.reports.checking import check

CHECKS = ["published_blocks_chained", "published_blocks_add_up"]
TABLES = ("published_block", "public_snapshot", "allocation")


@pytest.fixture
@written_once
def shown(book: Book) -> Book:
    """Two blocks, the second with a correction of the first, and a correction that no block knows yet."""
    lived(book, gifts_in(1, 12), gifts_in(2, 12))
    published(book)
    book.answer(book.payment("01-10", 1_000), Answer(purpose=Purpose.INCOME, reason="it was a ticket"))
    lived(book, gifts_in(3, 12, minor=1_500), gifts_in(4, 12, minor=2_500), first=3, opening=24_000)
    published(book)
    book.answer(book.payment("02-10", 1_000), Answer(purpose=Purpose.INCOME, reason="a ticket too"))
    return book


def test_what_is_published_is_what_the_ledger_had(shown: Book) -> None:
    with shown.reading() as session:
        assert not check(session, CHECKS).broken


@pytest.mark.parametrize(
    ("broken", "damage"),
    [
        (set(CHECKS), "UPDATE published_block SET figures = replace(figures, '12000', '13000') WHERE number = 1"),
        ({CHECKS[0]}, "UPDATE public_snapshot SET content = replace(content, '12000', '13000')"),
        ({CHECKS[0]}, "DELETE FROM public_snapshot WHERE id = 2"),
        ({CHECKS[1]}, "UPDATE published_block SET last_allocation_id = 1 WHERE number = 2"),
        ({CHECKS[1]}, "UPDATE allocation SET minor = 900 WHERE id = 2"),
    ],
)
def test_damage_is_told(shown: Book, broken: set[str], damage: str) -> None:
    with shown.trying() as session:
        for table in TABLES:
            for verb in ("update", "delete"):
                _drop_guard(session, table, verb=verb)
        session.execute(text(damage))
        assert check(session, CHECKS).broken == broken
