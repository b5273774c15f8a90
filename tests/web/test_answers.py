"""An evening with the questions: one after the other, alike ones together, in parts, put aside, noted, taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, Book, gift, line, statement
from tests.web.conftest import Clock
from tests.web.reading_pages import hidden_of, links_of, text_of
from tests.written_once import written_once

QUESTIONS = statement(
    "03-01",
    "03-31",
    line("03-05", 5_000, "Mari Mets", MARI, "tere"),
    line("03-06", 4_000, "Jaan Tamm", JAAN, "anetus"),
    line("03-07", 3_000, "Mari Mets", MARI, "tere jälle"),
    line("03-08", 2_000, "Mari Mets", MARI, "anetus"),
)


@pytest.fixture
@written_once
def asked(book: Book) -> Book:
    book.take(QUESTIONS)
    return book


def said_of(client: TestClient, path: str) -> str:
    return text_of(client.get(f"/treasurer/{path}").text)


def post(client: TestClient, path: str, **sent: object) -> tuple[int, str, str]:
    """Send a form; return the status, where it led, and the words there."""
    answer = client.post(f"/treasurer/{path}", data=sent)
    return answer.status_code, f"{answer.url.path}?{answer.url.query.decode()}".rstrip("?"), text_of(answer.text)


def take_first(client: TestClient, payment: int) -> tuple[int, str, str]:
    """Take the first proposal on a question's own page."""
    sent = hidden_of(client.get(f"/treasurer/questions/{payment}").text, action="/take")
    return post(client, f"payments/{payment}/take", **sent)


def test_after_an_answer_the_next_question_comes_with_its_undo(client: TestClient, asked: Book) -> None:
    before = asked.ledger()
    assert "Question 2 of 4" in said_of(client, "questions/2")
    assert {"/treasurer/questions/1", "/treasurer/questions/3"} <= set(
        links_of(client.get("/treasurer/questions/2").text)
    )
    status, place, said = take_first(client, 2)
    assert (status, place) == (200, "/treasurer/questions/3?answered=1")
    assert "Booked: Gift · Jaan Tamm" in said
    assert "Your last answer" not in said
    assert "Your last answer: Gift · Jaan Tamm" in said_of(client, "questions/1")
    _, place, said = post(client, "answers/1/take-back", back="question")
    assert place == "/treasurer/questions/2?done=taken_back"
    assert "Taken back." in said
    assert asked.ledger() == before
    assert post(client, "answers/1/take-back")[0] == 409


@pytest.mark.usefixtures("asked")
def test_the_last_question_leads_to_the_one_before_and_the_only_one_to_the_list(client: TestClient) -> None:
    for payment, leads_to in ((4, "questions/3"), (3, "questions/2"), (2, "questions/1"), (1, "questions")):
        assert take_first(client, payment)[1].startswith(f"/treasurer/{leads_to}?answered=")
    assert "Nothing waits for an answer." in said_of(client, "questions")
    assert client.get("/treasurer/questions/1").url.path == "/treasurer/payments/1"


@pytest.mark.usefixtures("asked")
def test_questions_of_one_kind(client: TestClient) -> None:
    page = client.get("/treasurer/questions?kind=near").text
    assert re.findall(r'id="question-(\d+)"', page) == ["2", "4"]
    assert "/treasurer/questions/4?kind=near" in links_of(client.get("/treasurer/questions/2?kind=near").text)
    assert "No question of this kind is here." in said_of(client, "questions?kind=appeal")
    assert client.get("/treasurer/questions?kind=none").status_code == 422
    sent = hidden_of(client.get("/treasurer/questions/2?kind=near").text, action="/take")
    assert post(client, "payments/2/take", **sent)[1] == "/treasurer/questions/4?answered=1&kind=near"


@pytest.mark.usefixtures("asked")
def test_how_many_wait_and_how_long(client: TestClient) -> None:
    said = said_of(client, "questions")
    assert "4 payments have money without a purpose. The oldest waits since 5 March 2026, for 122 days." in said
    assert "To answer (4)" in said


def test_all_alike_are_shown_and_booked_and_taken_back_together(client: TestClient, asked: Book) -> None:
    before = asked.ledger()
    assert "1 more like this: answer them together" in said_of(client, "questions/1")
    page = client.get("/treasurer/payments/1/alike").text
    assert re.findall(r'name="also" value="(\d+)"', page) == ["3"]
    offers = re.findall(r'name="taken" required\s+value="([^"]+)"', page)
    _, place, said = post(client, "payments/1/alike", taken=offers[-1], also=[3], back="question")
    assert place == "/treasurer/questions/2?answered=1"
    assert "2 payments" in said
    post(client, "answers/1/take-back", back="questions")
    assert asked.ledger() == before
    post(client, "payments/1/alike", taken=offers[-1], back="question")
    assert "1 more like this" not in said_of(client, "questions/3")


@pytest.mark.parametrize(("taken", "also"), [("1 gift/new/1/1", [3]), ("x", [3]), (None, [2]), (None, [99])])
def test_what_is_not_alike_any_more_is_not_booked(
    client: TestClient, asked: Book, taken: str | None, also: list[int]
) -> None:
    before = asked.ledger()
    page = client.get("/treasurer/payments/1/alike").text
    offer = re.findall(r'name="taken" required\s+value="([^"]+)"', page)[0] if taken is None else taken
    status, _, said = post(client, "payments/1/alike", taken=offer, also=also)
    assert (status, "proposal_outdated" in said) == (409, True)
    assert asked.ledger() == before


def row(kind: str, amount: str, donor: str = "") -> dict[str, str]:
    return {"kind": kind, "amount": amount, "donor": donor, "appeal": "1"}


def parts(*rows: dict[str, str]) -> dict[str, list[str]]:
    return {name: [each[name] for each in rows] for name in ("kind", "amount", "donor", "appeal")}


def test_a_payment_is_split_without_script(client: TestClient, asked: Book) -> None:
    before = asked.ledger()
    path = "payments/1/split"
    assert "50,00 € to split" in said_of(client, path)
    gift_part = row("gift", "30,50", "Mari Mets")
    _, _, said = post(client, path, **parts(gift_part, row("other", "")), press="add", reason="x")
    assert "Part 3" in said
    assert "Left over: 19,50 €" in said
    status, _, said = post(client, path, **parts(gift_part, row("other", "9,50")), press="book", reason="x")
    assert (status, "10,00 € is left over" in said) == (422, True)
    status, _, said = post(client, path, **parts(gift_part, row("other", "29,50")), press="book", reason="x")
    assert (status, "The parts are 10,00 € too much." in said) == (422, True)
    assert asked.ledger() == before
    both = parts(gift_part, row("other", "19.50"))
    _, place, said = post(client, path, **both, press="book", reason="a dinner", back="question")
    assert place == "/treasurer/questions/2?answered=1"
    said = said_of(client, "payments/1")
    assert "Gift · Mari Mets · General 30,50 € a dinner" in said
    assert "Other income 19,50 € a dinner" in said
    assert "The payment has its purpose already" in said_of(client, path)


@pytest.mark.parametrize("amount", ["1 000,00", "-1", "0", "5,001", "1e3", "50,01", "٥"])
@pytest.mark.usefixtures("asked")
def test_an_amount_that_cannot_be_read_is_said_in_its_row(client: TestClient, amount: str) -> None:
    sent = parts(row("other", amount), row("other", "50,00"))
    status, _, said = post(client, "payments/1/split", **sent, press="book", reason="x")
    assert (status, "Cannot be read. Write it like 12,50." in said) == (422, True)


@pytest.mark.usefixtures("asked")
def test_a_split_form_that_lost_a_column_is_refused(client: TestClient) -> None:
    sent = parts(row("other", "25"), row("other", "25"))
    assert post(client, "payments/1/split", **(sent | {"amount": ["50"]}), press="book", reason="x")[0] == 422
    assert post(client, "payments/99/split", **sent, press="book", reason="x")[0] == 404
    assert client.get("/treasurer/payments/99/split").status_code == 404


def test_a_question_is_put_aside_and_comes_back(client: TestClient, asked: Book, clock: Clock) -> None:
    before = asked.ledger()
    _, place, said = post(client, "payments/2/hold", until="2026-07-10", note="asked <him>", back="question")
    assert place == "/treasurer/questions/3?done=held"
    assert "nothing was booked" in said
    assert 'id="question-2"' not in client.get("/treasurer/questions").text
    listed = said_of(client, "questions/held")
    assert "Jaan Tamm , 6 March 2026 +40,00 € on hold until 10 July 2026 · treasurer" in listed
    assert "on hold until 10 July 2026" in said_of(client, "questions/2")
    assert "asked <him> treasurer, 5 July 2026" in said_of(client, "payments/2")
    clock.advance(timedelta(days=5))
    assert 'id="question-2"' in client.get("/treasurer/questions").text
    assert "Nothing is on hold." in said_of(client, "questions/held")
    post(client, "payments/2/hold", until="", note="")
    assert "on hold until you bring it back" in said_of(client, "questions/held")
    assert post(client, "payments/2/release")[1] == "/treasurer/questions/2?done=released"
    assert asked.ledger() == before
    assert post(client, "payments/2/hold", until="tomorrow")[0] == 422
    assert post(client, "payments/99/hold", until="")[0] == 404


@pytest.mark.usefixtures("asked")
def test_notes_are_written_and_erased(client: TestClient) -> None:
    assert post(client, "payments/1/notes", text="  ")[0] == 422
    assert "Noted." in post(client, "payments/1/notes", text="a friend of <b>Jaan</b>")[2]
    assert "a friend of <b>Jaan</b> treasurer" in said_of(client, "payments/1")
    post(client, "notes/1/erase")
    said = said_of(client, "payments/1")
    assert "a friend of" not in said
    assert "erased treasurer" in said
    assert post(client, "notes/9/erase")[0] == 404


def test_the_payment_tells_all_that_was_decided_and_by_whom(client: TestClient, asked: Book) -> None:
    take_first(client, 2)
    assert "A person took the proposal: the text nearly has the keyword. treasurer, 5 July 2026" in said_of(
        client, "payments/2"
    )
    form = hidden_of(client.get("/treasurer/payments/2").text, action="/take-back")
    post(client, "payments/2/take-back", **form)
    page = client.get("/treasurer/payments/2").text
    assert "<s><strong>Gift</strong>" in page
    assert "Taken back: Somebody took the answer back. treasurer" in text_of(page)
    asked.undo(1)
    asked.take(statement("03-01", "03-31", gift("03-09", 100)))
    assert client.get("/treasurer/payments/2").status_code == 404


def offered(client: TestClient, payment: int) -> dict[str, object]:
    """Return the form of the first proposal as somebody sees it now."""
    return {**hidden_of(client.get(f"/treasurer/questions/{payment}").text, action="/take")}


def another(client: TestClient, payment: int) -> dict[str, object]:
    """Return the form for another answer as somebody sees it now, filled in."""
    form = hidden_of(client.get(f"/treasurer/payments/{payment}").text, action="/answer")
    return {**form, "kind": "other", "reason": "A ticket", "back": "questions"}


def test_of_two_who_answer_at_once_the_second_is_shown_what_the_first_did(client: TestClient, asked: Book) -> None:
    proposal, free, parts = offered(client, 2), another(client, 2), another(client, 2)
    alike = client.get("/treasurer/payments/2/alike").text
    together = re.findall(r'name="taken" required\s+value="([^"]+)"', alike)[0]
    split = {"kind": ["other"] * 2, "donor": [""] * 2, "appeal": [1] * 2, "amount": ["10", "30"], "seen": parts["seen"]}
    status, _, said = post(client, "payments/2/take", **proposal)
    assert (status, "Booked: Gift · Jaan Tamm" in said) == (200, True)
    before = asked.ledger()
    for path, sent in (
        ("take", proposal),
        ("answer", free),
        ("alike", {"taken": together}),
        ("split", {**split, "press": "book", "reason": "x"}),
        ("take-back", {"seen": free["seen"]}),
    ):
        status, _, said = post(client, f"payments/2/{path}", **sent)
        assert (status, "proposal_outdated" in said) == (409, True), path
        assert "Nothing of yours was booked" in said
        assert "Gift · Jaan Tamm" in said
        assert asked.ledger() == before


def test_who_sees_an_answer_can_give_another_one(client: TestClient, asked: Book) -> None:
    post(client, "payments/2/take", **offered(client, 2))
    first, second = another(client, 2), {**another(client, 2), "reason": "A concert"}
    assert post(client, "payments/2/answer", **first)[0] == 200
    before = asked.ledger()
    status, _, said = post(client, "payments/2/answer", **second)
    assert (status, "A ticket" in said) == (409, True)
    assert asked.ledger() == before
    assert post(client, "payments/2/answer", **{**second, **another(client, 2)})[0] == 200


def test_who_saw_it_whole_does_not_answer_a_rest(client: TestClient, asked: Book) -> None:
    whole = another(client, 1)
    assert post(client, "payments/1/answer", **another(client, 1), part="20")[0] == 200
    before = asked.ledger()
    assert post(client, "payments/1/answer", **whole)[0] == 409
    assert asked.ledger() == before


TOETUS = statement(
    "03-01",
    "03-31",
    *(line(f"03-0{number}", 2_500, "Mari Mets", MARI, "Toetus") for number in (1, 2, 3)),
    line("03-04", 2_500, "Jaan Tamm", JAAN, "Toetus"),
    line("03-05", 1_000, "Mari Mets", MARI, "head soovid"),
)


@pytest.fixture
@written_once
def alike(book: Book) -> Book:
    """Three questions that say the same, one of another payer, and one that says something else."""
    book.take(TOETUS)
    return book


@pytest.mark.parametrize(("path", "leads_to"), [("questions/1", "questions/4"), ("questions", "questions")])
def test_those_that_say_the_same_are_answered_at_once(
    client: TestClient, alike: Book, path: str, leads_to: str
) -> None:
    before = alike.ledger()
    page = client.get(f"/treasurer/{path}").text
    assert "3 × +25,00 €" in text_of(page)
    also = re.findall(r'name="also" value="(\d+)"', page)
    assert also[:2] == ["2", "3"]
    _, place, said = post(client, "payments/1/take", **hidden_of(page, action="/take") | {"also": ["2", "3"]})
    assert place.startswith(f"/treasurer/{leads_to}?answered=1")
    assert "Booked: Gift · Mari Mets · 3 payments" in said
    post(client, "answers/1/take-back", back="questions")
    assert alike.ledger() == before
    form = hidden_of(page, action="/take")
    for others in (["5"], ["4"], ["99"]):
        assert post(client, "payments/1/take", **form | {"also": others})[0] == 409
    assert alike.ledger() == before


@pytest.mark.usefixtures("alike")
def test_the_list_goes_on_with_the_card_behind(client: TestClient) -> None:
    page = client.get("/treasurer/questions").text
    assert re.findall(r'id="question-(\d+)"', page) == ["1", "4", "5"]
    sent = hidden_of(page, action="/payments/4/take")
    assert post(client, "payments/4/take", **sent)[1] == "/treasurer/questions?answered=1&current=5"
    went_on = client.get("/treasurer/questions?answered=1&current=5").text
    assert re.findall(r'id="question-(\d+)" tabindex="-1" autofocus', went_on) == ["5"]


@pytest.mark.usefixtures("alike")
def test_always_is_kept_at_once_where_it_changes_just_what_is_shown(client: TestClient) -> None:
    page = client.get("/treasurer/questions/4").text
    _, place, said = post(client, "payments/4/always", **hidden_of(page, action="/take"))
    assert place == "/treasurer/questions/5?taught=1"
    assert (
        "Always so: From EE83 2200 2210 0000 0012 under the name “Jaan Tamm”, any amount → gifts of Jaan Tamm" in said
    )
    assert "1 payment · 25,00 € u Switch off" in said
    assert "Gift · Jaan Tamm · General 25,00 €" in said_of(client, "payments/4")


def test_always_shows_first_what_else_would_change(client: TestClient, alike: Book) -> None:
    before = alike.ledger()
    sent = hidden_of(client.get("/treasurer/questions/1").text, action="/take") | {"also": ["2", "3"]}
    answer = client.post("/treasurer/payments/1/always", data=sent)
    assert "Booked anew: they had no purpose until now 4 payments · 85,00 €" in text_of(answer.text)
    assert alike.ledger() == before
    kept = hidden_of(answer.text, action="/rules")
    _, place, said = post(client, "rules", **kept)
    assert place == "/treasurer/questions/4?taught=1"
    assert "4 payments · 85,00 €" in said


def test_what_people_look_at_each_is_not_answered_for_always(client: TestClient, book: Book) -> None:
    book.take(
        statement("03-01", "03-31", gift("03-01", 2_000), line("03-09", -2_000, "Mari Mets", MARI, "annetuse tagastus"))
    )
    page = client.get("/treasurer/questions/2").text
    assert "/always" not in page
    assert post(client, "payments/2/always", **hidden_of(page, action="/take"))[0] == 422


def test_what_a_donor_gave_last_stands_beside_the_question(client: TestClient, book: Book) -> None:
    gifts = [gift(f"03-0{number}", 1_000 * number) for number in range(1, 7)]
    book.take(statement("03-01", "03-31", *gifts, line("03-09", 500, "Mari Mets", MARI, "tere")))
    last = "Last from Mari Mets General 6 March 2026 60,00 € 5 March 2026 50,00 € 4 March 2026 40,00 € 3 March"
    assert last in said_of(client, "questions/7")
    assert last in said_of(client, "questions")
    assert "1 March" not in said_of(client, "questions/7")


@pytest.mark.usefixtures("alike")
def test_one_at_a_time_begins_with_the_oldest(client: TestClient) -> None:
    assert client.get("/treasurer/questions/next").url.path == "/treasurer/questions/1"
    for number in (1, 4, 5):
        sent = hidden_of(client.get(f"/treasurer/questions/{number}").text, action="/take")
        post(client, f"payments/{number}/take", **sent | ({"also": ["2", "3"]} if number == 1 else {}))
    assert client.get("/treasurer/questions/next").url.path == "/treasurer/questions"


@pytest.mark.usefixtures("alike")
def test_a_word_that_people_keep_writing_is_offered_as_keyword(client: TestClient) -> None:
    assert "See what that would change" not in client.get("/treasurer/questions").text
    sent = hidden_of(client.get("/treasurer/questions/1").text, action="/take") | {"also": ["2", "3"]}
    place = post(client, "payments/1/take", **sent)[1]
    assert place == "/treasurer/questions/4?answered=1"
    page = client.get(place).text
    assert (
        "You called 3 payments with “toetus” gifts. As a keyword of “General” it would not be asked about again."
        in text_of(page)
    )
    _, _, said = post(client, "settings", **hidden_of(page, action="/settings"))
    assert "1 payment becomes a gift : 25,00 €" in said
