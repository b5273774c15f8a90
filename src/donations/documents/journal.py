"""A month's bookings as a file: for the accountant, or for a program that keeps books in plain text."""

from __future__ import annotations

from enum import StrEnum

from donations.core.month import Month
from donations.core.period import Period
from donations.documents.workbook import workbook
from donations.reports.journal import journal, journal_table
from donations.reports.plain_text import WRITERS
from donations.store.papers.paper_settings import AccountNumbers, paper_settings
from donations.store.session import ReadSession
from donations.views.telling import Teller


class Rendering(StrEnum):
    """As what a journal can be taken along."""

    CSV = "csv"
    XLSX = "xlsx"
    HLEDGER = "hledger"
    BEANCOUNT = "beancount"


def as_file(
    session: ReadSession,
    month: Month,
    rendering: Rendering,
    teller: Teller,
    *,
    notes_name: str,
    with_names: bool,
    with_opening: bool,
) -> bytes:
    """Return a month as CSV or a workbook with the accountant's numbers, or as what hledger or beancount reads.

    Names of donors only `with_names`. `with_opening` is for the first file that hledger or beancount gets.
    """
    period = Period(month.first_day, month.last_day)
    if rendering in WRITERS:
        written = WRITERS[rendering](journal(session, period), with_names=with_names, with_opening=with_opening)
        return written.encode()
    numbers = paper_settings(session, AccountNumbers)
    table = journal_table(session, period, numbers, with_names=with_names).told(teller)
    return workbook(table, notes_name=notes_name) if rendering is Rendering.XLSX else table.to_csv()
