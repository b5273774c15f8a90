"""Whether days of own accounts are in conflict: what files say cannot all be true, and a person must look."""

from __future__ import annotations

from collections.abc import Iterator

from donations.core.iban import masked, parse_account
from donations.identity.proof import Cause, DayState
from donations.ledger.checks import Violation
from donations.reports.day_reasons import Reasons
from donations.reports.proofs import proofs
from donations.store.session import ReadSession
from donations.views.telling import PLAIN


def days_without_conflict(session: ReadSession) -> Iterator[Violation]:
    """No day is in conflict, but of statements that do not add up and that a person accepted so in writing."""
    reasons = Reasons(session)
    for proved in proofs(session):
        number = parse_account(proved.number)
        account = proved.number if number is None else masked(number)
        for run in proved.runs:
            if run.state is DayState.CONFLICT and run.why is not None and run.why.cause is not Cause.DOES_NOT_ADD_UP:
                found = reasons.of(proved, run)
                said = "" if found.said is None else PLAIN.tell(found.said.phrase)
                where = f"account {account} {proved.currency}, {run.first_day} to {run.last_day}"
                yield Violation(where, f"{run.state}, {run.why.cause}: {said}")
