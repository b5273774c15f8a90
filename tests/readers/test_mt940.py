"""MT940 and MT942: what their fields say, in the structures that banks use, and what is no line."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.readers.mt940_sample import OWN, PAYER, gift, line_of, reading, statement

from donations.core.iban import UnverifiedAccount
from donations.core.money import decimal_text
from donations.core.problem import ProblemCode, Refused
from donations.core.statement import IdScheme, LineKind, Reading
from donations.readers.registry import read


def codes(found: Reading) -> list[ProblemCode]:
    return [problem.code for problem in found.notices]


def refused(text: str) -> set[ProblemCode]:
    with pytest.raises(Refused) as refusal:
        reading(text)
    return {problem.code for problem in refusal.value.problems if problem.refuses}


def moved(text: str) -> list[str]:
    """Return the lines' amounts."""
    lines = [line for each in reading(text).statements for line in each.lines]
    return [decimal_text(line.money.signed_minor, line.money.amount.currency) for line in lines]


@pytest.mark.parametrize(
    ("mark", "amount", "is_reversal"),
    [
        ("C", "10.00", False),
        ("D", "-10.00", False),
        ("RC", "-10.00", True),
        ("RD", "10.00", True),
        ("CR", "10.00", False),
        ("DR", "-10.00", False),
        ("RDR", "10.00", True),
        ("d", "-10.00", False),
    ],
)
def test_marks_say_the_direction_and_a_letter_of_the_currency_may_follow(
    mark: str, amount: str, is_reversal: bool
) -> None:
    closing = "C260331EUR90,00" if amount.startswith("-") else "C260331EUR110,00"
    found = reading(statement(gift(line=f"2603150315{mark}10,00NTRFNONREF"), closing=closing))
    (line,) = found.statements[0].lines
    assert decimal_text(line.money.signed_minor, line.money.amount.currency) == amount
    assert line.is_reversal is is_reversal


@pytest.mark.parametrize("amount", ["10,", "10,0", "10,00", "10", "000000000010,00", "10.00", " 10,00 "])
def test_an_amount_needs_no_digits_behind_its_mark(amount: str) -> None:
    assert moved(statement(gift(line=f"2603150315C{amount}NTRFNONREF"))) == ["10.00"]


@pytest.mark.parametrize("amount", ["1.234,56", "1,234,56", "10,001", "1234567890123456,00", "10-", "1 000,00", ""])
def test_an_amount_that_may_be_damaged_is_refused(amount: str) -> None:
    assert ProblemCode.BAD_AMOUNT in refused(statement(gift(line=f"2603150315C{amount}NTRFNONREF")))


@pytest.mark.parametrize(
    "rest", ["NTRFNONREF", "N//REF20260315", "//REF20260315", "NOV NONREF", "IDXXREF", "", "NTRF" + "9" * 60]
)
def test_types_and_references_of_any_length_leave_the_amount_alone(rest: str) -> None:
    assert moved(statement(gift(line=f"2603150315C10,00{rest}"))) == ["10.00"]


@pytest.mark.parametrize(
    ("days", "booked", "valued"),
    [
        ("2512311231", date(2025, 12, 31), date(2025, 12, 31)),
        ("2601020101", date(2026, 1, 1), date(2026, 1, 2)),
        ("2601011231", date(2025, 12, 31), date(2026, 1, 1)),
        ("2512310102", date(2026, 1, 2), date(2025, 12, 31)),
        ("260101", date(2026, 1, 1), date(2026, 1, 1)),
    ],
)
def test_the_entry_date_is_of_the_year_that_brings_it_near(days: str, booked: date, valued: date) -> None:
    edges = {"opening": "C251230EUR100,00", "closing": "C260102EUR110,00"}
    (line,) = reading(statement(gift(line=f"{days}C10,00NTRFNONREF"), **edges)).statements[0].lines
    assert (line.booked_on, line.value_date) == (booked, valued)


def test_an_entry_date_that_its_year_does_not_have_is_not_another_years() -> None:
    edges = {"opening": "C250227EUR100,00", "closing": "C250301EUR110,00"}
    assert refused(statement(gift(line="2502280229C10,00NTRFNONREF"), **edges)) == {ProblemCode.BAD_DATE}


@pytest.mark.parametrize(
    ("opening", "closing", "booked", "period"),
    [
        ("260228", "260331", "0315", (date(2026, 3, 1), date(2026, 3, 31))),
        ("260301", "260331", "0315", (date(2026, 3, 2), date(2026, 3, 31))),
        ("260314", "260316", "0315", (date(2026, 3, 15), date(2026, 3, 16))),
        ("260315", "260316", "0315", (date(2026, 3, 15), date(2026, 3, 16))),
        ("260315", "260315", "0315", (date(2026, 3, 15), date(2026, 3, 15))),
    ],
    ids=["day before", "a month from its second day", "day before, a day", "shown on it", "one day"],
)
def test_an_opening_balance_is_of_the_evening_before_unless_the_file_shows_otherwise(
    opening: str, closing: str, booked: str, period: tuple[date, date]
) -> None:
    line = gift(line=f"260315{booked}C10,00NTRFNONREF")
    found = reading(statement(line, opening=f"C{opening}EUR100,00", closing=f"C{closing}EUR110,00")).statements[0]
    assert (found.first_day, found.last_day) == period


@pytest.mark.parametrize(
    ("details", "name", "account", "text", "end_to_end"),
    [
        (
            f"166?00GUTSCHRIFT?20EREF+E-1?21SVWZ+annetus?30HABAEE2X?31{PAYER}?32MARI MAASIKAS",
            "MARI MAASIKAS",
            PAYER,
            "annetus",
            "E-1",
        ),
        (
            f"166?20EREF+E-1 SVWZ+annetus koolile ?21ja lastele?31{PAYER}?32MARI?33MAASIKAS",
            "MARI MAASIKAS",
            PAYER,
            "annetus koolile ja lastele",
            "E-1",
        ),
        (f"020~00PRZELEW~20annetus~31{PAYER}~32MARI~33", "MARI", PAYER, "annetus", ""),
        (f"000>10123>20annetus>31{PAYER}", "", PAYER, "annetus", ""),
        (
            f"/TRTP/SEPA/IBAN/{PAYER}/BIC/HABAEE2X/NAME/MARI MAAS\nIKAS/REMI/annetus/EREF/E-1",
            "MARI MAASIKAS",
            PAYER,
            "annetus",
            "E-1",
        ),
        ("/EREF/E-1/ORDP//NAME/MARI/REMI/annetus/ISDT/2026-03-15", "MARI", None, "annetus", "E-1"),
        (f"/EREF/E-1//CNTP/{PAYER}/HABAEE2X/MARI///REMI/USTD//annetus/", "MARI", PAYER, "annetus", "E-1"),
        (f"MARI annetus\n{PAYER}", "", None, f"MARI annetus\n{PAYER}", ""),
    ],
    ids=["german", "words", "polish", "dutch subfields", "abn", "rabo", "ing", "plain"],
)
def test_who_pays_stands_where_the_bank_puts_it(
    details: str, name: str, account: str | None, text: str, end_to_end: str
) -> None:
    line = line_of(details)
    ids = {each.scheme: each.value for each in line.ids}
    assert (line.counterparty.name, line.counterparty.account, line.text) == (name, account, text)
    assert ids.get(IdScheme.END_TO_END, "") == end_to_end


OTHER = "EE377700771000555017"


@pytest.mark.parametrize(
    "details",
    [
        f"166?20annetus?31{OTHER}?32KEEGI TEINE?30HABAEE2X?31{PAYER}?32MARI",
        f"166?20annetus?31{OTHER}?21ja veel?31{PAYER}?32MARI",
        f"/REMI/annetus/IBAN/{OTHER}/NAME/KEEGI TEINE",
        f"annetus /IBAN/{OTHER}/NAME/KEEGI TEINE/",
    ],
)
def test_what_a_payer_may_have_written_names_nobody(details: str) -> None:
    line = line_of(details)
    assert (line.counterparty.name, line.counterparty.account) == ("", None)
    assert OTHER in line.text


def test_the_second_line_of_61_is_the_banks_word() -> None:
    """Rabobank writes the other side's IBAN there, German banks what was exchanged and charged."""
    assert line_of(line=f"2603150315C10,00NTRFNONREF\n{PAYER}").counterparty.account == PAYER
    exchanged = line_of(line="2603150315C10,00NTRFNONREF//REF20260315\n/OCMT/USD12,00//CHGS/EUR0,50/")
    assert (str(exchanged.original), str(exchanged.charges)) == ("12.00 USD", "0.50 EUR")
    fee = line_of(line="2603150315C10,00NCHGNONREF\nkuutasu")
    assert (fee.kind, fee.bank_text, fee.ids) == (LineKind.FEE, "kuutasu", ())


@pytest.mark.parametrize("written", [OWN, f"{OWN}EUR", f"{OWN} EUR", f"LHVBEE22/{OWN}", "EE23 7700 0100 0000 0016"])
def test_the_own_account_is_its_iban_whatever_stands_around_it(written: str) -> None:
    text = statement(gift()).replace(f":25:{OWN}", f":25:{written}")
    assert reading(text).statements[0].account == OWN


def test_another_number_stays_as_it_is_written() -> None:
    found = reading(statement(gift()).replace(f":25:{OWN}", ":25:87052000/123456789"))
    assert found.statements[0].account == UnverifiedAccount("87052000/123456789")


PLAIN = statement(gift("annetus\nkoolile"))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "@@"),
        f"{{1:F01X}}{{2:I940X}}{{4:\n{PLAIN.replace('-', '-}')}",
        f"{{1:F01X}}{{2:I940X}}{{4:{PLAIN.replace('-', '-}{{5:}}')}",
        f"\x01{{1:F01X}}{{2:I940X}}{{4:\n{PLAIN.replace('-', '-}')[:-1]}\x03",
        f"ABNANL2A\n940\nABNANL2A\n{PLAIN}",
        PLAIN.removesuffix("-\n"),
        PLAIN.removesuffix("\n-\n"),
        PLAIN.replace(":28C:3/1", ":28:00000000003"),
        PLAIN.replace(":28C:3/1", ":28C: /1"),
        PLAIN.replace(":28C:3/1\n", ""),
    ],
)
def test_wrappings_change_nothing(text: str) -> None:
    (found,) = reading(text).statements
    assert [(line.text, line.money.signed_minor) for line in found.lines] == [("annetus\nkoolile", 1000)]
    assert (found.opening, found.closing) == (
        reading(PLAIN).statements[0].opening,
        reading(PLAIN).statements[0].closing,
    )


@pytest.mark.parametrize(
    "text", ["annetus\n-\nkoolile", "annetus\n:12:11 koolile", "annetus\n:20 eurot", "Õpilased\n-}"]
)
def test_a_text_may_look_like_the_end_or_a_field(text: str) -> None:
    assert line_of(text).text == text


@pytest.mark.parametrize("page", ["utf-8", "utf-8-sig", "cp1257", "cp1252"])
def test_letters_are_read_by_the_evidence_of_the_file(page: str) -> None:
    content = statement(gift("õunapuu ja šokolaad")).encode(page)
    assert read(content, today=date(2026, 11, 22)).statements[0].lines[0].text == "õunapuu ja šokolaad"


def test_several_statements_stay_apart() -> None:
    other = statement(gift(line="2603160316C5,00NTRFNONREF"), closing="C260331EUR105,00").replace(OWN, PAYER)
    found = reading(statement(gift()) + other)
    assert [(each.account, len(each.lines)) for each in found.statements] == [(OWN, 1), (PAYER, 1)]


FIRST = statement(gift()).replace(":62F:C260331EUR110,00", ":62M:C260315EUR110,00")
SECOND = statement(
    gift(line="2603160316C5,00NTRFNONREF"), opening="C260315EUR110,00", closing="C260331EUR115,00", number="3/2"
).replace(":60F:", ":60M:")


def test_pages_join_and_a_page_without_the_others_says_so() -> None:
    found = reading(FIRST + SECOND)
    (joined,) = found.statements
    assert (len(joined.lines), str(joined.opening), str(joined.closing)) == (2, "100.00 EUR", "115.00 EUR")
    assert codes(found) == []
    assert [codes(reading(each)) for each in (FIRST, SECOND)] == [[ProblemCode.PAGE_MISSING]] * 2
    apart = reading(FIRST + SECOND.replace("110,00", "111,00").replace("115,00", "116,00"))
    assert (len(apart.statements), codes(apart)) == (2, [ProblemCode.PAGE_MISSING] * 2)


def test_without_a_closing_balance_a_file_is_not_whole() -> None:
    assert refused(statement(gift()).replace(":62F:C260331EUR110,00\n", "")) == {ProblemCode.INCOMPLETE_FILE}


INTERIM = "\n".join(
    [
        *(":20:S1", f":25:{OWN}", ":28C:1/1", ":34F:EUR0,", ":13D:2603151200+0200"),
        *(gift(line="2603130313C10,00NTRFNONREF"), gift(line="2603150315D4,00NTRFNONREF")),
        *(":90D:1EUR4,00", ":90C:1EUR10,00", "-\n"),
    ]
)


def test_an_interim_report_is_of_parts_of_days_and_shows_no_day_whole() -> None:
    found = reading(INTERIM)
    assert [(each.first_day, each.last_day, len(each.lines)) for each in found.statements] == [
        (date(2026, 3, 13), date(2026, 3, 13), 1),
        (date(2026, 3, 15), date(2026, 3, 15), 1),
    ]
    assert {each.provenance.made_at for each in found.statements} == {datetime(2026, 3, 15, 10, tzinfo=UTC)}
    assert all(each.provenance.begins_at and each.opening is None and each.closing is None for each in found.statements)
    assert refused(INTERIM.replace(":90C:1", ":90C:2")) == {ProblemCode.COUNT_MISMATCH}
    assert refused(INTERIM.replace("1EUR4,00", "1EUR4,01")) == {ProblemCode.COUNT_MISMATCH}


def test_what_an_interim_report_only_expects_is_left_out() -> None:
    found = reading(INTERIM.replace("0315D4", "0315ED4"))
    assert [len(each.lines) for each in found.statements] == [1]
    assert ProblemCode.PENDING_SKIPPED in codes(found)


def test_a_moment_without_a_zone_is_estonian_time() -> None:
    found = reading(INTERIM.replace(":13D:2603151200+0200", ":13:2603151200"))
    assert {each.provenance.made_at for each in found.statements} == {datetime(2026, 3, 15, 10, tzinfo=UTC)}
