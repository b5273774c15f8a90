"""What a file states does not depend on how it was written; what is damaged in it is told, never guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers.stated import Stated, stated

from donations.core.iban import UnverifiedAccount, parse_account
from donations.core.money import EUR, Balance
from donations.core.problem import Problem, ProblemCode, Refused
from donations.core.reference import parse_reference, viitenumber
from donations.core.statement import (
    BalancePoint,
    Flow,
    LineKind,
    StatedBalance,
    StatedTotal,
    StatementLine,
    StatementStart,
)
from donations.readers.csv_banks import LHV, SWEDBANK
from donations.readers.csv_dialect import STATEMENTS_MAX

OWN = "EE312200221065432104"
OTHER_OWN = "EE947700771001112226"
PAYER = "EE782200221020001114"

# A Swedbank row, column by column.
ROW = {
    "Kliendi konto": OWN,
    "Reatüüp": "20",
    "Kuupäev": "05.01.2026",
    "Saaja/Maksja": "Mari Näidis",
    "Selgitus": "annetus",
    "Summa": "20,00",
    "Valuuta": "EUR",
    "Deebet/Kreedit": "K",
    "Arhiveerimistunnus": "2026010500123456",
    "Tehingu tüüp": "MK",
    "Viitenumber": "",
    "Dokumendi number": "17",
}


def swedbank(*changes: dict[str, str], header: Iterable[str] = tuple(ROW), encoding: str = "utf-8") -> bytes:
    """Return a file with one row for each set of changes to `ROW`."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows([(ROW | change).get(name, "") for name in header] for change in changes)
    return text.getvalue().encode(encoding)


def facts(*changes: dict[str, str]) -> list[Stated]:
    return stated(SWEDBANK, swedbank(*changes))


def line(**changes: str) -> StatementLine:
    """Return the one line of a file with one changed row; keywords are column names with `_` for a blank."""
    _, found = facts({name.replace("_", " "): text for name, text in changes.items()})
    assert isinstance(found, StatementLine)
    return found


def problems(*changes: dict[str, str]) -> list[tuple[ProblemCode, int | None]]:
    return [(fact.code, fact.line) for fact in facts(*changes) if isinstance(fact, Problem)]


def test_balances_and_turnovers_are_stated_and_give_the_period() -> None:
    opening = {"Reatüüp": "10", "Kuupäev": "01.01.2026", "Summa": "5,00", "Deebet/Kreedit": "D"}
    turnover = {"Reatüüp": "82", "Kuupäev": "31.01.2026", "Summa": "20,00"}
    closing = {"Reatüüp": "86", "Kuupäev": "31.01.2026", "Summa": "15,00"}
    start, *stated = facts(opening, {}, turnover, closing)
    first, last = date(2026, 1, 1), date(2026, 1, 31)
    account = parse_account(OWN)
    assert start == StatementStart(row=2, account=account, currency=EUR, first_day=first, last_day=last)
    assert [fact for fact in stated if not isinstance(fact, StatementLine)] == [
        StatedBalance(row=2, point=BalancePoint.OPENING, on=first, balance=Balance(-500, EUR)),
        StatedTotal(row=4, flow=Flow.IN, minor=2000),
        StatedBalance(row=5, point=BalancePoint.CLOSING, on=last, balance=Balance(1500, EUR)),
    ]


def test_the_period_is_from_the_first_opening_to_the_last_closing_balance() -> None:
    days = {"10": ("01.01.2026", "16.01.2026"), "86": ("15.01.2026", "31.01.2026")}
    half, other = ([{"Reatüüp": kind, "Kuupäev": on[at]} for kind, on in days.items()] for at in (0, 1))
    start = facts(*half, *other)[0]
    assert isinstance(start, StatementStart)
    assert (start.first_day, start.last_day) == (date(2026, 1, 1), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("Reatüüp", "900", ProblemCode.UNKNOWN_ROW_TYPE),
        ("Reatüüp", "", ProblemCode.UNKNOWN_ROW_TYPE),
        ("Deebet/Kreedit", "C", ProblemCode.MISSING_FIELD),
        ("Deebet/Kreedit", "", ProblemCode.MISSING_FIELD),
        ("Summa", "1e3", ProblemCode.BAD_AMOUNT),
        ("Summa", "-20,00", ProblemCode.SIGN_CONFLICT),
        ("Summa", "1.000", ProblemCode.AMBIGUOUS_AMOUNT),
        ("Summa", "0,00", ProblemCode.ZERO_AMOUNT),
        ("Valuuta", "", ProblemCode.BAD_CURRENCY),
        ("Valuuta", "EURO", ProblemCode.BAD_CURRENCY),
        ("Kuupäev", "", ProblemCode.BAD_DATE),
        ("Kuupäev", "01/02/2026", ProblemCode.BAD_DATE),
        ("Kuupäev", "5.1.2026", ProblemCode.BAD_DATE),
        ("Kuupäev", "05.01.26", ProblemCode.BAD_DATE),
        ("Kuupäev", "20260105", ProblemCode.BAD_DATE),
        ("Kuupäev", "2026.01.05", ProblemCode.BAD_DATE),
        ("Kuupäev", "2026-01-05T12:00", ProblemCode.BAD_DATE),
        ("Kuupäev", "45366", ProblemCode.BAD_DATE),
        ("Kuupäev", "31.02.2026", ProblemCode.BAD_DATE),
    ],
)
def test_a_cell_that_cannot_be_used_is_told_with_its_line(column: str, text: str, code: ProblemCode) -> None:
    assert problems({column: text}) == [(code, 2)]


def test_every_bad_row_is_told_and_the_good_ones_are_read() -> None:
    found = facts({"Summa": "x"}, {}, {"Kuupäev": "x"})
    assert [type(fact) for fact in found] == [StatementStart, Problem, StatementLine, Problem]


def test_no_message_repeats_a_cell_that_may_hold_a_name() -> None:
    shifted = dict.fromkeys(("Reatüüp", "Deebet/Kreedit", "Kuupäev", "Valuuta"), "Mari Näidis")
    said = [fact.message for change in shifted.items() for fact in facts(dict([change])) if isinstance(fact, Problem)]
    assert len(said) == len(shifted)
    assert not [message for message in said if "Mari" in message]


def test_accounts_and_currencies_become_statements_of_their_own_though_their_rows_are_mixed() -> None:
    found = facts({}, {"Valuuta": "USD"}, {"Kliendi konto": OTHER_OWN}, {"Selgitus": "teine"})
    assert [(fact.account, fact.currency) if isinstance(fact, StatementStart) else fact.row for fact in found
            if not isinstance(fact, Problem)] == [
        (OWN, "EUR"), 2, 5, (OWN, "USD"), 3, (OTHER_OWN, "EUR"), 4,
    ]  # fmt: skip


def test_more_statements_than_passes_over_the_text_are_refused() -> None:
    currencies = [{"Valuuta": f"X{chr(65 + number)}X"} for number in range(STATEMENTS_MAX + 1)]
    with pytest.raises(Refused, match="file_too_complex"):
        facts(*currencies)


def test_two_exports_glued_together_are_two_statements() -> None:
    # As one, a payment that both exports contain would count twice.
    found = stated(SWEDBANK, swedbank({}) + swedbank({}))
    assert [(type(fact), fact.row) for fact in found if not isinstance(fact, Problem)] == [
        (StatementStart, 2), (StatementLine, 2), (StatementStart, 4), (StatementLine, 4),
    ]  # fmt: skip


def test_a_header_alone_states_nothing() -> None:
    assert facts() == []


def test_a_new_column_is_no_harm_and_a_doubled_one_is_refused() -> None:
    names = [*ROW, "Uus veerg"]
    assert len(stated(SWEDBANK, swedbank({}, header=names))) == 2
    with pytest.raises(Refused, match="bad_csv"):
        stated(SWEDBANK, swedbank({}, header=[*ROW, "SUMMA"]))


@pytest.mark.parametrize("missing", ["Kliendi konto", "Reatüüp", "Kuupäev", "Summa", "Valuuta", "Deebet/Kreedit"])
def test_a_header_without_a_needed_column_is_not_claimed(missing: str) -> None:
    assert not SWEDBANK.claims(swedbank({}, header=[name for name in ROW if name != missing]))


VIITENUMBER = viitenumber("98765")
OTHER_VIITENUMBER = viitenumber("5555")


@pytest.mark.parametrize(
    ("reference", "text", "expected_reference", "expected_text"),
    [
        (VIITENUMBER, "annetus", VIITENUMBER, "annetus"),
        (f"00{VIITENUMBER}", "", VIITENUMBER, ""),
        ("", f"/RFB/{VIITENUMBER}/TXT/annetus", VIITENUMBER, "annetus"),
        (VIITENUMBER, f"/RFB/{VIITENUMBER}/TXT/annetus", VIITENUMBER, "annetus"),
        (VIITENUMBER, f"/RFB/{OTHER_VIITENUMBER}/TXT/annetus", VIITENUMBER, f"annetus\n{OTHER_VIITENUMBER}"),
        ("ARVE 12", "annetus", None, "annetus\nARVE 12"),  # not a reference, but the payer wrote it
        ("", "annetus\r\nkassidele", None, "annetus\nkassidele"),
    ],
)
def test_a_reference_is_found_in_its_column_or_in_the_text(
    reference: str, text: str, expected_reference: str | None, expected_text: str
) -> None:
    found = line(Viitenumber=reference, Selgitus=text)
    assert found.reference == (parse_reference(expected_reference) if expected_reference else None)
    assert found.text == expected_text


@pytest.mark.parametrize(
    ("name", "expected_name", "expected_account"),
    [
        (f"Mari Näidis | {PAYER}", "Mari Näidis", parse_account(PAYER)),
        ("Mari Näidis | EE001234567890123456", "Mari Näidis", UnverifiedAccount("EE001234567890123456")),
        ("Mari | Jüri", "Mari | Jüri", None),
    ],
)
def test_an_account_behind_the_name_is_taken_off(name: str, expected_name: str, expected_account: object) -> None:
    found = line(**{"Saaja/Maksja": name}).counterparty
    assert (found.name, found.account) == (expected_name, expected_account)


def test_a_column_for_the_account_goes_before_one_behind_the_name() -> None:
    row = {"Saaja konto": OTHER_OWN, "Saaja/Maksja": f"Mari Näidis | {PAYER}"}
    _, found = stated(SWEDBANK, swedbank(row, header=[*ROW, "Saaja konto"]))
    assert isinstance(found, StatementLine)
    assert (found.counterparty.name, found.counterparty.account) == (f"Mari Näidis | {PAYER}", OTHER_OWN)


@pytest.mark.parametrize(
    ("letters", "kind"),
    [
        ("K", LineKind.CARD),
        ("KOM", LineKind.FEE),
        ("AI", LineKind.INTEREST),
        ("MK", LineKind.TRANSFER),
        ("", "transfer"),
    ],
)
def test_the_kind_is_what_the_bank_marks_and_a_transfer_where_it_is_not_certain(letters: str, kind: str) -> None:
    assert line(Tehingu_tüüp=letters).kind == kind


def test_an_id_that_a_spreadsheet_rounded_is_no_id_and_is_told_once() -> None:
    # 2026010500123456 becomes 2,02601E+15, the same for every payment of the month.
    spoilt = {"Arhiveerimistunnus": "2,02601E+15", "Dokumendi number": ""}
    notice, _, *lines = facts(spoilt, spoilt)
    assert notice == Problem.of(ProblemCode.IDS_SPOILT, line=2, count=2)
    assert [fact.ids for fact in lines if isinstance(fact, StatementLine)] == [(), ()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1257", "iso8859-13", "cp775"])
def test_names_are_exact_in_every_encoding_a_baltic_export_has(encoding: str) -> None:
    _, found = stated(SWEDBANK, swedbank({"Saaja/Maksja": "Õnne Žürii-Šmidt", "Selgitus": "õäöü"}, encoding=encoding))
    assert isinstance(found, StatementLine)
    assert (found.counterparty.name, found.text) == ("Õnne Žürii-Šmidt", "õäöü")


def test_unquoted_decimal_commas_between_commas_never_move_columns() -> None:
    header = "Customer account no,Date,Sender/receiver name,Debit/Credit (D/C),Amount,Currency,Archiving code"
    found = stated(LHV, f"{header}\n{OTHER_OWN},2026-01-05,Mari,C,20,00,EUR,1\n".encode())
    assert [(fact.code, fact.line) for fact in found if isinstance(fact, Problem)] == [(ProblemCode.BAD_CSV, 2)]
    assert len(found) == 1


WORDS = st.text(alphabet="aŠžõäöü ;,\t\"'|/.", max_size=30).map(str.strip)
PAYMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "Kuupäev": st.dates(date(2020, 1, 1), date(2026, 1, 1)).map("{:%d.%m.%Y}".format),
            "Saaja/Maksja": WORDS,
            "Selgitus": WORDS,
            "Summa": st.integers(1, 10**9).map(lambda cents: f"{cents // 100}.{cents % 100:02}"),
            "Deebet/Kreedit": st.sampled_from("KD"),
        }
    ),
    min_size=1,
    max_size=5,
)
WAYS = st.fixed_dictionaries(
    {
        "separator": st.sampled_from(";,\t"),
        "mark": st.sampled_from(".,"),
        "end": st.sampled_from(["\n", "\r\n", "\r"]),
        "quoting": st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1257", "iso8859-13", "cp775"]),
        "order": st.permutations(list(ROW)),
        "hint": st.booleans(),
    }
)


def written(payments: list[dict[str, str]], way: dict[str, Any]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=way["separator"], quoting=way["quoting"], lineterminator=way["end"])
    writer.writerow(way["order"])
    for payment in payments:
        row = ROW | payment | {"Summa": payment["Summa"].replace(".", way["mark"])}
        writer.writerow([row[name] for name in way["order"]])
    hint = f"sep={way['separator']}{way['end']}" if way["hint"] else ""
    return f"{hint}{text.getvalue()}".encode(way["encoding"])


@settings(deadline=None)
@given(PAYMENTS, WAYS)
def test_the_way_of_writing_changes_nothing(payments: list[dict[str, str]], way: dict[str, Any]) -> None:
    plain = stated(SWEDBANK, swedbank(*payments_with_comma(payments)))
    found = stated(SWEDBANK, written(payments, way))
    assert without_rows(found) == without_rows(plain)
    lines = [fact for fact in found if isinstance(fact, StatementLine)]
    assert [fact.text for fact in lines] == [payment["Selgitus"] for payment in payments]


def payments_with_comma(payments: list[dict[str, str]]) -> list[dict[str, str]]:
    return [payment | {"Summa": payment["Summa"].replace(".", ",")} for payment in payments]


def without_rows(stated: list[Stated]) -> list[object]:
    return [(type(fact), repr(fact).replace(f"row={fact.row}", "")) for fact in stated if not isinstance(fact, Problem)]


def test_a_file_cut_anywhere_in_its_last_row_is_told() -> None:
    way = {"separator": ",", "mark": ".", "end": "\n", "quoting": csv.QUOTE_ALL, "encoding": "utf-8", "hint": False}
    whole = written([{"Summa": "20.00"}] * 3, way | {"order": list(ROW)}).decode().rstrip()
    last_row = whole.rindex("\n") + 1
    before_last_cell = whole.rindex(",") + 1  # cut here, the last cell is empty, as banks write it too
    for end in {*range(last_row + 1, len(whole))} - {before_last_cell}:
        told = [fact for fact in stated(SWEDBANK, whole[:end].encode()) if isinstance(fact, Problem)]
        assert [(problem.code, problem.line) for problem in told] == [(ProblemCode.BAD_CSV, 4)]


@settings(deadline=None)
@given(st.integers(0, 10_000), st.text(alphabet=";\"\n\r,KD019.-EUR\t'\ufeff", max_size=20))
def test_no_damage_raises_anything_but_a_refusal(at: int, junk: str) -> None:
    text = swedbank({}, {}, {}).decode()
    at %= len(text)
    damaged = f"{text[:at]}{junk}{text[at:]}".encode()
    with suppress(Refused):
        assert all(fact.money.amount.minor > 0 for fact in stated(SWEDBANK, damaged) if isinstance(fact, StatementLine))
