"""What to download next is a function of what is known of the days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book import day

from donations.identity.downloads import DownloadReason, WantedDays, wanted_balances, wanted_days
from donations.identity.proof import DayState, LedgerProof, Run
from donations.identity.stated import Facts

PROVEN, UNPROVEN, MISSING, CONFLICT = DayState.PROVEN, DayState.UNPROVEN, DayState.MISSING, DayState.CONFLICT
NOT_OVER, UNCHANGED = DayState.NOT_OVER, DayState.UNCHANGED
FIRST = date(2026, 1, 1)


def run(first: str, last: str, state: DayState) -> Run:
    return Run(day(first), day(last), state)


def proof(known: list[Run], given: dict[date, int] | None = None) -> LedgerProof:
    return LedgerProof(facts=Facts(given=given or {}), witnesses=(), anchors=(), runs=tuple(known))


def wanted(first: str, last: str, why: DownloadReason) -> WantedDays:
    return WantedDays(day(first), day(last), why)


@pytest.mark.parametrize(
    ("known", "today", "expected"),
    [
        pytest.param(
            [], "03-10", [wanted("01-01", "03-09", DownloadReason.RUNNING)], id="an account begins with the year"
        ),
        pytest.param([run("01-01", "01-31", PROVEN)], "02-01", [], id="today is not over"),
        pytest.param(
            [run("01-01", "01-31", PROVEN)],
            "02-02",
            [wanted("02-01", "02-01", DownloadReason.RUNNING)],
            id="what came since, up to yesterday",
        ),
        pytest.param([run("01-01", "03-31", PROVEN)], "02-10", [], id="a statement that ends later"),
        pytest.param(
            [
                run("01-01", "01-31", CONFLICT),
                run("02-01", "02-10", UNPROVEN),
                run("02-11", "02-14", MISSING),
                run("02-15", "02-28", PROVEN),
            ],
            "03-11",
            [
                wanted("02-11", "02-14", DownloadReason.GAP),
                wanted("03-01", "03-10", DownloadReason.RUNNING),
                wanted("01-01", "01-31", DownloadReason.CONFLICT),
                wanted("02-01", "02-10", DownloadReason.UNPROVEN),
            ],
            id="gaps first, then the running period, then what is doubtful",
        ),
        pytest.param(
            [run("01-01", "01-30", PROVEN), run("01-31", "01-31", NOT_OVER)],
            "02-11",
            [wanted("01-31", "02-10", DownloadReason.RUNNING)],
            id="the next download begins with the day that was not over",
        ),
        pytest.param(
            [run("01-01", "01-30", PROVEN), run("01-31", "01-31", NOT_OVER)], "01-31", [], id="the day is not over yet"
        ),
        pytest.param(
            [run("01-01", "01-09", PROVEN), run("01-10", "01-11", UNCHANGED), run("01-12", "01-31", PROVEN)],
            "02-01",
            [wanted("01-10", "01-11", DownloadReason.UNCHANGED)],
            id="balances that agree around days are no statement of them",
        ),
    ],
)
def test_what_to_download(known: list[Run], today: str, expected: list[WantedDays]) -> None:
    found = wanted_days(proof(known), today=day(today))
    assert [WantedDays(each.first_day, each.last_day, each.why) for each in found] == expected


def test_on_new_years_day_an_account_without_statements_begins_with_the_year_that_ended() -> None:
    assert wanted_days(proof([]), today=FIRST) == (
        WantedDays(date(2025, 1, 1), date(2025, 12, 31), DownloadReason.RUNNING),
    )


def runs_of(states: list[DayState]) -> list[Run]:
    """Return the days from the first of January on, those in a row with one state together."""
    dated = [(FIRST + timedelta(days=at), state) for at, state in enumerate(states)]
    groups = ([on for on, _ in group] for _, group in groupby(dated, key=lambda each: each[1]))
    return [Run(days[0], days[-1], states[(days[0] - FIRST).days]) for days in groups]


@given(st.lists(st.sampled_from(DayState), min_size=1, max_size=60), st.integers(0, 90))
def test_every_day_until_yesterday_is_proven_or_wanted_once(states: list[DayState], later: int) -> None:
    today = FIRST + timedelta(days=len(states) + later)
    found = [
        each.first_day + timedelta(days=at)
        for each in wanted_days(proof(runs_of(states)), today=today)
        for at in range((each.last_day - each.first_day).days + 1)
    ]
    proven = [FIRST + timedelta(days=at) for at, state in enumerate(states) if state is PROVEN]
    assert sorted(found + proven) == [FIRST + timedelta(days=at) for at in range(len(states) + later)]


@pytest.mark.parametrize(
    ("known", "entered", "expected"),
    [
        pytest.param([run("01-01", "01-31", PROVEN)], [], [], id="nothing is wanted of what is proven"),
        pytest.param([run("02-01", "02-28", UNPROVEN)], [], ["01-31", "02-28"], id="before and after"),
        pytest.param([run("02-01", "02-28", UNPROVEN)], ["01-31"], ["02-28"], id="one is there"),
        pytest.param(
            [run("01-01", "01-31", PROVEN), run("02-01", "02-28", UNPROVEN)],
            [],
            ["02-28"],
            id="a proven day ends with a balance",
        ),
        pytest.param(
            [run("01-01", "01-10", UNPROVEN), run("01-11", "01-20", MISSING), run("01-21", "01-31", UNPROVEN)],
            [],
            ["2025-12-31", "01-10", "01-20", "01-31"],
            id="each part for itself",
        ),
    ],
)
def test_which_balances_would_prove_what_nothing_proves(
    known: list[Run], entered: list[str], expected: list[str]
) -> None:
    days = [date.fromisoformat(each) if len(each) > 5 else day(each) for each in expected]
    assert list(wanted_balances(proof(known, {day(each): 0 for each in entered}))) == days
