"""A donor who asks to be forgotten: taken out of sight at once, destroyed when the law lets it go (docs/adr/0017).

No amount, day, allocation or digest changes by it; all that is done is shown first by doing it (ADR 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from donations.acts.judging_claims import Became, rejudge
from donations.core.donor import ANONYMOUS, DonorId, PayerClaim
from donations.core.iban import parse_iban
from donations.core.name import NameKey
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.ledger.retention import REASONS, RetentionReason, RetentionState, RetentionStatus, Step, unnamed
from donations.store.donors import people
from donations.store.donors.forgetting import Traces, WordsDestroyed, destroy_traces, destroy_words
from donations.store.donors.restricted import (
    destroy_names,
    is_on_legal_hold,
    is_partly_restricted,
    note_step,
    restricted_donors,
    state_of,
    take_names_out,
)
from donations.store.donors.subject_access import DonorIdentity, identity_of, last_day_of, lines_naming
from donations.store.giving.donor_giving import count_gifts_of_donor
from donations.store.organisation import first_month
from donations.store.session import ReadSession, WriteSession, as_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """What is left of a donor, and why it cannot go yet."""

    gifts: int
    """With days and amounts; they stay for good."""
    lines: int
    """Of statements that name the donor."""
    kept_until: date | None
    """The last day on which lines, claims and the name for the tax board are kept; None where no line is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """What taking a donor out of sight comes to."""

    donor: DonorId
    was: str
    """The name that goes."""
    name: str
    """What is shown from then on."""
    merged: tuple[DonorId, ...]
    """Donors that were merged into this one and go along."""
    destroyed: WordsDestroyed
    stays: Stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What destroying the rest comes to."""

    donor: DonorId
    destroyed: Traces
    gifts: int
    """They stay, with days and amounts."""
    became: Became
    """Other payments from the same accounts are judged again: there the donor is not seen any more."""


def retention_status_of(session: ReadSession, donor: DonorId) -> RetentionStatus:
    """Return where the data of a standing donor stands. Raises `Refusal`."""
    return _found(session, donor)[1]


def restrict(
    session: WriteSession, donor: DonorId, *, why: RetentionReason, by: str, now: datetime, today: date
) -> Restricted:
    """Take a donor out of sight, and destroy what no law asks for. Raises `Refusal`."""
    reader = as_reader(session)
    whom, standing = _may(reader, donor, Step.RESTRICT, today=today)
    was = people.donors(reader, [donor])[donor].name
    destroyed = destroy_words(session, whom, by=by, now=now, today=today)
    take_names_out(session, donor)
    note_step(session, [donor], Step.RESTRICT, why, by=by, at=now)
    return Restricted(
        donor=donor,
        was=was,
        name=unnamed(donor),
        merged=tuple(sorted(set(whom.donors) - {donor})),
        destroyed=destroyed,
        stays=Stays(
            gifts=count_gifts_of_donor(reader, donor),
            lines=len(lines_naming(reader, whom)),
            kept_until=standing.kept_until,
        ),
    )


def purge(session: WriteSession, donor: DonorId, *, by: str, now: datetime, today: date) -> Purged:
    """Destroy all that still names a restricted donor, once nothing of it has to be kept. Raises `Refusal`."""
    reader = as_reader(session)
    whom, _ = _may(reader, donor, Step.PURGE, today=today)
    accounts = [PayerClaim(iban, NameKey("")) for each in sorted(whom.ibans) if (iban := parse_iban(each))]
    destroyed = destroy_traces(session, whom, by=by, now=now, today=today)
    destroy_names(session, donor, at=now)
    note_step(session, [donor], Step.PURGE, RetentionReason.TIME_PASSED, by=by, at=now)
    return Purged(
        donor=donor,
        destroyed=destroyed,
        gifts=count_gifts_of_donor(reader, donor),
        became=rejudge(session, accounts, now=now),
    )


def hold(session: WriteSession, donor: DonorId, *, why: RetentionReason, by: str, now: datetime, today: date) -> None:
    """Let nothing of a donor, and of all who are one with it, be destroyed until it is released.

    Raises `Refusal`.
    """
    if why not in REASONS[Step.HOLD]:
        raise Refusal(DonorCode.BAD_REASON)
    whom, _ = _may(as_reader(session), donor, Step.HOLD, today=today)
    note_step(session, whom.donors, Step.HOLD, why, by=by, at=now)


def release(session: WriteSession, donor: DonorId, *, by: str, now: datetime, today: date) -> None:
    """Release the data of a donor, and of all who were merged into it, from hold. Raises `Refusal`."""
    whom, _ = _may(as_reader(session), donor, Step.RELEASE, today=today)
    note_step(session, whom.donors, Step.RELEASE, RetentionReason.OVER, by=by, at=now)


def due(session: ReadSession, *, today: date) -> list[DonorId]:
    """Return the restricted donors whose rest may be destroyed on this day (Europe/Tallinn)."""
    found = restricted_donors(session)
    return [each for each in found if retention_status_of(session, each).obstacle(Step.PURGE, today=today) is None]


def refuse_restricted(session: ReadSession, donors: Iterable[DonorId]) -> None:
    """Raise `Refusal` where one of these donors asked to be forgotten: nothing more is written of it."""
    tops = people.donors(session, donors).values()
    if any(state_of(session, each.id) is not RetentionState.NAMED for each in tops):
        raise Refusal(DonorCode.RESTRICTED_DONOR)


def _may(session: ReadSession, donor: DonorId, step: Step, *, today: date) -> tuple[DonorIdentity, RetentionStatus]:
    """Return by what the donor is known and where its data stands, if the step can be taken."""
    whom, standing = _found(session, donor)
    obstacle = standing.obstacle(step, today=today)
    if obstacle is not None:
        raise Refusal(obstacle)
    return whom, standing


def _found(session: ReadSession, donor: DonorId) -> tuple[DonorIdentity, RetentionStatus]:
    known = people.donors(session, [donor]).get(donor)
    if known is None:
        raise Refusal(DonorCode.UNKNOWN_DONOR)
    if known.id != donor:
        raise Refusal(DonorCode.MERGED_ALREADY, donor=donor, into=known.id)
    if donor == ANONYMOUS:
        raise Refusal(DonorCode.ANONYMOUS_DONOR)
    whom = identity_of(session, donor)
    state, last_day = state_of(session, donor), last_day_of(session, whom)
    is_partly = is_partly_restricted(session, donor)
    return whom, RetentionStatus(
        state=state,
        is_on_legal_hold=is_on_legal_hold(session, donor),
        is_partly=is_partly,
        last_day=last_day,
        first_month=first_month(session),
    )
