"""The report on one published block for the organisation's own site: sentences, tables and a chart, nothing else.

Everything comes from the published snapshot, so the report can say no more than the public page does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.calendar import Month, Period
from donations.core.iban import grouped, parse_iban
from donations.core.language import N_
from donations.core.money import EUR, Balance, Minor
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.published.document import Block, HowToGive, PublishedSpending, Snapshot
from donations.reports.table import Cell, Column, ColumnKind, Table
from donations.reports.words import OwnText
from donations.views.phrases import Phrase, Value

Called = Callable[[str], str]
BLOCKS_SHOWN = 12
"""In the chart and the table: about a year."""
_MORE, _LESS, _SAME = (
    N_("That is {change} more than in the published months before: {months}, {amount}."),
    N_("That is {change} less than in the published months before: {months}, {amount}."),
    N_("That is as much as in the published months before: {months}, {amount}."),
)
_MORE_IN_YEAR, _LESS_IN_YEAR, _SAME_IN_YEAR = (
    N_("A year earlier it was {change} less: {months}, {amount}."),
    N_("A year earlier it was {change} more: {months}, {amount}."),
    N_("A year earlier it was as much: {months}, {amount}."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherLink:
    """Where a reader can go on."""

    label: OwnText
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report under its own heading."""

    heading: OwnText
    paragraphs: tuple[OwnText, ...] = ()
    chart: tuple[Block, ...] = ()
    """Blocks to be drawn as columns, the oldest first."""
    table: Table | None = None
    links: tuple[FurtherLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """The report; renderings show all of it, in this order."""

    block: Block
    title: OwnText
    paragraphs: tuple[OwnText, ...]
    sections: tuple[Section, ...]
    table: Table
    """The same blocks as in the chart, for a file."""


def monthly(snapshot: Snapshot, number: int, *, home: str, called: Called = str) -> Monthly:
    """Return the report on a block as it could be written when that block was the newest.

    Goal, account and proof are those of the snapshot; `called` says names as who reads calls them. Raises `Refusal`.
    """
    until = [each for each in snapshot.blocks if each.number <= number]
    if not until or until[-1].number != number:
        raise Refusal(BooksCode.NOTHING_PUBLISHED)
    block, shown = until[-1], tuple(until[-BLOCKS_SHOWN:])
    table = _table(shown)
    compared = tuple(_compared(until))
    sections = [Section(heading=OwnText(N_("Compared")), paragraphs=compared, chart=shown, table=table)]
    if block.appeals:
        sections.append(_appeals(block, until, called))
    if block.spending is not None:
        sections.append(_spent(block.spending, called))
    sections.append(
        Section(
            heading=OwnText(N_("Can this be checked?")),
            paragraphs=tuple(_proof(snapshot, until)),
            links=(
                FurtherLink(label=OwnText(N_("The public page")), url=f"{home}/"),
                FurtherLink(label=OwnText(N_("Did my gift arrive?")), url=f"{home}/find-my-gift"),
                FurtherLink(label=OwnText(N_("Open data (JSON)")), url=f"{home}/transparency.json"),
            ),
        )
    )
    if snapshot.giving is not None:
        sections.append(Section(heading=OwnText(N_("How to give")), paragraphs=tuple(_giving(snapshot.giving, called))))
    return Monthly(
        block=block,
        title=OwnText(N_("What came in: {months}"), ("months", _months(block))),
        paragraphs=tuple(_opening(snapshot, until, called)),
        sections=tuple(sections),
        table=table,
    )


def _opening(snapshot: Snapshot, until: Sequence[Block], called: Called) -> Iterator[OwnText]:
    block, year = until[-1], until[-1].last_day.year
    exact, at_least = (
        N_("{organisation} received gifts of {amount}. Donors: {donors}. Thank you."),
        N_("{organisation} received gifts of {amount}. Donors: at least {donors}. Thank you."),
    )
    yield OwnText(
        exact if block.rule == 1 else at_least,
        ("organisation", snapshot.organisation),
        ("amount", _euros(block.minor)),
        ("donors", str(block.donors)),
    )
    in_year = [each for each in until if each.last_day.year == year]
    if len(in_year) > 1:
        whole = sum(each.minor for each in in_year)
        yield OwnText(
            N_("In the published months of {year} so far: {amount}."), ("year", f"{year}"), ("amount", _euros(whole))
        )
    goal = snapshot.goal
    if goal is not None and block == snapshot.blocks[-1]:
        raised = sum(each.minor for each in until if each.first_day >= goal.since)
        yield OwnText(
            N_("Our goal: {goal}. {raised} of {amount} has come in, that is {percent}\N{NO-BREAK SPACE}%."),
            ("goal", called(goal.text) if goal.text else snapshot.organisation),
            ("raised", _euros(raised)),
            ("amount", _euros(goal.minor)),
            ("percent", f"{raised * 100 // goal.minor}"),
        )


def _compared(until: Sequence[Block]) -> Iterator[OwnText]:
    block = until[-1]
    if len(until) > 1 and len(until[-2].months) == len(block.months):
        before = until[-2]
        yield _comparison((_MORE, _LESS, _SAME), block.minor, before.minor, _months(before))
    earlier = _year_before(until)
    if earlier:
        months = _span(earlier[0].first_day, earlier[-1].last_day)
        words = (_MORE_IN_YEAR, _LESS_IN_YEAR, _SAME_IN_YEAR)
        yield _comparison(words, block.minor, sum(each.minor for each in earlier), months)


def _comparison(words: tuple[str, str, str], now: Minor, before: Minor, months: Value) -> OwnText:
    more, less, same = words
    places: tuple[tuple[str, Value], ...] = (("months", months), ("amount", _euros(before)))
    if now == before:
        return OwnText(same, *places)
    return OwnText(more if now > before else less, ("change", _euros(abs(now - before))), *places)


def _year_before(until: Sequence[Block]) -> list[Block]:
    """Return the blocks that cover exactly the same months of the year before; none where they are cut otherwise."""
    first, last = (Month.of(day) for day in (until[-1].first_day, until[-1].last_day))
    first, last = Month(first.year - 1, first.number), Month(last.year - 1, last.number)
    found = [each for each in until if first <= Month.of(each.first_day) and Month.of(each.last_day) <= last]
    is_same = found and (Month.of(found[0].first_day), Month.of(found[-1].last_day)) == (first, last)
    return found if is_same else []


def _proof(snapshot: Snapshot, until: Sequence[Block]) -> Iterator[OwnText]:
    block = until[-1]
    if snapshot.agrees_until is not None:
        yield OwnText(N_("The books agree with the bank to the cent until {day}."), ("day", snapshot.agrees_until))
    if block.corrects:
        months = tuple(_months(each) for each in until if each.number in block.corrects)
        yield OwnText(
            N_("Corrections of months published earlier are a part of this sum: {months}."), ("months", months)
        )
    else:
        yield OwnText(N_("Nothing that was published earlier had to be corrected."))
    if block.is_rounded:
        yield OwnText(N_("Sums are rounded to 100 euros, donors to fives."))
    yield OwnText(N_("What is published never changes. Fingerprint (SHA-256): {digest}"), ("digest", block.digest))
    yield OwnText(N_("No name, no message and no single gift is ever shown."))


def _giving(giving: HowToGive, called: Called) -> Iterator[OwnText]:
    iban = parse_iban(giving.iban)
    yield OwnText(
        N_("Make an ordinary transfer. Payee: {payee}. Account: {iban}."),
        ("payee", giving.payee),
        ("iban", giving.iban if iban is None else grouped(iban)),
    )
    for way in giving.ways:
        yield OwnText(N_("Explanation: {keyword} ({appeal})"), ("keyword", way.keyword), ("appeal", called(way.appeal)))


def _table(blocks: Sequence[Block]) -> Table:
    """Return the blocks, the newest first."""
    return Table(
        title=OwnText(N_("Gifts in euros, less what was given back")),
        columns=(
            Column("months", N_("Months"), ColumnKind.TEXT),
            Column("given", N_("Given"), ColumnKind.MINOR),
            Column("currency", N_("Currency"), ColumnKind.CURRENCY),
            Column("donors", N_("Donors, at least"), ColumnKind.COUNT),
            Column("published_on", N_("Published"), ColumnKind.DAY),
        ),
        rows=tuple((_word(each), each.minor, EUR, each.donors, each.published_on) for each in reversed(blocks)),
    )


def _appeals(block: Block, until: Sequence[Block], called: Called) -> Section:
    parts: list[tuple[Cell, Minor]] = [(called(part.appeal), part.minor) for part in block.appeals]
    if block.rest:
        parts.append((OwnText(N_("Other")), block.rest))
    months = tuple(_months(each) for each in until if each.number in block.appeals_of)
    table = Table(
        title=OwnText(N_("Gifts by purpose")),
        columns=(
            Column("appeal", N_("Purpose"), ColumnKind.TEXT),
            Column("given", N_("Given"), ColumnKind.MINOR),
            Column("currency", N_("Currency"), ColumnKind.CURRENCY),
        ),
        rows=tuple((name, minor, EUR) for name, minor in parts),
    )
    said = (OwnText(N_("Of these months together, so that nobody's gift can be told: {months}."), ("months", months)),)
    return Section(heading=OwnText(N_("What it was given for")), paragraphs=said if months else (), table=table)


def _spent(told: PublishedSpending, called: Called) -> Section:
    parts: list[tuple[Cell, Minor]] = [(called(share.category), share.minor) for share in told.categories]
    if told.rest:
        parts.append((OwnText(N_("Other spending")), told.rest))
    table = Table(
        title=OwnText(N_("Spending by category")),
        columns=(
            Column("category", N_("Category"), ColumnKind.TEXT),
            Column("spent", N_("Spent"), ColumnKind.MINOR),
            Column("currency", N_("Currency"), ColumnKind.CURRENCY),
        ),
        rows=tuple((name, minor, EUR) for name, minor in parts),
    )
    said = OwnText(
        N_("{amount} was spent on {days}, with corrections of what was told before."),
        ("amount", _euros(told.minor)),
        ("days", Period(told.first_day, told.last_day)),
    )
    return Section(heading=OwnText(N_("Where the money went")), paragraphs=(said,), table=table)


def _euros(minor: Minor) -> Balance:
    return Balance(minor, EUR)


def _word(block: Block) -> OwnText:
    return OwnText("{months}", ("months", _months(block)))


def _months(block: Block) -> Value:
    return _span(block.first_day, block.last_day)


def _span(first: date, last: date) -> Value:
    ends = Month.of(first), Month.of(last)
    return ends[0] if ends[0] == ends[1] else Phrase("{first} – {last}", (("first", ends[0]), ("last", ends[1])))
