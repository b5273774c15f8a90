"""What a treasurer gets from OFX files: statements, periods, balances and lines, as a person would read them."""

from __future__ import annotations

import contextlib
import io
import signal
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ofxparse import OfxParser  # noqa: TID251 - the oracle
from tests.readers.ofx_sample import (
    OWN,
    PAYER,
    balance,
    codes,
    facts,
    gift,
    line,
    lines,
    ofx,
    open_line,
    problems,
    statement,
)

from donations.core.iban import UnverifiedAccount
from donations.core.problem import ProblemCode, Refused
from donations.core.statement import LineKind, Reading, StatedBalance, StatementStart
from donations.readers.finalise import finalise
from donations.readers.ofx import OFX
from donations.readers.ofx_fields import day

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path for path in [*CORPUS.glob("ofx/*/*"), *CORPUS.glob("hostile/ofx/*")] if path.is_file())

WHOLE = ofx(statement(line(), open_line(FITID="F2", NAME="Õnne"), line(FITID="F3", PAYEE="<NAME>x</NAME>", NAME=None)))


def read(content: bytes) -> Reading:
    return finalise(
        OFX.facts(content), format_name=OFX.name, today=date(2026, 12, 31), lines_max=1_000, accept_imbalance=False
    )


def starts(content: bytes) -> Iterator[StatementStart]:
    return (fact for fact in facts(content) if isinstance(fact, StatementStart))


def test_a_gift_is_read_field_by_field() -> None:
    (entry,) = lines(gift(BANKACCTTO=f"<ACCTID>{PAYER}</ACCTID>", CHECKNUM="77"))
    assert (entry.row, entry.booked_on) == (13, date(2026, 1, 14))
    assert (entry.money.signed_minor, entry.money.amount.currency) == (1_000, "EUR")
    assert (entry.counterparty.name, entry.counterparty.account) == ("Mari Maasikas", PAYER)
    assert (entry.text, entry.kind, entry.reference) == ("Annetus", LineKind.TRANSFER, None)


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (f"<BANKACCTFROM><BANKID>X</BANKID><ACCTID>{OWN}</ACCTID></BANKACCTFROM>", OWN),
        (f"<BANKACCTFROM><ACCTID>{OWN[:4]} {OWN[4:].lower()}</ACCTID></BANKACCTFROM>", OWN),
        ("<BANKACCTFROM><BANKID>123</BANKID><ACCTID>45 6</ACCTID></BANKACCTFROM>", UnverifiedAccount("123/456")),
        ("<BANKACCTFROM><ACCTID>456</ACCTID></BANKACCTFROM>", UnverifiedAccount("456")),
        ("<CCACCTFROM><ACCTID>4000</ACCTID></CCACCTFROM>", UnverifiedAccount("4000")),
        ("<BANKACCTFROM><BANKID>123</BANKID><ACCTID></ACCTID></BANKACCTFROM>", None),
        ("", None),
    ],
)
def test_the_account_is_an_iban_or_the_banks_own_number(account: str, expected: object) -> None:
    (start,) = starts(ofx(statement(line(), account=account)))
    assert start.account == expected


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("<DTSTART>20260101</DTSTART><DTEND>20260131</DTEND>", (date(2026, 1, 1), date(2026, 1, 31))),
        (
            "<DTSTART>20260101000000[+2:EET]</DTSTART><DTEND>20260131235959</DTEND>",
            (date(2026, 1, 1), date(2026, 1, 31)),
        ),
        ("<DTSTART>20260114</DTSTART><DTEND>20260114</DTEND>", (date(2026, 1, 14), date(2026, 1, 14))),
        ("<DTSTART>20260115</DTSTART><DTEND>20260131</DTEND>", (None, None)),  # the line is of the day before
        ("<DTSTART>20260101</DTSTART><DTEND>20260113</DTEND>", (None, None)),
        ("<DTSTART>19700101</DTSTART><DTEND>20260131</DTEND>", (None, None)),
        ("<DTSTART>20260131</DTSTART><DTEND>20260101</DTEND>", (None, None)),
        ("<DTSTART></DTSTART><DTEND>20260131</DTEND>", (None, date(2026, 1, 31))),
        ("<DTSTART>20260230</DTSTART>", (None, None)),
        ("", (None, None)),
    ],
)
def test_the_period_is_believed_unless_something_contradicts_it(period: str, expected: tuple[date, date]) -> None:
    (start,) = starts(ofx(statement(line(), period=period)))
    assert (start.first_day, start.last_day) == expected


@pytest.mark.parametrize(
    ("on", "point"),
    [("20260131", "closing"), ("20260201", "interim"), ("20260202", "interim"), ("20260130", "interim")],
)
def test_the_balance_closes_the_statement_only_at_its_end(on: str, point: str) -> None:
    (stated,) = (
        fact for fact in facts(ofx(statement(line(), balances=balance(on=on)))) if isinstance(fact, StatedBalance)
    )
    assert stated.point == point


@pytest.mark.parametrize(
    ("period", "lines_on", "on", "point"),
    [
        ("<DTEND>20260131", "20260114", "20260131", "closing"),
        ("<DTEND>20260131", "20260131", "20260201", "interim"),
        ("<DTEND>20260110", "20260114", "20260114", "closing"),  # the period is contradicted: the last line ends it
        ("<DTEND>20260110", "20260114", "20260115", "interim"),
        ("", "20260114", "20260114", "closing"),
        ("", "20260114", "20260120", "interim"),
    ],
)
def test_a_balance_of_a_later_day_is_that_days_own(period: str, lines_on: str, on: str, point: str) -> None:
    content = ofx(statement(line(DTPOSTED=lines_on), period=period, balances=balance(on=on)))
    (found,) = read(content).statements
    (stated,) = found.balances
    assert (stated.point, stated.on) == (point, day(on))
    assert (found.closing is None) == (point == "interim")
    assert str(found.last_day) <= f"{day(max(lines_on, period[-8:]))}"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("20260131120405[+2:EET]", "2026-01-31T12:04:05+02:00"),
        ("20260131120405", "2026-01-31T12:04:05+00:00"),
        ("20260131", None),
        ("20260131000000", None),
        ("20260131235959[+2:EET]", None),
    ],
)
def test_a_balance_may_be_of_a_moment_inside_its_day(written: str, moment: str | None) -> None:
    (stated,) = (
        fact for fact in facts(ofx(statement(line(), balances=balance(on=written)))) if isinstance(fact, StatedBalance)
    )
    assert stated.on == date(2026, 1, 31)
    assert (stated.at and stated.at.isoformat()) == moment


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("20260131120405[+2:EET]", "2026-01-31T12:04:05+02:00"),
        ("20260201060000", "2026-02-01T06:00:00+00:00"),
        ("20260201", "2026-02-01T00:00:00+00:00"),  # a later day, and so behind the period
        ("20260131", None),
        ("20260131000000", None),
        ("", None),
    ],
)
def test_the_server_says_when_it_made_the_file(written: str, moment: str | None) -> None:
    sign_on = f"<SIGNONMSGSRSV1><SONRS><DTSERVER>{written}</DTSERVER></SONRS></SIGNONMSGSRSV1>"
    (start,) = starts(ofx(statement(line())).replace(b"<BANKMSGSRSV1>", f"{sign_on}<BANKMSGSRSV1>".encode(), 1))
    made = start.provenance.made_at
    assert (made and made.isoformat()) == moment


EUROS, DOLLARS = "<CURRATE>1.0<CURSYM>EUR", "<CURRATE>1.0<CURSYM>USD"


@pytest.mark.parametrize("none", ["<CURDEF></CURDEF>", "<CURDEF>", ""])
def test_a_statement_without_a_currency_has_that_of_all_its_lines(none: str) -> None:
    def content(*currencies: str | None) -> bytes:
        lines_ = (line(FITID=f"F{at}", CURRENCY=currency) for at, currency in enumerate(currencies))
        return ofx(statement(*lines_).replace("<CURDEF>EUR</CURDEF>", none))

    (found,) = read(content(EUROS, EUROS)).statements
    assert (found.currency, str(found.closing), len(found.lines)) == ("EUR", "110.00 EUR", 2)
    damaged = content(EUROS, "<CURSYM>EURO")
    for mixed in (content(EUROS, DOLLARS), content(EUROS, None), content(None), content(), damaged):
        assert codes(mixed) == []
        with pytest.raises(Refused) as refused:
            read(mixed)
        assert [problem.code.value for problem in refused.value.problems] == ["missing_field"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"CORRECTFITID": "F1", "CORRECTACTION": "REPLACE"}, []),
        ({"CORRECTFITID": "F1"}, []),
        ({"CORRECTFITID": "F1", "CORRECTACTION": "DELETE"}, ["correction_unsupported"]),
        ({"CORRECTFITID": "F0", "CORRECTACTION": "REPLACE"}, ["correction_unsupported"]),
        ({"CORRECTACTION": "REPLACE"}, ["correction_unsupported"]),
    ],
)
def test_a_line_that_replaces_itself_is_the_line(fields: dict[str, str], expected: list[str]) -> None:
    assert codes(gift(**fields)) == expected
    assert len(lines(gift(**fields))) == (not expected)


DEPOT = "<INVSTMTTRNRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><INVSTMTRS><CURDEF>EUR</INVSTMTRS></INVSTMTTRNRS>"


def test_a_depot_beside_a_bank_account_is_left_out_and_said_and_alone_it_refuses_the_file() -> None:
    reading = read(ofx(statement(line()), DEPOT))
    assert [len(found.lines) for found in reading.statements] == [1]
    assert ProblemCode.ACCOUNT_SKIPPED in [notice.code for notice in reading.notices]
    with pytest.raises(Refused) as refused:
        read(ofx(DEPOT))
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.UNSUPPORTED_ACCOUNT]


@pytest.mark.parametrize("empty", [balance(""), balance(on=""), balance(on="00000000")])
def test_a_balance_without_amount_or_day_is_told_and_left_out(empty: str) -> None:
    assert codes(ofx(statement(line(), balances=empty))) == ["balance_unreadable"]


def test_a_damaged_balance_refuses_the_file() -> None:
    assert codes(ofx(statement(line(), balances=balance("11O.00")))) == ["bad_amount"]


def test_several_statements_and_cards_are_read_side_by_side() -> None:
    card = statement(line(TRNTYPE="POS", TRNAMT="-5.00"), currency="USD").replace("STMT", "CCSTMT", 1)
    card = card.replace("<STMTRS>", "<CCSTMTRS>").replace("</STMTRS>", "</CCSTMTRS>")
    card = card.replace("</STMTTRNRS>", "</CCSTMTTRNRS>")
    reading = read(ofx(statement(line(), line(FITID="F2")), statement(balances=""), card))
    assert [(len(found.lines), found.currency) for found in reading.statements] == [(2, "EUR"), (0, "EUR"), (1, "USD")]
    assert [entry.row for found in reading.statements for entry in found.lines] == [13, 14, 19]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gift(TRNTYPE="CREDIT", TRNAMT="-1.00"), "sign_conflict"),
        (gift(TRNTYPE="DEBIT", TRNAMT="1.00"), "sign_conflict"),
        (gift(TRNAMT="0.00"), "zero_amount"),
        (gift(TRNAMT=None), "missing_field"),
        (gift(DTPOSTED=None), "missing_field"),
        (gift(DTPOSTED="20260230"), "bad_date"),
        (gift(DTPOSTED="00000000"), "bad_date"),
        (gift(DTPOSTED="2026-01-14"), "bad_date"),
        (gift(TRNAMT="1.00</TRNAMT><TRNAMT>2.00"), "bad_ofx"),
        (gift(FITID="1</FITID><FITID>2"), "bad_ofx"),
        (gift(TRNAMT="99999999999999.00"), "amount_out_of_range"),
        (gift(CURRENCY="<CURSYM>EURO</CURSYM>"), "bad_currency"),
        (ofx(statement(line(), currency="EURO")), "bad_currency"),
        (gift().replace(b"STMTRS>", b"INVSTMTRS>"), "unsupported_account"),
        (ofx(statement("<STMTTRNP><TRNAMT>1.00</TRNAMT></STMTTRNP>")), "pending_skipped"),
    ],
)
def test_what_is_wrong_is_told_by_its_code(content: bytes, code: str) -> None:
    assert codes(content) == [code]


@pytest.mark.parametrize("kind", ["PAYMENT", "DIRECTDEP", "DEP", "XFER", "OTHER", ""])
@pytest.mark.parametrize("amount", ["1.00", "-1.00"])
def test_only_two_words_name_a_direction(kind: str, amount: str) -> None:
    assert codes(gift(TRNTYPE=kind, TRNAMT=amount)) == []


def test_all_problems_of_a_file_are_told_with_their_lines() -> None:
    content = ofx(statement(line(TRNAMT="x"), line(), line(DTPOSTED="", FITID=""), line(TRNAMT="y")))
    assert [(problem.code.value, problem.line) for problem in problems(content)] == [
        ("bad_amount", 13),
        ("missing_reference", 15),
        ("bad_date", 15),
        ("bad_amount", 16),
    ]


@pytest.mark.parametrize("code", ["0", "2000"])
def test_a_file_with_no_statement_says_so_unless_the_bank_says_why(code: str) -> None:
    severity = "ERROR" if code != "0" else "INFO"
    signed_on = f"<SONRS><STATUS><CODE>{code}<SEVERITY>{severity}</STATUS></SONRS>"
    with pytest.raises(Refused) as refused:
        read(ofx(signed_on))
    expected = ProblemCode.BANK_ERROR if code != "0" else ProblemCode.NO_STATEMENT
    assert [problem.code for problem in refused.value.problems] == [expected]


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_any_damage_is_read_or_refused_but_never_fails(at: int, written: bytes, lost: int) -> None:
    with contextlib.suppress(Refused):
        read(WHOLE[:at] + written + WHOLE[at + lost :])


@pytest.mark.skipif(not FILES, reason="the corpus of other projects' files is not beside the checkout")
def test_every_marker_of_a_transaction_in_the_corpus_is_accounted_for() -> None:
    for path in FILES:
        content = path.read_bytes()
        try:
            reading = read(content)
        except Refused:
            continue
        marked = content.replace(b"\x00", b"").count(b"<STMTTRN>")
        told = sum(problem.code is ProblemCode.ZERO_AMOUNT for problem in reading.notices)
        assert sum(len(found.lines) for found in reading.statements) + told == marked, path


# Counted by hand (or by the bank's own totals) in the files: lines, and cents in and out; None where a person, too,
# would send the file back.
READ_BY_A_PERSON = {
    "annacruz-ofx/bradesco.ofx": (6, 0, -216_681),
    "annacruz-ofx/santander.ofx": (4, 4_701, -4_701),
    "annacruz-ofx/cef_malformed_decimal.ofx": None,
    "annacruz-ofx/error.ofx": None,
    "asgrim-ofxparser/ofxdata-selfclose.ofx": (5, 70_000, -11_500),
    "asgrim-ofxparser/ofxdata-investments-xml.ofx": None,
    "jseutter-ofxparse/date_missing.ofx": None,
    "jseutter-ofxparse/suncorp.ofx": (1, 0, -1_685),
    "jseutter-ofxparse/bank_medium.ofx": (3, 0, -34_527),
    "matt-fidd-actual/data-multi-decimal.ofx": (2, 0, -3_377),
    "omarkohl-ofxstatement-sparkasse-freiburg/simple1.ofx": (2, 12_300, -123_456),
    "reubano-csv2ofx/gls.ofx": (1, 0, -9_876),
    "reubano-csv2ofx/payoneer.ofx": (2, 12_000, -10_000),
}


@pytest.mark.parametrize("name", READ_BY_A_PERSON)
def test_real_files_are_read_as_a_person_reads_them(name: str) -> None:
    path = CORPUS / "ofx" / name
    if not path.exists():
        pytest.skip("the corpus of other projects' files is not beside the checkout")
    try:
        minors = [entry.money.signed_minor for found in read(path.read_bytes()).statements for entry in found.lines]
        totals = (len(minors), sum(max(minor, 0) for minor in minors), sum(min(minor, 0) for minor in minors))
    except Refused:
        totals = None
    assert totals == READ_BY_A_PERSON[name]


@pytest.mark.skipif(not FILES, reason="the corpus of other projects' files is not beside the checkout")
def test_where_ofxparse_itself_reads_a_real_file_we_read_the_same() -> None:
    agreed = 0
    for path in sorted(CORPUS.glob("ofx/*/*")):
        content = path.read_bytes()
        if not content.isascii():
            continue  # trap 5: its letters may be wrong
        try:
            ours = [entry for found in read(content).statements for entry in found.lines]
            theirs = stock_transactions(content)
        except Exception:  # noqa: BLE001, S112 - ofxparse raises whatever comes along
            continue
        expected = [(found.amount * 100, found.memo) for found in theirs]
        assert [(entry.money.signed_minor, entry.text) for entry in ours] == expected, path
        agreed += 1
    assert agreed > 25


def stock_transactions(content: bytes) -> list[Any]:
    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(2)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            accounts = OfxParser.parse(io.BytesIO(content)).accounts
    finally:
        signal.alarm(0)
    return [found for account in accounts for found in account.statement.transactions]
