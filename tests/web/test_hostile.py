"""What a payer, a stranger or a bored colleague writes is data on every page and in every field, whatever it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from lxml import html
from pydantic import BaseModel
from starlette.testclient import TestClient
from tests.book import MARI, Book, line, statement
from tests.conftest import FreshEngine
from tests.examples import each_with_each, of_rules
from tests.web.addresses import Address, addresses
from tests.web.conftest import browser, enter

from donations.access.person import Role
from donations.core.keyword import parse_keyword
from donations.store.donors import people
from donations.store.session import writing
from donations.web.access import SAFE_METHODS

HOSTILE = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)>",
    "</title></textarea></svg><svg onload=alert(1)>{{7*7}}{% raw %}",
    "javascript:alert(1)//&lt;b&gt;\N{RIGHT-TO-LEFT OVERRIDE}iram\N{ZERO WIDTH JOINER}",
)
ODD_TEXTS = (
    "\x00",
    "a\r\nSet-Cookie: x=1",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH JOINER}\N{BYTE ORDER MARK}",
    "9" * 5_000,
    "' OR 1=1 --%",
    "'\"",  # whatever made SQL of it would end in an error
    "//evil.example/",
)
ODD_NUMBERS = ("-1", "2147483648", "9223372036854775808", "9" * 400, "1e9", "\N{ARABIC-INDIC DIGIT ONE}", "")
ENDS_HERE = {
    *("POST /sign-out", "POST /account/sign-out-everywhere", "POST /admin/people/{person_id}/sign-out"),
    *("POST /admin/people/{person_id}/second-step/reset", "POST /admin/people/{person_id}/roles"),
}
"""After these one would have to sign in again."""


@pytest.fixture
def everybody(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who may do everything."""
    with browser(app, enter(app, *Role, name="treasurer"), follow_redirects=False) as made:
        yield made


def live_in(book: Book, name: str) -> None:
    """Let a payer write this wherever payers write, and people of the organisation too."""
    with writing(book.engine) as session:
        people.add_appeal(session, name, keywords=[parse_keyword("laager")], references=[])
    given, asked = line("03-10", 1_000, name, MARI, "Annetus"), line("03-11", 500, name, "", name)
    paid = line("03-12", -300, name, MARI, name)
    book.take(statement("03-01", "03-31", given, asked, paid, opening=0), name=name)


def fields(app: FastAPI) -> dict[tuple[str, str], dict[str, bool]]:
    """Return for each method and path the names that its query and form have, with whether they are numbers."""
    return {
        (method, str(context.path)): dict(_named(context.original_route.dependant))
        for context in iter_route_contexts(list(app.routes))
        if hasattr(context.original_route, "dependant")
        for method in context.methods or ()
    }


def _named(dependant: Any) -> Iterator[tuple[str, bool]]:
    for each in (*dependant.query_params, *dependant.body_params):
        asked = each.field_info.annotation
        if isinstance(asked, type) and issubclass(asked, BaseModel):
            yield from ((name, "int" in str(one.annotation)) for name, one in asked.model_fields.items())
        else:
            yield each.alias, "int" in str(asked)
    for inner in dependant.dependencies:
        yield from _named(inner)


def sent(names: dict[str, bool]) -> Iterator[dict[str, str]]:
    """Return what to send: every text odd at once beside plain numbers, then numbers odd alone, each with each."""
    plain = {name: "1" for name, is_number in names.items() if is_number}
    texts = [name for name in names if name not in plain]
    yield from (plain | dict.fromkeys(texts, odd) for odd in ODD_TEXTS if texts)
    yield from (plain | {name: odd} for name, odd in (each_with_each([*plain], ODD_NUMBERS) if plain else ()))


def pages(app: FastAPI) -> list[Address]:
    """Return all that people ask for."""
    return [each for each in addresses(app) if not each.route.is_for_programs]


@of_rules()
def test_whatever_is_sent_is_answered(app: FastAPI, everybody: TestClient, book: Book) -> None:
    """Never by an error of ours, with a header that was sent, or by leading elsewhere."""
    live_in(book, HOSTILE[0])
    known = fields(app)
    for address in pages(app):
        if str(address) in ENDS_HERE:
            continue
        is_asked = address.method in SAFE_METHODS
        for said in sent(known[address.method, address.route.path]):
            answer = everybody.get(address.path, params=said) if is_asked else everybody.post(address.path, data=said)
            assert answer.status_code < 500, (address, said)
            assert "x=1" not in answer.headers.get("set-cookie", ""), (address, said)
            assert not answer.headers.get("location", "/").startswith("//"), (address, said)


@pytest.mark.parametrize(
    "odd", ["-1", "2147483648", "9" * 30, "%00", "%0d%0aX: 1", "..%2f..%2fetc", "%ff", "a" * 5_000]
)
def test_whatever_stands_in_an_address_is_answered(app: FastAPI, everybody: TestClient, odd: str) -> None:
    for address in pages(app):
        path = re.sub(r"{[^}]+}", odd, address.route.path)
        if path != address.route.path:
            assert everybody.request(address.method, path).status_code < 500, address


Shape = list[tuple[str, tuple[str, ...]]]


def shapes(app: FastAPI, fresh: FreshEngine, name: str) -> dict[str, Shape]:
    """Return the elements of every page with their attributes, over books in which somebody wrote this."""
    with fresh() as engine:
        site = app.state.site
        app.state.site = replace(site, engine=engine, entrance=replace(site.entrance, engine=engine))
        live_in(Book(engine), name)
        with browser(app, enter(app, *Role, name="treasurer")) as client:
            found = {str(each): client.get(each.path) for each in pages(app) if each.method == "GET"}
    return {
        path: [(str(each.tag), tuple(sorted(each.attrib))) for each in html.fromstring(answer.text).iter()]
        for path, answer in found.items()
        if answer.headers["content-type"].startswith("text/html")
    }


@pytest.mark.parametrize("fresh_engine", ["sqlite"], indirect=True)
def test_what_people_write_is_data_on_every_page(app: FastAPI, fresh_engine: FreshEngine) -> None:
    """With a hostile name each page has the very elements that it has with a plain one, charts included."""
    width = max(map(len, HOSTILE))  # what is long is cut, and marked as cut
    plain = shapes(app, fresh_engine, "M" * width)
    assert len(plain) > 20
    for name in HOSTILE:
        for path, shape in shapes(app, fresh_engine, name.ljust(width, "M")).items():
            assert shape == plain[path], (path, name)
