"""Texts of ours in reports, told to programs by code and to people in their language; and what is said of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from donations.core.calendar import TALLINN, Month, Period, day_of
from donations.core.donor import ANONYMOUS
from donations.core.language import N_
from donations.core.money import Balance, Currency
from donations.core.payment import PaymentId, Purpose
from donations.core.statement import Proof
from donations.identity.proof import DayCause, DayReason, DayState
from donations.identity.witnesses import BalanceSource
from donations.ledger.retention import RetentionReason, Step
from donations.views.phrases import PLAIN, Phrase, Teller, Value


class OwnText(str):
    """A title, a sentence or a word of ours; as a text it is its stable code, or English."""

    __slots__ = ("phrase",)
    phrase: Phrase

    def __new__(cls, said: str, *values: tuple[str, Value], code: str | None = None) -> Self:
        """Make it of a text marked for translation and what fills its places."""
        phrase = Phrase(said, values)
        made = super().__new__(cls, PLAIN.tell(phrase) if code is None else code)
        made.phrase = phrase
        return made


TOTAL = OwnText(N_("Total"))
NOBODY = OwnText(N_("Anonymous donor"), code="Anonymous")
"""What the anonymous donor is called, unless people call it otherwise."""


def donor_called(donor: int | None, name: str) -> str:
    """Return a donor's name as it is read: that of the anonymous one in the language of who reads."""
    return NOBODY if donor == ANONYMOUS and name == NOBODY else name


STEPS: Mapping[str, str] = {
    Step.RESTRICT: N_("name removed"),
    Step.PURGE: N_("the last that named the donor destroyed"),
    Step.HOLD: N_("put on hold"),
    Step.RELEASE: N_("released from hold"),
}
REASONS: Mapping[str, str] = {
    RetentionReason.ASKED: N_("the donor asked for it"),
    RetentionReason.NOT_NEEDED: N_("it is not needed any more"),
    RetentionReason.DISPUTE: N_("there is a dispute or a case in court"),
    RetentionReason.AUDIT: N_("an auditor or the tax board looks at it"),
    RetentionReason.OVER: N_("that is over"),
    RetentionReason.TIME_PASSED: N_("the law asks for it no more"),
}


def title_with_period(said: str, period: Period) -> OwnText:
    """Return a title with the place `{period}` filled: a year, a month, some days, or all time."""
    return OwnText(said, ("period", _spoken(period)))


def text_in_language(text: str, teller: Teller) -> str:
    """Return a text of ours in a language; what others wrote stays as they wrote it."""
    return teller.tell(text.phrase) if isinstance(text, OwnText) else text


def _spoken(period: Period) -> Value:
    first, last = period.first_day, period.last_day
    if (first, last) == (date.min, date.max):
        return Phrase(N_("all time"))
    if period == Period.of(year=first.year, month=first.month):
        return Month.of(first)
    if period == Period.of(year=first.year):
        return f"{first.year}"
    return period


DAYS = {
    DayState.PROVEN: OwnText(N_("proven"), code="proven"),
    DayState.UNPROVEN: OwnText(N_("not proven yet"), code="unproven"),
    DayState.NOT_OVER: OwnText(N_("not over"), code="not_over"),
    DayState.UNCHANGED: OwnText(N_("no statement, balance unchanged"), code="unchanged"),
    DayState.MISSING: OwnText(N_("days missing"), code="missing"),
    DayState.CONFLICT: OwnText(N_("contradiction"), code="conflict"),
}
SIGNS = {
    DayState.PROVEN: "✓",
    DayState.UNPROVEN: "?",
    DayState.NOT_OVER: "½",
    DayState.UNCHANGED: "=",
    DayState.MISSING: "–",
    DayState.CONFLICT: "!",
}
"""Beside the colour, which not everybody sees."""
MEANINGS = {
    DayState.PROVEN: N_("A statement covers the day wholly; its payments and balances are those of the books."),
    DayState.UNPROVEN: N_("A statement covers the day wholly and nothing contradicts, but no balance reaches it."),
    DayState.NOT_OVER: N_("Statements cover the day in part only."),
    DayState.UNCHANGED: N_(
        "No statement covers the day. The balances around it agree: that shows only that what came equals what went."
    ),
    DayState.MISSING: N_("No statement covers the day."),
    DayState.CONFLICT: N_("Something cannot be true at once: statements, balances and payments do not fit together."),
}

_WHY = {
    DayCause.MADE_DURING: N_("The statement shows the day only until {time}."),
    DayCause.NO_TIME: N_("The file does not say until when it goes, and nothing shows that the day is whole in it."),
    DayCause.BEGINS_DURING: N_("The statement begins inside the day."),
    DayCause.NO_STATEMENT: N_("No statement covers this time."),
    DayCause.MONEY_MOVED: N_(
        "No statement covers this time. By the balances before and after, {amount} moved that the books do not have."
    ),
    DayCause.CONFIRMED: N_("No statement covers this time. A person confirmed that nothing moved."),
    DayCause.NO_BALANCES: N_("Statements cover this time, but a balance is missing: before it, after it, or both."),
    DayCause.DOES_NOT_ADD_UP: N_("The lines of the statement miss its closing balance by {amount}."),
    DayCause.NOT_SHOWN: N_("A statement that covers the whole day does not show {amount} that the books have."),
    DayCause.LEFT_OUT: N_("A person left out a line of {amount}, and nothing stands for it."),
    DayCause.BALANCES_DIFFER: N_("By its balances the bank has {amount} more than the books."),
    DayCause.NUMBER_SKIPPED: N_("The bank’s numbers skip one before this statement: one is missing, or a payment is."),
}
_IN_PART = N_("The statement shows the day only in part.")
_MADE_BEFORE = N_("The statement was made on {day} at {time}, before the period that it names was over.")
_AGREE = N_("No statement covers this time; the balances before and after agree.")
_CONFIRMED_BY = N_("No statement covers this time. {by} confirmed on {day} that nothing moved.")
_BANK_HAS_LESS = N_("By its balances the bank has {amount} less than the books.")

_WITHOUT = N_("It would fit without payment {number} of {day}, {amount}.")
_AS_MUCH = N_("Payment {number} of {day} is of just this amount.")

_DO = {
    DayState.UNPROVEN: N_("Download this time as camt.053, which states balances."),
    DayState.MISSING: N_("Download a statement of it (camt.053)."),
    DayState.NOT_OVER: N_("Download the day again once it is over."),
    DayState.UNCHANGED: N_("Download a statement of it, or confirm that nothing moved."),
    DayState.CONFLICT: N_(
        "Download this time anew in one file (camt.053) and compare. If an import is wrong, take it back."
    ),
}
_TO_DO: dict[DayCause | None, str] = {
    DayCause.NO_TIME: N_("Download the day together with those after it."),
    DayCause.NOT_SHOWN: N_("Answer what the statements disagree on, among the questions."),
    DayCause.LEFT_OUT: N_("Look at what was left out, among the questions: bring the line back if it is a payment."),
    DayCause.NUMBER_SKIPPED: N_("Download this time in one file with the days before it, and compare."),
}
"""Where the reason says more than the state."""
_OR_ENTER_ONE = N_("Or enter the balance at the end of {day}.")
_OR_ENTER_TWO = N_("Or enter the balances at the end of {day} and of {other}.")
_COMPARE_BALANCE = N_(
    "Compare the balance that a person entered with the bank. If it is right, download this time anew."
)
_TWO = 2
"""Statements that contradict each other; else a person told one of the balances."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The one payment that is exactly what a check misses."""

    payment: PaymentId
    day: date
    balance: Balance
    """Signed, as the account shows it."""
    is_too_much: bool
    """Whether the check would fit without it."""

    @property
    def phrase(self) -> Phrase:
        """Name it."""
        values = (("number", str(self.payment)), ("day", self.day), ("amount", self.balance))
        return Phrase(_WITHOUT if self.is_too_much else _AS_MUCH, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Who confirmed that nothing moved, and when."""

    by: str
    on: date


def reason(
    state: DayState, why: DayReason | None, days: Period, currency: Currency, confirmed: Confirmed | None = None
) -> Phrase | None:
    """Return why days have their state; None for what is proven."""
    if why is None:
        return None
    said = _WHY[why.cause]
    values: dict[str, Value] = {"amount": _amount(why, currency)}
    if why.cause is DayCause.NO_STATEMENT and state is DayState.UNCHANGED:
        said = _AGREE
    elif why.cause is DayCause.BALANCES_DIFFER and (why.minor or 0) < 0:
        said = _BANK_HAS_LESS
    elif why.cause is DayCause.CONFIRMED and confirmed is not None:
        said = _CONFIRMED_BY
        values |= {"by": confirmed.by, "day": confirmed.on}
    elif why.cause is DayCause.MADE_DURING and why.at is None:
        said = _IN_PART
    elif why.cause is DayCause.MADE_DURING and why.at is not None:
        made = why.at.astimezone(TALLINN)
        said = said if day_of(made) == days.last_day else _MADE_BEFORE
        values |= {"day": day_of(made), "time": f"{made:%H:%M}"}
    return Phrase(said, tuple(values.items()))


def _amount(why: DayReason, currency: Currency) -> Balance:
    """Return what it is about: of payments signed as the account shows them, else how much."""
    minor = why.minor or 0
    if why.cause is DayCause.NOT_SHOWN:
        return Balance(-minor, currency)
    return Balance(minor if why.cause in {DayCause.MONEY_MOVED, DayCause.LEFT_OUT} else abs(minor), currency)


def to_do(state: DayState, why: DayReason | None, balances: Sequence[date] = ()) -> Phrase | None:
    """Return what to do so that days become proven; None where nothing is to do.

    `balances` are the days, two at most, at whose end a balance would prove them.
    """
    cause = None if why is None else why.cause
    if state is DayState.PROVEN or cause is DayCause.CONFIRMED:
        return None
    said = _TO_DO.get(cause) or _DO[state]
    if why is not None and cause is DayCause.BALANCES_DIFFER and len(why.statements) < _TWO:
        said = _COMPARE_BALANCE
    if not balances:
        return Phrase(said)
    first, *others = balances
    values = (("day", first), *(("other", each) for each in others))
    return sentences([Phrase(said), Phrase(_OR_ENTER_TWO if others else _OR_ENTER_ONE, values)])


def sentences(said: Sequence[Phrase | None]) -> Phrase:
    """Return sentences one after the other, without those that are none."""
    found = [each for each in said if each is not None]
    names = [f"said{number}" for number in range(len(found))]
    return Phrase(" ".join(f"{{{name}}}" for name in names), tuple(zip(names, found, strict=True)))


PROOFS = {
    Proof.PROVEN: DAYS[DayState.PROVEN],
    Proof.UNPROVEN: DAYS[DayState.UNPROVEN],
    Proof.BROKEN: OwnText(N_("contradiction"), code="broken"),
}
POINTS = {
    BalanceSource.OPENING: OwnText(N_("opening balance"), code="opening"),
    BalanceSource.CLOSING: OwnText(N_("closing balance"), code="closing"),
    BalanceSource.INTERIM: OwnText(N_("interim balance"), code="interim"),
    BalanceSource.ENTERED: OwnText(N_("entered by hand"), code="entered"),
    BalanceSource.ENDED: OwnText(N_("the account ended"), code="ended"),
}
PURPOSES = {
    Purpose.GIFT: OwnText(N_("Gift"), code="gift"),
    Purpose.REFUND: OwnText(N_("Refund"), code="refund"),
    Purpose.TRANSFER: OwnText(N_("Own transfer"), code="transfer"),
    Purpose.INCOME: OwnText(N_("Other income"), code="income"),
    Purpose.COST: OwnText(N_("Cost"), code="cost"),
}
WITHOUT_PURPOSE = OwnText(N_("Without a purpose"), code="unallocated")


def month_word(month: Month) -> OwnText:
    """Return a month; its code is `2026-03`."""
    return OwnText("{month}", ("month", month), code=str(month))
