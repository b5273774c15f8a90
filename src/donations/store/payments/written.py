"""Payments by what the bank wrote of them: names, texts and accounts are sealed, so they are opened and looked at here.

Each is kept once however many payments say it (docs/adr/0041), and nobody's search is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from anyascii import anyascii
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.iban import compact
from donations.core.keyword import normal
from donations.core.payment import PaymentId
from donations.store.session import ReadSession, in_runs
from donations.store.tables import AttestationRow, PayerRow, StatementLineRow, WordingRow

_DIGITS_MIN = 4
"""So many of the end of an account are looked for; fewer stand at the end of too many."""


def wordings_with(session: ReadSession, sought: str) -> set[int]:
    """Return the wordings that have every word sought in a name, the text or the reference, or the account's end."""
    words, end = _folded(sought).split(), compact(sought)
    is_account = len(end) >= _DIGITS_MIN and end[-_DIGITS_MIN:].isdigit()
    lacking: dict[int, list[str]] = {}
    whole: set[int] = set()
    for payer, name, behalf, account in session.execute(sql_select(*_PAYER)):
        if is_account and account.endswith(end):
            whole.add(payer)
        else:
            who = _folded(f"{name} {behalf}")
            lacking[payer] = [word for word in words if word not in who]
    found = set()
    for wording, payer, text, reference in session.execute(sql_select(*_WORDING)):
        rest = lacking.get(payer)
        if payer in whole or rest == [] or (rest and _has(f"{text} {reference}", rest)):
            found.add(wording)
    return found if words or whole else set()


def payments_with(session: ReadSession, wordings: Collection[int]) -> set[PaymentId]:
    """Return the payments of which a line says one of these; the total of a batch says nothing of its parts."""
    found: set[PaymentId] = set()
    for run in in_runs(sorted(wordings)):
        query = _SAYING.with_only_columns(col(AttestationRow.payment_id)).where(
            col(StatementLineRow.wording_id).in_(run)
        )
        found.update(map(PaymentId, session.scalars(query)))
    return found


def having(session: ReadSession, payments: Sequence[PaymentId], wordings: AbstractSet[int]) -> set[PaymentId]:
    """Return which of these payments have a line that says one of these."""
    found: set[PaymentId] = set()
    for run in in_runs(list(payments)):
        query = _SAYING.where(col(AttestationRow.payment_id).in_(run))
        found.update(PaymentId(payment) for payment, wording in session.execute(query) if wording in wordings)
    return found


_PAYER = (col(PayerRow.id), col(PayerRow.name), col(PayerRow.on_behalf_of), col(PayerRow.account))
_WORDING = (col(WordingRow.id), col(WordingRow.payer_id), col(WordingRow.text), col(WordingRow.reference))
_SAYING = (
    sql_select(col(AttestationRow.payment_id), col(StatementLineRow.wording_id))
    .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
    .where(~col(StatementLineRow.is_total))
)


def _has(written: str, words: Sequence[str]) -> bool:
    folded = _folded(written)
    return all(word in folded for word in words)


@lru_cache(maxsize=200_000)
def _folded(written: str) -> str:
    """Return a text without accents and case."""
    return anyascii(normal(written)).casefold()
