"""What a person finds on a page: links, hidden fields and text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from httpx2 import Response
from lxml import html
from starlette.testclient import TestClient

NO_BREAK = "\N{NO-BREAK SPACE}"


def text_of(page: str) -> str:
    """Return the words of the main part, blanks collapsed."""
    return " ".join(" ".join(html.fromstring(page).xpath("//main//text()")).replace(NO_BREAK, " ").split())


def hidden_of(page: str, *, action: str) -> dict[str, str]:
    """Return the hidden fields of the first form with this action (its end)."""
    for form in html.fromstring(page).xpath("//form"):
        if form.get("action", "").endswith(action):
            return {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='hidden']")}
    raise AssertionError(f"no form for {action}")


def give_answer(client: TestClient, payment: int, said: Mapping[str, str]) -> Response:
    """Give another answer to a payment, in the form that is shown for it now."""
    form = hidden_of(client.get(f"/treasurer/payments/{payment}").text, action="/answer")
    return client.post(f"/treasurer/payments/{payment}/answer", data={**form, **said})


def links_of(page: str) -> list[str]:
    """Return where the main part links to."""
    return [str(each) for each in html.fromstring(page).xpath("//main//a/@href")]


def minor_of(text: str) -> int:
    """Return the minor units of an amount as a page writes it."""
    found = re.search(r"([+−]?)([\d\s]+),(\d\d)", text)
    assert found is not None, text
    minor = int("".join(found[2].split()) + found[3])
    return -minor if found[1] == "−" else minor
