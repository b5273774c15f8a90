"""What readers find as plain values of JSON and back again: whatever comes in is parsed anew, and nothing is believed.

A pickle from a process that a file took over could run code in ours. Here every value is of a declared type, every
account number, code, currency and reference is checked once more, and anything else raises `BadMessageError`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from donations.core.iban import ValidIban, parse_iban
from donations.core.money import Currency, MoneyIn, MoneyOut, money_of, parse_currency
from donations.core.person_code import PersonalCode, RegistryCode, parse_code
from donations.core.problem import Problem
from donations.core.reference import Reference, parse_reference
from donations.core.typed import UNREADABLE

ASKED = struct.Struct(">IIB")
"""What comes before a file: seconds of the processor, its length in bytes, what is wanted of it (`READ` …)."""
READ, OPEN, LOOK = range(3)
"""Its statements; the files in it, for it is an archive; what the columns of a table show."""
LENGTH = struct.Struct(">I")
"""What comes before each message back."""

WHOLE_MAX = 2**63
"""What databases keep."""


class BadMessageError(ValueError):
    """Not what a reader says."""


_PARSED: dict[Any, Callable[[str], str | object | None]] = {
    ValidIban: parse_iban,
    Currency: parse_currency,
    Reference: parse_reference,
    PersonalCode: parse_code,
    RegistryCode: parse_code,
}
"""Texts that are more than texts, and what makes them."""

Way = tuple[Callable[[Any], Any], Callable[[Any], Any]]
"""To plain values, and back."""


def dumps(message: Sequence[object]) -> bytes:
    """Return a message of plain values as bytes."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def loads(content: bytes) -> list[Any]:
    """Return a message of plain values."""
    found: list[Any] = typed(json.loads(content), list)
    return found


def plain_problems(problems: Sequence[Problem]) -> list[object]:
    """Return problems as plain values."""
    to_plain = way_of(Problem)[0]
    return [to_plain(problem) for problem in problems]


def problems_of(plain: list[Any]) -> list[Problem]:
    """Return the problems that plain values stand for. Raises `BadMessageError`."""
    with reading():
        return [way_of(Problem)[1](each) for each in typed(plain, list)]


@contextmanager
def reading() -> Iterator[None]:
    """Turn whatever happens while plain values are read into a `BadMessageError`."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError) as error:
        raise BadMessageError from error


@cache
def way_of(kind: Any) -> Way:
    """Return how values of a declared type go to plain ones and back."""
    if kind in _PARSED:
        return str, lambda value: _same(_PARSED[kind](_text(value)), value)
    if isinstance(kind, NewType):
        return way_of(kind.__supertype__)
    if (origin := get_origin(kind)) is not None:
        return (_tuple if origin is tuple else _union)(get_args(kind))
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        return _record(kind)
    return _SIMPLE.get(kind) or (_value_of, kind)


def _record(cls: Any) -> Way:
    """Return the way of a dataclass or a named tuple: only what differs from the declared default is written."""
    hints = get_type_hints(cls)
    ways: dict[str, Way] = {}

    def way(name: str) -> Way:  # looked up when it is needed, for lines have lines as parts
        return ways.get(name) or ways.setdefault(name, way_of(hints[name]))

    if is_dataclass(cls):
        defaults = [(each.name, each.default) for each in fields(cls)]
    else:
        defaults = [(name, cls._field_defaults.get(name, MISSING)) for name in cls._fields]

    def to_plain(value: Any) -> dict[str, Any]:
        found = {}
        for name, default in defaults:
            held = getattr(value, name)
            if held is not default and (default is MISSING or held != default):
                found[name] = way(name)[0](held)
        return found

    def read(plain: Any) -> Any:
        made = cls(**{name: way(name)[1](held) for name, held in typed(plain, dict).items()})
        if cls is Problem:
            _ = made.message  # that its facts fill its sentences
        return made

    return to_plain, read


def _union(kinds: tuple[Any, ...]) -> Way:
    if set(kinds) == {MoneyIn, MoneyOut}:
        return (
            lambda money: [money.signed_minor, money.amount.currency],
            lambda plain: money_of(_whole(plain[0]), parse_currency(_text(plain[1]))),
        )
    if NoneType in kinds:
        to_plain, read = way_of(Union[tuple(kind for kind in kinds if kind is not NoneType)])  # noqa: UP007 - computed
        return (
            lambda value: None if value is None else to_plain(value),
            lambda plain: None if plain is None else read(plain),
        )
    words = [kind for kind in kinds if kind in _PARSED]
    classes = {kind.__name__: kind for kind in kinds if kind not in words}

    def to_plain_one(value: Any) -> Any:
        return (
            value if isinstance(value, str) else [type(value).__name__, way_of(classes[type(value).__name__])[0](value)]
        )

    def read_one(plain: Any) -> Any:
        if isinstance(plain, str) and words:
            return way_of(words[0])[1](plain)
        name, held = plain
        return way_of(classes[name])[1](held)

    return to_plain_one, read_one


def _tuple(kinds: tuple[Any, ...]) -> Way:
    if kinds[-1] is Ellipsis:
        to_plain, read = way_of(kinds[0])
        return (
            lambda value: [to_plain(each) for each in value],
            lambda plain: tuple([read(each) for each in typed(plain, list)]),
        )
    ways = [way_of(kind) for kind in kinds]
    return (
        lambda value: [way[0](each) for way, each in zip(ways, value, strict=True)],
        lambda plain: tuple([way[1](each) for way, each in zip(ways, typed(plain, list), strict=True)]),
    )


def _value_of(value: Enum) -> object:
    return value.value


def typed(value: Any, kind: type[Any]) -> Any:
    """Return a value that is of exactly this type. Raises `BadMessageError`."""
    if type(value) is not kind:
        raise BadMessageError
    return value


def _text(value: Any) -> str:
    if type(value) is not str or UNREADABLE.search(value):
        raise BadMessageError
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not -WHOLE_MAX < value < WHOLE_MAX:
        raise BadMessageError
    return value


def _same(found: object, value: Any) -> Any:
    if found != value:
        raise BadMessageError
    return found


_SIMPLE: dict[Any, Way] = {
    str: (str, _text),
    int: (int, _whole),
    bool: (bool, lambda value: typed(value, bool)),
    date: (date.isoformat, lambda value: date.fromisoformat(_text(value))),
    datetime: (datetime.isoformat, lambda value: datetime.fromisoformat(_text(value))),
}
