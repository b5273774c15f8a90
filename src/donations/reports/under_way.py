"""Money under way between own accounts: which side is in the books, when the other one should be, and the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.language import N_
from donations.core.money import Balance, Currency
from donations.identity.stated import days_between
from donations.identity.witnesses import wholly_covered
from donations.ledger.transfers import UnderWay, Waits, under_way
from donations.reports.proofs import Proved
from donations.store.payments.amounts import Moved, payments_of
from donations.store.payments.transfers import transfer_sides
from donations.store.session import ReadSession
from donations.store.statements.files import Ledger
from donations.views.telling import Phrase, Value

_LEFT = N_("{amount} left {account} for {other} on {day}.")
_CAME = N_("{amount} came to {account} from {other} on {day}.")
_LIKELY = N_("Payment {number} of {day} on {other} is of this amount: if it is the other side, say so there.")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidUnderWay:
    """A transfer of which one side is not in the books, in words."""

    found: UnderWay
    sides: Phrase
    """Which side is in the books."""
    waits: Phrase
    """Why the other side is not there."""
    likely: Moved | None
    """The one payment on the other account that it may be: nobody said yet that it is an own transfer."""

    @property
    def is_late(self) -> bool:
        """Whether it should have come."""
        return self.found.waits is Waits.LATE


def said_under_way(
    session: ReadSession, found: Sequence[UnderWay], proved: Sequence[Proved], called: Callable[[str], str] = str
) -> list[SaidUnderWay]:
    """Return transfers in words; `called` is what a reader calls an own account, by its number."""
    ledgers = {(each.number, each.currency): each.ledger for each in proved}
    return [_said(each, _likely(session, each, ledgers), called) for each in found]


def _said(found: UnderWay, likely: Moved | None, called: Callable[[str], str]) -> SaidUnderWay:
    side = found.side
    amount = Balance(abs(side.minor), side.currency)
    other: tuple[str, Value] = ("other", called(side.other))
    values: tuple[tuple[str, Value], ...] = (
        ("amount", amount),
        ("account", called(side.account)),
        ("day", side.booked_on),
        other,
    )
    waits = Phrase(_WAITS[found.waits], (other, ("until", found.until)))
    if likely is not None:
        waits = Phrase(_LIKELY, (other, ("number", str(likely.payment)), ("day", likely.day)))
    return SaidUnderWay(
        found=found, sides=Phrase(_LEFT if side.minor < 0 else _CAME, values), waits=waits, likely=likely
    )


def _likely(session: ReadSession, found: UnderWay, ledgers: Mapping[tuple[str, Currency], Ledger]) -> Moved | None:
    side = found.side
    ledger = ledgers.get((side.other, side.currency))
    near = found.until - side.booked_on
    of_amount = [] if ledger is None else payments_of(session, ledger, {-side.minor})
    fitting = [each for each in of_amount if abs(each.day - side.booked_on) <= near]
    return fitting[0] if len(fitting) == 1 else None
