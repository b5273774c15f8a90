"""Same filter, one number: dashboard, reports, files and the API's values agree to the cent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, Book, gift, statement
from tests.conftest import FreshEngine
from tests.documents.papers import sheet_of

from donations.core.money import EUR
from donations.core.statement import StatementLine
from donations.documents.workbook import workbook
from donations.reports.catalogue import REPORTS
from donations.reports.period import Period
from donations.reports.table import Table
from donations.store.giving.gift_sums import Scope, sums
from donations.store.session import ReadSession
from donations.web.api.reports import report_of

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


@settings(max_examples=10)
@given(_GIFTS, _PERIODS)
def test_all_say_the_same(fresh_sqlite: FreshEngine, gifts: list[StatementLine], period: Period) -> None:
    with fresh_sqlite() as engine:
        book = Book(engine)
        book.take(statement("01-01", "03-31", *sorted(gifts, key=lambda each: each.booked_on), opening=0))
        with book.reading() as session:
            said = dict(_said(session, period))
    wanted = sum(each.money.signed_minor for each in gifts if each.booked_on in period)
    assert said == dict.fromkeys(said, wanted)


def _said(session: ReadSession, period: Period) -> Iterator[tuple[str, int]]:
    scope = Scope(first_day=period.first_day, last_day=period.last_day)
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
    return sum(row[key]["minor"] for row in report_of(table).model_dump(mode="json")["rows"])
