"""What blocks were given for: sums by appeal, where each of them and the rest may stand beside all that was told.

A block whose parts may not be told waits for the end of the year: then the blocks that wait are told together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from donations.core.calendar import Month
from donations.core.donor import AppealId
from donations.core.money import Minor
from donations.published.blocks import BlockDraft, Rules, together
from donations.published.document import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDisclosure:
    """What one or more blocks were given for, told as one; each part and the rest hide everybody."""

    blocks: tuple[int, ...]
    """Their numbers."""
    draft: BlockDraft
    """All that these blocks counted."""
    shown: tuple[AppealId, ...]
    """The largest first; everything else is the rest."""
    _known: dict[tuple[frozenset[AppealId], bool], BlockDraft] = field(default_factory=dict, compare=False)
    """Sums that were asked for before: each later telling asks again."""

    @property
    def parts(self) -> tuple[tuple[AppealId, Minor], ...]:
        """The sums that are shown."""
        return tuple((appeal, self.of({appeal}).minor) for appeal in self.shown)

    @property
    def rest(self) -> Minor:
        """Everything else."""
        return self.but(self.shown).minor

    def of(self, appeals: Collection[AppealId]) -> BlockDraft:
        """Return what was given for these."""
        return self._sum(frozenset(appeals), is_of=True)

    def but(self, appeals: Collection[AppealId]) -> BlockDraft:
        """Return what was given for anything else."""
        return self._sum(frozenset(appeals), is_of=False)

    def _sum(self, appeals: frozenset[AppealId], *, is_of: bool) -> BlockDraft:
        if (appeals, is_of) not in self._known:
            given = {key: minor for key, minor in self.draft.given.items() if (key[1] in appeals) is is_of}
            self._known[appeals, is_of] = replace(self.draft, given=given, kept_back=())
        return self._known[appeals, is_of]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedAppeals:
    """What all blocks up to one told by appeal, and what waits."""

    disclosed: tuple[AppealDisclosure, ...] = ()
    waiting: tuple[tuple[int, BlockDraft], ...] = ()
    """Blocks of which nothing is told by appeal, with their numbers."""

    @classmethod
    def of(cls, published: Sequence[tuple[Block, BlockDraft]], names: Mapping[AppealId, str]) -> DisclosedAppeals:
        """Return what these blocks told, all that were ever published, with what each of them counted."""
        drafts, told = {block.number: draft for block, draft in published}, list[AppealDisclosure]()
        for block, _ in published:
            if block.appeals:
                whole = _whole([(each, drafts[each]) for each in block.appeals_of or (block.number,)])
                told.append(replace(whole, shown=_shown_in(block, whole, names)))
        left = drafts.keys() - {number for each in told for number in each.blocks}
        return cls(disclosed=tuple(told), waiting=tuple((number, drafts[number]) for number in sorted(left)))

    def after(self, number: int, draft: BlockDraft, rules: Rules) -> tuple[DisclosedAppeals, AppealDisclosure | None]:
        """Return the state after one more block, and what that block tells by appeal.

        A block tells its own gifts. One with a December tells those of all blocks that wait, where that stands.
        """
        waiting = (*self.waiting, (number, draft))
        tries = [waiting] if any(month.ends_year for month in draft.months) else []
        for blocks in (*tries, waiting[-1:]):
            telling = self._telling(blocks, rules)
            if telling is not None:
                left = tuple(each for each in waiting if each not in blocks)
                return DisclosedAppeals(disclosed=(*self.disclosed, telling), waiting=left), telling
        return replace(self, waiting=waiting), None

    def _telling(self, blocks: tuple[tuple[int, BlockDraft], ...], rules: Rules) -> AppealDisclosure | None:
        """Return what these blocks tell together, or None where nothing can be told.

        Where the rest fails, the smallest appeals join it until it stands.
        """
        telling = _whole(blocks)
        known = {appeal for _, appeal in telling.draft.given if appeal is not None}
        largest_first = sorted(known, key=lambda appeal: (-telling.of({appeal}).minor, appeal))
        shown = [appeal for appeal in largest_first if self._part_stands(telling, appeal, rules)]
        while shown and not self._rest_stands(telling, shown, rules):
            shown.pop()
        is_all_of_it = len(shown) == 1 and not telling.but(shown).by_donor
        return None if not shown or is_all_of_it else replace(telling, shown=tuple(shown))

    def _part_stands(self, telling: AppealDisclosure, appeal: AppealId, rules: Rules) -> bool:
        part = telling.of({appeal})
        earlier = (each.of({appeal}) for each in reversed(self.disclosed) if appeal in each.shown)
        return rules.against_alone(part) is None and all(rules.against_change(part, each) is None for each in earlier)

    def _rest_stands(self, telling: AppealDisclosure, shown: Collection[AppealId], rules: Rules) -> bool:
        """Whether nothing can be told from the rest, nor from what remains besides what both showed of any before."""
        rest = telling.but(shown)
        if rest.by_donor and rules.against_alone(rest) is not None:
            return False
        both = ((each, frozenset(shown).intersection(each.shown)) for each in reversed(self.disclosed))
        return all(rules.against_change(telling.but(same), each.but(same)) is None for each, same in both if same)


def _shown_in(block: Block, whole: AppealDisclosure, names: Mapping[AppealId, str]) -> tuple[AppealId, ...]:
    """Return which appeals a block's parts are of: told by their sums, for what is published keeps a name of before.

    Where sums are alike the name decides, else all of them are taken as shown; and the name where sums were rounded.
    """
    found = dict[AppealId, None]()
    for part in block.appeals:
        alike = [appeal for appeal in names if whole.of({appeal}).minor == part.minor]
        named = [appeal for appeal in alike or names if names[appeal] == part.appeal]
        found |= dict.fromkeys(named or alike)
    return tuple(found)


def _whole(blocks: Sequence[tuple[int, BlockDraft]], shown: tuple[AppealId, ...] = ()) -> AppealDisclosure:
    months = tuple[Month, ...](month for _, draft in blocks for month in draft.months)
    whole = BlockDraft(months=months, given=together(draft.given for _, draft in blocks))
    return AppealDisclosure(blocks=tuple(number for number, _ in blocks), draft=whole, shown=shown)
