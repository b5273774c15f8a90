"""How results are shown (amounts, tables, one JSON document), and failures: a code, sentences and an exit status."""

from __future__ import annotations

import errno
import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.exceptions import TyperException

from donations.acts.promise import mark_of
from donations.cli.unreadable import usage_of, what_is_unreadable
from donations.core.language import N_, Sentence
from donations.core.money import Currency, Minor
from donations.core.payment import Purpose
from donations.core.refusal import Refusal, RefusalKind
from donations.core.refusals import AnswerCode, BooksCode, DonorCode, RequestCode, RunningCode
from donations.core.typed import LINE_MAX, text_refused
from donations.reports.words import PURPOSES
from donations.store.place import foreseen
from donations.views import formats
from donations.views.language import gettext
from donations.views.payment import OtherSide
from donations.views.value import Money, written_amount

Json = Annotated[bool, typer.Option("--json", help=N_("Print one JSON document and nothing else."))]
"""The option of every command that tells something."""
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
"""What a terminal obeys and does not show: a payer's text could rewrite what stands above it."""


def _inert(text: str) -> Text:
    """Return a text of anybody as data: no markup, and no commands for the terminal."""
    return Text(_COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text))


def money(minor: Minor | None, currency: str) -> str:
    """Return `12 345,60 €`; a dash where there is no figure."""
    return "–" if minor is None else written_amount(minor, Currency(currency))


def as_json(document: Any) -> None:
    """Print one JSON document on standard output."""
    is_plain = sys.stdout.encoding.lower() not in {"utf-8", "utf8"}
    said = json.dumps(document, ensure_ascii=is_plain, indent=2, default=str)
    typer.echo(_COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", said))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Print a table under headings of ours, in the reader's language; payers' text in it is data, never markup."""
    shown = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        shown.add_column(gettext(column), justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*map(_inert, row))
    console.print(shown)


def translated(said: str, **values: object) -> str:
    """Return a text of ours in the reader's language, its places filled."""
    text = gettext(said)
    return text.format(**values) if values else text


def worded(said: Sentence) -> str:
    """Return a sentence of the rules in the reader's language."""
    return translated(said.english, **dict(said.values))


def print_translated(said: str, **values: object) -> None:
    """Print a sentence of ours in the reader's language, its places filled."""
    show_line(translated(said, **values))


def show_line(text: str) -> None:
    """Print what is told already, or what is no sentence of ours."""
    console.print(_inert(text), soft_wrap=True)


def complain(code: str, message: str) -> None:
    """Say on standard error what is not as it should be."""
    errors.print(_inert(f"{message} ({code})"), soft_wrap=True)


account_text = formats.account
NUMBER = N_("No.")
NO_ACCOUNTS = N_("No accounts yet. Register the first: donations account add IBAN --name NAME")
UNCHANGED = N_("Nothing was changed: this was a dry run.")


def print_mark(promised: str) -> None:
    """Print by what the next command can be bound to what was shown."""
    print_translated(N_("To do exactly this, and nothing else: --as-shown {mark}"), mark=mark_of(promised))


def money_text(shown: Money | None) -> str:
    """Return an amount as people read it; a dash where there is no figure."""
    return "–" if shown is None else money(shown.minor, shown.currency)


def sums_text(sums: Sequence[Money]) -> str:
    """Return sums of several currencies in a row; nothing is nought euros."""
    return ", ".join(map(money_text, sums)) or money(0, "EUR")


def purpose_text(purpose: Purpose) -> str:
    """Return what a payment was for, as a word within a sentence."""
    return translated(PURPOSES[purpose].phrase.english).lower()


def other_account(side: OtherSide) -> str:
    """Return the other side's account number in words: cash and fees have none."""
    if not side.account:
        return translated(N_("no account"))
    return (
        account_text(side.account)
        if side.account_is_valid
        else translated(N_("{account} (not a valid IBAN)"), account=side.account)
    )


REFUSED, MISUSE, UNFORESEEN = 1, 2, 3
"""Exit statuses: the books or the computer are in the way; what was typed or set cannot be meant; nobody knows."""

_OF_KIND = {RefusalKind.WRONG_INPUT: MISUSE, RefusalKind.UNFORESEEN: UNFORESEEN}

COMMANDS = {
    AnswerCode.UNKNOWN_PAYMENT: "donations report gifts",
    AnswerCode.NO_SUCH_PROPOSAL: "donations questions",
    AnswerCode.PROPOSAL_OUTDATED: "donations questions",
    AnswerCode.UNKNOWN_LINE: "donations identity list",
    BooksCode.ORGANISATION_UNNAMED: "donations organisation --name NAME",
    BooksCode.ORGANISATION_DIFFERS: "donations organisation --name NAME",
    BooksCode.UNKNOWN_ACCOUNT: "donations account list",
    BooksCode.NOT_QUIET: "donations coverage",
    BooksCode.UNKNOWN_APPEAL: "donations appeal list",
    BooksCode.UNKNOWN_KEYWORD: "donations appeal list",
    BooksCode.CANNOT_CLOSE: "donations month show YYYY-MM",
    BooksCode.REASON_NEEDED: "donations month show YYYY-MM",
    BooksCode.BOOKS_BROKEN: "donations check",
    BooksCode.NOTHING_TO_ISSUE: "donations certificates list YEAR",
    BooksCode.UNKNOWN_CERTIFICATE: "donations certificates list YEAR",
    BooksCode.NOTHING_TO_LIST: "donations inf4 list YEAR",
    DonorCode.UNKNOWN_DONOR: "donations report donors",
    DonorCode.DONOR_STILL_NEEDED: "donations donors export DONOR",
}
"""Where the terminal shows what a remedy tells people to look at."""


def refusal_of(error: Exception) -> Refusal:
    """Return the refusal that ended a command, or what an exception means that somebody foresaw."""
    code, facts = foreseen(error) or RequestCode.INTERNAL, dict[str, str]()
    match error:
        case Refusal():
            return error
        case TyperException():
            code, facts = RunningCode.BAD_USAGE, {"what": what_is_unreadable(error)}
        case UnicodeEncodeError():
            return text_refused("command", LINE_MAX)
        case OSError(errno=errno.ENOSPC):
            code = RunningCode.STORAGE_FULL
        case OSError():
            code, facts = RunningCode.FILE_SYSTEM, {"cause": str(error.strerror)}
        case ModuleNotFoundError(name="psycopg"):
            code = RunningCode.NO_DRIVER
        case _:
            pass
    return Refusal(code, **facts)


def status_of(refusal: Refusal) -> int:
    """Return the exit status."""
    return _OF_KIND.get(refusal.code.kind, REFUSED)


def document_of(refusal: Refusal) -> dict[str, Any]:
    """Return the refusal as `--json` shows it: as the API does, but for what only HTTP knows."""
    return {"error": {**refusal.translated(gettext).document(), "problems": []}}


def print_error(error: Exception, *, json_wanted: bool) -> int:
    """Say why a command ended, and return its exit status. Raises `OSError` where even that cannot be printed."""
    refusal = refusal_of(error)
    if json_wanted:
        as_json(document_of(refusal))
        sys.stdout.flush()
    else:
        typer.echo("\n".join(filter(None, [usage_of(error), sentences(error)])), err=True)
    return status_of(refusal)


def sentences(error: Exception) -> str:
    """Return what people are told on the terminal."""
    refusal = refusal_of(error)
    found = refusal.translated(gettext)
    parts = [found.what, found.money, found.remedy]
    if refusal.code in COMMANDS:
        parts.append(translated(N_("See: {command}"), command=COMMANDS[refusal.code]))
    if refusal.code is RequestCode.INTERNAL:
        parts.append(translated(N_("{kind}; DONATIONS_DEBUG=1 shows more."), kind=type(error).__name__))
    return f"{' '.join(parts)} ({found.code})"
