"""Each balance that the bank states, beside what the ledger says that the account held then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from donations.core.money import Minor
from donations.core.statement import Proof
from donations.identity.anchors import Anchor, Point, Told
from donations.identity.proof import DayState
from donations.identity.seen import StatementId
from donations.reports.proofs import Proved

_DAY = timedelta(days=1)
_PROOFS = {DayState.PROVEN: Proof.PROVEN, DayState.CONFLICT: Proof.BROKEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One stated balance; minor units."""

    statement: StatementId | None
    """None where a person read it in the internet bank."""
    told: Told
    day: date
    """For an opening balance the day at whose start it held, else the day at whose end."""
    end_of: date
    """The day after whose last line it held."""
    bank: Minor
    ledger: Minor
    """Brought forward from the first stated balance."""
    step: Minor
    """By how much the difference changed since the balance before: where something is missing or too much."""
    proof: Proof
    is_day_end: bool
    """Whether it held between two days, and not inside one that another statement shows more of."""

    @property
    def difference(self) -> Minor:
        """The bank's figure less the ledger's."""
        return self.bank - self.ledger


@dataclass(frozen=True, slots=True)
class Compared:
    """The bank's balances of one account beside the ledger, in the order of time."""

    balances: tuple[Held, ...] = ()
    brought_forward: Minor | None = None
    """What the account held before the ledger's first line, by the first stated balance; None without any."""


def compared(proved: Proved) -> Compared:
    """Return every balance that active statements state, and what the ledger says of the same moment."""
    if not proved.anchors:
        return Compared()
    begin = before = proved.anchors[0].base
    found: list[Held] = []
    for anchor in proved.anchors:
        is_day_end = anchor.point is Point.END
        found.append(
            Held(
                statement=anchor.statement,
                told=anchor.told,
                day=_day_of(anchor),
                end_of=anchor.day if is_day_end else _day_of(anchor),
                bank=anchor.minor,
                ledger=anchor.minor - (anchor.base - begin),
                step=anchor.base - before,
                proof=_proof(proved, anchor, anchor.base - before),
                is_day_end=is_day_end,
            )
        )
        before = anchor.base
    return Compared(tuple(found), begin)


def _day_of(anchor: Anchor) -> date:
    return anchor.day + _DAY if anchor.opens and anchor.point is Point.END else anchor.day


def _proof(proved: Proved, anchor: Anchor, step: Minor) -> Proof:
    states = {proved.state_on(_day_of(anchor))} | ({proved.state_on(anchor.day)} if step else set())
    if DayState.CONFLICT in states:
        return Proof.BROKEN
    return Proof.UNPROVEN if step else _PROOFS.get(states.pop(), Proof.UNPROVEN)
