"""What people registered: who owns a keyword or a reference, other names, and what was booked because of it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.allocation import Allocation
from donations.core.donor import Appeal, AppealId
from donations.core.keyword import Keyword
from donations.core.reference import Reference
from donations.store.donors.people import add_keywords
from donations.store.ids import table_of
from donations.store.payments.allocations import allocation_of
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import AccountRow, AllocationRow, AppealReferenceRow, AppealRow


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


def owner_of(appeals: Iterable[Appeal], name: Keyword | Reference) -> Appeal | None:
    """Return the appeal that this names; keywords are compared without blanks, as they are looked for in texts."""
    wanted = "".join(name.split())
    for appeal in appeals:
        if wanted in {"".join(each.split()) for each in (*appeal.keywords, *appeal.references)}:
            return appeal
    return None


def allocations_after(session: ReadSession, last_id: int) -> list[Allocation]:
    """Return every allocation, reversals too, that was made after this one."""
    table = table_of(AllocationRow)
    rows = session.execute(sql_select(table).where(table.c.id > last_id).order_by(col(AllocationRow.id)))
    return [allocation_of(row) for row in rows]
