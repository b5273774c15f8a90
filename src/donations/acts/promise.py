"""Shown first, then done exactly so: a step is done and rolled back to be shown, then done if it comes to the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Engine

from donations.core.canonical import canonical, digest
from donations.core.refusal import Refusal, RefusalCode
from donations.core.refusals import RequestCode
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.store.version import KeptPreviews, books_version

Result = TypeVar("Result")
Act = Callable[[WriteSession], Result]


def promise_of(result: object) -> str:
    """Return what showing a result promises, in 64 hexadecimal digits: equal results promise the same in any process.

    Frozen values of any depth; what has `promises` promises just that. A field that does not count for equality is no
    part of it, as the number of a row that others may have taken meanwhile. Raises `TypeError` for what is no value.
    """
    return digest(_plain(result))


MARK_LENGTH = 12
"""How many digits of a promise are enough: who types one types a few, and 16^12 are too many to hit by chance."""


def mark_of(promise: str) -> str:
    """Return by what a person can name a promise, as on the terminal."""
    return promise[:MARK_LENGTH]


def is_as_promised(promised: str, comes_to: str) -> bool:
    """Whether what is promised now was promised then, in whole or by its first digits."""
    return len(promised) >= MARK_LENGTH and comes_to.startswith(promised)


def refuse_outdated(promised: str | None, result: object, code: RefusalCode = RequestCode.PREVIEW_OUTDATED) -> None:
    """Raise `Refusal` where something was promised and it comes to something else now."""
    if promised is not None and not is_as_promised(promised, promise_of(result)):
        raise Refusal(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Generic[Result]):
    """What a step comes to."""

    result: Result
    promised: str
    is_outdated: bool = False
    """Whether something else had been promised, so that nothing was changed."""


class KeptAs(NamedTuple):
    """Where a preview is kept, under which name, and the day on which it is shown (Europe/Tallinn)."""

    previews: KeptPreviews
    name: Hashable
    today: date


def show_first(
    engine: Engine, act: Act[Result], *, kept: KeptAs | None = None, before: Callable[[], object] | None = None
) -> Shown[Result]:
    """Take a step and roll it back; what takes long is done `before`, while nothing is open.

    A preview that is kept is shown again as long as nothing in the books has changed and the day is the same.
    """
    if kept is not None:
        with reading(engine) as session:
            known: Shown[Result] | None = kept.previews.get(kept.name, state=(kept.today, books_version(session)))
        if known is not None:
            return known
    if before is not None:
        before()
    with writing(engine, keep=False) as session:
        state = None if kept is None else (kept.today, books_version(as_reader(session)))
        result = act(session)
    shown = Shown(result=result, promised=promise_of(result))
    if kept is not None:
        kept.previews.keep(kept.name, shown, state=state)
    return shown


def do_as_shown(engine: Engine, act: Act[Result], *, promised: str) -> Shown[Result]:
    """Take a step if it comes to what was promised; where it does not, roll it back and say so."""
    with suppress(_OtherwiseError), writing(engine) as session:
        result = act(session)
        comes_to = promise_of(result)
        if comes_to != promised:
            raise _OtherwiseError
    return Shown(result=result, promised=comes_to, is_outdated=comes_to != promised)


class _OtherwiseError(Exception):
    """Rolls the step back."""


def _plain(value: Any) -> Any:
    """Return a value as lists and texts, with the name of each type, so that only equal ones are written alike."""
    match value:
        case Enum():
            parts: Any = value.name
        case None | bool() | int() | str():
            return value
        case object(promises=promised):
            parts = _plain(promised)
        case date():
            parts = value.isoformat()
        case Mapping():
            parts = sorted(([_plain(key), _plain(each)] for key, each in value.items()), key=canonical)
        case AbstractSet():
            parts = sorted(map(_plain, value), key=canonical)
        case tuple() | list():
            parts = [_plain(each) for each in value]
        case _ if is_dataclass(value):
            parts = {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.compare}
        case _:
            raise TypeError(type(value).__name__)
    return [type(value).__name__, parts]
