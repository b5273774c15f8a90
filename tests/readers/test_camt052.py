"""Reports of a day that is not over are statements of parts of days, and nothing in them makes a day whole."""

from __future__ import annotations

from datetime import date

import pytest
from tests.readers.camt_sample import HEAD, balance, document, entry

from donations.core.problem import ProblemCode, Refused
from donations.core.statement import Reading
from donations.readers.camt052 import CAMT052
from donations.readers.camt053 import CAMT053
from donations.readers.registry import read

NEXT_DAY = "<BookgDt><Dt>2026-01-06</Dt></BookgDt>"


def report(*reports: str, version: str = "02") -> bytes:
    """Return a file with a `Rpt` for each text."""
    content = document(*reports, version=version).replace(b"camt.053", b"camt.052").replace(b"Stmt>", b"Rpt>")
    return content.replace(b"BkToCstmrRpt", b"BkToCstmrAcctRpt").replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt")


def found(content: bytes) -> Reading:
    assert CAMT052.claims(content)
    assert not CAMT053.claims(content)
    return read(content, today=date(2026, 11, 22))


def codes(content: bytes) -> list[ProblemCode]:
    try:
        return [problem.code for problem in found(content).notices]
    except Refused as refused:
        return [problem.code for problem in refused.problems]


def test_each_day_is_a_statement_without_balances_that_does_not_reach_its_end() -> None:
    made = "<CreDtTm>2026-02-01T06:00:00</CreDtTm>"
    balances = balance("OPBD", "5.00", day="2026-01-01") + balance("CLBD", "900.00")
    content = report(
        made + HEAD + balances + entry(dates=NEXT_DAY) + entry() + entry(dates=NEXT_DAY, way="DBIT", amount="4.00")
    )
    assert [
        (each.first_day.day, each.last_day.day, [line.money.signed_minor for line in each.lines], each.balances)
        for each in found(content).statements
    ] == [(5, 5, [1000], ()), (6, 6, [1000, -400], ())]
    for each in found(content).statements:
        said = each.provenance
        assert (said.begins_at, said.ends_at, said.made_at) == (None, None, None)
    assert codes(content) == [ProblemCode.INTRADAY_REPORT]


def test_a_time_inside_the_day_stays() -> None:
    period = "<FrToDt><FrDtTm>2026-01-05T08:00:00</FrDtTm><ToDtTm>2026-01-05T12:30:00</ToDtTm></FrToDt>"
    account = HEAD[HEAD.index("<Acct>") :]
    (each,) = found(report("<CreDtTm>2026-01-05T12:31:00</CreDtTm>" + period + account + entry())).statements
    said = each.provenance
    assert [f"{moment:%H:%M}" for moment in (said.begins_at, said.ends_at, said.made_at) if moment] == [
        "08:00",
        "12:30",
        "12:31",
    ]


def test_pending_entries_are_told_and_left_out() -> None:
    (each,) = found(report(HEAD + entry() + entry(status="PDNG"))).statements
    assert len(each.lines) == 1
    assert codes(report(HEAD + entry() + entry(status="PDNG"))) == [
        ProblemCode.PENDING_SKIPPED,
        ProblemCode.INTRADAY_REPORT,
    ]


def test_announced_totals_of_one_day_are_compared() -> None:
    totals = "<TxsSummry><TtlCdtNtries><NbOfNtries>2</NbOfNtries></TtlCdtNtries></TxsSummry>"
    assert ProblemCode.COUNT_MISMATCH in codes(report(HEAD + totals + entry()))
    assert codes(report(HEAD + totals + entry() + entry(dates=NEXT_DAY))) == [ProblemCode.INTRADAY_REPORT]


def test_several_reports_are_read_in_every_version() -> None:
    other = HEAD.replace("EE947700771001112226", "EE782200221020001114")
    read_both = found(report(HEAD + entry(), other + entry(dates=NEXT_DAY), version="08"))
    assert [len(each.lines) for each in read_both.statements] == [1, 1]
    assert len({each.account for each in read_both.statements}) == 2


@pytest.mark.parametrize("head", ["", HEAD.replace("Acct", "Other")])
def test_a_report_that_cannot_be_read_is_refused(head: str) -> None:
    assert ProblemCode.MISSING_FIELD in codes(report(head + entry()))
