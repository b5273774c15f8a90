"""Bank against ledger: each balance that an active statement states, with the difference, which is never hidden."""

from __future__ import annotations

from collections.abc import Mapping

from donations.identity.seen import StatementId
from donations.reports.balances import Held, compared
from donations.reports.notes import notes_on
from donations.reports.period import Period
from donations.reports.proofs import Proved, proofs
from donations.reports.table import Column, Kind, Row, Table
from donations.store.reporting_proof import Source, sources
from donations.store.session import ReadSession

COLUMNS = (
    Column("account", "Account", Kind.TEXT),
    Column("day", "Day", Kind.DAY),
    Column("point", "Balance", Kind.TEXT),
    Column("file_id", "Import", Kind.COUNT),
    Column("file", "File", Kind.TEXT),
    Column("bank", "Bank", Kind.MINOR),
    Column("ledger", "Ledger", Kind.MINOR),
    Column("difference", "Difference", Kind.MINOR),
    Column("step", "New difference", Kind.MINOR),
    Column("currency", "Currency", Kind.CURRENCY),
    Column("proof", "Proof", Kind.TEXT),
)


def reconciliation(session: ReadSession, period: Period) -> Table:
    """Return the balances stated for days of the period.

    The ledger's figure is brought forward from the first balance ever stated of the account. `New difference` is
    what came since the balance before: days are missing, or lines are wrong, between the two.
    """
    proved = proofs(session)
    files = sources(session)
    return Table(
        title=f"Reconciliation, {period}",
        columns=COLUMNS,
        rows=tuple(_row(each, one, files) for each in proved for one in compared(each).balances if one.day in period),
        notes=notes_on(session, period, proved),
    )


def _row(proved: Proved, one: Held, files: Mapping[StatementId, Source]) -> Row:
    source = None if one.statement is None else files[one.statement]
    return (
        *(proved.number, one.day, one.point),
        *((None, None) if source is None else source),
        *(one.bank, one.ledger, one.difference, one.step, proved.currency, one.proof.value),
    )
