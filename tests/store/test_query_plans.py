"""Hot queries find their rows by an index: none of them walks all payments, allocations, attestations or lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from tests.book import JAAN, MARI, Book, gift, line, statement
from tests.conftest import FreshEngine

from donations.core.donor import DonorId
from donations.core.giving_code import GivingCode
from donations.core.iban import ValidIban
from donations.core.money import EUR
from donations.core.payment import PaymentId, Purpose
from donations.store import listing, papers, public, public_sums, spending
from donations.store.donors import donor_search, names, subject_access
from donations.store.given import GiftScope
from donations.store.giving import donor_giving, gift_sums, givers, regular_gifts
from donations.store.payments import directory, listed, movements, payers, payments, shown
from donations.store.payments.allocations import allocations_of
from donations.store.session import ReadSession, reading
from donations.store.statements import brought
from donations.store.statements.files import Ledger

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
MONTH = GiftScope(first_day=FIRST, last_day=LAST)
BEFORE = date(2025, 1, 1)
DONORS = [DonorId(2), DonorId(3)]
PAYMENTS = [PaymentId(1), PaymentId(2)]
ACCOUNTS = {"EE471000001020145685", "EE382200221020145685"}
LEDGER = Ledger(account_id=1, currency=EUR)
LARGE = ("payment", "allocation", "attestation", "statement_line", "wording", "payer")
GIVEN = ("entry", "part", "given", "gift")

HOT: dict[str, Callable[[ReadSession], object]] = {
    # By the days on which payments were booked.
    "sums": lambda session: gift_sums.sums(session, MONTH),
    "month sums": lambda session: gift_sums.month_sums(session, MONTH),
    "givers": lambda session: gift_sums.givers(session, MONTH),
    "bands": lambda session: gift_sums.givers_by_band(session, MONTH, EUR, [0, 1_000]),
    "appeals": lambda session: gift_sums.appeal_sums(session, MONTH),
    "appeals by month": lambda session: list(gift_sums.appeal_months(session, MONTH)),
    "gift lines": lambda session: gift_sums.gift_lines(
        session, gift_sums.GiftFilter(scope=MONTH, currency=EUR), start=0, size=10
    ),
    "gift rows": lambda session: list(gift_sums.gift_rows(session, first_day=FIRST, last_day=LAST, after=1, limit=10)),
    "donor sums": lambda session: givers.donor_sums(session, MONTH),
    "year sums": lambda session: givers.year_sums(session, MONTH),
    "largest givers": lambda session: givers.largest_givers(session, MONTH, EUR, start=0, size=10),
    "donor months": lambda session: givers.donor_months(session, MONTH, EUR, DONORS),
    "arrivals": lambda session: givers.arrivals(session, MONTH, last_day_before=BEFORE),
    "large gifts": lambda session: givers.large_gifts(session, MONTH, {EUR: 1}),
    "other accounts": lambda session: givers.from_other_accounts(session, MONTH),
    "bad codes": lambda session: papers.donors_with_bad_codes(session, first_day=FIRST, last_day=LAST),
    "blocks": lambda session: public_sums.given_by_month(session, first_day=FIRST, last_day=LAST),
    "day sums": lambda session: movements.day_sums(session, first_day=FIRST, last_day=LAST),
    "purpose sums": lambda session: movements.purpose_sums(session, first_day=FIRST, last_day=LAST),
    "open payments": lambda session: movements.open_payments(session, first_day=FIRST, last_day=LAST),
    "journal": lambda session: movements.journal_parts(session, first_day=FIRST, last_day=LAST),
    "costs": lambda session: spending.costs(session, first_day=FIRST, last_day=LAST),
    "a page of payments": lambda session: listed.page_of_payments(
        session, listed.Choice(shown=listed.ListedKind.GIFT), size=10, behind=listed.Place(LAST, PAYMENTS[0])
    ),
    "payments of days": lambda session: payments.known_payments(session, LEDGER, [FIRST, LAST]),
    "found by account": lambda session: public.received_from(
        session, iban=ValidIban("EE382200221020145685"), minor=1_000, day=FIRST
    ),
    "found by code": lambda session: public.received_with_code(session, GivingCode("K7QM3TZP")),
    # By donors.
    "months of a donor": lambda session: donor_giving.month_sums_of(session, DONORS[0]),
    "gifts of a donor": lambda session: donor_giving.gifts_of_donor(session, DONORS[0], start=0, size=10),
    "gifts counted": lambda session: donor_giving.count_gifts_of_donor(session, DONORS[0]),
    "payers of a donor": lambda session: donor_giving.payers_of(session, DONORS[0]),
    "others paying": lambda session: donor_giving.others_paying_from(session, sorted(ACCOUNTS), DONORS[0]),
    "parts": lambda session: donor_giving.parts_of(session, DONORS),
    "regular gifts": lambda session: list(regular_gifts.gifts_of(session, [*DONORS])),
    "search sums": lambda session: donor_search.sums_of(session, DONORS, year=2026),
    "names written": lambda session: names.names_written(session, DONORS),
    "last appeals": lambda session: directory.givers_directory(
        session, [], directory.directory_around(session, payments.load_payments(session, PAYMENTS))
    ),
    "a donor's lines": lambda session: subject_access.identity_of(session, DONORS[0]),
    "a donor's gifts listed": lambda session: listing.gifts(
        session, listing.PaymentFilter(donor_id=DONORS[0]), after=0, limit=10
    ),
    "without gifts": lambda session: brought.without_gifts(session, DONORS),
    # By payments and what their lines say.
    "payments": lambda session: payments.load_payments(session, PAYMENTS),
    "allocations": lambda session: allocations_of(session, PAYMENTS),
    "attesting lines": lambda session: shown.attesting_lines(session, PAYMENTS[0]),
    "recognised": lambda session: shown.recognised(session, PAYMENTS),
    "payments listed": lambda session: listing.payment_ids(
        session, listing.PaymentFilter(purpose=Purpose.REFUND, donor_id=DONORS[0]), after=0, limit=10
    ),
    "payments sharing": lambda session: payments.payments_sharing(session, accounts=ACCOUNTS, codes=(), without=()),
    "payers": lambda session: payers.payers_from(session, accounts=ACCOUNTS, own_codes=frozenset()),
    "money out": lambda session: payers.money_out_to_any(session, accounts=ACCOUNTS),
    "gifts from accounts": lambda session: directory.gifts_directory(
        session,
        payments.load_payments(session, PAYMENTS),
        directory.directory_around(session, payments.load_payments(session, PAYMENTS)),
    ),
}


@pytest.fixture(scope="module")
def engine(fresh_engine: FreshEngine) -> Iterator[Engine]:
    """Two donors who gave and one who got something back; how many rows there are decides nothing here."""
    with fresh_engine() as opened:
        book = Book(opened)
        book.take(
            statement(
                *("01-01", "01-31"),
                *(gift("01-05", 1_000, "Mari Mets", MARI), gift("01-06", 2_000, "Jaan Tamm", JAAN)),
                line("01-20", -2_000, "Jaan Tamm", JAAN, "Annetuse tagastamine"),
                opening=0,
            )
        )
        yield opened


@contextmanager
def asked(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Collect what the database is asked, with its values."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, said: str, values: Any, *_: Any) -> None:
        found.append((said, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def walks(engine: Engine, plan: str) -> list[str]:
    """Return the steps of a plan that look at every row of a large table, or make a table of all that was given."""
    if engine.dialect.name == "sqlite":
        large = rf"({'|'.join(LARGE)})(_\d+)?\b"  # an index made for one query is a walk too
        of_all = rf"SCAN {large}|SEARCH {large} USING AUTOMATIC|(MATERIALIZE|CO-ROUTINE) ({'|'.join(GIVEN)})\b"
    else:
        of_all = rf"Seq Scan on ({'|'.join(LARGE)})\b"
    return [step.strip() for step in plan.splitlines() if re.search(of_all, step)]


@pytest.mark.parametrize("name", HOT)
def test_no_hot_query_walks_a_large_table(engine: Engine, name: str) -> None:
    with asked(engine) as found, reading(engine) as session:
        HOT[name](session)
        queries = [(said, values) for said, values in found if said.lstrip().upper().startswith(("SELECT", "WITH"))]
        assert queries
        if engine.dialect.name == "postgresql":  # small tables are walked anyway, unless that is not allowed
            session.execute(text("SET LOCAL enable_seqscan = off"))
        for said, values in queries:
            plan = _plan(session, said, values)
            assert not walks(engine, plan), f"{said}\n\n{plan}"


@pytest.mark.parametrize("name", ["payers of a donor", "others paying", "names written", "gifts of a donor"])
def test_postgres_orders_all_joins_of_a_donors_page(fresh_postgres: FreshEngine, name: str) -> None:
    with fresh_postgres() as opened, asked(opened) as found, reading(opened) as session:
        HOT[name](session)
        joined = max(said.count(" JOIN ") + 1 for said, _ in found)
        ordered = session.execute(text("SHOW join_collapse_limit")).scalar_one()
        assert joined <= int(ordered), "what is over it is joined as it is written: all gifts first"


def _plan(session: ReadSession, query: str, values: Any) -> str:
    connection = session.connection()
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + query, values))


@pytest.mark.parametrize("query", ["SELECT * FROM payment WHERE minor = 1", "SELECT * FROM allocation WHERE minor = 1"])
def test_a_walk_is_noticed(engine: Engine, query: str) -> None:
    with reading(engine) as session:
        plan = _plan(session, query, ())
    assert walks(engine, plan)
