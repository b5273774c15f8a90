"""`donations identity`: a person's word on which lines are the same payment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from donations.acts.pairing import apart, ask_again, bring_back, differ, leave_out, redated, same
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import as_json, say
from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.store.ids import ID_MAX
from donations.store.session import WriteSession
from donations.store.statements.findings import parted_payments
from donations.views.disagreement import left_out_views

identity_app = typer.Typer(no_args_is_help=True)

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


@identity_app.command("two")
def two_command(
    payment: Payment,
    other: Payment,
    *,
    take_back: Annotated[bool, typer.Option("--take-back", help="Take it back: the question is asked again.")] = False,
    json: Json = False,
) -> None:
    """Say that two payments are two, whatever reference of the bank they share."""
    one, two = PaymentId(payment), PaymentId(other)
    by, now = context.person(), context.now()
    done = "Taken back." if take_back else f"Payments {payment} and {other} are two."
    with _deciding(json=json, done=done) as session:
        if take_back:
            ask_again(session, one, two, by=by, now=now)
        else:
            differ(session, one, two, by=by, now=now)


@identity_app.command("redated")
def redated_command(payment: Payment, other: Payment, *, json: Json = False) -> None:
    """Say that two payments are one with another date: what the older statements show is left out."""
    with _deciding(json=json, done="What the older statements show is left out: donations identity list") as session:
        redated(session, PaymentId(payment), PaymentId(other), by=context.person(), now=context.now())


@identity_app.command("leave-out")
def leave_out_command(
    payment: Payment, *, reason: Annotated[str, typer.Option(metavar="TEXT")], json: Json = False
) -> None:
    """Say that a payment is none, for instance because the bank shows it again with another date."""
    if not reason.strip():
        raise Refusal(AnswerCode.REASON_MISSING)
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
    """Show what is left out, and which payments a person said are two."""
    with context.reader() as session:
        two = sorted(sorted(pair) for pair in parted_payments(session))
        left_out = left_out_views(session)
    if json:
        as_json({"items": [each.document() for each in left_out], "two": two})
        return
    if not left_out:
        say("Nothing is left out.")
    for each in left_out:
        say(f"{each.id}. payment {each.payment_id}: {each.reason} ({each.by})")
    for one, other in two:
        say(f"Payments {one} and {other} are two; take it back: donations identity two {one} {other} --take-back")


@contextmanager
def _deciding(*, json: bool, done: str) -> Iterator[WriteSession]:
    with context.writer() as session:
        yield session
    if json:
        as_json({"done": True})
    else:
        say(done)
