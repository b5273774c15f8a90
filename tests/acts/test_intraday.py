"""Reports of a day that is not over (camt.052): what is booked counts once, what is pending never."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import permutations

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select
from tests.conftest import FreshEngine
from tests.examples import in_assurance
from tests.readers.camt_sample import HEAD, OWN, PAYER, balance, details, document, entry, party

from donations.acts.importing import FileResult, take
from donations.acts.reading_files import Terms
from donations.core.money import parse_currency
from donations.core.problem import ProblemCode
from donations.core.statement import GivenFile
from donations.identity.proof import DayState
from donations.reports.checking import check
from donations.store.session import reading
from donations.store.statements.coverage import ledger_proof
from donations.store.statements.files import Ledger
from donations.store.tables import PaymentRow

TERMS = Terms(by="treasurer", now=datetime(2026, 11, 22, tzinfo=UTC), add_accounts=True)
ACCOUNT = f"<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"


def payment(number: int, *, status: str = "BOOK", amount: str = "10.00") -> str:
    """Return one of the gifts of 5 January, which differ in their number only; it has one when it is booked."""
    reference = f"<AcctSvcrRef>2026010500{number:06}</AcctSvcrRef>" if status == "BOOK" else ""
    return entry(reference + details(party("Dbtr", "Mari Mets", PAYER)), status=status, amount=amount)


def report(*entries: str, since: str = "00:00", until: str) -> bytes:
    """Return a report of 5 January."""
    period = f"<FrToDt><FrDtTm>2026-01-05T{since}:00</FrDtTm><ToDtTm>2026-01-05T{until}:00</ToDtTm></FrToDt>"
    made = f"<CreDtTm>2026-01-05T{until}:00</CreDtTm>"
    whole = document(f"{made}{period}{ACCOUNT}{''.join(entries)}")
    return (
        whole.replace(b"camt.053", b"camt.052")
        .replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt")
        .replace(b"Stmt>", b"Rpt>")
    )


MORNING = report(payment(1), payment(2, status="PDNG"), until="11:00")
DAY = report(payment(1), payment(2), payment(3, status="PDNG"), until="16:00")
EVENING = report(payment(3), since="16:00", until="19:00")
MONTH = document(
    f"<CreDtTm>2026-02-01T06:00:00</CreDtTm>{HEAD}{balance('OPBD', '5.00', day='2026-01-01')}"
    f"{balance('CLBD', '35.00')}{payment(1)}{payment(2)}{payment(3)}"
)

ORDERS = [*permutations((MORNING, DAY, EVENING, MONTH))]


def imported(engine: Engine, *contents: bytes) -> list[FileResult]:
    return [take(engine, GivenFile(name="a.xml", content=content), TERMS) for content in contents]


def codes(result: FileResult) -> list[ProblemCode]:
    return [problem.code for problem in result.problems]


def books(engine: Engine) -> tuple[list[int], set[DayState]]:
    """Return what the payments moved, and the states of their day; the books hold."""
    with reading(engine) as session:
        assert not check(session).broken
        runs = ledger_proof(session, Ledger(account_id=1, currency=parse_currency("EUR"))).runs
        on_day = {run.state for run in runs if f"{run.first_day}" <= "2026-01-05" <= f"{run.last_day}"}
        return list(session.scalars(select(PaymentRow.minor).order_by(col(PaymentRow.id)))), on_day


def test_what_is_booked_counts_and_the_day_is_not_proven(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        (result,) = imported(engine, DAY)
        assert (result.format, [(each.new, each.opening) for each in result.statements]) == ("camt.052", [(2, None)])
        assert codes(result) == [ProblemCode.PENDING_SKIPPED, ProblemCode.INTRADAY_REPORT]
        assert books(engine) == ([1000, 1000], {DayState.NOT_OVER})


@pytest.mark.parametrize("order", [*ORDERS[::5], *in_assurance(*ORDERS)])
@pytest.mark.parametrize("has_numbers", [True, False])
def test_reports_and_the_statement_in_any_order_are_one_ledger(
    order: tuple[bytes, ...], fresh_sqlite: FreshEngine, *, has_numbers: bool
) -> None:
    if not has_numbers:
        order = tuple(re.sub(rb"<AcctSvcrRef>.*?</AcctSvcrRef>", b"", content) for content in order)
    with fresh_sqlite() as engine:
        results = imported(engine, *order)
        assert books(engine) == ([1000, 1000, 1000], {DayState.PROVEN})
        assert {ProblemCode.ORPHANS, ProblemCode.OVERLAP_CONFLICT}.isdisjoint(
            code for each in results for code in codes(each)
        )


def test_a_report_that_was_made_later_proves_no_day_either(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        content = DAY.replace(b"2026-01-05T16:00:00", b"2026-01-06T00:00:00")
        imported(engine, content)
        assert books(engine) == ([1000, 1000], {DayState.NOT_OVER})


def test_a_report_of_pending_entries_brings_nothing(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        (result,) = imported(engine, report(payment(1, status="PDNG"), until="11:00"))
        assert ProblemCode.PENDING_SKIPPED in codes(result)
        assert books(engine) == ([], {DayState.NOT_OVER})


def test_a_payment_that_the_statement_does_not_show_is_told(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        *_, result = imported(engine, report(payment(1), payment(9, amount="7.00"), until="11:00"), MONTH)
        assert ProblemCode.ORPHANS in codes(result)
