"""Same filter, one number: dashboard, reports, files and the API's values agree to the cent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, Book, gift, statement
from tests.conftest import FreshEngine
from tests.documents.papers import sheet_of
from tests.examples import examples

from donations.acts.certificate import counted_parts_of_year, giving_of_year
from donations.acts.issuing import year_of_certificates
from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.money import EUR
from donations.core.payment import Purpose
from donations.core.statement import StatementLine
from donations.documents.workbook import workbook
from donations.reports.catalogue import REPORTS
from donations.reports.inf4 import inf4
from donations.reports.table import Table
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import sums
from donations.store.payments.payments import load_payments
from donations.store.reporting import attested, donor_names
from donations.store.session import ReadSession

_GIFTS = st.lists(
    st.builds(
        gift,
        st.dates(date(2026, 1, 1), date(2026, 3, 31)).map("{:%m-%d}".format),
        st.integers(1, 99_999),
        st.sampled_from(["Mari Mets", "Jaan Tamm"]),
        st.sampled_from([MARI, JAAN]),
    ),
    max_size=12,
)
_PERIODS = st.one_of(
    st.just(Period()),
    st.sampled_from([1, 2, 3]).map(lambda number: Period.of(year=2026, month=number)),
)
_SUMS = {"gifts": "minor", "donors": "total", "donor-years": "total", "appeals": "total", "months": "gifts"}
"""The reports that say what was given, each with its column."""


@settings(max_examples=examples(10))
@given(_GIFTS, _PERIODS)
def test_all_say_the_same(fresh_sqlite: FreshEngine, gifts: list[StatementLine], period: Period) -> None:
    with fresh_sqlite() as engine:
        book = Book(engine)
        book.take(statement("01-01", "03-31", *sorted(gifts, key=lambda each: each.booked_on), opening=0))
        with book.reading() as session:
            said = dict(_said(session, period))
    wanted = sum(each.money.signed_minor for each in gifts if each.booked_on in period)
    assert said == dict.fromkeys(said, wanted)


_YEARS = st.dates(date(2024, 11, 1), date(2026, 2, 28))
_MOVED = st.lists(
    st.builds(
        lambda day, minor, name: replace(
            gift("01-01", minor, name, {"Mari Mets": MARI}.get(name, JAAN)), booked_on=day
        ),
        _YEARS,
        st.one_of(st.integers(1, 2_000), st.sampled_from([500, -500, 1_000, -1_000]), st.integers(-1_500, -1)),
        st.sampled_from(["Mari Mets", "Jaan Tamm"]),
    ),
    max_size=10,
)


@settings(max_examples=examples(20))
@given(_MOVED, st.sampled_from(["giver", "nobody"]))
def test_papers_and_reports_differ_by_what_is_told(
    fresh_sqlite: FreshEngine, moved: list[StatementLine], to: str
) -> None:
    """Reports count a refund on its day, papers on the gift's: the bridge between them holds to the cent."""
    with fresh_sqlite() as engine:
        book = Book(engine)
        lines = tuple(sorted(moved, key=lambda each: each.booked_on))
        whole = statement("01-01", "02-28", opening=1_000_000)
        book.take(replace(whole, first_day=date(2024, 11, 1), lines=lines, closing=None))
        _pay_back(book, to_giver=to == "giver")
        with book.reading() as session:
            papers = {year: inf4(session, year) for year in (2024, 2025, 2026)}
            given_in = {year: giving_of_year(session, year) for year in papers}
            ready = {year: year_of_certificates(session, year, today=date(2027, 1, 1)) for year in papers}
            by_year = REPORTS["donor-years"].make(session, Period(), date(2026, 3, 1)).rows
            named = {each.donor for year in given_in.values() for each in year.given if each.donor is not None}
            parts = {year: counted_parts_of_year(session, year, named) for year in papers}
    for year, paper in papers.items():
        net = [row[6] for row in by_year if row[2] == str(year)]
        assert paper.booked == sum(each for each in net if isinstance(each, int))
        sums_of_all = [each.sums for each in ready[year].ready] + [each.sums for each in ready[year].cannot]
        certified = [minor for sums_of_one in sums_of_all for _, minor in sums_of_one]
        assert paper.total == sum(certified) + paper.without_donor
        assert {each.donor: each.minor for each in given_in[year].given if each.donor is not None} == {
            donor: sum(part.minor for part in found) for donor, found in parts[year].items()
        }
        assert all(each.minor > 0 for each in paper.lines)
    assert sum(each.returned_later for each in papers.values()) == sum(
        each.returned_of_before for each in papers.values()
    )


def _pay_back(book: Book, *, to_giver: bool) -> None:
    """Book what went out as refunds."""
    with book.reading() as session:
        out = {row.id: row.minor for row in attested(session) if row.minor < 0}
        payments = load_payments(session, list(out))
        named = {name: donor for donor, name in donor_names(session).items()}
    for payment in payments:
        donor = named.get(payment.counterparty.name) if to_giver else None
        if donor is None:
            book.refund_to_nobody(payment.id)
        else:
            book.answer(payment.id, Answer(purpose=Purpose.REFUND, donor=donor, reason="paid back"))


def _said(session: ReadSession, period: Period) -> Iterator[tuple[str, int]]:
    scope = GiftScope(first_day=period.first_day, last_day=period.last_day)
    yield "dashboard", sum(each.minor for each in sums(session, scope) if each.currency == EUR)
    for name, key in _SUMS.items():
        table = REPORTS[name].make(session, period, date(2026, 4, 1))
        at = [column.key for column in table.columns].index(key)
        rows = [row[at] for row in table.rows]
        yield f"{name}, page", sum(each for each in rows if isinstance(each, int))
        yield f"{name}, CSV", _of_csv(table, at)
        yield f"{name}, XLSX", _of_workbook(table, at)
        yield f"{name}, API", _of_api(table, key)
        if table.totals:
            yield f"{name}, total", sum(each for row in table.totals if isinstance(each := row[at], int))


def _of_csv(table: Table, at: int) -> int:
    lines = list(csv.reader(io.StringIO(table.to_csv().decode("utf-8-sig"))))[1 : 1 + len(table.rows)]
    return int(sum(Decimal(line[at]) for line in lines) * 100)


def _of_workbook(table: Table, at: int) -> int:
    sheet = sheet_of(workbook(table, notes_name="Notes"))
    cells = [row[at].value for row in sheet.iter_rows(min_row=2, max_row=1 + len(table.rows))] if table.rows else []
    return int(sum(Decimal(str(each)) for each in cells) * 100)


def _of_api(table: Table, key: str) -> int:
    return sum(row[key]["minor"] for row in table.document()["rows"])
