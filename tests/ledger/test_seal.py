"""Whatever is changed of a closing, or of the chain, shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from donations.core.calendar import Month
from donations.core.canonical import broken_links
from donations.ledger.figures import ClosingSeal

FIRST = ClosingSeal(
    month=Month(2026, 1),
    by="Mari",
    at=datetime(2026, 2, 5, 20, tzinfo=UTC),
    reason=None,
    figures='{"accounts":[]}',
    last_allocation=17,
    before="",
)
SECOND = replace(FIRST, month=Month(2026, 2), reason="the bank mends it in May", before=FIRST.digest)
THIRD = replace(FIRST, month=Month(2026, 3), before=SECOND.digest)
CHAIN = [(each, each.digest) for each in (FIRST, SECOND, THIRD)]


def test_a_chain_holds() -> None:
    assert broken_links(CHAIN) == []
    assert broken_links([]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"month": Month(2026, 4)},
        {"by": "Jaan"},
        {"at": FIRST.at + timedelta(seconds=1)},
        {"reason": None},
        {"figures": '{"accounts":[1]}'},
        {"last_allocation": 18},
        {"before": ""},
    ],
)
def test_every_change_shows(change: dict[str, Any]) -> None:
    changed = replace(SECOND, **change)
    assert broken_links([CHAIN[0], (changed, CHAIN[1][1]), CHAIN[2]]) == [1]
    assert 2 in broken_links([CHAIN[0], (changed, changed.digest), CHAIN[2]])


def test_a_closing_that_is_gone_shows() -> None:
    assert broken_links([CHAIN[0], CHAIN[2]]) == [1]
    assert broken_links(CHAIN[1:]) == [0]


def test_the_zone_of_the_clock_does_not_matter() -> None:
    assert replace(FIRST, at=FIRST.at.astimezone(ZoneInfo("Europe/Tallinn"))).digest == FIRST.digest
