"""Regular gifts as they are kept: one row each with what is due next, its turns, and sums by day of what was due.

They are a projection of the gifts, brought up to date in the same transaction that changes these: by a step where a
donor only gave something more (`ledger/rhythm_steps.py`), else by judging the donor anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import accumulate, chain, groupby
from operator import add, attrgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, delete
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.money import Currency
from donations.core.payment import Allocation, AllocationId, PaymentId, Purpose
from donations.ledger.rhythm import DatedGift, Every, RhythmPace, last_chance
from donations.ledger.rhythm_steps import (
    Due,
    LooseGift,
    RegularTurn,
    Stream,
    StreamStep,
    go_on_by,
    looked_back_to,
    streams_of,
)
from donations.store.appending import append
from donations.store.donors.surviving import surviving_id
from donations.store.given import entries
from donations.store.giving.regular_gifts import gifts_in, gifts_of
from donations.store.session import ReadSession, WriteSession, as_reader, before_commit, in_runs, table_of
from donations.store.tables import AllocationRow, DonorRow
from donations.store.tables.derived import RegularDueRow, RegularGiftRow, RegularTurnRow

_GIFT, _TURN, _DUE = table_of(RegularGiftRow), table_of(RegularTurnRow), table_of(RegularDueRow)


class _Changed(NamedTuple):
    """A donor whose gifts changed: by a new allocation of a payment, or by anything else."""

    donor: DonorId
    payment: PaymentId | None = None
    allocation: AllocationId | None = None


def renew_regular_gifts(session: WriteSession, donors: Iterable[DonorId]) -> None:
    """Let it be judged anew, before this is committed, who of these donors gives regularly."""
    before_commit(session, _renew, map(_Changed, donors))


def follow_gifts(session: WriteSession, allocations: Iterable[Allocation]) -> None:
    """Let regular gifts be what they are with these allocations, before this is committed."""
    before_commit(session, _renew, _changed(allocations))


def _changed(allocations: Iterable[Allocation]) -> Iterator[_Changed]:
    for each in allocations:
        if each.purpose is Purpose.GIFT and each.donor is not None:
            is_new = each.reverses is None and each.returns is None
            yield _Changed(each.donor, each.payment, each.id) if is_new else _Changed(each.donor)


def fill_regular_gifts(session: WriteSession) -> None:
    """Judge everybody anew: books that are older than the projection, or than how it is made."""
    for each in (_TURN, _GIFT, _DUE):
        if session.execute(sql_select(each).limit(1)).first():  # new books are not changed by being filled
            session.execute(delete(each))
    _judge(session, all_givers(as_reader(session)))


def all_givers(session: ReadSession) -> list[DonorId]:
    """Return every donor whom a gift was ever booked for."""
    query = sql_select(entries.c.booked_for).where(entries.c.purpose == Purpose.GIFT.value).distinct()
    return list(map(DonorId, session.scalars(query)))


def _renew(session: WriteSession, changed: Collection[_Changed]) -> None:
    anew, new = _apart(as_reader(session), changed)
    for run in in_runs(sorted(new.keys() - anew - {ANONYMOUS})):
        anew |= _go_on(session, {donor: new[donor] for donor in run})
    _judge(session, anew)


def _apart(session: ReadSession, changed: Collection[_Changed]) -> tuple[set[DonorId], dict[DonorId, list[DatedGift]]]:
    """Return who is to be judged anew, and what others gave that nobody knew before."""
    payments = sorted({each.payment for each in changed if each.payment is not None})
    first = min((each.allocation for each in changed if each.allocation is not None), default=0)
    new: defaultdict[DonorId, list[DatedGift]] = defaultdict(list)
    known: set[PaymentId] = set()
    id_, payment = col(AllocationRow.id), col(AllocationRow.payment_id)
    for run in in_runs(payments):
        known.update(session.scalars(sql_select(payment).where(payment.in_(run), id_ < first)))
        for donor, given in gifts_in(session, sorted({*run} - known)):
            new[donor] += given
    found = {gift.payment for given in new.values() for gift in given}
    anew = {each.donor for each in changed if each.payment not in found}
    return set(_with_surviving(session, anew)), new


def _go_on(session: WriteSession, new: Mapping[DonorId, list[DatedGift]]) -> set[DonorId]:
    """Keep how these donors' giving goes on, and return those of whom only all of their gifts can tell."""
    reader = as_reader(session)
    kept, told = _kept(reader, [*new]), {}
    for donor, rows in kept.items():
        told[donor] = go_on_by([_stream(row) for row in rows], new[donor])
    began = {donor: given for donor, given in new.items() if donor not in kept}
    if began:
        since = looked_back_to(min(gift.day for given in began.values() for gift in given))
        for donor, given in gifts_of(reader, [*began], since=since):
            before = len(given) - len(began[donor])  # what is new comes last, or it might have begun something else
            told[donor] = streams_of(given) if {*given[before:]} == {*began[donor]} else None
    _keep(session, kept, {donor: each for donor, each in told.items() if each is not None})
    return {donor for donor, each in told.items() if each is None}


def _judge(session: WriteSession, donors: Iterable[DonorId]) -> None:
    reader = as_reader(session)
    for run in in_runs(_with_surviving(reader, donors)):
        _forget(session, run)
        _keep(session, {}, {donor: streams_of(given) for donor, given in gifts_of(reader, run)})


def _with_surviving(session: ReadSession, donors: Iterable[DonorId]) -> list[DonorId]:
    """Return these donors and those who stand for them: a merge empties the rows of one and adds to the other's."""
    found = set(donors)
    for run in in_runs(sorted(found)):
        found |= set(map(DonorId, session.scalars(sql_select(surviving_id()).where(col(DonorRow.id).in_(run)))))
    return sorted(found - {ANONYMOUS})


def _forget(session: WriteSession, donors: list[DonorId]) -> None:
    sums = _Sums()
    for rows in _kept(as_reader(session), donors).values():
        for row in rows:
            sums.take_off(_dues(row.dues), row.currency)
    for each in (_TURN, _GIFT):
        session.execute(delete(each).where(each.c.donor_id.in_(donors)))
    sums.keep(session)


def _keep(session: WriteSession, kept: Mapping[DonorId, list[Any]], told: Mapping[DonorId, list[StreamStep]]) -> None:
    """Write what these donors' giving became, after what is kept of it."""
    sums, rows, turns = _Sums(), [], []
    for donor, streams in told.items():
        before = [row.dues for row in kept.get(donor, ())] or ["[]"] * len(streams)
        for number, (each, dues) in enumerate(zip(streams, before, strict=True)):
            rows.append(_row(donor, number, each.stream, _with_dues(dues, each.dues)))
            turns += [_turn_row(donor, number, turn) for turn in each.turns]
            sums.add(each.dues, each.stream.last.currency)
    session.execute(delete(_GIFT).where(_GIFT.c.donor_id.in_([*kept.keys() & told.keys()])))
    append(session, RegularGiftRow, rows)
    append(session, RegularTurnRow, turns)
    sums.keep(session)


def _kept(session: ReadSession, donors: Collection[DonorId]) -> dict[DonorId, list[Any]]:
    """Return the rows of those of these donors who give regularly, by their streams."""
    query = sql_select(_GIFT).where(_GIFT.c.donor_id.in_(donors)).order_by(_GIFT.c.donor_id, _GIFT.c.stream)
    return {DonorId(donor): [*rows] for donor, rows in groupby(session.execute(query), attrgetter("donor_id"))}


def _row(donor: DonorId, number: int, stream: Stream, dues: str) -> dict[str, Any]:
    last, pace = stream.last, stream.pace
    gone = [last.payment, last.day.toordinal(), stream.closed.toordinal(), stream.told]
    return {
        "donor_id": donor,
        "stream": number,
        "every": int(stream.every),
        "currency": last.currency,
        "due": stream.due,
        "until": last_chance(stream.due),
        "expected_minor": stream.expected,
        "account_id": last.account_id,
        "appeal_id": last.appeal,
        "pace": _json([*gone, pace.month, pace.places, pace.amounts]),
        "loose": _json([(each.day.toordinal(), each.minor) for each in stream.loose]),
        "dues": dues,
    }


def _stream(row: Any) -> Stream:
    payment, day, closed, told, month, places, amounts = json.loads(row.pace)
    currency, appeal = Currency(row.currency), AppealId(row.appeal_id)
    return Stream(
        every=Every(row.every),
        last=DatedGift(PaymentId(payment), date.fromordinal(day), amounts[-1], currency, appeal, row.account_id),
        pace=RhythmPace(month, tuple(places), tuple(amounts)),
        closed=date.fromordinal(closed),
        told=told,
        due=row.due,
        expected=row.expected_minor,
        loose=tuple(LooseGift(date.fromordinal(day), minor) for day, minor in json.loads(row.loose)),
    )


def _turn_row(donor: DonorId, number: int, turn: RegularTurn) -> dict[str, Any]:
    beat = turn.beat
    return {
        "donor_id": donor,
        "stream": number,
        "beat": turn.number,
        "turn": beat.turn.value,
        "due": beat.due,
        "day": beat.day,
        "expected_minor": beat.expected,
        "minor": None if beat.gift is None else beat.gift.minor,
        "account_id": turn.account_id,
        "appeal_id": turn.appeal,
    }


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _with_dues(kept: str, dues: Iterable[Due]) -> str:
    """Return the runs in which the same was expected and came, each with its first day and the days between."""
    runs = json.loads(kept)
    for each in dues:
        same, day = [each.expected, each.came, each.account_id, each.appeal], each.due.toordinal()
        if runs and runs[-1][:4] == same:
            runs[-1].append(day - sum(runs[-1][4:]))
        else:
            runs.append([*same, day])
    return _json(runs)


def _dues(kept: str) -> Iterator[Due]:
    for expected, came, account, appeal, *days in json.loads(kept):
        for day in accumulate(days):
            yield Due(date.fromordinal(day), expected, came, account, appeal)


_DayKey = tuple[date, int, int, str]
"""Day, own account, appeal, currency."""


class _Sums:
    """What the sums by day change by."""

    def __init__(self) -> None:
        self.changes: defaultdict[_DayKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def add(self, dues: Iterable[Due], currency: str, times: int = 1) -> None:
        for each in dues:
            change = self.changes[each.due, each.account_id, each.appeal, currency]
            for at, by in enumerate((each.expected, each.came or 0, 1, each.came is not None)):
                change[at] += by * times

    def take_off(self, dues: Iterable[Due], currency: str) -> None:
        self.add(dues, currency, -1)

    def keep(self, session: WriteSession) -> None:
        """Write the sums of these days anew."""
        by_day: defaultdict[date, list[_DayKey]] = defaultdict(list)
        for key in self.changes:
            by_day[key[0]].append(key)
        for run in in_runs(sorted(by_day)):
            of_days = _DUE.c.due.in_(run)
            sums = _kept_sums(as_reader(session), of_days)
            for key in chain.from_iterable(by_day[day] for day in run):
                sums[key] = [*map(add, sums.get(key, (0, 0, 0, 0)), self.changes[key])]
            session.execute(delete(_DUE).where(of_days))
            rows = [(*key, *each) for key, each in sums.items() if any(each)]
            append(session, RegularDueRow, (dict(zip(_DUE.c.keys(), row, strict=True)) for row in rows))


def _kept_sums(session: ReadSession, *of: ColumnElement[bool]) -> dict[_DayKey, list[int]]:
    return {tuple(row[:4]): [*row[4:]] for row in session.execute(sql_select(_DUE).where(*of))}


def wrongly_judged(session: ReadSession) -> Iterator[DonorId]:
    """Return the donors for whom judging anew would write something else."""
    kept = session.scalars(sql_select(_GIFT.c.donor_id).union(sql_select(_TURN.c.donor_id)))
    for run in in_runs(_with_surviving(session, {*all_givers(session), *map(DonorId, kept)})):
        different = _all_kept(session, run) ^ _all_found(session, run)
        yield from sorted({DonorId(donor) for donor, *_ in different})


def _all_kept(session: ReadSession, donors: list[DonorId]) -> set[tuple[Any, ...]]:
    tables = (sql_select(each).where(each.c.donor_id.in_(donors)) for each in (_GIFT, _TURN))
    return {tuple(row) for query in tables for row in session.execute(query)}


def _all_found(session: ReadSession, donors: list[DonorId]) -> set[tuple[Any, ...]]:
    rows: set[tuple[Any, ...]] = set()
    for donor, given in gifts_of(session, donors):
        for number, each in enumerate(streams_of(given)):
            rows.add(_in_columns(_GIFT, _row(donor, number, each.stream, _with_dues("[]", each.dues))))
            rows |= {_in_columns(_TURN, _turn_row(donor, number, turn)) for turn in each.turns}
    return rows


def _in_columns(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[each.name] for each in table.columns)


def wrongly_summed(session: ReadSession) -> list[date]:
    """Return the days whose sum is another than what regular gifts say was due on them."""
    sums = _Sums()
    for row in session.execute(sql_select(_GIFT.c.dues, _GIFT.c.currency)):
        sums.add(_dues(row.dues), row.currency)
    kept = _kept_sums(session)
    return sorted({key[0] for key in {*kept, *sums.changes} if kept.get(key) != sums.changes.get(key)})
