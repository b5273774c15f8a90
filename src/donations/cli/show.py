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

from donations.core.language import N_
from donations.core.money import Currency, Minor
from donations.core.payment import Purpose
from donations.reports.words import PURPOSES
from donations.views import formats
from donations.views.language import gettext
from donations.views.payment import OtherSide
from donations.views.value import Money, written_amount

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def money(minor: Minor | None, currency: str) -> str:
    """Return `12 345,60 €`; a dash where there is no figure."""
    return "–" if minor is None else written_amount(minor, Currency(currency))


def as_json(document: Any) -> None:
    """Print one JSON document on standard output."""
    is_plain = sys.stdout.encoding.lower() not in {"utf-8", "utf8"}
    typer.echo(json.dumps(document, ensure_ascii=is_plain, indent=2, default=str))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Print a table under headings of ours, in the reader's language; payers' text in it is data, never markup."""
    shown = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        shown.add_column(gettext(column), justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row))
    console.print(shown)


def told(said: str, **values: object) -> str:
    """Return a text of ours in the reader's language, its places filled."""
    text = gettext(said)
    return text.format(**values) if values else text


def say(said: str, **values: object) -> None:
    """Print a sentence of ours in the reader's language, its places filled."""
    show_line(told(said, **values))


def show_line(text: str) -> None:
    """Print what is told already, or what is no sentence of ours."""
    console.print(Text(text), soft_wrap=True)


def complain(code: str, message: str) -> None:
    """Say on standard error what is not as it should be."""
    errors.print(Text(f"{message} ({code})"), soft_wrap=True)


account_text = formats.account
NUMBER = N_("No.")
NO_ACCOUNTS = N_("No accounts yet. Register the first: donations account add IBAN --name NAME")
UNCHANGED = N_("Nothing was changed: this was a dry run.")


def money_text(shown: Money | None) -> str:
    """Return an amount as people read it; a dash where there is no figure."""
    return "–" if shown is None else money(shown.minor, shown.currency)


def sums_text(sums: Sequence[Money]) -> str:
    """Return sums of several currencies in a row; nothing is nought euros."""
    return ", ".join(map(money_text, sums)) or money(0, "EUR")


def purpose_text(purpose: Purpose) -> str:
    """Return what a payment was for, as a word within a sentence."""
    return told(PURPOSES[purpose].phrase.said).lower()


def other_account(side: OtherSide) -> str:
    """Return the other side's account number in words: cash and fees have none."""
    if not side.account:
        return told(N_("no account"))
    return (
        account_text(side.account)
        if side.account_is_valid
        else told(N_("{account} (not a valid IBAN)"), account=side.account)
    )
