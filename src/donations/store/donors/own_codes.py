"""The organisation's own registry codes: donors copy them from its page into their text, where they name no donor."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col, or_, select

from donations.core.person_code import CheckedCode, RegistryCode, parse_code
from donations.matching.payer import claimed_code
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import LineTextRow
from donations.store.tables.donors import OwnCodeRow


def own_codes(session: ReadSession) -> frozenset[CheckedCode]:
    """Return the registered codes."""
    return frozenset(RegistryCode(code) for code in session.exec(select(OwnCodeRow.code)))


def add_own_code(session: WriteSession, code: RegistryCode) -> None:
    """Register a code, and read again whom the lines that name it mean. Payments are to be judged again."""
    session.merge(OwnCodeRow(code=code))
    session.flush()
    known = own_codes(as_reader(session))
    names_it = or_(col(LineTextRow.text).contains(code), col(LineTextRow.claimed_code) == code)
    for row in session.exec(select(LineTextRow).where(names_it)).all():
        meant = claimed_code(parse_code(row.code), row.text, own_codes=known) or ""
        if meant != row.claimed_code:
            session.execute(
                update(LineTextRow).where(col(LineTextRow.line_id) == row.line_id).values(claimed_code=meant)
            )
