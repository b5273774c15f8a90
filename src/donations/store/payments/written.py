"""Payments by what the bank wrote of them: names, texts and accounts are sealed, so they are opened and looked at here.

Each is opened once however many payments say it (docs/adr/0041), and nobody's search is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from anyascii import anyascii
from sqlalchemy import LargeBinary, type_coerce
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.iban import compact
from donations.core.keyword import normal
from donations.core.payment import PaymentId
from donations.store.session import ReadSession, in_runs
from donations.store.tables import AttestationRow, PayerRow, StatementLineRow, WordingRow

_DIGITS_MIN = 4
"""So many of the end of an account are looked for; fewer stand at the end of too many."""


@dataclass(frozen=True, slots=True)
class Writings:
    """All that payers are called and write, folded, each once; it takes long to open, and less to look through."""

    payers: Sequence[tuple[int, str, str]]
    """Each with its names and its account."""
    texts: Mapping[bytes, str]
    """By what is kept of them: equal ones are sealed alike."""


def writings(session: ReadSession) -> Writings:
    """Open all of it."""
    payers = session.execute(sql_select(*_PAYER))
    texts = session.execute(sql_select(_KEPT_TEXT, col(WordingRow.text)).distinct())
    return Writings(
        [(payer, _folded(f"{name} {behalf}"), account) for payer, name, behalf, account in payers],
        {kept: _folded(text) for kept, text in texts},
    )


def wordings_with(session: ReadSession, known: Writings, sought: str) -> frozenset[int]:
    """Return the wordings that have every word sought in a name or the text, or the account's end."""
    words, end = _folded(sought).split(), compact(sought)
    if not words:
        return frozenset()
    is_account = len(end) >= _DIGITS_MIN and end[-_DIGITS_MIN:].isdigit()
    by_text = {kept: has for kept, text in known.texts.items() if (has := _having(words, text))}
    whole, partly = [], {}
    for payer, name, account in known.payers:
        has = _having(words, name)
        if len(has) == len(words) or (is_account and account.endswith(end)):
            whole.append(payer)
        elif has:
            partly[payer] = has
    found: set[int] = set()
    for run in in_runs(whole):
        found.update(session.scalars(sql_select(col(WordingRow.id)).where(col(WordingRow.payer_id).in_(run))))
    rest = sql_select(col(WordingRow.id), col(WordingRow.payer_id), _KEPT_TEXT)
    for run in in_runs(list(by_text)):
        for wording, payer, kept in session.execute(rest.where(_KEPT_TEXT.in_(run))):
            if len(by_text[kept] | partly.get(payer, frozenset())) == len(words):
                found.add(wording)
    return frozenset(found)


def _having(words: Sequence[str], written: str) -> frozenset[int]:
    return frozenset(at for at, word in enumerate(words) if word in written)


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
_KEPT_TEXT = type_coerce(col(WordingRow.text), LargeBinary)
_SAYING = (
    sql_select(col(AttestationRow.payment_id), col(StatementLineRow.wording_id))
    .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
    .where(~col(StatementLineRow.is_total))
)


def _folded(written: str) -> str:
    """Return a text without accents and case."""
    return anyascii(normal(written)).casefold()
