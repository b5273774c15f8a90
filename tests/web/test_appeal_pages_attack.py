"""A stranger keeps every public page of appeals after each publication, and subtracts: whose gift comes to light?

The attack shares no code with the product's publication: it reads pages over HTTP, knows an appeal by its address
whatever it is called, and is judged by the gifts that this file made up.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, lived, published
from tests.book import JAAN, NOW, Book, gift, line
from tests.published.attackers import is_open
from tests.published.page import Sum
from tests.web.conftest import Clock, browser
from tests.web.reading_pages import text_of
from tests.web.test_public_derived import amounts, told_by

from donations.acts.appeal_pages import call_appeal
from donations.acts.registering import NewNames, register
from donations.core.donor import AppealId
from donations.core.keyword import parse_keyword
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.statement import StatementLine
from donations.store.session import writing

ROOF = 2
SAY, PAGE = f"/treasurer/settings/appeals/{ROOF}/page", f"/appeal/{ROOF}"
PERCENT = 50
"""Said here again: the product does not choose what it is judged by."""
GIVEN = re.compile(r"Given for it\s*:\s*(\d[\d\s]*),(\d\d)")
FEED = ("/transparency.csv", "/transparency.atom", "/embed/month", "/embed/month.svg", "/", PAGE)


@dataclass
class Stranger:
    """Who looks at the page of one appeal each time, and keeps what it says."""

    client: TestClient
    seen: list[tuple[int, int]] = field(default_factory=list)
    """How many blocks there were, and the cents that the page tells."""

    def look(self) -> None:
        """Look once."""
        page = text_of(self.client.get(PAGE).text).replace("\N{NO-BREAK SPACE}", " ")
        found = GIVEN.search(page)
        if found:
            cents = int(re.sub(r"\D", "", found[1])) * 100 + int(found[2])
            self.seen.append((len(self.client.get("/transparency.json").json()["blocks"]), cents))

    def told(self) -> list[tuple[list[int], int]]:
        """Return by which months and how much the page moved each time: months by the days of the blocks."""
        blocks = self.client.get("/transparency.json").json()["blocks"]
        found, before, from_block = [], 0, 0
        for count, cents in self.seen:
            new = [each for each in blocks[from_block:count] if each["appeals"]]
            if cents != before:
                days = [(int(each["first_day"][5:7]), int(each["last_day"][5:7])) for each in new]
                found.append(([month for first, last in days for month in range(first, last + 1)], cents - before))
                before, from_block = cents, count
        return found


@dataclass
class Circle:
    """Who gave what for the roof, and who gave for anything else; each month by name."""

    roof: dict[int, dict[str, int]] = field(default_factory=dict)
    other: dict[int, dict[str, int]] = field(default_factory=dict)

    def lines(self, month: int) -> list[StatementLine]:
        """Return the bank's lines of a month."""
        own = [line(f"{month:02}-11", cents, name, JAAN, "katus") for name, cents in self.roof[month].items()]
        return [*(gift(f"{month:02}-10", cents, name) for name, cents in self.other[month].items()), *own]

    def cents(self, month: int) -> int:
        """Return what came in a month."""
        return sum(self.roof[month].values()) + sum(self.other[month].values())

    def whose(self, months: list[int]) -> Sum:
        """Return what these months came to for the roof, and whose it was."""
        given: Counter[int | None] = Counter()
        for month in months:
            given.update({hash(name): cents for name, cents in self.roof[month].items()})
        return Sum(len(months), given.total(), given)


def named(kind: str, number: int) -> str:
    return f"{kind} {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number]}aas"


def steady(newcomers: dict[int, int], *, months: int = 6) -> Circle:
    """Return a circle in which the same people give the same, but for who begins in a month."""
    found = Circle()
    for month in range(1, months + 1):
        found.other[month] = {named("Muu", each): 1_000 + 100 * month * each for each in range(14)}
        since = [begun for begun in newcomers if begun <= month]
        found.roof[month] = {named("Abi", each): 2_000 for each in range(12)}
        found.roof[month] |= {named("Uus", begun): newcomers[begun] for begun in since}
    return found


def churning(seed: int, *, months: int = 6) -> Circle:
    """Return a circle in which people come and go and give otherwise."""
    random, found = Random(seed), Circle()
    orders = {named("Abi", each): random.choice([500, 1_000, 1_500, 2_500, 5_000]) for each in range(16)}
    for month in range(1, months + 1):
        found.other[month] = {named("Muu", each): random.randint(500, 9_000) for each in range(15)}
        for name in list(orders):
            if random.random() < 0.15:
                orders[name] = random.choice([500, 1_000, 1_500, 2_500, 5_000])
        found.roof[month] = {name: cents for name, cents in orders.items() if random.random() < 0.9}
    return found


def publishes_month_after_month(
    book: Book, app: FastAPI, client: TestClient, clock: Clock, circle: Circle, *, names: list[str]
) -> Stranger:
    """Close and publish each month, calling the appeals otherwise each time, while the stranger looks."""
    clock.now = LATER
    with writing(book.engine) as session:
        register(session, NewNames(appeal="Roof", keywords=(parse_keyword("katus"),)), now=NOW)
    client.post(SAY, data={"is_shown": "true", "text_et": "Katus."})
    stranger, opening = Stranger(browser(app)), 0
    for month in sorted(circle.roof):
        lived(book, circle.lines(month), first=month, opening=opening)
        opening += circle.cents(month)
        name = names[month % len(names)]
        with writing(book.engine) as session:
            call_appeal(session, AppealId(ROOF), name, {}, by="treasurer", at=NOW)
            call_appeal(session, AppealId(1), f"Not {name}", {}, by="treasurer", at=NOW)
        published(book)
        stranger.look()
    return stranger


def laid_open(circle: Circle, told: list[tuple[list[int], int]]) -> list[tuple[list[int], list[int]]]:
    """Return the pairs of what was told whose difference does not hide everybody."""
    return [
        (old, new)
        for (old, _), (new, _) in combinations(told, 2)
        if is_open(circle.whose(new).since(circle.whose(old)), percent=PERCENT)
    ]


ALWAYS, RENAMED = ["Roof"], ["Roof", "New roof", "The roof"]
CIRCLES = {
    "one begins": steady({3: 1_234}),
    "two begin": steady({3: 1_234, 5: 4_321}),
    **{f"churning {seed}": churning(seed) for seed in range(2)},
}


@pytest.mark.parametrize("names", [ALWAYS, RENAMED], ids=["called the same", "called otherwise each time"])
@pytest.mark.parametrize("circle", CIRCLES.values(), ids=list(CIRCLES))
def test_no_difference_of_what_a_page_told_leaves_anybody_alone(
    book: Book, app: FastAPI, client: TestClient, clock: Clock, circle: Circle, names: list[str]
) -> None:
    stranger = publishes_month_after_month(book, app, client, clock, circle, names=names)
    told = stranger.told()
    assert told, "the page tells something, or there is nothing to attack"
    for months, cents in told:
        assert circle.whose(months).cents == cents, "the page moves by what was given for it, and by nothing else"
        assert len(circle.whose(months).whose) >= 10
    assert laid_open(circle, told) == []
    blocks, told_apart = stranger.client.get("/transparency.json").json()["blocks"], Counter[str]()
    allowed = told_by(blocks) | {cents for _, cents in stranger.seen} | {0}
    for block in blocks:
        parts = {each["name"]: each["total_cents"] for each in block["appeals"]}
        told_apart.update(parts)
        allowed |= {*parts.values(), *told_apart.values(), block["other_appeals_cents"]}
    for path in FEED:
        text = stranger.client.get(path).text
        assert {*amounts(text.replace(",", ";") if path.endswith(".csv") else text)} <= allowed, path


def test_the_name_of_before_is_no_other_appeals(book: Book) -> None:
    """What was published under it stands on the page of the appeal that had it."""
    for name in ("Roof", "Well"):
        with writing(book.engine) as session:
            register(session, NewNames(appeal=name, keywords=(parse_keyword(name),)), now=NOW)
    with writing(book.engine) as session:
        call_appeal(session, AppealId(ROOF), "New roof", {}, by="treasurer", at=NOW)
    with pytest.raises(Refusal) as refused, writing(book.engine) as session:
        call_appeal(session, AppealId(3), "roof", {}, by="treasurer", at=NOW)
    assert refused.value.code is BooksCode.APPEAL_NAME_TAKEN
    with writing(book.engine) as session:
        call_appeal(session, AppealId(ROOF), "Roof", {}, by="treasurer", at=NOW)


def test_a_page_that_told_each_month_would_give_the_newcomer_away() -> None:
    """The control."""
    circle = CIRCLES["one begins"]
    told = [([month], circle.whose([month]).cents) for month in circle.roof]
    assert ([2], [3]) in laid_open(circle, told)
    assert next(new - old for (_, old), (_, new) in combinations(told, 2) if new != old) == 1_234
