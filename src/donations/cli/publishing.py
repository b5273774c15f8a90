"""`donations publish` and `donations verify-public`: let the public see more, and check what it sees."""

from __future__ import annotations

import json as json_text
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import typer

from donations.acts.promise import promise_of
from donations.acts.publishing import WHY_STOPPED, PublishingProspect, prospect, publish
from donations.acts.registering import name_to_give_out
from donations.cli import context
from donations.cli.importing import AsShown
from donations.cli.show import UNCHANGED, Json, as_json, money, print_mark, print_translated, translated, worded
from donations.core.language import N_, Sentence
from donations.core.money import EUR
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.published.blocks import WHY_FOLDED
from donations.published.document import block_complaints
from donations.views.value import money as shown

BYTES_MAX = 10_000_000
_SECONDS = 30


def publish_command(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Show what the public would see; change nothing."))
    ] = False,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Let the public see the closed months that may be shown. What is published never changes."""
    if dry_run:
        with context.reader() as session:
            organisation = name_to_give_out(session, configured=context.settings().organisation)
            ahead = prospect(session, organisation=organisation, now=context.now())
    else:
        with context.writer() as session:
            organisation = context.name_given_out(session)
            ahead = publish(
                session, organisation=organisation, by=context.person(), now=context.now(), promised=as_shown
            )
    if json:
        as_json({"is_preview": dry_run, **ahead.snapshot.document(), "promised": promise_of(ahead)})
        return
    _show(ahead)
    print_translated(UNCHANGED if dry_run else N_("Published."))
    if dry_run:
        print_mark(promise_of(ahead))


def verify_public_command(
    source: Annotated[str, typer.Argument(metavar="URL|FILE", help=N_("transparency.json, or where it is."))],
    *,
    knew: Annotated[
        str, typer.Option("--knew", metavar="SHA256", help=N_("A fingerprint kept from an earlier time."))
    ] = "",
    json: Json = False,
) -> None:
    """Check that published figures add up and that no block was changed after it was published."""
    found = _document(source)
    wrong = block_complaints(found)
    if knew and not wrong and knew not in {each["sha256"] for each in found["blocks"]}:
        wrong = [Sentence.of(N_("no block has the fingerprint that you knew: what was published is another thing now"))]
    if wrong:
        raise Refusal(BooksCode.PUBLIC_FIGURES_BROKEN, what="; ".join(map(worded, wrong)))
    blocks, total = found["blocks"], found["total_cents"]
    newest = blocks[-1]["sha256"] if blocks else ""
    if json:
        as_json({"blocks": len(blocks), "total": shown(total, EUR).document(), "newest_sha256": newest})
        return
    holds = N_("It holds: {count} blocks, {sum}, each chained to the one before.")
    print_translated(holds, count=len(blocks), sum=money(total, EUR))
    if newest:
        print_translated(N_("Keep the newest fingerprint to compare with later: {newest}"), newest=newest)


def _show(ahead: PublishingProspect) -> None:
    for each in ahead.new:
        block = each.block
        print_translated(
            N_("{first_day} to {last_day}: {sum} of at least {count} donors"),
            first_day=block.first_day,
            last_day=block.last_day,
            sum=money(block.minor, EUR),
            count=block.donors,
        )
        for held in each.draft.kept_back:
            joined = N_("  joined with what follows {month}: {reason}")
            like = {"months": f"{held.like[0]}–{held.like[1]}" if held.like else ""}
            print_translated(joined, month=held.month, reason=translated(WHY_FOLDED[held.why]) % like)
    waiting, building = ahead.plan.waiting, ahead.plan.building
    if waiting is not None:
        print_translated(N_("One late: {first} to {last}"), first=waiting.months[0], last=waiting.months[-1])
    if building is not None:
        print_translated(
            N_("Cannot be shown yet: {first} to {last}"), first=building.months[0], last=building.months[-1]
        )
    if ahead.stop is not None:
        stopped = N_("Not considered from {month} on: {reason}")
        print_translated(stopped, month=ahead.stop.month, reason=translated(WHY_STOPPED[ahead.stop.kind]))


def _document(source: str) -> dict[str, Any]:
    try:
        content = _fetched(source) if "://" in source else Path(source).read_bytes()[: BYTES_MAX + 1]
    except (OSError, ValueError, HTTPException) as error:
        raise Refusal(BooksCode.CANNOT_READ, cause=type(error).__name__) from None
    try:
        found = json_text.loads(content) if len(content) <= BYTES_MAX else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refusal(BooksCode.NOT_PUBLIC_FIGURES)
    return found


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: what was asked for is what is checked."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Refuse."""


def _fetched(address: str) -> bytes:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname or "")):
        raise ValueError
    if not parts.path.endswith(".json"):
        address = f"{address.rstrip('/')}/transparency.json"
    asked = Request(address, headers={"Accept": "application/json"})  # noqa: S310 - the scheme is checked above
    with build_opener(_Stay()).open(asked, timeout=_SECONDS) as answer:
        content: bytes = answer.read(BYTES_MAX + 1)
    return content


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
