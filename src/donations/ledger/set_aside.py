"""What was in the way of a closed month, each with the reason that set it aside: one text that can be read back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from donations.ledger.obstacles import Obstacle, ObstacleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """One thing that was in the way."""

    reason: str
    kind: ObstacleKind | None = None
    """None in closings of an older program, which kept the reasons alone."""
    account: str = ""
    """The masked number, where it was about one."""
    days: tuple[date, date] | None = None
    count: int = 0


def written(found: Iterable[tuple[Obstacle, str]]) -> str | None:
    """Return what is kept, a line for each; None where nothing was in the way."""
    return "\n".join(f"{each.name}: {' '.join(reason.split())}" for each, reason in found) or None


def read(text: str | None) -> list[SetAside]:
    """Return what was set aside."""
    return [_read(line) for line in (text or "").splitlines() if line.strip()]


def _read(line: str) -> SetAside:
    name, mark, reason = line.partition(": ")
    kind, *about = name.split(" ")
    if not mark or kind not in set(ObstacleKind):
        return SetAside(reason=line)
    try:
        days = [tuple(map(date.fromisoformat, each.split(".."))) for each in about if ".." in each]
        first_day, last_day = days[0] if days else (None, None)
    except ValueError:
        return SetAside(reason=line)
    return SetAside(
        reason=reason,
        kind=ObstacleKind(kind),
        account=next((each for each in about if not each.isdecimal() and ".." not in each), ""),
        days=None if first_day is None or last_day is None else (first_day, last_day),
        count=next((int(each) for each in about if each.isdecimal()), 0),
    )
