"""Publishing: closed months become blocks that never change, and a snapshot of all that the public pages show."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from donations.acts.promise import refuse_outdated
from donations.acts.proving import Proved, agreed_until, proofs
from donations.acts.registering import refuse_placeholder
from donations.core.calendar import Month, day_of, months_between
from donations.core.donor import Appeal, AppealId, DonorId
from donations.core.iban import ibans_readable_in
from donations.core.language import N_
from donations.core.name import is_placeholder
from donations.core.progress import Tell, silent
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.spending import CategoryId
from donations.identity.proof import DayState
from donations.ledger.obstacles import ObstacleKind, read
from donations.published.appeals import AppealDisclosure, DisclosedAppeals
from donations.published.blocks import BlockDraft, Given, Plan, Rules, at_least, plan, together
from donations.published.document import RULE, Block, HowToGive, PublishedPart, PublishedSpending, Snapshot, TransferWay
from donations.published.spending import Fold, Spent, Unpublished, spending_disclosed_until
from donations.reports.checking import check
from donations.reports.obstacles import money_under_way
from donations.store.appeal_pages import AppealPages
from donations.store.association import Presence, names_in_languages
from donations.store.donors import people
from donations.store.evening import count_closings
from donations.store.months import Closing, closed_months, closings_in_force, first_open_month
from donations.store.organisation import paper_settings
from donations.store.payments.allocations import last_allocation_id
from donations.store.public import newest_snapshot_digest
from donations.store.public_sums import counted_by_block, donors_until, given_by_month, unpublished_spending
from donations.store.publishing import KeptBlock, PublishingTerms, add_block, add_snapshot, blocks, terms
from donations.store.session import ReadSession, WriteSession, as_reader, do_what_waits
from donations.store.spending import categories, keep_published
from donations.store.statements.findings import questions_between

CLOSED_FOR = timedelta(days=10)
"""So long a month is closed before it is published: mistakes show soon after closing."""


_CONFLICTS = frozenset({ObstacleKind.DAYS_BROKEN, ObstacleKind.STATEMENTS_DISAGREE})


class StopKind(StrEnum):
    """Why a month is not even considered; stable codes."""

    NOT_CLOSED = "not_closed"
    CLOSED_JUST_NOW = "closed_just_now"
    IN_CONFLICT = "in_conflict"
    """Something contradicted when it was closed, or does so now."""


WHY_STOPPED = {
    StopKind.NOT_CLOSED: N_("it is not closed"),
    StopKind.CLOSED_JUST_NOW: N_("it was closed just now, and mistakes show soon after closing"),
    StopKind.IN_CONFLICT: N_("something contradicted when it was closed, or does so now: it is mended first"),
}


@dataclass(frozen=True, slots=True)
class Stop:
    """The first month that is not considered, nor are those after it."""

    month: Month
    kind: StopKind
    ready_on: date | None = None
    """When a month that was closed just now may be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBlock:
    """A block that would be published, and the months that it was made from."""

    block: Block
    draft: BlockDraft
    spending: Spent | Fold | None = None
    """What it tells of spending, or why that waits; None where it is not published, or no year ends in the block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingProspect:
    """What the public would see."""

    snapshot: Snapshot
    new: tuple[NewBlock, ...]
    plan: Plan
    stop: Stop | None
    """None where every closed month was considered."""
    last_allocation: int
    published: str | None
    """Digest of what the public sees now."""

    @property
    def is_new(self) -> bool:
        """Whether the public would see anything that it does not see now."""
        return self.published != self.snapshot.digest

    @property
    def promises(self) -> object:
        """What the public would see, down to the order of words; sent twice it is the same, and nothing new."""
        return self.snapshot.digest


def publish(
    session: WriteSession,
    *,
    organisation: str,
    by: str,
    now: datetime,
    promised: str | None = None,
    tell: Tell = silent,
) -> PublishingProspect:
    """Append the new blocks, and serve the new snapshot from now on.

    Raises `Refusal`: `books_broken`, `organisation_unnamed`, `nothing_new`, `account_in_text`, and `preview_outdated`
    where it would be something else than the prospect that was promised.
    """
    found = prospect(as_reader(session), organisation=refuse_placeholder(organisation), now=now)
    refuse_outdated(promised, found)
    if not found.is_new:
        raise Refusal(BooksCode.NOTHING_NEW)
    _refuse_other_account(as_reader(session), found.snapshot)
    do_what_waits(session)
    if broken := check(as_reader(session), tell=tell).broken:
        raise Refusal(BooksCode.BOOKS_BROKEN, checks=", ".join(sorted(broken)))
    for each in found.new:
        add_block(session, each.block, last_allocation=found.last_allocation, by=by, at=now)
        if isinstance(each.spending, Spent):
            keep_published(session, each.spending, block=each.block.number)
    add_snapshot(session, found.snapshot, by=by, at=now)
    return found


def _refuse_other_account(session: ReadSession, snapshot: Snapshot) -> None:
    """Refuse texts by which the public is asked to give to another account: no second person agreed to these."""
    goal, giving = snapshot.goal, snapshot.giving
    said = [snapshot.organisation, goal.text if goal else "", giving.payee if giving else ""]
    for appeal in people.appeals(session):
        said += [appeal.name, *appeal.keywords]
    said += [category.name for category in categories(session)]
    said += [word for words in names_in_languages(session).values() for word in words.values()]
    said += paper_settings(session, Presence).texts
    said += [text for page in paper_settings(session, AppealPages).pages.values() for text in page.text.all]
    for text in said:
        if ibans_readable_in(text) - {giving.iban if giving else ""}:
            raise Refusal(BooksCode.ACCOUNT_IN_TEXT, word=text)


def prospect(session: ReadSession, *, organisation: str, now: datetime) -> PublishingProspect:
    """Return what the public would see if it were published at this time."""
    wanted, kept, appeals = terms(session), blocks(session), people.appeals(session)
    considered = _considered(session, kept, now=now)
    corrections, since = _corrections(session, kept), wanted.spending_since
    earlier = counted_by_block(session, kept) if considered.months else ()
    months = _given(session, considered.months)
    ahead = plan(months, wanted.rules, corrections=together(corrections.values()), earlier=earlier)
    names = {appeal.id: appeal.name for appeal in appeals}
    building = _Building(
        rules=wanted.rules,
        kept=kept,
        names=names,
        disclosed=DisclosedAppeals.of([(each.block, draft) for each, draft in zip(kept, earlier, strict=False)], names),
        corrects=_corrected(kept, corrections),
        known=donors_until(session, kept[-1].block.last_day) if kept and ahead.publish else frozenset(),
        today=day_of(now),
        untold=None if since is None else unpublished_spending(session, kept, since=since),
        categories={category.id: category.name for category in categories(session)},
    )
    new = tuple(building.blocks(ahead.publish))
    return PublishingProspect(
        snapshot=Snapshot(
            organisation=organisation,
            donors_min=wanted.rules.donors_min,
            agrees_until=considered.agrees_until,
            goal=wanted.goal,
            giving=_giving(session, wanted, [a.named_on(day_of(now)) for a in appeals], organisation=organisation),
            blocks=(*(each.block for each in kept), *(each.block for each in new)),
        ),
        new=new,
        plan=ahead,
        stop=considered.stop,
        last_allocation=last_allocation_id(session),
        published=newest_snapshot_digest(session),
    )


def closed_for_long(session: ReadSession, *, now: datetime) -> int:
    """Return how many closings are so old that they can be published: in the same books time alone changes this."""
    return count_closings(session, until=now - CLOSED_FOR)


def blocks_ready(session: ReadSession, *, now: datetime) -> int:
    """Return how many new blocks could be published at this time.

    Costs less than a prospect: for a page that only asks whether there is something to do.
    """
    kept = blocks(session)
    considered = _considered(session, kept, now=now)
    months, rules = _given(session, considered.months), terms(session).rules
    corrections = together(_corrections(session, kept).values())
    # Most days nothing stands even by itself: then all that was counted before need not be read.
    if not plan(months, rules, corrections=corrections).publish:
        return 0
    return len(plan(months, rules, corrections=corrections, earlier=counted_by_block(session, kept)).publish)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Considered:
    months: tuple[Month, ...] = ()
    """In a row, following on what is published."""
    stop: Stop | None = None
    agrees_until: date | None = None


def _considered(session: ReadSession, kept: Sequence[KeptBlock], *, now: datetime) -> _Considered:
    closed = closed_months(session)
    if not closed:
        return _Considered()
    is_open = first_open_month(session, before=closed[-1])
    # What came before the first block would be in none, so blocks begin with the very first month there is.
    month = Month.of(kept[-1].block.last_day).next if kept else min(filter(None, (closed[0], is_open)))
    proved = proofs(session)
    closings = closings_in_force(session, first_day=month.first_day)
    contradicted = _contradicted(session, proved)
    found: list[Month] = []
    stop = None
    while month <= closed[-1] and stop is None:
        closing = closings.get(month)
        if month == is_open:
            stop = Stop(month, StopKind.NOT_CLOSED)
        elif closing is not None and closing.seal.at + CLOSED_FOR > now:
            ready_on = day_of(closing.seal.at + CLOSED_FOR)
            stop = Stop(month, StopKind.CLOSED_JUST_NOW, ready_on)
        elif month in contradicted or (closing is not None and _was_in_conflict(closing)):
            stop = Stop(month, StopKind.IN_CONFLICT)
        else:
            found.append(month)
            month = month.next
    moving = money_under_way(session, proved, today=day_of(now))
    agrees_until = agreed_until(proved, moving, last_day=closed[-1].last_day)
    return _Considered(months=tuple(found), stop=stop, agrees_until=agrees_until)


def _contradicted(session: ReadSession, proved: Iterable[Proved]) -> set[Month]:
    """Return the months in which days are in conflict, or statements disagree on a payment."""
    runs = [run for each in proved for run in each.runs if run.state is DayState.CONFLICT]
    days = {Month.of(month.first_day) for run in runs for month in months_between(run.first_day, run.last_day)}
    return days | {Month.of(each.booked_on) for each in questions_between(session)}


def _was_in_conflict(closing: Closing) -> bool:
    """Whether something contradicted when the month was closed, which a person set aside for a reason."""
    aside = {each.kind for each in read(closing.seal.reason)}
    return closing.figures.proof is DayState.CONFLICT or not aside.isdisjoint(_CONFLICTS)


def _given(session: ReadSession, months: Sequence[Month]) -> list[tuple[Month, Given]]:
    if not months:
        return []
    found = given_by_month(session, first_day=months[0].first_day, last_day=months[-1].last_day)
    return [(month, found.get(month, {})) for month in months]


def _corrections(session: ReadSession, kept: Sequence[KeptBlock]) -> dict[Month, Given]:
    """Return what changed in published months and no block knows yet: what was booked after the newest block."""
    if not kept:
        return {}
    newest = kept[-1]
    found = given_by_month(session, last_day=newest.block.last_day, after_allocation=newest.last_allocation)
    return {month: given for month, given in found.items() if given}


def _corrected(kept: Sequence[KeptBlock], corrections: Iterable[Month]) -> tuple[int, ...]:
    """Return the blocks that corrections are of; what is older than every block counts to the first."""
    days = [month.first_day for month in corrections]
    ends = [each.block.last_day for each in kept]
    return tuple(sorted({bisect_left(ends, day) + 1 for day in days}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Building:
    """What blocks are made with, besides what was given."""

    rules: Rules
    kept: Sequence[KeptBlock]
    names: Mapping[AppealId, str]
    disclosed: DisclosedAppeals
    corrects: tuple[int, ...]
    known: frozenset[DonorId]
    today: date
    untold: Unpublished | None
    """None where spending is not published."""
    categories: Mapping[CategoryId, str]

    def blocks(self, drafts: Iterable[BlockDraft]) -> Iterator[NewBlock]:
        """Yield the blocks that follow on those that are published."""
        known, told = set(self.known), self.disclosed
        last, untold = self.kept[-1].block if self.kept else None, self.untold
        for draft in drafts:
            known |= draft.donors
            end, public = spending_disclosed_until(draft.months), None
            spending = None if untold is None or end is None else untold.disclosed_until(end, self.rules)
            if untold is not None and end is not None and isinstance(spending, Spent):
                public = untold.published(spending, end, names=self.categories)
                untold = untold.after(spending, end)
            told, telling = told.after(1 if last is None else last.number + 1, draft, self.rules)
            last = self._block(draft, last, telling, donors_so_far=len(known), spending=public)
            yield NewBlock(block=last, draft=draft, spending=spending)

    def _block(
        self,
        draft: BlockDraft,
        last: Block | None,
        telling: AppealDisclosure | None,
        *,
        donors_so_far: int,
        spending: PublishedSpending | None,
    ) -> Block:
        parts = () if telling is None else telling.parts
        is_first_new = last is None or len(self.kept) == last.number
        return Block(
            number=1 if last is None else last.number + 1,
            first_day=draft.months[0].first_day,
            last_day=draft.months[-1].last_day,
            published_on=self.today,
            minor=draft.minor,
            donors=at_least(len(draft.donors)),
            donors_so_far=at_least(donors_so_far),
            appeals=tuple(PublishedPart(self.names[appeal], minor) for appeal, minor in parts),
            rest=0 if telling is None else telling.rest,
            appeals_of=() if telling is None or len(telling.blocks) == 1 else telling.blocks,
            corrects=self.corrects if is_first_new else (),
            spending=spending,
            rule=RULE,
            before="" if last is None else last.digest,
        )


def _giving(
    session: ReadSession, wanted: PublishingTerms, appeals: Sequence[Appeal], *, organisation: str
) -> HowToGive | None:
    """Return where gifts go: to the account that was chosen, else the first one with a valid IBAN."""
    account = people.payee_account(session, wanted.account_id)
    if account is None:
        return None
    ways = (TransferWay(appeal.name, appeal.keywords[0].capitalize()) for appeal in appeals if appeal.keywords)
    payee = organisation if is_placeholder(wanted.payee) else wanted.payee
    return HowToGive(payee=payee, iban=account, ways=tuple(ways))
