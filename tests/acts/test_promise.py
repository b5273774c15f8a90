"""One digest of what is shown: equal values have the same in any process, and whatever differs makes another."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, text
from tests.store.test_version import by_another_process

from donations.acts.promise import KeptAs, do_as_shown, promise_of, refuse_outdated, show_first
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.store.session import WriteSession, reading
from donations.store.version import KeptPreviews

TODAY = date(2026, 7, 1)


class Kind(StrEnum):
    """A kind."""

    GIFT = "gift"


@dataclass(frozen=True)
class Inner:
    """Something in another thing."""

    word: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Other:
    """Something with the same fields."""

    word: str


class Pair(NamedTuple):
    """Two."""

    one: int
    other: int


@dataclass(frozen=True)
class Chosen:
    """What promises a part of itself."""

    kept: int
    row: int

    @property
    def promises(self) -> object:
        """What is promised of it."""
        return self.kept


DIFFERENT: list[object] = [
    None,
    *(True, 1, "1", "", "gift", Kind.GIFT, -1),
    *((), (1,), (1, 2), ((1, 2),), ("12",), ("1", "2"), [1, 2], Pair(1, 2)),
    *(frozenset({"a"}), frozenset({"a", "b"}), {"a": "b"}, {"b": "a"}, {None: 1}),
    *(Inner("a"), Inner("b"), Other("a"), {"word": "a"}),
    *(date(2026, 7, 1), "2026-07-01", datetime(2026, 7, 1, tzinfo=UTC)),
    *(Chosen(1, 1), Chosen(2, 1)),
]


def test_whatever_differs_promises_something_else() -> None:
    assert len({promise_of(each) for each in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Inner("a", row=1), Inner("a", row=2)),
        (Chosen(1, row=1), Chosen(1, row=2)),
        (frozenset("abc"), frozenset("cba")),
        ({"a": 1, "b": (2,)}, {"b": (2,), "a": 1}),
    ],
)
def test_what_is_equal_promises_the_same(one: object, other: object) -> None:
    assert promise_of(one) == promise_of(other)


@pytest.mark.parametrize("thing", [object(), 0.1, b"bytes", iter(())])
def test_what_is_no_value_promises_nothing(thing: object) -> None:
    with pytest.raises(TypeError):
        promise_of((thing,))


def test_another_process_promises_the_same() -> None:
    """The order of a set of texts is another one in each process."""
    code = "from donations.acts.promise import promise_of; print(promise_of(frozenset('abcdefgh')))"
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert said == {promise_of(frozenset("abcdefgh"))}


def test_only_what_was_promised_is_refused_once_it_is_outdated() -> None:
    refuse_outdated(None, 1)
    refuse_outdated(promise_of(1), 1)
    with pytest.raises(Refusal, match="preview_outdated"):
        refuse_outdated(promise_of(1), 2)
    with pytest.raises(Refusal, match="proposal_outdated"):
        refuse_outdated("", 2, AnswerCode.PROPOSAL_OUTDATED)


def rename(session: WriteSession) -> str:
    """Call every appeal otherwise, and return what they were called."""
    before = str(session.execute(text("SELECT name FROM appeal")).scalar_one())
    session.execute(text("UPDATE appeal SET name = 'Kevad'"))
    return before


def name_of(engine: Engine) -> str:
    with reading(engine) as session:
        return str(session.execute(text("SELECT name FROM appeal")).scalar_one())


def test_it_is_done_as_shown_or_not_at_all(engine: Engine) -> None:
    shown = show_first(engine, rename)
    assert (shown.result, shown.is_outdated, name_of(engine)) == ("General", False, "General")
    by_another_process(engine, "UPDATE appeal SET name = 'Sügis'")
    outdated = do_as_shown(engine, rename, promised=shown.promised)
    assert (outdated.result, outdated.is_outdated, name_of(engine)) == ("Sügis", True, "Sügis")
    done = do_as_shown(engine, rename, promised=outdated.promised)
    assert (done.result, done.is_outdated, name_of(engine)) == ("Sügis", False, "Kevad")


def test_a_kept_preview_forgets_itself(engine: Engine) -> None:
    """With any change of the books, by whatever process, and with the day; not by what was only tried."""
    previews, times = KeptPreviews(), []

    def act(session: WriteSession) -> str:
        times.append(1)
        return rename(session)

    def shown(name: str, today: date = TODAY) -> str:
        return show_first(engine, act, kept=KeptAs(previews, name, today)).result

    assert [shown("a"), shown("a"), shown("b"), shown("a"), len(times)] == ["General"] * 4 + [2]
    by_another_process(engine, "UPDATE appeal SET name = 'Sügis'")
    assert [shown("a"), shown("a"), len(times)] == ["Sügis", "Sügis", 3]
    shown("a", TODAY + timedelta(days=1))
    assert len(times) == 4


def test_no_more_previews_are_kept_than_people_look_at() -> None:
    previews = KeptPreviews()
    for name in range(9):
        previews.keep(name, name, state=1)
        previews.get(0, state=1)
    assert [previews.get(name, state=1) for name in (0, 1, 8)] == [0, None, 8]
