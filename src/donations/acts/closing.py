"""Closing a month, and opening the newest closed one again: figures are frozen, what comes later corrects them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from donations.acts.promise import refuse_outdated
from donations.acts.proving import Proved, proofs
from donations.core.calendar import Month
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.ledger.figures import ClosingSeal, Figures
from donations.ledger.obstacles import Obstacle, written
from donations.reports.months_of_year import month_obstacles
from donations.store.months import (
    Closing,
    Reopening,
    add_closing,
    add_reopening,
    closed_months,
    closings_in_force,
    last_digest,
)
from donations.store.payments.allocations import last_allocation_id
from donations.store.session import ReadSession, WriteSession, as_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingProspect:
    """What closing a month would freeze, and what is in the way."""

    month: Month
    figures: Figures
    obstacles: tuple[Obstacle, ...]
    before: str
    """Digest of the last closing."""

    @property
    def is_refused(self) -> bool:
        """Whether not even a written reason closes it."""
        return any(each.is_final for each in self.obstacles)


def prospect(
    session: ReadSession, month: Month, *, today: date, proved: Sequence[Proved] | None = None
) -> ClosingProspect:
    """Return what closing the month would freeze on this day (Europe/Tallinn)."""
    known = proofs(session) if proved is None else proved
    found, in_the_way = month_obstacles(session, month, proved=known, today=today)
    return ClosingProspect(month=month, figures=found, obstacles=in_the_way, before=last_digest(session))


def close(
    session: WriteSession,
    month: Month,
    *,
    by: str,
    now: datetime,
    today: date,
    reasons: Callable[[Obstacle], str] = lambda _: "",
    promised: str | None = None,
) -> Closing:
    """Freeze the figures of a month. Payments and answers that come later are never refused; they correct it.

    Whatever is in the way has a written reason of its own, which `reasons` gives; `ledger/obstacles.py` reads them.
    Raises `Refusal`: `cannot_close`, `reason_needed`, and `preview_outdated` where it would freeze something else than
    the prospect that was promised.
    """
    reader = as_reader(session)
    found = prospect(reader, month, today=today)
    refuse_outdated(promised, found)
    if found.is_refused:
        raise Refusal(BooksCode.CANNOT_CLOSE)
    given = [(each, reasons(each).strip()) for each in found.obstacles]
    if not all(text for _, text in given):
        raise Refusal(BooksCode.REASON_NEEDED)
    return add_closing(
        session,
        ClosingSeal(
            month=month,
            by=by,
            at=now,
            reason=written(given),
            figures=found.figures.written(),
            last_allocation=last_allocation_id(reader),
            before=found.before,
        ),
    )


def reopen(session: WriteSession, month: Month, *, by: str, now: datetime, reason: str) -> Closing:
    """Open the newest closed month again; its closing stays as history.

    Raises `Refusal`: `not_closed`, `not_newest` or `reason_needed`.
    """
    closing = closings_in_force(as_reader(session), first_day=month.first_day, last_day=month.last_day).get(month)
    if closing is None:
        raise Refusal(BooksCode.NOT_CLOSED)
    if month != closed_months(as_reader(session))[-1]:
        raise Refusal(BooksCode.NOT_NEWEST)
    if not reason.strip():
        raise Refusal(BooksCode.REASON_NEEDED)
    add_reopening(session, closing, Reopening(by=by, at=now, reason=reason.strip()))
    return closing
