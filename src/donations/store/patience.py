"""How long PostgreSQL works on one statement, waits for a lock, and lets a transaction stand in which nothing is asked.

SQLite has no such bounds: only the processor is waited for there, and who writes (`store/turn.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, event, text

PATIENCE = "donations_patience"
"""The execution option of an engine: for so many seconds PostgreSQL works on a statement of a change, or of a job."""
IS_PATIENT = "donations_is_patient"
"""The execution option of an engine whose reading may take as long as a change: it is a job's."""
_BOUND = text("SELECT set_config('statement_timeout', :milliseconds, true)")


def begin_sessions(engine: Engine, *, plan: Mapping[str, int] | None = None, **seconds: float) -> None:
    """Let each session begin with these bounds and this for its planner, by the names that PostgreSQL has for them."""
    settings = {name: _milliseconds(each) for name, each in seconds.items()} | dict(plan or {})
    said = ", ".join(f"set_config('{name}', '{each}', false)" for name, each in settings.items())

    def begin(connection: Any, _record: Any) -> None:
        connection.execute(f"SELECT {said}")  # only what is set with names of ours and numbers
        connection.commit()

    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", begin)


def be_patient(connection: Connection) -> None:
    """Let a statement of this transaction take as long as one of a change may."""
    if connection.dialect.name == "postgresql":
        connection.execute(_BOUND, {"milliseconds": _milliseconds(connection.get_execution_options()[PATIENCE])})


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))
