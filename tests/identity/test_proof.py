"""What is known of a day: each state and each contradiction, on statements made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.book import day

from donations.core.payment import PaymentId
from donations.core.statement import Provenance
from donations.identity.content import StatementId
from donations.identity.proof import DayCause, DayState, prove
from donations.identity.stated import Facts, Interim, LedgerMovement, LeftOut, NotInStatement, Stated

PROVEN, UNPROVEN, NOT_OVER = DayState.PROVEN, DayState.UNPROVEN, DayState.NOT_OVER
UNCHANGED, MISSING, CONFLICT = DayState.UNCHANGED, DayState.MISSING, DayState.CONFLICT
TALLINN = ZoneInfo("Europe/Tallinn")
LATER = datetime(2026, 7, 1, 9, 30, tzinfo=TALLINN)


def at(text: str) -> datetime:
    """Return `03-31 12:00` as a moment of 2026 in Estonia."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=TALLINN)


@dataclass(frozen=True)
class Shown:
    """A statement with its lines, as day and cents; their number in the list names the payment."""

    first: str
    last: str
    lines: tuple[tuple[str, int], ...] = ()
    opening: int | None = None
    closing: int | None = None
    made: datetime | None = LATER
    begins: datetime | None = None
    ends: datetime | None = None
    number: int | None = None
    interim: tuple[Interim, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def facts(*shown: Shown, **more: object) -> Facts:
    """Return the facts of a ledger in which each day and amount is one payment, whoever shows it."""
    payments = {key: PaymentId(number) for number, key in enumerate(sorted({k for s in shown for k in s.lines}), 1)}
    for each in shown:
        for left in each.left_out:
            payments.pop((f"{left.day:%m-%d}", left.minor), None)
    by_day: dict[date, int] = {}
    for on, minor in payments:
        by_day[day(on)] = by_day.get(day(on), 0) + minor
    return Facts(
        stated=[_stated(number, each, payments, by_day) for number, each in enumerate(shown, 1)],
        by_day=by_day,
        **more,  # type: ignore[arg-type]
    )


def _stated(number: int, each: Shown, payments: dict[tuple[str, int], PaymentId], by_day: dict[date, int]) -> Stated:
    first, last, moved = day(each.first), day(each.last), LedgerMovement(by_day)
    inside = [(payment, day(on), minor) for (on, minor), payment in payments.items() if first <= day(on) <= last]
    own = {(day(on), minor) for on, minor in each.lines}
    closing = each.closing
    if closing is None and each.opening is not None:
        closing = each.opening + sum(minor for _, minor in each.lines)
    return Stated(
        id=StatementId(number),
        first_day=first,
        last_day=last,
        opening=each.opening,
        closing=closing,
        moved_before=moved.until(first - timedelta(days=1)),
        moved_until_end=moved.until(last),
        interim=each.interim,
        provenance=Provenance(
            made_at=each.made, begins_at=each.begins, ends_at=each.ends, electronic_number=each.number
        ),
        not_in_statement=tuple(
            NotInStatement(payment, on, minor) for payment, on, minor in inside if (on, minor) not in own
        ),
        left_out=each.left_out,
    )


def states(found: Facts) -> list[tuple[str, str, DayState, DayCause | None]]:
    return [
        (f"{run.first_day:%m-%d}", f"{run.last_day:%m-%d}", run.state, None if run.why is None else run.why.cause)
        for run in prove(found).runs
    ]


MARCH = Shown("03-01", "03-31", (("03-05", 500), ("03-31", 1000)), opening=0)


def test_a_statement_whose_balances_add_up_and_whose_lines_are_the_ledgers_proves_its_days() -> None:
    assert states(facts(MARCH)) == [("03-01", "03-31", PROVEN, None)]


@pytest.mark.parametrize(
    ("shown", "cause"),
    [
        pytest.param(replace(MARCH, made=at("03-31 12:00")), DayCause.MADE_DURING, id="made at noon"),
        pytest.param(replace(MARCH, ends=at("03-31 12:00")), DayCause.MADE_DURING, id="ends at noon, fetched in July"),
        pytest.param(
            replace(MARCH, made=at("03-31 12:00"), ends=at("03-31 23:59")), DayCause.MADE_DURING, id="nominal end, noon"
        ),
        pytest.param(replace(MARCH, made=None), DayCause.NO_TIME, id="no word of when"),
    ],
)
def test_a_day_that_the_only_statement_ends_in_is_not_over(shown: Shown, cause: DayCause) -> None:
    assert states(facts(shown)) == [("03-01", "03-30", PROVEN, None), ("03-31", "03-31", NOT_OVER, cause)]


@pytest.mark.parametrize(
    "shown",
    [
        replace(MARCH, made=at("04-01 00:00")),
        replace(MARCH, made=at("03-31 23:59")),
        replace(MARCH, made=None, ends=at("03-31 23:59")),
    ],
)
def test_a_day_is_over_where_the_file_was_made_or_ends_at_its_end(shown: Shown) -> None:
    assert states(facts(shown)) == [("03-01", "03-31", PROVEN, None)]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(Shown("04-01", "04-02", opening=1500), id="the next one opens with what it closed with"),
        pytest.param(Shown("04-01", "04-02", closing=1500), id="... or closes with it, less its own lines"),
        pytest.param(Shown("03-31", "04-02", (("03-31", 1000),), opening=500), id="one goes beyond and shows the same"),
    ],
)
def test_a_file_without_times_shows_its_last_day_whole_where_another_one_says_so(more: Shown) -> None:
    assert [each[2] for each in states(facts(replace(MARCH, made=None), more))] == [PROVEN]


def test_what_came_behind_a_file_without_times_is_no_contradiction() -> None:
    later = Shown("03-31", "04-02", (("03-31", 1000), ("03-31", 700)), opening=500)
    assert [each[2] for each in states(facts(replace(MARCH, made=None), later))] == [PROVEN]


def test_a_balance_that_a_person_read_at_the_end_of_the_day_shows_that_nothing_came_behind() -> None:
    bare = replace(MARCH, made=None, opening=None)
    assert states(facts(bare, given={day("02-28"): 70, day("03-31"): 1570})) == [("03-01", "03-31", PROVEN, None)]
    assert [each[2] for each in states(facts(bare, given={day("02-28"): 70, day("03-31"): 1600}))] == [
        UNPROVEN,
        NOT_OVER,
    ]


def test_without_balances_days_are_covered_and_unproven() -> None:
    assert states(facts(replace(MARCH, opening=None))) == [("03-01", "03-31", UNPROVEN, DayCause.NO_BALANCES)]


def test_balances_on_both_sides_of_covered_days_prove_them() -> None:
    bare = Shown("03-11", "03-20", (("03-15", 300),))
    before, after = Shown("03-01", "03-10", opening=0), Shown("03-21", "03-31", opening=300)
    assert states(facts(before, bare, after)) == [("03-01", "03-31", PROVEN, None)]


def test_balances_that_agree_around_an_uncovered_day_prove_neither_it_nor_its_neighbours_without_balances() -> None:
    bare = Shown("03-12", "03-20", (("03-15", 300),))
    before, after = Shown("03-01", "03-10", opening=0), Shown("03-21", "03-31", opening=300)
    assert states(facts(before, bare, after)) == [
        ("03-01", "03-10", PROVEN, None),
        ("03-11", "03-11", UNCHANGED, DayCause.NO_STATEMENT),
        ("03-12", "03-20", UNPROVEN, DayCause.NO_BALANCES),
        ("03-21", "03-31", PROVEN, None),
    ]


def test_a_day_in_no_file_is_missing_where_the_balances_differ_or_nobody_states_them() -> None:
    before = Shown("03-01", "03-10", opening=0)
    assert states(facts(before, Shown("03-12", "03-31", opening=50)))[1] == (
        "03-11",
        "03-11",
        MISSING,
        DayCause.MONEY_MOVED,
    )
    assert states(facts(before, Shown("03-12", "03-31")))[1] == ("03-11", "03-11", MISSING, DayCause.NO_STATEMENT)


def test_a_person_confirms_that_nothing_moved() -> None:
    around = Shown("03-01", "03-10", opening=0), Shown("03-12", "03-31", opening=0)
    assert states(facts(*around, quiet=frozenset({day("03-11")})))[1] == (
        "03-11",
        "03-11",
        UNCHANGED,
        DayCause.CONFIRMED,
    )


def test_a_payment_that_a_statement_of_the_whole_day_misses_is_a_conflict_on_any_day() -> None:
    for on in ("03-01", "03-15", "03-31"):
        shown = Shown("03-01", "03-31", ((on, 700),))
        missing = Shown("03-01", "03-31")
        assert (on, on, CONFLICT, DayCause.NOT_SHOWN) in states(facts(shown, missing))


def test_two_sets_of_payments_in_one_period_with_one_opening_and_closing_contradict() -> None:
    one = Shown("03-01", "03-06", (("03-01", 900), ("03-06", 1000)), opening=0)
    other = Shown("03-01", "03-06", (("03-02", 900), ("03-05", 1000)), opening=0)
    assert {each[2] for each in states(facts(one, other)) if each[0] in {"03-01", "03-02", "03-05", "03-06"}} == {
        CONFLICT
    }


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("made", ["03-31 23:59", "07-01 00:00"])
def test_the_fuller_of_two_statements_of_one_nominal_day_decides(made: str, *, swapped: bool) -> None:
    half = Shown("03-31", "03-31", (("03-31", 1000),), opening=500, made=at(made))
    whole = Shown("03-31", "03-31", (("03-31", 1000), ("03-31", 300)), opening=500, made=at(made))
    shown = (whole, half) if swapped else (half, whole)
    assert states(facts(*shown)) == [("03-31", "03-31", PROVEN, None)]


def test_a_report_of_a_part_of_the_last_day_does_not_end_a_statement_without_balances() -> None:
    """Two balances that nobody states are not the same balance."""
    plain = replace(MARCH, opening=None)
    part = Shown("03-31", "03-31", (("03-31", 1000),), made=at("03-31 12:00"), begins=at("03-31 00:02"))
    assert states(facts(plain, part)) == states(facts(plain))


def test_a_half_day_is_none_where_the_next_statement_goes_on_from_it() -> None:
    half = Shown("03-31", "03-31", (("03-31", 1000),), opening=500, made=at("03-31 23:59"))
    more = Shown("03-31", "03-31", (("03-31", 1000), ("03-31", 300)), opening=500, made=at("03-31 23:59"))
    april = Shown("04-01", "04-30", opening=1500)
    assert states(facts(half, more, april))[0][2] is CONFLICT


def test_two_statements_of_one_whole_day_that_each_show_more_contradict() -> None:
    one = Shown("03-31", "03-31", (("03-31", 1000),), opening=500)
    other = Shown("03-31", "03-31", (("03-31", 300),), opening=500)
    assert states(facts(one, other))[0][2] is CONFLICT


def test_a_whole_day_is_not_overruled_by_a_file_that_does_not_say_when_it_ends() -> None:
    whole = Shown("03-01", "03-31", (("03-05", 500),), opening=0)
    more = Shown("03-01", "03-31", (("03-05", 500), ("03-31", 3000)), opening=0, made=None)
    assert states(facts(whole, more))[-1] == ("03-31", "03-31", CONFLICT, DayCause.NOT_SHOWN)


def test_balances_of_one_moment_that_differ_contradict_on_both_sides_of_it() -> None:
    march, april = replace(MARCH, opening=0), Shown("04-01", "04-30", opening=1600)
    assert states(facts(march, april)) == [
        ("03-01", "03-30", PROVEN, None),
        ("03-31", "04-01", CONFLICT, DayCause.BALANCES_DIFFER),
        ("04-02", "04-30", PROVEN, None),
    ]


def test_a_morning_and_an_afternoon_are_two_parts_of_one_day() -> None:
    morning = Shown("03-31", "03-31", (("03-31", 1000),), opening=500)
    afternoon = Shown("03-31", "03-31", (("03-31", 300),), opening=1500)
    assert states(facts(morning, afternoon)) == [("03-31", "03-31", NOT_OVER, DayCause.MADE_DURING)]


def test_a_balance_of_the_day_of_download_is_of_that_day() -> None:
    ofx = Shown("03-01", "03-01", (("03-01", 1000),), interim=(Interim(day("03-02"), 2500),), made=None)
    camt = Shown("03-01", "03-02", (("03-01", 1000), ("03-02", 1500)), opening=0)
    assert states(facts(ofx, camt)) == [("03-01", "03-02", PROVEN, None)]
    at_noon = replace(ofx, interim=(Interim(day("03-02"), 1000, at("03-02 12:00")),))
    assert states(facts(at_noon, camt)) == [("03-01", "03-02", PROVEN, None)]


def test_a_balance_inside_the_period_that_is_over_must_agree() -> None:
    stated = replace(MARCH, interim=(Interim(day("03-10"), 400),))
    assert (CONFLICT, DayCause.BALANCES_DIFFER) in {each[2:] for each in states(facts(stated))}


def test_a_redated_payment_that_a_person_left_out_is_no_conflict() -> None:
    first = Shown("03-01", "03-31", (("03-05", 500),), opening=0, left_out=(LeftOut(day("03-05"), 500),))
    later = Shown("03-01", "03-31", (("03-07", 500),), opening=0)
    assert states(facts(first, later)) == [("03-01", "03-31", PROVEN, None)]


def test_a_line_left_out_with_nothing_instead_stays_a_conflict() -> None:
    first = Shown("03-01", "03-31", (("03-05", 500),), opening=0, left_out=(LeftOut(day("03-05"), 500),))
    assert ("03-05", "03-05", CONFLICT, DayCause.LEFT_OUT) in states(facts(first))


def test_a_skipped_number_inside_a_run_is_a_conflict_and_no_number_is_none() -> None:
    days = [("03-01", "03-05"), ("03-06", "03-10"), ("03-11", "03-15")]

    def numbered(*numbers: int | None) -> Facts:
        return facts(*(Shown(*span, opening=0, number=n) for span, n in zip(days, numbers, strict=True)))

    assert states(numbered(7, 8, 10))[1] == ("03-11", "03-11", CONFLICT, DayCause.NUMBER_SKIPPED)
    for numbers in ((7, 8, 9), (7, 9, 11), (7, 7, 7), (None, None, None), (9, 8, 7)):
        assert [each[2] for each in states(numbered(*numbers))] == [PROVEN]


def test_an_account_is_open_from_its_beginning_to_its_end() -> None:
    found = facts(replace(MARCH, opening=0), opened=day("02-27"), ended=day("04-02"), left=1500)
    assert states(found) == [
        ("02-27", "02-28", MISSING, DayCause.NO_STATEMENT),
        ("03-01", "03-31", PROVEN, None),
        ("04-01", "04-02", UNCHANGED, DayCause.NO_STATEMENT),
    ]
    known = prove(found)
    assert known.is_open(day("04-02"), day("04-30"))
    assert not known.is_open(day("04-03"), day("04-30"))
    assert not known.is_open(day("02-01"), day("02-26"))


def test_an_account_that_was_not_empty_at_its_end_contradicts() -> None:
    assert states(facts(replace(MARCH, opening=0), ended=day("03-31")))[-1][2:] == (CONFLICT, DayCause.BALANCES_DIFFER)


def test_without_statements_nothing_is_known() -> None:
    assert prove(Facts(opened=day("03-01"))).runs == ()


def _days(found: Sequence[tuple[str, str, DayState, DayCause | None]]) -> int:
    return sum((day(last) - day(first)).days + 1 for first, last, *_ in found)


def test_every_day_has_one_state() -> None:
    found = states(facts(Shown("03-01", "03-10", opening=0), Shown("03-08", "03-31", opening=0), opened=day("01-01")))
    assert _days(found) == 90
