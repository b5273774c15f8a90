"""What fails is told here: a code, sentences and an exit status; no traceback, whose values could name people."""

from __future__ import annotations

import errno
import sys
from typing import Any

import typer
from typer.exceptions import TyperException

from donations.cli.show import as_json, told
from donations.core.language import N_
from donations.core.refusal import Refusal, RefusalKind
from donations.core.refusals import AnswerCode, BooksCode, DonorCode, RequestCode, RunningCode
from donations.core.texts import LINE_MAX, text_refused
from donations.store.place import foreseen
from donations.views.language import gettext

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
            code, facts = RunningCode.BAD_USAGE, {"what": error.format_message().rstrip(".")}
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
    return {"error": {**refusal.told(gettext).document(), "problems": []}}


def tell(error: Exception, *, json_wanted: bool) -> int:
    """Say why a command ended, and return its exit status. Raises `OSError` where even that cannot be printed."""
    refusal = refusal_of(error)
    if json_wanted:
        as_json(document_of(refusal))
        sys.stdout.flush()
    else:
        typer.echo(sentences(error), err=True)
    return status_of(refusal)


def sentences(error: Exception) -> str:
    """Return what people are told on the terminal."""
    refusal = refusal_of(error)
    found = refusal.told(gettext)
    parts = [found.what, found.money, found.remedy]
    if refusal.code in COMMANDS:
        parts.append(told(N_("See: {command}"), command=COMMANDS[refusal.code]))
    if refusal.code is RequestCode.INTERNAL:
        parts.append(told(N_("{kind}; DONATIONS_DEBUG=1 shows more."), kind=type(error).__name__))
    return f"{' '.join(parts)} ({found.code})"
