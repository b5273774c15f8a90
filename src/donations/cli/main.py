"""The commands and their names."""

from __future__ import annotations

import typer

from donations.cli.importing import import_command, undo_command
from donations.cli.registering import account_app, appeal_app, balance_command, migrate_command
from donations.cli.reporting import check_command, coverage_command, dump_command, report_command
from donations.cli.reviewing import answer_command, questions_command, why_command
from donations.cli.serving import demo_command, serve_command

app = typer.Typer(
    help="Gifts that arrive by bank transfer: statements in, a proven donor ledger and reports out.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
app.add_typer(account_app, name="account")
app.add_typer(appeal_app, name="appeal")
app.command("import")(import_command)
app.command("questions")(questions_command)
app.command("answer")(answer_command)
app.command("why")(why_command)
app.command("undo")(undo_command)
app.command("balance")(balance_command)
app.command("report")(report_command)
app.command("coverage")(coverage_command)
app.command("check")(check_command)
app.command("dump")(dump_command)
app.command("serve")(serve_command)
app.command("demo")(demo_command)
app.command("migrate")(migrate_command)
