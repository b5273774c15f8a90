"""Closing a month, and opening the newest closed one again: figures are frozen, what comes later corrects them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from donations.core.canonical import digest
from donations.core.month import Month
from donations.core.refusal import RefusedError
from donations.ledger.figures import Figures
from donations.ledger.obstacles import Obstacle, Standing, obstacles
from donations.ledger.seal import Seal
from donations.reports.balances import compared, movement
from donations.reports.month import figures
from donations.reports.proofs import Proved, proofs
from donations.store.months.closings import (
    Closing,
    Reopening,
    add_closing,
    add_reopening,
    closed_months,
    first_open_month,
    last_digest,
    standing_closings,
)
from donations.store.payments.allocations import last_allocation_id
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.statements.findings import count_findings


class CannotCloseError(RefusedError):
    """The month cannot be closed or opened again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
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

    @property
    def digest(self) -> str:
        """What a preview promises, and closing must meet."""
        ways = [f"{each.kind} {each.account} {each.count} {each.month}" for each in self.obstacles]
        return digest([str(self.month), self.figures.written(), self.before, ways])


class ProspectChangedError(Exception):
    """Something changed since the prospect was shown: nothing was closed, look again."""

    def __init__(self, prospect: Prospect) -> None:
        """Keep what closing would freeze now."""
        self.prospect = prospect
        super().__init__("preview_outdated")


def prospect(session: ReadSession, month: Month, *, today: date, proved: Sequence[Proved] | None = None) -> Prospect:
    """Return what closing the month would freeze on this day (Europe/Tallinn)."""
    known = proofs(session) if proved is None else proved
    found = figures(session, month, known)
    standing = Standing(
        is_closed=month in closed_months(session),
        is_over=month.last_day < today,
        earlier_open=first_open_month(session, before=month),
        silent=tuple(_silent(known, month)),
        disagreements=count_findings(session, first_day=month.first_day, last_day=month.last_day),
    )
    return Prospect(month=month, figures=found, obstacles=obstacles(found, standing), before=last_digest(session))


def close(
    session: WriteSession,
    month: Month,
    *,
    by: str,
    now: datetime,
    today: date,
    reason: str | None = None,
    promised: str | None = None,
) -> Closing:
    """Freeze the figures of a month. Payments and answers that come later are never refused; they correct it.

    Raises `CannotCloseError` (`cannot_close`, `reason_needed`), and `ProspectChangedError` where it would freeze
    something else than the prospect whose digest was promised. A reason is kept only where one is needed.
    """
    reader = as_reader(session)
    found = prospect(reader, month, today=today)
    if promised is not None and promised != found.digest:
        raise ProspectChangedError(found)
    if found.is_refused:
        raise CannotCloseError("cannot_close", f"{month} cannot be closed now.")
    written = (reason or "").strip()
    if found.obstacles and not written:
        raise CannotCloseError("reason_needed", f"Something is in the way of closing {month}: say why it is closed.")
    return add_closing(
        session,
        Seal(
            month=month,
            by=by,
            at=now,
            reason=written if found.obstacles else None,
            figures=found.figures.written(),
            last_allocation=last_allocation_id(reader),
            before=found.before,
        ),
    )


def reopen(session: WriteSession, month: Month, *, by: str, now: datetime, reason: str) -> Closing:
    """Open the newest closed month again; its closing stays as history.

    Raises `CannotCloseError`: `not_closed`, `not_newest` or `reason_needed`.
    """
    closing = standing_closings(as_reader(session), first_day=month.first_day, last_day=month.last_day).get(month)
    if closing is None:
        raise CannotCloseError("not_closed", f"{month} is not closed.")
    if month != closed_months(as_reader(session))[-1]:
        raise CannotCloseError("not_newest", "Only the newest closed month can be opened again.")
    if not reason.strip():
        raise CannotCloseError("reason_needed", f"Say why {month} is opened again.")
    add_reopening(session, closing, Reopening(by=by, at=now, reason=reason.strip()))
    return closing


def _silent(proved: Sequence[Proved], month: Month) -> Iterator[str]:
    """Return the accounts whose statements end before the month; one that was emptied is taken for closed."""
    for each in proved:
        brought_forward = compared(each).brought_forward
        if each.covered.last_day < month.first_day:
            held = None if brought_forward is None else brought_forward + movement(each.facts.by_day)(month.last_day)
            if held != 0:
                yield each.number
