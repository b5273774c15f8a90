"""The staff's pages: every number leads to the gifts it is made of, and without the permission nobody is named."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from tests.book import OTHER_OWN, Book, gift, statement
from tests.web.conftest import browser, enter
from tests.web.reading_pages import links_of, minor_of, text_of

from donations.access.person import Role
from donations.web import staff

PAGES = (
    "/staff",
    "/staff/donors",
    "/staff/grid",
    "/staff/amounts",
    "/staff/amounts?over=month",
    "/staff/unallocated",
)
NAMES = ("Püsi", "Uus Tulija", "Rein", "Ammu", "Keegi")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_for_empty_books(client: TestClient, viewer: TestClient, path: str) -> None:
    for each in (client, viewer):
        answer = each.get(path)
        assert answer.status_code == 200
        assert "No statement is in the books yet" in text_of(answer.text)


@pytest.mark.parametrize("path", PAGES[:-1])
def test_every_page_answers_for_a_month_without_gifts(client: TestClient, lived_in: Book, path: str) -> None:
    del lived_in
    assert client.get(path, params={"month": "2020-01"}).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_number_is_the_sum_of_the_gifts_behind_it(client: TestClient, lived_in: Book, path: str) -> None:
    del lived_in
    found = html.fromstring(client.get(path).text).xpath("//main//a[starts-with(@href, '/staff/lines')]")
    amounts = [each for each in found if re.search(r",\d\d", each.text_content())]
    assert amounts or path == "/staff/unallocated"
    for link in amounts[:60]:
        behind = client.get(link.get("href"))
        assert behind.status_code == 200
        total = html.fromstring(behind.text).xpath("//main//p[@class='figure']")[0].text_content()
        assert minor_of(total) == minor_of(link.text_content()), link.get("href")
        cells = html.fromstring(behind.text).xpath("//main//tbody//td[@class='money']")
        assert sum(minor_of(cell.text_content()) for cell in cells) == minor_of(total)


def test_counts_of_gifts_lead_to_as_many(client: TestClient, lived_in: Book) -> None:
    del lived_in
    for path in ("/staff", "/staff/amounts"):
        found = html.fromstring(client.get(path).text).xpath("//main//a[starts-with(@href, '/staff/lines')]")
        for link in (each for each in found if re.fullmatch(r"\d+( gifts?)?", each.text_content().strip())):
            count = int(link.text_content().split()[0])
            assert f"{count} gift" in text_of(client.get(link.get("href")).text)


def test_the_overview_says_how_the_month_goes(client: TestClient, lived_in: Book) -> None:
    del lived_in
    said = text_of(client.get("/staff").text)
    assert "June 2026 162,00 € 11 gifts · 11 donors" in said
    assert "May 2026 110,00 € 52,00 € more (+47 %)" in said
    assert "June 2025 11,00 € 151,00 € more (+1373 %)" in said
    assert "Expected in July 2026" in said
    assert "It is too early for a range" in said or "came" in said


def test_the_lists_name_who_came_and_who_stopped(client: TestClient, lived_in: Book) -> None:
    del lived_in
    said = text_of(client.get("/staff/donors").text)
    assert "Uus Tulija0 25,00 € 9 June 2026" in said
    assert "Püsi Annetaja0 nothing 10,00 € by 30 June 2026" in said
    assert "Püsi Annetaja1 15,00 € 10,00 € 5 June 2026" in said
    assert "Ammu Antud 12,00 €" in said
    assert "Everything else is as expected: 6 gifts, 60,00 €" in said


def test_a_long_list_comes_a_page_at_a_time(
    client: TestClient, lived_in: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    del lived_in
    monkeypatch.setattr(staff, "FEW", 2)
    monkeypatch.setattr(staff, "DONORS_AT_ONCE", 2)
    monkeypatch.setattr(staff, "GRID_DONORS_AT_ONCE", 5)
    monkeypatch.setattr(staff, "GIFTS_AT_ONCE", 4)
    (whole,) = {link for link in links_of(client.get("/staff/donors").text) if "list=new" in link}
    pages = [text_of(client.get(f"/staff/donors{whole}&page={at}").text) for at in (1, 2)]
    assert "Page 1 of 2" in pages[0]
    assert sum(page.count("Uus Tulija") for page in pages) == 3
    assert "Page 1 of 3" in text_of(client.get("/staff/grid").text)
    june = "/staff/lines?first=2026-06-01&last=2026-06-30&currency=EUR"
    assert [link for link in links_of(client.get(june).text) if "page=2" in link]
    assert sum(text_of(client.get(f"{june}&page={at}").text).count("General") for at in (1, 2, 3)) == 11


@pytest.mark.parametrize("path", PAGES)
def test_without_the_permission_nobody_is_named(viewer: TestClient, lived_in: Book, path: str) -> None:
    del lived_in
    answer = viewer.get(path)
    assert answer.status_code == 200
    assert not [name for name in NAMES if name in answer.text]
    linked = links_of(answer.text)
    assert not [link for link in linked if link.startswith(("/staff/lines", "/treasurer/donors", "/treasurer/pay"))]


def test_without_the_permission_small_groups_are_folded(viewer: TestClient, lived_in: Book) -> None:
    del lived_in
    said = text_of(viewer.get("/staff/donors").text)
    assert "New fewer than 5" in said
    assert "Missed their regular gift fewer than 5" in said
    assert "Give regularly now 0" in said
    assert "Give regularly now 9" in text_of(viewer.get("/staff/donors?month=2026-03").text)


def test_without_the_permission_no_filter_narrows_the_figures(viewer: TestClient, lived_in: Book) -> None:
    """A small appeal or account would tell a single donor's gifts."""
    del lived_in
    assert "162,00 €" in text_of(viewer.get("/staff?appeal=2&account=77").text)
    assert viewer.get("/staff/lines?first=2026-06-01&last=2026-06-30").status_code == 403


def test_without_the_permission_amounts_are_those_of_a_whole_year(viewer: TestClient, lived_in: Book) -> None:
    """Two spans of months that overlap would tell the gifts of the month in which they differ."""
    del lived_in
    seen = {
        html.tostring(
            html.fromstring(viewer.get(f"/staff/amounts?month={month}&over={over}").text).xpath("//main//section")[0]
        )
        for month in ("2026-02", "2026-06")
        for over in ("month", "twelve_months")
    }
    assert len(seen) == 1


def test_a_viewer_may_be_given_the_names(app: FastAPI, lived_in: Book) -> None:
    del lived_in
    with browser(app, enter(app, Role.VIEWER, name="editor", sees_names=True)) as editor:
        assert "Uus Tulija0" in editor.get("/staff/donors").text


def test_an_appeal_and_an_account_narrow_the_figures(client: TestClient, lived_in: Book) -> None:
    del lived_in
    assert "Nothing was given" in text_of(client.get("/staff?appeal=2").text)
    assert "162,00 €" in text_of(client.get("/staff?appeal=1&account=").text)
    assert "162,00 €" not in text_of(client.get("/staff?account=77").text)


@pytest.mark.parametrize("path", PAGES)
def test_a_second_account_can_be_chosen_and_may_be_late(client: TestClient, lived_in: Book, path: str) -> None:
    lived_in.take(statement("05-01", "05-31", gift("05-07", 7_700), account=OTHER_OWN))
    page = client.get(path, params={"account": "2", "month": "2026-05"}).text
    assert '<option value="2" selected>' in page or path == "/staff/unallocated"
    if path == "/staff":
        said = text_of(client.get(path).text)
        assert "end on 31 May 2026: what came there later is not counted yet." in said
        assert "77,00 €" in text_of(page)


def test_days_without_statements_are_not_compared(client: TestClient, lived_in: Book) -> None:
    del lived_in
    said = text_of(client.get("/staff?month=2026-01").text)
    assert "December 2025 0,00 € not comparable: statements of these days are missing" in said


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/staff?month=2026-13", 404),
        ("/staff?month=x", 404),
        ("/staff?month=0001-01", 404),
        ("/staff?appeal=x", 422),
        ("/staff/grid?currency=eur", 422),
        ("/staff/grid?page=0", 422),
        ("/staff/donors?list=x", 422),
        ("/staff/lines", 422),
        ("/staff/lines?first=2026-06-01&last=2026-06-30&donor=77", 404),
    ],
)
def test_choices_that_are_none(client: TestClient, lived_in: Book, path: str, status: int) -> None:
    del lived_in
    assert client.get(path).status_code == status


def test_charts_have_a_title_a_description_and_their_table(client: TestClient, lived_in: Book) -> None:
    del lived_in
    ids: list[str] = []
    for path in ("/staff", "/staff/amounts", "/staff/unallocated"):
        figures = html.fromstring(client.get(path).text).xpath("//main//figure")
        assert figures, path
        for figure in figures:
            (drawing,) = figure.xpath("./*[name()='svg'][@role='img']")
            for part in drawing.get("aria-labelledby").split():
                (named,) = figure.xpath(f".//*[@id='{part}']")
                assert named.text_content().strip()
                ids.append(f"{path} {part}")
            assert figure.xpath(".//table//tbody/tr")
    assert len(ids) == len(set(ids))


def test_dollars_are_never_added_to_euros(client: TestClient, lived_in: Book) -> None:
    del lived_in
    said = text_of(client.get("/staff").text)
    assert said.index("Gifts in EUR") < said.index("Gifts in USD")
    assert "40,00 USD" in said
    grid_of_dollars = text_of(client.get("/staff/grid?currency=USD").text)
    assert "1 donor, USD" in grid_of_dollars


def test_twelve_months_say_which_counts_are_too_small(viewer: TestClient, lived_in: Book) -> None:
    said = text_of(viewer.get("/staff/trends?month=2026-06").text)
    assert "June 2026" in said
    assert "fewer than 5" in said
    assert lived_in.ledger()
