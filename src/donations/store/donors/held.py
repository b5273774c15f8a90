"""Everything that is held on one donor, for the donor's own letter and for no other use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.money import Minor
from donations.core.name import name_key
from donations.core.payment import Allocation, Decision, PaymentId
from donations.ledger.audit import About, Action
from donations.store.donors.donor_facts import Consents, DonorNote, consents_of, notes_of
from donations.store.donors.merges import Merge, merges_of
from donations.store.donors.restricted import StepTaken, history_of
from donations.store.donors.theirs import NamingLine, Theirs, lines_naming, payments_alone, payments_of, theirs
from donations.store.ids import in_runs
from donations.store.papers.certificates import KeptCertificate, certificates_for
from donations.store.payments.allocations import allocations_of, made_at
from donations.store.payments.payments import days_of
from donations.store.payments.rules import rule_rows
from donations.store.session import ReadSession
from donations.store.tables import AppealRow, LineTextRow
from donations.store.tables.audit import AuditEntryRow
from donations.store.tables.documents import TaxListLineRow, TaxListRow
from donations.store.tables.rules import PaymentNoteRow, StandingRuleRow


class HeldGift(NamedTuple):
    """A gift or a refund, be it taken back or not."""

    allocation: Allocation
    day: date
    appeal: str
    made_at: datetime
    taken_back: Decision | None


class HeldListLine(NamedTuple):
    """A line on a list for the tax board; euro cents."""

    year: int
    kept_at: datetime
    code: str
    name: str
    minor: Minor


class Look(NamedTuple):
    """Somebody looked at the donor, or changed something."""

    at: datetime
    by: str
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccess:
    """What is held; a joint account's other payers are not in it, but texts may name anybody."""

    donor: DonorId
    whom: Theirs
    gifts: tuple[HeldGift, ...]
    lines: tuple[NamingLine, ...]
    wishes: Consents
    notes: tuple[DonorNote, ...]
    payment_notes: tuple[PaymentNoteRow, ...]
    certificates: tuple[KeptCertificate, ...]
    list_lines: tuple[HeldListLine, ...]
    rules: tuple[StandingRuleRow, ...]
    merges: tuple[Merge, ...]
    looks: tuple[Look, ...]
    steps: tuple[StepTaken, ...]
    others: frozenset[str]
    """Folded words of the names of others who pay from the same accounts or for the donor."""


def held_on(session: ReadSession, donor: DonorId) -> SubjectAccess:
    """Return what is held on a standing donor and all who were merged into it."""
    whom = theirs(session, donor)
    lines = tuple(lines_naming(session, whom))
    return SubjectAccess(
        donor=donor,
        whom=whom,
        gifts=tuple(_gifts(session, whom)),
        lines=lines,
        wishes=consents_of(session, donor),
        notes=tuple(notes_of(session, donor)),
        payment_notes=tuple(_payment_notes(session, payments_alone(session, whom))),
        certificates=tuple(certificates_for(session, donor)),
        list_lines=tuple(_list_lines(session, whom)),
        rules=tuple(row for row in rule_rows(session).values() if row.donor_id in whom.donors),
        merges=tuple(merges_of(session, donor)),
        looks=tuple(_looks(session, whom)),
        steps=tuple(history_of(session, donor)),
        others=_others(session, whom, lines),
    )


def _others(session: ReadSession, whom: Theirs, lines: Iterable[NamingLine]) -> frozenset[str]:
    beside = select(LineTextRow.name).where(col(LineTextRow.account).in_(whom.ibans)).distinct()
    names = {*session.exec(beside), *(each.name for each in lines if not each.is_own)}
    words = {word for name in names if (key := name_key(name)) not in whom.keys for word in key.split()}
    return frozenset(word for word in words if len(word) > 2) - {word for key in whom.keys for word in key.split()}


def _gifts(session: ReadSession, whom: Theirs) -> list[HeldGift]:
    payments = list(payments_of(session, whom))
    appeals = dict(session.execute(sql_select(col(AppealRow.id), col(AppealRow.name))).all())
    days = days_of(session, payments)
    moments = made_at(session, payments)
    found = []
    for payment, rows in allocations_of(session, payments).items():
        undone = {row.reverses: row.decision for row in rows if row.reverses is not None}
        found += [
            HeldGift(row, days[payment], appeals.get(row.appeal or 0, ""), moments[row.id], undone.get(row.id))
            for row in rows
            if row.reverses is None and row.donor in whom.donors
        ]
    return sorted(found, key=lambda each: (each.day, each.allocation.id))


def _payment_notes(session: ReadSession, payments: list[PaymentId]) -> list[PaymentNoteRow]:
    found: list[PaymentNoteRow] = []
    for run in in_runs(payments):
        written = select(PaymentNoteRow).where(col(PaymentNoteRow.payment_id).in_(run), PaymentNoteRow.text != "")
        found += session.exec(written.order_by(col(PaymentNoteRow.id)))
    return found


def _list_lines(session: ReadSession, whom: Theirs) -> list[HeldListLine]:
    query = (
        select(TaxListLineRow, TaxListRow)
        .join(TaxListRow, col(TaxListRow.id) == col(TaxListLineRow.list_id))
        .where(col(TaxListLineRow.donor_id).in_(whom.donors))
        .order_by(col(TaxListRow.id))
    )
    return [HeldListLine(kept.year, kept.kept_at, row.code, row.name, row.minor) for row, kept in session.exec(query)]


def _looks(session: ReadSession, whom: Theirs) -> list[Look]:
    about = (
        col(AuditEntryRow.about) == About.DONOR.value,
        col(AuditEntryRow.about_id).in_([str(each) for each in sorted(whom.donors)]),
    )
    rows = session.exec(select(AuditEntryRow).where(*about).order_by(col(AuditEntryRow.number)))
    return [Look(row.at, row.by, Action(row.action)) for row in rows]
