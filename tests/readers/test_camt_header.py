"""What a statement says about itself: its account, currency and period, its balances and what it announces."""

from __future__ import annotations

from datetime import date

import pytest
from tests.readers.camt_sample import (
    HEAD,
    OWN,
    PERIOD,
    balance,
    balances,
    codes,
    document,
    entry,
    facts,
    problems,
    reading,
)

from donations.core.iban import UnverifiedAccount
from donations.core.problem import ProblemCode, Refused
from donations.core.statement import BalancePoint, Flow, Provenance, StatedTotal, StatementStart

OPENING, CLOSING, INTERIM = BalancePoint.OPENING, BalancePoint.CLOSING, BalancePoint.INTERIM


def start(statement: str) -> StatementStart:
    (found,) = (fact for fact in facts(document(statement)) if isinstance(fact, StatementStart))
    return found


def points(*inside: str) -> list[tuple[BalancePoint, int]]:
    return [(stated.point, stated.balance.minor) for stated in balances(HEAD + "".join(inside))]


def page(number: int, *, last: bool) -> str:
    return f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{'true' if last else 'false'}</LastPgInd></StmtPgntn>"


def test_the_start_says_account_currency_and_period() -> None:
    found = start(HEAD + entry())
    assert (found.account, found.currency) == (OWN, "EUR")
    assert (found.first_day, found.last_day) == (date(2026, 1, 1), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("statement", "currency"),
    [
        (balance("OPBD", "1.00") + entry(), "EUR"),
        (entry(), "EUR"),
        (f"<Acct><Ccy>USD</Ccy></Acct>{entry()}", "USD"),
        ("", None),
    ],
)
def test_the_currency_is_the_accounts_else_that_of_the_amounts(statement: str, currency: str | None) -> None:
    assert start(statement).currency == currency


def test_an_account_may_have_another_number_than_an_iban_and_none_is_found_out_later() -> None:
    other = "<Acct><Id><Othr><Id>12 345</Id></Othr></Id><Ccy>EUR</Ccy></Acct>"
    assert start(other + entry()).account == UnverifiedAccount("12345")
    with pytest.raises(Refused) as refused:
        reading(document(PERIOD + entry()))
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.MISSING_FIELD]


def test_a_currency_or_period_that_cannot_be_read_is_a_problem() -> None:
    assert codes(document(HEAD.replace("EUR", "€") + entry())) == [ProblemCode.BAD_CURRENCY]
    assert codes(document(HEAD.replace("2026-01-31", "31.01.2026") + entry())) == [ProblemCode.BAD_DATE]


@pytest.mark.parametrize(
    ("begins", "ends", "closing", "last"),
    [
        ("2026-01-01T00:00:00", "2026-01-31T23:59:59", "", date(2026, 1, 31)),
        ("2026-01-01T00:00:00+02:00", "2026-02-01T00:00:00+02:00", "", date(2026, 1, 31)),
        ("2026-01-01T00:00:00", "2026-02-01T00:00:00.000Z", balance("CLBD", "1", day="2026-01-31"), date(2026, 1, 31)),
        ("2026-01-01T00:00:00", "2026-01-31T00:00:00", balance("CLBD", "1", day="2026-01-31"), date(2026, 1, 31)),
        ("2026-01-31T00:00:00", "2026-01-31T00:00:00", "", date(2026, 1, 31)),
        ("2026-01-01", "2026-01-31", "", date(2026, 1, 31)),
    ],
)
def test_a_period_that_ends_at_midnight_ends_with_the_day_before_unless_midnight_is_only_a_date(
    begins: str, ends: str, closing: str, last: date
) -> None:
    period = f"<FrToDt><FrDtTm>{begins}</FrDtTm><ToDtTm>{ends}</ToDtTm></FrToDt>"
    assert start(HEAD.replace(PERIOD, period) + closing).last_day == last


def test_booked_balances_are_kept_and_available_ones_left_out() -> None:
    found = points(
        *(balance(code, "1.00") for code in ("OPAV", "CLAV", "FWAV", "INFO", "XPCD")),
        balance("OPBD", "2.00"),
        balance("ITBD", "3.00", way="DBIT"),
        balance("CLBD", "4.00"),
    )
    assert found == [(OPENING, 200), (INTERIM, -300), (CLOSING, 400)]


def test_a_previous_closing_balance_opens_only_where_nothing_else_says_the_same() -> None:
    assert points(balance("PRCD", "1.00")) == [(OPENING, 100)]
    assert points(balance("PRCD", "3.00"), balance("OPBD", "3.00")) == [(OPENING, 300)]
    assert points(balance("PRCD", "1.00"), balance("OPBD", "3.00")) == [(OPENING, 300), (OPENING, 100)]


def test_a_balance_without_a_direction_is_as_written() -> None:
    assert points(balance("OPBD", "5.00", way=""), balance("CLBD", "-5.00", way="")) == [
        (OPENING, 500),
        (CLOSING, -500),
    ]


@pytest.mark.parametrize(
    "unreadable",
    [
        balance("CLBD", ""),
        balance("CLBD", "1,00"),
        balance("CLBD", "1.00", way="C"),
        balance("CLBD", "-1.00"),
        balance("CLBD", "1.00", day="soon"),
    ],
)
def test_a_balance_that_cannot_be_read_proves_nothing_and_is_said(unreadable: str) -> None:
    assert points(unreadable) == []
    assert codes(document(HEAD + unreadable + entry())) == [ProblemCode.BALANCE_UNREADABLE]


def test_a_balance_may_stand_behind_the_entries() -> None:
    assert points(entry(), balance("CLBD", "10.00")) == [(CLOSING, 1000)]


@pytest.mark.parametrize(
    ("paging", "found"),
    [
        (page(1, last=False), [(OPENING, 100), (INTERIM, 200), (CLOSING, 300)]),
        (page(2, last=False), [(OPENING, 100), (INTERIM, 200), (CLOSING, 300)]),
        (page(1, last=True), [(OPENING, 100), (INTERIM, 200), (INTERIM, 300)]),
    ],
)
def test_a_page_ends_with_an_interim_balance_where_more_follow(
    paging: str, found: list[tuple[BalancePoint, int]]
) -> None:
    assert points(paging, balance("OPBD", "1"), balance("ITBD", "2"), balance("ITBD", "3")) == found


def test_a_statement_of_one_page_does_not_begin_with_an_interim_balance() -> None:
    assert points(balance("ITBD", "2"), balance("CLBD", "3")) == [(INTERIM, 200), (CLOSING, 300)]


def test_a_later_page_begins_with_an_interim_balance() -> None:
    found = points(page(2, last=True), balance("ITBD", "2"), balance("CLBD", "3"))
    assert found == [(OPENING, 200), (CLOSING, 300)]


SUMMARY = (
    "<TxsSummry><TtlNtries><NbOfNtries>{all}</NbOfNtries><Sum>99</Sum></TtlNtries>"
    "<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>{into}</Sum></TtlCdtNtries>"
    "<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>{out}</Sum></TtlDbtNtries></TxsSummry>"
)


@pytest.mark.parametrize("out", ["4.00", "-4.00"])
def test_announced_totals_are_stated_and_of_all_entries_only_the_count(out: str) -> None:
    statement = HEAD + SUMMARY.format(all=2, into="10.0", out=out) + entry() + entry(amount="4.00", way="DBIT")
    totals = [fact for fact in facts(document(statement)) if isinstance(fact, StatedTotal)]
    assert [(total.flow, total.count, total.minor) for total in totals] == [
        (Flow.ALL, 2, None),
        (Flow.IN, 1, 1000),
        (Flow.OUT, 1, 400),
    ]
    assert [notice.code for notice in reading(document(statement)).notices] == [ProblemCode.CANNOT_PROVE_WHOLE]


@pytest.mark.parametrize(("count", "into"), [(3, "10.00"), (2, "11.00")])
def test_entries_that_are_announced_and_not_there_refuse_the_file(count: int, into: str) -> None:
    statement = HEAD + SUMMARY.format(all=count, into=into, out="4.00") + entry() + entry(amount="4.00", way="DBIT")
    with pytest.raises(Refused) as refused:
        reading(document(statement))
    assert {problem.code for problem in refused.value.problems} == {ProblemCode.COUNT_MISMATCH}


def test_totals_are_not_held_against_a_statement_with_pending_entries() -> None:
    statement = HEAD + SUMMARY.format(all=3, into="20.00", out="4.00") + entry() + entry(status="PDNG")
    notices = [notice.code for notice in reading(document(statement)).notices]
    assert notices == [ProblemCode.PENDING_SKIPPED, ProblemCode.CANNOT_PROVE_WHOLE]


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([(1, True)], []),
        ([(1, False), (2, True)], []),
        ([(2, True), (1, False)], []),
        ([(1, False)], ["1"]),
        ([(2, True)], ["2"]),
        ([(1, False), (2, False)], ["1, 2"]),
        ([(1, False), (3, True)], ["1, 3"]),
    ],
)
def test_missing_pages_are_said_unless_the_file_holds_them(pages: list[tuple[int, bool]], said: list[str]) -> None:
    content = document(*(page(number, last=last) + HEAD + entry() for number, last in pages))
    notices = problems(content)
    assert [notice.code for notice in notices] == [ProblemCode.PAGE_MISSING] * len(said)
    assert [dict(notice.values)["page"] for notice in notices] == said


def test_pages_of_different_accounts_do_not_complete_each_other() -> None:
    other = HEAD.replace(OWN, "EE377700771000555017")
    content = document(page(1, last=False) + HEAD + entry(), page(2, last=True) + other + entry())
    assert codes(content) == [ProblemCode.PAGE_MISSING, ProblemCode.PAGE_MISSING]


def test_the_message_as_a_whole_may_be_a_page() -> None:
    group = "<MsgPgntn><PgNb>2</PgNb><LastPgInd>true</LastPgInd></MsgPgntn>"
    assert codes(document(HEAD + entry(), HEAD + entry(), group=group)) == [ProblemCode.PAGE_MISSING]
    assert codes(document(HEAD + entry(), group=group.replace("2", "1"))) == []


def provenance(head: str, group: str = "", period: str = PERIOD) -> Provenance:
    (start,) = (
        fact
        for fact in facts(document(head + HEAD.replace(PERIOD, period) + entry(), group=group))
        if isinstance(fact, StatementStart)
    )
    return start.provenance


def made(time: str) -> str:
    return f"<CreDtTm>2026-01-{time}</CreDtTm>"


@pytest.mark.parametrize(
    ("own", "group", "expected"),
    [
        (made("31T12:00:00"), made("31T18:00:00"), "2026-01-31T12:00:00+02:00"),
        ("", made("31T18:00:00+01:00"), "2026-01-31T18:00:00+01:00"),
        (made("31T23:59:59"), "<CreDtTm>2026-02-01T06:00:00</CreDtTm>", "2026-02-01T06:00:00+02:00"),
        (made("31T23:59:59"), made("31T23:59:59"), None),
        ("", "", None),
        ("<CreDtTm>eile</CreDtTm>", "", None),
    ],
)
def test_when_it_was_made_is_the_statements_own_moment_before_the_messages(
    own: str, group: str, expected: str | None
) -> None:
    moment = provenance(own, group).made_at
    assert (moment and moment.isoformat()) == expected


@pytest.mark.parametrize(
    ("period", "begins", "ends"),
    [
        ("<FrDtTm>2026-01-01T00:00:00</FrDtTm><ToDtTm>2026-01-31T23:59:59</ToDtTm>", None, "2026-01-31T23:59:59+02:00"),
        (
            "<FrDtTm>2026-01-01T08:00:00</FrDtTm><ToDtTm>2026-01-31T12:00:00Z</ToDtTm>",
            "2026-01-01T08:00:00+02:00",
            "2026-01-31T12:00:00+00:00",
        ),
        (
            "<FrDtTm>2026-01-01T00:00:00Z</FrDtTm><ToDtTm>2026-02-01T00:00:00</ToDtTm>",
            None,
            "2026-02-01T00:00:00+02:00",
        ),
        ("<FrDtTm>2026-01-05T00:00:00</FrDtTm><ToDtTm>2026-01-05T00:00:00</ToDtTm>", None, None),
        ("<FrDt>2026-01-01</FrDt><ToDt>2026-01-31</ToDt>", None, None),
    ],
)
def test_the_times_of_day_at_which_it_begins_and_ends_are_kept(
    period: str, begins: str | None, ends: str | None
) -> None:
    told = provenance("", period=f"<FrToDt>{period}</FrToDt>")
    assert (told.begins_at and told.begins_at.isoformat(), told.ends_at and told.ends_at.isoformat()) == (begins, ends)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12),
        ("0012", 12),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("-1", None),
        ("1.0", None),
        ("\u0661", None),
        ("", None),
    ],
)
def test_the_banks_numbers_are_whole_numbers_of_sane_length(written: str, number: int | None) -> None:
    told = provenance(f"<ElctrncSeqNb>{written}</ElctrncSeqNb><LglSeqNb>{written}</LglSeqNb>")
    assert (told.electronic_number, told.legal_number) == (number, number)


@pytest.mark.parametrize(
    ("mark", "is_copy"), [("COPY", True), ("CODU", True), ("DUPL", True), ("", False), ("x", False)]
)
def test_a_copy_is_marked(mark: str, is_copy: bool) -> None:
    assert provenance(f"<CpyDplctInd>{mark}</CpyDplctInd>").is_copy is is_copy


@pytest.mark.parametrize("owner", ["<Nm>MTÜ Rohutirts</Nm>", "<Pty><Nm>MTÜ Rohutirts</Nm></Pty>"])
def test_the_owner_of_the_account_is_kept(owner: str) -> None:
    statement = HEAD.replace("</Acct>", f"<Ownr>{owner}</Ownr></Acct>") + entry()
    assert reading(document(statement)).statements[0].provenance.owner == "MTÜ Rohutirts"


def test_pages_of_one_statement_may_be_made_at_different_moments() -> None:
    def page(number: int, is_last: str, second: int) -> str:
        marks = f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{is_last}</LastPgInd></StmtPgntn>"
        return f"<Id>S</Id>{marks}<CreDtTm>2026-02-01T06:00:0{second}</CreDtTm>{HEAD}{entry()}"

    assert ProblemCode.PAGE_MISSING not in codes(document(page(1, "false", 1), page(2, "true", 2)))
