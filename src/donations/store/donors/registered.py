"""What people registered and said: who owns a keyword or reference, other names, and claims by a person's word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, delete
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import Appeal, AppealId, Claim, CodeClaim, DonorId, PayerClaim
from donations.core.keyword import Keyword
from donations.core.payment import Allocation
from donations.core.person_code import CheckedCode
from donations.core.reference import Reference
from donations.store.donors import people
from donations.store.donors.people import add_keywords
from donations.store.donors.surviving import donors_behind
from donations.store.payments.allocations import allocation_of, allocations_query
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import AccountRow, AllocationRow, AppealEndRow, AppealReferenceRow, AppealRow, DonorClaimRow
from donations.store.tables.donors import ClaimAssignmentRow


def rename_account(session: WriteSession, account_id: int, *, name: str) -> bool:
    """Call an own account otherwise; False where there is no such one."""
    row = session.get(AccountRow, account_id)
    if row is not None:
        row.name = name
        session.flush()
    return row is not None


def rename_appeal(session: WriteSession, appeal: AppealId, *, name: str) -> bool:
    """Call an appeal otherwise; False where there is no such one. Names are unique: the caller looked."""
    row = session.get(AppealRow, appeal)
    if row is not None:
        row.name = name
        session.flush()
    return row is not None


def name_appeal(
    session: WriteSession, appeal: AppealId, *, keywords: Iterable[Keyword], references: Iterable[Reference]
) -> None:
    """Let an appeal be named by these keywords and references too; nobody has them yet: the caller looked."""
    add_keywords(session, appeal, keywords)
    session.add_all(AppealReferenceRow(reference=each, appeal_id=appeal) for each in references)
    session.flush()


def end_appeal(session: WriteSession, appeal: AppealId, keyword: Keyword | None, last_day: date | None) -> None:
    """Let an appeal, or one keyword of it, end with a day; None: it goes on. Both exist: the caller looked."""
    session.merge(AppealEndRow(appeal_id=appeal, word=keyword or "", last_day=last_day))
    session.flush()


def owner_of(appeals: Iterable[Appeal], name: Keyword | Reference) -> Appeal | None:
    """Return the appeal that this names; keywords are compared without blanks, as they are looked for in texts."""
    wanted = "".join(name.split())
    for appeal in appeals:
        if wanted in {"".join(each.split()) for each in (*appeal.keywords, *appeal.references)}:
            return appeal
    return None


def allocations_after(session: ReadSession, last_id: int) -> list[Allocation]:
    """Return every allocation, reversals too, that was made after this one."""
    return [allocation_of(row) for row in session.execute(allocations_query().where(col(AllocationRow.id) > last_id))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAssignment:
    """A person's word that a claim is a donor's."""

    claim_id: int
    claim: Claim
    donor: DonorId
    by: str
    at: datetime


def claim_words(session: ReadSession, donor: DonorId) -> list[ClaimAssignment]:
    """Return the claims that people gave to a standing donor, in the order of their making."""
    query = _words().where(col(DonorClaimRow.donor_id).in_(donors_behind(donor))).order_by(col(DonorClaimRow.id))
    return [_word(row, word) for row, word in session.execute(query)]


def claim_word(session: ReadSession, claim_id: int) -> ClaimAssignment | None:
    """Return one word."""
    found = session.execute(_words().where(col(DonorClaimRow.id) == claim_id)).first()
    return None if found is None else _word(*found)


def payers_by_word(session: ReadSession) -> dict[PayerClaim, frozenset[CheckedCode]]:
    """Return the accounts with names of which a person said for whom they pay, with the codes of that donor."""
    words = [_word(*row) for row in session.execute(_words().where(col(DonorClaimRow.iban) != ""))]
    donors = people.donors(session, {word.donor for word in words})
    codes = {
        donor: frozenset(claim.code for claim in people.claims_of(session, donor) if isinstance(claim, CodeClaim))
        for donor in {each.id for each in donors.values()}
    }
    return {word.claim: codes[donors[word.donor].id] for word in words if isinstance(word.claim, PayerClaim)}


def give_claim(session: WriteSession, claim: Claim, donor: DonorId, *, by: str, at: datetime) -> int:
    """Let a claim be this donor's from now on, and return its number. It has no word yet."""
    row = _row(as_reader(session), claim)
    before = None if row is None else row.donor_id
    if row is None:
        people.add_claims(session, {claim: donor})
        row = _row(as_reader(session), claim)
    if row is None:
        raise AssertionError
    row.donor_id = donor
    session.add_all([row, ClaimAssignmentRow(claim_id=row.id, donor_before_id=before, said_by=by, said_at=at)])
    session.flush()
    return row.id


def take_claim_back(session: WriteSession, claim_id: int) -> None:
    """Let a claim be whose it was before the word; without one before it is as if never seen."""
    row, word = session.get_one(DonorClaimRow, claim_id), session.get_one(ClaimAssignmentRow, claim_id)
    before = word.donor_before_id
    session.execute(delete(ClaimAssignmentRow).where(col(ClaimAssignmentRow.claim_id) == claim_id))
    if before is None:
        session.execute(delete(DonorClaimRow).where(col(DonorClaimRow.id) == claim_id))
    else:
        row.donor_id = before
        session.add(row)
    session.flush()


def has_word(session: ReadSession, claim: Claim) -> bool:
    """Whether a person spoke of this claim already."""
    row = _row(session, claim)
    return row is not None and session.get(ClaimAssignmentRow, row.id) is not None


def _words() -> Select[DonorClaimRow, ClaimAssignmentRow]:
    return sql_select(DonorClaimRow, ClaimAssignmentRow).join(
        ClaimAssignmentRow, col(ClaimAssignmentRow.claim_id) == col(DonorClaimRow.id)
    )


def _word(row: DonorClaimRow, word: ClaimAssignmentRow) -> ClaimAssignment:
    return ClaimAssignment(
        claim_id=row.id,
        claim=people.claim_of(row),
        donor=DonorId(row.donor_id),
        by=word.said_by,
        at=word.said_at,
    )


def _row(session: ReadSession, claim: Claim) -> DonorClaimRow | None:
    match claim:
        case CodeClaim(code):
            key = {"code": str(code), "iban": "", "name_key": ""}
        case PayerClaim(iban, name):
            key = {"code": "", "iban": str(iban), "name_key": str(name)}
    return session.exec(select(DonorClaimRow).filter_by(**key)).first()
