"""Takes what lines say, and why something is booked, out of rows of their own each and keeps every value once."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, insert, literal_column, select, text

from donations.store.interning import decision_digest, payer_digest, wording_digest
from donations.store.tables import metadata
from donations.store.tables.sealed import ciphers_of

_PAYER = ("name", "account", "code", "on_behalf_of", "bic")
MOVED = {
    "line_text": ("line_id", *_PAYER, "claimed_code", "text", "reference"),
    "allocation": ("rule", "person", "reason", "evidence"),
}
"""Columns that stand elsewhere now, by the tables that had them."""
NUMBERS: dict[str, ColumnElement[Any]] = {
    "statement_line.wording_id": literal_column(
        "(SELECT number FROM aside_wording WHERE aside_wording.id = aside_statement_line.id)"
    ),
    "allocation.decision_id": literal_column(
        "(SELECT number FROM aside_decision WHERE aside_decision.id = aside_allocation.id)"
    ),
}
"""What rows get in place of it."""
_ROWS_AT_ONCE = 5_000
_LINES = """
    SELECT line.id, name, account, code, on_behalf_of, bic, claimed_code, text, reference
    FROM {line} line {joined} ORDER BY line.id
"""
_ALLOCATIONS = """
    SELECT allocation.id, rule, person, reason, evidence
    FROM aside_allocation allocation {joined} ORDER BY allocation.id
"""


def is_shared(names: Container[str]) -> bool:
    """Whether books with these tables keep every value once already."""
    return "payer" in names


def fill_shared(connection: Connection) -> None:
    """Fill payers, wordings and decisions from the rows set aside, and number what had them."""
    lines = text(_LINES.format(line="aside_line_text", joined="").replace("line.id", "line.line_id"))
    _number(connection, "wording", _wordings(connection, connection.execute(lines)))
    said = text("SELECT id, rule, person, reason, evidence FROM aside_allocation ORDER BY 1")
    _number(connection, "decision", _decisions(connection, connection.execute(said)))


def _number(connection: Connection, name: str, numbers: Iterable[tuple[int, int]]) -> None:
    connection.execute(text(f"CREATE TEMPORARY TABLE aside_{name} (id INTEGER PRIMARY KEY, number INTEGER)"))
    said = text(f"INSERT INTO aside_{name} VALUES (:id, :number)")  # noqa: S608 - names of ours
    _append(connection, said, ({"id": each, "number": number} for each, number in numbers))


def _wordings(connection: Connection, lines: Iterable[Any]) -> list[tuple[int, int]]:
    """Return the wording of each line that has a text."""
    payers: dict[bytes, dict[str, Any]] = {}
    wordings: dict[bytes, dict[str, Any]] = {}
    numbers: list[tuple[int, int]] = []
    ciphers = ciphers_of(connection.dialect)
    for line, *payer, claimed_code, written, reference in lines:
        who = dict(zip(_PAYER, payer, strict=True))
        by = payer_digest(ciphers, **who)
        row = payers.setdefault(by, {"id": len(payers) + 1, "digest": by, **who})
        says = {"claimed_code": claimed_code, "text": written, "reference": reference}
        digest = wording_digest(ciphers, by, **says)
        new = {"id": len(wordings) + 1, "digest": digest, "payer_id": row["id"], **says}
        wording = wordings.setdefault(digest, new)
        numbers.append((line, wording["id"]))
    _append(connection, insert(metadata.tables["payer"]), payers.values())
    _append(connection, insert(metadata.tables["wording"]), wordings.values())
    return numbers


def _decisions(connection: Connection, allocations: Iterable[Any]) -> list[tuple[int, int]]:
    """Return the decision of each allocation; a person's word is nobody else's."""
    decisions: dict[bytes | int, dict[str, Any]] = {}
    numbers: list[tuple[int, int]] = []
    ciphers = ciphers_of(connection.dialect)
    for allocation, rule, person, reason, evidence in allocations:
        digest = None if rule is None else decision_digest(ciphers, rule=rule, reason=reason, evidence=evidence)
        key: bytes | int = allocation if digest is None else digest
        if key not in decisions:
            decisions[key] = {
                "id": len(decisions) + 1,
                "digest": digest,
                "rule": rule,
                "person": person,
                "reason": reason,
                "evidence": evidence,
            }
        numbers.append((allocation, decisions[key]["id"]))
    _append(connection, insert(metadata.tables["decision"]), decisions.values())
    return numbers


def _append(connection: Connection, said: Any, rows: Iterable[dict[str, Any]]) -> None:
    waiting = list(rows)
    for at in range(0, len(waiting), _ROWS_AT_ONCE):
        connection.execute(said, waiting[at : at + _ROWS_AT_ONCE])


def digest_before(connection: Connection, *, shared: bool) -> str:
    """Return the digest of all that lines say and why all is booked, as the rows set aside have it."""
    texts, reasons = "LEFT JOIN aside_line_text ON line_id = line.id", ""
    if shared:
        texts = "LEFT JOIN aside_wording wording ON wording.id = wording_id"
        texts += " LEFT JOIN aside_payer payer ON payer.id = payer_id"
        reasons = "JOIN aside_decision decision ON decision.id = decision_id"
    lines = text(_LINES.format(line="aside_statement_line", joined=texts))
    return _digest(connection, lines, text(_ALLOCATIONS.format(joined=reasons)))


def digest_now(connection: Connection) -> str:
    """Return the same of the tables as they are."""
    payer, wording, decision = (metadata.tables[name] for name in ("payer", "wording", "decision"))
    line, allocation = metadata.tables["statement_line"], metadata.tables["allocation"]
    said = (payer.c[name] for name in _PAYER)
    lines = select(line.c.id, *said, wording.c.claimed_code, wording.c.text, wording.c.reference)
    joined = line.outerjoin(wording, wording.c.id == line.c.wording_id).outerjoin(
        payer, payer.c.id == wording.c.payer_id
    )
    why = select(allocation.c.id, decision.c.rule, decision.c.person, decision.c.reason, decision.c.evidence)
    return _digest(
        connection,
        lines.select_from(joined).order_by(line.c.id),
        why.join(decision, decision.c.id == allocation.c.decision_id).order_by(allocation.c.id),
    )


def _digest(connection: Connection, *queries: Executable) -> str:
    found = blake2b(digest_size=32)
    for query in queries:
        for row in connection.execute(query):
            found.update(json.dumps(list(row)).encode() + b"\n")
    return found.hexdigest()
