"""Reports as JSON, whose amounts bring their currency along, and as the CSV of the pages."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

REPORTS = ["month/2026-03", "gifts", "reconciliation", "coverage"]


@pytest.mark.usefixtures("lived_in")
def test_a_month_adds_up(program: TestClient) -> None:
    report = program.get("/api/v1/reports/month/2026-03").json()
    (row,) = report["rows"]
    assert row["in"] == {"minor": 3_500, "currency": "EUR"}
    assert row["gifts"] == {"minor": 3_000, "currency": "EUR"}
    assert row["unallocated"]["minor"] == 500
    assert row["questions"] == 1
    assert {column["key"] for column in report["columns"]} == row.keys()


@pytest.mark.usefixtures("lived_in")
def test_gifts_of_a_year_with_their_sum(program: TestClient) -> None:
    report = program.get("/api/v1/reports/gifts?year=2026").json()
    assert [row["minor"]["minor"] for row in report["rows"]] == [1_000, 2_000, 1_500]
    assert report["totals"][0]["minor"] == {"minor": 4_500, "currency": "EUR"}
    assert program.get("/api/v1/reports/gifts?year=2025").json()["rows"] == []


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
