"""`donations month`: look at a month, close it, open the newest closed one again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer

from donations.acts.closing import ClosingProspect, close, prospect, reopen
from donations.acts.proving import proofs
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import UNCHANGED, account_text, as_json, money, say, told
from donations.core.calendar import Month, day_of
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_month
from donations.ledger.figures import Figure, added
from donations.ledger.obstacles import Obstacle, ObstacleKind, read
from donations.reports.day_words import DAYS
from donations.reports.obstacle_words import SaidObstacle, said_obstacles, was_said
from donations.store.months.closings import Closing, standing_closings
from donations.store.months.corrections import changes, count_corrections
from donations.store.session import ReadSession, as_reader
from donations.views.formats import PLAIN_TELLER
from donations.views.month import FIGURES, ClosingView, MonthView, closing_view, month_view

month_app = typer.Typer(no_args_is_help=True)

Wanted = Annotated[str, typer.Argument(metavar="YYYY-MM")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Kept, and shown on every report of the month.")]

Reasons = Annotated[
    list[str] | None,
    typer.Option("--reason", metavar="[NUMBER=]TEXT", help="Why something in the way is set aside; kept and shown."),
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
    with context.reader() as session:
        ahead, ways = _ahead(session, wanted)
        closing = standing_closings(session, first_day=wanted.first_day, last_day=wanted.last_day).get(wanted)
        after = [] if closing is None else [closing]
        corrections = sum(count_corrections(session, after).values())
        since = added(each.sums for many in changes(session, after).values() for each in many)
    if json:
        shut = None if closing is None else _closing_view(closing)
        as_json(_month_view(ahead, ways, closing=shut, corrections=corrections, since=since).document())
        return
    _show(ahead if closing is None else closing, ways if closing is None else ())
    for name in sorted(since):
        number = str(since[name]) if name.what == "gifts" else money(since[name], name.currency)
        say(N_("Corrected since: {of} {what} by {change}"), of=name.of, what=_figure(name), change=number)


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
    wanted = typed_month(month)
    if dry_run:
        with context.reader() as session:
            ahead, ways = _ahead(session, wanted)
        if json:
            as_json({"is_preview": True, **_month_view(ahead, ways).document()})
        else:
            _show(ahead, ways)
            say(UNCHANGED)
        return
    with context.writer() as session:
        ahead = prospect(as_reader(session), wanted, today=_today())
        written = _reasons(reason or [], ahead.obstacles)
        closing = close(
            session,
            wanted,
            by=context.person(),
            now=context.now(),
            today=_today(),
            reasons=lambda obstacle: written.get(obstacle.key, ""),
        )
    if json:
        as_json({"is_preview": False, **_closing_view(closing).document()})
    else:
        say(N_("{month} is closed. Its fingerprint: {digest}"), month=wanted, digest=closing.digest)


@month_app.command("reopen")
def reopen_command(month: Wanted, *, reason: Reason, json: Json = False) -> None:
    """Open the newest closed month again; the closing stays in the history."""
    wanted = typed_month(month)
    with context.writer() as session:
        reopen(session, wanted, by=context.person(), now=context.now(), reason=reason)
    if json:
        as_json({"month": str(wanted), "closing": None})
    else:
        say(N_("{month} is open again."), month=wanted)


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


def _ahead(session: ReadSession, wanted: Month) -> tuple[ClosingProspect, tuple[SaidObstacle, ...]]:
    known = proofs(session)
    ahead = prospect(session, wanted, today=_today(), proved=known)
    return ahead, said_obstacles(session, ahead.obstacles, known, account_text)


def _show(found: ClosingProspect | Closing, ways: Sequence[SaidObstacle]) -> None:
    for account in found.figures.accounts:
        say(
            N_("{account}: in {money_in}, out {money_out}, closing {closing}, {proof}"),
            account=account_text(account.account),
            money_in=money(account.money_in, account.currency),
            money_out=money(account.money_out, account.currency),
            closing=money(account.closing, account.currency),
            proof=PLAIN_TELLER.tell(DAYS[account.proof].phrase),
        )
    for appeal in found.figures.appeals:
        given, counts = money(appeal.given, appeal.currency), {"gifts": appeal.gifts, "donors": appeal.donors}
        say(N_("{appeal}: {sum} in {gifts} gifts of {donors} donors"), appeal=appeal.name, sum=given, **counts)
    if isinstance(found, Closing):
        closed = N_("{month} was closed by {person}. Its fingerprint: {digest}")
        say(closed, month=found.month, person=found.seal.by, digest=found.digest)
        for each in read(found.seal.reason):
            way = PLAIN_TELLER.tell(was_said(each))
            say(N_("Closed all the same with {obstacle}, because: {reason}"), obstacle=way, reason=each.reason)
        if not found.seal.reason:
            say(N_("Nothing was in the way."))
    for number, each_way in enumerate(ways, 1):
        words = f"{PLAIN_TELLER.tell(each_way.told)}{_hint(each_way.obstacle)}"
        say(N_("In the way, {number}: {obstacle}"), number=number, obstacle=words)


def _figure(name: Figure) -> str:
    return told(FIGURES[name.what]).lower()


def _hint(each: Obstacle) -> str:
    if each.kind not in _HINTS:
        return ""
    moved = "" if each.transfer is None else each.transfer.side.payment
    command = _HINTS[each.kind].format(
        account=each.account, first_day=each.first_day, last_day=each.last_day, month=each.month, payment=moved
    )
    return " " + told(N_("See: {command}"), command=command)


def _month_view(ahead: ClosingProspect, ways: Sequence[SaidObstacle], **more: Any) -> MonthView:
    return month_view(ahead.month, ahead.figures, [(way.obstacle, PLAIN_TELLER.tell(way.told)) for way in ways], **more)


def _closing_view(closing: Closing) -> ClosingView:
    return closing_view(closing, [(each, PLAIN_TELLER.tell(was_said(each))) for each in read(closing.seal.reason)])
