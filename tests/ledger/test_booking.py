"""Allocations are appended within what is left of a payment, and corrected by reversing them."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book import day

from donations.core.donor import AppealId, DonorId
from donations.core.iban import UnverifiedAccount
from donations.core.money import EUR, Amount, money_of, parse_currency
from donations.core.payment import Allocation, AllocationId, Decision, Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.statement import Counterparty
from donations.ledger.booking import WantedAllocation, allocate, live, rebook, reverse, unallocated

RULE = Decision(reason="keyword", rule="keyword+iban/1")
PERSON = Decision(reason="she told me", person="treasurer")
OTHER_RULE = Decision(reason="reference", rule="reference+iban/1")
DONOR, APPEAL = DonorId(7), AppealId(1)


def payment(minor: int) -> Payment:
    return Payment(
        id=PaymentId(1),
        account=UnverifiedAccount("1"),
        booked_on=day("03-01"),
        money=money_of(minor, EUR),
        counterparty=Counterparty(),
    )


def wanted(purpose: Purpose = Purpose.GIFT, minor: int = 1000, decision: Decision = RULE) -> WantedAllocation:
    gift = purpose is Purpose.GIFT
    return WantedAllocation(
        purpose=purpose,
        amount=Amount(minor, EUR),
        decision=decision,
        donor=DONOR if gift else None,
        appeal=APPEAL if gift else None,
    )


def booked(minor: int = 1000, *, decision: Decision = RULE, number: int = 1) -> Allocation:
    return allocate(payment(max(minor, 1000)), [], wanted(minor=minor, decision=decision), AllocationId(number))


@pytest.mark.parametrize(
    ("minor", "purpose", "fits"),
    [
        (1000, Purpose.GIFT, True),
        (1000, Purpose.INCOME, True),
        (1000, Purpose.TRANSFER, True),
        (1000, Purpose.REFUND, False),
        (1000, Purpose.COST, False),
        (-1000, Purpose.GIFT, False),
        (-1000, Purpose.INCOME, False),
        (-1000, Purpose.TRANSFER, True),
        (-1000, Purpose.REFUND, True),
        (-1000, Purpose.COST, True),
    ],
)
def test_a_purpose_fits_one_direction_of_money(minor: int, purpose: Purpose, *, fits: bool) -> None:
    if fits:
        assert allocate(payment(minor), [], wanted(purpose), AllocationId(1)).purpose is purpose
    else:
        with pytest.raises(Refusal, match="cannot_allocate"):
            allocate(payment(minor), [], wanted(purpose), AllocationId(1))


@pytest.mark.parametrize(
    "asked",
    [
        replace(wanted(), amount=Amount(1001, EUR)),
        replace(wanted(), amount=Amount(1000, parse_currency("USD"))),
        replace(wanted(), donor=None),
        replace(wanted(), appeal=None),
    ],
)
def test_what_would_break_the_books_is_refused(asked: WantedAllocation) -> None:
    with pytest.raises(Refusal, match="cannot_allocate"):
        allocate(payment(1000), [], asked, AllocationId(1))


@given(st.lists(st.integers(1, 1500), max_size=8))
def test_parts_never_exceed_the_payment(parts: list[int]) -> None:
    rows: list[Allocation] = []
    for number, minor in enumerate(parts, start=1):
        left = unallocated(payment(1000), rows)
        try:
            rows.append(allocate(payment(1000), rows, wanted(minor=minor), AllocationId(number)))
        except Refusal:
            assert minor > left
        else:
            assert unallocated(payment(1000), rows) == left - minor

    assert 0 <= unallocated(payment(1000), rows) <= 1000


def test_what_was_reversed_is_free_again() -> None:
    gift = booked()
    back = reverse(gift, PERSON, AllocationId(2))

    assert (back.reverses, back.amount, back.donor, back.decision) == (gift.id, gift.amount, gift.donor, PERSON)
    assert live([gift, back]) == []
    assert unallocated(payment(1000), [gift, back]) == 1000


@pytest.mark.parametrize(
    ("standing", "asked", "appended"),
    [
        ([], wanted(), [(None, RULE.rule)]),
        ([], None, []),
        ([booked()], wanted(), []),
        ([booked()], None, [(1, "rebook/1")]),
        ([booked()], wanted(decision=OTHER_RULE), [(1, "rebook/1"), (None, OTHER_RULE.rule)]),
        ([booked()], wanted(decision=Decision(reason="keyword", rule="keyword+iban/2")), []),
        (
            [booked(decision=Decision(reason="standing_rule", rule="standing/1"))],
            wanted(decision=Decision(reason="standing_rule", rule="standing/2")),
            [(1, "rebook/1"), (None, "standing/2")],
        ),
        ([booked()], wanted(Purpose.INCOME), [(1, "rebook/1"), (None, RULE.rule)]),
        ([booked(400, decision=PERSON)], wanted(), []),
        ([booked(decision=PERSON)], None, []),
    ],
    ids=[
        "new",
        "nothing to book",
        "as it is",
        "no longer known",
        "another rule",
        "a newer version of the rule",
        "another rule of a person",
        "another purpose",
        "a part by a person",
        "by a person",
    ],
)
def test_rules_book_anew_only_what_changed_and_nothing_of_a_persons(
    standing: list[Allocation], asked: WantedAllocation | None, appended: list[tuple[int | None, str | None]]
) -> None:
    rows = rebook(payment(1000), standing, asked, count(2))

    assert [(row.reverses, row.decision.rule) for row in rows] == appended


def test_booking_again_appends_nothing() -> None:
    ids = count(1)
    first = rebook(payment(1000), [], wanted(), ids)

    assert rebook(payment(1000), first, wanted(), ids) == []
