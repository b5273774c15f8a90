"""How a donor's data leaves the books: restricted at once, destroyed when the law no longer asks for it.

Source documents are kept for seven years from the end of the financial year in which they were recorded (Accounting
Act, RPS § 12), in whichever month that begins. No engineer can decide more than that: docs/adr/0017.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from donations.core.calendar import Month
from donations.core.donor import DonorId
from donations.core.refusals import DonorCode

KEPT_YEARS = 7


class RetentionState(StrEnum):
    """How much of a donor is left in the books; it only ever becomes less."""

    NAMED = "named"
    RESTRICTED = "restricted"
    """Shown nowhere; the name is kept for the tax board, and what recognises the donor, so that nothing comes back."""
    UNNAMED = "unnamed"
    """Nothing names the donor any more; amounts and days stay."""


class Step(StrEnum):
    """What can be done about it."""

    RESTRICT = "restrict"
    PURGE = "purge"
    HOLD = "hold"
    RELEASE = "release"


class RetentionReason(StrEnum):
    """The reason for a step: one of a few, for a free text would name people in a history that stays."""

    ASKED = "asked"
    NOT_NEEDED = "not_needed"
    DISPUTE = "dispute"
    AUDIT = "audit"
    OVER = "over"
    TIME_PASSED = "time_passed"


REASONS: dict[Step, tuple[RetentionReason, ...]] = {
    Step.RESTRICT: (RetentionReason.ASKED, RetentionReason.NOT_NEEDED),
    Step.PURGE: (RetentionReason.TIME_PASSED,),
    Step.HOLD: (RetentionReason.DISPUTE, RetentionReason.AUDIT),
    Step.RELEASE: (RetentionReason.OVER,),
}


def kept_until(day: date, *, first_month: int | None) -> date:
    """Return the last day on which what happened on a day has to be kept.

    `first_month` is the one in which financial years begin, 1 to 12. Where nobody said it, it may be the day's own.
    """
    last_month = (first_month or day.month) - 1 or 12
    return Month.of(date(day.year + KEPT_YEARS + (day.month > last_month), last_month, 1)).last_day


def is_needed(day: date | None, *, today: date, first_month: int | None) -> bool:
    """Whether what happened last on a day has to be kept today (Europe/Tallinn); nothing happened on None."""
    return day is not None and today <= kept_until(day, first_month=first_month)


def unnamed(donor: DonorId) -> str:
    """Return what stands in the place of a restricted donor's name, the same in every language."""
    return f"№ {donor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionStatus:
    """Where a donor's data stands."""

    state: RetentionState
    is_on_legal_hold: bool
    """Somebody said that nothing may be destroyed now: a dispute, an audit."""
    last_day: date | None
    """Of the last payment that concerns the donor."""
    first_month: int | None
    """In which financial years begin; None where nobody said it."""
    is_partly: bool = False
    """The donor turned out to be one with others after that: they are out of sight too, but nobody said so yet."""

    @property
    def kept_until(self) -> date | None:
        """The last day on which the donor's payments have to be kept with what names the payer."""
        return None if self.last_day is None else kept_until(self.last_day, first_month=self.first_month)

    def obstacle(self, step: Step, *, today: date) -> DonorCode | None:
        """Return what is in the way of a step today; None where it can be taken."""
        is_on_legal_hold, state = self.is_on_legal_hold, self.state
        ways = {
            Step.RESTRICT: (
                (is_on_legal_hold, DonorCode.DONOR_HELD),
                (state is not RetentionState.NAMED and not self.is_partly, DonorCode.RESTRICTED_DONOR),
            ),
            Step.PURGE: (
                (is_on_legal_hold, DonorCode.DONOR_HELD),
                (state is RetentionState.NAMED or self.is_partly, DonorCode.DONOR_NOT_RESTRICTED),
                (state is RetentionState.UNNAMED, DonorCode.DONOR_UNNAMED),
                (is_needed(self.last_day, today=today, first_month=self.first_month), DonorCode.DONOR_STILL_NEEDED),
            ),
            Step.HOLD: (
                (is_on_legal_hold, DonorCode.DONOR_HELD),
                (state is RetentionState.UNNAMED, DonorCode.DONOR_UNNAMED),
            ),
            Step.RELEASE: ((not is_on_legal_hold, DonorCode.DONOR_NOT_HELD),),
        }
        return next((obstacle for is_in_the_way, obstacle in ways[step] if is_in_the_way), None)
