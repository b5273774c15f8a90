"""What the public is shown, as values in one canonical text: blocks chained by digests, and what goes with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from donations.core.calendar import Month
from donations.core.canonical import canonical, digest
from donations.core.language import N_, Sentence
from donations.core.money import Minor


@dataclass(frozen=True, slots=True)
class Share:
    """What was spent on one category; euro cents, less than nothing where a correction outweighs it."""

    category: str
    minor: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSpending:
    """What was spent on these days, with the corrections of everything that was told before; euro cents."""

    first_day: date
    last_day: date
    minor: Minor
    categories: tuple[Share, ...]
    rest: Minor
    """What is in no category that may be shown by itself."""

    def document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "total_cents": self.minor,
            "categories": [{"name": each.category, "total_cents": each.minor} for each in self.categories],
            "other_cents": self.rest,
        }

    @classmethod
    def read(cls, found: dict[str, Any]) -> PublishedSpending:
        """Return the spending of a document."""
        return cls(
            first_day=date.fromisoformat(found["first_day"]),
            last_day=date.fromisoformat(found["last_day"]),
            minor=found["total_cents"],
            categories=tuple(Share(each["name"], each["total_cents"]) for each in found["categories"]),
            rest=found["other_cents"],
        )


def spending_complaints(blocks: Sequence[dict[str, Any]]) -> Iterator[Sentence]:
    """Yield what is wrong with the spending of published blocks: its sums, or days left out or told twice."""
    begins = None
    for block in blocks:
        found = block.get("spending")
        if found is None:
            continue
        number, told = block["number"], sum(each["total_cents"] for each in found["categories"]) + found["other_cents"]
        if told != found["total_cents"] and not block["is_rounded"]:
            yield Sentence.of(N_("the spending of block {block} does not add up to its total"), block=number)
        first_day, last_day = date.fromisoformat(found["first_day"]), date.fromisoformat(found["last_day"])
        if last_day < first_day or (begins is not None and first_day != begins):
            yield Sentence.of(
                N_("the spending of block {block} does not begin on the day after the spending told before it"),
                block=number,
            )
        if block.get("rule", 1) == 1:
            if found["last_day"] != block["last_day"]:
                yield Sentence.of(N_("the spending of block {block} does not end with the block"), block=number)
        elif not (
            block["first_day"] <= found["last_day"] <= block["last_day"] and found["last_day"].endswith("-12-31")
        ):
            yield Sentence.of(N_("the spending of block {block} does not end with a year in the block"), block=number)
        begins = last_day + timedelta(days=1)


SCHEMA = "donations-transparency/1"
RULE = 2
"""By which blocks are published now. By the first one, neighbours could differ by a single gift (docs/adr/0032)."""
LICENCE = "CC0-1.0"


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """What was given to one appeal; euro cents."""

    appeal: str
    minor: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Months published together, which never change; sums in euro cents, refunds taken off."""

    number: int
    """Counts from 1."""
    first_day: date
    last_day: date
    published_on: date
    minor: Minor
    donors: int
    """Who gave in it; from the second rule on at least so many, rounded down to fives."""
    donors_so_far: int
    """At least so many different ones up to here: rounded down to fives, or a single new one would show."""
    appeals: tuple[PublishedPart, ...] = ()
    """Empty where gifts to one appeal could be told from the sums."""
    rest: Minor = 0
    """Besides these appeals."""
    appeals_of: tuple[int, ...] = ()
    """The blocks, this one among them, whose gifts the appeals are of together; empty: this one's alone."""
    corrects: tuple[int, ...] = ()
    """Earlier blocks whose later corrections are a part of this one."""
    is_rounded: bool = False
    before: str
    """Digest of the block before this one; empty for the first."""
    spending: PublishedSpending | None = None
    """None where it is not published, or waits for a later block."""
    rule: int = 1
    """By which it was found that it may be published."""

    @property
    def months(self) -> tuple[Month, ...]:
        """Its months in a row."""
        found = [Month.of(self.first_day)]
        while found[-1].last_day < self.last_day:
            found.append(found[-1].next)
        return tuple(found)

    @property
    def monthly_minor(self) -> Minor:
        """What a month of it comes to on average, rounded down: by that blocks of any length can be drawn together."""
        return self.minor // len(self.months)

    def document(self) -> dict[str, Any]:
        """Return plain values for JSON: all that the digest covers."""
        parts = [{"name": part.appeal, "total_cents": part.minor} for part in self.appeals]
        together = {"blocks": list(self.appeals_of), "appeals": parts, "other_cents": self.rest}
        return {
            "number": self.number,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "published_on": self.published_on.isoformat(),
            "total_cents": self.minor,
            "donors_so_far_at_least": self.donors_so_far,
            "appeals": [] if self.appeals_of else parts,
            "other_appeals_cents": 0 if self.appeals_of else self.rest,
            "corrects_blocks": list(self.corrects),
            "is_rounded": self.is_rounded,
            "before_sha256": self.before,
            # No key where there is nothing, and none that came later: the blocks of all times keep their digests.
            **({"donors": self.donors} if self.rule == 1 else {"rule": self.rule, "donors_at_least": self.donors}),
            **({"appeals_of_blocks": together} if self.appeals_of else {}),
            **({} if self.spending is None else {"spending": self.spending.document()}),
        }

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical text, in hexadecimal."""
        return digest(self.document())

    @classmethod
    def read(cls, found: dict[str, Any]) -> Block:
        """Return the block of a document."""
        together = found.get("appeals_of_blocks", {})
        return cls(
            number=found["number"],
            first_day=date.fromisoformat(found["first_day"]),
            last_day=date.fromisoformat(found["last_day"]),
            published_on=date.fromisoformat(found["published_on"]),
            minor=found["total_cents"],
            donors=found["donors"] if "donors" in found else found["donors_at_least"],
            donors_so_far=found["donors_so_far_at_least"],
            appeals=tuple(
                PublishedPart(each["name"], each["total_cents"]) for each in together.get("appeals", found["appeals"])
            ),
            rest=together.get("other_cents", found["other_appeals_cents"]),
            appeals_of=tuple(together.get("blocks", ())),
            rule=found.get("rule", 1),
            corrects=tuple(found["corrects_blocks"]),
            is_rounded=found["is_rounded"],
            before=found["before_sha256"],
            spending=PublishedSpending.read(found["spending"]) if "spending" in found else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the organisation hopes for; it only moves with published blocks."""

    minor: Minor
    text: str
    since: date
    """Blocks that begin on this day or later count."""


@dataclass(frozen=True, slots=True)
class TransferWay:
    """What to write into a transfer so that the gift reaches an appeal."""

    appeal: str
    keyword: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToGive:
    """Where gifts go."""

    payee: str
    """Exactly as the bank has it: banks compare it."""
    iban: str
    ways: tuple[TransferWay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that any public page shows."""

    organisation: str
    donors_min: int
    """No block from now on has fewer donors."""
    agrees_until: date | None
    """The last day up to which the books agreed to the cent with every balance of the bank; None where they did not."""
    goal: Goal | None
    giving: HowToGive | None
    blocks: tuple[Block, ...]
    """Oldest first."""

    def document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        goal, giving = self.goal, self.giving
        return {
            "schema": SCHEMA,
            "licence": LICENCE,
            "organisation": self.organisation,
            "currency": "EUR",
            "donors_per_block_at_least": self.donors_min,
            "agrees_with_the_bank_until": None if self.agrees_until is None else self.agrees_until.isoformat(),
            "goal": None
            if goal is None
            else {"total_cents": goal.minor, "text": goal.text, "since": goal.since.isoformat()},
            "giving": None
            if giving is None
            else {
                "payee": giving.payee,
                "iban": giving.iban,
                "keywords": [{"appeal": way.appeal, "keyword": way.keyword} for way in giving.ways],
            },
            "total_cents": sum(block.minor for block in self.blocks),
            "blocks": [block.document() | {"sha256": block.digest} for block in self.blocks],
        }

    def written(self) -> str:
        """Return the canonical text."""
        return canonical(self.document())

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical text, in hexadecimal."""
        return digest(self.document())

    @classmethod
    def read(cls, found: dict[str, Any]) -> Snapshot:
        """Return the snapshot of a document."""
        goal, giving, until = found["goal"], found["giving"], found["agrees_with_the_bank_until"]
        return cls(
            organisation=found["organisation"],
            donors_min=found["donors_per_block_at_least"],
            agrees_until=None if until is None else date.fromisoformat(until),
            goal=None
            if goal is None
            else Goal(minor=goal["total_cents"], text=goal["text"], since=date.fromisoformat(goal["since"])),
            giving=None
            if giving is None
            else HowToGive(
                payee=giving["payee"],
                iban=giving["iban"],
                ways=tuple(TransferWay(each["appeal"], each["keyword"]) for each in giving["keywords"]),
            ),
            blocks=tuple(map(Block.read, found["blocks"])),
        )


def block_complaints(found: dict[str, Any]) -> list[Sentence]:
    """Return what is wrong with a published document: its schema, the chain of its blocks, or its sums."""
    if found.get("schema") != SCHEMA:
        return [Sentence.of(N_("the schema is not {schema}"), schema=SCHEMA)]
    try:
        return list(_complaints(found, found["blocks"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [Sentence.of(N_("it is incomplete or damaged ({error})"), error=type(error).__name__)]


def _complaints(found: dict[str, Any], blocks: Sequence[dict[str, Any]]) -> Iterator[Sentence]:
    before, begins = "", None
    for number, each in enumerate(blocks, start=1):
        own = {name: value for name, value in each.items() if name != "sha256"}
        first_day, last_day = date.fromisoformat(each["first_day"]), date.fromisoformat(each["last_day"])
        if each["number"] != number:
            yield Sentence.of(N_("block {block} is numbered {other}"), block=number, other=each["number"])
        if each["sha256"] != digest(own):
            yield Sentence.of(N_("block {block} was changed: its SHA-256 is another one"), block=number)
        if each["before_sha256"] != before:
            yield Sentence.of(N_("block {block} does not follow on the block before it"), block=number)
        if last_day < first_day or (begins is not None and first_day != begins):
            yield Sentence.of(N_("block {block} does not begin on the day after the block before it"), block=number)
        before, begins = each["sha256"], last_day + timedelta(days=1)
    if found["total_cents"] != sum(each["total_cents"] for each in blocks):
        yield Sentence.of(N_("the blocks do not add up to the total"))
    yield from _rule_complaints(blocks)
    yield from _appeal_complaints(blocks)
    yield from spending_complaints(blocks)


def _rule_complaints(blocks: Sequence[dict[str, Any]]) -> Iterator[Sentence]:
    newest = 1
    for block in blocks:
        number, rule = block["number"], block.get("rule", 1)
        if not newest <= rule <= RULE:
            yield Sentence.of(
                N_("block {block} is published by rule {rule} after rule {newest}"),
                block=number,
                rule=rule,
                newest=newest,
            )
        elif ("donors" in block) is (rule > 1) or block.get("donors_at_least", 0) % 5:
            yield Sentence.of(
                N_("block {block} tells its donors otherwise than rule {rule} does"), block=number, rule=rule
            )
        newest = max(newest, rule)


def _appeal_complaints(blocks: Sequence[dict[str, Any]]) -> Iterator[Sentence]:
    """Yield where parts are not what their blocks come to, or where a block's gifts are told apart twice."""
    totals = {block["number"]: block["total_cents"] for block in blocks}
    told: set[int] = set()
    for block in blocks:
        number, together = block["number"], block.get("appeals_of_blocks")
        parts, rest, of = block["appeals"], block["other_appeals_cents"], {number}
        if together is not None:
            parts, rest, of = together["appeals"], together["other_cents"], set(together["blocks"])
        if not parts or block["is_rounded"]:
            continue
        if sum(part["total_cents"] for part in parts) + rest != sum(totals.get(each, 0) for each in of):
            yield Sentence.of(N_("the appeals of block {block} do not add up to its total"), block=number)
        if max(of) > number or of & told:
            yield Sentence.of(N_("the appeals of block {block} are of blocks that do not wait for it"), block=number)
        told |= of
