"""What lines say of people, kept once however many say the same; it goes with the last of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet

from sqlalchemy import delete, exists, select, update
from sqlmodel import col

from donations.core.iban import UnverifiedAccount
from donations.core.person_code import CheckedCode, UnverifiedCode
from donations.core.statement import Counterparty
from donations.identity.content import LineId, SeenLine
from donations.matching.payer import claimed_code
from donations.store.interning import intern, payer_digest, wording_digest
from donations.store.session import WriteSession, in_runs
from donations.store.tables import PayerRow, StatementLineRow, WordingRow
from donations.store.tables.sealed import ciphers_of


def intern_wordings(
    session: WriteSession, lines: Iterable[SeenLine], own_codes: AbstractSet[CheckedCode]
) -> dict[LineId, int]:
    """Return the wording of each line; the organisation's own codes name nobody."""
    said, ciphers = {}, ciphers_of(session.get_bind().dialect)
    payers: dict[bytes, dict[str, str]] = {}
    wordings: dict[bytes, tuple[bytes, dict[str, str]]] = {}
    payer_digests: dict[Counterparty, bytes] = {}
    digests: dict[tuple[bytes, str, str | None], bytes] = {}
    for seen in lines:
        line = seen.line
        payer = payer_digests.get(line.counterparty)
        if payer is None:
            written = party_texts(line.counterparty)
            payer = payer_digests[line.counterparty] = payer_digest(ciphers, **written)
            payers[payer] = written
        wording = digests.get((payer, line.text, line.reference))
        if wording is None:
            claimed = claimed_code(line.counterparty.code, line.text, own_codes=own_codes) or ""
            written = {"claimed_code": claimed, "text": line.text, "reference": line.reference or ""}
            wording = digests[payer, line.text, line.reference] = wording_digest(ciphers, payer, **written)
            wordings[wording] = payer, written
        said[seen.id] = wording
    payer_ids = intern(session, PayerRow, payers)
    rows = {digest: {"payer_id": payer_ids[payer], **written} for digest, (payer, written) in wordings.items()}
    ids = intern(session, WordingRow, rows)
    return {line: ids[wording] for line, wording in said.items()}


def party_texts(party: Counterparty) -> dict[str, str]:
    """Return the other side of a line as it is kept."""
    account, code = party.account or "", party.code or ""
    return {
        "name": party.name,
        "account": account.text if isinstance(account, UnverifiedAccount) else account,
        "code": code.text if isinstance(code, UnverifiedCode) else code,
        "on_behalf_of": party.on_behalf_of,
        "bic": party.bic,
    }


def erase_wordings(session: WriteSession, lines: Collection[int]) -> None:
    """Erase what these lines say of people, and nothing of what other lines say too."""
    for run in in_runs(sorted(lines)):
        session.execute(update(StatementLineRow).where(col(StatementLineRow.id).in_(run)).values(wording_id=None))
    delete_unsaid(session)


def delete_unsaid(session: WriteSession) -> None:
    """Delete the wordings that no line has, and the payers of none."""
    for row, by in ((WordingRow, StatementLineRow.wording_id), (PayerRow, WordingRow.payer_id)):
        session.execute(delete(row).where(~exists(select(1).where(col(by) == col(row.id)))))


def erase_code(session: WriteSession, code: str) -> None:
    """Erase a code where others wrote it into their texts."""
    query = select(col(WordingRow.id), col(WordingRow.text)).where(col(WordingRow.claimed_code) == code)
    for wording, text in session.execute(query).all():
        rest = {"text": text.replace(code, ""), "claimed_code": "", "digest": None}
        session.execute(update(WordingRow).where(col(WordingRow.id) == wording).values(**rest))
