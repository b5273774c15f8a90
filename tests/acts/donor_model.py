"""A model of who is one donor and what people said, which shares no code with the program: sets of texts, joined."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

Pair = tuple[str, str]
"""An account and a name."""
Node = Pair | str
"""A pair, or a code."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as it really is; no two have one amount."""

    minor: int
    on: str
    pair: Pair
    code: str = ""

    @property
    def month(self) -> int:
        """The month that it is booked in."""
        return int(self.on[:2])


@dataclass(slots=True)
class Model:
    """What the active files show, and what people said."""

    payments: tuple[Paid, ...]
    active: dict[tuple[int, bool], int] = field(default_factory=dict)
    """Months imported, with codes or without, each with its import."""
    pins: list[frozenset[Node]] = field(default_factory=list)
    """What a donor was known by when a person said who it is."""
    merged: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By the number of the merge: two pins that are one."""
    two: dict[tuple[int, int], bool] = field(default_factory=dict)
    """Pins that are two; True where it was said so, False where a merge was taken apart."""
    given: dict[Pair, int] = field(default_factory=dict)
    """Pairs that pay for the donor of a pin, by a person's word."""
    erased: list[int] = field(default_factory=list)
    """Pins that asked to be forgotten."""

    def shown(self) -> dict[Paid, str]:
        """Return the payments that count, each with the code that the bank gives in some file."""
        found: dict[Paid, str] = {}
        for month, with_codes in self.active:
            for each in self.payments:
                if each.month == month:
                    found[each] = found.get(each) or (each.code if with_codes else "")
        return found

    def pin(self, known: frozenset[Node]) -> int:
        """Let what a donor is known by stay together, but who only pays for it."""
        self.pins.append(known - set(self.given))
        return len(self.pins) - 1

    def groups(self) -> tuple[dict[Node, frozenset[Node]], set[tuple[Pair, str]]]:
        """Return each node with all that is one donor with it, and the links that a person's word refuses."""
        sets = [set(pin) - set(self.given) for pin in self.pins]
        holders = [{index} for index in range(len(sets))]
        for pair, pin in self.given.items():
            sets[pin].add(pair)

        def join(one: int, other: int) -> None:
            if one != other:
                sets[one] |= sets[other]
                holders[one] |= holders[other]
                sets[other], holders[other] = set(), set()

        def at(node: Node) -> int:
            for index, own in enumerate(sets):
                if node in own:
                    return index
            sets.append({node})
            holders.append(set())
            return len(sets) - 1

        for _ in sets:  # once more for each, as joined sets meet further ones
            for one in range(len(sets)):
                for other in range(one + 1, len(sets)):
                    if sets[one] & sets[other]:
                        join(one, other)
        for pins in self.merged.values():
            join(*(next(index for index, own in enumerate(holders) if pin in own) for pin in pins))
        refused = set()
        for pair, code in self._links():
            one, other = at(pair), at(code)
            foes = [(a, b) for a, b in self.two if {a, b} <= holders[one] | holders[other]]
            if one != other and any({a, b} & holders[one] and {a, b} & holders[other] for a, b in foes):
                refused.add((pair, code))
            else:
                join(one, other)
        for each, code in self.shown().items():
            at(each.pair)
            at(code or each.pair)
        return {node: frozenset(own) for own in sets for node in own}, refused

    def payer_of(self, payment: Paid) -> Node | None:
        """Return who gives: a code, else an account with a name; None where several could be meant."""
        code, pair = self.shown()[payment], payment.pair
        if pair in self.given or (pair, code) in self.groups()[1]:
            return pair
        if any(each == pair for each, _ in self.groups()[1]):
            return pair
        return code or (pair if len(self._codes()[pair]) < 2 else None)

    def hidden(self) -> set[str]:
        """Return the names of those who asked to be forgotten, and of whoever is one with them.

        Who pays for them by a person's word is somebody else.
        """
        groups, _ = self.groups()
        gone = {node for pin in self.erased for own in self.pins[pin] for node in groups.get(own, frozenset({own}))}
        return {node[1] for node in gone if isinstance(node, tuple) and node not in self.given}

    def _links(self) -> list[tuple[Pair, str]]:
        stated = {(each.pair, code) for each, code in self.shown().items() if code and each.pair not in self.given}
        codes = self._codes()
        return sorted((each for each in stated if len(codes[each[0]]) == 1), key=lambda each: (each[0], each[1]))

    def _codes(self) -> dict[Pair, set[str]]:
        codes: defaultdict[Pair, set[str]] = defaultdict(set)
        for each, code in self.shown().items():
            codes[each.pair] |= {code} - {""}
        for pin in self.pins:
            for node in pin:
                if isinstance(node, tuple) and node not in self.given:
                    codes[node] |= {other for other in pin if isinstance(other, str)}
        return codes
