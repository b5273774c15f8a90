"""Hand-made histories of one donor, and what they say: regular, raised, moved, missed, resumed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.ledger.rhythm_by_dates import regular_by_dates

from donations.core.donor import AppealId
from donations.core.money import EUR, Currency
from donations.core.payment import PaymentId
from donations.ledger.rhythm import (
    TIMES,
    Coming,
    DatedGift,
    Every,
    Regular,
    RhythmEvent,
    coming,
    first_chance,
    last_chance,
    regular_gifts,
)


def gifts(*written: str) -> list[DatedGift]:
    """Return gifts from `2026-01-05 10`, with a currency or the number of an appeal (1 unless said) behind it."""
    made = []
    for number, each in enumerate(written, start=1):
        day, euros, *more = each.split()
        made.append(
            DatedGift(
                payment=PaymentId(number),
                day=date.fromisoformat(day),
                minor=int(euros) * 100,
                currency=Currency(next((word for word in more if word.isalpha()), EUR)),
                appeal=AppealId(next((int(word) for word in more if word.isdigit()), 1)),
                account_id=1,
            )
        )
    return made


def story(*written: str) -> str:
    """Return the turns of each regular gift in words, standing orders apart by a stroke."""
    return " | ".join(" ".join(beat.turn for beat in each.beats) for each in regular_gifts(gifts(*written)))


def only(*written: str) -> Regular:
    (regular,) = regular_gifts(gifts(*written))
    return regular


QUARTER = ("2026-01-05 10", "2026-02-05 10", "2026-03-05 10")
BEGUN = "before before began"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param((), "", id="nothing"),
        pytest.param(QUARTER[:2], "", id="twice is not regular"),
        pytest.param(QUARTER, f"{BEGUN} not_come", id="three in a row"),
        pytest.param(("2026-01-05 10", "2026-02-19 10", "2026-04-01 10"), "", id="any day is not regular"),
        pytest.param(
            ("2026-01-05 9", "2026-02-04 12", "2026-03-06 7"), f"{BEGUN} not_come", id="the amount may differ"
        ),
        pytest.param(
            ("2026-01-03 10", "2026-02-03 10", "2026-03-03 10", "2026-04-07 10"),
            f"{BEGUN} as_usual not_come",
            id="Easter: Friday to Monday, booked on Tuesday",
        ),
        pytest.param(
            ("2025-10-31 10", "2025-12-01 10", "2025-12-31 10", "2026-02-02 10", "2026-02-27 10"),
            f"{BEGUN} as_usual as_usual not_come",
            id="month's end: weekends push it into the next month",
        ),
        pytest.param(
            ("2025-12-01 10", "2026-01-01 10", "2026-01-30 10", "2026-02-27 10"),
            f"{BEGUN} as_usual not_come",
            id="month's begin: weekends pull it into the month before",
        ),
        pytest.param(
            (*QUARTER, "2026-04-05 15", "2026-05-05 15"), f"{BEGUN} raised as_usual not_come", id="raised once"
        ),
        pytest.param(
            (*QUARTER, "2026-04-05 5", "2026-05-05 5"), f"{BEGUN} lowered as_usual not_come", id="lowered once"
        ),
        pytest.param(
            (*QUARTER, "2026-04-05 50", "2026-05-05 10"),
            f"{BEGUN} raised as_usual not_come",
            id="one large gift is not usual",
        ),
        pytest.param((*QUARTER, "2026-03-06 10", "2026-04-05 10"), f"{BEGUN} as_usual not_come", id="paid twice"),
        pytest.param(
            (*QUARTER, "2026-04-01 500", "2026-04-05 10"), f"{BEGUN} as_usual not_come", id="an extra gift nearby"
        ),
        pytest.param(
            (*QUARTER, "2026-04-04 500", "2026-04-10 10"),
            f"{BEGUN} as_usual not_come",
            id="the same beside the last day about its own",
        ),
        pytest.param(
            (*QUARTER, "2026-04-20 10", "2026-05-20 10", "2026-06-20 10"),
            f"{BEGUN} as_usual as_usual as_usual not_come",
            id="moved to another day",
        ),
        pytest.param((*QUARTER, "2026-05-05 10"), f"{BEGUN} not_come resumed not_come", id="missed once"),
        pytest.param((*QUARTER, "2027-03-05 10"), f"{BEGUN} not_come resumed not_come", id="resumed after a year"),
        pytest.param((*QUARTER, "2027-04-05 10"), f"{BEGUN} not_come", id="later it would begin anew"),
        pytest.param(
            ("2026-01-05 10", "2026-01-20 20", "2026-02-05 10", "2026-02-20 20", "2026-03-05 10", "2026-03-20 20"),
            f"{BEGUN} not_come | {BEGUN} not_come",
            id="two standing orders",
        ),
        pytest.param(
            (
                "2026-01-05 10 1",
                "2026-01-05 5 2",
                "2026-02-05 5 2",
                "2026-02-05 10 1",
                "2026-03-05 10 1",
                "2026-03-05 5 2",
            ),
            f"{BEGUN} not_come | {BEGUN} not_come",
            id="two on one day, for two appeals",
        ),
        pytest.param((*QUARTER[:2], "2026-03-05 10 2"), f"{BEGUN} not_come", id="the keyword changed"),
        pytest.param((*QUARTER[:2], "2026-03-05 10 USD"), "", id="another currency is another gift"),
        pytest.param(("2025-02-10 30", "2025-05-12 30", "2025-08-11 30"), f"{BEGUN} not_come", id="quarterly"),
        pytest.param(("2025-02-10 30", "2025-05-12 31", "2025-08-11 30"), "", id="quarterly only with equal amounts"),
        pytest.param(("2023-12-24 99", "2024-12-23 99", "2025-12-27 99"), f"{BEGUN} not_come", id="yearly"),
        pytest.param(
            ("2025-01-05 10", *QUARTER, "2026-04-05 10"), f"{BEGUN} as_usual not_come", id="a lonely gift a year before"
        ),
        pytest.param(("2024-02-29 10", "2024-03-29 10", "2024-04-29 10"), f"{BEGUN} not_come", id="a leap day"),
    ],
)
def test_a_history_says(written: tuple[str, ...], said: str) -> None:
    assert story(*written) == said


def test_a_regular_gift_tells_what_to_expect() -> None:
    regular = only(*QUARTER, "2026-04-07 10", "2026-05-05 12")
    assert regular.every is Every.MONTH
    assert regular.since == date(2026, 1, 5)
    assert regular.in_a_row == 5
    assert regular.last.day == date(2026, 5, 5)
    assert (regular.next_due, regular.usual) == (date(2026, 6, 5), 1_000)


def test_in_a_row_counts_from_the_last_gap() -> None:
    assert only(*QUARTER, "2026-05-05 10", "2026-06-05 10").in_a_row == 2


def test_the_last_day_of_a_month_is_as_long_as_the_month() -> None:
    regular = only("2025-12-31 10", "2026-01-31 10", "2026-02-28 10", "2026-03-31 10")
    assert regular.next_due == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("due", "first", "last"),
    [("2026-04-05", "2026-03-31", "2026-04-30"), ("2026-04-30", "2026-04-01", "2026-05-05")],
)
def test_a_gift_may_still_come_about_its_day_or_in_its_month(due: str, first: str, last: str) -> None:
    day = date.fromisoformat(due)
    assert (first_chance(day), last_chance(day)) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("before", "said"),
    [(None, Coming.NEW), ("2025-03-05", Coming.RETURNED), ("2025-03-06", None), ("2026-03-04", None)],
)
def test_who_comes(before: str | None, said: Coming | None) -> None:
    assert coming(date.fromisoformat(before) if before else None, date(2026, 3, 5)) is said


def test_a_leap_day_is_a_year_after_the_last_of_february() -> None:
    assert coming(date(2023, 2, 28), date(2024, 2, 29)) is Coming.RETURNED


histories = st.lists(
    st.tuples(st.integers(0, 1_200), st.sampled_from([500, 1_000, 2_000]), st.sampled_from([EUR, Currency("USD")])),
    max_size=40,
).map(
    lambda many: [
        DatedGift(
            payment=PaymentId(number),
            day=date(2023, 1, 1) + timedelta(days=after),
            minor=minor,
            currency=currency,
            appeal=AppealId(1),
            account_id=1,
        )
        for number, (after, minor, currency) in enumerate(many, start=1)
    ]
)


@given(histories, st.randoms(use_true_random=False))
def test_any_order_says_the_same_and_no_gift_counts_twice(history: list[DatedGift], random: Random) -> None:
    found = regular_gifts(history)
    shuffled = list(history)
    random.shuffle(shuffled)
    assert regular_gifts(shuffled) == found
    taken = [gift.payment for regular in found for gift in regular.gifts]
    assert len(taken) == len(set(taken))
    for regular in found:
        assert len(regular.gifts) >= TIMES
        assert [beat.day for beat in regular.beats] == sorted(beat.day for beat in regular.beats)
        assert all(earlier.day < later.day for earlier, later in zip(regular.gifts, regular.gifts[1:], strict=False))
        assert [beat.due for beat in regular.beats if beat.gift is None][-1] == regular.next_due
        assert regular.usual > 0


@given(st.integers(1, 31), st.lists(st.integers(0, 4), min_size=TIMES, max_size=36))
@example(30, [0, 0, 4])  # late in March, after the end of February cut the day short
def test_a_standing_order_that_waits_for_bank_days_is_one_regular_gift(day: int, delays: list[int]) -> None:
    history = []
    for number, delay in enumerate(delays):
        first = date(2023 + number // 12, number % 12 + 1, 1)
        planned = min(day, ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).day)
        booked = first.replace(day=planned) + timedelta(days=delay)
        history.append(
            DatedGift(
                payment=PaymentId(number), day=booked, minor=1_000, currency=EUR, appeal=AppealId(1), account_id=1
            )
        )
    (regular,) = regular_gifts(history)
    assert regular.gifts == history
    assert not {beat.turn for beat in regular.beats} & {RhythmEvent.RESUMED, RhythmEvent.RAISED, RhythmEvent.LOWERED}


@st.composite
def orders(draw: st.DrawFn) -> list[tuple[date, int]]:
    """Return the gifts of a standing order that may be late, early, left out, or of another amount now and then."""
    every, start, on = draw(st.sampled_from([1, 1, 3, 6, 12])), draw(st.integers(0, 30)), draw(st.integers(1, 31))
    made = []
    for number, (moved, euros) in enumerate(
        draw(
            st.lists(
                st.tuples(st.sampled_from([*range(-6, 12), 0, 0, 0, None]), st.sampled_from([5, 10, 10, 20])),
                max_size=16,
            )
        )
    ):
        month = start + number * every
        first, after = (date(2023 + each // 12, each % 12 + 1, 1) for each in (month, month + 1))
        if moved is not None:
            made.append((first + timedelta(days=min(on, (after - first).days) - 1 + moved), euros * 100))
    return made


@given(st.lists(orders(), min_size=1, max_size=3), histories, st.sampled_from([0, 2, 40]))
def test_days_counted_say_what_dates_say(many: list[list[tuple[date, int]]], loose: list[DatedGift], few: int) -> None:
    given_so = [
        *((day, minor) for each in many for day, minor in each),
        *((each.day, each.minor) for each in loose[:few]),
    ]
    history = [
        DatedGift(
            payment=PaymentId(number), day=day, minor=minor, currency=EUR, appeal=AppealId(1 + minor % 3), account_id=1
        )
        for number, (day, minor) in enumerate(given_so, start=1)
    ]
    assert regular_gifts(history) == regular_by_dates(history)
