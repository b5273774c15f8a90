"""How treasurers cut time into downloads: weeks, months, halves of days, overlaps, gaps and repeats, in any format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from tests.truth.values import Batches, Download, Form, Movement, OwnAccount, Times, World

_DAY = timedelta(days=1)
_TABLES = {"lhv": Form.LHV_CSV, "swedbank": Form.SWEDBANK_CSV, "seb": Form.SEB_CSV}
_MOST = 9
"""So many downloads of one world."""


def make_downloads(world: World) -> tuple[Download, ...]:
    """Return the downloads of a world's own accounts, in the order in which they are made."""
    random = Random(f"cuts {world.seed}")
    seen = [each for each in world.accounts if not each.is_silent]
    cut = _orderly if is_orderly(world) else _of_account
    found = [download for account in seen for download in cut(random, world, account, _MOST // len(seen))]
    found.sort(key=lambda each: each.made_at)
    return tuple(replace(each, key=key) for key, each in zip(count(1), found, strict=False))


def is_orderly(world: World) -> bool:
    """Whether the treasurer fetches whole months that prove themselves: one world of four."""
    return Random(f"orderly {world.seed}").random() < 0.25


def _orderly(random: Random, world: World, account: OwnAccount, most: int) -> list[Download]:
    form = random.choice((Form.CAMT_02, Form.CAMT_02, Form.CAMT_08))
    periods = [period for period in _months(random, world, account, skips=0) if period[0] <= world.last_day][:most]
    found = [_download(random, account, form, *period) for period in periods]
    return [replace(each, balances=True, times=Times.EXACT, begins_at=None) for each in found]


def _of_account(random: Random, world: World, account: OwnAccount, most: int) -> list[Download]:
    forms = _forms(random, account)
    plan = random.choice((_weeks, _weeks, _weeks, _months, _whole, _anyhow, _halves, _halves))
    periods = list(plan(random, world, account))[:most]
    table, reports = [_TABLES[account.bank]], [Form.CAMT_052, Form.MT942]
    halves, wholes = random.choice(
        (
            (forms, forms),
            (forms, forms),
            ([Form.CAMT_02], table),
            (table, forms),
            (reports, forms),
            (reports, [*forms, *reports]),
        )
    )
    found = [
        _download(random, account, random.choice(halves if made.date() == last else wholes), first, last, made)
        for first, last, made in periods
    ]
    if random.random() < 0.4 and 0 < len(found) < most:
        found.append(_once_more(random, account, random.choice(found)))
    return found


def _forms(random: Random, account: OwnAccount) -> list[Form]:
    """Return one to three formats that the treasurer of this account chooses from."""
    possible = [_TABLES[account.bank], Form.CAMT_02, Form.CAMT_02, Form.CAMT_08, Form.OFX_1, Form.OFX_2]
    possible += [Form.MT940, Form.TABLE]
    return random.choices(possible, k=random.choice((1, 1, 2, 3)))


Cut = tuple[date, date, datetime]
"""First day, last day, and when it is made."""


def _morning_after(day: date) -> datetime:
    return datetime.combine(day + _DAY, time(8, 30))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12, 4))


def _weeks(random: Random, world: World, account: OwnAccount) -> Iterator[Cut]:
    """One after another, each ending at noon of its last day or made on the morning after; then perhaps all at once."""
    first = world.first_day
    empty = _days_that_cancel_out(world, account)
    while first <= world.last_day:
        last = min(first + timedelta(days=random.choice((0, 3, 6, 6, 9, 13))), world.last_day)
        if empty and empty[0] > first and random.random() < 0.7:
            last = min(last, empty[0] - _DAY)
        is_half = random.random() < 0.35
        yield first, last, _noon(last) if is_half else _morning_after(last)
        step = random.choice((1, 1, 1, 1, 0, -2, 2)) if not is_half else random.choice((0, 0, 0, 1, -2))
        first = max(last + timedelta(days=step), first + _DAY)
        if empty and last + _DAY == empty[0]:
            first = empty[0] + _DAY
        empty = [day for day in empty if day >= first]
    if random.random() < 0.3:
        yield world.first_day, world.last_day, _morning_after(world.last_day)


def _days_that_cancel_out(world: World, account: OwnAccount) -> list[date]:
    """Return the days on which as much came as went: to be left out of the downloads."""
    sums: dict[date, int] = {}
    for each in world.movements:
        if each.account == account.iban:
            sums[each.day] = sums.get(each.day, 0) + each.minor
    return sorted(day for day, minor in sums.items() if minor == 0 and day > world.first_day)


def _months(random: Random, world: World, _account: OwnAccount, *, skips: float = 0.1) -> Iterator[Cut]:
    """Whole calendar months, made in the first days of the next; one may be left out."""
    first = world.first_day.replace(day=1)
    while first <= world.last_day:
        last = (first + timedelta(days=31)).replace(day=1) - _DAY
        if random.random() >= skips:
            yield first, last, _morning_after(last + timedelta(days=random.randrange(3)))
        first = last + _DAY


def _whole(random: Random, world: World, _account: OwnAccount) -> Iterator[Cut]:
    """Everything at once, two or three times; at first until a noon in between."""
    for _ in range(random.randint(0, 2)):
        last = world.first_day + timedelta(days=random.randint(1, (world.last_day - world.first_day).days))
        yield world.first_day, last, random.choice((_noon(last), _morning_after(last)))
    yield world.first_day, world.last_day, _morning_after(world.last_day)


def _halves(random: Random, world: World, account: OwnAccount) -> Iterator[Cut]:
    """Until the noon of a day on which much happens, that day again, and everything."""
    busy = _busy_days(world, account)
    for day in random.sample(busy, min(len(busy), random.randint(1, 2))):
        yield random.choice((day, world.first_day, day - 6 * _DAY)), day, _noon(day)
        if random.random() < 0.4:
            yield day, day, random.choice((_noon(day) + timedelta(hours=8), _morning_after(day)))
    if random.random() < 0.8:
        yield world.first_day, world.last_day, _morning_after(world.last_day)


def _busy_days(world: World, account: OwnAccount) -> list[date]:
    """Return the days with batches, and those with the most movements on both sides of noon."""
    found: dict[date, list[Movement]] = {}
    for each in world.movements:
        if each.account == account.iban:
            found.setdefault(each.day, []).append(each)
    split = {day: moved for day, moved in found.items() if len({each.at.hour < 12 for each in moved}) == 2} or found
    weights = {day: len(moved) + 9 * any(each.batch is not None for each in moved) for day, moved in split.items()}
    return sorted(weights, key=lambda day: (-weights[day], day))[:3] or [world.last_day]


def _anyhow(random: Random, world: World, _account: OwnAccount) -> Iterator[Cut]:
    """Any days, in any order, overlapping and with gaps."""
    days = (world.last_day - world.first_day).days
    for _ in range(random.randint(2, 5)):
        first = world.first_day + timedelta(days=random.randint(0, days))
        last = min(first + timedelta(days=random.randint(0, days)), world.last_day)
        late = timedelta(days=random.choice((0, 0, 2, 10)))
        yield first, last, random.choice((_noon(last), _morning_after(last) + late))


def _download(random: Random, account: OwnAccount, form: Form, first: date, last: date, made_at: datetime) -> Download:
    is_half = made_at.date() == last
    begins = None
    if form.is_camt and first < last and random.random() < 0.06:
        begins = datetime.combine(first, time(12, 4))
    return Download(
        key=0,
        account=account.iban,
        currencies=account.currencies,
        first_day=first,
        last_day=last,
        made_at=made_at + timedelta(minutes=random.randrange(50)),
        form=form,
        begins_at=begins,
        times=Times.EXACT if begins else _times(random, is_half=is_half),
        balances=random.random() < 0.88,
        balance_of_download=random.random() < 0.3,
        english=random.random() < 0.3,
        is_packed=form is not Form.TABLE and random.random() < 0.1,
    )


def _times(random: Random, *, is_half: bool) -> Times:
    """A bank that writes 23:59:59 at noon deceives everybody: one half day of eight."""
    drawn = random.random()
    if is_half:
        return Times.NOMINAL if drawn < 0.12 else Times.DATES if drawn < 0.35 else Times.EXACT
    return Times.NOMINAL if drawn < 0.25 else Times.DATES if drawn < 0.4 else Times.EXACT


def _once_more(random: Random, account: OwnAccount, one: Download) -> Download:
    """Return a download of the same days, made later: a copy, in another format, or with batches split otherwise."""
    form = random.choice((one.form, *_forms(random, account)))
    return replace(
        one,
        form=form,
        is_packed=one.is_packed and form is not Form.TABLE,
        made_at=max(one.made_at, _morning_after(one.last_day)) + timedelta(hours=random.randrange(1, 60)),
        begins_at=None,
        times=Times.EXACT,
        is_copy=form is one.form,
        batches=Batches.OTHER_SPLIT if form.is_camt and random.random() < 0.15 else None,
    )
