"""The commands and their names; what a command needs is imported when it is run, so that help comes at once."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from functools import partial
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from donations.core.language import N_, Language
from donations.views.language import gettext, speak

COMMANDS = {
    "account": ("accounts:account_app", N_("Your own bank accounts.")),
    "appeal": ("appeal_pages:appeal_app", N_("What is being collected for, and the keywords that name it.")),
    "identity": ("reviewing:identity_app", N_("Which lines are the same payment, where the statements leave doubt.")),
    "donors": (
        "donors:donors_app",
        N_("A donor, which donors are the same, a donor's letter, and donors who ask to be forgotten."),
    ),
    "organisation": (
        "organisation:organisation_command",
        N_("Show or say what your organisation is: its name and codes, what it shows, and what the law asks of it."),
    ),
    "month": ("months:month_app", N_("Close months: figures are frozen, what comes later corrects them.")),
    "user": ("people:user_app", N_("People who sign in to the pages, and what they may do.")),
    "changes": (
        "changes:changes_app",
        N_("What nobody changes alone: it waits until another person agrees, or all were told."),
    ),
    "token": ("people:token_app", N_("Tokens by which programs use the API in a person's name.")),
    "audit": ("people:audit_app", N_("Who did and looked at what, and whether that log holds.")),
    "import": (
        "importing:import_command",
        N_("Import bank statements: OFX, camt.053, camt.052 and CSV, chosen by their content, or ZIPs of them."),
    ),
    "dialect": (
        "dialects:dialect_app",
        N_("What people said of the columns of tables: list, export, import and drop it."),
    ),
    "watch": (
        "watching:watch_command",
        N_("Import what comes into a folder, until stopped; the files stay as they are."),
    ),
    "questions": ("reviewing:questions_command", N_("Show what needs a person, each with its reason and proposals.")),
    "answer": (
        "reviewing:answer_command",
        N_("Say what a payment was; what stood on it before is reversed, never erased."),
    ),
    "unanswer": (
        "reviewing:unanswer_command",
        N_("Take your answers on a payment back: the rules have the word again, or it becomes a question."),
    ),
    "why": (
        "reviewing:why_command",
        N_("Explain a payment: which lines of which files attest it, and who or what decided what it was for."),
    ),
    "undo": (
        "importing:undo_command",
        N_("Take an import back: the books are then as if the file had never come."),
    ),
    "balance": (
        "balances:balance_app",
        N_(
            "Balances that you read in the internet bank, to prove days whose files state none: balance IBAN DAY AMOUNT"
        ),
    ),
    "report": (
        "reporting:report_command",
        N_("Show a report of a year, a month, some days, or all time, or write it to a file."),
    ),
    "inf4": ("papers:inf4_app", N_("The working list for form INF 4; no file of the tax board.")),
    "certificates": ("papers:certificates_app", N_("Certificates of what donors gave in a year.")),
    "mail": ("mail:mail_app", N_("Mail to donors: the outbox; certificates, requests for codes and thanks.")),
    "thanks": ("mail:thanks_app", N_("Whom to thank, and that somebody did.")),
    "journal": (
        "papers:journal_command",
        N_("Write a month as bookings: CSV, XLSX, Merit with the accountant's numbers; or for hledger and beancount."),
    ),
    "coverage": (
        "balances:coverage_command",
        N_("Show the days of each account that are not proven, why, and what to download next."),
    ),
    "check": (
        "checking:check_command",
        N_(
            "Check every invariant of the books by name; exit status 1 if one is broken, or if there is nothing to"
            " check."
        ),
    ),
    "dump": (
        "checking:dump_command",
        N_("Print the canonical ledger: sorted JSON lines, whole minor units, no row numbers, no clocks."),
    ),
    "publish": (
        "publishing:publish_command",
        N_("Let the public see the closed months that may be shown. What is published never changes."),
    ),
    "verify-public": (
        "publishing:verify_public_command",
        N_("Check that published figures add up and that no block was changed after it was published."),
    ),
    "backup": (
        "copies:backup_command",
        N_("Write the whole books into one file, while anybody may work on; encrypted if you like."),
    ),
    "verify": (
        "copies:verify_command",
        N_("Restore a backup aside, and compare it with what it says of itself; exit status 1 where it differs."),
    ),
    "restore": ("copies:restore_command", N_("Make books from a backup, where there are none.")),
    "keys": (
        "keys:keys_app",
        N_("The key that seals secrets: where it is, whether it opens these books, another one."),
    ),
    "serve": (
        "serving:serve_command",
        N_(
            "Serve the pages until stopped (Ctrl-C, or the signals by which systems stop programs); that is exit"
            " status 0."
        ),
    ),
    "worker": (
        "working:worker_command",
        N_(
            "Do what the pages begin, as the PDFs of certificates, until stopped; and make a backup each day if you"
            " like."
        ),
    ),
    "demo": (
        "serving:demo_command",
        N_(
            "Show a made-up association that kept its books for two years, in a fresh database, and the pages over"
            " them."
        ),
    ),
    "config": ("config:config_command", N_("Show every setting: what holds now, and where it comes from.")),
    "readers": ("readers:readers_command", N_("Show which formats are read, and what reads them.")),
    "migrate": (
        "accounts:migrate_command",
        N_("Bring the database to the newest tables; does nothing where it is up to date."),
    ),
}
"""Each command's place in this room, and its help."""

LANGUAGE_VARIABLES = ("DONATIONS_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where the environment says which language people read, the weightiest first."""


class Commands(TyperGroup):
    """All commands: to be listed they are names with help, and to be run they are imported."""

    def __init__(self, **given: Any) -> None:
        """Begin with the names."""
        super().__init__(**given)
        self.commands.update({name: TyperCommand(name=name, help=said) for name, (_, said) in COMMANDS.items()})

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Say it in the reader's language."""
        in_language(self)
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Say it in the reader's language."""
        _format_usage(self, ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import the command that was named; the books that it opens are closed when it is over."""
        name, _, rest = super().resolve_command(ctx, args)
        found = command_named(str(name))
        ctx.call_on_close(_close_books)
        if not gc.isenabled():
            gc.freeze()  # what was imported stays to the end: nobody need look through it
            gc.enable()
        return name, found, rest


def _close_books() -> None:
    """Close what a command opened; one that opened nothing did not import what opens it."""
    if (context := sys.modules.get("donations.cli.context")) is not None:
        context.close()


def command_named(name: str) -> Any:
    """Import a command, or a group of commands."""
    place, said = COMMANDS[name]
    module, _, attribute = place.partition(":")
    found = getattr(import_module(f"donations.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        command: Any = get_group(found)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command()(found)
        command = get_command(alone)
    command.name, command.help = name, said
    in_language(command)
    return command


def in_language(command: Any) -> None:
    """Let a command's help be in the reader's language, with that of its options and of the commands in it."""
    for each in (command, *command.params):
        if each.help:
            each.help = gettext(each.help)
    command.short_help = command.help  # whole, on several lines where it needs them
    command.format_usage = partial(_format_usage, command)
    command.rich_markup_mode = None  # plain help needs a third of the time of one in boxes
    for each in getattr(command, "commands", {}).values():
        in_language(each)


def _format_usage(command: Any, ctx: Any, formatter: Any) -> None:
    command.options_metavar = gettext(N_("[OPTIONS]"))
    command.get_help_option(ctx).help = gettext("Show this message and exit.")
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=gettext(N_("Usage: ")))


app = typer.Typer(
    cls=Commands,
    help=N_("Gifts that arrive by bank transfer: statements in, a proven donor ledger and reports out."),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_OF_THE_LIBRARY = (
    *(N_("Arguments"), N_("Options"), N_("Commands"), N_("required"), N_("default: {default}"), N_("env var: {var}")),
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
"""What it says itself in every help, which is told in the reader's language too."""
typer.core._ = gettext  # type: ignore[attr-defined]


def _speak(language: Language | None) -> Language | None:
    """Speak a language from now on: the option is the setting, for this one command."""
    if language is not None:
        os.environ["DONATIONS_LANGUAGE"] = language
        speak(language)
    return language


def _tell_version(value: object) -> None:
    if value:
        from importlib.metadata import version  # noqa: PLC0415 - only needed to be told

        typer.echo(f"donations {version('donations')}")
        raise typer.Exit


@app.callback()
def begin(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help=N_("Show which version this is.")),
    ] = False,
    language: Annotated[
        Language | None,
        typer.Option(is_eager=True, callback=_speak, help=N_("What the terminal speaks; else as the computer does.")),
    ] = None,
) -> None:
    """Let what is said before the command count for all of them."""


def start() -> None:
    """Run a command as a program of its own: it looks for garbage once all is imported, and never at its end."""
    gc.disable()
    try:
        run()
    finally:
        gc.freeze()


def run() -> None:
    """Run a command; what fails is told without a traceback, whose values could name people."""
    os.umask(0o077)  # what a command makes is for its user alone: books, their log, keys, backups, reports
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a terminal cannot show is no reason to end
    _end_tidily()
    speak(_language_of_environment())
    json_wanted = "--json" in sys.argv
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()  # a full disk shows only then
    except Exception as error:
        if os.environ.get("DONATIONS_DEBUG"):
            raise
        status = _told(error, json_wanted=json_wanted)
    sys.exit(status)


def _end_tidily() -> None:
    """Let a signal by which systems stop programs unwind a command: it is rolled back, and no copy of books lies about.

    `nohup` says that the terminal's end is none; that stands.
    """
    if threading.current_thread() is threading.main_thread():
        for each in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(each) is signal.SIG_DFL:
                signal.signal(each, _end)


def _end(number: int, _: object) -> None:
    sys.exit(128 + number)


def _language_of_environment() -> Language:
    """Return the language of the first variable that is set: `et` of `et_EE.UTF-8`; English of any other."""
    found = next(filter(None, map(os.environ.get, LANGUAGE_VARIABLES)), "")
    code = found.partition(".")[0].partition("_")[0]
    return Language(code) if code in set(Language) else Language.ENGLISH


def _told(error: Exception, *, json_wanted: bool) -> int:
    from donations.cli.show import REFUSED, print_error  # noqa: PLC0415 - not needed where all goes well

    if isinstance(error, BrokenPipeError):  # who reads has read enough
        sys.stdout = _nowhere()
        return REFUSED
    try:
        return print_error(error, json_wanted=json_wanted)
    except OSError:  # what was to be printed is in the way of saying so
        sys.stdout = _nowhere()
        return print_error(error, json_wanted=False)


def _nowhere() -> TextIO:
    """Return what takes the rest of the output, which would be tried again at the very end."""
    return Path(os.devnull).open("w")
