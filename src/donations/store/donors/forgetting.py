"""Destroys what names a donor: at once what no law asks for, and the rest when its time is over. Sums stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, func, or_, update
from sqlalchemy import select as sql_select
from sqlmodel import SQLModel, col, select

from donations.core.name import name_key
from donations.ledger.acts import About
from donations.ledger.retention import is_needed
from donations.matching.explain import BECAUSE, REASONS
from donations.store.donors.theirs import Theirs, lines_naming, payments_alone, payments_of
from donations.store.ids import in_runs
from donations.store.log.audit import erase_details
from donations.store.log.traces import entries_telling
from donations.store.session import WriteSession, as_reader
from donations.store.spending.categorising import forget_payees
from donations.store.statements.let_go import empty_files
from donations.store.tables import AllocationRow, DonorClaimRow, LineTextRow
from donations.store.tables.documents import CertificateNameRow, CertificateRow, TaxListLineRow, TaxListRow
from donations.store.tables.donors import ClaimWordRow, DonorConsentRow, DonorMergeRow, DonorNameRow, DonorNoteRow
from donations.store.tables.rules import PaymentNoteRow, StandingRuleRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How many things were destroyed that people wrote, or that were made, of a donor."""

    notes: int
    payment_notes: int
    wishes: int
    names_before: int
    reasons: int
    """Of merges."""
    certificates: int
    """Whose name was destroyed."""
    list_lines: int
    """Of lists for the tax board that need not be kept any more."""
    log_details: int = field(repr=False)
    """Every look adds one: no part of what a preview promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """How many things were destroyed by which the donor could be recognised."""

    lines: int
    claims: int
    rules: int
    """Switched off, and without what they looked for."""
    payees: int
    """Words on what the donor was paid for; what was paid keeps its category."""
    reasons: int
    """Of answers, as far as people wrote them in their own words."""
    files: int
    list_lines: int
    log_details: int = field(repr=False)


def destroy_words(session: WriteSession, whom: Theirs, *, today: date) -> Words:
    """Destroy at once whatever the bank did not write and no law asks for."""
    donors = sorted(whom.donors)
    return Words(
        notes=_delete(session, DonorNoteRow, donors),
        payment_notes=_empty_payment_notes(session, whom),
        wishes=_delete(session, DonorConsentRow, donors),
        names_before=_delete(session, DonorNameRow, donors),
        reasons=_empty_merges(session, donors),
        certificates=_unname_certificates(session, donors),
        list_lines=_delete_list_lines(session, donors, today=today),
        log_details=_erase_details(session, whom),
    )


def destroy_traces(session: WriteSession, whom: Theirs, *, by: str, now: datetime, today: date) -> Traces:
    """Destroy what is left: lines' texts, claims, rules' conditions, answers' reasons, and files that old."""
    donors = sorted(whom.donors)
    lines = [each for each in lines_naming(as_reader(session), whom) if each.is_own or not each.is_shared]
    details = _erase_details(session, whom)
    traces = Traces(
        lines=len(lines),
        payees=forget_payees(session, ibans=whom.ibans, names=whom.keys, by=by, at=now),
        rules=_empty_rules(session, whom, by=by, now=now),
        reasons=_empty_reasons(session, whom),
        files=empty_files(session, {each.file for each in lines}, today=today),
        claims=_delete_claims(session, donors),
        list_lines=_delete_list_lines(session, donors, today=today),
        log_details=details,
    )
    for run in in_runs(sorted(each.line for each in lines)):
        session.execute(delete(LineTextRow).where(col(LineTextRow.line_id).in_(run)))
    return traces


def _delete(
    session: WriteSession, table: type[DonorNoteRow | DonorConsentRow | DonorNameRow], donors: Sequence[int]
) -> int:
    """Delete row by row, as the audit log sees them."""
    rows = session.exec(select(table).where(col(table.donor_id).in_(donors))).all()
    return _each_gone(session, rows)


def _each_gone(session: WriteSession, rows: Iterable[SQLModel]) -> int:
    gone = list(rows)
    for row in gone:
        session.delete(row)
    session.flush()
    return len(gone)


def _empty_payment_notes(session: WriteSession, whom: Theirs) -> int:
    """Empty the notes beside payments that are this donor's alone."""
    found = 0
    for run in in_runs(payments_alone(as_reader(session), whom)):
        written = select(PaymentNoteRow).where(col(PaymentNoteRow.payment_id).in_(run), PaymentNoteRow.text != "")
        for row in session.exec(written).all():
            row.text = ""
            found += 1
    session.flush()
    return found


def _empty_merges(session: WriteSession, donors: Sequence[int]) -> int:
    of_them = or_(col(DonorMergeRow.donor_id).in_(donors), col(DonorMergeRow.into_id).in_(donors))
    written = (of_them, col(DonorMergeRow.reason) != "")
    count = session.scalar(sql_select(func.count()).select_from(DonorMergeRow).where(*written)) or 0
    session.execute(update(DonorMergeRow).where(*written).values(reason=""))
    return count


def _unname_certificates(session: WriteSession, donors: Sequence[int]) -> int:
    own = select(CertificateRow.id).where(col(CertificateRow.donor_id).in_(donors))
    rows = session.exec(select(CertificateNameRow).where(col(CertificateNameRow.certificate_id).in_(own))).all()
    return _each_gone(session, rows)


def _delete_list_lines(session: WriteSession, donors: Sequence[int], *, today: date) -> int:
    """Delete the donor from lists of years that need not be kept any more."""
    query = select(TaxListLineRow, TaxListRow.year).join(TaxListRow, col(TaxListRow.id) == col(TaxListLineRow.list_id))
    rows = session.exec(query.where(col(TaxListLineRow.donor_id).in_(donors))).all()
    return _each_gone(session, [row for row, year in rows if not is_needed(date(year, 12, 31), today=today)])


def _delete_claims(session: WriteSession, donors: Sequence[int]) -> int:
    rows = session.exec(select(DonorClaimRow).where(col(DonorClaimRow.donor_id).in_(donors))).all()
    claims = [row.id for row in rows]
    _each_gone(session, session.exec(select(ClaimWordRow).where(col(ClaimWordRow.claim_id).in_(claims))).all())
    before = update(ClaimWordRow).where(col(ClaimWordRow.donor_before_id).in_(donors))
    session.execute(before.values(donor_before_id=None))
    return _each_gone(session, rows)


def _empty_rules(session: WriteSession, whom: Theirs, *, by: str, now: datetime) -> int:
    """Take from rules about the donor what they look for; without it they are off."""
    is_theirs = col(StandingRuleRow.donor_id).in_(sorted(whom.donors))
    is_nobodys = col(StandingRuleRow.donor_id).is_(None) & col(StandingRuleRow.iban).in_({*whom.ibans, ""})
    of_them = or_(is_theirs, is_nobodys)  # a rule with a joint account may be another donor's
    rows = [
        row
        for row in session.exec(select(StandingRuleRow).where(of_them))
        if row.iban or name_key(row.name) in whom.keys or (row.donor_id is not None and (row.name or row.words))
    ]
    for row in rows:
        row.iban, row.name, row.words, row.label = "", "", "", ""
        if row.switched_off_at is None:
            row.switched_off_by, row.switched_off_at = by, now
    session.flush()
    return len(rows)


def _empty_reasons(session: WriteSession, whom: Theirs) -> int:
    """Empty what people wrote in their own words when they answered; codes say nothing of anybody."""
    codes = {*BECAUSE, *REASONS, "taken_back", ""}
    found = 0
    for run in in_runs(payments_alone(as_reader(session), whom)):
        written = (
            col(AllocationRow.payment_id).in_(run),
            col(AllocationRow.person).is_not(None),
            col(AllocationRow.reason).not_in(sorted(codes)),
        )
        found += session.scalar(sql_select(func.count()).select_from(AllocationRow).where(*written)) or 0
        session.execute(update(AllocationRow).where(*written).values(reason=""))
    return found


def _erase_details(session: WriteSession, whom: Theirs) -> int:
    reader = as_reader(session)
    claims = session.exec(select(DonorClaimRow.id).where(col(DonorClaimRow.donor_id).in_(whom.donors)))
    numbers = entries_telling(
        reader,
        about=(
            (About.DONOR, {str(each) for each in whom.donors}),
            (About.PAYMENT, set(map(str, payments_of(reader, whom)))),
            (About.CLAIM, set(map(str, claims))),
        ),
        names=whom.names,
        numbers=whom.ibans | whom.codes,
    )
    for run in in_runs(numbers):
        erase_details(session, run)
    return len(numbers)
