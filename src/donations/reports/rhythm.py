"""How one donor gives: each regular gift with whether it keeps coming, judged only for days that statements cover."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from donations.core.donor import ANONYMOUS, DonorId
from donations.ledger.rhythm import Every, Regular, regular_gifts
from donations.store.giving.regular_gifts import gifts_of
from donations.store.session import ReadSession
from donations.store.statements.covered_days import CoveredDays, covered_days

__all__ = ["Every", "Regular", "Rhythm", "State", "rhythms_of"]


class State(StrEnum):
    """Whether a regular gift keeps coming."""

    KEEPS_COMING = "keeps_coming"
    """The next one is not due yet, or the statements of its days are not in yet."""
    MISSED = "missed"
    """The next one was due, and statements that cover its days do not show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """One regular gift of a donor: every, day, usual amount, since when, how many in a row; and how it stands."""

    regular: Regular
    state: State


def rhythms_of(session: ReadSession, donor: DonorId) -> tuple[Rhythm, ...]:
    """Return the regular gifts of a standing donor; none where the giving is irregular, or many people's."""
    if donor == ANONYMOUS:
        return ()
    covered = covered_days(session)
    return tuple(
        Rhythm(regular=regular, state=_state(regular, covered))
        for _, gifts in gifts_of(session, [donor])
        for regular in regular_gifts(gifts)
    )


def _state(regular: Regular, covered: CoveredDays) -> State:
    passed = covered.has_passed(regular.last.account_id, regular.next_due)
    return State.MISSED if passed else State.KEEPS_COMING
