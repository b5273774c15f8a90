"""Up to which day the books agree to the cent with every balance that the bank states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from donations.core.money import EUR
from donations.identity.proof import DayState
from donations.reports.balances import compared, movement
from donations.reports.proofs import Proved


def agreed_until(proved: Sequence[Proved], *, last_day: date) -> date | None:
    """Return the last day, at most `last_day`, up to which every account in euros is proven; None where none is.

    An account whose statements end earlier counts as closed if it was emptied.
    """
    ours = [each for each in proved if each.currency == EUR]
    ends = [_end(each, last_day) for each in ours]
    until = min(ends, default=None)
    return until if until is not None and any(each.covered.first_day <= until for each in ours) else None


def _end(proved: Proved, last_day: date) -> date:
    unproven = next((run.first_day for run in proved.runs if run.state is not DayState.PROVEN), None)
    if unproven is not None:
        return min(last_day, unproven - timedelta(days=1))
    return last_day if is_emptied(proved) else min(last_day, proved.covered.last_day)


def is_emptied(proved: Proved) -> bool:
    """Whether nothing was left on the account at the end of its last statement."""
    brought_forward = compared(proved).brought_forward
    if brought_forward is None:
        return False
    return brought_forward + movement(proved.facts.by_day)(proved.covered.last_day) == 0
