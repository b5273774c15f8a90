"""Tables of which somebody said what their columns mean are read strictly as it was said, or refused with the line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.money import BadAmountError, MoneyIn
from donations.core.problem import ProblemCode, Refused
from donations.core.statement import Statement
from donations.core.table_layout import MAGIC, BadLayoutError, ColumnMeaning, DayOrder, TableLayout, TableLook, said_of
from donations.readers import Limits, door
from donations.readers.registry import read
from donations.readers.table_cells import amount_of, days_of
from donations.readers.table_look import look_at

TODAY = date(2026, 11, 22)
OWN = "EE382200221020145685"
NAMES = ("date", "who", "what", "amount", "balance")
LAYOUT = TableLayout(
    heading=NAMES,
    separator=";",
    meanings=(ColumnMeaning.DAY, ColumnMeaning.NAME, ColumnMeaning.TEXT, ColumnMeaning.AMOUNT, ColumnMeaning.BALANCE),
    days=DayOrder.DAY_FIRST,
    mark=",",
    currency="EUR",
)
FIRST, SECOND = "5.3.2026;Mari Mets;Annetus;10,00;110,00", "6.3.2026;Trükikoda;Arve;-30,00;80,00"


def table(*rows: str, layout: TableLayout = LAYOUT, account: str = OWN) -> bytes:
    return said_of("\n".join([";".join(NAMES).title(), *rows, ""]).encode(), layout, account=account)


def statement(content: bytes) -> Statement:
    (only,) = read(content, today=TODAY).statements
    return only


def codes(content: bytes) -> list[tuple[ProblemCode, int | None]]:
    with pytest.raises(Refused) as refused:
        read(content, today=TODAY)
    return [(each.code, each.line) for each in refused.value.problems]


def behind_days(found: Statement) -> dict[int, str]:
    """Return the balances that are stated, by the day at whose end they held."""
    return {each.on.day: str(each.balance) for each in found.balances if each.on is not None}


def moved(content: bytes) -> list[int]:
    return [each.money.signed_minor for each in statement(content).lines]


def test_a_row_is_a_line_and_balances_are_those_of_the_rows() -> None:
    found = statement(table(FIRST, SECOND))
    assert behind_days(found) == {5: "110.00 EUR"}
    first, second = found.lines
    assert (first.booked_on, first.counterparty.name, first.text) == (date(2026, 3, 5), "Mari Mets", "Annetus")
    assert isinstance(first.money, MoneyIn)
    assert second.money.signed_minor == -3_000


def test_the_newest_may_come_first() -> None:
    assert behind_days(statement(table(SECOND, FIRST))) == {5: "110.00 EUR"}


def test_edges_prove_nothing() -> None:
    """A table that was cut looks like one that was not."""
    third = "6.3.2026;Mari Mets;Annetus;5,00;85,00"
    for rows in ((FIRST, SECOND, third), (FIRST, SECOND), (SECOND, third)):
        found = statement(table(*rows))
        assert (found.opening, found.closing) == (None, None)
        assert found.provenance.begins_at is not None
        assert found.last_day.day not in behind_days(found)


@pytest.mark.parametrize(
    "rows",
    [(FIRST, SECOND.replace("80,00", "79,00")), (FIRST, SECOND.replace("80,00", "")), (SECOND, FIRST, SECOND)],
    ids=["a row is missing", "a balance is missing", "in no order"],
)
def test_balances_that_do_not_follow_on_each_other_prove_nothing(rows: tuple[str, ...]) -> None:
    assert behind_days(statement(table(*rows))) == {}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("5/13/2026;a;b;1,00;", ProblemCode.BAD_DATE),
        ("2026-03-05;a;b;1,00;", ProblemCode.BAD_DATE),
        ("5.3.2026;a;b;1.50;", ProblemCode.BAD_AMOUNT),
        ("5.3.2026;a;b;1.0000,50;", ProblemCode.BAD_AMOUNT),
        ("5.3.2026;a;b;;", ProblemCode.BAD_AMOUNT),
        ("5.3.2026;a;b;1,00;x", ProblemCode.BAD_AMOUNT),
        ("5.3.2026;a;b;1,00", ProblemCode.BAD_CSV),
        ("5.3.2026;a;b;1,00;;;", ProblemCode.BAD_CSV),
        ("5.3.2026;a;b;99999999999999,00;", ProblemCode.AMOUNT_OUT_OF_RANGE),
    ],
)
def test_what_is_not_as_it_was_said_is_refused_with_its_line(row: str, code: ProblemCode) -> None:
    assert codes(table(FIRST, row)) == [(code, 3)]


def test_a_row_without_money_is_told() -> None:
    found = read(table(FIRST, "6.3.2026;a;b;0,00;110,00"), today=TODAY)
    assert ProblemCode.ZERO_AMOUNT in {each.code for each in found.notices}
    assert len(found.statements[0].lines) == 1


def test_an_amount_beside_a_direction() -> None:
    meanings = (ColumnMeaning.DAY, ColumnMeaning.DIRECTION, ColumnMeaning.TEXT, ColumnMeaning.AMOUNT, None)
    layout = replace(LAYOUT, meanings=meanings, money_in="C", money_out="D")
    assert moved(table("5.3.2026;C;a;1,00;", "5.3.2026;D;a;2,00;", "5.3.2026;D;a;-3,00;", layout=layout)) == [
        100,
        -200,
        -300,
    ]
    assert codes(table("5.3.2026;C;a;-1,00;", layout=layout)) == [(ProblemCode.SIGN_CONFLICT, 2)]
    assert codes(table("5.3.2026;c;a;1,00;", layout=layout)) == [(ProblemCode.MISSING_FIELD, 2)]


def test_money_in_and_money_out_in_columns_of_their_own() -> None:
    layout = replace(
        LAYOUT, meanings=(ColumnMeaning.DAY, None, ColumnMeaning.TEXT, ColumnMeaning.MONEY_IN, ColumnMeaning.MONEY_OUT)
    )
    assert moved(table("5.3.2026;;a;1,00;", "5.3.2026;;a;;2,00", "5.3.2026;;a;0,00;-3,00", layout=layout)) == [
        100,
        -200,
        -300,
    ]
    assert codes(table("5.3.2026;;a;1,00;2,00", layout=layout)) == [(ProblemCode.SIGN_CONFLICT, 2)]


def test_several_accounts_and_currencies_are_several_statements() -> None:
    layout = replace(
        LAYOUT,
        meanings=(ColumnMeaning.DAY, ColumnMeaning.OWN_ACCOUNT, ColumnMeaning.CURRENCY, ColumnMeaning.AMOUNT, None),
        currency="",
    )
    rows = (f"5.3.2026;{OWN};EUR;1,00;", f"5.3.2026;{OWN};USD;2,00;", "5.3.2026;EE307700771000000012;EUR;3,00;")
    found = read(table(*rows, layout=layout, account=""), today=TODAY).statements
    assert [(str(each.account)[-4:], each.currency, len(each.lines)) for each in found] == [
        ("5685", "EUR", 1),
        ("5685", "USD", 1),
        ("0012", "EUR", 1),
    ]
    assert codes(table("5.3.2026;;EUR;1,00;", layout=layout, account="")) == [(ProblemCode.MISSING_FIELD, 2)]


def test_the_heading_may_stand_below_others_lines_and_must_be_the_same() -> None:
    preamble = b"Statement of account\nPeriod;2026\n\n" + table(FIRST).partition(b"\n")[2]
    assert len(statement(said_of(preamble, LAYOUT, account=OWN)).lines) == 1
    other = table(FIRST).partition(b"\n")[2].replace(b"Who", b"Payer")
    assert codes(said_of(other, LAYOUT, account=OWN)) == [(ProblemCode.UNKNOWN_CSV_LAYOUT, None)]


@pytest.mark.parametrize(
    "said",
    [b"", b"{}", b"[]", b"null", b'{"account":"","layout":"{}"}', b'{"account":1,"layout":2}', b"{" * 5_000, b"\xff"],
)
def test_what_was_not_said_by_the_program_is_refused(said: bytes) -> None:
    assert codes(MAGIC + said + b"\na;b\n") == [(ProblemCode.UNKNOWN_CSV_LAYOUT, None)]


def test_a_layout_comes_back_as_it_was() -> None:
    assert TableLayout.of_text(LAYOUT.text()) == LAYOUT
    for bad in (
        LAYOUT.text().replace("amount", "amounts"),
        LAYOUT.text().replace("day_first", "x"),
        LAYOUT.text()[:-9],
    ):
        with pytest.raises(BadLayoutError):
            TableLayout.of_text(bad)


@given(
    minor=st.integers(-10_000_000_000, 10_000_000_000),
    mark=st.sampled_from(",."),
    between=st.sampled_from(["", " ", "\u00a0", "'", "other"]),
    style=st.sampled_from(["{}", "{} €", "{} EUR", "EUR {}", " {} "]),
    less=st.sampled_from(["-{}", "{}-", "({})", "\u2212{}"]),
)
def test_every_way_to_write_an_amount_is_the_amount(minor: int, mark: str, between: str, style: str, less: str) -> None:
    between = between.replace("other", "." if mark == "," else ",")
    whole = f"{abs(minor) // 100:,}".replace(",", between)
    figures = f"{whole}{mark}{abs(minor) % 100:02}"
    written = style.format(less.format(figures) if minor < 0 else figures)
    assert amount_of(written, currency="EUR", mark=mark) == minor


@pytest.mark.parametrize(
    "text",
    ["", "-", "1,2,3", "1.00,5x", "12 34,00", "1 234 5,00", "--1", "1e3", "١٢", "1,005", "()", "(-1,00)", "(1,00"],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    with pytest.raises(BadAmountError):
        amount_of(text, currency="EUR", mark=",")


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), mark=st.sampled_from("-./"))
def test_a_date_has_all_its_meanings_and_no_other(day: date, mark: str) -> None:
    assert days_of(day.strftime(f"%Y{mark}%m{mark}%d")) == {DayOrder.YEAR_FIRST: day}
    found = days_of(day.strftime(f"%d{mark}%m{mark}%Y"))
    assert found[DayOrder.DAY_FIRST] == day
    assert (DayOrder.MONTH_FIRST in found) == (day.day <= 12)
    assert days_of(f"{day.isoformat()}T21:30:00Z") == {DayOrder.YEAR_FIRST: day}


def test_a_column_decides_only_what_all_of_its_cells_do() -> None:
    seen = look_at(b"day;sum\n01.02.2026;1.000\n02.03.2026;2.000\n")
    meanings = tuple(each.proposed for each in seen.columns)
    assert meanings == (ColumnMeaning.DAY, ColumnMeaning.AMOUNT)
    assert seen.orders(meanings) == (DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST)
    assert seen.marks(meanings) == (",", ".")
    seen = look_at(b"day;sum\n01.02.2026;1.000\n22.03.2026;2.000,50\n03.02.2026;12\n")
    assert (seen.orders(meanings), seen.marks(meanings)) == ((DayOrder.DAY_FIRST,), (",",))
    assert look_at(b"day;sum\n01.02.2026;12\n").marks(meanings) == (",",)  # it makes no difference


def test_behind_the_door_it_is_the_same_look() -> None:
    content = b"day;who;sum\n01.02.2026;Mari;1,50\n"
    assert door.look(content, Limits()) == look_at(content)
    assert TableLook.of_text(look_at(content).text()) == look_at(content)
    with pytest.raises(Refused):
        door.look(b"a;b\n1;2\n", Limits())
