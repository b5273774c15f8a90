"""What programs read: the same things as the pages, in whole minor units, a page at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.book import MARI, OWN, Book, gift, line, statement

CODE = "49403136526"


def items(program: TestClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = program.get(f"/api/v1/{path}").json()["items"]
    return found


@pytest.mark.usefixtures("lived_in")
def test_accounts_and_appeals(program: TestClient) -> None:
    assert [each["number"] for each in items(program, "accounts")] == [OWN]
    assert items(program, "appeals") == [
        {
            "id": 1,
            "name": "General",
            "keywords": ["annetus"],
            "references": [],
            "last_day": None,
            "keywords_last_days": {},
            "has_page": False,
            "goal": None,
            "begins_on": None,
        }
    ]


def test_a_payment_with_its_money_and_purpose(program: TestClient, lived_in: Book) -> None:
    wanted = lived_in.payment("03-05", 1_000)
    (payment,) = [each for each in items(program, "payments") if each["id"] == wanted]
    assert payment["money"] == {"minor": 1_000, "currency": "EUR"}
    assert payment["unallocated"] == {"minor": 0, "currency": "EUR"}
    assert payment["booked_on"] == "2026-03-05"
    assert payment["account"] == OWN
    assert payment["counterparty"] == {
        "name": "Mari Mets",
        "account": MARI,
        "account_is_valid": True,
        "on_behalf_of": "",
        "has_code": False,
    }
    (part,) = payment["parts"]
    assert (part["purpose"], part["donor"]["name"], part["appeal"]["name"]) == ("gift", "Mari Mets", "General")


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("", ["03-05", "03-06", "03-07", "03-08", "04-05", "04-09"]),
        ("from=2026-04-01", ["04-05", "04-09"]),
        ("to=2026-03-06", ["03-05", "03-06"]),
        ("from=2026-03-06&to=2026-03-07", ["03-06", "03-07"]),
        ("account=1", ["03-05", "03-06", "03-07", "03-08", "04-05", "04-09"]),
        ("account=2", []),
        ("purpose=gift", ["03-05", "03-06", "04-05"]),
        ("purpose=cost", ["03-08", "04-09"]),
        ("appeal=1", ["03-05", "03-06", "04-05"]),
        ("unallocated=true", ["03-07"]),
        ("unallocated=false&to=2026-03-31", ["03-05", "03-06", "03-08"]),
    ],
)
@pytest.mark.usefixtures("lived_in")
def test_payments_are_filtered(program: TestClient, query: str, days: list[str]) -> None:
    assert [each["booked_on"][5:] for each in items(program, f"payments?{query}")] == days


def test_a_payment_is_explained_down_to_the_lines(program: TestClient, lived_in: Book) -> None:
    payment = program.get(f"/api/v1/payments/{lived_in.payment('03-05', 1_000)}").json()
    (attesting,) = payment["lines"]
    assert (attesting["file"], attesting["import_id"], attesting["text"]) == ("march.xml", 1, "Annetus")
    (decision,) = payment["history"]
    assert (decision["rule"], decision["person"], decision["taken_back"]) == ("keyword+iban/2", None, None)
    assert "keyword" in decision["made"]["words"]
    (why,) = payment["why"]
    assert (why["rule"], why["outcome"], why["decides"]) == ("keyword+iban/2", "gift", True)
    assert {"name": "keyword", "value": "annetus"} in why["evidence"]


def test_questions_number_their_proposals(program: TestClient, lived_in: Book) -> None:
    (question,) = items(program, "questions")
    assert question["payment"]["id"] == lived_in.payment("03-07", 500)
    assert (question["reason"], question["rule"]) == ("near_keyword", "near_keyword/2")
    assert [each["number"] for each in question["proposals"]] == list(range(1, len(question["proposals"]) + 1))
    assert question["proposals"][0]["purpose"] == "gift"


def test_donors_are_found_by_name(program: TestClient, lived_in: Book) -> None:
    (mari,) = items(program, "donors?name=METS")
    assert mari == {
        "id": lived_in.donor("Mari Mets"),
        "name": "Mari Mets",
        "given": [{"gifts": 2, "money": {"minor": 2_500, "currency": "EUR"}}],
    }
    shown = program.get(f"/api/v1/donors/{mari['id']}").json()
    assert (shown["accounts"], shown["has_code"]) == ([MARI], False)


def test_gifts_are_filtered(program: TestClient, lived_in: Book) -> None:
    mari = lived_in.donor("Mari Mets")
    assert [each["money"]["minor"] for each in items(program, "gifts")] == [1_000, 2_000, 1_500]
    assert [each["money"]["minor"] for each in items(program, f"gifts?donor={mari}")] == [1_000, 1_500]
    assert [each["money"]["minor"] for each in items(program, f"gifts?donor={mari}&to=2026-03-31")] == [1_000]
    assert items(program, "gifts?appeal=2") == []


def test_imports_with_their_statements(program: TestClient, lived_in: Book) -> None:
    lived_in.undo(2)
    march, april = items(program, "imports")
    assert march["statements"][0]["closing"] == {"minor": 3_200, "currency": "EUR"}
    assert march["withdrawn_at"] is None
    assert april["statements"][0]["opening"] is None
    assert (april["withdrawn_at"], april["withdrawn_by"]) == ("2026-07-01T12:00:00Z", "treasurer")
    content = program.get("/api/v1/imports/1").json()
    assert {**{name: content[name] for name in march}, "statements": march["statements"]} == march
    (stated,) = content["statements"]
    assert {name: stated[name] for name in march["statements"][0]} == march["statements"][0]
    effect = content["effect"]
    assert effect["payments"] + effect["known"] == stated["lines"]
    assert effect["questions"] == len(effect["asked"]) == len({each["payment"] for each in effect["asked"]} - {None})


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("payments/99", "unknown_payment"),
        ("donors/99", "unknown_donor"),
        ("imports/99", "unknown_import"),
        ("reports/nothing", "unknown_report"),
        ("nothing", "unknown_page"),
    ],
)
def test_what_is_not_there(program: TestClient, path: str, code: str) -> None:
    answer = program.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_personal_codes_never_appear(program: TestClient, book: Book) -> None:
    """Donors write their code into the text, and treasurers into their reasons: neither goes out."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-05", 1_000, code=CODE),
            line("03-06", 900, "Mari Mets", MARI, f"Annetus isikukood {CODE}"),
            line("03-07", 800, "Mari Mets", MARI, f"anetus {CODE}"),
        )
    )
    donor = book.donor("Mari Mets")
    program.post("/api/v1/questions/3/answer", json={"purpose": "income", "reason": f"code {CODE}"})
    paths = ("payments", "payments/1", "payments/2", "payments/3", "questions", "donors", f"donors/{donor}", "gifts")
    said = "".join(program.get(f"/api/v1/{path}").text for path in (*paths, "imports", "reports/gifts?from=2026-01-01"))
    assert CODE not in said
    assert "•" * 11 in said
    assert program.get(f"/api/v1/donors/{donor}").json()["has_code"] is True


def numbers(value: Any) -> list[int | float]:
    """Return every number in a JSON document."""
    if isinstance(value, dict | list):
        return [found for each in (value.values() if isinstance(value, dict) else value) for found in numbers(each)]
    return [value] if isinstance(value, int | float) else []


@pytest.mark.usefixtures("lived_in")
def test_money_is_never_a_decimal_number(program: TestClient) -> None:
    paths = ("payments", "payments/1", "questions", "donors", "gifts", "imports")
    for path in (*paths, "reports/months", "reports/gifts", "reports/reconciliation", "reports/coverage"):
        answer = json.loads(program.get(f"/api/v1/{path}").text)
        assert numbers(answer), path
        assert not [each for each in numbers(answer) if isinstance(each, float)], path
