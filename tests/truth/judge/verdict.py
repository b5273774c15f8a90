"""Verdicts: what is wrong and nobody was told of it, and counts of all that is right, asked or undecidable."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Wrong(StrEnum):
    """Kinds of faults: each is wrong in the books, and silent."""

    LOST = "payment lost"
    DOUBLED = "payment doubled"
    LOST_TOLD = "payment lost, and said"
    DOUBLED_TOLD = "payment doubled, and said"
    GUESSED = "undecidable, and called proven"
    PURPOSE = "booked for another purpose"
    DONOR = "booked for another donor"
    TWO_IN_ONE = "two people are one donor"
    ONE_IN_TWO = "one payer is two donors"
    NET = "what a donor gave is wrong"
    PROVEN_DENIED = "a proven day is not what happened"
    PROVEN_UNGROUNDED = "a day is proven by nothing"
    NOT_COVERED = "a day that no file covers is called covered"
    FALSE_CONFLICT = "true files are called a conflict"
    UNSAID = "files contradict each other, and nothing is said"
    CLOSABLE = "a month is closable that is not what happened"
    FIGURES = "a report says other figures than the ledger"
    TAX_LIST = "the list for the tax board is wrong"
    CERTIFICATE = "a certificate is wrong, or void without a reason"
    PUBLISHED = "a published figure is wrong"
    FROZEN = "a closed month changed"
    ERASED_SHOWN = "an erased name is shown"
    WORD_LOST = "what a person said has no effect any more"
    ORDER = "another order gives other books"
    UNDO = "an undone import left something"
    AGAIN = "importing again changed something"
    PREVIEW = "a preview kept something"
    CHECK = "an invariant is broken"
    REFUSED = "a true file is refused"
    STOPPED = "the product stopped"


TOLD = frozenset({Wrong.LOST_TOLD, Wrong.DOUBLED_TOLD})
"""Wrong where the files would tell what is right, but not silent: a finding or a conflict points at it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, found after a step."""

    wrong: Wrong
    where: str
    told: str

    def __str__(self) -> str:
        """Tell it in a line."""
        return f"{self.wrong.value}: {self.where}: {self.told}"


@dataclass(slots=True)
class Verdict:
    """All faults and counts of one script."""

    faults: list[Fault] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    """The step after which each fault was first seen."""
    counts: Counter[str] = field(default_factory=Counter)
    step: str = ""

    def blame(self, wrong: Wrong, where: object, told: str) -> None:
        """Note a fault, once for each place."""
        fault = Fault(wrong, str(where), told)
        if not any((each.wrong, each.where) == (wrong, fault.where) for each in self.faults):
            self.faults.append(fault)
            self.steps.append(self.step)

    @property
    def kinds(self) -> set[Wrong]:
        """What kinds of faults there are."""
        return {each.wrong for each in self.faults}
