"""Going on gift by gift says what a walk over all gifts says."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.test_rhythm import orders

from donations.core.donor import AppealId
from donations.core.money import EUR, Currency
from donations.core.payment import PaymentId
from donations.ledger.rhythm import DatedGift
from donations.ledger.rhythm_steps import StreamStep, go_on_by, looked_back_to, streams_of

loose_gifts = st.lists(
    st.tuples(
        st.integers(0, 1_200).map(lambda after: date(2023, 1, 1) + timedelta(days=after)),
        st.sampled_from([500, 1_000, 2_000]),
    ),
    max_size=6,
)
giving = st.tuples(st.lists(orders(), min_size=1, max_size=3), loose_gifts).map(
    lambda many: [
        DatedGift(
            payment=PaymentId(number),
            day=day,
            minor=minor,
            currency=EUR,
            appeal=AppealId(1 + minor % 3),
            account_id=1 + minor % 2,
        )
        for number, (day, minor) in enumerate(sorted([*(gift for each in many[0] for gift in each), *many[1]]), start=1)
    ]
)


def after_each(history: list[DatedGift]) -> tuple[list[StreamStep], int]:
    """Return what is kept after the last gift, walked anew only where a step cannot tell, and how many steps could."""
    kept: list[StreamStep] = []
    stepped = 0
    for number, gift in enumerate(history, start=1):
        gone_on = go_on_by([each.stream for each in kept], [gift]) if kept else None
        if gone_on is not None:
            kept = [
                StreamStep(late.stream, early.turns + late.turns, early.dues + late.dues)
                for early, late in zip(kept, gone_on, strict=True)
            ]
            stepped += 1
        elif kept:
            kept = streams_of(history[:number])
        else:
            since = looked_back_to(gift.day)
            kept = streams_of([each for each in history[:number] if each.day >= since])
        assert kept == streams_of(history[:number])
    return kept, stepped


@given(giving)
def test_gift_by_gift_is_as_all_at_once(history: list[DatedGift]) -> None:
    after_each(history)


def months(*days: tuple[int, int, int]) -> list[DatedGift]:
    """Return gifts on a day of a month, counted from January 2026, of so many euros."""
    return [
        DatedGift(
            payment=PaymentId(number),
            day=date(2026 + month // 12, month % 12 + 1, day),
            minor=euros * 100,
            currency=Currency(EUR),
            appeal=AppealId(1),
            account_id=1,
        )
        for number, (month, day, euros) in enumerate(days, start=1)
    ]


def test_a_standing_order_is_walked_once() -> None:
    raised = months(*((month, 5 + month % 3, 10 + month // 12) for month in range(30)))
    kept, stepped = after_each(raised)
    assert stepped == 27
    assert [turn.beat.turn for turn in kept[0].turns] == ["began", "raised", "raised"]
    assert len(kept[0].dues) == 27


def test_what_might_be_the_third_of_something_else_is_walked_anew() -> None:
    order = [(month, 5, 10) for month in range(6)]
    _, stepped = after_each(months(*order[:4], (3, 25, 7), (4, 5, 10), (4, 25, 7), (5, 5, 10), (5, 25, 7)))
    assert stepped == 5
