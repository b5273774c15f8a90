"""The published document: read as it was written, and every change of it noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from donations.published.document import (
    Block,
    Goal,
    HowToGive,
    PublishedPart,
    PublishedSpending,
    Share,
    Snapshot,
    TransferWay,
    block_complaints,
)


def block(number: int, before: str, **more: Any) -> Block:
    """Return the block of one month of 2026."""
    given: dict[str, Any] = {
        "number": number,
        "first_day": date(2026, number, 1),
        "last_day": date(2026, number, [31, 28, 31][number - 1]),
        "published_on": date(2026, number + 2, 4),
        "minor": 30_000,
        "donors": 12,
        "donors_so_far": 10,
        "before": before,
    }
    return Block(**given | more)


FIRST = block(1, "")
SPENT = PublishedSpending(
    first_day=date(2026, 1, 1),
    last_day=date(2026, 1, 31),
    minor=12_000,
    categories=(Share("Rooms", 13_000),),
    rest=-1_000,
)
FIRST_SPENDING = block(1, "", spending=SPENT)
SECOND = block(
    2,
    FIRST_SPENDING.digest,
    appeals=(PublishedPart("Niidufond", 20_000),),
    rest=10_000,
    corrects=(1,),
    spending=replace(SPENT, first_day=date(2026, 2, 1), last_day=date(2026, 2, 28)),
)
THIRD = block(
    3,
    SECOND.digest,
    rule=2,
    donors=10,
    appeals=(PublishedPart("Niidufond", 40_000),),
    rest=20_000,
    appeals_of=(1, 3),
)
SNAPSHOT = Snapshot(
    organisation="MTÜ Rohutirts",
    donors_min=10,
    agrees_until=date(2026, 3, 31),
    goal=Goal(minor=100_000, text="Katus", since=date(2026, 1, 1)),
    giving=HowToGive(payee="MTÜ Rohutirts", iban="EE382200221020145685", ways=(TransferWay("Niidufond", "Niit"),)),
    blocks=(FIRST_SPENDING, SECOND, THIRD),
)


@pytest.mark.parametrize("given", [SNAPSHOT, replace(SNAPSHOT, agrees_until=None, goal=None, giving=None, blocks=())])
def test_what_is_written_is_read_again_and_holds(given: Snapshot) -> None:
    document = json.loads(given.written())
    assert Snapshot.read(document) == given
    assert block_complaints(document) == []


def test_the_digest_is_the_one_that_anybody_can_make() -> None:
    """Kept as a number: whoever checks from another language needs exactly this text."""
    assert FIRST.digest == "906bdc995a4b5b1817c3a7c60d28bf6c92e64b53ad33e5ce048c408e871912e8"


def _of_block(at: int, /, **changed: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["blocks"][at].update(changed)


def _of_spending(**changed: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["blocks"][1]["spending"].update(changed)


def _of_together(**changed: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["blocks"][2]["appeals_of_blocks"].update(changed)


def _rehashed(document: dict[str, Any]) -> None:
    """Change the first block and make its digest anew, as somebody would who rewrites it."""
    changed = replace(FIRST_SPENDING, minor=29_000)
    document["blocks"][0] = changed.document() | {"sha256": changed.digest}
    document["total_cents"] -= 1_000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_of_block(0, total_cents=30_001), "block 1 was changed"),
        (_of_block(1, sha256="0" * 64), "block 2 was changed"),
        (_of_block(1, first_day="2026-02-02"), "block 2 does not begin on the day after"),
        (_of_block(1, number=3), "block 2 is numbered 3"),
        (_of_block(1, other_appeals_cents=9_999), "the appeals of block 2 do not add up"),
        (_of_spending(total_cents=9_999), "the spending of block 2 does not add up"),
        (_of_spending(other_cents=9_999), "the spending of block 2 does not add up"),
        (_of_spending(last_day="2026-02-27"), "the spending of block 2 does not end with the block"),
        (_of_spending(first_day="2026-01-31"), "the spending of block 2 does not begin on the day after"),
        (_of_spending(first_day="2026-03-01"), "the spending of block 2 does not begin on the day after"),
        (_of_block(2, rule=3), "block 3 is published by rule 3"),
        (_of_block(1, rule=2), "block 2 tells its donors otherwise than rule 2 does"),
        (_of_block(2, rule=1), "block 3 tells its donors otherwise than rule 1 does"),
        (_of_block(2, donors_at_least=12), "block 3 tells its donors otherwise than rule 2 does"),
        (lambda document: document["blocks"][2].pop("rule"), "block 3 tells its donors otherwise"),
        (_of_together(other_cents=19_999), "the appeals of block 3 do not add up"),
        (_of_together(blocks=[2, 3]), "the appeals of block 3 are of blocks that do not wait for it"),
        (_of_block(2, spending=SPENT.document() | {"last_day": "2026-03-31"}), "does not end with a year in the block"),
        (_rehashed, "block 2 does not follow on the block before it"),
        (lambda document: document["blocks"].pop(0), "block 1 does not follow on the block before it"),
        (lambda document: document.update(total_cents=1), "do not add up to the total"),
        (lambda document: document.pop("total_cents"), "incomplete or damaged"),
        (lambda document: document.update(blocks=[1]), "incomplete or damaged"),
        (lambda document: document.update(schema="another"), "the schema is not"),
    ],
)
def test_whatever_is_changed_shows(change: Callable[[dict[str, Any]], None], said: str) -> None:
    document = json.loads(SNAPSHOT.written())
    change(document)
    assert said in "; ".join(map(str, block_complaints(document)))
