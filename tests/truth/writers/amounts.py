"""Amounts and moments as text."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

TALLINN = ZoneInfo("Europe/Tallinn")


def decimal(minor: int, mark: str = ".") -> str:
    whole, cents = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{whole}{mark}{cents:02}"


def with_zone(moment: datetime) -> str:
    return moment.replace(tzinfo=TALLINN).isoformat()
