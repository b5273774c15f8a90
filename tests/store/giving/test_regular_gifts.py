"""What is kept of regular giving is always the fold over the gifts that stand, however they came and went."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlmodel import col, select
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples

from donations.acts.merging import merge, unmerge
from donations.acts.offering import Answer
from donations.core.donor import DonorId
from donations.core.payment import Purpose
from donations.ledger.booking import live
from donations.ledger.rhythm import Beat, DatedGift, RhythmEvent, regular_gifts
from donations.reports.checking import check
from donations.store.donors import people
from donations.store.donors.merges import merges_of
from donations.store.donors.surviving import surviving_id
from donations.store.giving.streams import fill_regular_gifts
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payments import attested_ids
from donations.store.session import as_reader, writing
from donations.store.tables import DonorRow, PaymentRow
from donations.store.tables.derived import RegularDueRow, RegularGiftRow, RegularTurnRow

MONTHS = ("01", "02", "03", "04", "05", "06", "07", "08")


def kept(book: Book) -> set[tuple[object, ...]]:
    """Return what the database keeps: what is due next of whom, what is worth telling, and what was due on each day."""
    with book.reading() as session:
        return {
            *((row.donor_id, row.due, row.expected_minor) for row in session.exec(select(RegularGiftRow))),
            *(
                (row.donor_id, row.turn, row.due, row.day, row.expected_minor, row.minor, row.appeal_id)
                for row in session.exec(select(RegularTurnRow))
            ),
            *(
                (row.due, row.appeal_id, row.expected_minor, row.minor, row.gifts_expected, row.gifts_came)
                for row in session.exec(select(RegularDueRow))
            ),
        }


def folded(book: Book) -> set[tuple[object, ...]]:
    """Return the same, computed from the allocations alone."""
    gifts: defaultdict[DonorId, dict[int, DatedGift]] = defaultdict(dict)
    with book.reading() as session:
        payments = {row.id: row for row in session.exec(select(PaymentRow))}
        standing = dict(session.execute(select(col(DonorRow.id), surviving_id())).all())
        for rows in allocations_of(session, attested_ids(session)).values():
            for row in live(rows):
                if row.purpose is Purpose.GIFT and row.donor not in (None, 1):
                    of = gifts[DonorId(standing[row.donor])]
                    minor = row.amount.minor + (of[row.payment].minor if row.payment in of else 0)
                    of[row.payment] = DatedGift(
                        payment=row.payment,
                        day=payments[row.payment].booked_on,
                        minor=minor,
                        currency=row.amount.currency,
                        appeal=row.appeal or 0,  # type: ignore[arg-type]
                        account_id=payments[row.payment].account_id,
                    )
    found = [(donor, regular) for donor, of in gifts.items() for regular in regular_gifts(of.values())]
    due: defaultdict[tuple[date, int], list[Beat]] = defaultdict(list)
    turns = set()
    for donor, regular in found:
        appeal = 0
        for beat in regular.beats[:-1]:
            appeal = beat.gift.appeal if beat.gift else appeal
            came = beat.gift.minor if beat.gift else None
            if beat.expected is not None:
                due[beat.due, appeal].append(beat)
            if beat.turn not in (RhythmEvent.BEFORE, RhythmEvent.AS_USUAL):
                turns.add((donor, beat.turn, beat.due, beat.day, beat.expected, came, appeal))
    return {
        *((donor, regular.next_due, regular.usual) for donor, regular in found),
        *turns,
        *((day, appeal, *_summed(beats)) for (day, appeal), beats in due.items()),
    }


def _summed(beats: list[Beat]) -> tuple[int, int, int, int]:
    came = [beat.gift.minor for beat in beats if beat.gift is not None]
    return sum(beat.expected or 0 for beat in beats), sum(came), len(beats), len(came)


def month_of(book: Book, month: str, *days: tuple[int, int, str, str]) -> int | None:
    """Import one month: days, amounts, names and accounts."""
    gifts = [gift(f"{month}-{day:02}", minor, name, account) for day, minor, name, account in days]
    return book.take(statement(f"{month}-01", f"{month}-28", *gifts), name=f"{month}.xml").file_id


class Evening(NamedTuple):
    """A month's file, and what a person does after it was imported."""

    month: str
    gifts: list[tuple[int, int, str, str]]
    then: str


@st.composite
def evenings(draw: st.DrawFn) -> list[Evening]:
    """Return months, mostly one after the other, with a standing order that mostly comes, and gifts beside it."""
    payers = st.sampled_from([("Mari Mets", MARI), ("Jaan Tamm", JAAN)])
    beside = st.tuples(st.sampled_from([4, 7, 20]), st.sampled_from([500, 1_000, 2_500]), payers)
    order = st.tuples(st.sampled_from([5, 5, 5, 6, 9]), st.sampled_from([1_000, 1_000, 2_500]), payers)
    then = st.sampled_from([*[""] * 6, "undo", "answer", "merge", "unmerge"])
    return [
        Evening(
            month,
            [
                (day, minor, *payer)
                for day, minor, payer in draw(
                    st.tuples(st.lists(order, min_size=1, max_size=2), st.lists(beside, max_size=1)).map(
                        lambda both: both[0] + both[1]
                    )
                )
            ],
            draw(then),
        )
        for month in draw(st.just(MONTHS) | st.permutations(MONTHS))
    ]


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(evenings())
def test_any_order_and_whatever_people_do_keep_it_current(fresh_engine: FreshEngine, came: list[Evening]) -> None:
    with fresh_engine() as engine:
        book = Book(engine)
        for evening in came:
            file = month_of(book, evening.month, *evening.gifts)
            assert kept(book) == folded(book)
            person_does(book, evening, file)
            assert kept(book) == folded(book)
            assert not damage_is_told(book)


def person_does(book: Book, evening: Evening, file: int | None) -> None:
    """Take the file back, say that its first gift was none, or that the two donors are one or two."""
    if evening.then == "undo":
        book.undo(file)
    elif evening.then == "answer":
        day, minor, *_ = evening.gifts[0]
        book.answer(book.payment(f"{evening.month}-{day:02}", minor), Answer(purpose=Purpose.INCOME, reason="a ticket"))
    elif evening.then:
        with writing(book.engine) as session:
            one, other = DonorId(2), DonorId(3)
            standing = [each for each in merges_of(as_reader(session), one) if each.parted_by is None]
            if evening.then == "unmerge" and standing:
                unmerge(session, standing[0].id, by="treasurer", now=NOW)
            elif evening.then == "merge" and not standing and session.get(DonorRow, other) is not None:
                merge(session, other, into=one, reason="one person", by="treasurer", now=NOW)


def mari_gives(book: Book, *months: str) -> None:
    for month in months:
        month_of(book, month, (5, 1_000, "Mari Mets", MARI))


def turns(book: Book) -> list[str]:
    with book.reading() as session:
        return list(session.exec(select(RegularTurnRow.turn).order_by(col(RegularTurnRow.day))))


def test_a_person_s_answer_counts_too(book: Book) -> None:
    mari_gives(book, "01", "02")
    book.take(statement("03-01", "03-28", line("03-05", 1_000, "Mari Mets", MARI, "tere")))
    assert kept(book) == set()
    payment = book.payment("03-05", 1_000)
    book.answer(payment, Answer(purpose=Purpose.GIFT, reason="she said so", donor=book.donor("Mari Mets")))
    assert turns(book) == [RhythmEvent.BEGAN]
    assert kept(book) == folded(book)
    book.answer(payment, Answer(purpose=Purpose.INCOME, reason="a ticket"))
    assert kept(book) == set()


def test_what_was_split_between_two_appeals_is_one_gift(book: Book) -> None:
    mari_gives(book, "01", "02")
    book.take(statement("03-01", "03-28", line("03-05", 1_000, "Mari Mets", MARI, "tere")))
    payment, mari = book.payment("03-05", 1_000), book.donor("Mari Mets")
    for minor in (400, 600):
        book.answer(payment, Answer(purpose=Purpose.GIFT, reason="both", donor=mari, minor=minor))
    with book.reading() as session:
        assert [row.minor for row in session.exec(select(RegularTurnRow))] == [1_000]
    assert kept(book) == folded(book)


def test_a_gift_that_was_corrected_counts_for_the_appeal_it_is_for_now(book: Book) -> None:
    mari_gives(book, "01", "02", "03")
    with writing(book.engine) as session:
        roof = people.add_appeal(session, "Roof", keywords=(), references=())
    for month in ("01", "02", "03"):
        of_roof = Answer(purpose=Purpose.GIFT, reason="for the roof", donor=book.donor("Mari Mets"), appeal=roof)
        book.answer(book.payment(f"{month}-05", 1_000), of_roof)
    with book.reading() as session:
        assert set(session.exec(select(RegularGiftRow.appeal_id))) == {roof}


def test_merged_donors_are_one_and_taken_apart_two_again(book: Book) -> None:
    month_of(book, "01", (5, 1_000, "Mari Mets", MARI))
    month_of(book, "02", (5, 1_000, "M. Mets", JAAN))
    month_of(book, "03", (5, 1_000, "Mari Mets", MARI))
    mari, other = book.donor("Mari Mets"), book.donor("M. Mets")
    assert kept(book) == set()
    with writing(book.engine) as session:
        merge(session, other, into=mari, reason="one person", by="treasurer", now=NOW)
    with book.reading() as session:
        assert list(session.exec(select(RegularGiftRow.donor_id))) == [mari]
    assert kept(book) == folded(book)
    with writing(book.engine) as session:
        unmerge(session, 1, by="treasurer", now=NOW)
    assert kept(book) == set()


def test_nobody_is_the_anonymous_donor(book: Book) -> None:
    for month in ("01", "02", "03"):
        book.take(statement(f"{month}-01", f"{month}-28", line(f"{month}-05", 1_000, text="tere")))
        anonymous = Answer(purpose=Purpose.GIFT, reason="in the box", donor=DonorId(1))
        book.answer(book.payment(f"{month}-05", 1_000), anonymous)
    assert kept(book) == set()


def test_books_that_are_older_than_the_projection_are_filled(book: Book) -> None:
    mari_gives(book, "01", "02", "03")
    with writing(book.engine) as session:
        session.execute(delete(RegularGiftRow))
        session.execute(delete(RegularTurnRow))
        session.execute(delete(RegularDueRow))
    assert damage_is_told(book)
    with writing(book.engine) as session:
        fill_regular_gifts(session)
    assert kept(book) == folded(book) != set()
    assert not damage_is_told(book)


def test_an_amount_that_was_tampered_with_is_told(book: Book) -> None:
    mari_gives(book, "01", "02", "03")
    with writing(book.engine) as session:
        session.execute(text("UPDATE regular_gift SET expected_minor = 1"))
    assert damage_is_told(book)


def test_a_sum_that_was_tampered_with_is_told(book: Book) -> None:
    mari_gives(book, "01", "02", "03", "04")
    with writing(book.engine) as session:
        session.execute(text("UPDATE regular_due SET minor = minor + 1"))
    assert damage_is_told(book)


def damage_is_told(book: Book) -> bool:
    with book.reading() as session:
        return bool(check(session, ["regular_gifts_current"]).broken)


def test_it_is_kept_in_the_same_transaction(book: Book) -> None:
    mari_gives(book, "01", "02")
    with book.trying() as session:
        assert session.exec(select(col(RegularGiftRow.donor_id))).all() == []
    mari_gives(book, "03")
    assert turns(book) == [RhythmEvent.BEGAN]
