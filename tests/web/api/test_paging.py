"""Long lists: every item once, whatever is added meanwhile; a cursor that is not ours is refused."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from starlette.testclient import TestClient
from tests.book import Book, gift, statement


def test_pages_have_every_item_once_while_others_come(program: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", *(gift("03-05", 1_000 + each) for each in range(7))))
    found: list[int] = []
    path: str | None = "/api/v1/payments?limit=3&purpose=gift"
    while path is not None:
        answer = program.get(path)
        found += [each["money"]["minor"] for each in answer.json()["items"]]
        link = answer.links.get("next")
        path = None if link is None else link["url"]
        assert (answer.json()["next"] is None) == (path is None)
        if len(found) == 3:
            book.take(statement("01-01", "01-31", gift("01-05", 1), gift("01-06", 2)))
    assert found == [1_000, 1_001, 1_002, 1_003, 1_004, 1_005, 1_006, 1, 2]


@pytest.mark.parametrize("path", ["payments", "gifts", "donors", "imports", "questions"])
@pytest.mark.usefixtures("lived_in")
def test_every_list_has_an_end(program: TestClient, path: str) -> None:
    whole = program.get(f"/api/v1/{path}").json()
    assert whole["next"] is None
    one_by_one, cursor = [], ""
    while cursor is not None:
        page = program.get(f"/api/v1/{path}", params={"limit": 1, "cursor": cursor}).json()
        one_by_one += page["items"]
        cursor = page["next"]
    assert one_by_one == whole["items"]
    assert whole["items"]


@pytest.mark.usefixtures("lived_in")
def test_the_link_leads_to_this_server_and_keeps_the_filters(program: TestClient) -> None:
    answer = program.get("/api/v1/payments?limit=1&from=2026-03-01")
    cursor = answer.json()["next"]
    assert answer.headers["link"] == f'</api/v1/payments?from=2026-03-01&cursor={cursor}&limit=1>; rel="next"'


@pytest.mark.parametrize(
    "cursor",
    [
        "1",
        "offset:7",
        "!!",
        "é",
        urlsafe_b64encode(b"after:-1").decode(),
        urlsafe_b64encode(b"after:9999999999").decode(),
        urlsafe_b64encode("after:٣".encode()).decode(),
        urlsafe_b64encode(b"after:1 OR 1=1").decode(),
    ],
)
def test_a_foreign_cursor_is_refused(program: TestClient, cursor: str) -> None:
    answer = program.get("/api/v1/payments", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "ten", "1e2", "9" * 30])
def test_a_page_has_its_limits(program: TestClient, limit: str) -> None:
    answer = program.get(f"/api/v1/payments?limit={limit}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert answer.json()["problems"][0]["at"] == "query.limit"
