"""The report for the readers: as others may show it, in each language, from what is published alone."""

from __future__ import annotations

import csv
import io
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from tests.acts.test_publishing import LATER, agreed, gifts_in, lived, published
from tests.book import Book
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import text_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.published.document import Goal
from donations.store.publishing import PublishingTerms

PAGE = "/treasurer/publishing/report"
KINDS = ("html", "md", "csv", "svg")


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """Books of which two months are published, with a goal whose text would mark things up."""
    agreed(book, PublishingTerms(goal=Goal(minor=100_000, text="<b>*Katus* | [x](y)", since=date(2026, 1, 1))))
    lived(book, gifts_in(1, 12), gifts_in(2, 12, minor=1_500), gifts_in(3, 12, minor=77_700))
    published(book)
    return book


@pytest.fixture
def shown(written: Book, clock: Clock) -> Book:
    """The books when all of it is over."""
    clock.now = LATER
    return written


@pytest.mark.usefixtures("shown")
def test_the_page_shows_the_newest_report_and_its_sources(client: TestClient) -> None:
    answer = client.get(PAGE)
    said = text_of(answer.text)
    for words in ("What came in: February 2026", "received gifts of 180,00 €", "60,00 € more", "<article lang=", "## "):
        assert words in said, words
    assert "932,40" not in answer.text  # March is not published
    older = text_of(client.get(f"{PAGE}/1").text)
    assert "What came in: January 2026" in older
    assert "180,00 €" not in older


@pytest.mark.parametrize("language", ["et", "en", "ru"])
@pytest.mark.usefixtures("shown")
def test_it_can_be_taken_along_in_each_language(client: TestClient, language: str) -> None:
    files = {kind: client.get(f"{PAGE}/2.{kind}?in={language}") for kind in KINDS}
    for kind, answer in files.items():
        assert answer.headers["content-disposition"] == f'attachment; filename="gifts-2026-02-{language}.{kind}"'
        assert "180" in answer.text or kind == "svg"
        assert not [word for word in ("Donor 1", "EE3077", "treasurer") if word in answer.text]
    (article,) = html.fragments_fromstring(files["html"].text)
    assert (article.tag, article.get("lang")) == ("article", language)
    assert not article.xpath("//script | //style | //@style | //@class")
    assert article.xpath("count(.//*[local-name()='svg'])") == 1
    ET.fromstring(files["svg"].content)  # noqa: S314 - our own
    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["180.00", "120.00"]


@pytest.mark.usefixtures("shown")
def test_what_others_wrote_marks_nothing_up(client: TestClient) -> None:
    assert "&lt;b&gt;*Katus*" in client.get(f"{PAGE}/2.html?in=en").text
    assert r"&lt;b&gt;\*Katus\* \| \[x\](y)" in client.get(f"{PAGE}/2.md?in=en").text


@pytest.mark.usefixtures("shown")
def test_the_tables_of_the_text_are_tables(client: TestClient) -> None:
    lines = client.get(f"{PAGE}/2.md?in=en").text.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    at = lines.index("| Months | Given | Donors, at least | Published |")
    assert lines[at + 1] == "| --- | ---: | ---: | --- |"
    assert lines[at + 2] == "| February 2026 | 180,00 € | 10 | 11 July 2026 |"
    assert "![What came in: February 2026](gifts-2026-02-en.svg)" in lines


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/1", f"{PAGE}/1.md"])
def test_before_anything_is_published_there_is_no_report(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, "nothing_published" in answer.text) == (404, True)


@pytest.mark.usefixtures("shown")
def test_whoever_sees_figures_may_write_about_them(app: FastAPI) -> None:
    with browser(app, enter(app, Role.VIEWER, name="Vaike")) as viewer:
        assert viewer.get(PAGE).status_code == 200
    with browser(app) as stranger:
        assert "Sign in" in text_of(stranger.get(PAGE).text)
