"""What is in the way of closing a month, in words, and money under way between own accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from donations.acts.proving import Proved
from donations.core.calendar import Period
from donations.core.language import N_
from donations.core.money import Balance, Currency, Minor
from donations.core.payment import PaymentId
from donations.identity.proof import Run
from donations.identity.witnesses import wholly_covered
from donations.ledger.obstacles import STATES, Obstacle, ObstacleKind, SetAside
from donations.ledger.payouts import Payout
from donations.ledger.transfers import Own, UnderWay, Waits, under_way
from donations.reports.day_reasons import ReasonedRun, Reasons
from donations.reports.words import DAYS, OwnText, sentences
from donations.store.payments.movements import MovedPayment, payments_of, transfer_sides
from donations.store.session import ReadSession
from donations.store.statements.files import Ledger
from donations.views.phrases import Phrase, Value

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
class UnderWayInWords:
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


def under_way_in_words(
    session: ReadSession, found: Sequence[UnderWay], proved: Sequence[Proved], called: Callable[[str], str] = str
) -> list[UnderWayInWords]:
    """Return transfers in words; `called` is what a reader calls an own account, by its number."""
    known = {each.payment for each in transfer_sides(session)} if found else set()
    return [_said(each, _likely(session, each, proved, known), called) for each in found]


def _said(found: UnderWay, likely: _Likely | None, called: Callable[[str], str]) -> UnderWayInWords:
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
    return UnderWayInWords(found=found, sides=sides, waits=waits, likely=None if likely is None else likely.payment)


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


_SAID = {
    ObstacleKind.CLOSED_ALREADY: N_("The month is closed."),
    ObstacleKind.NOT_OVER: N_("The month is not over yet."),
    ObstacleKind.NO_STATEMENT: N_("No statement of this month is in the books."),
    ObstacleKind.EARLIER_OPEN: N_("Months are closed in order, and {month} is still open."),
    ObstacleKind.QUESTIONS_OPEN: N_("Open questions of this month: {count}."),
    ObstacleKind.STATEMENTS_DISAGREE: N_("Payments of this month on which statements disagree: {count}."),
}
_OF_DAYS = N_("{account}, {days}: {state}.")
_LACKS_LINES = N_(
    "{account} paid out {paid} on {day}, but its lines in the books come to {lines}: {left} is left over. Import the"
    " report of the days before, or download it again: a line is missing."
)
_WITH = N_("{what}: {count}")
_ON_DAYS = N_("{what}, {account}, {days}")
_WAS = {
    ObstacleKind.DAYS_BROKEN: OwnText(N_("contradictions"), code="days_broken"),
    ObstacleKind.DAYS_MISSING: OwnText(N_("days missing"), code="days_missing"),
    ObstacleKind.DAYS_NOT_OVER: OwnText(N_("days that were not over in the statements"), code="days_not_over"),
    ObstacleKind.DAYS_UNCHANGED: OwnText(N_("days without a statement"), code="days_unchanged"),
    ObstacleKind.DAYS_UNPROVEN: OwnText(N_("days not proven"), code="days_unproven"),
    ObstacleKind.TRANSFER_LATE: OwnText(N_("an own transfer that did not arrive"), code="transfer_late"),
    ObstacleKind.PAYOUT_LACKS_LINES: OwnText(N_("a payout whose lines are missing"), code="payout_lacks_lines"),
    ObstacleKind.QUESTIONS_OPEN: OwnText(N_("open questions"), code="questions_open"),
    ObstacleKind.STATEMENTS_DISAGREE: OwnText(N_("statements that disagree"), code="statements_disagree"),
}
"""What was in the way of a month that was closed for a reason."""

_SOMETHING = OwnText(N_("something in the way"), code="something")

Called = Callable[[str], str]
"""What a reader calls an own account, by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleInWords:
    """One thing in the way, with its words."""

    obstacle: Obstacle
    what: Phrase
    reasoned: ReasonedRun | None = None
    """Of days: why they are not proven, and what to do."""
    ledger: Ledger | None = None
    """Of days: whose they are."""

    @property
    def phrase(self) -> Phrase:
        """Say everything there is to say of it."""
        found = self.reasoned
        if found is None:
            return self.what
        return sentences([self.what, found.why, None if found.near is None else found.near.phrase, found.to_do])


def obstacles_in_words(
    session: ReadSession, found: Iterable[Obstacle], proved: Sequence[Proved], called: Called = str
) -> tuple[ObstacleInWords, ...]:
    """Return what is in the way with its words."""
    reasons, given = Reasons(session), tuple(found)
    ledgers = {(each.number, each.currency): each for each in proved}
    late = [each.transfer for each in given if each.transfer is not None]
    moving = {each.found: each for each in under_way_in_words(session, late, proved, called)}
    return tuple(
        _obstacle_in_words(each, reasons, ledgers, called)
        if each.transfer is None
        else _of_transfer(each, moving[each.transfer])
        for each in given
    )


def _of_transfer(each: Obstacle, said: UnderWayInWords) -> ObstacleInWords:
    return ObstacleInWords(obstacle=each, what=sentences([said.sides, said.waits]))


def _obstacle_in_words(
    each: Obstacle, reasons: Reasons, ledgers: Mapping[tuple[str, Currency], Proved], called: Called
) -> ObstacleInWords:
    if each.payout is not None:
        return ObstacleInWords(obstacle=each, what=_of_payout(each.payout, called))
    state = STATES.get(each.kind)
    if state is None or each.currency is None or each.first_day is None or each.last_day is None:
        values: dict[str, Value] = {"count": str(each.count), "month": "" if each.month is None else each.month}
        return ObstacleInWords(obstacle=each, what=Phrase(_SAID[each.kind], tuple(values.items())))
    run = Run(each.first_day, each.last_day, state, each.why)
    days = Period(each.first_day, each.last_day)
    whose: dict[str, Value] = {"account": called(each.account), "days": days, "state": DAYS[state].phrase}
    proved = ledgers[each.account, each.currency]
    said = Phrase(_OF_DAYS, tuple(whose.items()))
    return ObstacleInWords(obstacle=each, what=said, reasoned=reasons.of(proved, run), ledger=proved.ledger)


def _of_payout(payout: Payout, called: Called) -> Phrase:
    def amount(minor: Minor) -> Balance:
        return Balance(minor, payout.currency)

    values: dict[str, Value] = {
        "account": called(payout.account),
        "paid": amount(-payout.paid_out),
        "day": payout.day or date.min,
        "lines": amount(payout.left - payout.paid_out),
        "left": amount(payout.left),
    }
    return Phrase(_LACKS_LINES, tuple(values.items()))


def set_aside_in_words(each: SetAside) -> Phrase:
    """Return what was in the way when a month was closed."""
    what = ("what", _SOMETHING.phrase if each.kind is None else _WAS.get(each.kind, _SOMETHING).phrase)
    if each.days is not None:
        return Phrase(_ON_DAYS, (what, ("account", each.account), ("days", Period(*each.days))))
    return Phrase(_WITH, (what, ("count", str(each.count)))) if each.count else what[1]
