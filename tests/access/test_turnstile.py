"""The turnstile: how much strangers may ask, from one address, about one account and in all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from donations.access.event import ABOUT_ACCOUNT_MAX, FROM_ADDRESS_MAX, IN_ALL_MAX, WINDOW, Turnstile

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "about", "admitted"),
    [
        ("192.0.2.1", "{:04}", FROM_ADDRESS_MAX),
        ("{}", "1234", ABOUT_ACCOUNT_MAX),
        ("{}", "{:04}", IN_ALL_MAX),
    ],
    ids=["from one address", "about one account", "in all"],
)
def test_ten_thousand_questions_stop_soon(address: str, about: str, admitted: int) -> None:
    turnstile = Turnstile()
    asked = [
        turnstile.admits(address=address.format(number), about=about.format(number), now=NOW)
        for number in range(10_000)
    ]
    assert asked == [True] * admitted + [False] * (10_000 - admitted)


def test_who_asked_too_much_may_ask_again_a_day_later() -> None:
    turnstile = Turnstile()
    for number in range(FROM_ADDRESS_MAX):
        assert turnstile.admits(address="192.0.2.1", about=str(number), now=NOW)
    late = NOW + WINDOW - timedelta(seconds=1)
    assert not turnstile.admits(address="192.0.2.1", about="x", now=late)
    assert turnstile.admits(address="192.0.2.2", about="x", now=late)
    assert turnstile.admits(address="192.0.2.1", about="x", now=NOW + WINDOW)
