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
from donations.store.session import as_reader

month_app = typer.Typer(no_args_is_help=True, help="Close months: figures are frozen, what comes later corrects them.")

Wanted = Annotated[str, typer.Argument(metavar="YYYY-MM")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Kept, and shown on every report of the month.")]

Reasons = Annotated[
    list[str] | None,
    typer.Option("--reason", metavar="[NUMBER=]TEXT", help="Why something in the way is set aside; kept and shown."),
]

_SAID = {
    ObstacleKind.CLOSED_ALREADY: "It is closed.",
    ObstacleKind.NOT_OVER: "It is not over yet.",
    ObstacleKind.NO_STATEMENT: "No statement of it is in the books: donations import FILE",
    ObstacleKind.EARLIER_OPEN: "{month} comes first: donations month close {month}",
    ObstacleKind.DAYS_BROKEN: "{account}, {days}: something contradicts, see: donations coverage",
    ObstacleKind.DAYS_MISSING: "{account}, {days}: no statement covers these days, download them",
    ObstacleKind.DAYS_NOT_OVER: "{account}, {days}: statements cover it in part only, download it again",
    ObstacleKind.DAYS_UNCHANGED: "{account}, {days}: no statement, balance unchanged; download it, or confirm that"
    " nothing moved: donations account quiet {account} FIRST LAST",
    ObstacleKind.DAYS_UNPROVEN: "{account}, {days}: no balance of the bank proves it yet, see: donations coverage",
    ObstacleKind.TRANSFER_LATE: "{account}: {moved} of {days} is not on the other own account, whose statements are in",
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
    reason: Reasons = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be frozen; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Freeze the figures of a month that is over, proven and answered.

    Whatever is in the way needs a reason of its own: --reason TEXT where it is one thing, else --reason 1=TEXT with the
    numbers of `donations month show`, once for each.
    """
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
            ahead = prospect(as_reader(session), wanted, today=_today())
            written = _reasons(reason or [], ahead.obstacles, json=json)
            closing = close(
                session,
                wanted,
                by=context.person(),
                now=context.now(),
                today=_today(),
                reasons=lambda obstacle: written.get(obstacle.key, ""),
            )
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


def _reasons(written: Sequence[str], obstacles: Sequence[Obstacle], *, json: bool) -> dict[str, str]:
    """Return the reasons by what they set aside."""
    found: dict[str, str] = {}
    for each in written:
        number, equals, text = each.partition("=")
        if equals and number.strip().isdecimal():
            at = int(number)
        elif len(obstacles) <= 1:
            at, text = 1, each
        else:
            fail(
                "reason_needs_number",
                f"{len(obstacles)} things are in the way: write --reason 1=TEXT for each, see: donations month show",
                json_wanted=json,
            )
        if 1 <= at <= len(obstacles):
            found[obstacles[at - 1].key] = text
    return found


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
    for number, each in enumerate(obstacles, 1):
        say(f"In the way, {number}: {_told(each)}")


def _told(each: Obstacle) -> str:
    moved = "" if each.minor is None or each.currency is None else money(each.minor, each.currency)
    return _SAID[each.kind].format(
        account=account_text(each.account),
        days=f"{each.first_day} to {each.last_day}",
        moved=moved,
        count=each.count,
        month=each.month,
    )


def _prospect_json(ahead: Prospect) -> dict[str, Any]:
    return {
        "month": str(ahead.month),
        "figures": ahead.figures.document(),
        "obstacles": [
            {
                "kind": each.kind.value,
                "account": each.account,
                "first_day": each.first_day and each.first_day.isoformat(),
                "last_day": each.last_day and each.last_day.isoformat(),
                "count": each.count,
                "final": each.is_final,
            }
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
