"""What moved between stated balances: months of days added up, and every sum that a balance is compared with right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func
from sqlmodel import col, select
from tests.book import NOW, Book, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples

from donations.core.calendar import Month
from donations.core.money import Minor
from donations.identity.proof import prove
from donations.store.session import as_reader, writing
from donations.store.statements.coverage import give_balance, ledger_facts, ledgers
from donations.store.tables import PaymentRow

DAYS = [date(2026, 1, 20) + timedelta(days=number) for number in range(75)]


@st.composite
def statements(draw: st.DrawFn) -> tuple[date, date, dict[date, Minor], list[tuple[date, Minor]]]:
    """Return days, what moved on them, and balances stated inside."""
    first, last = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
    within = st.dates(first, last)
    moved = draw(st.dictionaries(within, st.integers(-900, 900).filter(bool), max_size=12))
    return first, last, moved, draw(st.lists(st.tuples(within, st.integers(-900, 900)), max_size=2))


def until(by_day: Mapping[date, Minor], day: date) -> Minor:
    return sum(minor for on, minor in by_day.items() if on <= day)


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(statements(), min_size=1, max_size=4), st.lists(st.sampled_from(DAYS), max_size=2))
def test_sums_are_right_wherever_a_balance_is_stated(
    fresh_engine: FreshEngine,
    files: list[tuple[date, date, dict[date, Minor], list[tuple[date, Minor]]]],
    told: list[date],
) -> None:
    with fresh_engine() as engine:
        book = Book(engine)
        for first, last, moved, interim in files:
            lines = (line(f"{day:%m-%d}", minor) for day, minor in sorted(moved.items()))
            balances = tuple((f"{day:%m-%d}", minor) for day, minor in interim)
            book.take(
                statement(
                    f"{first:%m-%d}", f"{last:%m-%d}", *lines, opening=0, closing=sum(moved.values()), interim=balances
                )
            )
        with writing(engine) as session:
            for day in told:
                give_balance(session, ledgers(as_reader(session))[0], day, 700, by="treasurer", at=NOW)
        with book.reading() as session:
            facts = ledger_facts(session, ledgers(session)[0])
            days = select(col(PaymentRow.booked_on), func.sum(PaymentRow.minor)).group_by(col(PaymentRow.booked_on))
            by_day = {day: int(minor) for day, minor in session.execute(days)}
    stated = {day for each in facts.stated for day in (each.first_day, each.last_day)}
    stated |= {interim.day for each in facts.stated for interim in each.interim} | facts.given.keys()
    assert all(facts.by_day.get(day, 0) == by_day.get(day, 0) for day in stated)
    for day in stated | {Month.of(day).last_day for day in DAYS}:
        assert until(facts.by_day, day) == until(by_day, day)
    assert prove(facts).runs == prove(replace(facts, by_day=by_day)).runs


def test_years_of_days_are_few_sums(book: Book) -> None:
    days = [day for day in DAYS if day.month == 2]
    book.take(statement("02-01", "02-28", *(line(f"{day:%m-%d}", 100) for day in days), opening=0, closing=2_800))
    with book.reading() as session:
        facts = ledger_facts(session, ledgers(session)[0])
    assert sorted(facts.by_day.values()) == [100, 100, 2_600]
