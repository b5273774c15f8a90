"""`donations month`: look at a month, close it, open the newest closed one again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer

from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import account_text, as_json, fail, money, say
from donations.closing import CannotCloseError, Prospect, close, prospect, reopen
from donations.core.day import day_of
from donations.core.month import BadMonthError, Month
from donations.ledger.figures import added
from donations.ledger.obstacles import Obstacle, ObstacleKind
from donations.store.months.closings import Closing, standing_closings
from donations.store.months.corrections import changes, count_corrections

month_app = typer.Typer(no_args_is_help=True, help="Close months: figures are frozen, what comes later corrects them.")

Wanted = Annotated[str, typer.Argument(metavar="YYYY-MM")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Kept, and shown on every report of the month.")]

_SAID = {
    ObstacleKind.CLOSED_ALREADY: "It is closed.",
    ObstacleKind.NOT_OVER: "It is not over yet.",
    ObstacleKind.NO_STATEMENT: "No statement of it is in the books: donations import FILE",
    ObstacleKind.EARLIER_OPEN: "{month} comes first: donations month close {month}",
    ObstacleKind.DAYS_BROKEN: "{account}: the bank's balances contradict the lines, see: donations coverage",
    ObstacleKind.DAYS_MISSING: "{account}: statements of some days are missing, see: donations coverage",
    ObstacleKind.DAYS_UNPROVEN: "{account}: no balance of the bank proves it yet, see: donations coverage",
    ObstacleKind.QUESTIONS_OPEN: "Payments that have money without a purpose: {count}, see: donations questions",
    ObstacleKind.STATEMENTS_DISAGREE: "Payments that statements disagree on: {count}, see: donations questions",
}


@month_app.command("show")
def show_command(month: Wanted, *, json: Json = False) -> None:
    """Show what a month comes to, what is in the way of closing it, or what came after it was closed."""
    wanted = _month(month, json=json)
    with context.reader() as session:
        ahead = prospect(session, wanted, today=_today())
        closing = standing_closings(session, first_day=wanted.first_day, last_day=wanted.last_day).get(wanted)
        after = [] if closing is None else [closing]
        corrections = sum(count_corrections(session, after).values())
        since = added(each.sums for many in changes(session, after).values() for each in many)
    if json:
        changed = [
            {"of": name.of, "currency": name.currency, "what": name.what, "change": since[name]} for name in since
        ]
        as_json(
            {**_prospect_json(ahead), "closing": _closing_json(closing), "corrections": corrections, "changed": changed}
        )
        return
    _show(ahead if closing is None else closing, ahead.obstacles if closing is None else ())
    for name in sorted(since):
        number = str(since[name]) if name.what == "gifts" else money(since[name], name.currency)
        say(f"Corrected since: {name.of} {name.what} by {number}")


@month_app.command("close")
def close_command(
    month: Wanted,
    *,
    reason: Reason = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be frozen; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Freeze the figures of a month that is over, proven and answered; or with a written reason."""
    wanted = _month(month, json=json)
    if dry_run:
        with context.reader() as session:
            ahead = prospect(session, wanted, today=_today())
        if json:
            as_json(_prospect_json(ahead))
        else:
            _show(ahead, ahead.obstacles)
            say("Nothing was changed: this was a dry run.")
        return
    try:
        with context.writer() as session:
            closing = close(session, wanted, by=context.person(), now=context.now(), today=_today(), reason=reason)
    except CannotCloseError as error:
        fail(error.code, f"{error} See: donations month show {wanted}", json_wanted=json, status=1)
    if json:
        as_json({"closing": _closing_json(closing)})
    else:
        say(f"{wanted} is closed. Its fingerprint: {closing.digest}")


@month_app.command("reopen")
def reopen_command(month: Wanted, *, reason: Reason, json: Json = False) -> None:
    """Open the newest closed month again; the closing stays in the history."""
    wanted = _month(month, json=json)
    with context.writer() as session:
        reopen(session, wanted, by=context.person(), now=context.now(), reason=reason)
    if json:
        as_json({"month": str(wanted), "closing": None})
    else:
        say(f"{wanted} is open again.")


def _month(text: str, *, json: bool) -> Month:
    try:
        return Month.parse(text)
    except BadMonthError:
        fail("bad_month", "Write the month like 2026-10.", json_wanted=json)


def _today() -> date:
    return day_of(context.now())


def _show(found: Prospect | Closing, obstacles: Sequence[Obstacle]) -> None:
    for account in found.figures.accounts:
        moved = f"in {money(account.money_in, account.currency)}, out {money(account.money_out, account.currency)}"
        closing = money(account.closing, account.currency)
        say(f"{account_text(account.account)}: {moved}, closing {closing}, {account.proof.value}")
    for appeal in found.figures.appeals:
        given = money(appeal.given, appeal.currency)
        say(f"{appeal.name}: {given} in {appeal.gifts} gifts of {appeal.donors} donors")
    if isinstance(found, Closing):
        say(f"{found.month} was closed by {found.seal.by}. Its fingerprint: {found.digest}")
        say(f"Closed all the same, because: {found.seal.reason}" if found.seal.reason else "Nothing was in the way.")
    for each in obstacles:
        said = _SAID[each.kind].format(account=account_text(each.account), count=each.count, month=each.month)
        say(f"In the way: {said}")


def _prospect_json(ahead: Prospect) -> dict[str, Any]:
    return {
        "month": str(ahead.month),
        "figures": ahead.figures.document(),
        "obstacles": [
            {"kind": each.kind.value, "account": each.account, "count": each.count, "final": each.is_final}
            for each in ahead.obstacles
        ],
    }


def _closing_json(closing: Closing | None) -> dict[str, Any] | None:
    if closing is None:
        return None
    seal = closing.seal
    return {
        "month": str(closing.month),
        "by": seal.by,
        "at": seal.at.isoformat(),
        "reason": seal.reason,
        "figures": closing.figures.document(),
        "before": seal.before,
        "digest": closing.digest,
    }
