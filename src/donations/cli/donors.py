"""`donations donors` and `organisation`: who is the same, and whose code names nobody."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import as_json, say
from donations.core.donor import DonorId
from donations.core.person_code import RegistryCode, parse_code
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.knowing.merging import MergeResult, merge, take_apart
from donations.matching.payer import is_registry_code
from donations.naming import call, called
from donations.registering import NewOwnCode, register
from donations.reports.duplicates import Duplicate, duplicates, pairs_alike
from donations.store.donors.merges import merges_of
from donations.store.donors.own_codes import own_codes
from donations.store.ids import ID_MAX
from donations.store.session import as_reader
from donations.views.donor import LikePair, MergeView
from donations.views.value import ListOf, Named

donors_app = typer.Typer(
    no_args_is_help=True, help="Which donors are the same, a donor's letter, and donors who ask to be forgotten."
)

Donor = Annotated[int, typer.Argument(metavar="DONOR", min=1, max=ID_MAX)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what it would come to.")]


@donors_app.command("alike")
def alike_command(*, json: Json = False) -> None:
    """Show the donors who may be one, the surest pairs first."""
    with context.reader() as session:
        found = duplicates(session, pairs_alike(session), year=context.now().year)
    if json:
        as_json(ListOf(items=list(map(_pair, found))).document())
    elif not found:
        say("No two donors look like one.")
    for pair in () if json else found:
        say(f"{pair.goes.id} {pair.goes.name} = {pair.stays.id} {pair.stays.name}? ({pair.likeness})")


@donors_app.command("merge")
def merge_command(
    donor: Donor,
    into: Annotated[int, typer.Argument(metavar="INTO", min=1, max=ID_MAX, help="The donor that stays.")],
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="How you know.")],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Let two donors be one; every gift keeps its amount and its day."""
    with context.writer(keep=not dry_run) as session:
        result = merge(
            session, DonorId(donor), into=DonorId(into), reason=reason, by=context.person(), now=context.now()
        )
        number = next(each.id for each in merges_of(as_reader(session), DonorId(into)))
    _show(result, number, is_kept=not dry_run, json=json)


@donors_app.command("apart")
def apart_command(
    number: Annotated[int, typer.Argument(metavar="MERGE", min=1, max=ID_MAX, help="As `donors merge` said it.")],
    *,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Take a merge apart; each gift goes back to the donor that it was booked for."""
    with context.writer(keep=not dry_run) as session:
        result = take_apart(session, number, by=context.person(), now=context.now())
    _show(result, number, is_kept=not dry_run, json=json)


def organisation_command(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="Your own registry code.")] = None,
    *,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What it is called, as the bank has it.")] = None,
    json: Json = False,
) -> None:
    """Show or say what your organisation is called, or register its code: in a donor's text it names no donor."""
    if name is not None:
        with context.writer() as session:
            call(session, name, by=context.person(), at=context.now())
    if code is not None:
        _register_code(code, json=json)
    elif json:
        as_json(_own())
    else:
        own = _own()
        say(f"{own['name']}, {', '.join(own['own_codes']) or 'no registry code'}")


def _own() -> dict[str, Any]:
    with context.reader() as session:
        name = called(session, said=context.settings().organisation)
        return {"name": name, "own_codes": sorted(own_codes(session))}


def _register_code(code: str, *, json: bool) -> None:
    parsed = parse_code(code)
    if not isinstance(parsed, str) or not is_registry_code(parsed):
        raise Refusal(DonorCode.BAD_CODE)
    with context.writer() as session:
        register(session, NewOwnCode(code=RegistryCode(parsed)), now=context.now())
        known = sorted(own_codes(as_reader(session)))
    if json:
        as_json({"own_codes": known})
    else:
        say("Kept, and all payments were judged again with it.")


def _show(result: MergeResult, number: int, *, is_kept: bool, json: bool) -> None:
    one, other = result.goes.donor, result.stays.donor
    found = MergeView(
        is_preview=not is_kept,
        id=number,
        donor=Named(id=one.id, name=one.name),
        into=Named(id=other.id, name=other.name),
        answered=result.became.answered,
        asked=result.became.asked,
    )
    if json:
        as_json(found.document())
        return
    say(f"{'' if is_kept else 'Nothing is kept. '}Merge {number}: {one.id} {one.name}, {other.id} {other.name}.")
    say(f"Questions answered by it: {found.answered}; that come up again: {found.asked}.")


def _pair(each: Duplicate) -> LikePair:
    goes, stays = (Named(id=donor.id, name=donor.name) for donor in (each.goes, each.stays))
    return LikePair(donor=goes, into=stays, likeness=each.likeness)
