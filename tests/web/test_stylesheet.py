"""The stylesheet is one file for browsers, and parts by family for whoever reads it."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from donations.web.caching import FAMILIES, PARTS

LINE_MAX = 140
PATH = "/static/style.css"


def test_every_part_has_its_place() -> None:
    assert {path.name for path in PARTS.iterdir()} == {f"{family}.css" for family in FAMILIES}


def test_parts_are_served_as_one_file(client: TestClient) -> None:
    answer = client.get(PATH)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    at = [answer.text.index((PARTS / f"{family}.css").read_text(encoding="utf-8")) for family in FAMILIES]
    assert at == sorted(at)


def test_who_has_it_does_not_get_it_again(client: TestClient) -> None:
    first = client.get(PATH)
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(PATH, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["cache-control"]) == (304, b"", "no-cache")


def test_it_can_be_asked_for_and_not_changed(client: TestClient) -> None:
    assert client.head(PATH).status_code == 200
    assert client.post(PATH).status_code == 405


def test_lines_are_short() -> None:
    lines = [(path.name, line) for path in PARTS.iterdir() for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(name, line) for name, line in lines if len(line) > LINE_MAX] == []


def test_every_part_says_its_job() -> None:
    beginnings = [(PARTS / f"{family}.css").read_text(encoding="utf-8").splitlines()[0] for family in FAMILIES]
    assert [line for line in beginnings if not re.fullmatch(r"/\* [A-Z].*\. \*/", line)] == []
