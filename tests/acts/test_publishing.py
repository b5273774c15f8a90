"""Publishing: closed and proven months become blocks; what changes later is a correction in the next one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel, col
from tests.book import JAAN, MARI, NOW, OWN, Book, gift, line, statement

from donations.acts import publishing
from donations.acts.accounts import end_account
from donations.acts.closing import close, reopen
from donations.acts.merging import merge
from donations.acts.offering import Answer
from donations.acts.promise import promise_of
from donations.acts.publishing import CLOSED_FOR, PublishingProspect, Stop, StopKind, prospect, publish
from donations.acts.registering import call, rename
from donations.core.calendar import Month
from donations.core.donor import AppealId
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.statement import StatementLine
from donations.published.blocks import FoldReason, Rules
from donations.published.document import Block, Goal, Snapshot, block_complaints
from donations.reports.checking import check
from donations.store.public import newest_snapshot, newest_snapshot_digest
from donations.store.publishing import PublishingTerms, blocks, history_of_terms, set_terms, terms
from donations.store.session import table_of, writing
from donations.store.tables import AttestationRow
from donations.store.tables.publishing import PublicSnapshotRow, PublishedBlockRow, PublishingTermsRow

LATER = NOW + CLOSED_FOR
US = "MTÜ Rohutirts"
_LAST_DAYS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30}


def gifts_in(month: int, count: int, *, minor: int = 1_000, first: int = 1) -> list[StatementLine]:
    """Return gifts of as many donors, told apart by name on one account."""
    return [gift(f"{month:02}-10", minor, f"Donor {number}") for number in range(first, first + count)]


def lived(book: Book, *months: Sequence[StatementLine], first: int = 1, opening: int = 0) -> None:
    """Import whole months in a row and close them."""
    for number, lines in enumerate(months, start=first):
        last = _LAST_DAYS[number]
        book.take(statement(f"{number:02}-01", f"{number:02}-{last}", *lines, opening=opening))
        opening += sum(each.money.signed_minor for each in lines)
        closed(book, number)


def closed(book: Book, month: int, *, reason: str = "it has to be done") -> None:
    with writing(book.engine) as session:
        close(session, Month(2026, month), by="treasurer", now=NOW, today=date(2026, 7, 1), reasons=lambda _: reason)


def ahead(book: Book, *, now: datetime = LATER) -> PublishingProspect:
    with book.reading() as session:
        return prospect(session, organisation=US, now=now)


def published(book: Book, *, now: datetime = LATER, promised: str | None = None) -> PublishingProspect:
    with writing(book.engine) as session:
        return publish(session, organisation=US, by="Mari the treasurer", now=now, promised=promised)


def agreed(book: Book, wanted: PublishingTerms) -> None:
    with writing(book.engine) as session:
        set_terms(session, wanted, by="treasurer", at=NOW)


def spans(found: Sequence[Block]) -> list[tuple[int, int, int, int]]:
    return [(each.first_day.month, each.last_day.month, each.minor, each.donors) for each in found]


def shown(book: Book) -> Snapshot:
    with book.reading() as session:
        found = newest_snapshot(session)
    assert found is not None
    return Snapshot.read(json.loads(found.content))


def test_closed_months_come_out_one_block_late(book: Book) -> None:
    lived(book, gifts_in(1, 10), gifts_in(2, 11, minor=1_200), gifts_in(3, 4))
    found = published(book)
    assert spans(found.snapshot.blocks) == [(1, 1, 10_000, 10)]
    assert found.plan.waiting is not None
    assert [(each.month.number, each.why) for each in found.plan.building.kept_back] == [(3, FoldReason.FEW_DONORS)]  # type: ignore[union-attr]
    assert shown(book) == found.snapshot
    with book.reading() as session:
        kept = blocks(session)
        assert [(each.block.number, each.by, each.digest) for each in kept] == [
            (1, "Mari the treasurer", found.snapshot.blocks[0].digest)
        ]


def test_the_next_blocks_follow_on_those_before(book: Book) -> None:
    lived(book, gifts_in(1, 10), gifts_in(2, 10))
    published(book)
    few = gifts_in(3, 5, minor=1_200), gifts_in(4, 8, minor=1_200, first=4)
    lived(book, *few, gifts_in(5, 12, minor=1_500), first=3, opening=20_000)
    found = published(book)
    assert spans(found.snapshot.blocks) == [(1, 1, 10_000, 10), (2, 2, 10_000, 10), (3, 4, 15_600, 10)]
    assert [each.donors_so_far for each in found.snapshot.blocks] == [10, 10, 10]  # rounded down, of 11
    assert found.snapshot.blocks[2].before == found.snapshot.blocks[1].digest
    assert block_complaints(found.snapshot.document()) == []


@pytest.mark.parametrize(("after", "kind"), [(timedelta(days=9), StopKind.CLOSED_JUST_NOW), (CLOSED_FOR, None)])
def test_a_month_is_closed_for_some_days_first(book: Book, after: timedelta, kind: StopKind | None) -> None:
    lived(book, gifts_in(1, 10), gifts_in(2, 10))
    found = ahead(book, now=NOW + after)
    assert (found.stop and found.stop.kind) == kind
    assert len(found.new) == (kind is None)


def test_a_month_that_is_open_again_ends_the_list(book: Book) -> None:
    lived(book, gifts_in(1, 10), gifts_in(2, 10), gifts_in(3, 10))
    with writing(book.engine) as session:
        reopen(session, Month(2026, 3), by="treasurer", now=NOW, reason="a wrong answer")
        reopen(session, Month(2026, 2), by="treasurer", now=NOW, reason="a wrong answer")
    assert ahead(book).new == ()


def test_history_that_came_before_the_first_block_is_published_first(book: Book) -> None:
    """No later block would count what was booked before the first one: it is no correction of it."""
    lived(book, gifts_in(2, 12), gifts_in(3, 12), first=2, opening=12_000)
    book.take(statement("01-01", "01-31", *gifts_in(1, 12), opening=0))
    found = ahead(book)
    assert (found.new, found.stop) == ((), Stop(Month(2026, 1), StopKind.NOT_CLOSED))
    closed(book, 1)
    assert spans(published(book).snapshot.blocks) == [(1, 1, 12_000, 10), (2, 2, 12_000, 10)]
    with book.reading() as session:
        assert not check(session, ["published_blocks_add_up"]).broken


def test_days_that_nothing_proves_are_published_but_not_called_proven(book: Book) -> None:
    lived(book, gifts_in(1, 10), gifts_in(2, 10))
    book.take(statement("03-01", "03-31", *gifts_in(3, 10)))
    closed(book, 3)
    found = ahead(book)
    assert spans(found.snapshot.blocks) == [(1, 1, 10_000, 10), (2, 2, 10_000, 10)]
    assert found.plan.waiting is not None
    assert found.plan.waiting.months == (Month(2026, 3),)
    assert (found.stop, found.snapshot.agrees_until) == (None, date(2026, 2, 28))


def in_conflict(book: Book) -> None:
    """January is closed; February's statement does not go on with its balance, and is closed for a reason."""
    lived(book, gifts_in(1, 10))
    book.take(statement("02-01", "02-28", *gifts_in(2, 10), opening=10_500))
    closed(book, 2)


def test_nothing_is_published_from_a_month_on_that_contradicts(book: Book) -> None:
    lived(book, gifts_in(1, 10), gifts_in(2, 10))
    book.take(statement("03-01", "03-31", *gifts_in(3, 10), opening=20_000, closing=29_000), accept="so it is")
    closed(book, 3)
    found = ahead(book)
    assert spans(found.snapshot.blocks) == [(1, 1, 10_000, 10)]
    assert found.stop == Stop(Month(2026, 3), StopKind.IN_CONFLICT)


def test_a_month_that_was_closed_in_conflict_waits_until_it_is_closed_without(book: Book) -> None:
    in_conflict(book)
    assert ahead(book).stop == Stop(Month(2026, 1), StopKind.IN_CONFLICT)
    wrong = book.take(statement("02-01", "02-28", *gifts_in(2, 10), opening=10_000))
    book.undo(2)
    assert wrong.file_id == 3
    assert ahead(book).stop == Stop(Month(2026, 2), StopKind.IN_CONFLICT)
    with writing(book.engine) as session:
        reopen(session, Month(2026, 2), by="treasurer", now=NOW, reason="mended")
    closed(book, 2)
    found = ahead(book)
    assert (found.stop, found.snapshot.agrees_until) == (None, date(2026, 2, 28))


def test_a_month_on_which_statements_disagree_is_not_published(book: Book) -> None:
    lived(book, gifts_in(1, 10))
    book.take(statement("01-01", "01-31", *gifts_in(1, 9)))
    assert ahead(book).stop == Stop(Month(2026, 1), StopKind.IN_CONFLICT)


def test_books_that_do_not_hold_are_not_published(book: Book) -> None:
    lived(book, gifts_in(1, 10))
    with writing(book.engine) as session:
        session.execute(delete(table_of(AttestationRow)).where(col(AttestationRow.payment_id) == 1))
    with pytest.raises(Refusal, match="books_broken") as refused:
        published(book)
    assert "no_payment_without_line" in str(refused.value.facts["checks"])
    with book.reading() as session:
        assert newest_snapshot(session) is None


def test_an_account_that_a_person_ended_is_not_waited_for(book: Book) -> None:
    other = "EE471000001020145685"
    book.take(statement("01-01", "01-31", gift("01-05", 700), opening=0, account=other))
    book.take(statement("02-01", "02-05", line("02-05", -700, "Meie", OWN), opening=700, account=other))
    moved = [*gifts_in(2, 10, minor=1_200), line("02-05", 700, "Meie", other)]
    lived(book, gifts_in(1, 10), moved, gifts_in(3, 10, minor=1_500))
    assert ahead(book).snapshot.agrees_until == date(2026, 2, 5)
    with writing(book.engine) as session:
        end_account(session, 1, date(2026, 2, 5), became=None, today=date(2026, 7, 1))
    assert ahead(book).snapshot.agrees_until == date(2026, 3, 31)
    assert len(ahead(book).new) == 2


def test_it_agrees_until_the_day_before_own_money_left_for_an_account_that_no_file_names(book: Book) -> None:
    with writing(book.engine) as session:
        call(session, US, by="treasurer", at=NOW)
    lived(book, gifts_in(1, 10))
    to_savings = line("02-05", -700, US, text="hoiusele")
    book.take(statement("02-01", "02-28", *gifts_in(2, 10), to_savings, opening=10_000))
    book.take(statement("02-12", "02-28", opening=700, account="EE471000001020145685"))
    book.answer(book.payment("02-05", -700), Answer(purpose=Purpose.TRANSFER, reason="to the savings"))
    closed(book, 2, reason="the statement comes later")
    assert ahead(book).snapshot.agrees_until == date(2026, 2, 4)
    from_main = line("02-05", 700, US, text="hoiusele")
    book.take(statement("02-01", "02-11", from_main, opening=0, account="EE471000001020145685"))
    assert ahead(book).snapshot.agrees_until == date(2026, 2, 4)  # nobody said yet that it is the other side
    book.answer(book.payment("02-05", 700), Answer(purpose=Purpose.TRANSFER, reason="the other side"))
    assert ahead(book).snapshot.agrees_until == date(2026, 2, 28)


def test_a_correction_is_part_of_the_next_block_and_never_shown_by_itself(book: Book) -> None:
    lived(book, gifts_in(1, 11), gifts_in(2, 11))
    first = published(book).snapshot.blocks
    book.answer(book.payment("01-10", 1_000), Answer(purpose=Purpose.INCOME, reason="it was a ticket"))
    lived(book, gifts_in(3, 11), first=3, opening=22_000)
    held = ahead(book).plan.building
    assert held is not None
    january = Month(2026, 1)
    assert [(each.why, each.like) for each in held.kept_back] == [(FoldReason.FEW_CHANGED, (january, january))] * 2
    lived(book, gifts_in(4, 11, minor=1_500), gifts_in(5, 11, minor=2_000), first=4, opening=33_000)
    found = published(book).snapshot
    assert found.blocks[: len(first)] == first
    assert spans(found.blocks) == [(1, 1, 11_000, 10), (2, 4, 37_500, 10)]
    assert found.blocks[1].corrects == (1,)
    lived(book, gifts_in(6, 11, minor=3_000), first=6, opening=71_500)
    assert published(book).snapshot.blocks[2].corrects == ()  # counted once


def test_a_file_that_is_taken_back_and_comes_again_corrects_nothing(book: Book) -> None:
    first = statement("01-01", "01-31", *gifts_in(1, 11), opening=0)
    file_id = book.take(first).file_id
    closed(book, 1)
    lived(book, gifts_in(2, 11), first=2, opening=11_000)
    published(book)
    book.undo(file_id)
    assert ahead(book).new == ()
    book.take(first)
    lived(book, gifts_in(3, 11), first=3, opening=22_000)
    found = published(book).snapshot
    assert (spans(found.blocks)[1], found.blocks[1].corrects) == ((2, 2, 11_000, 10), ())


def test_refunds_are_taken_off_even_those_of_nobody(book: Book) -> None:
    back = [line("01-20", -500, "Donor 1", MARI, "tagasi"), line("01-21", -300, "Keegi", JAAN, "tagasi")]
    lived(book, [*gifts_in(1, 12), *back], gifts_in(2, 12, minor=1_200))
    book.answer(
        book.payment("01-20", -500), Answer(purpose=Purpose.REFUND, reason="asked", donor=book.donor("Donor 1"))
    )
    book.refund_to_nobody(book.payment("01-21", -300))
    assert spans(ahead(book).snapshot.blocks) == [(1, 1, 11_200, 10)]


def test_publishing_meets_what_was_promised(book: Book) -> None:
    lived(book, gifts_in(1, 11), gifts_in(2, 11))
    promised = promise_of(ahead(book))
    book.answer(book.payment("01-10", 1_000), Answer(purpose=Purpose.INCOME, reason="it was a ticket"))
    with pytest.raises(Refusal, match="preview_outdated"):
        published(book, promised=promised)
    with book.reading() as session:
        assert newest_snapshot_digest(session) is None
    published(book, promised=promise_of(ahead(book)))
    with pytest.raises(Refusal, match="nothing_new"):
        published(book)


def test_terms_are_kept_with_their_history_and_reopen_nothing(book: Book) -> None:
    agreed(book, PublishingTerms(rules=Rules(donors_min=12)))
    lived(book, gifts_in(1, 12), gifts_in(2, 12), gifts_in(3, 10, minor=1_200), gifts_in(4, 10, minor=1_500))
    before = published(book).snapshot.blocks
    goal = Goal(minor=500_000, text="A new roof", since=date(2026, 1, 1))
    agreed(book, PublishingTerms(payee="MTÜ Rohutirts ja Sõbrad", goal=goal))
    found = published(book).snapshot
    assert found.blocks[: len(before)] == before
    assert spans(found.blocks)[len(before) :] == [(2, 2, 12_000, 10), (3, 3, 12_000, 10)]
    assert (found.goal, found.donors_min) == (goal, 10)
    assert found.giving is not None
    assert (found.giving.payee, found.giving.iban, found.giving.ways[0].keyword) == (
        "MTÜ Rohutirts ja Sõbrad",
        OWN,
        "Annetus",
    )
    with book.reading() as session:
        assert [each.donors_min for each in history_of_terms(session, size=5)] == [10, 12]
        assert terms(session).goal == goal


def test_terms_of_before_that_allowed_more_hold_no_longer_and_stay_in_the_history(book: Book) -> None:
    with writing(book.engine) as session:
        kept = {"donors_min": 5, "percent": 20, "is_rounded": True, "payee": "", "goal_text": "", "set_by": "treasurer"}
        session.add(PublishingTermsRow.model_validate({"id": 1, "set_at": NOW, **kept}))
    with book.reading() as session:
        assert terms(session).rules == Rules(donors_min=10, percent=20)
        assert [(each.donors_min, each.is_rounded) for each in history_of_terms(session, size=5)] == [(5, True)]


def by_the_first_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let blocks be made as they were before differences were tested: each told its spending."""
    monkeypatch.setattr(publishing, "RULE", 1)
    monkeypatch.setattr(publishing, "spending_disclosed_until", lambda months: months[-1].last_day)
    monkeypatch.setattr(Rules, "against_change", lambda *_: None)


def test_a_chain_of_before_stays_and_goes_on_by_the_new_rule(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """What older blocks told counts as well: a month like one of them waits."""
    with monkeypatch.context() as before:
        by_the_first_rule(before)
        lived(book, gifts_in(1, 12), gifts_in(2, 13), gifts_in(3, 13))
        old = published(book).snapshot
    assert [each.document().get("donors") for each in old.blocks] == [10, 10]
    lived(book, gifts_in(4, 14, minor=1_700), gifts_in(5, 14, minor=2_400), first=4, opening=38_000)
    found = published(book).snapshot
    assert [each.digest for each in found.blocks[:2]] == [each.digest for each in old.blocks]
    assert [each.rule for each in found.blocks] == [1, 1, 2]
    assert spans(found.blocks)[2:] == [(3, 4, 36_800, 10)]
    assert block_complaints(found.document()) == []
    assert not book.broken()
    lived(book, gifts_in(6, 12), first=6, opening=38_000 + 23_800 + 33_600)
    held = ahead(book, now=LATER).plan.building
    assert held is not None
    assert held.kept_back[0].like == (Month(2026, 2), Month(2026, 2))


def test_merged_donors_are_one_who_changed(book: Book) -> None:
    lived(
        book, gifts_in(1, 12), [*gifts_in(2, 10, minor=1_200), *gifts_in(2, 2, first=11)], gifts_in(3, 12, minor=1_500)
    )
    assert len(ahead(book).new) == 2
    one, other = book.donor("Donor 1"), book.donor("Donor 2")
    with writing(book.engine) as session:
        merge(session, one, into=other, reason="one person", by="treasurer", now=NOW)
    assert len(ahead(book).new) == 1


@pytest.mark.parametrize("row", [PublishedBlockRow, PublicSnapshotRow, PublishingTermsRow])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_what_is_published_cannot_be_changed(book: Book, row: type[SQLModel], verb: str) -> None:
    lived(book, gifts_in(1, 10), gifts_in(2, 10))
    published(book)
    agreed(book, PublishingTerms())
    table = table_of(row)
    change = delete(table) if verb == "delete" else update(table).values({list(table.c)[-1]: NOW})
    with pytest.raises(DatabaseError, match="append_only"), writing(book.engine) as session:
        session.execute(change)


def test_what_is_published_says_nothing_of_people(book: Book) -> None:
    lived(book, gifts_in(1, 10), gifts_in(2, 10))
    content = json.dumps(published(book).snapshot.document(), ensure_ascii=False)
    assert not [word for word in ("Donor 1", MARI, "treasurer", "Mari") if word in content]


@pytest.mark.parametrize(("others", "donors"), [(8, []), (9, [10])])
def test_many_tiny_gifts_of_one_account_are_one_donor(book: Book, others: int, donors: list[int]) -> None:
    """Whoever floods the account makes nothing stand that could not, and adds one to those who gave."""
    flood = [gift("01-20", 1, "Flood Flo", JAAN) for _ in range(40)]
    lived(book, [*gifts_in(1, others), *flood], gifts_in(2, 11, minor=1_200), gifts_in(3, 4))
    assert [each.block.donors for each in ahead(book).new][:1] == donors


@pytest.mark.parametrize(
    "written", ["EE471000001020145685", "ee47 1000 0010-2014 5685", "Anna siia:EE47\u200b1000.0010.2014.5685!"]
)
def test_no_text_asks_the_public_to_give_to_another_account(book: Book, written: str) -> None:
    """The account that gifts are asked to needs a second person; words beside it do not."""
    lived(book, gifts_in(1, 12), gifts_in(2, 12))
    goal = Goal(minor=10_000, text=written, since=date(2026, 1, 1))
    for wanted in (PublishingTerms(payee=written), PublishingTerms(goal=goal)):
        agreed(book, wanted)
        with pytest.raises(Refusal) as refused:
            published(book)
        assert refused.value.code is BooksCode.ACCOUNT_IN_TEXT
    agreed(book, PublishingTerms(goal=replace(goal, text=f"Uus katus: {OWN}, 2026")))
    with writing(book.engine) as session:
        rename(session, name=written, appeal=AppealId(1))
    with pytest.raises(Refusal):
        published(book)
    with writing(book.engine) as session:
        rename(session, name="Katus", appeal=AppealId(1))
    assert published(book).is_new
