"""A kept list for the tax board, and a month's bookings, as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from donations.core.calendar import Month, Period
from donations.core.donor import DonorKind
from donations.core.language import N_
from donations.core.money import EUR, decimal_text
from donations.documents.workbook import workbook
from donations.reports.inf4 import kind_of
from donations.reports.journal import WRITERS, journal, journal_table
from donations.reports.merit import merit
from donations.reports.table import Column, ColumnKind, Note, Table, csv_bytes
from donations.reports.words import OwnText
from donations.store.donors import people
from donations.store.organisation import AccountNumbers, DecimalMark, TaxColumn, TaxLayout, paper_settings
from donations.store.papers import KeptLine
from donations.store.session import ReadSession
from donations.views.formats import TELLER
from donations.views.language import gettext


class JournalFormat(StrEnum):
    """As what a journal can be taken along."""

    CSV = "csv"
    XLSX = "xlsx"
    HLEDGER = "hledger"
    BEANCOUNT = "beancount"
    MERIT = "merit"


def as_file(
    session: ReadSession,
    month: Month,
    rendering: JournalFormat,
    *,
    with_names: bool,
    with_opening: bool,
) -> bytes:
    """Return a month as CSV, workbook or for Merit with the accountant's numbers, or as hledger or beancount reads it.

    Names of donors only `with_names`. `with_opening` is for the first file that hledger or beancount gets.
    Raises `Refusal` where the accountant's numbers are none that Merit takes.
    """
    period = Period(month.first_day, month.last_day)
    if rendering in WRITERS:
        written = WRITERS[rendering](journal(session, period), with_names=with_names, with_opening=with_opening)
        return written.encode()
    numbers = paper_settings(session, AccountNumbers)
    if rendering is JournalFormat.MERIT:
        projects = {each.name: numbers.projects.get(str(each.id), "") for each in people.appeals(session)}
        return merit(journal(session, period), numbers, projects, TELLER, with_names=with_names).encode()
    table = journal_table(session, period, numbers, with_names=with_names).translated(TELLER)
    return workbook(table, notes_name=gettext("Notes")) if rendering is JournalFormat.XLSX else table.to_csv()


COLUMNS = (
    Column("code", N_("Personal or registry code"), ColumnKind.TEXT),
    Column("name", N_("Name"), ColumnKind.TEXT),
    Column("kind", N_("Kind"), ColumnKind.TEXT),
    Column("minor", N_("Sum"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
)
KINDS = {DonorKind.PERSON: OwnText(N_("natural person")), DonorKind.ORGANISATION: OwnText(N_("legal person"))}
WORKING_LIST = N_("A working list from the books, to fill in form INF 4 by; it is no file of the tax board.")


def as_csv(lines: Sequence[KeptLine], layout: TaxLayout) -> bytes:
    """Return the lines with the columns, headings and marks of the layout."""
    kinds = {DonorKind.PERSON: layout.person, DonorKind.ORGANISATION: layout.organisation}
    point = layout.decimal_mark is DecimalMark.POINT
    cells: dict[TaxColumn, Callable[[KeptLine], str]] = {
        TaxColumn.CODE: lambda line: str(line.code),
        TaxColumn.NAME: lambda line: line.name,
        TaxColumn.KIND: lambda line: kinds[kind_of(line.code)],
        TaxColumn.SUM: lambda line: decimal_text(line.minor, EUR).replace(".", "." if point else ","),
    }
    header = [[heading for _, heading in layout.columns]] if layout.has_header else []
    rows = [[cells[column](line) for column, _ in layout.columns] for line in lines]
    return csv_bytes([*header, *rows], separator=layout.separator.value)


def as_workbook(lines: Sequence[KeptLine], year: int) -> bytes:
    """Return the lines as XLSX, whatever the layout."""
    table = Table(
        title=OwnText(N_("INF 4 working list, {year}"), ("year", str(year))),
        columns=COLUMNS,
        rows=tuple((str(each.code), each.name, KINDS[kind_of(each.code)], each.minor, EUR) for each in lines),
        totals=((None, OwnText(N_("Total")), None, sum(each.minor for each in lines), EUR),),
        notes=(Note("working_list", WORKING_LIST),),
    )
    return workbook(table.translated(TELLER), notes_name=gettext("Notes"))
