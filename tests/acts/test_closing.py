"""Closing freezes a month; whatever comes later is a dated correction, and both together are the books as they are."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, NOW, OTHER_OWN, OWN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples, of_rules

from donations.acts.answering import answer, take_back
from donations.acts.closing import close, prospect, reopen
from donations.acts.offering import Answer
from donations.acts.pairing import bring_back, leave_out
from donations.acts.promise import promise_of
from donations.acts.proving import proofs
from donations.core.calendar import Month
from donations.core.donor import DonorId
from donations.core.payment import Act, Cause, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.statement import Statement, StatementLine
from donations.ledger.figures import added
from donations.ledger.obstacles import ObstacleKind, SetAside, read
from donations.reports.checking import check
from donations.reports.month import figures
from donations.store.months import (
    Closing,
    Correction,
    changes,
    closed_months,
    closed_months_touched,
    closings,
    closings_in_force,
    corrections,
    count_corrections,
)
from donations.store.payments.payments import attested_ids
from donations.store.session import writing

JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)
TODAY = date(2026, 7, 1)


def closed(book: Book, month: Month = JANUARY, *, reason: str = "", today: date = TODAY) -> Closing:
    with writing(book.engine) as session:
        return close(session, month, by="treasurer", now=NOW, today=today, reasons=lambda _: reason)


def reopened(book: Book, month: Month, *, reason: str = "a wrong answer") -> None:
    with writing(book.engine) as session:
        reopen(session, month, by="treasurer", now=NOW, reason=reason)


def in_the_way(book: Book, month: Month, *, today: date = TODAY) -> list[ObstacleKind]:
    with book.reading() as session:
        return [each.kind for each in prospect(session, month, today=today).obstacles]


def corrected(book: Book) -> list[Correction]:
    with book.reading() as session:
        return corrections(session, closings_in_force(session).values(), start=0, size=1000)


def january(*more: StatementLine) -> Statement:
    lines = (gift("01-05", 1_000), gift("01-20", 2_500, "Jaan Tamm", JAAN), line("01-31", -250), *more)
    return statement("01-01", "01-31", *lines, opening=10_000)


def assert_adds_up(book: Book) -> None:
    """Frozen figures and what changed since are the figures now, for every closed month."""
    with book.reading() as session:
        standing, proved = closings_in_force(session), proofs(session)
        changed = changes(session, standing.values())
        for month, closing in standing.items():
            since = (each.sums for each in changed.get(closing.id, ()))
            assert added([closing.figures.sums, *since]) == figures(session, month, proved).sums
        assert not check(session, ["closings_chained", "closed_months_add_up"]).broken


_DAYS = ["01-02", "01-02", "01-31", "02-01", "02-14"]
_LINES = st.one_of(
    st.builds(gift, st.sampled_from(_DAYS), st.sampled_from([1_000, 2_000])),
    st.builds(gift, st.sampled_from(_DAYS), st.just(700), st.just("Jaan Tamm"), st.just(JAAN)),
    st.builds(line, st.sampled_from(_DAYS), st.sampled_from([-300, -1_000, 900]), st.just("Keegi"), st.just(MARI)),
)


@dataclass(frozen=True)
class Doing:
    """What somebody does, with everything that any of the acts needs."""

    act: str
    lines: list[StatementLine]
    account: str
    which: int
    """Of the payments or imports that there are then."""
    said: Answer


def in_order(lines: list[StatementLine]) -> list[StatementLine]:
    return sorted(lines, key=lambda each: each.booked_on)


def doings(*acts: str) -> st.SearchStrategy[Doing]:
    purposes = st.sampled_from([Purpose.GIFT, Purpose.INCOME, Purpose.COST, Purpose.REFUND])
    donors = st.just("Uus Annetaja") | st.just(DonorId(1))
    parts = st.none() | st.integers(1, 900)
    return st.builds(
        Doing,
        act=st.sampled_from(acts),
        lines=st.lists(_LINES, min_size=1, max_size=6).map(
            lambda found: sorted(found, key=lambda each: each.booked_on)
        ),
        account=st.sampled_from([OWN, OTHER_OWN]),
        which=st.integers(0, 20),
        said=st.builds(Answer, purpose=purposes, reason=st.just("because"), donor=donors, minor=parts),
    )


@of_rules()
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    before=st.lists(doings("import"), min_size=1, max_size=2),
    closing=doings("close"),
    after=st.lists(
        doings("import", "undo", "answer", "take back", "leave out", "bring back", "close", "reopen"), max_size=6
    ),
)
def test_frozen_figures_and_corrections_are_the_figures_now(
    fresh_engine: FreshEngine, before: list[Doing], closing: Doing, after: list[Doing]
) -> None:
    with fresh_engine() as engine:
        book, imported = Book(engine), list[int]()
        for each in (*before, closing, *after):
            with contextlib.suppress(Refusal):
                do(each, book, imported)
        assert_adds_up(book)


def do(doing: Doing, book: Book, imported: list[int]) -> None:
    with book.reading() as session:
        payments = sorted(attested_ids(session))
        months = closed_months(session)
    if doing.act == "import":
        file_id = book.take(statement("01-01", "02-28", *doing.lines, account=doing.account)).file_id
        imported += [file_id] if file_id is not None and file_id not in imported else []
    elif doing.act == "undo" and imported:
        book.undo(imported.pop(doing.which % len(imported)))
    elif doing.act == "close":
        closed(book, FEBRUARY if months else JANUARY, reason="it has to be done")
    elif doing.act == "reopen" and months:
        reopened(book, months[-1])
    elif doing.act == "bring back":
        with writing(book.engine) as session:
            bring_back(session, 1, by="treasurer", now=NOW)
    elif payments:
        decide(doing, book, payments[doing.which % len(payments)])


def decide(doing: Doing, book: Book, payment: PaymentId) -> None:
    with writing(book.engine) as session:
        if doing.act == "answer":
            answer(session, payment, doing.said, by="treasurer", now=NOW)
        elif doing.act == "take back":
            take_back(session, payment, by="treasurer", now=NOW)
        elif doing.act == "leave out":
            leave_out(session, payment, reason="shown twice", by="treasurer", now=NOW)


def test_a_month_that_is_proven_and_answered_is_closed(book: Book) -> None:
    book.take(january())
    assert in_the_way(book, JANUARY) == []
    closing = closed(book, reason="none is needed")
    assert closing.seal.reason is None  # nothing was in the way
    assert [each.given for each in closing.figures.appeals] == [3_500]
    assert (closing.figures.accounts[0].opening, closing.figures.accounts[0].bank_closing) == (10_000, 13_250)


def test_a_question_needs_a_written_reason(book: Book) -> None:
    book.take(january(line("01-31", 900, "Keegi", MARI)))
    assert in_the_way(book, JANUARY) == [ObstacleKind.QUESTIONS_OPEN]
    for reason in ("", "  "):
        with pytest.raises(Refusal) as refused:
            closed(book, reason=reason)
        assert str(refused.value.code) == "reason_needed"
    kept = closed(book, reason=" the payer does not\n answer ").seal.reason
    assert read(kept) == [SetAside(kind=ObstacleKind.QUESTIONS_OPEN, count=1, reason="the payer does not answer")]


def test_months_are_closed_in_order(book: Book) -> None:
    book.take(january())
    book.take(statement("02-01", "02-28", opening=13_250))
    book.take(statement("03-01", "03-31", gift("03-02", 1_000), opening=13_250))
    assert in_the_way(book, MARCH) == [ObstacleKind.EARLIER_OPEN]
    with pytest.raises(Refusal):
        closed(book, MARCH, reason="all the same")
    closed(book)
    assert in_the_way(book, MARCH) == []  # nothing moved in February, so it may stay open
    closed(book, MARCH)
    closed(book, FEBRUARY)
    assert_adds_up(book)


@pytest.mark.parametrize(("today", "over"), [("2026-01-31", False), ("2026-02-01", True)])
def test_a_month_is_closed_when_it_is_over(book: Book, today: str, *, over: bool) -> None:
    book.take(january())
    assert in_the_way(book, JANUARY, today=date.fromisoformat(today)) == ([] if over else [ObstacleKind.NOT_OVER])


def test_an_account_whose_statement_was_forgotten_is_in_the_way_until_it_is_ended(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 700), opening=0, account=OTHER_OWN))
    book.take(january(), statement("02-01", "02-28", opening=13_250))
    closed(book)
    assert in_the_way(book, FEBRUARY) == [ObstacleKind.DAYS_MISSING]
    book.take(statement("02-01", "02-05", line("02-05", -700, "Meie", OWN), opening=700, account=OTHER_OWN))
    assert in_the_way(book, MARCH) == [ObstacleKind.NO_STATEMENT]
    book.take(statement("03-01", "03-31", opening=13_250))
    closed(book, FEBRUARY, reason="the account was closed on the 5th")
    assert in_the_way(book, MARCH) == [ObstacleKind.DAYS_MISSING], "emptied is not ended: a person says so"


def promised_now(book: Book) -> str:
    with book.reading() as session:
        return promise_of(prospect(session, JANUARY, today=TODAY))


def test_closing_meets_what_was_promised(book: Book) -> None:
    book.take(january(line("01-31", 900, "Keegi", MARI)))
    promised = promised_now(book)
    book.answer(book.payment("01-31", 900), Answer(purpose=Purpose.INCOME, reason="a sale"))
    with pytest.raises(Refusal, match="preview_outdated"), writing(book.engine) as session:
        close(session, JANUARY, by="treasurer", now=NOW, today=TODAY, promised=promised)
    promised = promised_now(book)
    with writing(book.engine) as session:
        close(session, JANUARY, by="treasurer", now=NOW, today=TODAY, promised=promised)
    with book.reading() as session:
        assert closed_months(session) == [JANUARY]


def test_what_comes_later_is_a_dated_correction_with_its_reason(book: Book) -> None:
    book.take(january(line("01-31", 900, "Keegi", MARI)))
    closed(book, reason="it has to be done")
    answered = book.payment("01-31", 900)
    book.answer(answered, Answer(purpose=Purpose.INCOME, reason="a sale"))
    late = book.take(statement("01-01", "01-31", gift("01-07", 400, "Uus Uudo", "EE229600001000000012"))).file_id
    book.undo(late)
    said = [(each.change.purpose, each.change.minor, each.why) for each in reversed(corrected(book))]
    came, went = (Cause(act=act, by="treasurer", at=NOW, file_id=late) for act in (Act.IMPORTED, Act.UNDONE))
    assert [(minor, why) for purpose, minor, why in said if purpose is None] == [(400, came), (-400, went)]
    assert sorted(minor for purpose, minor, _ in said if purpose is Purpose.GIFT) == [-400, 400]
    assert [(minor, why.person) for purpose, minor, why in said if purpose is Purpose.INCOME] == [(900, "treasurer")]  # type: ignore[union-attr]
    assert_adds_up(book)
    with book.reading() as session:
        standing = closings_in_force(session)
        assert count_corrections(session, standing.values()) == {standing[JANUARY].id: 5}
        assert [len(corrections(session, standing.values(), start=at, size=2)) for at in (0, 2, 4)] == [2, 2, 1]


def test_a_person_who_leaves_a_payment_out_is_named(book: Book) -> None:
    book.take(january())
    closed(book)
    with writing(book.engine) as session:
        leave_out(session, book_payment := PaymentId(2), reason="shown twice", by="Mari", now=NOW)
    moved = [each for each in corrected(book) if each.change.purpose is None]
    assert [(each.payment, each.why) for each in moved] == [(book_payment, Cause(act=Act.DECIDED, by="Mari", at=NOW))]
    with writing(book.engine) as session:
        bring_back(session, 1, by="Jaan", now=NOW)
    assert [each.change.minor for each in corrected(book) if each.change.purpose is None] == [2_500, -2_500]
    assert_adds_up(book)


def test_a_later_month_corrects_nothing(book: Book) -> None:
    book.take(january())
    closed(book)
    book.take(statement("02-01", "02-28", gift("02-05", 1_000), opening=13_250))
    assert corrected(book) == []
    with book.reading() as session:
        january_payment, february_payment = book.payment("01-05", 1_000), book.payment("02-05", 1_000)
        assert closed_months_touched(session, [january_payment, february_payment]) == [JANUARY]
        assert closed_months_touched(session, [february_payment]) == []


def test_only_the_newest_closed_month_is_opened_again_and_stays_in_the_history(book: Book) -> None:
    book.take(january(), statement("02-01", "02-28", gift("02-05", 1_000), opening=13_250))
    closed(book)
    closed(book, FEBRUARY)
    for month, reason, code in (
        (JANUARY, "why not", "not_newest"),
        (FEBRUARY, " ", "reason_needed"),
        (MARCH, "why not", "not_closed"),
    ):
        with pytest.raises(Refusal) as refused:
            reopened(book, month, reason=reason)
        assert str(refused.value.code) == code
    reopened(book, FEBRUARY, reason="a wrong donor")
    reopened(book, JANUARY)
    closed(book)
    with book.reading() as session:
        history = closings(session)
        assert [(each.month, each.reopening is None) for each in history] == [
            (JANUARY, False),
            (FEBRUARY, False),
            (JANUARY, True),
        ]
        assert [each.seal.before for each in history] == ["", history[0].digest, history[1].digest]
        assert history[1].reopening is not None
        assert history[1].reopening.reason == "a wrong donor"
    assert_adds_up(book)


def test_equal_books_freeze_equal_figures(fresh_engine: FreshEngine) -> None:
    files = [january(), statement("01-05", "01-05", gift("01-05", 1_000))]
    written = set()
    for order in (files, files[::-1]):
        with fresh_engine() as engine:
            book = Book(engine)
            for each in order:
                book.take(each)
            written.add(closed(book).seal.figures)
    assert len(written) == 1
