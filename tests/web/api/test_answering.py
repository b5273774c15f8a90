"""Answers through the API: the same function as on the pages, with the same refusals."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import Book, line, statement
from tests.web.api.conftest import Tokens


@pytest.fixture
def question(lived_in: Book) -> int:
    return lived_in.payment("03-07", 500)


def say(program: TestClient, payment: int, **said: Any) -> Any:
    return program.post(f"/api/v1/questions/{payment}/answer", json=said)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def eur(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "EUR"}


def test_a_proposal_is_taken_by_its_number(program: TestClient, question: int) -> None:
    (asked,) = program.get("/api/v1/questions").json()["items"]
    offered = asked["proposals"][0]
    answer = say(program, question, proposal=offered["number"], promised=offered["promised"])
    assert answer.status_code == 200
    (part,) = answer.json()["parts"]
    assert (part["purpose"], part["donor"]["name"]) == ("gift", "Mari Mets")
    assert program.get("/api/v1/questions").json()["items"] == []
    history = program.get(f"/api/v1/payments/{question}").json()["history"]
    assert history[0]["person"] == "Tiina Treasurer"


def test_a_proposal_that_has_become_another_is_not_booked(program: TestClient, question: int) -> None:
    assert code_of(say(program, question, proposal=1, promised="gift/other")) == (409, "proposal_outdated")
    assert code_of(say(program, question, proposal=4, promised="")) == (422, "no_such_proposal")


def test_a_whole_answer_and_taking_it_back(program: TestClient, question: int) -> None:
    answer = say(program, question, purpose="income", reason="A ticket")
    assert answer.json()["parts"][0]["purpose"] == "income"
    back = program.post(f"/api/v1/payments/{question}/take-back")
    assert back.json()["taken_back"] == 1
    assert back.json()["payment"]["unallocated"] == eur(500)
    assert code_of(program.post(f"/api/v1/payments/{question}/take-back")) == (409, "nothing_answered")


def test_a_part_leaves_a_question(program: TestClient, question: int) -> None:
    answer = say(program, question, purpose="gift", reason="x", money=eur(200), donor={"name": "Mari Mets"})
    assert answer.json()["unallocated"] == eur(300)


def test_several_parts_add_up(program: TestClient, question: int) -> None:
    parts = [
        {"purpose": "gift", "money": eur(300), "donor": {"anonymous": True}, "appeal": 1},
        {"purpose": "income", "money": eur(200)},
    ]
    answer = say(program, question, reason="Half a ticket", parts=parts)
    assert [(each["purpose"], each["money"]["minor"]) for each in answer.json()["parts"]] == [
        ("gift", 300),
        ("income", 200),
    ]
    stand = [each["id"] for each in answer.json()["parts"]]
    again = say(program, question, reason="x", parts=parts[:1], replaces=stand)
    assert code_of(again) == (422, "parts_do_not_add_up")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"purpose": "gift", "reason": "x", "donor": {"id": 99}}, "unknown_donor"),
        ({"purpose": "gift", "reason": "x", "donor": {"name": "M"}, "appeal": 99}, "unknown_appeal"),
        ({"purpose": "cost", "reason": "x"}, "cannot_allocate"),
        ({"purpose": "income", "reason": "x", "donor": {"name": "M"}}, "no_donor_here"),
        ({"purpose": "income", "reason": "x", "money": {"minor": 1, "currency": "SEK"}}, "other_currency"),
        ({"purpose": "income", "reason": "x", "money": {"minor": 501, "currency": "EUR"}}, "cannot_allocate"),
    ],
)
def test_what_does_not_fit_is_refused(program: TestClient, question: int, said: dict[str, Any], code: str) -> None:
    before = program.get(f"/api/v1/payments/{question}").json()
    assert code_of(say(program, question, **said)) == (422, code)
    assert program.get(f"/api/v1/payments/{question}").json() == before


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"purpose": "gift"},
        {"purpose": "gift", "reason": "   "},
        {"purpose": "tax", "reason": "x"},
        {"purpose": "gift", "reason": "x", "role": "admin"},
        {"purpose": "gift", "reason": "x", "donor": {}},
        {"purpose": "gift", "reason": "x", "donor": {"id": 2, "anonymous": True}},
        {"purpose": "gift", "reason": "x", "donor": {"id": 2**63}},
        {"purpose": "gift", "reason": "x", "donor": {"id": 2**70}},
        {"purpose": "gift", "reason": "x", "donor": {"id": True}},
        {"purpose": "gift", "reason": "x", "donor": {"id": "2"}},
        {"purpose": "gift", "reason": "x", "donor": {"name": "a\x00b"}},
        {"purpose": "gift", "reason": "x" * 1_001},
        {"purpose": "gift", "reason": "NUL \x00"},
        {"purpose": "gift", "reason": "x", "money": {"minor": 1.0, "currency": "EUR"}},
        {"purpose": "gift", "reason": "x", "money": {"minor": 0, "currency": "EUR"}},
        {"purpose": "gift", "reason": "x", "money": {"minor": -1, "currency": "EUR"}},
        {"purpose": "gift", "reason": "x", "money": {"minor": 10**13, "currency": "EUR"}},
        {"purpose": "gift", "reason": "x", "parts": [{"purpose": "income", "money": {"minor": 1, "currency": "EUR"}}]},
        {"reason": "x", "parts": [{"purpose": "income", "money": {"minor": 1, "currency": "EUR"}}] * 1_001},
        {"proposal": 0, "promised": ""},
        {"proposal": 1},
        [],
        "gift",
        None,
    ],
)
def test_what_is_no_answer_is_refused_without_repeating_it(program: TestClient, question: int, said: Any) -> None:
    answer = program.post(f"/api/v1/questions/{question}/answer", json=said)
    assert code_of(answer) == (422, "invalid_input")
    assert answer.json()["problems"]
    assert "admin" not in answer.text
    assert "NUL" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b'{"purpose": "income", "reason": "x", "purpose": "cost"}',
        b'{"purpose": "income", "reason": "x", "money": {"minor": 1, "minor": 2, "currency": "EUR"}}',
        b'{"purpose": "income", "reason": "\xff"}',
        b"\xff\xfe{\x00}\x00",
        b'{"purpose": "income", "reason": NaN}',
        b'{"purpose": "income", "reason": "x"',
        b"[" * 100_00,
        b'{"proposal": ' + b"1" * 5_000 + b"}",
        b"\x00",
    ],
)
def test_what_is_no_json_is_refused(program: TestClient, question: int, body: bytes) -> None:
    answer = program.post(
        f"/api/v1/questions/{question}/answer", content=body, headers={"content-type": "application/json"}
    )
    assert code_of(answer) == (400, "bad_json")


def test_half_a_letter_is_refused(program: TestClient, question: int) -> None:
    answer = program.post(
        f"/api/v1/questions/{question}/answer",
        content=b'{"purpose": "income", "reason": "\\ud800"}',
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 422


@pytest.fixture
def colleague(app: FastAPI, tokens: Tokens) -> TestClient:
    """The program of somebody else."""
    _, text = tokens.made(tokens.person("Teele Treasurer"))
    headers = {"authorization": f"Bearer {text}", "accept-language": "en"}
    return TestClient(app, base_url="http://localhost", headers=headers)


def seen(program: TestClient, question: int) -> dict[str, Any]:
    """Return the first proposal of a question as it is to be sent back."""
    asked = next(each for each in program.get("/api/v1/questions").json()["items"] if each["payment"]["id"] == question)
    return {name: asked["proposals"][0][of] for name, of in (("proposal", "number"), ("promised", "promised"))}


def booked(program: TestClient, payment: int) -> Any:
    found = program.get(f"/api/v1/payments/{payment}").json()
    return found["parts"], found["history"]


def test_of_two_who_answer_at_once_the_second_is_told(
    program: TestClient, colleague: TestClient, question: int
) -> None:
    proposal = seen(colleague, question)
    assert say(program, question, purpose="income", reason="it is rent").status_code == 200
    before = booked(program, question)
    assert code_of(say(colleague, question, **proposal)) == (409, "proposal_outdated")
    assert code_of(say(colleague, question, purpose="gift", reason="x", donor={"anonymous": True})) == (
        409,
        "proposal_outdated",
    )
    assert booked(program, question) == before


def test_a_proposal_seen_before_a_part_was_answered_is_outdated(
    program: TestClient, colleague: TestClient, question: int
) -> None:
    proposal = seen(colleague, question)
    assert say(program, question, purpose="income", reason="a ticket", money=eur(200)).status_code == 200
    assert code_of(say(colleague, question, **proposal)) == (409, "proposal_outdated")
    assert say(colleague, question, **seen(colleague, question)).json()["unallocated"] == eur(0)


def test_who_names_what_stands_answers_anew(program: TestClient, colleague: TestClient, question: int) -> None:
    (part,) = say(program, question, purpose="income", reason="it is rent", money=eur(200)).json()["parts"]
    anew = {"purpose": "gift", "reason": "no", "donor": {"anonymous": True}}
    assert code_of(say(colleague, question, **anew, replaces=[part["id"] + 1])) == (409, "proposal_outdated")
    answer = say(colleague, question, **anew, replaces=[part["id"]]).json()
    assert [(each["purpose"], each["money"]) for each in answer["parts"]] == [("gift", eur(500))]
    assert code_of(say(program, question, **anew | {"reason": "yes"}, replaces=[part["id"]]))[0] == 409


@pytest.mark.parametrize(
    "said",
    [
        {"purpose": "income", "reason": "it is rent"},
        {"purpose": "gift", "reason": "hers", "donor": {"name": "mari METS"}},
        {"purpose": "gift", "reason": "whose", "donor": {"anonymous": True}, "appeal": 1},
        {
            "reason": "both",
            "parts": [{"purpose": "income", "money": eur(200)}, {"purpose": "transfer", "money": eur(300)}],
        },
        None,
    ],
)
def test_the_same_answer_sent_twice_changes_nothing(program: TestClient, question: int, said: Any) -> None:
    said = seen(program, question) if said is None else said
    first = say(program, question, **said)
    before = booked(program, question)
    again = say(program, question, **said)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert booked(program, question) == before


def test_with_a_key_a_part_and_a_taking_back_are_done_once(program: TestClient, question: int) -> None:
    said = {"purpose": "income", "reason": "a ticket", "money": eur(200)}
    path = f"/api/v1/questions/{question}/answer"
    first, again = (program.post(path, json=said, headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert first.json() == again.json()
    assert again.json()["unallocated"] == eur(300)
    other = program.post(path, json=said | {"reason": "other"}, headers={"Idempotency-Key": "one"})
    assert code_of(other) == (422, "idempotency_key_reused")
    back = f"/api/v1/payments/{question}/take-back"
    first, again = (program.post(back, headers={"Idempotency-Key": "two"}) for _ in range(2))
    assert first.json() == again.json()
    assert again.json()["taken_back"] == 1


def test_a_proposal_says_what_taking_it_makes(program: TestClient, lived_in: Book) -> None:
    lived_in.take(statement("04-01", "04-30", line("04-05", 700, "Uus Inimene", "DE89370400440532013000", "tere")))
    asked = {each["payment"]["text"]: each["proposals"] for each in program.get("/api/v1/questions").json()["items"]}
    for proposals in asked.values():
        for each in proposals:
            assert "None" not in each["promised"]
            assert not each["new_donor"] or each["purpose"] == "gift"
    new = {each["words"]: each["new_donor"] for each in asked["tere"]}
    assert new == {
        "Other income, because it may be something else": False,
        "Gift of Uus Inimene (a new donor) · General, because nobody known agrees: a new donor": True,
    }
