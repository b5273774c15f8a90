"""The smallest script with the same kind of fault: acts, files and movements are left out while it stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tests.truth.acts import Script
from tests.truth.judge.verdict import Verdict, Wrong
from tests.truth.play import Play
from tests.truth.values import Movement

Part = TypeVar("Part")
MOST_PLAYS = 150


def shrink(
    script: Script, wrong: Wrong, kinds_of: Callable[[Script], set[Wrong]], *, plays: int = MOST_PLAYS
) -> Script:
    """Return a smaller script of which `kinds_of` still says this kind of fault."""
    budget = [plays]

    def still(smaller: Script) -> bool:
        if budget[0] <= 0:
            return False
        budget[0] -= 1
        return wrong in kinds_of(smaller)

    while True:
        before = script
        script = _without(script, script.acts, lambda one, acts: replace(one, acts=acts), still)
        script = _without(script, script.downloads, lambda one, kept: replace(one, downloads=kept), still)
        script = _without(script, script.world.changes, _with_changes, still)
        script = _without(script, script.world.movements, _with_movements, still)
        if script == before or budget[0] <= 0:
            return script


def smallest(
    script: Script, wrong: Wrong, play: Callable[[Script], Play], *, plays: int = MOST_PLAYS
) -> tuple[Script, Verdict, list[str]]:
    """Return the smallest script with a kind of fault, only the faults of that kind, and what was done."""
    smaller = shrink(script, wrong, lambda one: play(one).verdict.kinds, plays=plays)
    played, only = play(smaller), Verdict()
    for fault, step in zip(played.verdict.faults, played.verdict.steps, strict=True):
        if fault.wrong is wrong:
            only.faults.append(fault)
            only.steps.append(step)
    return smaller, only, played.told


def _with_changes(script: Script, kept: tuple[object, ...]) -> Script:
    return replace(script, world=replace(script.world, changes=kept))  # type: ignore[arg-type]


def _with_movements(script: Script, kept: tuple[Movement, ...]) -> Script:
    """Leave movements out, with all that is about them and the other halves of transfers."""
    keys = {each.key for each in kept}
    while True:
        whole = tuple(each for each in kept if each.meaning.of is None or each.meaning.of in keys)
        if whole == kept:
            break
        kept, keys = whole, {each.key for each in whole}
    changes = tuple(each for each in script.world.changes if each.movement in keys)
    return replace(script, world=replace(script.world, movements=kept, changes=changes))


def _without(
    script: Script,
    parts: Sequence[Part],
    build: Callable[[Script, tuple[Part, ...]], Script],
    still: Callable[[Script], bool],
) -> Script:
    """Leave out halves, then quarters, down to single parts."""
    kept = tuple(parts)
    size = max(1, len(kept) // 2)
    while kept:
        at = 0
        while at < len(kept):
            smaller = build(script, kept[:at] + kept[at + size :])
            if still(smaller):
                script, kept = smaller, kept[:at] + kept[at + size :]
            else:
                at += size
        if size == 1:
            break
        size //= 2
    return script
