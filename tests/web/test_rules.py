"""A rule is made from a payment, seen with all that it changes, kept, looked at and switched off."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, Book, line, statement
from tests.web.reading_pages import hidden_of, text_of
from tests.written_once import written_once

MARCH = statement(
    "03-01",
    "03-31",
    line("03-05", 1_000, "Mari Mets", MARI, "Kuumakse märts"),
    line("03-06", 1_200, "Mari Mets", MARI, "kuumakse, annetus"),
    line("03-07", 1_200, "Mari <b>Mets", MARI, "kuumakse aprill"),
    line("03-08", -700, "Eesti Post OÜ", JAAN, "arve 77"),
)
SAID = {"payment": "1", "by_account": "true", "words": "kuumakse", "kind": "gift", "donor": "Mari Mets", "appeal": "1"}


@pytest.fixture
@written_once
def march(book: Book) -> Book:
    book.take(MARCH)
    return book


def said_of(client: TestClient, path: str) -> str:
    return text_of(client.get(f"/treasurer/{path}").text)


def promise(page: str) -> dict[str, str]:
    """Return what switching a rule promised."""
    (found,) = re.findall(r'name="promised" value="([0-9a-f]{64})"', page)
    return {"promised": found}


def keep(client: TestClient, **changed: str) -> tuple[int, str]:
    """Preview the rule and keep it."""
    shown = client.post("/treasurer/rules/preview", data=SAID).text
    kept = client.post("/treasurer/rules", data=hidden_of(shown, action="/rules") | changed)
    return kept.status_code, text_of(kept.text)


def test_an_empty_list_says_how_a_rule_is_made(client: TestClient) -> None:
    assert "choose “Always do this”" in said_of(client, "rules")


def test_a_rule_is_previewed_kept_and_switched_off(client: TestClient, march: Book) -> None:
    before = march.ledger()
    form = client.get("/treasurer/rules/new?payment=1").text
    assert MARI not in form
    shown = client.post("/treasurer/rules/preview", data=SAID)
    said = text_of(shown.text)
    sentence = (
        "From EE30 7700 7710 0000 0012 (Mari Mets), with “kuumakse” in the text, any amount → gifts of Mari Mets to"
        " General"
    )
    assert sentence in said
    assert "Booked anew: they had no purpose until now 2 payments · 22,00 €" in said
    assert "Not touched: the payment itself, or another rule, says something else 1 payment · 12,00 €" in said
    assert march.ledger() == before
    status, said = keep(client)
    assert status == 200
    assert f"{sentence} Switch off …" in said
    assert "2 payments · 22,00 € · the last one on 7 March 2026" in said
    assert f"{sentence} rule 1" in said_of(client, "payments/1")
    off = client.get("/treasurer/rules/1/off").text
    assert "Become questions again 2 payments · 22,00 €" in text_of(off)
    assert march.ledger() != before
    gone = client.post("/treasurer/rules/1/off", data=promise(off))
    assert "Switched off" in text_of(gone.text)
    assert march.ledger() == before
    on = client.get("/treasurer/rules/1/on").text
    client.post("/treasurer/rules/1/on", data=promise(on))
    assert march.ledger() != before


def test_a_rule_whose_preview_is_outdated_is_shown_anew(client: TestClient, march: Book) -> None:
    shown = client.post("/treasurer/rules/preview", data=SAID).text
    march.take(statement("04-01", "04-30", line("04-05", 300, "Mari Mets", MARI, "kuumakse")))
    before = march.ledger()
    kept = client.post("/treasurer/rules", data=hidden_of(shown, action="/rules"))
    assert (kept.status_code, "preview_outdated" in kept.text) == (409, True)
    assert "3 payments · 25,00 €" in text_of(kept.text)
    assert march.ledger() == before
    assert keep(client, promised="x")[0] == 409
    assert keep(client)[0] == 200
    assert client.post("/treasurer/rules/1/off", data={"promised": "x"}).status_code == 409


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"by_account": "false", "words": ""}, 422, "rule_too_wide"),
        ({"by_account": "false", "words": "", "by_amount": "true"}, 422, "rule_too_wide"),
        ({"by_account": "false", "words": "", "by_name": "true"}, 422, "rule_name_alone"),
        ({"words": "ab"}, 422, "rule_word_too_short"),
        ({"kind": "refund"}, 422, "rule_does_not_fit"),
        ({"donor": ""}, 422, "donor_needed"),
        ({"appeal": "7"}, 404, "unknown_appeal"),
        ({"payment": "99"}, 404, "unknown_payment"),
        ({"last_day": "soon"}, 422, "bad_form"),
    ],
)
def test_rules_that_are_refused(
    client: TestClient, march: Book, changed: dict[str, str], status: int, code: str
) -> None:
    before = march.ledger()
    answer = client.post("/treasurer/rules/preview", data=SAID | changed)
    assert (answer.status_code, code in answer.text) == (status, True), text_of(answer.text)
    assert "Nothing was changed." in answer.text
    assert march.ledger() == before


@pytest.mark.parametrize(
    ("path", "status"), [("rules/7/off", 404), ("rules/7/sideways", 422), ("rules/new?payment=7", 404)]
)
def test_rules_that_are_not_there(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"/treasurer/{path}").status_code == status


@pytest.mark.usefixtures("march")
def test_a_cost_gets_a_name_and_the_amount_can_count(client: TestClient) -> None:
    said = {
        "payment": "4",
        "by_account": "true",
        "by_name": "true",
        "by_amount": "true",
        "kind": "other",
        "label": "post",
    }
    shown = client.post("/treasurer/rules/preview", data=said | {"last_day": "2026-12-31"}).text
    assert (
        "To EE83 2200 2210 0000 0012 of “Eesti Post OÜ”, exactly 7,00 €, until 31 December 2026 → costs: post"
    ) in text_of(shown)
