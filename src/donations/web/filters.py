"""How templates write values: as people read them in their language."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup, escape

from donations.core.language import N_
from donations.core.layout import bank_of_layout
from donations.core.statement import Proof
from donations.core.table_layout import TABLE_FORMAT
from donations.core.typed import typed_month
from donations.identity.proof import DayState
from donations.ledger.figures import FIGURES
from donations.reports.table import Note
from donations.reports.words import DAYS, SIGNS, OwnText, donor_called
from donations.views import formats
from donations.views.formats import TELLER
from donations.views.language import gettext
from donations.views.phrases import Phrase


def note(given: Note) -> str:
    """Return a report's note in the reader's language."""
    return TELLER.tell(given.phrase)


def in_language(given: Phrase | OwnText | None) -> str:
    """Return a sentence or a word of ours in the reader's language; nothing of none."""
    return "" if given is None else TELLER.tell(given.phrase if isinstance(given, OwnText) else given)


def donor_name(name: str, donor: int) -> str:
    """Return a donor's name; that of the anonymous one in the reader's language."""
    called = donor_called(donor, name)
    return in_language(called) if isinstance(called, OwnText) else called


def figure(what: str) -> str:
    """Return what a figure of a month counts, as a word."""
    return gettext(FIGURES[what])


def bdi(text: str) -> Markup:
    """Return a sentence with the names in it, which its teller kept apart, in elements of their own."""
    apart = escape(text).replace(formats.BEFORE_NAME, Markup("<bdi>"))
    return apart.replace(formats.AFTER_NAME, Markup("</bdi>"))


def month_of(value: str) -> str:
    """Return a month as `January 2026`; the value is `2026-01`."""
    return formats.month(typed_month(value).first_day)


def capital(text: str) -> str:
    """Return a heading or a sentence with a capital: Estonian and Russian write the names of months small."""
    return text[:1].upper() + text[1:]


def file_format(name: str) -> str:
    """Return what people call the format of a file: `CSV of LHV`, `camt.053`."""
    bank = bank_of_layout(name)
    if name == TABLE_FORMAT:
        return gettext(N_("table, as you said"))
    return gettext("CSV of {bank}").format(bank=bank) if bank else name


def state(value: str) -> str:
    """Return what is known of days, by its code, as a word."""
    return in_language(DAYS[_state(value)])


def sign(value: str) -> str:
    """Return the sign of what is known of days, for who does not see colours."""
    return SIGNS[_state(value)]


def _state(value: str) -> DayState:
    """Return the state of a code; what is known of a whole statement has two of its own names."""
    return DayState.CONFLICT if value == Proof.BROKEN else DayState(value)


FILTERS: dict[str, Callable[..., str]] = {
    "amount": formats.amount,
    "round_amount": formats.round_amount,
    "bare_amount": formats.bare_amount,
    "change": formats.change,
    "day": formats.day,
    "month": formats.month,
    "month_short": formats.month_short,
    "months": formats.months,
    "capital": capital,
    "file_format": file_format,
    "days": formats.days,
    "moment": formats.moment,
    "account": formats.account,
    "note": note,
    "in_language": in_language,
    "bdi": bdi,
    "donor_name": donor_name,
    "figure": figure,
    "month_of": month_of,
    "state": state,
    "sign": sign,
}
