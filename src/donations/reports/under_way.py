"""Money under way between own accounts: which side is in the books, when the other one should be, and the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from donations.core.language import N_
from donations.core.money import Balance
from donations.identity.stated import days_between
from donations.identity.witnesses import wholly_covered
from donations.ledger.transfers import UnderWay, Waits, under_way
from donations.reports.proofs import Proved
from donations.reports.telling import Phrase
from donations.store.payments.transfers import transfer_sides
from donations.store.session import ReadSession

_LEFT = N_("{amount} left {account} for {other} on {day}.")
_CAME = N_("{amount} came to {account} from {other} on {day}.")
_WAITS = {
    Waits.UNDER_WAY: N_("The other side may come until {until}."),
    Waits.NO_STATEMENT: N_("No statement of {other} shows the other side yet."),
    Waits.LATE: N_("The statements of {other} cover the days on which it should have come, and do not show it."),
}


def money_under_way(session: ReadSession, proved: Sequence[Proved], *, today: date) -> list[UnderWay]:
    """Return the own transfers of which one side is missing on this day (Europe/Tallinn)."""
    covered: defaultdict[str, set[date]] = defaultdict(set)
    for each in proved:
        covered[each.number] |= wholly_covered(each.proof.witnesses)

    def covers(number: str, first_day: date, last_day: date) -> bool:
        return covered[number].issuperset(days_between(first_day, last_day))

    return under_way(transfer_sides(session), covers=covers, today=today)


def sides_said(found: UnderWay, called: Callable[[str], str] = str) -> Phrase:
    """Return which side is in the books; `called` is what a reader calls an own account, by its number."""
    side = found.side
    amount = Balance(abs(side.minor), side.currency)
    values = (("amount", amount), ("account", called(side.account)), ("other", called(side.other)))
    return Phrase(_LEFT if side.minor < 0 else _CAME, (*values, ("day", side.booked_on)))


def waits_said(found: UnderWay, called: Callable[[str], str] = str) -> Phrase:
    """Return why the other side is not there."""
    return Phrase(_WAITS[found.waits], (("other", called(found.side.other)), ("until", found.until)))
