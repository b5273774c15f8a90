"""Reports of payment providers: whole gifts, fees apart, balances behind the days, and nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest

from donations.core.iban import UnverifiedAccount
from donations.core.money import EUR, Balance, decimal_text
from donations.core.problem import ProblemCode, Refused
from donations.core.statement import LineKind, Reading, Statement
from donations.readers.registry import read
from donations.readers.report_values import ReportAmounts, ReportDays

TODAY = date(2026, 11, 22)
ACTIVITY = "Date,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Balance"
STATEMENT = "Date,Time,Time Zone,Description,Currency,Gross,Fee,Net,Balance,Transaction ID,From Email Address,Name"
BALANCES = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Description,Transfer"
OLDER = (
    "id,Type,Source,Amount,Fee,Destination Platform Fee,Destination Platform Fee Currency,Net,Currency,Created (UTC),"
    "Available On (UTC),Description,Customer Facing Amount,Customer Facing Currency,Transfer,Transfer Date (UTC),"
    "Transfer Group"
)


def reading(heading: str, *rows: str) -> Reading:
    return read("\n".join([heading, *rows]).encode(), today=TODAY)


def only(heading: str, *rows: str) -> Statement:
    (found,) = reading(heading, *rows).statements
    return found


def lines(statement: Statement) -> list[tuple[str, str, str, bool]]:
    return [
        (str(each.booked_on), decimal_text(each.money.signed_minor, EUR), each.kind.value, each.is_reversal)
        for each in statement.lines
    ]


def refusal(heading: str, *rows: str) -> set[ProblemCode]:
    with pytest.raises(Refused) as refused:
        reading(heading, *rows)
    return {each.code for each in refused.value.problems}


def paypal(day: str, kind: str, gross: str, fee: str, net: str, balance: str, *, number: str = "") -> str:
    cells = (day, "Mari Mets", kind, "Completed", "EUR", gross, fee, net, "Mari@Example.com", "own@example.org")
    return ",".join(f'"{each}"' for each in (*cells, number or f"T{balance}{gross}", balance))


def stripe(kind: str, amount: str, fee: str, net: str, *, day: str = "2026-04-08 08:12", number: str = "txn_1") -> str:
    return f"{number},{kind},src_1,{amount},{fee},{net},eur,{day},Annetus,"


def test_a_gift_is_whole_and_its_fee_a_line_of_its_own() -> None:
    found = only(ACTIVITY, paypal("13/04/2026", "Donation Payment", "20.00", "-1.03", "18.97", "18.97"))
    assert lines(found) == [("2026-04-13", "20.00", "transfer", False), ("2026-04-13", "-1.03", "fee", False)]
    gift, fee = found.lines
    assert gift.counterparty.account == UnverifiedAccount("mari@example.com")
    assert (fee.counterparty.name, fee.counterparty.account) == ("PayPal", None)
    assert {each.value for each in gift.ids}.isdisjoint(each.value for each in fee.ids)


@pytest.mark.parametrize(
    ("kind", "expected", "is_reversal"),
    [
        ("Donation Payment", LineKind.TRANSFER, False),
        ("Payment Refund", LineKind.TRANSFER, True),
        ("Chargeback", LineKind.TRANSFER, True),
        ("Chargeback Fee", LineKind.FEE, False),
        ("General Withdrawal", LineKind.PAYOUT, False),
        ("User Initiated Withdrawal", LineKind.PAYOUT, False),
    ],
)
def test_paypals_kinds(kind: str, expected: LineKind, is_reversal: bool) -> None:
    (found,) = only(ACTIVITY, paypal("13/04/2026", kind, "-20.00", "0.00", "-20.00", "0.00")).lines
    assert (found.kind, found.is_reversal) == (expected, is_reversal)


@pytest.mark.parametrize(
    ("kind", "expected", "is_reversal"),
    [
        ("charge", LineKind.TRANSFER, False),
        ("payment", LineKind.TRANSFER, False),
        ("refund", LineKind.TRANSFER, True),
        ("adjustment", LineKind.TRANSFER, True),
        ("stripe_fee", LineKind.FEE, False),
        ("payout", LineKind.PAYOUT, False),
        ("payout_failure", LineKind.PAYOUT, False),
        ("reserve_transaction", LineKind.TRANSFER, False),
    ],
)
def test_stripes_kinds(kind: str, expected: LineKind, is_reversal: bool) -> None:
    (found,) = only(BALANCES, stripe(kind, "-20.00", "0.00", "-20.00")).lines
    assert (found.kind, found.is_reversal) == (expected, is_reversal)


def test_a_chargeback_takes_the_gift_and_a_fee() -> None:
    found = only(BALANCES, stripe("adjustment", "-20.00", "15.00", "-35.00"))
    assert lines(found) == [("2026-04-08", "-20.00", "transfer", True), ("2026-04-08", "-15.00", "fee", False)]


def test_a_fee_that_comes_back_is_money_in() -> None:
    found = only(BALANCES, stripe("refund", "-249.00", "-7.52", "-241.48"))
    assert lines(found)[1] == ("2026-04-08", "7.52", "fee", False)


def test_older_columns_and_the_statement_are_read_too() -> None:
    row = 'txn_1,charge,ch_1,"1,030.00",1.17,,,"1,028.83",eur,2026-04-23 21:56,2026-04-30 00:00,Annetus,30.00,eur,,,'
    assert lines(only(OLDER, row))[0] == ("2026-04-23", "1030.00", "transfer", False)
    row = '13.04.2026,10:00:00,Europe/Tallinn,Donation Payment,EUR,"1.030,00","-1,17","1.028,83","1.028,83",T1,m@x.ee,M'
    assert lines(only(STATEMENT, row))[0] == ("2026-04-13", "1030.00", "transfer", False)


def test_the_balance_behind_each_day_is_stated_and_none_closes_the_file() -> None:
    found = only(
        ACTIVITY,
        paypal("13/04/2026", "Donation Payment", "20.00", "-1.00", "19.00", "119.00"),
        paypal("13/04/2026", "Donation Payment", "10.00", "-1.00", "9.00", "128.00"),
        paypal("15/04/2026", "General Withdrawal", "-128.00", "0.00", "-128.00", "0.00"),
    )
    assert [(str(each.on), each.balance) for each in found.balances] == [
        ("2026-04-12", Balance(10_000, EUR)),
        ("2026-04-13", Balance(12_800, EUR)),
        ("2026-04-15", Balance(0, EUR)),
    ]
    assert (found.opening, found.closing) == (None, None)


def test_the_newest_first_is_read_the_same_but_for_what_was_before() -> None:
    rows = (
        paypal("13/04/2026", "Donation Payment", "20.00", "-1.00", "19.00", "19.00"),
        paypal("13/04/2026", "Donation Payment", "10.00", "-1.00", "9.00", "28.00"),
        paypal("15/04/2026", "General Withdrawal", "-28.00", "0.00", "-28.00", "0.00"),
    )
    _, *older_first = only(ACTIVITY, *rows).balances
    newest_first = only(ACTIVITY, *reversed(rows)).balances
    assert [(each.on, each.balance) for each in older_first] == [(each.on, each.balance) for each in newest_first]


def test_a_row_that_is_missing_is_refused_by_the_balances() -> None:
    rows = [
        paypal("13/04/2026", "Donation Payment", "20.00", "-1.00", "19.00", "19.00"),
        paypal("14/04/2026", "Donation Payment", "10.00", "-1.00", "9.00", "28.00"),
        paypal("15/04/2026", "General Withdrawal", "-28.00", "0.00", "-28.00", "0.00"),
    ]
    reading(ACTIVITY, *rows)
    assert refusal(ACTIVITY, rows[0], rows[2]) == {ProblemCode.RUNNING_BALANCE_MISMATCH}


def test_what_is_pending_waits_and_what_was_denied_never_moved() -> None:
    row = paypal("13/04/2026", "Donation Payment", "20.00", "-1.00", "19.00", "19.00")
    found = reading(
        ACTIVITY, row, row.replace("Completed", "Pending"), row.replace("Completed", "Denied").replace("T19", "T20")
    )
    assert len(found.statements[0].lines) == 2
    assert [each.code for each in found.notices if each.code is ProblemCode.PENDING_SKIPPED]


def test_each_currency_is_a_statement() -> None:
    row = paypal("13/04/2026", "Donation Payment", "20.00", "-1.00", "19.00", "19.00")
    found = reading(ACTIVITY, row, row.replace("EUR", "USD"))
    assert [(each.currency, each.account) for each in found.statements] == [
        ("EUR", UnverifiedAccount("PAYPAL")),
        ("USD", UnverifiedAccount("PAYPAL")),
    ]


def test_one_wrong_row_refuses_the_report() -> None:
    good = stripe("charge", "20.00", "0.55", "19.45")
    assert refusal(BALANCES, good, stripe("charge", "20.00", "0.55", "19.54", number="txn_2")) == {
        ProblemCode.NET_MISMATCH
    }
    assert refusal(BALANCES, good, stripe("charge", "", "0.55", "19.54", number="txn_2")) == {ProblemCode.BAD_AMOUNT}
    assert refusal(BALANCES, good, stripe("charge", "1", "0.00", "1", day="2026-13-01")) == {ProblemCode.BAD_DATE}


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1,234.56", 123_456), ("1.234,56", 123_456), ("1 234,56", 123_456), ("-0.05", -5), ("20", 2_000), ("", 0)],
)
def test_amounts(text: str, minor: int) -> None:
    assert ReportAmounts().read(text, currency=EUR, line=1) == minor


@pytest.mark.parametrize("text", ["1,234", "1.234", "1,23,456.00", "12.3", "1.234.56", "1,234,56", "NaN", "1e3", "--1"])
def test_amounts_that_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        ReportAmounts().read(text, currency=EUR, line=1)


def test_one_day_behind_the_twelfth_decides_on_all() -> None:
    american = ReportDays.of(["03/04/2026", "03/13/2026"])
    assert american.read("03/04/2026", line=1) == date(2026, 3, 4)
    european = ReportDays.of(["03/04/2026", "13/04/2026"])
    assert european.read("03/04/2026", line=1) == date(2026, 4, 3)
    assert ReportDays.of(["04/04/2026"]).read("04/04/2026", line=1) == date(2026, 4, 4)
    with pytest.raises(Refused):
        ReportDays.of(["03/04/2026", "13/04/2026", "04/13/2026"]).read("04/13/2026", line=3)
