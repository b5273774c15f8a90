"""The grid, the amounts and the money without a purpose add up, with names and without."""

from __future__ import annotations

from datetime import date

from tests.book import MARI, Book, line, statement
from tests.reports.giving import Given, month_of, take_months

from donations.core.calendar import Month
from donations.core.money import EUR
from donations.reports.dashboard.series import amounts, cohort_grid, grid, months_until, waiting
from donations.store.given import GiftScope

JUNE = Month(2026, 6)
TWELVE = GiftScope(first_day=months_until(JUNE)[0].first_day, last_day=JUNE.last_day)


def givers(first: int, last: int, euros: int = 10) -> list[Given]:
    return [Given(f"Giver {number}", 5, euros) for number in range(first, last)]


def test_a_grid_has_the_largest_first_and_adds_up(book: Book) -> None:
    take_months(
        book,
        month_of("2025-06", Given("Mari", 5, 1_000)),
        month_of("2025-07", Given("Mari", 5, 1), Given("Jaan", 6, 7)),
        month_of("2026-06", Given("Jaan", 6, 7), Given("Kai", 8, 2)),
    )
    with book.reading() as session:
        found = grid(session, TWELVE, EUR, start=0, size=2)
    assert (found.months[0], found.months[-1], len(found.months)) == (Month(2025, 7), JUNE, 12)
    assert [row.total for row in found.rows] == [1_400, 200]
    assert found.rows[0].minor == (700, *([0] * 10), 700)
    assert found.total == sum(each.minor for each in found.totals) == 1_700
    assert found.totals[0].donors == 2


def test_cohorts_hide_small_groups_of_each_month(book: Book) -> None:
    take_months(
        book,
        month_of("2024-05", *givers(0, 8)),
        month_of("2025-05", *givers(8, 14)),
        month_of("2026-05", *givers(0, 14), *givers(14, 20)),
        month_of("2026-06", *givers(0, 8), *givers(8, 10), *givers(14, 20)),
    )
    with book.reading() as session:
        found = cohort_grid(session, TWELVE, EUR)
    assert [row.year for row in found.rows] == [2024, 2025, 2026]
    assert [row.donors[-2] for row in found.rows] == [8, 6, 6]
    assert [row.donors[-1] for row in found.rows] == [8, None, None]
    assert found.totals[-2:] == (20, 16)


def test_a_month_of_few_donors_has_no_total(book: Book) -> None:
    take_months(book, month_of("2026-06", *givers(0, 3)))
    with book.reading() as session:
        found = cohort_grid(session, TWELVE, EUR)
    assert (found.rows[0].donors[-1], found.totals[-1], found.totals[0]) == (None, None, 0)


def test_amounts_without_names_hide_bands_of_few_donors(book: Book) -> None:
    take_months(book, month_of("2026-06", *givers(0, 6, 10), *givers(6, 8, 300), *givers(8, 15, 30)))
    with book.reading() as session:
        (named,) = amounts(session, TWELVE, with_small=True)
        (counted,) = amounts(session, TWELVE, with_small=False)
    assert named.spread is not None
    assert (named.spread.median, named.spread.largest) == (3_000, 30_000)
    assert [(band.least, band.gifts) for band, _ in named.bands if band.gifts] == [(1_000, 6), (2_000, 7), (20_000, 2)]
    assert [band.least for band, is_shown in counted.bands if not is_shown] == [1_000, 20_000]


def test_amounts_of_few_donors_are_not_shown_at_all(book: Book) -> None:
    take_months(book, month_of("2026-06", *givers(0, 4)))
    with book.reading() as session:
        (counted,) = amounts(session, TWELVE, with_small=False)
    assert counted.spread is None
    assert not any(is_shown for _, is_shown in counted.bands)


def test_money_without_a_purpose_by_its_age(book: Book) -> None:
    book.take(
        statement(
            "01-01",
            "06-30",
            line("01-05", 1_000, "Mari", MARI, "tere"),
            line("03-31", -200, "Mari", MARI, "Annetuse tagastus"),
            line("06-05", 50, "Mari", MARI, "tere"),
            line("01-06", 200, "Mari", MARI, "Annetus"),
        )
    )
    with book.reading() as session:
        (found,) = waiting(session, today=date(2026, 6, 30))
        (later,) = waiting(session, today=date(2027, 6, 30))
    assert (found.money_in, found.money_out, found.payments) == (1_050, 200, 3)
    assert found.by_age == (50, 0, 1_200, 0)
    assert later.by_age == (0, 0, 0, 1_250)
    assert [(each.month, each.payments) for each in found.months] == [
        (Month(2026, 1), 1),
        (Month(2026, 3), 1),
        (JUNE, 1),
    ]


def test_nothing_waits(book: Book) -> None:
    with book.reading() as session:
        assert waiting(session, today=date(2026, 6, 30)) == ()
