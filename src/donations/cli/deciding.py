"""`donations identity`: a person's word on which lines are the same payment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from donations.acts.pairing import apart, ask_again, bring_back, differ, leave_out, redated, same
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import as_json, say, show_line, told
from donations.core.language import N_
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
    with _deciding(
        json=json, done=told(N_("Payments {one} and {other} are one."), one=payment, other=other)
    ) as session:
        same(session, PaymentId(payment), PaymentId(other), by=context.person(), now=context.now())


@identity_app.command("apart")
def apart_command(payment: Payment, *, json: Json = False) -> None:
    """Say that the lines which attest a payment are each a payment of their own."""
    with _deciding(
        json=json, done=told(N_("The lines of payment {number} are counted apart."), number=payment)
    ) as session:
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
    done = N_("Taken back.") if take_back else N_("Payments {one} and {other} are two.")
    with _deciding(json=json, done=told(done, one=payment, other=other)) as session:
        if take_back:
            ask_again(session, one, two, by=by, now=now)
        else:
            differ(session, one, two, by=by, now=now)


@identity_app.command("redated")
def redated_command(payment: Payment, other: Payment, *, json: Json = False) -> None:
    """Say that two payments are one with another date: what the older statements show is left out."""
    done = told(N_("What the older statements show is left out: donations identity list"))
    with _deciding(json=json, done=done) as session:
        redated(session, PaymentId(payment), PaymentId(other), by=context.person(), now=context.now())


@identity_app.command("leave-out")
def leave_out_command(
    payment: Payment, *, reason: Annotated[str, typer.Option(metavar="TEXT")], json: Json = False
) -> None:
    """Say that a payment is none, for instance because the bank shows it again with another date."""
    if not reason.strip():
        raise Refusal(AnswerCode.REASON_MISSING)
    done = told(N_("Payment {number} is left out; see: donations identity list"), number=payment)
    with _deciding(json=json, done=done) as session:
        leave_out(session, PaymentId(payment), reason=reason, by=context.person(), now=context.now())


@identity_app.command("bring-back")
def bring_back_command(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="As `identity list` shows it.")], *, json: Json = False
) -> None:
    """Take leaving out back."""
    with _deciding(json=json, done=told(N_("The line counts again."))) as session:
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
        say(N_("Nothing is left out."))
    for each in left_out:
        paid = told(N_("payment {number}"), number=each.payment_id)
        show_line(f"{each.id}. {paid}: {each.reason} ({each.by})")
    for one, other in two:
        say(
            N_("Payments {one} and {other} are two; take it back: donations identity two {one} {other} --take-back"),
            one=one,
            other=other,
        )


@contextmanager
def _deciding(*, json: bool, done: str) -> Iterator[WriteSession]:
    with context.writer() as session:
        yield session
    if json:
        as_json({"done": True})
    else:
        show_line(done)
