"""The public page and its data: from the published snapshot alone, the same for everyone, and about nobody."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from frictionless import Package
from lxml import html
from sqlalchemy import Engine, event
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, US, agreed, gifts_in, lived, published
from tests.book import JAAN, MARI, OWN, Book, line
from tests.web.conftest import Clock
from tests.web.reading_pages import text_of
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.core.donor import DonorId
from donations.core.giving_code import giving_codes
from donations.core.payment import Purpose
from donations.published.document import Goal, block_complaints
from donations.store.donors.donor_facts import write_note
from donations.store.opening import unpooled
from donations.store.publishing import PublishingTerms
from donations.store.session import writing

DATA = ("/transparency.json", "/transparency.csv", "/transparency.atom", "/datapackage.json", "/spending.csv")
CARDS = ("/embed/month", "/embed/month.svg", "/oembed.json?url=https://localhost/")
PUBLIC = ("/", *DATA, *CARDS)


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Books of which two months are published, with canaries in every field that a bank or a person fills."""
    canary = line("01-11", 77_777, "Canary Bird", JAAN, "annetus canarytext", code="38001085718")
    lived(book, [*gifts_in(1, 12, minor=51_000), canary], gifts_in(2, 12), gifts_in(3, 12))
    with writing(book.engine) as session:
        write_note(session, DonorId(2), "canarynote", by="canarytreasurer", at=LATER)
    published(book)
    return book


@pytest.fixture
def shown(written: Book, clock: Clock) -> Book:
    """The books when all of it is over."""
    clock.now = LATER
    return written


def test_empty_books_say_what_will_be_here(client: TestClient) -> None:
    said = text_of(client.get("/").text)
    assert "Nothing is published yet." in said
    assert "The account will be shown here" in said
    assert [client.get(path).status_code for path in DATA] == [404] * len(DATA)


@pytest.mark.usefixtures("shown")
def test_the_page_shows_what_is_published_and_how_to_give(client: TestClient) -> None:
    said = text_of(client.get("/").text)
    for words in (
        *(
            "January 2026",
            "6 897,77 €",
            "7 017,77 €",
            "From at least 10 people",
            "Agrees with the bank to the cent until 31 March 2026",
        ),
        *("EE38 2200 2210 2014 5685", US, "Annetus"),
    ):
        assert words in said, words


@pytest.mark.usefixtures("shown")
def test_no_word_of_any_donor_is_public(client: TestClient) -> None:
    words = ("Donor 1", "Canary", "canary", "77777", " 777,77", MARI, JAAN, "EE83 2200", "38001085718", "treasurer@")
    for path in PUBLIC:
        answer = client.get(path)
        text = answer.text + repr(answer.headers)
        assert answer.status_code == 200
        assert not [word for word in words if word in text], path
        assert "set-cookie" not in answer.headers
    assert OWN in client.get("/transparency.json").text


def test_what_is_not_published_changes_nothing(client: TestClient, shown: Book) -> None:
    before = [client.get(path).content for path in PUBLIC]
    shown.answer(shown.payment("01-10", 51_000), Answer(purpose=Purpose.INCOME, reason="it was a ticket"))
    lived(shown, gifts_in(4, 30, minor=9_999), first=4, opening=12 * 51_000 + 77_777 + 24_000)
    assert [client.get(path).content for path in PUBLIC] == before
    published(shown, now=LATER + timedelta(days=1))
    assert [client.get(path).content for path in PUBLIC[:3]] != before[:3]


@pytest.mark.usefixtures("shown")
def test_pages_ask_the_snapshot_and_what_the_association_says_and_nothing_else(
    client: TestClient, engine: Engine
) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    for each in (engine, unpooled(engine)):
        event.listen(each, "before_cursor_execute", note)
    for path in PUBLIC:
        client.get(path)
    for each in (engine, unpooled(engine)):
        event.remove(each, "before_cursor_execute", note)
    tables = {table for statement in asked for table in re.findall(r"(?:FROM|JOIN) (\w+)", statement)}
    assert tables == {"public_snapshot", "data_key", "document_setting", "own_code", "name_in_language"}


@pytest.mark.parametrize("path", PUBLIC)
def test_who_has_it_is_not_sent_it_again(client: TestClient, shown: Book, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["cache-control"].startswith("public")
    again = client.get(path, headers={"if-none-match": f'W/"other", {answer.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    lived(shown, gifts_in(4, 30, minor=9_999), first=4, opening=12 * 51_000 + 77_777 + 24_000)
    published(shown)
    if path not in {"/datapackage.json", "/spending.csv", CARDS[2]}:
        assert client.get(path, headers={"if-none-match": answer.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("language", ["et", "en", "ru"])
@pytest.mark.usefixtures("shown")
def test_each_language_is_an_answer_of_its_own(client: TestClient, language: str) -> None:
    answer = client.get("/", headers={"accept-language": language})
    assert f'lang="{language}"' in answer.text
    assert answer.headers["vary"] == "Accept-Language, Cookie"


@pytest.mark.usefixtures("shown")
def test_the_code_on_the_page_is_read_back(client: TestClient) -> None:
    """By a real decoder, from the drawing that the page holds."""
    (drawing,) = html.fromstring(client.get("/").text).xpath("//figure//*[local-name()='svg' and @class='qr']")
    read = zxingcpp.read_barcode(_pixels(drawing))
    assert read is not None
    assert read.text.split("\n") == ["BCD", "002", "1", "SCT", "", US, OWN, "", "", "", "Annetus"]


@pytest.mark.usefixtures("shown")
def test_everybody_sees_the_same_page_and_has_another_code(client: TestClient) -> None:
    """The public page may be kept by whoever likes; the box with a code is made for one."""
    assert len({client.get("/").headers["etag"] for _ in range(3)}) == 1
    answers = [client.get("/give") for _ in range(3)]
    assert {each.headers["cache-control"] for each in answers} == {"no-store"}
    words = set()
    for answer in answers:
        page = html.fromstring(answer.text)
        (word,) = page.xpath("//*[@id='give-word-1']/text()")
        (drawing,) = page.xpath("//figure//*[local-name()='svg' and @class='qr']")
        read = zxingcpp.read_barcode(_pixels(drawing))
        assert read is not None
        assert read.text.split("\n")[-1] == word
        words.add(word)
    assert len(words) == 3
    assert all(len(giving_codes(each)) == 1 and each.startswith("Annetus ") for each in words)


def test_before_anything_is_published_there_is_nothing_to_write_a_code_into(client: TestClient) -> None:
    assert "is a code of your own" not in text_of(client.get("/give").text)


def _pixels(drawing: Any) -> Any:
    """Return the modules of an inline drawing, five pixels each; black is 0."""
    size = int(drawing.get("viewbox", drawing.get("viewBox")).split()[2])
    rows = [bytearray(b"\xff" * size * 5) for _ in range(size)]
    path = drawing.xpath(".//*[@stroke]")[0].get("d")
    x, y = 0, 0
    for command, arguments in re.findall(r"([Mmh])([-\d. ]+)", path):
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", arguments)]
        if command == "h":
            rows[y][x * 5 : (x + int(numbers[0])) * 5] = bytes(int(numbers[0]) * 5)
            x += int(numbers[0])
        elif command == "M":
            x, y = int(numbers[0]), int(numbers[1])
        else:
            x, y = x + int(numbers[0]), y + int(numbers[1])
    whole = b"".join(bytes(row) * 5 for row in rows)
    return memoryview(whole).cast("B", (size * 5, size * 5))


@pytest.mark.usefixtures("shown")
def test_the_data_hold_and_are_the_pages_figures(client: TestClient) -> None:
    document = client.get("/transparency.json").json()
    assert block_complaints(document) == []
    assert document["total_cents"] == 12 * 51_000 + 77_777 + 12_000
    rows = list(csv.DictReader(io.StringIO(client.get("/transparency.csv").content.decode("utf-8-sig"))))
    assert [(row["first_day"], row["total_eur"], row["donors_at_least"], row["sha256"]) for row in rows] == [
        (
            each["first_day"],
            f"{each['total_cents'] // 100}.{each['total_cents'] % 100:02}",
            str(each["donors_at_least"]),
            each["sha256"],
        )
        for each in document["blocks"]
    ]


@pytest.mark.usefixtures("shown")
def test_the_package_is_valid(client: TestClient, tmp_path: Path) -> None:
    for path in ("/transparency.csv", "/datapackage.json"):
        (tmp_path / path.removeprefix("/")).write_bytes(client.get(path).content)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])


@pytest.mark.usefixtures("shown")
def test_the_feed_has_an_entry_for_each_block(client: TestClient) -> None:
    feed = ET.fromstring(client.get("/transparency.atom").content)  # noqa: S314 - our own
    atom = "{http://www.w3.org/2005/Atom}"
    assert [each.findtext(f"{atom}title") for each in feed.iter(f"{atom}entry")] == [
        "2026-02-01 – 2026-02-28: 120.00 EUR",
        "2026-01-01 – 2026-01-31: 6897.77 EUR",
    ]
    assert {each.tag.removeprefix(atom) for each in feed} >= {"id", "title", "updated", "author", "link"}


@pytest.mark.usefixtures("shown")
def test_machines_are_told_whose_data_it_is(client: TestClient) -> None:
    (linked,) = html.fromstring(client.get("/").text).xpath("//script[@type='application/ld+json']/text()")
    found = json.loads(linked)
    assert (found["@type"], found["creator"]["name"], found["temporalCoverage"]) == (
        "Dataset",
        US,
        "2026-01-01/2026-02-28",
    )
    assert "<" not in linked


def test_cards_may_be_framed_and_show_the_newest_months(client: TestClient, book: Book, clock: Clock) -> None:
    goal = Goal(minor=100_000, text="<b>Katus", since=date(2026, 1, 1))
    agreed(book, PublishingTerms(goal=goal))
    lived(book, gifts_in(1, 12), gifts_in(2, 12))
    published(book)
    clock.now = LATER
    for path, words in {
        "/embed/month": ("January 2026", "120,00", "from at least 10 donors", US),
        "/embed/goal": ("&lt;b&gt;Katus", "120,00", "12 %", US),
    }.items():
        for ending in ("", ".svg"):
            answer = client.get(path + ending)
            text = re.sub("\N{NO-BREAK SPACE}|&nbsp;|&#160;", " ", answer.text)
            assert not [word for word in words if word not in text], path + ending
            assert "<script" not in text
            assert "frame-ancestors *" in answer.headers["content-security-policy"]
        ET.fromstring(client.get(f"{path}.svg").content)  # noqa: S314 - our own


@pytest.mark.usefixtures("shown")
def test_other_sites_are_told_how_to_show_a_card(client: TestClient) -> None:
    told = client.get("/oembed.json?url=https://localhost/embed/month&maxwidth=300").json()
    assert (told["type"], told["width"]) == ("rich", 300)
    assert 'src="https://localhost/embed/month"' in told["html"]
    assert client.get("/oembed.json", params={"url": "https://localhost/?from=a#block-1"}).status_code == 200
    elsewhere = ("https://elsewhere.example/", "http://[", "https://localhost@x/", "/embed/month", "")
    for url in (*elsewhere, "https://localhost/treasurer"):
        assert client.get("/oembed.json", params={"url": url}).status_code == 404
