"""Donors are found in an order that compares money of one currency with money of the same."""

from __future__ import annotations

from tests.book import JAAN, Book, gift, statement

from donations.core.money import Currency
from donations.store.donors.donor_search import DonorFilter, Order, found_donors, search

USD = Currency("USD")


def test_currencies_are_not_added_to_rank_donors(book: Book) -> None:
    book.take(
        statement(
            "03-01", "03-31", gift("03-01", 10_000), gift("03-02", 6_000, "Jaan Kask", JAAN), opening=0, closing=16_000
        )
    )
    dollars = gift("03-03", 6_000, "Jaan Kask", JAAN, currency=USD)
    book.take(statement("03-01", "03-31", dollars, opening=0, currency=USD))
    with book.reading() as session:
        rows = found_donors(session, search(session, DonorFilter()), year=2026, order=Order.THIS_YEAR, start=0, size=5)
    assert [(row.name, row.currency, row.this_year) for row in rows] == [
        ("Mari Mets", "EUR", 10_000),
        ("Jaan Kask", "EUR", 6_000),
        ("Jaan Kask", "USD", 6_000),
    ]
