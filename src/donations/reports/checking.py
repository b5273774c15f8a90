"""All invariants run on the books as they are, and whether a script may go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import assert_never

from donations.core.allocation import Allocation, Decision
from donations.core.donor import Claim, DonorId
from donations.core.language import N_
from donations.core.payment import Payment
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.ledger.booking import live
from donations.ledger.books import Books
from donations.ledger.checks import CHECKS, Violation, sentence
from donations.matching.outcome import Ask, Gift, NotAGift, Outcome, Taught
from donations.reports.checking_audit import audit_log_chained
from donations.reports.checking_certificates import certificates_whole
from donations.reports.checking_closings import closed_months_add_up, closings_chained
from donations.reports.checking_days import days_without_conflict
from donations.reports.checking_donors import donors_grouped
from donations.reports.checking_giving import regular_gifts_current
from donations.reports.checking_publishing import (
    published_blocks_add_up,
    published_blocks_chained,
    published_spending_adds_up,
)
from donations.reports.table import Column, Kind, Note, Row, Table
from donations.review import judged_now
from donations.store.donors import people
from donations.store.donors.restricted import forgotten_payments, payments_of_restricted
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payments import attested_ids, has_payments, load_payments
from donations.store.reporting.reporting_checks import books
from donations.store.session import ReadSession

COLUMNS = (
    Column("check", "Check", Kind.TEXT),
    Column("state", "State", Kind.TEXT),
    Column("where", "Where", Kind.TEXT),
    Column("what", "What", Kind.TEXT),
)
SHOWN_MAX = 20
"""Of one check; the first ones tell what is wrong."""


_EMPTY = Note("nothing_to_check", N_("There is no payment in these books: nothing was checked."))


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks found."""

    table: Table
    broken: frozenset[str]
    """The names of the invariants that do not hold."""
    has_conflict: bool = False
    """Days of an own account contradict: no fault of the books, but a person must look."""

    is_empty: bool = False
    """There is no payment to check anything of: what holds of nothing may be the wrong books."""

    @property
    def exit_status(self) -> int:
        """0 where everything holds, else 1."""
        return 1 if self.broken or self.has_conflict or self.is_empty else 0


def check(session: ReadSession, names: Sequence[str] = ()) -> Checked:
    """Run the checks of these names (none: all) on everything; raises `Refusal` for another name."""
    if not set(names) <= set(NAMES):
        raise Refusal(BooksCode.UNKNOWN_CHECK, checks=", ".join(NAMES))
    chosen = [name for name in NAMES if name in names or not names]
    facts = books(session) if any(name in CHECKS for name in chosen) else Books()
    rows: list[Row] = []
    broken: set[str] = set()
    for name in chosen:
        found = list(islice(_violations(session, name, facts), SHOWN_MAX))
        state = "conflict" if name == DAYS else "broken"
        rows += [(name, state, *each) for each in found] or [(name, "holds", None, _sentence(name))]
        broken |= {name} if found else set()
    is_empty = not has_payments(session)
    table = Table(title="Checks", columns=COLUMNS, rows=tuple(rows), notes=(_EMPTY,) if is_empty else ())
    return Checked(table, frozenset(broken - {DAYS}), has_conflict=DAYS in broken, is_empty=is_empty)


def rules_repeatable(session: ReadSession) -> Iterator[Violation]:
    """Judging every payment again would change nothing; what is booked for a donor who is out of sight stays so."""
    attested = set(attested_ids(session))
    stay = forgotten_payments(session, attested) | payments_of_restricted(session, attested)
    payments = load_payments(session, attested - stay)
    outcomes = judged_now(session, payments)
    claims = [outcome.claim for outcome in outcomes.values() if isinstance(outcome, Gift)]
    donors = people.donors_claimed(session, claims)
    standing = allocations_of(session, outcomes)
    tops = _tops(session, outcomes.values(), standing.values(), donors.values())
    for payment in payments:
        booked = live(standing.get(payment.id, []))
        by_person = any(row.decision.person is not None for row in booked)
        wanted = _wanted(payment, outcomes[payment.id], donors, tops)
        if not by_person and [_booked(row, tops) for row in booked] != wanted:
            yield Violation(
                f"payment {payment.id}", "the rules would book it otherwise now; see: donations check --rejudge"
            )


_Tops = Mapping[DonorId | None, DonorId]


def _tops(
    session: ReadSession, outcomes: Iterable[Outcome], booked: Iterable[list[Allocation]], claimed: Iterable[DonorId]
) -> _Tops:
    """Return who stands for each donor: what is booked for one of several who are one is right."""
    taught = (outcome.donor for outcome in outcomes if isinstance(outcome, Taught))
    ids = {*claimed, *taught, *(row.donor for rows in booked for row in rows)}
    known = people.donors(session, [donor for donor in ids if donor is not None])
    return {donor: each.id for donor, each in known.items()}


def _booked(row: Allocation, tops: _Tops) -> tuple[object, ...]:
    return (row.purpose, row.amount, tops.get(row.donor), row.appeal, row.decision.rule_kept)


def _wanted(
    payment: Payment, outcome: Outcome, donors: Mapping[Claim, DonorId], tops: _Tops
) -> list[tuple[object, ...]]:
    rule = Decision(reason="", rule=outcome.reason.rule).rule_kept
    match outcome:
        case Ask():
            return []
        case Gift(appeal=appeal, claim=claim):
            return [("gift", payment.money.amount, tops.get(donors.get(claim)), appeal, rule)]
        case NotAGift(purpose=purpose):
            return [(purpose, payment.money.amount, None, None, rule)]
        case Taught(purpose=purpose, donor=donor, appeal=appeal):
            return [(purpose, payment.money.amount, tops.get(donor), appeal, rule)]
        case _:
            assert_never(outcome)


RULES_REPEATABLE = rules_repeatable.__name__
DAYS = days_without_conflict.__name__
"""What no fault of the books breaks."""
_OF_DATABASE: dict[str, Callable[[ReadSession], Iterator[Violation]]] = {
    each.__name__: each
    for each in (
        days_without_conflict,
        rules_repeatable,
        donors_grouped,
        regular_gifts_current,
        closings_chained,
        closed_months_add_up,
        certificates_whole,
        published_blocks_chained,
        published_blocks_add_up,
        published_spending_adds_up,
        audit_log_chained,
    )
}
"""Checks that ask the database more than the ledger's plain values hold."""

NAMES = (*CHECKS, *_OF_DATABASE)
"""What a person can type, in the order in which they are run."""


def _violations(session: ReadSession, name: str, facts: Books) -> Iterable[Violation]:
    return CHECKS[name](facts) if name in CHECKS else _OF_DATABASE[name](session)


def _sentence(name: str) -> str:
    return sentence(name) if name in CHECKS else _OF_DATABASE[name].__doc__ or ""
