"""The counts of the cash box that are in the books, and one of them as a sheet to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from donations.core.cash_count import BadCountError, CashCount, CashKind, read_count
from donations.core.language import N_
from donations.core.money import Balance, Minor
from donations.reports.table import Column, ColumnKind, Table
from donations.reports.words import OwnText
from donations.store.session import ReadSession
from donations.store.statements.files import active_files, content_of
from donations.views.phrases import Phrase

FORMAT = "cash-box"
_KINDS = {
    CashKind.GIFT: OwnText(N_("gift"), code="gift"),
    CashKind.BANKED: OwnText(N_("taken to the bank"), code="banked"),
    CashKind.PAID: OwnText(N_("paid from the box"), code="paid"),
}
_COUNTED = N_("At the end of {day} there was {amount} in the box.")
_EXPECTED = N_("There should have been {amount}: {opening} from before, and what came and went.")
_AGREES = N_("Both agree.")
_DIFFERS = N_("The difference is {amount}.")
_SIGNED = N_("{name}: ______________________________")
_PIECES = N_("Coins and notes")
_ENTRIES = N_("What came and went")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCount:
    """A count and the import that brought it."""

    file_id: int
    count: CashCount


def kept_counts(session: ReadSession) -> list[KeptCount]:
    """Return the counts that are in the books, the newest first."""
    files = (each for each in active_files(session) if each.format == FORMAT)
    read = ((each.id, _read(content_of(session, each))) for each in files)
    found = [KeptCount(file_id=number, count=count) for number, count in read if count is not None]
    return sorted(found, key=lambda each: (each.count.last_day, each.file_id), reverse=True)


def _read(content: bytes) -> CashCount | None:
    """Return the count of a file; None where it was destroyed when the law asked for it no more."""
    try:
        return read_count(content)
    except BadCountError:
        return None


def follows(kept: list[KeptCount]) -> tuple[date | None, Minor]:
    """Return the first day and the opening balance of the next count; no day before the first count."""
    return (kept[0].count.last_day + timedelta(days=1), kept[0].count.counted) if kept else (None, 0)


def sheet_facts(count: CashCount) -> list[Phrase]:
    """Return what a count says, and the lines on which both people sign."""

    def amount(minor: Minor) -> Balance:
        return Balance(minor, count.currency)

    expected = (("amount", amount(count.expected)), ("opening", amount(count.opening)))
    differs = Phrase(_DIFFERS, (("amount", amount(count.difference)),))
    return [
        Phrase(_COUNTED, (("day", count.last_day), ("amount", amount(count.counted)))),
        Phrase(_EXPECTED, expected),
        differs if count.difference else Phrase(_AGREES),
        *(Phrase(_SIGNED, (("name", name),)) for name in count.by),
    ]


def sheet_tables(count: CashCount) -> list[Table]:
    """Return the coins and notes, and what came and went."""
    currency = Column("currency", N_("Currency"), ColumnKind.CURRENCY)
    pieces = Table(
        title=OwnText(_PIECES),
        columns=(
            Column("value", N_("Value"), ColumnKind.MINOR),
            Column("count", N_("Pieces"), ColumnKind.COUNT),
            Column("minor", N_("Amount"), ColumnKind.MINOR),
            currency,
        ),
        rows=tuple((value, number, value * number, count.currency) for value, number in count.pieces),
    )
    entries = Table(
        title=OwnText(_ENTRIES),
        columns=(
            Column("day", N_("Day"), ColumnKind.DAY),
            Column("kind", N_("What"), ColumnKind.TEXT),
            Column("name", N_("Name"), ColumnKind.TEXT),
            Column("text", N_("Text"), ColumnKind.TEXT),
            Column("minor", N_("Amount"), ColumnKind.MINOR),
            currency,
        ),
        rows=tuple(
            (each.day, _KINDS[each.kind], each.name or None, each.text or None, each.signed, count.currency)
            for each in count.entries
        ),
    )
    return [pieces, entries]
