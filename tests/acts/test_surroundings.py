"""What donors' claims make them, once it is written down, is what would be read anew: of nobody else was it asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.acts import test_later_codes as later
from tests.acts import test_recognising as words
from tests.book import Book
from tests.conftest import FreshEngine

from donations.acts import judging
from donations.store.donors.grouping import (
    JoinedDonors,
    Surroundings,
    claims_of,
    surroundings_now,
    surroundings_of,
)
from donations.store.session import ReadSession


@pytest.mark.parametrize(
    "story",
    [
        words.test_a_code_by_hand_finds_the_next_account,
        later.test_two_donors_whom_a_line_links_are_one_and_told_of_until_it_is_withdrawn,
        later.test_two_codes_of_one_account_and_name_are_two_people_and_without_a_code_it_is_asked,
    ],
)
def test_surroundings_now_are_those_read_anew(
    fresh_sqlite: FreshEngine, monkeypatch: pytest.MonkeyPatch, story: Callable[[Book], None]
) -> None:
    asked = []

    def checked(session: ReadSession, around: Surroundings, united: JoinedDonors) -> Surroundings:
        now = surroundings_now(session, around, united)
        anew = surroundings_of(session, claims_of(around.sightings) | around.registered.keys())
        assert (now.sightings, now.registered, now.groups) == (anew.sightings, anew.registered, anew.groups)
        asked.append(around.registered.items() <= united.owners.items())
        return now

    monkeypatch.setattr(judging, "surroundings_now", checked)
    with fresh_sqlite() as engine:
        story(Book(engine))
    assert asked
