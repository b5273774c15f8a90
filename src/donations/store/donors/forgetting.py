"""Destroys what names a donor, in the audit log too: at once what no law asks for, the rest when its time is over.

What there is to destroy, and how it goes, is declared in `store/personal_data.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import unquote_plus

from sqlalchemy import delete, func, or_, update
from sqlalchemy import select as sql_select
from sqlmodel import SQLModel, col, select

from donations.core.name import name_key
from donations.ledger.audit import AREAS, About, Area
from donations.ledger.retention import is_needed
from donations.matching.explain import BECAUSE, REASONS
from donations.store.donors.subject_access import DonorIdentity, NamingLine, lines_naming, payments_alone, payments_of
from donations.store.ledger_views import drop_views_naming
from donations.store.log.audit import erase_details
from donations.store.organisation import first_month
from donations.store.personal_data import ErasureMethod, tables_going
from donations.store.session import ReadSession, WriteSession, as_reader, in_runs
from donations.store.spending import forget_payees
from donations.store.statements.files import empty_past_retention
from donations.store.statements.wordings import erase_code, erase_wordings
from donations.store.tables import AllocationRow, DecisionRow, DonorClaimRow, LineCodeRow, LineDetailRow, metadata
from donations.store.tables.audit import AuditDetailRow, AuditEntryRow
from donations.store.tables.documents import CertificateNameRow, CertificateRow, TaxListLineRow, TaxListRow
from donations.store.tables.donors import ClaimAssignmentRow, DonorMergeRow
from donations.store.tables.rules import PaymentNoteRow, StandingRuleRow

_LONG_ENOUGH = 3
"""Letters of a name's word that somebody may have looked for; shorter ones are in any text."""

_LONG_ENOUGH_NUMBER = 4
"""Digits at the end of an account by which it is found."""


def _looked_for(names: Iterable[str]) -> set[str]:
    """Return the words of names by which somebody may be looked for."""
    return {word for name in names for word in name_key(name).split() if len(word) >= _LONG_ENOUGH}


def entries_telling(
    session: ReadSession,
    *,
    about: Iterable[tuple[About, Collection[str]]],
    names: Iterable[str],
    numbers: Iterable[str],
) -> list[int]:
    """Return the entries with details about these things, or with one of these names, accounts or codes in them.

    Looks hold the query that was asked: there a single word of a name is enough.
    """
    things = {(kind.value, each) for kind, ids in about for each in ids}
    names = tuple(names)
    whole = [set(key.split()) for each in names if (key := name_key(each))]
    single = _looked_for(names)
    known = {each for each in numbers if each}
    looks = {action.value for action in AREAS[Area.LOOKING]}
    query = sql_select(
        *(col(AuditEntryRow.number), col(AuditEntryRow.action), col(AuditEntryRow.about), col(AuditEntryRow.about_id)),
        col(AuditDetailRow.details),
    ).join(AuditDetailRow, col(AuditDetailRow.number) == col(AuditEntryRow.number))
    found = []
    for number, action, kind, thing, details in session.execute(query):
        said = unquote_plus(str(json.loads(details)))
        words = set(name_key(said).split())
        is_named = any(each <= words for each in whole) or any(each in said for each in known)
        if (kind, thing) in things or is_named or (action in looks and single & words):
            found.append(number)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsDestroyed:
    """How many things were destroyed that people wrote, or that were made, of a donor."""

    notes: int
    payment_notes: int
    wishes: int
    fields: int
    names_before: int
    reasons: int
    """Of merges."""
    certificates: int
    """Whose name was destroyed."""
    mails: int
    views: int
    """Of the ledger, whoever kept them, that look for the donor."""
    list_lines: int
    """Of lists for the tax board that need not be kept any more."""
    log_details: int = field(compare=False)
    """Every look adds one: no part of what a preview promises."""

    @property
    def all_notes(self) -> int:
        """Notes to the donor and to payments."""
        return self.notes + self.payment_notes


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
    log_details: int = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Forgetting:
    """Who is forgotten, by whom and when."""

    session: WriteSession
    whom: DonorIdentity
    by: str
    now: datetime
    today: date
    lines: tuple[NamingLine, ...] = ()

    @property
    def donors(self) -> list[int]:
        """The donor and all who are one with it."""
        return sorted(self.whom.donors)


def destroy_words(session: WriteSession, whom: DonorIdentity, *, by: str, now: datetime, today: date) -> WordsDestroyed:
    """Destroy at once whatever the bank did not write and no law asks for."""
    forgetting = _Forgetting(session=session, whom=whom, by=by, now=now, today=today)
    return WordsDestroyed(**{counted: _WAYS[goes](forgetting) for counted, goes in AT_ONCE.items()})


def destroy_traces(session: WriteSession, whom: DonorIdentity, *, by: str, now: datetime, today: date) -> Traces:
    """Destroy what is left: lines' texts, claims, rules' conditions, answers' reasons, and files that old."""
    lines = tuple(each for each in lines_naming(as_reader(session), whom) if each.is_own or not each.is_shared)
    forgetting = _Forgetting(session=session, whom=whom, today=today, by=by, now=now, lines=lines)
    return Traces(**{counted: _WAYS[goes](forgetting) for counted, goes in WHEN_DUE.items()})


def _rows_of_donor(goes: ErasureMethod) -> Callable[[_Forgetting], int]:
    """Return what deletes the donor's rows of the tables that go this way."""

    def delete_rows(forgetting: _Forgetting) -> int:
        tables = [metadata.tables[name] for name in tables_going(goes)]
        gone = [delete(each).where(each.c.donor_id.in_(forgetting.donors)) for each in tables]
        return sum(forgetting.session.execute(each).rowcount for each in gone)  # type: ignore[attr-defined]

    return delete_rows


def _delete_lines(forgetting: _Forgetting) -> int:
    """Delete what lines say of the donor, and the donor's code where others wrote it into theirs."""
    session, numbers = forgetting.session, sorted(each.line for each in forgetting.lines)
    for run in in_runs(numbers):
        for row in (LineDetailRow, LineCodeRow):
            session.execute(delete(row).where(col(row.line_id).in_(run)))
    erase_wordings(session, numbers)
    for code in sorted(forgetting.whom.codes):
        erase_code(session, code)
    return len(numbers)


def _each_gone(session: WriteSession, rows: Iterable[SQLModel]) -> int:
    gone = list(rows)
    for row in gone:
        session.delete(row)
    session.flush()
    return len(gone)


def _empty_payment_notes(forgetting: _Forgetting) -> int:
    """Empty the notes beside payments that are this donor's alone."""
    found, session = 0, forgetting.session
    for run in in_runs(payments_alone(as_reader(session), forgetting.whom)):
        written = select(PaymentNoteRow).where(col(PaymentNoteRow.payment_id).in_(run), PaymentNoteRow.text != "")
        for row in session.exec(written).all():
            row.text = ""
            found += 1
    session.flush()
    return found


def _empty_merges(forgetting: _Forgetting) -> int:
    session, donors = forgetting.session, forgetting.donors
    of_them = or_(col(DonorMergeRow.donor_id).in_(donors), col(DonorMergeRow.into_id).in_(donors))
    written = (of_them, col(DonorMergeRow.reason) != "")
    count = session.scalar(sql_select(func.count()).select_from(DonorMergeRow).where(*written)) or 0
    session.execute(update(DonorMergeRow).where(*written).values(reason=""))
    return count


def _unname_certificates(forgetting: _Forgetting) -> int:
    session = forgetting.session
    own = select(CertificateRow.id).where(col(CertificateRow.donor_id).in_(forgetting.donors))
    rows = session.exec(select(CertificateNameRow).where(col(CertificateNameRow.certificate_id).in_(own))).all()
    return _each_gone(session, rows)


def _delete_list_lines(forgetting: _Forgetting) -> int:
    """Delete the donor from lists of years that need not be kept any more."""
    session, today = forgetting.session, forgetting.today
    query = select(TaxListLineRow, TaxListRow.year).join(TaxListRow, col(TaxListRow.id) == col(TaxListLineRow.list_id))
    rows = session.exec(query.where(col(TaxListLineRow.donor_id).in_(forgetting.donors))).all()
    begins = first_month(as_reader(session))
    old = [row for row, year in rows if not is_needed(date(year, 12, 31), today=today, first_month=begins)]
    return _each_gone(session, old)


def _delete_claims(forgetting: _Forgetting) -> int:
    session, donors = forgetting.session, forgetting.donors
    rows = session.exec(select(DonorClaimRow).where(col(DonorClaimRow.donor_id).in_(donors))).all()
    claims = [row.id for row in rows]
    _each_gone(
        session, session.exec(select(ClaimAssignmentRow).where(col(ClaimAssignmentRow.claim_id).in_(claims))).all()
    )
    before = update(ClaimAssignmentRow).where(col(ClaimAssignmentRow.donor_before_id).in_(donors))
    session.execute(before.values(donor_before_id=None))
    return _each_gone(session, rows)


def _empty_rules(forgetting: _Forgetting) -> int:
    """Take from rules about the donor what they look for; without it they are off."""
    session, whom = forgetting.session, forgetting.whom
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
            row.switched_off_by, row.switched_off_at = forgetting.by, forgetting.now
    session.flush()
    return len(rows)


def _empty_reasons(forgetting: _Forgetting) -> int:
    """Empty what people wrote in their own words when they answered; codes say nothing of anybody."""
    codes = {*BECAUSE, *REASONS, "taken_back", ""}
    found, session = 0, forgetting.session
    for run in in_runs(payments_alone(as_reader(session), forgetting.whom)):
        theirs = sql_select(col(AllocationRow.decision_id)).where(col(AllocationRow.payment_id).in_(run))
        written = (
            col(DecisionRow.id).in_(theirs),
            col(DecisionRow.person).is_not(None),
            col(DecisionRow.reason).not_in(sorted(codes)),
        )
        found += session.scalar(sql_select(func.count()).select_from(DecisionRow).where(*written)) or 0
        session.execute(update(DecisionRow).where(*written).values(reason=""))
    return found


def _forget_payees(forgetting: _Forgetting) -> int:
    whom, by, now = forgetting.whom, forgetting.by, forgetting.now
    return forget_payees(forgetting.session, ibans=whom.ibans, names=whom.keys, by=by, at=now)


def _empty_files(forgetting: _Forgetting) -> int:
    return empty_past_retention(forgetting.session, {each.file for each in forgetting.lines}, today=forgetting.today)


def _drop_views(forgetting: _Forgetting) -> int:
    """Drop views with a word of the donor's name, an account or a code in them: a word is enough to look for."""
    whom = forgetting.whom
    words = _looked_for(whom.names)
    numbers = {each for each in whom.ibans | whom.codes if each}

    def is_named(said: str) -> bool:
        ends = tuple(each for each in said.split() if each.isdigit() and len(each) >= _LONG_ENOUGH_NUMBER)
        has_number = any(each in said or each.endswith(ends) for each in numbers)
        return has_number or not words.isdisjoint(name_key(said).split())

    return drop_views_naming(forgetting.session, is_named)


def _erase_details(forgetting: _Forgetting) -> int:
    session, whom = forgetting.session, forgetting.whom
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


_WAYS: Mapping[ErasureMethod, Callable[[_Forgetting], int]] = {
    ErasureMethod.NOTES: _rows_of_donor(ErasureMethod.NOTES),
    ErasureMethod.WISHES: _rows_of_donor(ErasureMethod.WISHES),
    ErasureMethod.FIELDS: _rows_of_donor(ErasureMethod.FIELDS),
    ErasureMethod.NAMES_BEFORE: _rows_of_donor(ErasureMethod.NAMES_BEFORE),
    ErasureMethod.MERGE_REASONS: _empty_merges,
    ErasureMethod.PAYMENT_NOTES: _empty_payment_notes,
    ErasureMethod.CERTIFICATE_NAMES: _unname_certificates,
    ErasureMethod.MAILS: _rows_of_donor(ErasureMethod.MAILS),
    ErasureMethod.VIEWS: _drop_views,
    ErasureMethod.LIST_LINES: _delete_list_lines,
    ErasureMethod.LOG_DETAILS: _erase_details,
    ErasureMethod.LINES: _delete_lines,
    ErasureMethod.CLAIMS: _delete_claims,
    ErasureMethod.RULES: _empty_rules,
    ErasureMethod.PAYEES: _forget_payees,
    ErasureMethod.ANSWER_REASONS: _empty_reasons,
    ErasureMethod.FILES: _empty_files,
}
AT_ONCE: Mapping[str, ErasureMethod] = {
    "notes": ErasureMethod.NOTES,
    "payment_notes": ErasureMethod.PAYMENT_NOTES,
    "wishes": ErasureMethod.WISHES,
    "fields": ErasureMethod.FIELDS,
    "names_before": ErasureMethod.NAMES_BEFORE,
    "reasons": ErasureMethod.MERGE_REASONS,
    "certificates": ErasureMethod.CERTIFICATE_NAMES,
    "mails": ErasureMethod.MAILS,
    "views": ErasureMethod.VIEWS,
    "list_lines": ErasureMethod.LIST_LINES,
    "log_details": ErasureMethod.LOG_DETAILS,
}
"""What goes when a donor asks to be forgotten, as `Words` counts it, in this order."""
WHEN_DUE: Mapping[str, ErasureMethod] = {
    "log_details": ErasureMethod.LOG_DETAILS,  # found by the claims, so before these
    "payees": ErasureMethod.PAYEES,
    "rules": ErasureMethod.RULES,
    "reasons": ErasureMethod.ANSWER_REASONS,
    "files": ErasureMethod.FILES,
    "claims": ErasureMethod.CLAIMS,
    "list_lines": ErasureMethod.LIST_LINES,
    "lines": ErasureMethod.LINES,
}
"""What goes when the law lets it, as `Traces` counts it, in this order."""
