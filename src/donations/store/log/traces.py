"""Which entries of the audit log may tell in their details who a donor is: those are erased with the donor."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from urllib.parse import unquote_plus

from sqlalchemy import select
from sqlmodel import col

from donations.core.name import name_key
from donations.ledger.audit import AREAS, About, Area
from donations.store.session import ReadSession
from donations.store.tables.audit import AuditDetailRow, AuditEntryRow

_LONG_ENOUGH = 3
"""Letters of a name's word that somebody may have looked for; shorter ones are in any text."""


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
    whole = [set(key.split()) for each in names if (key := name_key(each))]
    single = {word for words in whole for word in words if len(word) >= _LONG_ENOUGH}
    known = {each for each in numbers if each}
    looks = {action.value for action in AREAS[Area.LOOKING]}
    query = select(
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
