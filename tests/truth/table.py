"""What came out of many seeds, as a table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.truth.judge.verdict import Verdict, Wrong

_EXAMPLES = 3


@dataclass(slots=True)
class Tally:
    """Verdicts of many seeds, added up."""

    seeds: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    seeds_with: Counter[Wrong] = field(default_factory=Counter)
    faults: Counter[Wrong] = field(default_factory=Counter)
    examples: defaultdict[Wrong, list[str]] = field(default_factory=lambda: defaultdict(list))
    seeds_with_faults: int = 0

    def add(self, seed: int, verdict: Verdict) -> None:
        """Add one seed's verdict."""
        self.seeds += 1
        self.counts += verdict.counts
        self.seeds_with_faults += bool(verdict.faults)
        for wrong in verdict.kinds:
            self.seeds_with[wrong] += 1
        for fault, step in zip(verdict.faults, verdict.steps, strict=True):
            self.faults[fault.wrong] += 1
            if len(self.examples[fault.wrong]) < _EXAMPLES:
                self.examples[fault.wrong].append(f"seed {seed}, after {step}: {fault.where}: {fault.told}")

    def written(self) -> str:
        """Return the table as text."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.seeds} seeds, {self.seeds_with_faults} with something wrong and silent"
        yield ""
        yield f"{'wrong and silent':52} {'seeds':>6} {'faults':>7}"
        for wrong in Wrong:
            yield f"{wrong.value:52} {self.seeds_with[wrong]:6} {self.faults[wrong]:7}"
            yield from (f"    {each}" for each in self.examples[wrong])
        yield ""
        yield f"{'counted after each step':52} {'':6} {'times':>7}"
        for name, count in sorted(self.counts.items()):
            yield f"{name:52} {'':6} {count:7}"
