"""The figures that anybody may see: whole months, proven, merged until no single gift can be told from them.

Nothing here names a donor: gifts are summed by the donor's row id, and only sums and counts leave this module.
Months are published in order, the first that is not over or not proven ends the list, so that a later import can
only add at the end. A block of months needs `DONORS_MIN` donors, and the two largest of them may not tower over
the rest (the p% rule: all others together give at least a quarter of what the largest gave).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, extract, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.money import EUR, Minor
from donations.identity.proof import DayState, runs
from donations.store.coverage import ledger_facts, ledgers
from donations.store.session import ReadSession
from donations.store.standing_donor import standing_id
from donations.store.tables import AccountRow, AllocationRow, AppealRow, DonorRow, KeywordRow, PaymentRow

DONORS_MIN = 10
OTHERS_MIN_PERCENT = 25

_Month = tuple[int, int]
_GIFT, _REFUND = "gift", "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Months published together; the sum is in euro cents, refunds taken off."""

    first_day: date
    last_day: date
    minor: Minor
    gifts: int
    donors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToGive:
    """What a giver writes into a bank transfer."""

    account: str
    keywords: tuple[tuple[str, tuple[str, ...]], ...]
    """Each appeal with its keywords."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFigures:
    """Everything on the public page."""

    blocks: tuple[Block, ...]
    """Oldest first."""
    donors: int
    """Distinct over all blocks."""
    withheld_from: date | None
    """The first day of the months that have gifts and are not published yet."""
    how_to_give: HowToGive | None

    @property
    def minor(self) -> Minor:
        """The sum of all blocks."""
        return sum(block.minor for block in self.blocks)

    @property
    def gifts(self) -> int:
        """The gifts of all blocks."""
        return sum(block.gifts for block in self.blocks)

    def minor_of_year(self, year: int) -> Minor:
        """Return the sum of the blocks that end in a year."""
        return sum(block.minor for block in self.blocks if block.last_day.year == year)


@dataclass(slots=True)
class _Sums:
    """What donors gave in a run of months."""

    minor: Counter[int]
    gifts: int = 0

    def add(self, other: _Sums) -> None:
        for donor, minor in other.minor.items():
            self.minor[donor] += minor
        self.gifts += other.gifts

    @property
    def hides_everyone(self) -> bool:
        """Whether no gift can be told from the sum (k and p% rules; sources in the design's page on trust)."""
        given = sorted((minor for minor in self.minor.values() if minor > 0), reverse=True)
        return len(given) >= DONORS_MIN and sum(given[2:]) * 100 >= given[0] * OTHERS_MIN_PERCENT


def public_figures(session: ReadSession, *, today: date) -> PublicFigures:
    """Return the public figures as things stand on a day (Europe/Tallinn)."""
    sums = _sums_by_month(session)
    first_open = _first_day_not_proven(session, today=today)
    blocks: list[Block] = []
    everyone: set[int] = set()
    waiting, since = _Sums(Counter()), None
    for month in sorted(sums):
        since = since or _first_day(month)
        if _first_day(_next(month)) > first_open:
            break
        waiting.add(sums[month])
        if waiting.hides_everyone:
            blocks.append(_block(waiting, first_day=since, last_day=_first_day(_next(month)) - timedelta(days=1)))
            everyone |= {donor for donor, minor in waiting.minor.items() if minor > 0}
            waiting, since = _Sums(Counter()), None
    return PublicFigures(
        blocks=tuple(blocks), donors=len(everyone), withheld_from=since, how_to_give=_how_to_give(session)
    )


def _block(sums: _Sums, *, first_day: date, last_day: date) -> Block:
    return Block(
        first_day=first_day,
        last_day=last_day,
        minor=sums.minor.total(),
        gifts=sums.gifts,
        donors=sum(minor > 0 for minor in sums.minor.values()),
    )


def _sums_by_month(session: ReadSession) -> dict[_Month, _Sums]:
    """Sum gifts in euros less refunds; a reversal is negative, so what was taken back adds up to nothing."""
    found: defaultdict[_Month, _Sums] = defaultdict(lambda: _Sums(Counter()))
    for year, month, donor, purpose, minor, count in session.execute(_query()):
        sums = found[int(year), int(month)]
        if purpose == _GIFT:
            sums.minor[donor] += int(minor)
            sums.gifts += int(count)
        elif donor is not None:
            sums.minor[donor] -= int(minor)
    return {month: sums for month, sums in found.items() if sums.gifts or sums.minor.total()}


def _query() -> Select[int, int, int | None, str, int, Any]:
    year, month = extract("year", col(PaymentRow.booked_on)), extract("month", col(PaymentRow.booked_on))
    return (
        sql_select(
            year,
            month,
            standing_id(),
            col(AllocationRow.purpose),
            func.sum(AllocationRow.minor),
            func.sum(case((col(AllocationRow.minor) > 0, 1), else_=-1)),
        )
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .outerjoin(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .where(col(AllocationRow.currency) == EUR, col(AllocationRow.purpose).in_((_GIFT, _REFUND)))
        .group_by(year, month, standing_id(), col(AllocationRow.purpose))
    )


def _first_day_not_proven(session: ReadSession, *, today: date) -> date:
    """Return the first day, of any account in euros, that bank balances do not prove, or this month's first."""
    open_days = [today.replace(day=1)]
    for ledger in ledgers(session):
        if ledger.currency == EUR:
            facts = ledger_facts(session, ledger)
            known = runs(facts.stated, facts.by_day, facts.given)
            unproven = (run.first_day for run in known if run.state is not DayState.PROVEN)
            open_days.append(next(unproven, known[-1].last_day + timedelta(days=1)))
    return min(open_days)


def _how_to_give(session: ReadSession) -> HowToGive | None:
    account = session.exec(select(AccountRow.number).order_by(col(AccountRow.id)).limit(1)).first()
    if account is None:
        return None
    words: defaultdict[str, list[str]] = defaultdict(list)
    query = (
        select(col(AppealRow.name), col(KeywordRow.word))
        .join(KeywordRow, col(KeywordRow.appeal_id) == col(AppealRow.id))
        .order_by(col(AppealRow.id), col(KeywordRow.word))
    )
    for appeal, word in session.execute(query):
        words[appeal].append(word)
    return HowToGive(account=account, keywords=tuple((appeal, tuple(each)) for appeal, each in words.items()))


def _first_day(month: _Month) -> date:
    return date(month[0], month[1], 1)


def _next(month: _Month) -> _Month:
    return (month[0] + month[1] // 12, month[1] % 12 + 1)
