"""The commands and their names."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

import typer

from donations.cli import context
from donations.cli.accounts import account_app, appeal_app, migrate_command
from donations.cli.auditing import audit_app
from donations.cli.balances import balance_app, coverage_command
from donations.cli.certificates import certificates_app
from donations.cli.deciding import identity_app
from donations.cli.donors import donors_app, organisation_command, rights_app
from donations.cli.failing import REFUSED, tell
from donations.cli.importing import import_command, undo_command
from donations.cli.journals import journal_command
from donations.cli.months import month_app
from donations.cli.people import token_app, user_app
from donations.cli.publishing import publish_command, verify_public_command
from donations.cli.reporting import check_command, dump_command, report_command
from donations.cli.reviewing import answer_command, questions_command, unanswer_command, why_command
from donations.cli.serving import demo_command, serve_command
from donations.cli.tax_list import inf4_app

app = typer.Typer(
    help="Gifts that arrive by bank transfer: statements in, a proven donor ledger and reports out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(account_app, name="account")
app.add_typer(appeal_app, name="appeal")
app.add_typer(identity_app, name="identity")
donors_app.add_typer(rights_app)
app.add_typer(donors_app, name="donors")
app.command("organisation")(organisation_command)
app.add_typer(month_app, name="month")
app.add_typer(user_app, name="user")
app.add_typer(token_app, name="token")
app.add_typer(audit_app, name="audit")
app.command("import")(import_command)
app.command("questions")(questions_command)
app.command("answer")(answer_command)
app.command("unanswer")(unanswer_command)
app.command("why")(why_command)
app.command("undo")(undo_command)
app.add_typer(balance_app, name="balance")
app.command("report")(report_command)
app.add_typer(inf4_app, name="inf4")
app.add_typer(certificates_app, name="certificates")
app.command("journal")(journal_command)
app.command("coverage")(coverage_command)
app.command("check")(check_command)
app.command("dump")(dump_command)
app.command("publish")(publish_command)
app.command("verify-public")(verify_public_command)
app.command("serve")(serve_command)
app.command("demo")(demo_command)
app.command("migrate")(migrate_command)


def run() -> None:
    """Run a command; what fails is told without a traceback, whose values could name people."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a terminal cannot show is no reason to end
    json_wanted = "--json" in sys.argv
    try:
        status = _status_of_command(json_wanted=json_wanted)
        sys.stdout.flush()  # a full disk shows only then
    except BrokenPipeError:  # who reads has read enough
        sys.stdout = _nowhere()
        status = REFUSED
    except Exception as error:
        if os.environ.get("DONATIONS_DEBUG"):
            raise
        status = _told(error, json_wanted=json_wanted)
    finally:
        context.close()
    sys.exit(status)


def _status_of_command(*, json_wanted: bool) -> Any:
    """Run it; what the parser refuses it shows people itself, with the usage, and a program is told as all else is."""
    try:
        return app(standalone_mode=not json_wanted)
    except SystemExit as ending:
        return ending.code


def _told(error: Exception, *, json_wanted: bool) -> int:
    try:
        return tell(error, json_wanted=json_wanted)
    except OSError:  # what was to be printed is in the way of saying so
        sys.stdout = _nowhere()
        return tell(error, json_wanted=False)


def _nowhere() -> TextIO:
    """Return what takes the rest of the output, which would be tried again at the very end."""
    return Path(os.devnull).open("w")
