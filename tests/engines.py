"""Databases of the tests share what SQLAlchemy has compiled: a third of the time of a command over small books."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import URL, Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import Pool

from donations.store.opening import STATEMENTS_MAX

_make = Engine.__init__
_KNOWN = defaultdict[str, list[tuple[Dialect, Any]]](list)
"""By kind of database: dialects, of which the first that has seen one serves all, and what was compiled for them."""


def _made(
    engine: Engine,
    pool: Pool,
    dialect: Dialect,
    url: URL,
    hide_parameters: bool = False,  # noqa: FBT002 - the signature is looked at when an engine is made
    execution_options: Any = None,
    query_cache_size: int = STATEMENTS_MAX,
) -> None:
    seen = next((each for each in _KNOWN[dialect.name] if each[0].server_version_info is not None), None)
    _make(
        engine,
        pool,
        dialect if seen is None else seen[0],
        url,
        hide_parameters=hide_parameters,
        execution_options=execution_options,
        query_cache_size=query_cache_size,
    )
    if seen is None:
        _KNOWN[dialect.name].append((dialect, engine._compiled_cache))
    else:
        engine._compiled_cache = seen[1]


def share_statements() -> None:
    """Let all engines of one kind of database that are made from now on share their compiled statements."""
    Engine.__init__ = _made  # type: ignore[method-assign, assignment] # less than it takes
