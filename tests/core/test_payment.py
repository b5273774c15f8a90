"""What each transaction of an entry is of it, where they do not explain it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from donations.core.iban import UnverifiedAccount
from donations.core.money import EUR, Amount, MoneyIn, parse_currency
from donations.core.payment import Payment, PaymentId
from donations.core.statement import Counterparty, Detail

USD = parse_currency("USD")
AMOUNTS = st.builds(Amount, st.integers(1, 10**9), st.sampled_from([EUR, USD]))


def entry(minor: int, amounts: list[Amount | None]) -> Payment:
    return Payment(
        id=PaymentId(1),
        account=UnverifiedAccount("1"),
        booked_on=date(2026, 1, 5),
        money=MoneyIn(Amount(minor, EUR)),
        counterparty=Counterparty(),
        details=tuple(Detail(counterparty=Counterparty(), amount=each) for each in amounts),
    )


@given(st.integers(1, 10**9), st.lists(st.none() | AMOUNTS, max_size=5))
def test_shares_never_come_to_more_than_came(minor: int, amounts: list[Amount | None]) -> None:
    shares = entry(minor, amounts).shares
    known = [each for each in shares if each is not None]
    assert len(shares) == len(amounts)
    assert sum(each.minor for each in known) <= minor
    assert {each.currency for each in known} <= {EUR}


@given(st.integers(1, 10**9), st.lists(AMOUNTS.filter(lambda each: each.currency == USD), min_size=1, max_size=5))
def test_of_one_other_currency_they_come_to_all_that_came_each_by_its_part(minor: int, amounts: list[Amount]) -> None:
    shares = [0 if each is None else each.minor for each in entry(minor, [*amounts]).shares]
    assert sum(shares) == minor
    total = sum(each.minor for each in amounts)
    assert all(abs(share * total - each.minor * minor) < total for share, each in zip(shares, amounts, strict=True))


def test_what_is_stated_stands_where_it_is_no_more_than_came() -> None:
    ten, five = Amount(1_000, EUR), Amount(500, EUR)
    assert entry(3_000, [ten, None, five, Amount(700, USD)]).shares == (ten, None, five, None)
    assert entry(1_400, [ten, five]).shares == (Amount(933, EUR), Amount(467, EUR))
    assert entry(1_400, [ten, five, None]).shares == (None, None, None)
