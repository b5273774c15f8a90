"""`donations month`: look at a month, close it, open the newest closed one again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from donations.acts.closing import close, prospect, reopen
from donations.acts.promise import promise_of, refuse_outdated
from donations.cli import context
from donations.cli.importing import AsShown
from donations.cli.show import (
    UNCHANGED,
    Json,
    account_text,
    as_json,
    money,
    money_text,
    print_mark,
    print_translated,
    translated,
)
from donations.core.calendar import Month, day_of
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_month
from donations.ledger.figures import FIGURES
from donations.ledger.obstacles import Obstacle, ObstacleKind
from donations.reports.months_of_year import closing_shown, month_shown
from donations.reports.words import DAYS
from donations.store.session import as_reader
from donations.views.formats import PLAIN_TELLER
from donations.views.month import ClosingView, MonthView, ObstacleView

month_app = typer.Typer(no_args_is_help=True)

Wanted = Annotated[str, typer.Argument(metavar="YYYY-MM")]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help=N_("Kept, and shown on every report of the month."))
]

Reasons = Annotated[
    list[str] | None,
    typer.Option(
        "--reason", metavar="[NUMBER=]TEXT", help=N_("Why something in the way is set aside; kept and shown.")
    ),
]

_HINTS = {
    ObstacleKind.NO_STATEMENT: "donations import FILE",
    ObstacleKind.EARLIER_OPEN: "donations month close {month}",
    ObstacleKind.DAYS_BROKEN: "donations coverage",
    ObstacleKind.DAYS_MISSING: "donations import FILE",
    ObstacleKind.DAYS_NOT_OVER: "donations import FILE",
    ObstacleKind.DAYS_UNCHANGED: "donations account quiet {account} {first_day} {last_day}",
    ObstacleKind.DAYS_UNPROVEN: "donations balance {account} {last_day} AMOUNT",
    ObstacleKind.TRANSFER_LATE: "donations why {payment}",
    ObstacleKind.QUESTIONS_OPEN: "donations questions",
    ObstacleKind.STATEMENTS_DISAGREE: "donations questions",
}


@month_app.command("show")
def show_command(month: Wanted, *, json: Json = False) -> None:
    """Show what a month comes to, what is in the way of closing it, or what came after it was closed."""
    wanted = typed_month(month)
    found = _month(wanted)
    if json:
        as_json(found.document())
        return
    _show(found)
    for each in found.changed:
        moved = str(each.change) if isinstance(each.change, int) else money_text(each.change)
        of, what = each.appeal or account_text(each.account), translated(FIGURES[each.what]).lower()
        print_translated(N_("Corrected since: {of} {what} by {change}"), of=of, what=what, change=moved)


@month_app.command("close")
def close_command(
    month: Wanted,
    *,
    reason: Reasons = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Show what would be frozen; change nothing."))] = False,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Freeze the figures of a month that is over, proven and answered.

    Whatever is in the way needs a reason of its own: --reason TEXT where it is one thing, else --reason 1=TEXT with the
    numbers of `donations month show`, once for each.
    """
    wanted = typed_month(month)
    if dry_run:
        found = _month(wanted)
        with context.reader() as session:
            promised = promise_of(prospect(session, wanted, today=_today()))
        if json:
            as_json({"is_preview": True, **found.document(), "promised": promised})
        else:
            _show(found)
            print_translated(UNCHANGED)
            print_mark(promised)
        return
    with context.writer() as session:
        ahead = prospect(as_reader(session), wanted, today=_today())
        refuse_outdated(as_shown, ahead)  # before the reasons, which name what was shown
        written = _reasons(reason or [], ahead.obstacles)
        closing = close(
            session,
            wanted,
            by=context.person(),
            now=context.now(),
            today=_today(),
            reasons=lambda obstacle: written.get(obstacle.key, ""),
            promised=as_shown,
        )
    if json:
        as_json({"is_preview": False, **closing_shown(closing, PLAIN_TELLER).document()})
    else:
        print_translated(N_("{month} is closed. Its fingerprint: {digest}"), month=wanted, digest=closing.digest)


@month_app.command("reopen")
def reopen_command(month: Wanted, *, reason: Reason, json: Json = False) -> None:
    """Open the newest closed month again; the closing stays in the history."""
    wanted = typed_month(month)
    with context.writer() as session:
        reopen(session, wanted, by=context.person(), now=context.now(), reason=reason)
    if json:
        as_json({"month": str(wanted), "closing": None})
    else:
        print_translated(N_("{month} is open again."), month=wanted)


def _reasons(written: Sequence[str], obstacles: Sequence[Obstacle]) -> dict[str, str]:
    """Return the reasons by what they set aside."""
    found: dict[str, str] = {}
    for each in written:
        number, equals, text = each.partition("=")
        if equals and number.strip().isdecimal():
            at = int(number)
        elif len(obstacles) <= 1:
            at, text = 1, each
        else:
            raise Refusal(BooksCode.REASON_NEEDS_NUMBER, count=len(obstacles))
        if 1 <= at <= len(obstacles):
            found[obstacles[at - 1].key] = text
    return found


def _today() -> date:
    return day_of(context.now())


def _month(wanted: Month) -> MonthView:
    with context.reader() as session:
        return month_shown(session, wanted, PLAIN_TELLER, today=_today())


def _show(found: MonthView) -> None:
    figures = found.figures if found.closing is None else found.closing.figures
    for account in figures["accounts"]:
        print_translated(
            N_("{account}: in {money_in}, out {money_out}, closing {closing}, {proof}"),
            account=account_text(account["account"]),
            proof=PLAIN_TELLER.tell(DAYS[account["proof"]].phrase),
            **{name: money(account[name], account["currency"]) for name in ("money_in", "money_out", "closing")},
        )
    for appeal in figures["appeals"]:
        given, counts = money(appeal["given"], appeal["currency"]), {name: appeal[name] for name in ("gifts", "donors")}
        print_translated(
            N_("{appeal}: {sum} in {gifts} gifts of {donors} donors"), appeal=appeal["name"], sum=given, **counts
        )
    if found.closing is not None:
        _show_closing(found.closing)
        return
    for number, way in enumerate(found.obstacles, 1):
        print_translated(N_("In the way, {number}: {obstacle}"), number=number, obstacle=f"{way.words}{_hint(way)}")


def _show_closing(closing: ClosingView) -> None:
    closed = N_("{month} was closed by {person}. Its fingerprint: {digest}")
    print_translated(closed, month=closing.month, person=closing.by, digest=closing.digest)
    for each in closing.set_aside:
        print_translated(
            N_("Closed all the same with {obstacle}, because: {reason}"), obstacle=each.words, reason=each.reason
        )
    if not closing.set_aside:
        print_translated(N_("Nothing was in the way."))


def _hint(way: ObstacleView) -> str:
    hint = _HINTS.get(way.kind)
    return "" if hint is None else " " + translated(N_("See: {command}"), command=hint.format_map(dict(way)))
