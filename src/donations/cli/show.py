"""How results are shown: amounts as people read them, tables with rich, or one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from donations.core.iban import UnverifiedAccount, grouped, parse_iban
from donations.core.money import Currency, Minor, decimal_text
from donations.core.payment import Payment
from donations.core.statement import Detail

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

_NARROW_SPACE = "\N{NO-BREAK SPACE}"


def money(minor: Minor | None, currency: str) -> str:
    """Return `12 345,60 €`; a dash where there is no figure."""
    if minor is None:
        return "–"
    whole, mark, fraction = decimal_text(abs(minor), Currency(currency)).partition(".")
    grouped = f"{int(whole):,}".replace(",", _NARROW_SPACE)
    sign = "\N{MINUS SIGN}" if minor < 0 else ""
    unit = "€" if currency == "EUR" else currency
    return f"{sign}{grouped}{',' if mark else ''}{fraction}{_NARROW_SPACE}{unit}"


def as_json(document: Any) -> None:
    """Print one JSON document on standard output."""
    is_plain = sys.stdout.encoding.lower() not in {"utf-8", "utf8"}
    typer.echo(json.dumps(document, ensure_ascii=is_plain, indent=2, default=str))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Print a table; payers' text in it is data, never markup."""
    shown = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        shown.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row))
    console.print(shown)


def say(text: str) -> None:
    """Print a sentence for a person."""
    console.print(Text(text), soft_wrap=True)


def complain(code: str, message: str) -> None:
    """Say on standard error what is not as it should be."""
    errors.print(Text(f"{message} ({code})"), soft_wrap=True)


def account_text(number: str) -> str:
    """Return an account number in groups of four where it is a valid IBAN, else as it was written."""
    iban = parse_iban(number)
    return number if iban is None else grouped(iban)


def other_account(payment: Payment | Detail) -> str:
    """Return the other side's account in words: cash and fees have none."""
    match payment.counterparty.account:
        case None:
            return "no account"
        case UnverifiedAccount(text=text):
            return f"{text} (not a valid IBAN)"
        case iban:
            return grouped(iban)


def payment_json(payment: Payment) -> dict[str, Any]:
    """Return a payment as data."""
    party = payment.counterparty
    return {
        "payment": payment.id,
        "account": str(getattr(payment.account, "text", payment.account)),
        "booked_on": payment.booked_on.isoformat(),
        "minor": payment.money.signed_minor,
        "currency": payment.money.amount.currency,
        "name": party.name,
        "counterparty": str(getattr(party.account, "text", party.account or "")),
        "text": payment.text,
        "reference": payment.reference,
    }
