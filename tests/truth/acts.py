"""What people do with the files and the books, in an order that comes from the seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random

from tests.truth.cuts import is_orderly, make_downloads
from tests.truth.values import Download, World
from tests.truth.world import make_world


class ActKind(StrEnum):
    """Kinds of acts; `number` says on what."""

    IMPORT = "import"
    PREVIEW = "preview"
    UNDO = "undo"
    COMPARE = "compare"
    """With fresh books that took the same files in another order."""
    AGAIN = "again"
    """Every file that is in is imported once more."""
    ANSWER = "answer"
    """So many open questions are answered as a treasurer does who knows the truth."""
    MERGE = "merge"
    APART = "apart"
    HOLD = "hold"
    ERASE = "erase"
    CLOSE = "close"
    ISSUE = "issue"
    KEEP_LIST = "keep_list"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Act:
    """One step."""

    kind: ActKind
    number: int = 0

    def __str__(self) -> str:
        """Name it."""
        return f"{self.kind.value} {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Everything that happens to a world's books; `is_late` where all of it happens long after."""

    world: World
    downloads: tuple[Download, ...]
    acts: tuple[Act, ...]
    is_late: bool = False


def make_script(seed: int, *, themes: tuple[str, ...] | None = None, contradicts: bool | None = None) -> Script:
    """Return the script of a seed."""
    world = make_world(seed, themes=themes, contradicts=contradicts)
    random = Random(f"acts {seed}")
    downloads = make_downloads(world)
    order = [each.key for each in downloads]
    if random.random() < 0.4:
        random.shuffle(order)
    split = max(1, round(len(order) * (1 if is_orderly(world) else random.uniform(0.3, 1))))
    acts = [*_files_only(random, order[:split]), Act(ActKind.COMPARE), *_people(random, world, order[split:])]
    return Script(world=world, downloads=downloads, acts=tuple(acts), is_late=random.random() < 0.5)


def _files_only(random: Random, order: list[int]) -> Iterator[Act]:
    taken: list[int] = []
    for key in order:
        if random.random() < 0.2:
            yield Act(ActKind.PREVIEW, key)
        yield Act(ActKind.IMPORT, key)
        taken.append(key)
        if random.random() < 0.2:
            gone = random.choice(taken)
            yield Act(ActKind.UNDO, gone)
            if random.random() < 0.7:
                yield Act(ActKind.IMPORT, gone)
            else:
                taken.remove(gone)
        if random.random() < 0.1:
            yield Act(ActKind.AGAIN)
        if not taken:
            yield Act(ActKind.IMPORT, key)
            taken.append(key)


def _people(random: Random, world: World, rest: list[int]) -> Iterator[Act]:
    """Yield what people say, with the rest of the files in between, and at the end the papers."""
    wishes = [Act(ActKind.ANSWER, random.randint(1, 4)) for _ in range(random.randint(1, 3))]
    people = [each.key for each in world.people]
    several = [each.key for each in world.people if len(each.ibans) > 1 or len(each.names) > 1] or people
    if random.random() < 0.5:
        wishes += [Act(ActKind.MERGE, person) for person in several[:4]]
    for kind, share in ((ActKind.ERASE, 0.3), (ActKind.HOLD, 0.2)):
        if random.random() < share:
            wishes.append(Act(kind, random.choice(people)))
    if random.random() < 0.3:
        wishes.append(Act(ActKind.APART))
    random.shuffle(wishes)
    files = [Act(ActKind.IMPORT, key) for key in rest]
    acts = [*wishes]
    for each in files:
        acts.insert(random.randint(0, len(acts)), each)
    papers = _papers(random, world)
    at = random.randint(len(acts) // 2, len(acts))
    yield from acts[:at]
    yield from papers
    yield from acts[at:]
    if random.random() < 0.3 and rest:
        yield Act(ActKind.UNDO, random.choice(rest))
    yield Act(ActKind.AGAIN)


def _papers(random: Random, world: World) -> list[Act]:
    if random.random() < 0.4 and not is_orderly(world):
        return []
    acts = [Act(ActKind.ANSWER, 100)] if random.random() < 0.8 else []
    acts += [Act(ActKind.CLOSE, month) for month in months_of(world.first_day, world.last_day)]
    acts += [Act(ActKind.KEEP_LIST), Act(ActKind.ISSUE), Act(ActKind.PUBLISH)]
    return acts


def months_of(first: date, last: date) -> list[int]:
    """Return the months of a period as 202603."""
    found = []
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append(year * 100 + month)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found
