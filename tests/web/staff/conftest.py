"""Books with regular givers, newcomers, two appeals and dollars, and who looks at them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import MARI, Book, line, statement
from tests.reports.giving import Given, month_of, take_months
from tests.web.conftest import browser, enter
from tests.written_once import written_once

from donations.access.person import Role
from donations.core.keyword import parse_keyword
from donations.core.money import parse_currency
from donations.store.donors import people
from donations.store.session import writing

REGULARS = [f"Püsi Annetaja{number}" for number in range(8)]


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Eight regular givers from January to June 2026, of whom one stops and one raises; three newcomers in June."""
    with writing(book.engine) as session:
        people.add_appeal(session, "Podcast", keywords=[parse_keyword("podcast")], references=[])
    months = [
        month_of(f"2026-{month:02}", *(Given(who, 5, 10) for who in REGULARS), Given("Rein Rahu", 7, 30))
        for month in range(1, 6)
    ]
    june = [Given(who, 5, 10) for who in REGULARS[2:]]
    new = [Given(f"Uus Tulija{number}", 9, 25) for number in range(3)]
    take_months(
        book,
        month_of("2025-06", Given("Ammu Antud", 4, 11)),
        *months,
        month_of("2026-06", *june, Given(REGULARS[1], 5, 15), *new, Given("Ammu Antud", 20, 12)),
        month_of("2026-06", Given("Rein Rahu", 8, 40), currency=parse_currency("USD")),
    )
    book.take(statement("06-21", "06-22", line("06-21", 700, "Keegi Keskmine", MARI, "tere")))
    return book


@pytest.fixture
def viewer(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who may see figures and no names."""
    with browser(app, enter(app, Role.VIEWER, name="viewer")) as made:
        yield made
