"""Which passwords are good enough, and that checking them cannot fill the memory."""

from __future__ import annotations

import threading
import time

import pytest
from tests.web.conftest import QUICK

from donations.access.password import BYTES_MAX, Passwords, Weakness, weakness_of
from donations.core.refusal import Refusal

AROUND = ("Mari Mets", "MTÜ Rohutirts", "mari@rohutirts.ee")


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("", Weakness.TOO_SHORT),
        ("x7#kQ9!mmpL", Weakness.TOO_SHORT),
        ("õ" * 513, Weakness.TOO_LONG),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("ababababababab", Weakness.COMMON),
        ("123456789012", Weakness.COMMON),
        ("987654321098", Weakness.COMMON),
        ("abcdefghijkl", Weakness.COMMON),
        ("Password123!", Weakness.COMMON),
        ("passwordpassword", Weakness.COMMON),
        ("qwertyuiop12", Weakness.COMMON),
        ("Parool2026!!", Weakness.COMMON),
        ("Laekahoidja 2026", Weakness.COMMON),
        ("annetus annetus", Weakness.COMMON),
        ("MariMets2026!", Weakness.COMMON),
        ("rohutirts-2026", Weakness.COMMON),
        ("kolm väikest põrsast", None),
        ("x7#kQ9!mmpL2", None),
        ("пять весёлых коров", None),
        ("tere tere vana kere", None),
    ],
)
def test_what_would_be_guessed_soon_is_refused(password: str, weakness: Weakness | None) -> None:
    assert weakness_of(password, around=AROUND) is weakness


def test_a_password_is_right_or_not() -> None:
    hashed = QUICK.hashed("kolm väikest põrsast")
    assert hashed.startswith("$argon2id$")
    assert QUICK.is_right("kolm väikest põrsast", hashed)
    assert not QUICK.is_right("kolm väikest porsast", hashed)
    assert not QUICK.is_right("", hashed)


def test_keyboards_may_spell_letters_differently() -> None:
    composed, decomposed = "p\u00f5rsas p\u00f5rsas", "po\u0303rsas po\u0303rsas"
    assert QUICK.is_right(decomposed, QUICK.hashed(composed))


def test_nobodys_password_takes_as_long_and_is_never_right() -> None:
    """The hash that stands in is a whole one of the same cost: were it not, names could be told by the time."""
    slow = Passwords(time_cost=4, memory_cost=16_384, parallelism=1)
    hashed = slow.hashed("kolm väikest põrsast")

    def took(of: str | None) -> float:
        began = time.perf_counter()
        assert not slow.is_right("kolm väikest kassi", of)
        return time.perf_counter() - began

    known, unknown = (min(took(of) for _ in range(5)) for of in (hashed, None))
    assert unknown > known / 2
    assert not slow.is_right("", None)


def test_an_endless_password_is_not_hashed() -> None:
    assert not QUICK.is_right("x" * (BYTES_MAX + 1), QUICK.hashed("x" * (BYTES_MAX + 1)))


def test_more_than_can_wait_are_sent_away() -> None:
    busy = Passwords(time_cost=1, memory_cost=8, parallelism=1, at_once=1, waiting_max=1, patience=5)
    inside, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with busy._turn():
            inside.set()
            go_on.wait(5)

    holding = threading.Thread(target=hold)
    holding.start()
    inside.wait(5)
    waiting = threading.Thread(target=lambda: busy.hashed("waits for its turn"))
    waiting.start()
    while busy._places._value:  # until the second has its place
        time.sleep(0.001)
    with pytest.raises(Refusal, match="sign_in_busy"):
        busy.hashed("finds no place")
    go_on.set()
    holding.join()
    waiting.join()
    assert busy.hashed("now there is room")


def test_who_waits_too_long_is_sent_away() -> None:
    busy = Passwords(time_cost=1, memory_cost=8, parallelism=1, at_once=1, patience=0.01)
    with busy._turn(), pytest.raises(Refusal, match="sign_in_busy"):
        busy.hashed("waits")
