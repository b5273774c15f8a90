"""Small MT940 files for the tests: each says only what the test is about."""

from __future__ import annotations

from datetime import date

from donations.core.statement import Reading, StatementLine
from donations.readers.registry import read

OWN = "EE237700010000000016"
PAYER = "EE782200221020001114"


def statement(
    *fields: str, opening: str = "C260228EUR100,00", closing: str = "C260331EUR110,00", number: str = "3/1"
) -> str:
    """Return one statement."""
    return "\n".join([":20:S1", f":25:{OWN}", f":28C:{number}", f":60F:{opening}", *fields, f":62F:{closing}", "-\n"])


def gift(details: str = "annetus", *, line: str = "2603150315C10,00NTRFNONREF//REF20260315") -> str:
    """Return one line and the text behind it."""
    return f":61:{line}\n:86:{details}"


def reading(text: str) -> Reading:
    """Return what a file says."""
    return read(text.encode(), today=date(2026, 11, 22))


def line_of(details: str = "annetus", **changes: str) -> StatementLine:
    """Return the only line of a statement with one line."""
    (line,) = reading(statement(gift(details, **changes))).statements[0].lines
    return line
