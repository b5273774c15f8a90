"""Money under way between own accounts: which side is in the books, when the other one should be, and the words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from donations.acts.proving import Proved
from donations.core.language import N_
from donations.core.money import Balance
from donations.core.payment import PaymentId
from donations.identity.witnesses import wholly_covered
from donations.ledger.transfers import Own, UnderWay, Waits, under_way
from donations.reports.day_words import sentences
from donations.store.payments.movements import MovedPayment, payments_of
from donations.store.payments.transfers import transfer_sides
from donations.store.session import ReadSession
from donations.views.telling import Phrase, Value

_LEFT = N_("{amount} left {account} for {other} on {day}.")
_CAME = N_("{amount} came to {account} from {other} on {day}.")
_LIKELY = N_("Payment {number} of {day} on {other} is of this amount: if it is the other side, say so there.")
_WAITS = {
    Waits.UNDER_WAY: N_("The other side may come until {until}."),
    Waits.NO_STATEMENT: N_("No statement of {other} shows the other side yet."),
    Waits.LATE: N_("The statements of {other} cover the days on which it should have come, and do not show it."),
    Waits.NOT_OPEN: N_(
        "In the books {other} is not open on that day: import its statements of it, or correct its first or last day."
    ),
}
_LEFT_NAMELESS = N_("{amount} left {account} on {day} for an own account that the file does not name.")
_CAME_NAMELESS = N_("{amount} came to {account} on {day} from an own account that the file does not name.")
_WAITS_NAMELESS = {
    Waits.UNDER_WAY: _WAITS[Waits.UNDER_WAY],
    Waits.NO_STATEMENT: N_("No statement of another own account shows the other side yet."),
    Waits.LATE: N_(
        "The statements of all other own accounts cover the days on which it should have come, and do not show it. If"
        " it is another account, add it and its statements."
    ),
    Waits.NOT_OPEN: N_(
        "The other side may be on {unseen}, of which the books have no statement of that day: import it, or say"
        " what else it was."
    ),
}
"""Where the file does not name the other account."""
_NO_OTHER = N_(
    "The books have no other own account that was open then: add it and its statements, or say what else it was."
)


def money_under_way(session: ReadSession, proved: Sequence[Proved], *, today: date) -> list[UnderWay]:
    """Return the own transfers of which one side is missing on this day (Europe/Tallinn)."""
    accounts = [
        Own(
            number=each.number,
            currency=each.currency,
            begin=each.proof.begin,
            ended=each.facts.ended,
            covered=wholly_covered(each.proof.witnesses),
        )
        for each in proved
    ]
    return under_way(transfer_sides(session), accounts=accounts, today=today)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidUnderWay:
    """A transfer of which one side is not in the books, in words."""

    found: UnderWay
    sides: Phrase
    """Which side is in the books."""
    waits: Phrase
    """Why the other side is not there."""
    likely: MovedPayment | None
    """The one payment on the other account that it may be: nobody said yet that it is an own transfer."""

    @property
    def is_in_the_way(self) -> bool:
        """Whether something is to do about it."""
        return self.found.is_in_the_way


def said_under_way(
    session: ReadSession, found: Sequence[UnderWay], proved: Sequence[Proved], called: Callable[[str], str] = str
) -> list[SaidUnderWay]:
    """Return transfers in words; `called` is what a reader calls an own account, by its number."""
    known = {each.payment for each in transfer_sides(session)} if found else set()
    return [_said(each, _likely(session, each, proved, known), called) for each in found]


def _said(found: UnderWay, likely: _Likely | None, called: Callable[[str], str]) -> SaidUnderWay:
    side = found.side
    values: tuple[tuple[str, Value], ...] = (
        ("amount", Balance(abs(side.minor), side.currency)),
        ("account", called(side.account)),
        ("day", side.booked_on),
    )
    if side.other:
        sides = Phrase(_LEFT if side.minor < 0 else _CAME, (*values, ("other", called(side.other))))
    else:
        sides = Phrase(_LEFT_NAMELESS if side.minor < 0 else _CAME_NAMELESS, values)
    waits = _waiting(found, called)
    if likely is not None:
        one, account = likely.payment, called(likely.account)
        likely_is = Phrase(_LIKELY, (("other", account), ("number", str(one.payment)), ("day", one.day)))
        waits = sentences([likely_is, waits]) if found.waits is Waits.NOT_OPEN else likely_is
    return SaidUnderWay(found=found, sides=sides, waits=waits, likely=None if likely is None else likely.payment)


def _waiting(found: UnderWay, called: Callable[[str], str]) -> Phrase:
    if found.side.other:
        return Phrase(_WAITS[found.waits], (("other", called(found.side.other)), ("until", found.until)))
    if found.waits is Waits.NOT_OPEN and not found.unseen:
        return Phrase(_NO_OTHER)
    unseen: Value = tuple(map(called, found.unseen))
    return Phrase(_WAITS_NAMELESS[found.waits], (("unseen", unseen), ("until", found.until)))


@dataclass(frozen=True, slots=True)
class _Likely:
    """A payment that may be the other side, and the number of its account."""

    payment: MovedPayment
    account: str


def _likely(
    session: ReadSession, found: UnderWay, proved: Iterable[Proved], known: AbstractSet[PaymentId]
) -> _Likely | None:
    """Return the one payment that it may be, but for those that are `known` to be transfers: these did not fit."""
    side, near = found.side, found.until - found.side.booked_on
    fitting = [
        _Likely(payment, each.number)
        for each in proved
        if each.currency == side.currency and (each.number == side.other if side.other else each.number != side.account)
        for payment in payments_of(session, each.ledger, {-side.minor})
        if abs(payment.day - side.booked_on) <= near and payment.payment not in known
    ]
    return fitting[0] if len(fitting) == 1 else None
