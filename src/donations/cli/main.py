"""The commands and their names."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import typer

from donations.cli import context
from donations.cli.accounts import account_app
from donations.cli.auditing import audit_app
from donations.cli.balances import balance_app
from donations.cli.certificates import certificates_app
from donations.cli.covering import coverage_command
from donations.cli.deciding import identity_app
from donations.cli.donors import donors_app, organisation_command
from donations.cli.failing import told
from donations.cli.importing import import_command, undo_command
from donations.cli.journals import journal_command
from donations.cli.months import month_app
from donations.cli.people import user_app
from donations.cli.publishing import publish_command, verify_public_command
from donations.cli.registering import appeal_app, migrate_command
from donations.cli.reporting import check_command, dump_command, report_command
from donations.cli.reviewing import answer_command, questions_command, unanswer_command, why_command
from donations.cli.rights import rights_app
from donations.cli.serving import demo_command, serve_command
from donations.cli.show import complain, fail
from donations.cli.tax_list import inf4_app
from donations.cli.tokens import token_app

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
    try:
        app(standalone_mode=True)
    except SystemExit as ending:
        sys.exit(_printed(ending))
    except Exception as error:
        if os.environ.get("DONATIONS_DEBUG"):
            raise
        sys.exit(_tell(error))
    finally:
        context.close()


def _printed(ending: SystemExit) -> Any:
    """Return the exit status once all is really printed: a full disk shows only then."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return _tell(error)
    return ending.code


def _tell(error: Exception) -> int:
    code, message, status = told(error)
    try:
        fail(code, message, json_wanted="--json" in sys.argv, status=status)
    except typer.Exit:
        pass
    except OSError:  # what was to be printed is in the way of saying so
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - until the end, which would print it again
        complain(code, message)
    return status
