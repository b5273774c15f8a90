"""Database rows in what a template is given: they carry no rules, and can be changed, read on or kept by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel
from sqlmodel import SQLModel


def rows_in(given: Mapping[str, Any]) -> list[str]:
    """Return where rows are, however deep, as `name.field: its table`."""
    seen: set[int] = set()
    return [
        f"{place}: {type(row).__name__}" for name, value in given.items() for place, row in _rows(name, value, seen)
    ]


def _rows(place: str, value: object, seen: set[int]) -> Iterator[tuple[str, SQLModel]]:
    if id(value) in seen or isinstance(value, str | int | float | bytes | type):
        return
    seen.add(id(value))
    if isinstance(value, SQLModel):
        yield place, value
        return
    for inner in _inside(value):
        yield from _rows(f"{place}.{type(value).__name__}", inner, seen)


def _inside(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if is_dataclass(value):
        return [getattr(value, each.name, None) for each in fields(value)]
    if isinstance(value, BaseModel):
        return list(dict(value).values())
    return []
