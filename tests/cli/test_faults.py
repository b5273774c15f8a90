"""What the server's log tells of an error that nobody foresaw: its kind and places, never its words."""

from __future__ import annotations

import logging
import sys

from donations.cli.faults import report_no_values


def told(record: logging.LogRecord) -> str:
    (*_, without_values) = logging.getLogger("uvicorn.error").filters
    assert without_values(record)  # type: ignore[operator]
    return logging.Formatter().format(record)


def test_what_an_exception_says_is_not_told() -> None:
    report_no_values()
    try:
        dict[str, int]()["Kanaari Lind"]
    except KeyError:
        record = logging.makeLogRecord({"msg": "Exception in %s", "args": ("x",), "exc_info": sys.exc_info()})
    said = told(record)
    assert said.startswith("Exception in x")
    assert "KeyError" in said
    assert "test_faults.py" in said
    assert "Kanaari" not in said
    assert told(logging.makeLogRecord({"msg": "as it is"})) == "as it is"
