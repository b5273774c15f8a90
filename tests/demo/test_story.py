"""A story is the same for the same plot, plausible, and about nobody who exists."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.calendar import Month
from donations.core.iban import national_check_fails, parse_iban
from donations.core.payment import Purpose
from donations.core.person_code import UnverifiedCode, parse_code
from donations.demo.movement import Bank, Party, day_in, months_until, working_day
from donations.demo.story import Folder, Plot, Story, tell

MAY = Month(2026, 5)
MONTHS = st.builds(Month, st.integers(2000, 2100), st.integers(1, 12))


def files(plot: Plot) -> dict[str, bytes]:
    told = tell(plot)
    folder = Folder(told)
    made = [*folder.of_months(told.span), *folder.to_upload()]
    return {file.name: file.content for file in made}


def parties(story: Story) -> set[Party]:
    return {movement.party for movement in story.movements} - {Party()}


def test_a_plot_gives_the_same_bytes_again_and_another_seed_others() -> None:
    plot, other = Plot(last=MAY, months=3, donors=20, seed=7), Plot(last=MAY, months=3, donors=20, seed=8)
    assert files(plot) == files(plot) != files(other)


@pytest.mark.parametrize("donors", [1, 20, 200])
def test_a_story_is_told_in_order_and_inside_its_months(donors: int) -> None:
    told = tell(Plot(last=MAY, months=5, donors=donors))
    days = [movement.day for movement in told.movements]
    assert days == sorted(days)
    assert (told.span[0], told.span[-1]) == (Month(2026, 1), MAY)
    assert told.span[0].first_day <= days[0] <= days[-1] <= told.span[-1].last_day
    assert [movement.number for movement in told.movements] == list(range(1, len(days) + 1))


def test_accounts_and_codes_have_right_check_digits(story: Story) -> None:
    for party in parties(story):
        iban = parse_iban(party.iban)
        assert (iban is not None and not national_check_fails(iban)) or not party.iban
        assert not isinstance(parse_code(party.code), UnverifiedCode)


def test_own_accounts_are_of_their_banks(story: Story) -> None:
    assert {account.iban[4:6] for account in story.accounts} == set(Bank)
    assert all(parse_iban(account.iban) for account in story.accounts)


def test_no_two_people_have_one_code_or_name(story: Story) -> None:
    names = Counter(party.code for party in parties(story) if party.code and party.iban)
    of_name = {party.name.casefold(): party.code for party in parties(story) if party.code}
    assert len(of_name) == len(set(of_name.values())) == len(names)


def test_nobody_with_a_personal_code_lives(story: Story) -> None:
    codes = [party.code for party in parties(story) if len(party.code) == 11]
    assert codes
    assert all(code[0] in "34" and code[1] == "0" for code in codes)


def test_transfers_leave_one_account_and_reach_another(story: Story) -> None:
    transfers = [each for each in story.movements if each.truth.purpose is Purpose.TRANSFER]
    assert transfers
    assert sum(each.minor for each in transfers) == 0


def test_december_and_the_campaign_stand_out() -> None:
    told = tell(Plot(last=Month(2026, 12), donors=400))
    gifts = Counter(Month.of(each.day) for each in told.movements if each.truth.purpose is Purpose.GIFT)
    usual = sorted(gifts.values())[len(gifts) // 2]
    assert all(gifts[Month(year, month)] > usual for year in (2025, 2026) for month in (5, 12))


@given(month=MONTHS, number=st.integers(1, 31))
def test_orders_are_executed_on_working_days_of_the_month(month: Month, number: int) -> None:
    day = working_day(month, number)
    assert (Month.of(day), day.weekday() < 5) == (month, True)
    assert abs(day - day_in(month, number)) <= timedelta(days=3)


@pytest.mark.parametrize("count", [1, 2, 14])
def test_months_are_as_many_as_told_up_to_the_last(count: int) -> None:
    found = months_until(MAY, count=count)
    assert (len(found), found[-1]) == (count, MAY)
    assert all(one.next == other for one, other in pairwise(found))
