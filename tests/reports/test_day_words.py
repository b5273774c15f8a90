"""Every state and every cause has its words, and what to do; people read them in whole sentences."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from donations.core.calendar import Period
from donations.core.money import EUR
from donations.identity.content import StatementId
from donations.identity.proof import DayCause, DayReason, DayState
from donations.reports.words import DAYS, MEANINGS, SIGNS, Confirmed, reason, sentences, to_do
from donations.views.phrases import PLAIN, Phrase

MARCH = Period(date(2026, 3, 30), date(2026, 3, 31))
ONE, TWO = StatementId(1), StatementId(2)


def told(phrase: Phrase | None) -> str:
    return "" if phrase is None else PLAIN.tell(phrase)


def why(cause: DayCause, state: DayState = DayState.CONFLICT, minor: int = 1_000, **more: object) -> str:
    return told(reason(state, DayReason(cause=cause, minor=minor, **more), MARCH, EUR))  # type: ignore[arg-type]


def test_each_state_has_a_word_a_sign_of_its_own_and_a_meaning() -> None:
    assert set(DAYS) == set(SIGNS) == set(MEANINGS) == set(DayState)
    assert len(set(SIGNS.values())) == len({PLAIN.tell(each.phrase) for each in DAYS.values()}) == len(DayState)
    assert [str(DAYS[state]) for state in DayState] == [state.value for state in DayState]


@pytest.mark.parametrize("cause", list(DayCause))
def test_each_cause_is_a_sentence(cause: DayCause) -> None:
    said = why(cause, at=datetime(2026, 3, 31, 9, 4, tzinfo=UTC))
    assert said.endswith(".")
    assert "{" not in said


def test_what_is_proven_needs_no_reason_and_nothing_is_to_do() -> None:
    assert reason(DayState.PROVEN, None, MARCH, EUR) is None
    assert to_do(DayState.PROVEN, None) is None
    assert to_do(DayState.UNCHANGED, DayReason(cause=DayCause.CONFIRMED)) is None


@pytest.mark.parametrize("state", [each for each in DayState if each is not DayState.PROVEN])
def test_everything_else_says_what_to_do(state: DayState) -> None:
    for cause in (None, *(set(DayCause) - {DayCause.CONFIRMED})):
        said = told(to_do(state, None if cause is None else DayReason(cause=cause)))
        assert said.endswith(".")
        assert "{" not in said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 3, 31, 9, 4, tzinfo=UTC), "The statement shows the day only until 12:04."),
        (
            datetime(2026, 3, 20, 22, 30, tzinfo=UTC),
            "The statement was made on 2026-03-21 at 00:30, before the period that it names was over.",
        ),
        (None, "The statement shows the day only in part."),
    ],
)
def test_a_statement_that_was_made_too_early_says_when_in_estonia(at: datetime | None, said: str) -> None:
    assert why(DayCause.MADE_DURING, DayState.NOT_OVER, at=at) == said


def test_by_how_much_it_misses_is_said_with_the_side() -> None:
    assert why(DayCause.BALANCES_DIFFER) == "By its balances the bank has 10.00 EUR more than the books."
    assert why(DayCause.BALANCES_DIFFER, minor=-1) == "By its balances the bank has 0.01 EUR less than the books."
    assert why(DayCause.NOT_SHOWN, minor=-500).endswith("does not show 5.00 EUR that the books have.")
    assert "-5.00 EUR moved" in why(DayCause.MONEY_MOVED, DayState.MISSING, minor=-500)


def test_a_person_who_confirmed_is_named() -> None:
    confirmed = Confirmed(by="Tiina", on=date(2026, 4, 2))
    said = reason(DayState.UNCHANGED, DayReason(cause=DayCause.CONFIRMED), MARCH, EUR, confirmed)
    assert told(said).endswith("Tiina confirmed on 2026-04-02 that nothing moved.")


def test_the_balances_that_would_prove_it_are_named() -> None:
    days = (date(2026, 2, 28), date(2026, 3, 31))
    assert told(to_do(DayState.UNPROVEN, DayReason(cause=DayCause.NO_BALANCES), days)).endswith(
        "Or enter the balances at the end of 2026-02-28 and of 2026-03-31."
    )
    one = told(to_do(DayState.NOT_OVER, DayReason(cause=DayCause.NO_TIME), days[:1]))
    assert one == "Download the day together with those after it. Or enter the balance at the end of 2026-02-28."


def test_a_balance_that_was_read_is_compared_before_anything_is_downloaded() -> None:
    by_hand = DayReason(cause=DayCause.BALANCES_DIFFER, statements=(ONE,))
    assert told(to_do(DayState.CONFLICT, by_hand)).startswith("Compare the balance that a person entered")
    banks = DayReason(cause=DayCause.BALANCES_DIFFER, statements=(ONE, TWO))
    assert told(to_do(DayState.CONFLICT, banks)).startswith("Download this time anew")


def test_sentences_follow_each_other() -> None:
    assert told(sentences([Phrase("One."), None, Phrase("Two {n}.", (("n", "2"),))])) == "One. Two 2."
    assert told(sentences([])) == ""
