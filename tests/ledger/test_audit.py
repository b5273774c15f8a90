"""Whatever is changed of the log shows, and what could name somebody can be erased without that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.language import Sentence
from donations.ledger.audit import AREAS, About, Action, Head, Noted, StoredEntry, chained, complaints, folded

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def noted(action: Action = Action.ANSWERED, id_: str = "5", **details: Any) -> Noted:
    return Noted(action=action, about=About.PAYMENT, id=id_, by="Mari", at=NOON, details=details)


def log_of(*acts: Noted) -> list[StoredEntry]:
    log: list[StoredEntry] = []
    head = Head()
    for number, act in enumerate(acts):
        salt = f"salt {number}"
        entry, details = chained(act, head, salt=salt)
        log.append(StoredEntry(entry=entry, digest=entry.digest, salt=salt, details=details))
        head = Head(entry.number, entry.digest)
    return log


LOG = log_of(noted(reason="rent"), noted(Action.HELD, "6"), noted(id_="7"), noted(Action.RELEASED, "6"))
HEAD = Head(4, LOG[-1].digest)


def test_a_log_holds() -> None:
    assert list(complaints(LOG)) == []
    assert list(complaints(LOG, known=HEAD)) == []
    assert list(complaints(LOG, known=Head(2, LOG[1].digest))) == []
    assert list(complaints([])) == []


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOON + timedelta(microseconds=1)},
        {"by": "Jaan"},
        {"action": Action.PAYMENT_NOTED},
        {"about": About.DONOR},
        {"id": "8"},
        {"commitment": "0" * 64},
        {"before": ""},
    ],
)
def test_every_change_shows(change: dict[str, Any]) -> None:
    changed = replace(LOG[1].entry, **change)
    left_so = [LOG[0], replace(LOG[1], entry=changed), *LOG[2:]]
    assert (2, Sentence("was changed, or the one before it")) in complaints(left_so)
    hashed_anew = [LOG[0], replace(LOG[1], entry=changed, digest=changed.digest), *LOG[2:]]
    assert (3, Sentence("was changed, or the one before it")) in complaints(hashed_anew)


@given(st.integers(0, 2))
def test_an_entry_that_is_gone_shows(at: int) -> None:
    assert (at + 1, Sentence("is missing")) in complaints([*LOG[:at], *LOG[at + 1 :]])


@given(st.integers(0, 3))
def test_a_log_that_was_cut_off_shows_to_who_kept_its_head(length: int) -> None:
    assert list(complaints(LOG[:length])) == []
    assert [number for number, _ in complaints(LOG[:length], known=HEAD)] == [4]


def test_a_log_that_was_written_anew_shows_to_who_kept_its_head() -> None:
    anew = log_of(noted(reason="rent"), noted(Action.HELD, "6"), noted(id_="9"), noted(Action.RELEASED, "6"))
    assert list(complaints(anew)) == []
    assert [number for number, _ in complaints(anew, known=HEAD)] == [4]


def test_other_details_show_and_erased_ones_do_not() -> None:
    others = [replace(LOG[0], details='{"reason":"a gift"}'), *LOG[1:]]
    assert [number for number, _ in complaints(others)] == [1]
    assert list(complaints([replace(each, details=None, salt=None) for each in LOG], known=HEAD)) == []


def test_equal_details_do_not_show_as_equal() -> None:
    assert LOG[0].entry.commitment != log_of(noted(), noted(reason="rent"))[1].entry.commitment


def test_of_several_notes_about_one_thing_the_weightiest_is_told() -> None:
    acts = [noted(Action.PAYMENT_NOTED), noted(Action.RELEASED), noted(Action.HELD), noted(Action.RELEASED, "6")]
    assert [(each.action, each.id) for each in folded(acts)] == [(Action.HELD, "5"), (Action.RELEASED, "6")]


def test_each_action_is_in_one_area() -> None:
    assert sorted((each for actions in AREAS.values() for each in actions), key=list(Action).index) == list(Action)
