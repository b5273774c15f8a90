"""Figures are read as they were written, and changes add up whatever their order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from donations.core.donor import AppealId
from donations.core.money import EUR, Currency, parse_currency
from donations.core.payment import Purpose
from donations.identity.proof import DayState
from donations.ledger.figures import AccountMonth, AppealMonth, Figure, Figures, MonthChange, added

USD = parse_currency("USD")
ACCOUNT = AccountMonth(
    account="EE382200221020145685",
    currency=EUR,
    opening=10_000,
    money_in=7_000,
    money_out=-250,
    purposes={Purpose.GIFT: 6_000, Purpose.REFUND: 0, Purpose.COST: -250},
    unallocated=1_000,
    questions=1,
    closing=16_750,
    bank_closing=None,
    proof=DayState.PROVEN,
)
GENERAL = AppealMonth(appeal=AppealId(1), name="Üldine", currency=EUR, given=6_000, gifts=3, donors=2)
FIGURES = Figures(accounts=(ACCOUNT,), appeals=(GENERAL,), donors=2)
CHANGES = st.builds(
    MonthChange,
    account=st.sampled_from(["one", "other"]),
    currency=st.sampled_from([EUR, USD]),
    is_money_in=st.booleans(),
    purpose=st.none() | st.sampled_from(Purpose),
    appeal=st.sampled_from([AppealId(1), AppealId(2)]),
    minor=st.integers(-5_000, 5_000),
    count=st.sampled_from([-1, 1]),
)


def test_figures_are_read_as_they_were_written() -> None:
    assert Figures.read(FIGURES.written()) == FIGURES
    assert FIGURES.written() == Figures.read(FIGURES.written()).written()


def test_purposes_are_read_in_the_order_of_the_page() -> None:
    assert list(Figures.read(FIGURES.written()).accounts[0].purposes) == [Purpose.GIFT, Purpose.REFUND, Purpose.COST]


def test_numbers_that_are_nothing_are_left_out_of_the_sums() -> None:
    assert Figure(ACCOUNT.account, EUR, "refund") not in FIGURES.sums
    assert FIGURES.sums[Figure("appeal 1", EUR, "gifts")] == 3


def test_different_currencies_are_never_added_and_euros_come_first() -> None:
    other = replace(ACCOUNT, currency=Currency("CHF"), money_in=5)
    assert Figures(accounts=(other, ACCOUNT, ACCOUNT)).money_in == (("EUR", 14_000), ("CHF", 5))


def test_the_worst_proof_is_the_months() -> None:
    worst = replace(ACCOUNT, proof=DayState.CONFLICT), replace(ACCOUNT, proof=DayState.MISSING)
    assert Figures(accounts=(ACCOUNT, *worst)).proof is DayState.CONFLICT
    assert FIGURES.proof is DayState.PROVEN


@given(st.lists(CHANGES, max_size=8))
def test_changes_add_up_in_any_order_and_taken_back_are_nothing(changes: list[MonthChange]) -> None:
    back = [replace(each, minor=-each.minor, count=-each.count) for each in changes]
    assert added(each.sums for each in changes) == added(each.sums for each in reversed(changes))
    assert added(each.sums for each in [*changes, *back]) == {}


@given(CHANGES)
def test_what_moved_has_a_purpose_or_none(change: MonthChange) -> None:
    """Money in and out is always what it was for and what is unallocated: a change keeps that so."""
    sums = added([change.sums])
    of_account = {name.what: minor for name, minor in sums.items() if name.of == change.account}
    moved = of_account.pop("in", 0) + of_account.pop("out", 0)
    assert moved == sum(of_account.values())
