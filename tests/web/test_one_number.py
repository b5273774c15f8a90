"""Same filter, one number, as people and programs ask for it: dashboard, list, report, CSV, API and the public page."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, closed, published
from tests.book import MARI, Book, line, statement
from tests.conftest import FreshEngine
from tests.web.api.conftest import Tokens
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import NO_BREAK, minor_of

from donations.access.person import Role
from donations.core.calendar import Month
from donations.core.keyword import parse_keyword
from donations.store.donors import people
from donations.store.log.looks import AccessNotes
from donations.store.session import writing
from donations.web.beside import Published
from donations.web.site import Site

APPEALS = {1: "Annetus", 2: "Podcast"}
"""Of each appeal, what is written to give to it."""
MONTHS = (Month(2026, 1), Month(2026, 2), Month(2026, 3))
DONORS = 24
_GIVEN = st.lists(st.tuples(st.integers(1, 28), st.integers(500, 1_500)), min_size=DONORS, max_size=DONORS + 6).map(
    lambda drawn: [(day, minor, at % DONORS, 1 + at % 2) for at, (day, minor) in enumerate(drawn)]
)
"""Day, cents, donor, appeal: so many give so alike to each appeal that months can be published."""
Gifts = dict[Month, list[tuple[int, int, int, int]]]


@settings(max_examples=6)
@given(st.fixed_dictionaries(dict.fromkeys(MONTHS, _GIVEN)), st.sampled_from([None, *APPEALS]))
def test_whoever_asks_hears_the_same(
    made_once: FastAPI, fresh_sqlite: FreshEngine, gifts: Gifts, appeal: int | None
) -> None:
    with fresh_sqlite() as engine:
        clock = Clock(LATER)
        site: Site = made_once.state.site
        entrance = replace(site.entrance, engine=engine)
        made_once.state.site = replace(
            site, engine=engine, clock=clock, entrance=entrance, looks=AccessNotes(), published=Published()
        )
        lived(Book(engine), gifts)
        _, token = Tokens(engine, clock).made(Tokens(engine, clock).person())
        program = TestClient(made_once, base_url="http://localhost", headers={"authorization": f"Bearer {token}"})
        with browser(made_once, enter(made_once, Role.TREASURER, name="treasurer")) as treasurer:
            for month in MONTHS:
                wanted = sum(minor for _, minor, _, to in gifts[month] if appeal in (None, to))
                assert said(treasurer, program, month, appeal) == dict.fromkeys(ASKED, wanted)
        public_says(TestClient(made_once, base_url="http://localhost"), gifts)


def lived(book: Book, gifts: Gifts) -> None:
    """Import each month, close it, and publish what may be."""
    with writing(book.engine) as session:
        people.add_appeal(session, "Podcast", keywords=[parse_keyword("podcast")], references=[])
    opening = 0
    for month in MONTHS:
        lines = [
            line(f"{month.number:02}-{day:02}", minor, f"Donor {who}", MARI, APPEALS[to])
            for day, minor, who, to in sorted(gifts[month])
        ]
        book.take(
            statement(f"{month.first_day:%m-%d}", f"{month.last_day:%m-%d}", *lines, opening=opening),
            name=f"{month.number}.xml",
        )
        opening += sum(each.money.signed_minor for each in lines)
        closed(book, month.number)
    published(book)


ASKED = ("dashboard", "list", "report", "CSV", "API report", "API gifts")


def said(treasurer: TestClient, program: TestClient, month: Month, appeal: int | None) -> dict[str, int]:
    """Return what was given in a month for an appeal, or for all, by everybody who can be asked."""
    chosen = {"month": str(month), "appeal": appeal or ""}
    days = {"first": month.first_day.isoformat(), "last": month.last_day.isoformat()}
    named = [name for number, name in ((1, "General"), (2, "Podcast")) if appeal in (None, number)]
    period = {"from": days["first"], "to": days["last"]}
    asked = period | {"limit": 100} | ({"appeal": appeal} if appeal else {})
    rows = csv.DictReader(io.StringIO(text(treasurer, "/treasurer/reports/appeals.csv", **period).lstrip("\ufeff")))
    return dict(
        zip(
            ASKED,
            (
                figure(text(treasurer, "/staff", **chosen)),
                figure(text(treasurer, "/staff/lines", **chosen, **days)),
                in_table(text(treasurer, "/treasurer/reports/appeals", **period), named),
                int(sum(Decimal(row["Given"]) * 100 for row in rows if row["Appeal"] in named)),
                sum(
                    row["total"]["minor"]
                    for row in program.get("/api/v1/reports/appeals", params=period).json()["rows"]
                    if row["appeal"] in named
                ),
                sum(each["money"]["minor"] for each in program.get("/api/v1/gifts", params=asked).json()["items"]),
            ),
            strict=True,
        )
    )


def public_says(anybody: TestClient, gifts: Gifts) -> None:
    """The public page and its data say what the ledger has until the day to which they reach, by appeal too."""
    told = anybody.get("/transparency.json").json()
    assert told["blocks"]
    until = date.fromisoformat(told["blocks"][-1]["last_day"])
    rows = [row for month, given_in in gifts.items() if month.last_day <= until for row in given_in]
    total = sum(minor for _, minor, _, _ in rows)
    assert (told["total_cents"], figure(anybody.get("/").text)) == (total, total)
    by_appeal = {
        name: sum(minor for _, minor, _, to in rows if to == at) for at, name in ((1, "General"), (2, "Podcast"))
    }
    shown: dict[str, int] = {}
    for block in told["blocks"]:
        for part in block["appeals"]:
            shown[part["name"]] = shown.get(part["name"], 0) + part["total_cents"]
    assert all(minor <= by_appeal[name] for name, minor in shown.items())
    if all(block["appeals"] and not block["other_appeals_cents"] for block in told["blocks"]):
        assert shown == {name: minor for name, minor in by_appeal.items() if minor}


def text(client: TestClient, path: str, **asked: Any) -> str:
    answer = client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.text


def figure(page: str) -> int:
    """Return the first figure of a page."""
    found = html.fromstring(page).xpath("//main//*[contains(concat(' ', @class, ' '), ' figure ')]")
    return minor_of(found[0].text_content()) if found else 0


def in_table(page: str, named: list[str]) -> int:
    """Return the sum of the last column over the rows with these names."""
    rows = html.fromstring(page).xpath("//main//tbody/tr")
    cells = [[cell.text_content().replace(NO_BREAK, " ").strip() for cell in row.xpath("./*")] for row in rows]
    return sum(minor_of(each[-1]) for each in cells if each[0] in named)
