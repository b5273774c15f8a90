"""Passkeys, what they are asked to sign, and recovery codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import CursorResult, delete, func
from sqlmodel import col, select

from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables.access import ChallengeRow, PasskeyRow, RecoveryCodeRow


def passkeys_of(session: ReadSession, person_id: int) -> Sequence[PasskeyRow]:
    """Return the passkeys of a person in the order they were added."""
    return session.exec(select(PasskeyRow).where(PasskeyRow.person_id == person_id).order_by(col(PasskeyRow.id))).all()


def passkey_with(session: ReadSession, credential_id: str) -> PasskeyRow | None:
    """Return the passkey that a browser names."""
    return session.exec(select(PasskeyRow).where(PasskeyRow.credential_id == credential_id)).first()


def add_passkey(session: WriteSession, row: PasskeyRow) -> None:
    """Add a passkey; its id is counted by the writer."""
    row.id = next(next_ids(session, PasskeyRow))
    session.add(row)
    session.flush()


def drop_passkey(session: WriteSession, *, person_id: int, passkey_id: int) -> None:
    """Take a passkey away from the person that it belongs to."""
    mine = (col(PasskeyRow.id) == passkey_id, col(PasskeyRow.person_id) == person_id)
    session.execute(delete(PasskeyRow).where(*mine))


def drop_passkeys_of(session: WriteSession, person_id: int) -> None:
    """Take all passkeys away."""
    session.execute(delete(PasskeyRow).where(col(PasskeyRow.person_id) == person_id))


def put_challenge(session: WriteSession, row: ChallengeRow, *, too_old: datetime, most: int) -> None:
    """Keep the one challenge of a browser; what nobody answered in time is forgotten, and past `most` everything."""
    stale = (col(ChallengeRow.browser) == row.browser) | (col(ChallengeRow.made_at) <= too_old)
    session.execute(delete(ChallengeRow).where(stale))
    if session.execute(select(func.count()).select_from(ChallengeRow)).scalar_one() >= most:
        session.execute(delete(ChallengeRow))
    session.add(row)
    session.flush()


def take_challenge(session: WriteSession, browser: str, *, too_old: datetime) -> bytes | None:
    """Return the challenge of a browser and forget it: every answer is the only one."""
    row = as_reader(session).get(ChallengeRow, browser)
    if row is None:
        return None
    challenge = row.challenge if row.made_at > too_old else None
    session.delete(row)
    session.flush()
    return challenge


def recovery_codes_left(session: ReadSession, person_id: int) -> int:
    """Return how many recovery codes a person has not used."""
    return int(session.execute(select(func.count()).where(col(RecoveryCodeRow.person_id) == person_id)).scalar_one())


def put_recovery_codes(session: WriteSession, person_id: int, digests: Iterable[str]) -> None:
    """Replace a person's recovery codes; none takes them away."""
    session.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.person_id) == person_id))
    session.add_all(RecoveryCodeRow(digest=digest, person_id=person_id) for digest in digests)
    session.flush()


def use_recovery_code(session: WriteSession, person_id: int, digest: str) -> bool:
    """Take a recovery code, and say whether there was one."""
    mine = (col(RecoveryCodeRow.digest) == digest, col(RecoveryCodeRow.person_id) == person_id)
    done = session.execute(delete(RecoveryCodeRow).where(*mine))
    return isinstance(done, CursorResult) and done.rowcount == 1
