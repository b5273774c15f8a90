"""Reports as JSON, whose amounts bring their currency along, and as the CSV of the pages."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import Book, gift, statement
from tests.web.api.conftest import Tokens

from donations.access.person import Role

REPORTS = ["months", "gifts", "reconciliation", "coverage"]


@pytest.mark.usefixtures("lived_in")
def test_a_month_adds_up(program: TestClient) -> None:
    report = program.get("/api/v1/reports/months?from=2026-03-01&to=2026-03-31").json()
    (row,) = report["rows"]
    assert row["in"] == {"minor": 3_500, "currency": "EUR"}
    assert row["gifts"] == {"minor": 3_000, "currency": "EUR"}
    assert row["unallocated"]["minor"] == 500
    assert row["questions"] == 1
    assert {column["key"] for column in report["columns"]} == row.keys()


@pytest.mark.usefixtures("lived_in")
def test_gifts_of_a_year_with_their_sum(program: TestClient) -> None:
    report = program.get("/api/v1/reports/gifts?from=2026-01-01").json()
    assert [row["minor"]["minor"] for row in report["rows"]] == [1_000, 2_000, 1_500]
    assert report["totals"][0]["minor"] == {"minor": 4_500, "currency": "EUR"}
    assert program.get("/api/v1/reports/gifts?to=2025-12-31").json()["rows"] == []


@pytest.mark.usefixtures("lived_in")
def test_gifts_come_a_page_at_a_time_with_the_sum_of_all(program: TestClient) -> None:
    address, seen = "/api/v1/reports/gifts?from=2026-01-01&limit=2", []
    for _ in range(2):
        answer = program.get(address)
        seen.append([row["minor"]["minor"] for row in answer.json()["rows"]])
        assert answer.json()["totals"][0]["minor"] == {"minor": 4_500, "currency": "EUR"}
        address = answer.links.get("next", {}).get("url", "")
    assert seen == [[1_000, 2_000], [1_500]]
    assert (address, answer.json()["next"]) == ("", None)
    written = program.get("/api/v1/reports/gifts.csv?from=2026-01-01&limit=2").text.splitlines()
    assert [line.split(",")[4] for line in written[1:5]] == ["10.00", "20.00", "15.00", "45.00"]


@pytest.mark.parametrize("suffix", ["", ".csv"])
@pytest.mark.usefixtures("lived_in")
def test_a_viewer_without_names_gets_no_sums_of_small_accounts(app: FastAPI, tokens: Tokens, suffix: str) -> None:
    """The dashboards hide them, and their pages are for those who see names."""
    _, text = tokens.made(tokens.person("Viewer", Role.VIEWER))
    with TestClient(app, base_url="http://localhost", headers={"authorization": f"Bearer {text}"}) as viewer:
        told = {report: viewer.get(f"/api/v1/reports/{report}{suffix}").status_code for report in REPORTS}
    assert told == {"months": 403, "gifts": 403, "reconciliation": 403, "coverage": 200}


@pytest.mark.parametrize("suffix", ["", ".csv"])
def test_a_viewer_without_names_is_not_told_of_the_one_payment_that_would_fit(
    app: FastAPI, tokens: Tokens, book: Book, suffix: str
) -> None:
    lines = (gift("03-05", 1_000), gift("03-06", 2_500), gift("03-07", 4_000))
    book.take(statement("03-01", "03-31", *lines, opening=0, closing=5_000), accept="so it is")
    _, text = tokens.made(tokens.person("Viewer", Role.VIEWER))
    with TestClient(app, base_url="http://localhost", headers={"authorization": f"Bearer {text}"}) as viewer:
        told = viewer.get(f"/api/v1/reports/coverage{suffix}").text
    assert "does_not_add_up" in told
    assert "2026-03-06" not in told
    assert "25" not in told.replace("EE382200221020145685", "")


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.usefixtures("lived_in")
def test_csv_by_suffix_or_by_header_is_the_same(program: TestClient, report: str) -> None:
    by_suffix = program.get(f"/api/v1/reports/{report}.csv")
    by_header = program.get(f"/api/v1/reports/{report}", headers={"accept": "text/csv"})
    assert by_suffix.headers["content-type"] == by_header.headers["content-type"] == "text/csv; charset=utf-8"
    assert by_suffix.content == by_header.content
    assert by_suffix.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/csv, application/json", ""])
@pytest.mark.usefixtures("lived_in")
def test_json_is_what_comes_otherwise(program: TestClient, accept: str) -> None:
    answer = program.get("/api/v1/reports/coverage", headers={"accept": accept})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["vary"] == "Accept"
