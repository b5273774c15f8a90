"""A fault as a small story: what is true, the files in their order, what was done, and what the books say."""

from __future__ import annotations

from collections.abc import Iterator

from tests.truth.acts import Script
from tests.truth.bank import Bank
from tests.truth.files import given_file
from tests.truth.judge.verdict import Verdict
from tests.truth.values import Change, Download, GivenFile, Movement

_MOST = 40
"""So many true movements are told; shrink for fewer."""


def tell(script: Script, verdict: Verdict, told: list[str] | None = None, *, lines: bool = False) -> str:
    """Return the story of a script; with `lines` every line of every file."""
    return "\n".join(_tell(script, verdict, told or [], lines=lines)) + "\n"


def _tell(script: Script, verdict: Verdict, told: list[str], *, lines: bool) -> Iterator[str]:
    world = script.world
    when = "all done long after" if script.is_late else "done as it happened"
    yield f"Seed {world.seed}, {world.first_day} to {world.last_day}, {', '.join(world.themes)}; {when}"
    for account in world.accounts:
        silent = ", no statements" if account.is_silent else ""
        yield f"  own account {account.iban} ({account.bank}{silent}) {_habits(account.habits)}"
    yield "True:"
    yield from (f"  {_movement(each)}" for each in world.movements[:_MOST])
    if len(world.movements) > _MOST:
        yield f"  and {len(world.movements) - _MOST} more"
    yield from (f"  {_change(each)}" for each in world.changes)
    yield "Files:"
    bank = Bank(world)
    for download in script.downloads:
        file = given_file(bank, download)
        yield f"  {file.name}: {_download(download)}"
        if lines:
            yield from _lines(file)
    yield f"Acts: {', '.join(map(str, script.acts))}"
    yield from (f"  {each}" for each in told)
    yield "Wrong:" if verdict.faults else "Nothing is wrong."
    yield from _faults(verdict)


def _faults(verdict: Verdict) -> Iterator[str]:
    """Tell each fault once, and how many are like it: a fault of a day is often one of a month."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for fault, step in zip(verdict.faults, verdict.steps, strict=True):
        alike.setdefault((step, fault.wrong.value, fault.told), []).append(fault.where)
    for (step, wrong, told), places in alike.items():
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        yield f"  after {step}: {wrong}: {places[0]}{more}: {told}"


def _habits(habits: object) -> str:
    shown = ("camt_ids", "csv_ids", "ofx_ids", "one_family", "csv_batches", "camt_batches", "gives_codes")
    return ", ".join(f"{name}={getattr(habits, name)}" for name in shown)


def _movement(one: Movement) -> str:
    party = one.party
    code = f" [{party.code}]" if party.code else ""
    behind = f" for {party.on_behalf_of}" if party.on_behalf_of else ""
    meaning = one.meaning.purpose.value + ("" if one.meaning.giver is None else f" of person {one.meaning.giver}")
    of = "" if one.meaning.of is None else f" (of movement {one.meaning.of})"
    batch = "" if one.batch is None else f" batch {one.batch}"
    amount = f"{one.minor / 100:+.2f} {one.currency}"
    who = f"{party.name}{code} {party.iban}{behind} {one.text!r}"
    return f"{one.key:3} …{one.account[-4:]} {one.at:%Y-%m-%d %H:%M} {amount} {who}: {meaning}{of}{batch}"


def _change(one: Change) -> str:
    what = {"payer": f"payer's account is {one.iban}", "text": f"text is {one.text!r}", "moved": f"{one.days:+} days"}
    return f"movement {one.movement} is shown otherwise from {one.since}: {what.get(one.kind.value, 'not any more')}"


def _download(one: Download) -> str:
    notes = [one.times.value]
    notes += ["no balances"] if not one.balances else []
    notes += [f"begins {one.begins_at}"] if one.begins_at else []
    notes += [f"batches {one.batches.value}"] if one.batches else []
    notes += ["balance of the day of download"] if one.balance_of_download and "ofx" in one.form.value else []
    period = f"{one.first_day} to {one.last_day}"
    return f"…{one.account[-4:]} {period}, made {one.made_at:%Y-%m-%d %H:%M} ({', '.join(notes)})"


def _lines(file: GivenFile) -> Iterator[str]:
    for each in file.statements:
        days, held = f"{each.first_day} to {each.last_day}", f"{each.opening} … {each.closing} on {each.closing_on}"
        yield f"      {days} {each.currency} {held}"
        for leaf in each.leaves:
            of = ", ".join(map(str, leaf.movements))
            who = f"{leaf.name} {leaf.iban} {leaf.text!r} {dict(leaf.ids)}"
            yield f"        {leaf.day} {leaf.minor / 100:+.2f} {who} shows {of}"
