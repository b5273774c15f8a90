"""Takes what lines say, and why something is booked, out of rows of their own each and keeps every value once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, literal_column, text

from donations.store.interning import decision_digest, payer_digest, wording_digest
from donations.store.tables import metadata

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
    SELECT allocation.id, rule, person, reason, evidence FROM {allocation} allocation {joined} ORDER BY allocation.id
"""


def fill_shared(connection: Connection) -> None:
    """Fill payers, wordings and decisions from the rows set aside, and number what had them."""
    lines = text(_LINES.format(line="aside_line_text", joined="").replace("line.id", "line.line_id"))
    _number(connection, "wording", _wordings(connection, connection.execute(lines)))
    said = text("SELECT id, rule, person, reason, evidence FROM aside_allocation ORDER BY 1")
    _number(connection, "decision", _decisions(connection, connection.execute(said)))


def pack_files(connection: Connection) -> None:
    """Keep the bytes of files compressed, one after another: they are most of what books hold."""
    for (sha256,) in connection.execute(text("SELECT sha256 FROM aside_source_document")).all():
        said = text("SELECT content FROM aside_source_document WHERE sha256 = :sha256")
        content = connection.execute(said, {"sha256": sha256}).scalar_one()
        connection.execute(insert(metadata.tables["source_document"]), {"sha256": sha256, "content": bytes(content)})


def _number(connection: Connection, name: str, numbers: Iterable[tuple[int, int]]) -> None:
    connection.execute(text(f"CREATE TEMPORARY TABLE aside_{name} (id INTEGER PRIMARY KEY, number INTEGER)"))
    said = text(f"INSERT INTO aside_{name} VALUES (:id, :number)")  # noqa: S608 - names of ours
    _append(connection, said, ({"id": each, "number": number} for each, number in numbers))


def _wordings(connection: Connection, lines: Iterable[Any]) -> list[tuple[int, int]]:
    """Return the wording of each line that has a text."""
    payers: dict[bytes, dict[str, Any]] = {}
    wordings: dict[bytes, dict[str, Any]] = {}
    numbers: list[tuple[int, int]] = []
    for line, *payer, claimed_code, written, reference in lines:
        by = payer_digest(*payer)
        row = payers.setdefault(by, {"id": len(payers) + 1, "digest": by, **dict(zip(_PAYER, payer, strict=True))})
        digest = wording_digest(by, claimed_code, written, reference)
        new = {"payer_id": row["id"], "claimed_code": claimed_code, "text": written, "reference": reference}
        wording = wordings.setdefault(digest, {"id": len(wordings) + 1, "digest": digest, **new})
        numbers.append((line, wording["id"]))
    _append(connection, insert(metadata.tables["payer"]), payers.values())
    _append(connection, insert(metadata.tables["wording"]), wordings.values())
    return numbers


def _decisions(connection: Connection, allocations: Iterable[Any]) -> list[tuple[int, int]]:
    """Return the decision of each allocation; a person's word is nobody else's."""
    decisions: dict[bytes | int, dict[str, Any]] = {}
    numbers: list[tuple[int, int]] = []
    for allocation, rule, person, reason, evidence in allocations:
        digest = None if rule is None else decision_digest(rule, reason, evidence)
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


def digest_before(connection: Connection) -> str:
    """Return the digest of all that lines say and why all is booked, as the rows set aside have it."""
    lines = _LINES.format(line="aside_statement_line", joined="LEFT JOIN aside_line_text ON line_id = line.id")
    return _digest(connection, lines, _ALLOCATIONS.format(allocation="aside_allocation", joined=""))


def digest_now(connection: Connection) -> str:
    """Return the same of the tables as they are."""
    joined = "LEFT JOIN wording ON wording.id = wording_id LEFT JOIN payer ON payer.id = payer_id"
    decisions = "JOIN decision ON decision.id = decision_id"
    return _digest(
        connection,
        _LINES.format(line="statement_line", joined=joined),
        _ALLOCATIONS.format(allocation="allocation", joined=decisions),
    )


def _digest(connection: Connection, *queries: str) -> str:
    found = blake2b(digest_size=32)
    for query in queries:
        for row in connection.execute(text(query)):
            found.update(json.dumps(list(row)).encode() + b"\n")
    return found.hexdigest()
