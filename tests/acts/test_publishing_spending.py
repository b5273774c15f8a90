"""Publishing spending: it comes with the blocks, corrects itself, waits where it must, and old blocks stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from tests.acts.test_publishing import LATER, agreed, by_the_first_rule, gifts_in, lived, published, shown
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, line
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.core.payment import Purpose
from donations.core.spending import CategoryId
from donations.core.statement import StatementLine
from donations.published.document import PublishedSpending, Share, block_complaints
from donations.published.spending import Fold
from donations.reports.checking import check
from donations.store.publishing import PublishingTerms
from donations.store.reporting import attested
from donations.store.session import as_reader, writing
from donations.store.spending import (
    add_category,
    categories,
    categorise_payees,
    categorise_payment,
    change_category,
    costs,
    seen_so_far,
)


@pytest.fixture(autouse=True)
def with_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """What corrects what is the same whenever it is told: here each block tells it, as they did first."""
    by_the_first_rule(monkeypatch)


FROM_JANUARY = PublishingTerms(spending_since=date(2026, 1, 1))
BERLIN = "DE89370400440532013000"
VILNIUS = "LT121000011101001000"


def rent(month: int, minor: int = 400_00) -> StatementLine:
    return line(f"{month:02}-05", -minor, "Landlord", JAAN, "rent")


def fees(month: int, *minors: int) -> list[StatementLine]:
    """Return fees of as many people."""
    names = ("Mari Mets", MARI), ("Karl Kask", BERLIN), ("Liis Lepp", VILNIUS)
    return [
        line(f"{month:02}-06", -minor, name, account, "pay")
        for (name, account), minor in zip(names, minors, strict=False)
    ]


def told(book: Book) -> list[PublishedSpending | None]:
    return [block.spending for block in shown(book).blocks]


def shares(spending: PublishedSpending | None) -> dict[str, int]:
    assert spending is not None
    return {each.category: each.minor for each in spending.categories}


def spent(book: Book, *months: Sequence[StatementLine], first: int = 1) -> None:
    """Live through months with twelve gifts and these costs."""
    with book.reading() as session:
        opening = 900_000 + sum(row.minor for row in attested(session))
    with_gifts = ([*gifts_in(number, 12), *lines] for number, lines in enumerate(months, start=first))
    lived(book, *with_gifts, first=first, opening=opening)


def categorised(book: Book, names: dict[str, str], *, at: datetime = NOW) -> None:
    """Give the payees of these names their categories, made where they are new; `Fees` pays people."""
    with book.reading() as session:
        found = {each.content.counterparty.name: each.payment for each in costs(session) if each.content is not None}
    with writing(book.engine) as tx:
        for name in sorted(set(names.values())):
            known = {each.name: each.id for each in categories(as_reader(tx))}
            if name not in known:
                add_category(tx, name, pays_people=name == "Fees", by="treasurer", at=at)
        known = {each.name: each.id for each in categories(as_reader(tx))}
        wanted = {found[payee]: known[category] for payee, category in names.items()}
        categorise_payees(tx, wanted, by="treasurer", at=at)


ALL = {"Landlord": "Rooms", "Mari Mets": "Fees", "Karl Kask": "Fees", "Liis Lepp": "Fees"}


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Three months, of which two can be published."""
    agreed(book, FROM_JANUARY)
    spent(book, [rent(1), *fees(1, 100_00, 90_00, 80_00)], [rent(2), *fees(2, 50_00)], [rent(3)])
    categorised(book, ALL)
    return book


def test_what_is_told_of_whole_months(lived_in: Book) -> None:
    found = published(lived_in)
    first, second = told(lived_in)
    assert first == PublishedSpending(
        first_day=date(2026, 1, 1),
        last_day=date(2026, 1, 31),
        minor=670_00,
        categories=(Share("Rooms", 400_00), Share("Fees", 270_00)),
        rest=0,
    )
    assert (second, [each.spending for each in found.new][1]) == (None, Fold.FEW_PAYEES)
    assert block_complaints(shown(lived_in).document()) == []
    assert not lived_in.broken()


def test_what_waited_comes_with_the_next_block(lived_in: Book) -> None:
    published(lived_in)
    spent(lived_in, [rent(4), *fees(4, 40_00, 45_00, 60_00)], [], first=4)
    published(lived_in)
    merged = told(lived_in)[3]
    assert merged is not None
    assert (merged.first_day, merged.last_day) == (date(2026, 2, 1), date(2026, 4, 30))
    assert shares(merged) == {"Rooms": 1_200_00, "Fees": 195_00}
    assert block_complaints(shown(lived_in).document()) == []
    assert not lived_in.broken()


def test_what_is_taken_back_or_renamed_comes_into_the_next_block(lived_in: Book) -> None:
    """The rent of January was no cost, the category is called otherwise, and the blocks before stay as they were."""
    published(lived_in)
    before = shown(lived_in).blocks
    lived_in.answer(lived_in.payment("01-05", -400_00), Answer(purpose=Purpose.TRANSFER, reason="our savings"))
    closed_again = [rent(4), *fees(4, 40_00, 45_00, 60_00)]
    with writing(lived_in.engine) as tx:
        change_category(tx, CategoryId(2), "Office", pays_people=False)
    spent(lived_in, closed_again, [], first=4)
    published(lived_in)
    assert shown(lived_in).blocks[:2] == before
    assert shares(told(lived_in)[3]) == {"Office": 800_00, "Fees": 195_00}
    with lived_in.reading() as session:
        assert not check(session, ["published_spending_adds_up"]).broken


def test_another_category_corrects_what_was_told(lived_in: Book) -> None:
    published(lived_in)
    with writing(lived_in.engine) as tx:
        other = add_category(tx, "Storage", pays_people=False, by="treasurer", at=NOW)
        categorise_payment(tx, lived_in.payment("01-05", -400_00), other, by="treasurer", at=NOW)
    spent(lived_in, [rent(4), *fees(4, 40_00, 45_00, 60_00)], [], first=4)
    published(lived_in)
    assert shares(told(lived_in)[3]) == {"Rooms": 800_00, "Storage": 400_00, "Fees": 195_00}


def test_what_has_no_category_hides_with_others_and_says_so(book: Book) -> None:
    agreed(book, FROM_JANUARY)
    spent(book, [rent(1), *fees(1, 100_00, 90_00, 80_00)], [])
    categorised(book, {"Landlord": "Rooms"})
    found = published(book)
    assert shares(told(book)[0]) == {"Rooms": 400_00}
    assert found.new[0].spending.folded == {None: Fold.NO_CATEGORY}  # type: ignore[union-attr]
    with book.reading() as session:
        assert seen_so_far(session).shown == {1}


def test_one_persons_pay_in_another_category_is_still_hidden(book: Book) -> None:
    """The bank names the code of a person: whatever the category is said to pay, it may be pay."""
    agreed(book, FROM_JANUARY)
    alone = line("01-06", -90_00, "Mari Mets", MARI, "pay", code="49403136526")
    spent(book, [alone, rent(1)], [])
    categorised(book, {"Landlord": "Rooms", "Mari Mets": "Services"})
    assert published(book).new[0].spending is Fold.FEW_PAYEES


AFTER = LATER + timedelta(days=1)


def host(month: int, minor: int) -> StatementLine:
    return line(f"{month:02}-09", -minor, "Host", VILNIUS, "server")


def test_a_rent_that_was_seen_covers_no_wage_from_a_new_category(book: Book) -> None:
    """Everybody knows the rent from January; in February it would be all that hides Mari's pay."""
    agreed(book, FROM_JANUARY)
    spent(book, [rent(1)], [rent(2), host(2, 70_00), *fees(2, 100_00)])
    categorised(book, {"Landlord": "Rooms"})
    published(book)
    spent(book, [], first=3)
    categorised(book, {"Landlord": "Office", "Host": "Office", "Mari Mets": "Fees"}, at=AFTER)
    assert [each.spending for each in published(book, now=AFTER).new] == [Fold.FEW_PAYEES]


def test_a_rent_that_covered_a_wage_is_not_shown_in_a_new_category(book: Book) -> None:
    """Everybody could take the rent off January's rest, and would have Mari's pay."""
    agreed(book, FROM_JANUARY)
    spent(book, [rent(1), host(1, 30_00), *fees(1, 100_00)], [])
    categorised(book, {"Landlord": "Rooms", "Host": "Computers", "Mari Mets": "Fees"})
    assert shares(published(book).new[0].block.spending) == {}
    spent(book, [rent(3)], [], first=3)
    categorised(book, {"Landlord": "Office"}, at=AFTER)
    assert [shares(each.block.spending) for each in published(book, now=AFTER).new] == [{}, {}]


def test_a_person_is_a_person_where_another_bank_leaves_the_code_out(book: Book) -> None:
    agreed(book, FROM_JANUARY)
    named = line("01-06", -90_00, "Kati Kuusk", VILNIUS, "pay", code="49403136526")
    unnamed = line("02-06", -80_00, "Kati Kuusk", VILNIUS, "pay")
    others = [[rent(each), line(f"{each:02}-08", -70_00, "Printer", BERLIN, "copies")] for each in (1, 2)]
    spent(book, [named, *others[0]], [unnamed, *others[1]], [])
    categorised(book, {"Landlord": "Rooms", "Printer": "Printing", "Kati Kuusk": "Services"})
    assert [shares(each.block.spending) for each in published(book).new] == [{}, {}]


def test_nothing_is_told_until_it_is_wished_and_then_from_that_day(book: Book) -> None:
    spent(book, [rent(1)], [rent(2)])
    categorised(book, {"Landlord": "Rooms"})
    published(book)
    assert "spending" not in shown(book).blocks[0].document()
    agreed(book, PublishingTerms(spending_since=date(2026, 2, 1)))
    spent(book, [rent(3)], first=3)
    published(book)
    agreed(book, PublishingTerms(spending_since=date(2025, 1, 1)))
    spent(book, [rent(4)], first=4)
    published(book)
    spans = [(each.first_day, each.minor) for each in told(book) if each is not None]
    assert spans == [(date(2026, 2, 1), 400_00), (date(2026, 3, 1), 400_00)]


def test_other_currencies_and_own_transfers_are_not_told(book: Book) -> None:
    agreed(book, FROM_JANUARY)
    move = line("01-07", -1_000_00, "us", OTHER_OWN, "to savings")
    spent(book, [rent(1), move], [])
    book.answer(book.payment("01-07", -1_000_00), Answer(purpose=Purpose.TRANSFER, reason="ours"))
    categorised(book, {"Landlord": "Rooms"})
    published(book)
    assert shares(told(book)[0]) == {"Rooms": 400_00}


def test_by_the_rule_of_now_it_is_told_with_the_end_of_a_year(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an older chain told with every block stays, and goes on from there."""
    agreed(book, FROM_JANUARY)
    spent(book, [rent(1)], [rent(2)])
    categorised(book, {"Landlord": "Rooms"})
    published(book)
    monkeypatch.undo()
    spent(book, [rent(3)], [rent(4)], first=3)
    assert [each.spending for each in published(book).new] == [None, None]
    assert [each is not None for each in told(book)] == [True, False, False]
