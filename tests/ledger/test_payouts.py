"""What a payout is made of: by the lines that name it, by the oldest whole days, or by time; and what is left over."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from donations.core.money import EUR, Minor
from donations.core.payment import PaymentId
from donations.ledger.payouts import MovementKind, Payout, ProviderMovement, payouts

LAST = date(2026, 3, 31)


def moved(
    number: int, day: int, minor: Minor, kind: MovementKind = MovementKind.RECEIVED, payout: str = ""
) -> ProviderMovement:
    return ProviderMovement(
        payment=PaymentId(number),
        account="STRIPE",
        currency=EUR,
        day=date(2026, 3, day),
        minor=minor,
        kind=kind,
        payout=payout,
    )


def paid(number: int, day: int, minor: Minor, payout: str = "") -> ProviderMovement:
    return moved(number, day, -minor, MovementKind.PAID_OUT, payout)


def figures(found: list[Payout]) -> list[tuple[int | None, Minor, Minor]]:
    return [(None if each.day is None else each.day.day, each.before, each.left) for each in found]


def test_nothing_moved() -> None:
    assert payouts([], last_day=LAST) == []


def test_lines_that_name_a_payout_are_its_own() -> None:
    movements = [moved(1, 1, 500, payout="a"), moved(2, 2, 300, payout="b"), paid(3, 3, 500, "a"), paid(4, 5, 300, "b")]
    assert figures(payouts(movements, last_day=LAST)) == [(3, 0, 0), (5, 0, 0), (None, 0, 0)]
    assert figures(payouts(movements, last_day=date(2026, 3, 4))) == [(3, 0, 0), (None, 0, 300)]


def test_whole_days_without_a_name_count_where_they_come_to_just_what_is_missing() -> None:
    movements = [
        moved(1, 1, 500),
        moved(2, 1, 100),
        moved(3, 2, 300, payout="a"),
        paid(4, 3, 900, "a"),
        moved(5, 4, 70),
    ]
    (made, rest) = payouts(movements, last_day=LAST)
    assert (made.received, made.left, made.lacks_lines, rest.left) == (900, 0, False, 70)


def test_what_does_not_come_to_it_lacks_lines_and_takes_nobody_elses() -> None:
    movements = [moved(1, 1, 499), moved(3, 2, 300, payout="a"), paid(4, 3, 900, "a")]
    (made, rest) = payouts(movements, last_day=LAST)
    assert (made.left, made.lacks_lines, rest.left) == (-600, True, 499)


def test_without_names_it_is_what_came_since() -> None:
    movements = [moved(1, 1, 500), paid(2, 3, 400), moved(3, 4, 50), paid(4, 5, 200)]
    one, other, rest = payouts(movements, last_day=LAST)
    assert (one.left, one.lacks_lines) == (100, False)
    assert (other.before, other.left, other.lacks_lines) == (100, -50, True)
    assert rest.left == -50


@given(
    st.lists(
        st.tuples(
            st.integers(1, 28),
            st.integers(-500, 500).filter(bool),
            st.sampled_from(MovementKind),
            st.sampled_from(["", "a", "b"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_cent_is_lost_or_counted_twice(found: list[tuple[int, Minor, MovementKind, str]]) -> None:
    movements = [moved(number, *each) for number, each in enumerate(found, start=1)]
    made = payouts(movements, last_day=LAST)
    parts = sum(each.received + each.fees + each.returned + each.paid_out for each in made)
    assert parts == sum(each.minor for each in movements)
