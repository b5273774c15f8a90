"""`donations identity`: a person's word on which lines are the same payment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import as_json, fail, say
from donations.core.payment import PaymentId
from donations.sameness import apart, bring_back, leave_out, same
from donations.store.ids import ID_MAX
from donations.store.session import WriteSession
from donations.store.statements.pairs import left_out_lines

identity_app = typer.Typer(
    no_args_is_help=True, help="Which lines are the same payment, where the statements leave doubt."
)

Payment = Annotated[int, typer.Argument(metavar="PAYMENT", min=1, max=ID_MAX)]


@identity_app.command("same")
def same_command(
    payment: Payment, other: Annotated[int, typer.Argument(metavar="PAYMENT")], *, json: Json = False
) -> None:
    """Say that two payments of one day and amount are one."""
    with _deciding(json=json, done=f"Payments {payment} and {other} are one.") as session:
        same(session, PaymentId(payment), PaymentId(other), by=context.person(), now=context.now())


@identity_app.command("apart")
def apart_command(payment: Payment, *, json: Json = False) -> None:
    """Say that the lines which attest a payment are each a payment of their own."""
    with _deciding(json=json, done=f"The lines of payment {payment} are counted apart.") as session:
        apart(session, PaymentId(payment), by=context.person(), now=context.now())


@identity_app.command("leave-out")
def leave_out_command(
    payment: Payment, *, reason: Annotated[str, typer.Option(metavar="TEXT")], json: Json = False
) -> None:
    """Say that a payment is none, for instance because the bank shows it again with another date."""
    if not reason.strip():
        fail("reason_needed", "Say why: --reason TEXT.", json_wanted=json)
    with _deciding(json=json, done=f"Payment {payment} is left out; see: donations identity list") as session:
        leave_out(session, PaymentId(payment), reason=reason, by=context.person(), now=context.now())


@identity_app.command("bring-back")
def bring_back_command(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="As `identity list` shows it.")], *, json: Json = False
) -> None:
    """Take leaving out back."""
    with _deciding(json=json, done="The line counts again.") as session:
        bring_back(session, number, by=context.person(), now=context.now())


@identity_app.command("list")
def list_command(*, json: Json = False) -> None:
    """Show what is left out."""
    with context.reader() as session:
        rows = [(row.id, row.payment_id, row.reason, row.decided_by) for row in left_out_lines(session)]
    if json:
        as_json({"left_out": [{"number": n, "payment": p, "reason": r, "by": by} for n, p, r, by in rows]})
    elif not rows:
        say("Nothing is left out.")
    for number, payment, reason, by in () if json else rows:
        say(f"{number}. payment {payment}: {reason} ({by})")


@contextmanager
def _deciding(*, json: bool, done: str) -> Iterator[WriteSession]:
    with context.writer() as session:
        yield session
    if json:
        as_json({"done": True})
    else:
        say(done)
