"""What the server reports of an unforeseen error: its kind and its place, never its words, which may name people."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Iterator


def report_no_values() -> None:
    """Let the server's log tell errors without their words; `DONATIONS_DEBUG` leaves them."""
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(_without_values)
    logging.raiseExceptions = False  # what cannot be logged would be told whole, where it can be told at all


def _without_values(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and not os.environ.get("DONATIONS_DEBUG"):
        record.msg, record.args = "\n".join((record.getMessage().strip(), *_told(error))), None
        record.exc_info = record.exc_text = None
    return True


def _told(error: BaseException | None) -> Iterator[str]:
    """Yield the kinds of an error and of those that led to it, each with the lines of code that it came through."""
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield type(error).__name__
        yield from (
            f"  {each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)
        )
        for each in getattr(error, "exceptions", ()):
            yield from _told(each)
        error = error.__cause__ or error.__context__
