"""Books that many tests begin with are written by the first test of a worker, and copied for all others.

`@written_once` below `@pytest.fixture`, on a fixture that writes into `book` and returns it:

    @pytest.fixture
    @written_once
    def quarter(book: Book) -> Book: ...

What it writes must follow from its code alone, and it must do nothing else: it sets no clock, and knows nothing that
differs from test to test. Where something was written into the database before, as by a fixture that makes people, it
is written anew: so these fixtures are set up first (`first_of`). They may build on one another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, Protocol

import pytest
from sqlalchemy import Engine, event
from tests.book import Book

P = ParamSpec("P")
Fixture = Callable[P, Book]
_MARK = "_is_written_once"


class Shelf(Protocol):
    """Where the copies of one database are."""

    def keep(self, name: str) -> None:
        """Copy what is in the database."""

    def bring(self, name: str) -> bool:
        """Let the database be the copy; False where there is none."""


class State:
    """What is in a database: nothing, or what was written once, as long as nothing else is committed."""

    def __init__(self, engine: Engine, shelf: Shelf) -> None:
        self.name: str | None = ""
        self.shelf = shelf
        event.listen(engine, "commit", self._touch)

    def _touch(self, _connection: Any) -> None:
        self.name = None


_STATES: dict[Engine, State] = {}
_NUMBERS = count(1)
_NAMES: dict[tuple[str, str], str] = {}


def watch(engine: Engine, shelf: Shelf) -> None:
    """Watch a database that tests are given."""
    _STATES[engine] = State(engine, shelf)


def fresh(engine: Engine) -> None:
    """Say that the database is as migrated."""
    _STATES[engine].name = ""


def written_once(write: Fixture[P]) -> Fixture[P]:
    """Let a fixture write its books only where there is no copy of them."""

    @wraps(write)
    def fixture(*args: P.args, **kwargs: P.kwargs) -> Book:
        book = next(each for each in kwargs.values() if isinstance(each, Book))  # pytest gives all by name
        if not all(isinstance(each, Book | pytest.FixtureRequest) for each in kwargs.values()):
            raise TypeError(f"{write.__qualname__} can be written once if it knows nothing but books: {[*kwargs]}")
        state = _STATES.get(book.engine)
        if state is None or state.name is None:
            return write(*args, **kwargs)
        chosen = [getattr(each, "param", None) for each in kwargs.values() if isinstance(each, pytest.FixtureRequest)]
        code = f"{write.__module__}.{write.__qualname__}{chosen}"
        name = _NAMES.setdefault((state.name, code), f"kept_{next(_NUMBERS)}")
        if not state.shelf.bring(name):
            write(*args, **kwargs)
            state.shelf.keep(name)
        state.name = name
        return book

    setattr(fixture, _MARK, True)
    return fixture


def first_of(item: pytest.Item) -> Sequence[str]:
    """Return the names of a test's fixtures, with those that are written once before those that write besides."""
    names: list[str] = item.fixturenames  # type: ignore[attr-defined] # of functions
    known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    once = [each for each in names if each in known and hasattr(known[each][-1].func, _MARK)]
    return [*once, *(each for each in names if each not in once)]
