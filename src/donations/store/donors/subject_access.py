"""What in the books is a donor's own, and everything on one donor for the letter that a donor may ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.name import NameKey, name_key
from donations.core.payment import Allocation, Decision, PaymentId
from donations.ledger.audit import About, Action
from donations.store.donors.donor_facts import (
    Consents,
    DonorFieldValue,
    DonorNote,
    consents_of,
    field_values_of,
    notes_of,
)
from donations.store.donors.merges import Merge, merges_of
from donations.store.donors.restricted import ErasureStep, history_of
from donations.store.donors.surviving import donors_behind
from donations.store.given import in_force
from donations.store.line_texts import line_texts
from donations.store.mail import OutgoingMail, mails_to
from donations.store.papers import KeptCertificate, certificates_for
from donations.store.payments.allocations import allocations_of, made_at
from donations.store.payments.payments import days_of
from donations.store.payments.rules import rule_rows
from donations.store.session import ReadSession, in_runs
from donations.store.tables import (
    AllocationRow,
    AppealRow,
    AttestationRow,
    DonorClaimRow,
    DonorRow,
    PaymentRow,
    StatementLineRow,
    StatementRow,
)
from donations.store.tables.audit import AuditEntryRow
from donations.store.tables.documents import TaxListLineRow, TaxListRow
from donations.store.tables.donors import ClaimAssignmentRow, DonorNameRow, RestrictedDonorRow
from donations.store.tables.rules import PaymentNoteRow, StandingRuleRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorIdentity:
    """By what a donor is known, with all who were merged into it."""

    donors: frozenset[DonorId]
    names: tuple[str, ...]
    """As written, those before corrections too."""
    keys: frozenset[NameKey]
    """The same folded, and the names of claims; not those of others who pay for the donor."""
    codes: frozenset[str]
    ibans: frozenset[str]
    """Accounts from which the donor paid, joint ones too."""

    def is_named(self, name: str, code: str) -> bool:
        """Whether a line names the donor as the payer; a code in its text does not."""
        return code in self.codes or name_key(name) in self.keys


def identity_of(session: ReadSession, donor: DonorId) -> DonorIdentity:
    """Return by what a standing donor is known."""
    ids = list(session.exec(donors_behind(donor)))  # type: ignore[call-overload]
    shown = dict(
        session.execute(sql_select(col(DonorRow.id), col(DonorRow.name)).where(col(DonorRow.id).in_(ids))).all()
    )
    kept = select(RestrictedDonorRow).where(col(RestrictedDonorRow.donor_id).in_(ids))
    shown |= {row.donor_id: row.name for row in session.exec(kept)}
    before = session.exec(select(DonorNameRow.name).where(col(DonorNameRow.donor_id).in_(ids)))
    names = tuple(dict.fromkeys(name for name in (*(shown[each] for each in sorted(shown)), *before) if name))
    by_word = select(ClaimAssignmentRow.claim_id)
    claims = session.exec(
        select(DonorClaimRow).where(col(DonorClaimRow.donor_id).in_(ids), col(DonorClaimRow.id).not_in(by_word))
    ).all()
    codes = session.exec(select(DonorClaimRow.code).where(col(DonorClaimRow.donor_id).in_(ids)))
    known = DonorIdentity(
        donors=frozenset(map(DonorId, ids)),
        names=names,
        keys=frozenset({*map(name_key, names), *(NameKey(each.name_key) for each in claims)} - {NameKey("")}),
        codes=frozenset(codes) - {""},
        ibans=frozenset(each.iban for each in claims) - {""},
    )
    used = (each.account for each in lines_naming(session, known) if each.is_own)
    return replace(known, ibans=known.ibans | (frozenset(used) - {""}))


class NamingLine(NamedTuple):
    """What a statement line says of a payer."""

    line: int
    file: int
    payment: PaymentId | None
    """None where its import was taken back."""
    day: date
    minor: Minor
    currency: Currency
    name: str
    account: str
    code: str
    on_behalf_of: str
    text: str
    reference: str
    is_own: bool
    """Whether the donor pays, and nobody else for the donor."""
    is_shared: bool
    """Whether parts of its payment are other donors'."""


def lines_naming(session: ReadSession, whom: DonorIdentity) -> list[NamingLine]:
    """Return the lines by which a donor paid or is recognised, by day, undone imports too."""
    found: dict[int, NamingLine] = {}
    own = payments_of(session, whom)
    for condition in _conditions(whom, own):
        for row in session.execute(_lines().where(condition)):
            is_named = whom.is_named(row.name, row.code)
            is_own = is_named or (not row.name and row.payment in own)
            if row.payment in own or is_own:
                found[row.line] = NamingLine(
                    *(row.line, row.file, None if row.payment is None else PaymentId(row.payment)),
                    *(row.day, row.minor, Currency(row.currency)),
                    *(row.name, row.account, row.code, row.on_behalf_of, row.text, row.reference),
                    *(is_own, row.payment in own and not own[PaymentId(row.payment)]),
                )
    return sorted(found.values(), key=lambda each: (each.day, each.line))


def payments_of(session: ReadSession, whom: DonorIdentity) -> dict[PaymentId, bool]:
    """Return the payments that were ever allocated to a donor, and whether nothing of them stands as anybody else's."""
    mine = col(AllocationRow.donor_id).in_(sorted(whom.donors))
    ids = list(session.scalars(sql_select(col(AllocationRow.payment_id)).where(mine).distinct()))
    others = set()
    for run in in_runs(sorted(ids)):
        foreign = (~mine, col(AllocationRow.donor_id).is_not(None), in_force())
        query = sql_select(col(AllocationRow.payment_id)).where(col(AllocationRow.payment_id).in_(run), *foreign)
        others |= set(session.scalars(query))
    return {PaymentId(each): each not in others for each in sorted(ids)}


def payments_alone(session: ReadSession, whom: DonorIdentity) -> list[PaymentId]:
    """Return the payments of which nothing stands as anybody else's: what people wrote of them is about the donor."""
    return [payment for payment, is_alone in payments_of(session, whom).items() if is_alone]


def last_day_of(session: ReadSession, whom: DonorIdentity) -> date | None:
    """Return the day of the last payment or line that concerns a donor; None where there is none."""
    days = [each.day for each in lines_naming(session, whom)]
    return max([*days, *days_of(session, payments_of(session, whom)).values()], default=None)


def _conditions(whom: DonorIdentity, payments: dict[PaymentId, bool]) -> Iterator[ColumnElement[bool]]:
    for run in in_runs(list(payments)):
        # Asked for the payment of each line instead, databases would walk all lines.
        lines = select(AttestationRow.line_id).where(col(AttestationRow.payment_id).in_(run))
        yield col(StatementLineRow.id).in_(lines) & (col(PaymentRow.minor) == col(StatementLineRow.minor))
    # One after the other: joined by OR, databases would walk all lines.
    for named, by in (
        (line_texts.c.account, whom.ibans),
        (line_texts.c.claimed_code, whom.codes),
        (line_texts.c.code, whom.codes),
    ):
        if by:
            yield col(named).in_(sorted(by))


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        sql_select(
            col(StatementLineRow.id).label("line"),
            col(StatementRow.file_id).label("file"),
            col(AttestationRow.payment_id).label("payment"),
            col(StatementLineRow.booked_on).label("day"),
            col(StatementLineRow.minor).label("minor"),
            col(StatementRow.currency).label("currency"),
            *(line_texts.c.name, line_texts.c.account, line_texts.c.code),
            *(line_texts.c.on_behalf_of, line_texts.c.text, line_texts.c.reference),
        )
        .select_from(StatementLineRow)
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .join(line_texts, line_texts.c.line_id == col(StatementLineRow.id))
        .outerjoin(AttestationRow, col(AttestationRow.line_id) == col(StatementLineRow.id))
        .outerjoin(PaymentRow, col(PaymentRow.id) == col(AttestationRow.payment_id))
    )


class GiftOnRecord(NamedTuple):
    """A gift or a refund, be it taken back or not."""

    allocation: Allocation
    day: date
    appeal: str
    made_at: datetime
    taken_back: Decision | None


class ListLineOnRecord(NamedTuple):
    """A line on a list for the tax board; euro cents."""

    year: int
    kept_at: datetime
    code: str
    name: str
    minor: Minor


class AccessOnRecord(NamedTuple):
    """Somebody looked at the donor, or changed something."""

    at: datetime
    by: str
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAccess:
    """What is held; a joint account's other payers are not in it, but texts may name anybody."""

    donor: DonorId
    whom: DonorIdentity
    gifts: tuple[GiftOnRecord, ...]
    lines: tuple[NamingLine, ...]
    wishes: Consents
    fields: tuple[DonorFieldValue, ...]
    notes: tuple[DonorNote, ...]
    payment_notes: tuple[PaymentNoteRow, ...]
    certificates: tuple[KeptCertificate, ...]
    mails: tuple[OutgoingMail, ...]
    list_lines: tuple[ListLineOnRecord, ...]
    rules: tuple[StandingRuleRow, ...]
    merges: tuple[Merge, ...]
    looks: tuple[AccessOnRecord, ...]
    steps: tuple[ErasureStep, ...]
    others: frozenset[str]
    """Folded words of the names of others who pay from the same accounts or for the donor."""


def everything_on(session: ReadSession, donor: DonorId) -> SubjectAccess:
    """Return what is held on a standing donor and all who were merged into it."""
    whom = identity_of(session, donor)
    lines = tuple(lines_naming(session, whom))
    return SubjectAccess(
        donor=donor,
        whom=whom,
        gifts=tuple(_gifts(session, whom)),
        lines=lines,
        wishes=consents_of(session, donor),
        fields=tuple(field_values_of(session, donor)),
        notes=tuple(notes_of(session, donor)),
        payment_notes=tuple(_payment_notes(session, payments_alone(session, whom))),
        certificates=tuple(certificates_for(session, donor)),
        mails=tuple(mails_to(session, whom.donors)),
        list_lines=tuple(_list_lines(session, whom)),
        rules=tuple(row for row in rule_rows(session).values() if row.donor_id in whom.donors),
        merges=tuple(merges_of(session, donor)),
        looks=tuple(_looks(session, whom)),
        steps=tuple(history_of(session, donor)),
        others=_others(session, whom, lines),
    )


def _others(session: ReadSession, whom: DonorIdentity, lines: Iterable[NamingLine]) -> frozenset[str]:
    beside = select(line_texts.c.name).where(line_texts.c.account.in_(whom.ibans)).distinct()
    names = {*session.exec(beside), *(each.name for each in lines if not each.is_own)}
    words = {word for name in names if (key := name_key(name)) not in whom.keys for word in key.split()}
    return frozenset(word for word in words if len(word) > 2) - {word for key in whom.keys for word in key.split()}


def _gifts(session: ReadSession, whom: DonorIdentity) -> list[GiftOnRecord]:
    payments = list(payments_of(session, whom))
    appeals = dict(session.execute(sql_select(col(AppealRow.id), col(AppealRow.name))).all())
    days = days_of(session, payments)
    moments = made_at(session, payments)
    found = []
    for payment, rows in allocations_of(session, payments).items():
        undone = {row.reverses: row.decision for row in rows if row.reverses is not None}
        found += [
            GiftOnRecord(row, days[payment], appeals.get(row.appeal or 0, ""), moments[row.id], undone.get(row.id))
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


def _list_lines(session: ReadSession, whom: DonorIdentity) -> list[ListLineOnRecord]:
    query = (
        select(TaxListLineRow, TaxListRow)
        .join(TaxListRow, col(TaxListRow.id) == col(TaxListLineRow.list_id))
        .where(col(TaxListLineRow.donor_id).in_(whom.donors))
        .order_by(col(TaxListRow.id))
    )
    return [
        ListLineOnRecord(kept.year, kept.kept_at, row.code, row.name, row.minor) for row, kept in session.exec(query)
    ]


def _looks(session: ReadSession, whom: DonorIdentity) -> list[AccessOnRecord]:
    about = (
        col(AuditEntryRow.about) == About.DONOR.value,
        col(AuditEntryRow.about_id).in_([str(each) for each in sorted(whom.donors)]),
    )
    rows = session.exec(select(AuditEntryRow).where(*about).order_by(col(AuditEntryRow.number)))
    return [AccessOnRecord(row.at, row.by, Action(row.action)) for row in rows]
