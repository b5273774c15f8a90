"""Up to which day the books agree to the cent with every balance that the bank states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from donations.core.money import EUR
from donations.identity.proof import DayState
from donations.ledger.transfers import UnderWay
from donations.reports.proofs import Proved

_DAY = timedelta(days=1)


def agreed_until(proved: Sequence[Proved], moving: Iterable[UnderWay], *, last_day: date) -> date | None:
    """Return the last day, at most `last_day`, up to which every open account in euros is proven; None where none is.

    Days that nothing proves end it, whatever a person said of them; so does the day on which own money `moving`
    between own accounts left for, or came from, where the books do not see it.
    """
    ours = [each for each in proved if each.currency == EUR and each.proof.begin is not None]
    unseen = [each.side.booked_on - _DAY for each in moving if each.is_out_of_sight and each.side.currency == EUR]
    until = min((*(_end(each, last_day) for each in ours), *unseen), default=None)
    begins = min((each.proof.begin for each in ours if each.proof.begin is not None), default=None)
    return until if until is not None and begins is not None and begins <= until else None


def _end(proved: Proved, last_day: date) -> date:
    """Return the last day up to which an account is proven; before it began and after its end nothing is to prove."""
    unproven = next((run.first_day for run in proved.runs if run.state is not DayState.PROVEN), None)
    begin, ended = proved.proof.begin, proved.facts.ended
    if begin is None or begin > last_day:
        return last_day
    if unproven is None:
        covered = proved.covered
        unproven = begin if covered is None else covered.last_day + _DAY
        if covered is not None and ended is not None and ended <= covered.last_day:
            return last_day
    return min(last_day, unproven - _DAY)
