"""The story of a made-up association, always the same for one plot, and the files that somebody downloads of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from donations.core.calendar import Month
from donations.core.payment import Purpose
from donations.demo.files import Excerpt, camt053, excerpt, lhv_csv, ofx, swedbank_csv
from donations.demo.giving import Running, StoryGivers
from donations.demo.movement import Bank, Movement, OwnAccount, Party, Truth, day_in, months_until, working_day
from donations.demo.people import Registry, estonian_iban
from donations.matching.directory import BACK_WITHIN

LEFT_OUT = Bank.LHV
"""The last month of this account is left for the visitor to upload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadedFile:
    """A file as it lies in the folder of downloads."""

    name: str
    content: bytes


class Folder:
    """Makes the files of a story."""

    def __init__(self, story: Story) -> None:
        self._story = story

    def of_months(self, span: Sequence[Month]) -> Iterator[DownloadedFile]:
        """Yield what is downloaded when months are over: one camt.053 an account, sometimes an export over it."""
        for account in self._story.accounts:
            shown = [month for month in span if (account.bank, month) != (LEFT_OUT, self._story.span[-1])]
            if shown:
                yield self.statement(account.bank, shown)
        if span[-1] != self._story.span[-1]:
            yield from self._exports(span[-1])

    def _exports(self, month: Month) -> Iterator[DownloadedFile]:
        """Yield what the treasurer downloads in other formats, half a month more than needed."""
        first, last = month.first_day, month.last_day
        before = max(first - timedelta(days=15), self._story.span[0].first_day)
        if month.number % 4 == 1:
            yield self.file(Bank.LHV, f"{before}-{last}.csv", lhv_csv, first=before, last=last)
        if month.number % 6 == 0:
            yield self.file(Bank.LHV, f"{before}-{last}.ofx", ofx, first=before, last=last)
        if month.number % 5 == 2:
            yield self.file(Bank.SWEDBANK, f"{month}.csv", swedbank_csv, first=first, last=last)

    def statement(self, bank: Bank, span: Sequence[Month]) -> DownloadedFile:
        """Return the camt.053 of one or more months of an account."""
        name = str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}"
        return self.file(bank, f"{name}.xml", camt053, first=span[0].first_day, last=span[-1].last_day)

    def to_upload(self) -> Iterator[DownloadedFile]:
        """Yield five files that overlap: the month that is missing in three formats, and one that is known."""
        month = self._story.span[-1]
        first, last = month.first_day, month.last_day
        yield self.statement(LEFT_OUT, [month])
        yield self.file(Bank.LHV, f"{month}-first-half.csv", lhv_csv, first=first, last=day_in(month, 16))
        yield self.file(Bank.LHV, f"{month}-second-half.csv", lhv_csv, first=day_in(month, 10), last=last)
        before = first - timedelta(days=10)
        yield self.file(Bank.LHV, f"{month}-from-the-month-before.ofx", ofx, first=before, last=day_in(month, 20))
        yield self.file(Bank.SWEDBANK, f"{month}.csv", swedbank_csv, first=first, last=last)

    def file(
        self, bank: Bank, name: str, write: Callable[[Excerpt], bytes], *, first: date, last: date
    ) -> DownloadedFile:
        """Return the file of some days of an account."""
        story = self._story
        shown = excerpt(story.movements, story.account(bank), owner=story.owner, first_day=first, last_day=last)
        return DownloadedFile(name=f"{bank.name.lower()}-{name}", content=write(shown))


_RETURNS_EVERY = 700
"""Of so many plain gifts one is given back, and one is taken back by its bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What a story is made from."""

    last: Month
    months: int = 24
    donors: int = 400
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything that happened, in the order of the days."""

    owner: Party
    accounts: tuple[OwnAccount, ...]
    span: tuple[Month, ...]
    movements: tuple[Movement, ...]

    def account(self, bank: Bank) -> OwnAccount:
        """Return the association's account at a bank."""
        return next(account for account in self.accounts if account.bank is bank)


OWNER = Party(name="MTÜ Rohutirts", code="89999999")
ACCOUNTS = tuple(
    OwnAccount(bank=bank, iban=estonian_iban(bank, number), name=name, opening=opening)
    for bank, number, name, opening in (
        (Bank.LHV, 100001, "LHV main account", 320_455),
        (Bank.SWEDBANK, 200002, "Swedbank", 131_040),
        (Bank.SEB, 300003, "SEB savings", 800_000),
    )
)


def tell(plot: Plot) -> Story:
    """Make a story up."""
    random = Random(plot.seed)  # noqa: S311 - no secret: the same story every time
    span = months_until(plot.last, count=plot.months)
    registry = Registry(random)
    giving = StoryGivers(span, registry, random)
    running = Running(OWNER, ACCOUNTS, registry, random)
    gifts = [gift for giver in registry.givers(plot.donors) for gift in giving.of(giver)]
    gone = list(_given_back(gifts, random, last_day=plot.last.last_day))
    size = max(1, plot.donors // 4)
    besides = [movement for month in span for movement in running.month(month, size=size)]
    told = sorted([*_after(gone, gifts), *gone, *besides], key=lambda each: each.day)
    return Story(
        owner=OWNER,
        accounts=ACCOUNTS,
        span=span,
        movements=tuple(replace(each, number=number) for number, each in enumerate(told, start=1)),
    )


def _given_back(gifts: Sequence[Movement], random: Random, *, last_day: date) -> Iterator[Movement]:
    """Yield what goes back to givers: asked for by them, or returned by their bank."""
    plain = [gift for gift in gifts if gift.truth.is_plain and gift.party.iban and gift.minor >= 1000]
    for at, gift in enumerate(random.sample(plain, min(len(plain), 2 + 2 * len(plain) // _RETURNS_EVERY))):
        is_asked_for = at % 2 == 0
        day = working_day(Month.of(gift.day).next, random.randint(2, 20)) if is_asked_for else gift.day
        if day > last_day:
            continue
        why = "Gave twice by mistake and asked for one back." if is_asked_for else "The bank took it back."
        truth = Truth(purpose=Purpose.REFUND, donor=gift.truth.donor, is_plain=False, why=why)
        text = "Annetuse tagastus" if is_asked_for else gift.text
        yield replace(
            gift, day=day, minor=-gift.minor, text=text, reference="", truth=truth, is_return=not is_asked_for
        )


def _after(gone: Sequence[Movement], gifts: Iterable[Movement]) -> Iterator[Movement]:
    """Yield the gifts; one of the amount that its giver just got back might be the same money, and is asked about."""
    why = "A new gift: what went back had reached its giver."
    for gift in gifts:
        back = (each for each in gone if (each.party.iban, -each.minor) == (gift.party.iban, gift.minor))
        is_near = any(not each.is_return and timedelta() <= gift.day - each.day <= BACK_WITHIN for each in back)
        yield replace(gift, truth=replace(gift.truth, is_plain=False, why=why)) if is_near else gift
