"""Which lines are one payment: ids that decide, numbers given anew, batches, corrections; each imported as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from sqlmodel import col, exists, select
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import ALL

from donations.acts.pairing import leave_out
from donations.core.money import EUR, money_of
from donations.core.payment import PaymentId
from donations.core.problem import ProblemCode
from donations.core.refusal import Refusal
from donations.core.refusals.answers import AnswerCode
from donations.core.statement import BankId, Counterparty, IdScheme, Statement, StatementLine
from donations.store.payments.payments import attested_ids, load_payments
from donations.store.session import writing
from donations.store.statements.findings import Disagreement, disagreements
from donations.store.tables import AttestationRow, PaymentRow

ANU = "EE471000001020145685"
NOON = datetime.fromisoformat("2026-03-02T12:00+02:00")


def bank(*values: str, scheme: IdScheme = IdScheme.ACCOUNT_SERVICER) -> tuple[BankId, ...]:
    return tuple(BankId(scheme, value) for value in values)


def fitid(value: str) -> tuple[BankId, ...]:
    return bank(value, scheme=IdScheme.FITID)


def batch(on: str, *parts: StatementLine, ids: tuple[BankId, ...] = ()) -> StatementLine:
    total = sum(part.money.signed_minor for part in parts)
    return replace(line(on, total, ids=ids), parts=parts)


def amounts(book: Book) -> Counter[int]:
    attested = exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id))
    with book.reading() as session:
        return Counter(session.scalars(select(col(PaymentRow.minor)).where(attested)))


def kinds(book: Book) -> list[Disagreement]:
    with book.reading() as session:
        return [each.kind for each in disagreements(session)]


def in_every_order(fresh: FreshEngine, *files: Statement) -> Iterable[Book]:
    """Yield a book for each order of the files, all with one ledger and nothing broken.

    In `make test` there are so many orders as files, each with another one first.
    """
    orders = list(permutations(files))
    ledgers = set()
    for order in orders if ALL else orders[:: len(orders) // len(files)]:
        with fresh() as engine:
            book = Book(engine)
            for each in order:
                book.take(each)
            assert not book.broken()
            ledgers.add(book.ledger())
            yield book
    assert len(ledgers) == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"account": ANU}, id="payer's account"),
        pytest.param({"text": "Annetus teile"}, id="text"),
        pytest.param({"name": "Mari Tamm-Mets"}, id="name"),
        pytest.param({"e2e": "E2"}, id="end-to-end id"),
    ],
)
def test_one_id_of_the_bank_is_one_payment_whatever_else_it_corrected(
    fresh_sqlite: FreshEngine, other: dict[str, Any]
) -> None:
    def shown(*, name: str = "Mari Mets", account: str = MARI, text: str = "Annetus", e2e: str = "E1") -> StatementLine:
        ids = (*bank("A1B2C3D4"), BankId(IdScheme.END_TO_END, e2e))
        return line("03-06", 1000, name, account, text, ids=ids)

    files = statement("03-01", "03-10", shown()), statement("03-01", "03-12", shown(**other))
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == {1000: 1}
        assert kinds(book) == ([Disagreement.CORRECTED] if "account" in other else [])


def test_a_gift_follows_a_corrected_account(fresh_sqlite: FreshEngine) -> None:
    was = statement("03-01", "03-10", gift("03-06", 1000, ids=bank("A1B2C3D4")), made=NOON)
    now = statement("03-01", "03-10", gift("03-06", 1000, "Jaan Tamm", JAAN, ids=bank("A1B2C3D4")))
    for book in in_every_order(fresh_sqlite, was, now):
        with book.reading() as session:
            (payment,) = load_payments(session, attested_ids(session))
        assert (payment.counterparty.name, payment.counterparty.account) == ("Jaan Tamm", JAAN)
        assert b"jaan tamm" in book.ledger()


def test_a_line_with_the_old_content_is_still_the_corrected_payment(fresh_sqlite: FreshEngine) -> None:
    was = statement("03-01", "03-10", gift("03-06", 1000, ids=bank("A1B2C3D4")))
    now = statement("03-01", "03-11", gift("03-06", 1000, "Jaan Tamm", JAAN, ids=bank("A1B2C3D4")))
    bare = statement("03-01", "03-12", gift("03-06", 1000))
    for book in in_every_order(fresh_sqlite, was, now, bare):
        assert amounts(book) == {1000: 1}


def week(prefix: str, *more: StatementLine, **terms: Any) -> Statement:
    own = (gift(f"03-0{at}", 1000 + at, ids=bank(f"{prefix}0000000{at}")) for at in range(1, 5))
    return statement("03-01", "03-04", *own, *more, opening=0, **terms)


def test_a_download_numbered_anew_with_one_payment_more(fresh_sqlite: FreshEngine) -> None:
    more = gift("03-04", 777, "Anu Kask", ANU, ids=bank("B00000005"))
    for book in in_every_order(fresh_sqlite, week("A", made=NOON), week("B", more)):
        assert amounts(book) == {1001: 1, 1002: 1, 1003: 1, 1004: 1, 777: 1}
        assert kinds(book) == []


def test_half_a_day_numbered_per_download_without_opening_balances(fresh_sqlite: FreshEngine) -> None:
    noon = [gift("03-02", 1000, ids=fitid("A0")), gift("03-02", 2000, "Jaan Tamm", JAAN, ids=fitid("A1"))]
    evening = [replace(each, ids=fitid(f"B{at}")) for at, each in enumerate(noon)]
    more = gift("03-02", 700, "Anu Kask", ANU, ids=fitid("B2"))
    files = (
        statement("03-01", "03-01", gift("03-01", 100, ids=fitid("P0")), closing=100, made=None),
        statement("03-02", "03-02", *noon, closing=3100, made=None),
        statement("03-02", "03-02", *evening, more, closing=3800, made=None),
    )
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == {100: 1, 1000: 1, 2000: 1, 700: 1}


def test_a_download_numbered_anew_that_begins_inside_a_day(fresh_sqlite: FreshEngine) -> None:
    """What its first day began with it cannot say; what the next one began with, both do."""
    morning, next_day = gift("03-01", 3000, ids=bank("A00000001")), gift("03-02", 1000, ids=bank("A00000002"))
    whole = statement("03-01", "03-03", morning, next_day, opening=0)
    since_noon = statement("03-01", "03-03", replace(next_day, ids=bank("B00000002")), opening=3000)
    for book in in_every_order(fresh_sqlite, whole, since_noon):
        assert amounts(book) == {3000: 1, 1000: 1}


def test_a_download_numbered_anew_in_which_the_bank_corrected_an_account(fresh_sqlite: FreshEngine) -> None:
    """The corrected payment may be two, and that is said; the others are not doubled for it."""
    was = [gift("03-01", 1000, ids=bank("A00000001")), gift("03-02", 2000, "Jaan Tamm", JAAN, ids=bank("A00000002"))]
    now = [gift("03-01", 1000, account=ANU, ids=bank("B00000001")), replace(was[1], ids=bank("B00000002"))]
    for book in in_every_order(fresh_sqlite, *(statement("03-01", "03-03", *each, made=None) for each in (was, now))):
        assert amounts(book) == {1000: 2, 2000: 1}
        assert {*kinds(book)} == {Disagreement.ORPHAN}


def test_what_balances_of_days_that_only_one_shows_hold_by_chance_tells_nothing(fresh_sqlite: FreshEngine) -> None:
    """Before the first day of both the one held 5.00 and the other nothing: they are not one download again."""
    files = (
        statement("03-01", "03-05", gift("03-01", 500), gift("03-04", 1000, ids=bank("AAAA1111")), opening=0),
        statement("03-03", "03-10", gift("03-04", 1000, ids=bank("BBBB2222")), opening=0),
    )
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == {500: 1, 1000: 2}


def test_an_id_that_is_repeated_on_the_day_in_common_proves_nothing_of_those_beside(fresh_sqlite: FreshEngine) -> None:
    rows = (gift("03-05", 1000, ids=bank("AAAA1111")), gift("03-05", 2000, "Jaan Tamm", JAAN, ids=bank("AAAA1111")))
    apart = (replace(each, ids=bank(f"BBBB222{at}")) for at, each in enumerate(rows))
    files = (
        statement("03-01", "03-05", gift("03-02", 500, ids=bank("CCCC3333")), *rows),
        statement("03-05", "03-10", *apart, gift("03-07", 700, ids=bank("CCCC3333"))),
    )
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == {500: 1, 700: 1, 1000: 1, 2000: 1}
        assert kinds(book) == [Disagreement.CONFLICT]


@pytest.mark.parametrize("says", [(True, False), (False, True)])
def test_one_file_that_calls_a_payment_a_reversal_is_enough(fresh_sqlite: FreshEngine, says: tuple[bool, bool]) -> None:
    files = (
        statement(
            "03-01", f"03-{10 + at}", line("03-06", -1000, "Mari Mets", MARI, ids=bank("A1B2C3D4"), is_reversal=each)
        )
        for at, each in enumerate(says)
    )
    for book in in_every_order(fresh_sqlite, *files):
        with book.reading() as session:
            assert [each.is_reversal for each in load_payments(session, [PaymentId(1)])] == [True]


def test_one_line_alone_is_numbered_anew_too(fresh_sqlite: FreshEngine) -> None:
    files = (
        statement("03-02", "03-02", gift("03-02", 1000, ids=fitid("X1")), made=None),
        statement("03-01", "03-05", gift("03-02", 1000, ids=fitid("Y1"))),
    )
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == {1000: 1}


def test_rows_counted_anew_in_each_file_are_no_ids(fresh_sqlite: FreshEngine) -> None:
    """Number 1 is another payment in each file: such ids neither join nor part, and nothing contradicts."""
    first = [gift("03-01", 1000, ids=fitid("1")), gift("03-02", 2000, "Jaan Tamm", JAAN, ids=fitid("2"))]
    later = [replace(first[1], ids=fitid("1")), gift("03-03", 700, "Anu Kask", ANU, ids=fitid("2"))]
    for book in in_every_order(fresh_sqlite, statement("03-01", "03-02", *first), statement("03-02", "03-03", *later)):
        assert amounts(book) == {1000: 1, 2000: 1, 700: 1}
        assert kinds(book) == []


def test_rows_counted_anew_after_one_that_vanished_are_no_ids(fresh_sqlite: FreshEngine) -> None:
    """The first rows keep their numbers; from the vanished row on, each number is another payment."""
    first = [gift(f"03-0{at}", 1000 + at, ids=fitid(f"{at}")) for at in range(1, 6)]
    later = [*first[:3], replace(first[4], ids=fitid("4"), text="Annetus Irina"), gift("03-07", 700, ids=fitid("5"))]
    for book in in_every_order(fresh_sqlite, statement("03-01", "03-06", *first), statement("03-01", "03-08", *later)):
        assert amounts(book) == {1001: 1, 1002: 1, 1003: 1, 1004: 1, 1005: 1, 700: 1}


def test_rows_counted_anew_after_one_that_moved_are_no_ids(fresh_sqlite: FreshEngine) -> None:
    """One number agrees and one clashes; the later download has a twin more."""
    rent, twin = line("03-01", -4200, "Kinnisvara OÜ", JAAN), gift("03-05", 1000)
    noon = [replace(each, ids=fitid(f"N{at}")) for at, each in enumerate((rent, twin), 1)]
    moved = gift("03-04", 1000, "Anu Kask", ANU)
    later = [replace(each, ids=fitid(f"N{at}")) for at, each in enumerate((rent, moved, twin, twin), 1)]
    for book in in_every_order(fresh_sqlite, statement("03-01", "03-05", *noon), statement("03-01", "03-06", *later)):
        assert amounts(book) == {-4200: 1, 1000: 3}


def test_twins_of_different_halves_of_a_day_are_two(fresh_sqlite: FreshEngine) -> None:
    morning = statement("03-02", "03-02", gift("03-02", 1000), opening=500, made=NOON)
    evening = statement("03-02", "03-02", gift("03-02", 1000), opening=1500)
    whole = statement("03-01", "03-03", gift("03-02", 1000), gift("03-02", 1000), opening=500)
    for book in in_every_order(fresh_sqlite, morning, evening, whole):
        assert amounts(book) == {1000: 2}


def test_twins_known_by_ids_stay_two_where_a_file_without_ids_shows_one_day(fresh_sqlite: FreshEngine) -> None:
    twins = [gift("03-02", 1000, ids=bank(f"A1B2C3D{at}")) for at in (1, 2)]
    for book in in_every_order(
        fresh_sqlite,
        statement("03-01", "03-05", *twins),
        statement("03-02", "03-02", gift("03-02", 1000), gift("03-02", 1000)),
    ):
        assert amounts(book) == {1000: 2}


PARTS = gift("03-31", 1000), gift("03-31", 2000, "Jaan Tamm", JAAN)


def test_a_total_never_takes_a_payer_out_of_the_books(fresh_sqlite: FreshEngine) -> None:
    shown = (*PARTS, gift("03-31", 3000, "Anu Kask", ANU))
    for named in (shown, tuple(replace(each, counterparty=replace(each.counterparty, account=None)) for each in shown)):
        csv = statement("03-01", "03-31", *named, made=None)
        camt = statement("03-01", "03-31", batch("03-31", *PARTS, ids=bank("BATCH0001")))
        for book in in_every_order(fresh_sqlite, csv, camt):
            assert amounts(book) == {1000: 1, 2000: 1, 3000: 1}


def test_a_line_that_names_nobody_or_has_the_entrys_id_stands_for_the_whole_batch(fresh_sqlite: FreshEngine) -> None:
    camt = statement("03-01", "03-31", batch("03-31", *PARTS, ids=bank("BATCH0001")))
    for total in (line("03-31", 3000), line("03-31", 3000, "Swedbank AS", ids=bank("BATCH0001"))):
        for book in in_every_order(fresh_sqlite, statement("03-01", "03-31", total), camt):
            assert amounts(book) == {1000: 1, 2000: 1}
            assert kinds(book) == []


def test_a_file_that_shows_the_parts_shows_no_total_of_them(fresh_sqlite: FreshEngine) -> None:
    csv = statement("03-01", "03-31", *PARTS, line("03-31", 3000))
    camt = statement("03-01", "03-31", batch("03-31", *PARTS, ids=bank("BATCH0001")), line("03-31", 3000))
    for book in in_every_order(fresh_sqlite, csv, camt):
        assert amounts(book) == {1000: 1, 2000: 1, 3000: 1}


def test_a_total_and_a_single_gift_of_one_of_its_givers(fresh_sqlite: FreshEngine) -> None:
    csv = statement("03-01", "03-31", line("03-31", 3000), gift("03-31", 1000))
    camt = statement("03-01", "03-31", batch("03-31", *PARTS, ids=bank("BATCH0001")), gift("03-31", 1000))
    for book in in_every_order(fresh_sqlite, csv, camt):
        assert amounts(book) == {1000: 2, 2000: 1}


def test_of_two_splits_of_one_entry_the_fuller_counts(fresh_sqlite: FreshEngine) -> None:
    three = [gift("03-01", 1000), gift("03-01", 1000, "Jaan Tamm", JAAN), gift("03-01", 1000, "Anu Kask", ANU)]
    two = [gift("03-01", 1000), gift("03-01", 2000, "Jaan Tamm", JAAN)]
    files = (
        statement("03-01", "03-01", batch("03-01", *three, ids=bank("BATCH0001")), opening=0),
        statement("03-01", "03-01", batch("03-01", *two, ids=bank("BATCH0001")), opening=0),
        statement("03-01", "03-02", line("03-01", 3000, ids=bank("BATCH0001")), opening=0),
    )
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == {1000: 3}
        assert set(kinds(book)) == {Disagreement.SPLIT}


@pytest.mark.parametrize("order", [(3, 2), (2, 3)])
def test_the_import_says_that_another_file_splits_an_entry_otherwise(
    fresh_sqlite: FreshEngine, order: tuple[int, int]
) -> None:
    """Whichever counts: a donor's sum may change by it without a question."""
    parts = {
        3: [gift("03-01", 1000), gift("03-01", 1000, "Jaan Tamm", JAAN), gift("03-01", 1000, "Anu Kask", ANU)],
        2: [gift("03-01", 1000), gift("03-01", 2000, "Jaan Tamm", JAAN)],
    }
    with fresh_sqlite() as engine:
        said = [
            [each.code for each in result.problems]
            for number in order
            for result in [
                Book(engine).take(
                    statement("03-01", "03-01", batch("03-01", *parts[number], ids=bank("BATCH0001")), opening=0)
                )
            ]
        ]
        unrelated = Book(engine).take(statement("03-01", "03-02", line("03-02", 700), opening=3000))
    assert said == [[], [ProblemCode.OTHER_SPLIT]]
    assert ProblemCode.OTHER_SPLIT not in [each.code for each in unrelated.problems]


def test_the_total_of_one_entry_is_no_part_of_another(fresh_sqlite: FreshEngine) -> None:
    small = batch("03-05", gift("03-05", 500), gift("03-05", 1000), ids=bank("BATCH0001"))
    large = batch("03-05", *(gift("03-05", minor) for minor in (1500, 1500, 1000)), ids=bank("BATCH0002"))
    totals = line("03-05", 1500), line("03-05", 4000)
    files = (statement("03-01", "03-10", *lines) for lines in (totals, [small], [large]))
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == {500: 1, 1000: 2, 1500: 2}


def test_a_single_gift_is_not_a_part_of_another_split(fresh_sqlite: FreshEngine) -> None:
    """Mari's single gift is the same in both files, and stands beside the part that only one split has."""
    single = gift("03-01", 1000)
    for others in ([1000, 2000], [1100, 1900]), ([1100, 1900], [1000, 2000]):
        splits = ([gift("03-01", one), gift("03-01", rest, "Jaan Tamm", JAAN)] for one, rest in others)
        files = [
            statement("03-01", "03-01", batch("03-01", *split, ids=bank("BATCH0001")), single, opening=0)
            for split in splits
        ]
        for book in in_every_order(fresh_sqlite, *files):
            assert amounts(book) in ({1000: 2, 2000: 1}, {1000: 1, 1100: 1, 1900: 1})


@pytest.mark.parametrize("also", ["parts", "total"])
def test_a_list_of_lines_is_another_split_of_the_entry_and_counts(fresh_sqlite: FreshEngine, also: str) -> None:
    same, mari, jaan = gift("03-05", 500, "Anu Kask", ANU), gift("03-05", 1000), gift("03-05", 3000, "Jaan Tamm", JAAN)
    otherwise = replace(mari, money=money_of(1100, EUR)), replace(jaan, money=money_of(2900, EUR))
    entry = statement("03-01", "03-10", batch("03-05", *otherwise, same, ids=bank("BATCH0001")))
    named = [replace(each, counterparty=Counterparty(name=each.counterparty.name)) for each in (mari, jaan, same)]
    third = {"parts": batch("03-05", mari, jaan, same, ids=bank("BATCH0001")), "total": line("03-05", 4500)}[also]
    files = entry, statement("03-01", "03-10", *named), statement("03-01", "03-12", third)
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == {500: 1, 1000: 1, 3000: 1}
        assert kinds(book) == [Disagreement.SPLIT] * 2  # not of the part on which they agree
        assert b"anu kask" in book.ledger()  # whose account only the entry shows


def test_a_list_counts_whole_until_it_is_undone(fresh_sqlite: FreshEngine) -> None:
    entry = statement("03-01", "03-10", batch("03-05", gift("03-05", 1100), gift("03-05", 2900, "Jaan Tamm", JAAN)))
    rows = statement("03-01", "03-10", gift("03-05", 1000), gift("03-05", 3000, "Jaan Tamm", JAAN))
    for undone, left in (1, {1000: 1, 3000: 1}), (2, {1100: 1, 2900: 1}):
        with fresh_sqlite() as engine:
            book = Book(engine)
            book.take(entry)
            book.take(rows)
            with pytest.raises(Refusal) as refusal, writing(engine) as session:
                leave_out(session, book.payment("03-05", 1000), reason="none", by="treasurer", now=NOW)
            assert refusal.value.code is AnswerCode.PART_OF_BATCH
            book.undo(undone)
            assert amounts(book) == left
            assert not book.broken()


def test_the_split_that_a_list_shows_counts_before_a_fuller_one(fresh_sqlite: FreshEngine) -> None:
    three = [gift("03-01", 1000), gift("03-01", 1000, "Jaan Tamm", JAAN), gift("03-01", 1000, "Anu Kask", ANU)]
    two = [gift("03-01", 1000), gift("03-01", 2000, "Jaan Tamm", JAAN)]
    files = (
        statement("03-01", "03-01", batch("03-01", *three, ids=bank("BATCH0001")), opening=0),
        statement("03-01", "03-01", batch("03-01", *two, ids=bank("BATCH0001")), opening=0),
        statement("03-01", "03-02", *two, opening=0),
    )
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == {1000: 1, 2000: 1}
        assert set(kinds(book)) == {Disagreement.SPLIT}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([gift("03-05", 1000, "Anu Kask", ANU), gift("03-05", 3000, "Jaan Tamm", JAAN)], id="payer"),
        pytest.param([gift("03-05", 1000), gift("03-05", 3100, "Jaan Tamm", JAAN)], id="sum"),
        pytest.param([gift("03-05", 4000, "Jaan Tamm", JAAN)], id="count"),
        pytest.param([gift("03-06", 1000), gift("03-06", 3000, "Jaan Tamm", JAAN)], id="day"),
    ],
)
def test_lines_that_are_no_other_split_of_an_entry_all_count(
    fresh_sqlite: FreshEngine, rows: list[StatementLine]
) -> None:
    parts = gift("03-05", 1100), gift("03-05", 2900, "Jaan Tamm", JAAN)
    files = statement("03-01", "03-10", batch("03-05", *parts)), statement("03-01", "03-10", *rows)
    for book in in_every_order(fresh_sqlite, *files):
        assert amounts(book) == Counter(each.money.signed_minor for each in (*parts, *rows))


def test_a_row_that_stands_twice_with_one_id_is_asked(book: Book) -> None:
    book.take(statement("03-01", "03-31", *[gift("03-05", 1000, ids=bank("A1B2C3D4"))] * 2))
    assert amounts(book) == {1000: 2}
    assert kinds(book) == [Disagreement.REPEATED]


def test_a_payment_that_a_later_file_moved_is_asked_with_its_new_day(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1000), made=NOW))
    book.take(statement("03-01", "03-31", gift("03-06", 1000), made=NOW))
    with book.reading() as session:
        (asked,) = disagreements(session)  # one question about the two
    assert asked.kind is Disagreement.ORPHAN
    assert {asked.payment, asked.other} == {1, 2}


def test_what_a_payment_is_without_names_is_kept_with_it(book: Book) -> None:
    whole = replace(line("03-05", 3000), counterparty=Counterparty())
    book.take(statement("03-01", "03-31", whole))
    assert amounts(book) == {3000: 1}
