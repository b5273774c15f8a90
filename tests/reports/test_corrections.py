"""Every report of a closed month says so, and the corrections are a report of their own."""

from __future__ import annotations

from datetime import date
from functools import partial

from tests.book import NOW, Book, gift, statement

from donations.acts.closing import close, reopen
from donations.acts.offering import Answer
from donations.core.calendar import Month, Period
from donations.core.payment import Purpose
from donations.reports.corrections import corrections_of
from donations.reports.gifts import donors, gifts
from donations.reports.month import months
from donations.reports.reconciliation import reconciliation
from donations.store.session import writing

JANUARY = Period.of(year=2026, month=1)


def close_january(book: Book) -> None:
    with writing(book.engine) as session:
        close(
            session, Month(2026, 1), by="Mari", now=NOW, today=date(2026, 7, 1), reasons=lambda _: "the payer is silent"
        )


def test_every_report_of_a_closed_month_says_who_closed_it_and_why_all_the_same(quarter: Book) -> None:
    close_january(quarter)
    with quarter.reading() as session:
        compared = partial(reconciliation, today=date(2026, 7, 1))
        for report in (gifts, donors, months, compared):
            said = {note.code: note.text for note in report(session, JANUARY).notes}
            assert said["month_closed"] == "2026-01 was closed on 2026-07-01 by Mari."
            assert said["closed_with_reason"] == (
                "2026-01: closed all the same (open questions: 1), because: the payer is silent"
            )
            assert "months_corrected" not in said
        assert "month_closed" not in {note.code for note in gifts(session, Period.of(year=2026, month=2)).notes}


def test_a_month_opened_again_is_told_too(quarter: Book) -> None:
    close_january(quarter)
    with writing(quarter.engine) as session:
        reopen(session, Month(2026, 1), by="Jaan", now=NOW, reason="a wrong donor")
    with quarter.reading() as session:
        said = [note.text for note in months(session, JANUARY).notes if note.code == "month_reopened"]
    assert said == ["2026-01, closed on 2026-07-01, was opened again on 2026-07-01 by Jaan, because: a wrong donor"]


def test_corrections_are_listed_with_their_reasons(quarter: Book) -> None:
    close_january(quarter)
    quarter.answer(quarter.payment("01-22", 700), Answer(purpose=Purpose.INCOME, reason="invoice 7"))
    late = gift("01-25", 300, "Uus Uudo", "EE229600001000000012")
    quarter.take(statement("01-25", "01-25", late))
    payment = quarter.payment("01-25", 300)
    with quarter.reading() as session:
        table = corrections_of(session, JANUARY)
        said = {note.text for note in months(session, JANUARY).notes if note.code in {"months_corrected", "correction"}}
        year = [note.code for note in months(session, Period.of(year=2026)).notes]
    assert {
        "Corrections since closing: 2026-01 (3). The figures here are those of now.",
        "Corrected on 2026-07-01 by treasurer: Other income, 7.00 EUR, payment 5. invoice 7",
        f"Corrected on 2026-07-01 by treasurer: Payment, 3.00 EUR, payment {payment}. Import 5 came.",
    } <= said
    assert year.count("months_corrected") == 1
    assert "correction" not in year  # a year's are a report of their own
    named = table.by_key()
    assert [(row["what"], row["minor"], row["why"], row["by"]) for row in named if row["what"] != "gift"] == [
        ("payment", 300, "Import 5 came.", "treasurer"),
        ("income", 700, "invoice 7", "treasurer"),
    ]
    assert {row["month"] for row in named} == {"2026-01"}
    assert b"invoice 7" in table.to_csv()
