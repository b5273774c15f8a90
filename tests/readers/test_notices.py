"""What a statement that is read is noticed for: nothing proves it, a row stands there twice, two lines cancel out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.readers import ofx_sample
from tests.readers.camt_sample import DAY, HEAD, OTHER, PAYER, balance, details, document, entry, party, reading

from donations.core.problem import Problem, ProblemCode
from donations.readers.registry import read

OPENING, CLOSING = balance("OPBD", "100.00", day="2026-01-01"), balance("CLBD", "110.00")
CANNOT, TWICE, REUSED, CANCELLED = (
    ProblemCode.CANNOT_PROVE_WHOLE,
    ProblemCode.ROW_REPEATED,
    ProblemCode.REFERENCE_REUSED,
    ProblemCode.CANCELLED_OUT,
)
LHV = (Path(__file__).parents[2] / "statements" / "lhv-2026-01-same-month.csv").read_text(encoding="utf-8").splitlines()
HEADING, ROW, ANOTHER = LHV[:3]


def codes(*statements: str) -> list[ProblemCode]:
    return [notice.code for notice in reading(document(*statements)).notices]


def of_csv(*rows: str) -> list[Problem]:
    content = "\n".join((HEADING, *rows)).encode()
    return [notice for notice in read(content, today=date(2026, 6, 1)).notices if notice.code is not CANNOT]


@pytest.mark.parametrize(
    ("balances", "expected"),
    [
        (OPENING + CLOSING, []),
        (OPENING, [CANNOT]),
        (CLOSING, [CANNOT]),
        ("", [CANNOT]),
        (OPENING + balance("CLAV", "110.00"), [CANNOT]),
        (balance("PRCD", "100.00", day="2025-12-31") + CLOSING, []),
        (OPENING + CLOSING.replace("110.00", "x"), [ProblemCode.BALANCE_UNREADABLE, CANNOT]),
    ],
)
def test_without_both_booked_balances_a_statement_cannot_prove_that_it_is_whole(
    balances: str, expected: list[ProblemCode]
) -> None:
    assert codes(HEAD + balances + entry()) == expected


def test_each_statement_is_noticed_by_itself() -> None:
    whole, half = (HEAD + balances + entry() for balances in (OPENING + CLOSING, OPENING))
    assert codes(whole, half, half) == [CANNOT, CANNOT]


def test_ofx_never_states_the_balance_before_its_lines() -> None:
    assert [notice.code for notice in read(ofx_sample.gift(), today=date(2026, 6, 1)).notices] == [CANNOT]


def test_a_row_that_stands_there_twice_with_one_bank_id_is_said_once_with_both_lines() -> None:
    (notice,) = of_csv(ROW, ANOTHER, ROW)
    assert (notice.code, notice.line, dict(notice.values)) == (TWICE, 4, {"count": "2", "first": "2"})
    assert len(read(f"{HEADING}\n{ROW}\n{ROW}".encode(), today=date(2026, 6, 1)).statements[0].lines) == 2


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("20.00", "20.00", [TWICE]),
        ("20.00", "21.00", [REUSED, REUSED]),  # the bank's reference and its archive id
        ("Annetus", "annetus", [REUSED, REUSED]),
        ("2026-01-05", "2026-01-06", [REUSED, REUSED]),
        ("2005FA0DA3F13C6AF6F922E34DA5DC8C", "3005FA0DA3F13C6AF6F922E34DA5DC8C", [REUSED]),  # the archive id alone
    ],
)
def test_a_row_that_differs_in_anything_is_another_one(old: str, new: str, expected: list[ProblemCode]) -> None:
    assert old in ROW
    assert [notice.code for notice in of_csv(ROW, ROW.replace(old, new))] == expected


def test_equal_rows_without_a_bank_id_are_twins() -> None:
    twin = ROW.replace("2005FA0DA3F13C6AF6F922E34DA5DC8C", "").replace("2026010537262605", "")
    assert of_csv(twin, twin) == []


TEXT = "<RmtInf><Ustrd>Annetus</Ustrd></RmtInf></TxDtls>"
IN, OUT = entry(), entry(way="DBIT")
FROM = details(f"<RltdPties>{party('Dbtr', 'Mari', PAYER)}</RltdPties>")
TO = details(f"<RltdPties>{party('Cdtr', 'Jaan', OTHER)}</RltdPties>")


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (IN + OUT, 1),
        (OUT + IN, 1),
        (entry(FROM) + entry(TO, way="DBIT"), 0),  # the bank names two parties, and no payer can write into XML
        (entry(FROM) + entry(FROM.replace("Dbtr", "Cdtr"), way="DBIT"), 1),
        (entry(FROM) + entry(TO.replace("Jaan", "Mari"), way="DBIT"), 1),
        (entry(FROM) + entry(TO.replace(OTHER, PAYER), way="DBIT"), 1),
        (entry(FROM.replace("</TxDtls>", TEXT)) + entry(TO.replace("</TxDtls>", TEXT), way="DBIT"), 1),
        (IN + IN, 0),
        (IN + entry(amount="9.99", way="DBIT"), 0),
        (IN + entry(way="DBIT", dates=DAY.replace("05", "06")), 0),
        (IN + entry(amount="1.00") + OUT, 0),
        (IN + entry("<RvslInd>true</RvslInd>", way="DBIT"), 0),
        (IN + entry(details("<RtrInf/>"), way="DBIT"), 0),
    ],
)
def test_two_neighbours_that_cancel_out_are_noticed_unless_the_bank_explains_it(lines: str, count: int) -> None:
    assert codes(HEAD + lines).count(CANCELLED) == count


def test_in_ofx_any_two_are_noticed_for_nobody_knows_what_a_bank_escapes() -> None:
    parties = ({"NAME": "Mari", "MEMO": "Annetus"}, {"NAME": "Jaan", "MEMO": "arve"})
    one, other = (
        ofx_sample.line(TRNTYPE=None, TRNAMT=amount, FITID=amount, **party)
        for amount, party in zip(("5.00", "-5.00"), parties, strict=True)
    )
    notices = read(ofx_sample.ofx(ofx_sample.statement(one, other)), today=date(2026, 6, 1)).notices
    assert [notice.code for notice in notices] == [CANNOT, CANCELLED]


def test_a_pair_written_into_a_memo_that_a_bank_does_not_escape_is_noticed() -> None:
    def line(amount: str, name: str) -> str:
        return ofx_sample.line(TRNTYPE=None, TRNAMT=amount, FITID=name, MEMO="Annetus").strip()

    memo = f"Annetus</MEMO></STMTTRN>{line('9999.00', 'X1')}{line('-9999.00', 'X2')}<STMTTRN><MEMO>"
    content = ofx_sample.ofx(
        ofx_sample.statement(f"<STMTTRN><DTPOSTED>20260114<TRNAMT>5.00<FITID>F9<MEMO>{memo}"[:-15] + "\n")
    )
    reading_ = read(content, today=date(2026, 6, 1))
    assert [line.money.signed_minor for line in reading_.statements[0].lines] == [500, 999900, -999900]
    assert CANCELLED in [notice.code for notice in reading_.notices]
