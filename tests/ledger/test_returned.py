"""A refund returns the newest gift of just its amount, else the newest ones; no cent is lost or returned twice."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.donor import AppealId, DonorId
from donations.core.money import EUR, parse_currency
from donations.core.payment import AllocationId, PaymentId
from donations.ledger.returned import DonorPart, counted_between, counted_in, lefts, returns

USD = parse_currency("USD")


def part(number: int, day: str, minor: int, appeal: int | None = 1) -> DonorPart:
    return DonorPart(
        AllocationId(number),
        DonorId(7),
        date.fromisoformat(day),
        minor,
        EUR,
        None if appeal is None else AppealId(appeal),
    )


@pytest.mark.parametrize(
    ("parts", "returned"),
    [
        pytest.param(
            [part(1, "2025-11-05", 10), part(2, "2025-12-05", 10), part(3, "2026-01-03", -10)],
            [(2, 10)],
            id="the newest of the same amount",
        ),
        pytest.param(
            [part(1, "2025-11-05", 10), part(2, "2025-12-05", 25), part(3, "2026-01-03", -10)],
            [(1, 10)],
            id="one of just the amount before a newer one",
        ),
        pytest.param(
            [part(1, "2025-11-05", 10), part(2, "2025-12-05", 10, 2), part(3, "2026-01-03", -10)],
            [(1, 10)],
            id="the same appeal before a newer gift",
        ),
        pytest.param(
            [part(1, "2025-11-05", 10), part(2, "2025-12-05", 10, 2), part(3, "2026-01-03", -10, None)],
            [(2, 10)],
            id="without an appeal just the newest",
        ),
        pytest.param(
            [part(1, "2025-11-05", 10), part(2, "2025-12-05", 25), part(3, "2026-01-03", -30)],
            [(2, 25), (1, 5)],
            id="the newest until it is used up",
        ),
        pytest.param(
            [part(1, "2025-11-05", 10), part(2, "2025-12-05", 25, 2), part(3, "2026-01-03", -12)],
            [(1, 10), (2, 2)],
            id="the same appeal first, and then the others",
        ),
        pytest.param(
            [part(1, "2025-11-05", 10), part(2, "2025-12-05", -3), part(3, "2025-12-06", -10)],
            [(1, 3), (1, 7), (None, 3)],
            id="what exceeds all that was given returns no gift",
        ),
        pytest.param(
            [part(1, "2025-12-05", -10), part(2, "2025-12-06", 10)], [(None, 10)], id="never a gift that came later"
        ),
        pytest.param(
            [part(1, "2025-12-05", -10), part(2, "2025-12-05", 10)],
            [(2, 10)],
            id="a gift of the same day, whatever the numbers",
        ),
    ],
)
def test_which_gift_goes_back(parts: list[DonorPart], returned: list[tuple[int | None, int]]) -> None:
    assert [(each.gift and each.gift.id, each.minor) for each in returns(parts)] == returned


def test_papers_on_a_year_take_off_what_went_back_later_and_the_next_year_does_not() -> None:
    parts = [part(1, "2025-12-05", 20), part(2, "2026-01-03", -4), part(3, "2026-02-05", 10)]
    assert counted_in(2025, parts) == [part(1, "2025-12-05", 20), part(2, "2026-01-03", -4)]
    assert counted_in(2026, parts) == [part(3, "2026-02-05", 10)]


def refund(number: int, day: str, minor: int, *, payment: int, of: int | None = None) -> DonorPart:
    """Return a refund of a payment, which names the gift's payment where a person did."""
    returns_ = None if of is None else PaymentId(of)
    return part(number, day, -minor)._replace(payment=PaymentId(payment), returns=returns_)


def paid(number: int, day: str, minor: int, *, payment: int, back: int | None = None) -> DonorPart:
    """Return money in of a payment: a gift, or a refund that came back."""
    returns_ = None if back is None else PaymentId(back)
    return part(number, day, minor)._replace(payment=PaymentId(payment), returns=returns_)


OLD, NEW = paid(1, "2025-11-05", 10, payment=101), paid(2, "2026-01-05", 10, payment=102)


def test_the_gift_that_a_person_named_goes_back() -> None:
    named = refund(3, "2026-02-05", 10, payment=103, of=101)
    assert [(each.gift, each.year) for each in returns([OLD, NEW, named])] == [(OLD, 2025)]
    assert lefts([OLD, NEW, named]) == [(OLD, 0), (NEW, 10)]


def test_no_other_refund_uses_up_the_gift_that_a_person_named() -> None:
    by_rule, named = refund(3, "2026-02-05", 10, payment=103), refund(4, "2026-03-05", 10, payment=104, of=102)
    found = {each.refund.id: each.gift for each in returns([OLD, NEW, by_rule, named])}
    assert found == {3: OLD, 4: NEW}


def test_what_a_named_gift_does_not_cover_is_taken_by_the_rule() -> None:
    named = refund(3, "2026-02-05", 15, payment=103, of=101)
    assert [(each.gift, each.minor) for each in returns([OLD, NEW, named])] == [(OLD, 10), (NEW, 5)]


def test_a_refund_that_came_back_never_was() -> None:
    gone, back = refund(3, "2025-12-05", 10, payment=103), paid(4, "2026-01-20", 10, payment=104, back=103)
    assert returns([OLD, NEW, gone, back]) == []
    assert counted_in(2025, [OLD, NEW, gone, back]) == [OLD]
    assert counted_in(2026, [OLD, NEW, gone, back]) == [NEW]
    part_back = back._replace(minor=4)
    assert [(each.gift, each.minor) for each in returns([OLD, gone, part_back])] == [(OLD, 6)]


_PARTS = st.lists(
    st.builds(
        DonorPart,
        st.integers(1, 10_000).map(AllocationId),
        st.sampled_from([DonorId(7), DonorId(8)]),
        st.dates(date(2024, 11, 1), date(2026, 3, 1)),
        st.integers(-40, 40).filter(bool),
        st.sampled_from([EUR, USD]),
        st.sampled_from([None, AppealId(1), AppealId(2)]),
        payment=st.none(),
        returns=st.none(),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)


@given(_PARTS)
def test_every_refund_is_used_up_and_no_gift_returned_twice(parts: list[DonorPart]) -> None:
    back, gone = Counter[DonorPart](), Counter[DonorPart]()
    for each in returns(parts):
        assert each.minor > 0
        back[each.refund] += each.minor
        if each.gift is not None:
            assert (each.gift.donor, each.gift.currency) == (each.refund.donor, each.refund.currency)
            assert each.gift.day <= each.refund.day
            gone[each.gift] += each.minor
    assert back == {each: -each.minor for each in parts if each.minor < 0}
    assert all(minor <= gift.minor for gift, minor in gone.items())


@given(_PARTS)
def test_nothing_exceeds_while_a_gift_before_is_left(parts: list[DonorPart]) -> None:
    found = returns(parts)
    for excess in (each.refund for each in found if each.gift is None):
        before = [
            each
            for each in parts
            if each.minor > 0
            and (each.donor, each.currency) == (excess.donor, excess.currency)
            and each.day <= excess.day
        ]
        gone = Counter[DonorPart]()
        for each in found:
            if each.gift is not None:
                gone[each.gift] += each.minor
        assert all(gone[each] == each.minor for each in before)


@given(_PARTS)
def test_the_years_add_up_to_all(parts: list[DonorPart]) -> None:
    def sums(found: list[DonorPart]) -> Counter[tuple[DonorId, str]]:
        counted: Counter[tuple[DonorId, str]] = Counter()
        for each in found:
            counted[each.donor, each.currency] += each.minor
        return counted

    years = [each for year in range(2024, 2027) for each in counted_in(year, parts)]
    assert {key: minor for key, minor in sums(years).items() if minor} == {
        key: minor for key, minor in sums(parts).items() if minor
    }


@given(_PARTS, st.randoms(use_true_random=False))
def test_neither_other_donors_nor_the_order_matter(parts: list[DonorPart], random: Random) -> None:
    mine = [each for each in parts if each.donor == 7]
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert [each for each in returns(shuffled) if each.refund.donor == 7] == returns(mine)


@given(_PARTS, st.integers(2024, 2026))
def test_the_days_of_a_whole_year_count_as_papers_on_it_do(parts: list[DonorPart], year: int) -> None:
    euros = [each for each in parts if each.currency == EUR]
    counted: Counter[DonorId] = Counter()
    for each in counted_in(year, euros):
        counted[each.donor] += each.minor
    givers = {each.donor for each in euros if each.minor > 0 and each.day.year == year}
    days = {"first_day": date(year, 1, 1), "last_day": date(year, 12, 31)}
    assert counted_between(euros, **days) == {donor: counted[donor] for donor in givers}


def test_what_went_back_lessens_the_days_of_its_gift_whenever_it_did() -> None:
    parts = [part(1, "2026-01-05", 20), part(2, "2026-02-05", 7), part(3, "2026-03-03", -20)]
    before, after = date(2026, 1, 31), date(2026, 2, 1)
    assert counted_between(parts, first_day=date(2026, 1, 1), last_day=before) == {DonorId(7): 0}
    assert counted_between(parts, first_day=after, last_day=date(2026, 12, 31)) == {DonorId(7): 7}
