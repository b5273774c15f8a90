"""Books made with older readers and rules are read and judged again; rolled back, it is its own preview (ADR 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from donations.acts.judging import ChangedPayments, judge_all
from donations.acts.registering import RegisteringChange, change_of
from donations.acts.settling import settle_days
from donations.core.calendar import Month
from donations.core.iban import parse_account
from donations.core.payment import Act, Cause, PaymentId
from donations.core.problem import Refused
from donations.core.statement import Statement
from donations.identity.content import SeenStatement, StatementId
from donations.identity.findings import findings
from donations.readers import Limits
from donations.readers.door import read
from donations.store.donors.registered import allocations_after
from donations.store.kept_sums import unallocated_ids
from donations.store.months import closed_months_touched
from donations.store.organisation import own_codes
from donations.store.payments.allocations import last_allocation_id
from donations.store.session import WriteSession, as_reader
from donations.store.statements.coverage import ledgers
from donations.store.statements.files import (
    Ledger,
    active_files,
    changes_allowed,
    content_of,
    fill_lines,
    forget_findings,
    seen_statements,
    statements_of,
)
from donations.store.statements.findings import add_findings
from donations.store.statements.giving_codes import renew_codes
from donations.store.statements.lines import facts_of_lines, seen_lines
from donations.store.statements.not_in_statements import renew_not_in_statements
from donations.store.statements.wordings import delete_unsaid
from donations.store.tables import AccountRow, ImportedFileRow, StatementRow

_FACTS = ("statement", "statement_line", "stated_balance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What reading and judging all of it again comes to."""

    files: int
    """Read again: their statements say more now."""
    otherwise: tuple[int, ...]
    """Imports whose files read otherwise now, line for line: undone and imported again they change the books."""
    came: int
    """Payments that are in the books now and were not."""
    went: int
    """Payments that are in the books no more: what attested them belongs to other ones."""
    payments: tuple[PaymentId, ...]
    """Payments that are judged otherwise."""
    change: RegisteringChange
    questions_before: int
    questions: int
    closed: tuple[Month, ...]
    """Closed months that get dated corrections."""


def renew(session: WriteSession, *, limits: Limits, by: str, now: datetime) -> Renewal:
    """Read all kept files again, settle all lines into payments and judge all of these by the rules of today.

    What people said stays; closed and published months get dated corrections.
    """
    reader = as_reader(session)
    before, questions = last_allocation_id(reader), len(unallocated_ids(reader))
    read_now, otherwise = _read_again(session, limits, now)
    touched = ChangedPayments()
    for ledger in ledgers(reader):
        _settle_again(session, ledger, Cause(act=Act.RENEWED, by=by, at=now), touched)
    judge_all(session, now=now)
    renew_codes(session)
    made = allocations_after(reader, before)
    return Renewal(
        files=len(read_now),
        otherwise=tuple(otherwise),
        came=len(touched.arrived),
        went=len(touched.dissolved),
        payments=tuple(sorted({each.payment for each in made})),
        change=change_of(made),
        questions_before=questions,
        questions=len(unallocated_ids(reader)),
        closed=tuple(closed_months_touched(reader, {each.payment for each in made})),
    )


def _read_again(session: WriteSession, limits: Limits, now: datetime) -> tuple[list[int], list[int]]:
    """Fill in what the readers of today see in each active file; return the imports that were, and that read otherwise.

    Files that were emptied when no law asked for them any more stay as they are.
    """
    reader = as_reader(session)
    own = own_codes(reader)
    read_now: list[int] = []
    otherwise: list[int] = []
    with changes_allowed(session, _FACTS):
        for file in active_files(reader):
            content = content_of(reader, file)
            if content:
                pairs = _pairs(session, file, content, limits, now)
                (otherwise if pairs is None else read_now).append(file.id)
                for row, statement in pairs or ():
                    fill_lines(session, row, statement, own)
    delete_unsaid(session)
    return read_now, otherwise


def _pairs(
    session: WriteSession, file: ImportedFileRow, content: bytes, limits: Limits, now: datetime
) -> list[tuple[StatementRow, Statement]] | None:
    """Return the statements of a file as they are kept and as they read now; None where that is not line for line."""
    accept = file.accepted_imbalance is not None
    try:
        statements = read(content, today=now.date(), limits=limits, accept_imbalance=accept).statements
    except Refused:
        return None
    known = statements_of(as_reader(session), file.id)
    pairs = list(zip(known, statements, strict=False))
    is_same = len(known) == len(statements) and all(_is_same(session, *pair) for pair in pairs)
    return pairs if is_same else None


def _is_same(session: WriteSession, row: StatementRow, statement: Statement) -> bool:
    """Whether a statement reads line for line as it did: what moved when; texts and ids may say more."""
    number = StatementId(row.id)
    known = [(line.booked_on, line.minor, line.is_total) for line in facts_of_lines(as_reader(session), number)]
    now = seen_lines(statement.lines, number, count(1))
    return known == [(seen.line.booked_on, seen.line.money.signed_minor, seen.is_batch_total) for seen in now]


def _settle_again(session: WriteSession, ledger: Ledger, cause: Cause, touched: ChangedPayments) -> None:
    """Make all payments of an account again, and see anew what its statements disagree on and do not show."""
    reader = as_reader(session)
    number = parse_account(session.get_one(AccountRow, ledger.account_id).number)
    statements = seen_statements(reader, ledger, {date.min, date.max})
    days = {seen.line.booked_on for each in statements for seen in each.lines}
    if number is None or not days:
        return
    settle_days(session, ledger, number, days, cause=cause, touched=touched, already=statements)
    forget_findings(session, [each.id for each in statements])
    for at, new in enumerate(statements):
        add_findings(session, findings(new, [each for each in statements[:at] if _overlap(each, new)]))
    first, last = min(each.first_day for each in statements), max(each.last_day for each in statements)
    renew_not_in_statements(session, ledger, first_day=first, last_day=last)


def _overlap(one: SeenStatement, other: SeenStatement) -> bool:
    return one.first_day <= other.last_day and one.last_day >= other.first_day
