"""Every report by its name, for programs: the same figures as the pages, with stable codes."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from donations.reports.catalogue import REPORTS

MARCH = "from=2026-03-01&to=2026-03-31"


def test_the_list_has_all(program: TestClient) -> None:
    assert [each["name"] for each in program.get("/api/v1/reports").json()["items"]] == list(REPORTS)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.usefixtures("lived_in")
def test_each_is_there_as_json_and_as_csv(program: TestClient, name: str) -> None:
    path = f"/api/v1/reports/{name}?{MARCH}"
    report = program.get(path).json()
    assert all({column["key"] for column in report["columns"]} == row.keys() for row in report["rows"])
    csv = program.get(path, headers={"accept": "text/csv"})
    assert csv.text.lstrip("\ufeff").startswith(report["columns"][0]["heading"])


@pytest.mark.usefixtures("lived_in")
def test_only_the_days_that_were_asked_for(program: TestClient) -> None:
    def given(query: str) -> int:
        report = program.get(f"/api/v1/reports/appeals?{query}").json()
        return sum(row["total"]["minor"] for row in report["rows"])

    assert given(MARCH) == 3_000
    assert given("") == given("from=2026-01-01") == 4_500
    assert given("to=2025-12-31") == 0


def test_there_is_no_other(program: TestClient) -> None:
    answer = program.get("/api/v1/reports/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_report")
