"""Questions and answers: what the bank wrote, why it asks, and what an answer does."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.book import MARI, OTHER_OWN, Book, gift, line, statement
from tests.web.reading_pages import give_answer, hidden_of, text_of

HOSTILE = "<script>alert(1)</script> \u202eannetus\u202c {{ 7777 * 7777 }}"


def said_of(client: TestClient, path: str) -> str:
    return text_of(client.get(path).text)


def take(client: TestClient, payment: int, offer: int = 0, **changed: str) -> tuple[int, str]:
    """Click a proposal of a payment."""
    page = client.get(f"/treasurer/payments/{payment}").text
    sent = hidden_of(page, action="/take") | {"number": str(offer + 1)} | changed
    answer = client.post(f"/treasurer/payments/{payment}/take", data=sent)
    return answer.status_code, answer.text


def answer(client: TestClient, payment: int, **said: str) -> tuple[int, str]:
    given = give_answer(client, payment, said)
    return given.status_code, given.text


def test_an_empty_list_says_what_to_do_next(client: TestClient) -> None:
    said = said_of(client, "/treasurer/questions")
    assert "Nothing waits for an answer." in said
    assert "Upload statements" in said


def test_a_question_shows_the_line_the_reason_and_the_near_miss(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Mari Mets", MARI, "palju anetus")))
    page = client.get("/treasurer/questions").text
    assert '<bdi>palju <mark class="near">anetus</mark></bdi>' in page
    assert '<bdi>anetus</bdi> → <bdi>an<mark class="near">n</mark>etus</bdi>' in page
    assert "Missing letters of the keyword: “n”." in page
    said = text_of(page)
    assert "Mari Mets +10,00 €" in said
    assert "5 March 2026 · EE30 7700 7710 0000 0012" in said
    assert "near_keyword" in said
    assert "Gift of Mari Mets ( a new donor ) · General" in said.replace("(a new donor)", "( a new donor )")


def test_a_proposal_is_one_click(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Mari Mets", MARI, "anetus")))
    status, page = take(client, 1, back="questions")
    assert status == 200
    assert "Booked:" in page
    assert "Nothing waits for an answer." in page
    said = said_of(client, "/treasurer/payments/1")
    assert "A person took the proposal: the text nearly has the keyword." in said
    book.take(statement("04-01", "04-30", gift("04-05", 500)))
    assert "2 gifts : 15,00 €" in said_of(client, "/treasurer/donors/2").replace("gifts:", "gifts :")


def test_a_proposal_of_a_named_payer_without_iban_makes_that_donor(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Salme Saar", "", "annetus")))
    take(client, 1)
    assert "Salme Saar" in said_of(client, "/treasurer/donors")


def test_a_proposal_that_has_become_another_is_not_booked(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Mari Mets", MARI, "anetus")))
    before = book.ledger()
    status, page = take(client, 1, promised="gift/near_keyword/7/1")
    assert (status, "proposal_outdated" in page) == (409, True)
    assert book.ledger() == before


def test_any_answer_can_be_given_and_changed(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 5_000, "Mari Mets", MARI, "tere")))
    answer(client, 1, kind="gift", donor="Jaan Tamm", appeal="1", reason="He told me", part="20,50")
    assert "Still without a purpose: 29,50 €" in said_of(client, "/treasurer/payments/1")
    answer(client, 1, kind="other", reason="Ticket", part="29.50")
    assert "Still without a purpose" not in said_of(client, "/treasurer/payments/1")
    answer(client, 1, kind="gift", anonymous="true", donor="Mari Mets", appeal="1", reason="She wants no name")
    said = said_of(client, "/treasurer/payments/1")
    assert said.count("Taken back: She wants no name") == 2
    assert "Anonymous" in said
    assert "She wants no name" in said


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"kind": "present", "reason": "x"}, 422, "bad_form"),
        ({"kind": "gift", "donor": "", "appeal": "1", "reason": "x"}, 422, "donor_needed"),
        ({"kind": "gift", "donor": "Mari", "appeal": "99", "reason": "x"}, 404, "unknown_appeal"),
        ({"kind": "refund", "donor": "Mari", "reason": "x"}, 422, "cannot_allocate"),
        ({"kind": "other", "reason": "x", "part": "1 000,00"}, 422, "cannot_allocate"),
        ({"kind": "other", "reason": "x", "part": "1.000"}, 422, "bad_amount"),
        ({"kind": "other", "reason": "x", "part": "-1"}, 422, "bad_amount"),
        ({"kind": "other", "reason": "x", "part": "0"}, 422, "bad_amount"),
        ({"kind": "other", "reason": "x", "part": "50,01"}, 422, "cannot_allocate"),
        ({"kind": "other", "reason": "x", "part": "١"}, 422, "bad_amount"),
    ],
)
def test_answers_that_do_not_fit(client: TestClient, book: Book, said: dict[str, str], status: int, code: str) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 5_000, "Mari Mets", MARI, "tere")))
    before = book.ledger()
    got, page = answer(client, 1, **said)
    assert (got, code in page) == (status, True), text_of(page)
    assert "Nothing was changed." in page
    assert book.ledger() == before


def test_an_answer_to_no_payment(client: TestClient) -> None:
    given = client.post("/treasurer/payments/7/answer", data={"kind": "other", "reason": "x"})
    assert (given.status_code, "unknown_payment" in given.text) == (404, True)


def test_what_the_bank_wrote_is_data_everywhere(client: TestClient, book: Book) -> None:
    book.take(
        statement(
            "03-01",
            "03-31",
            line("03-05", 1_000, "<b>Mari</b>\u202e", MARI, HOSTILE),
            line("03-06", 1_100, "<b>Jaan</b>\u202e", OTHER_OWN, "tere <i>"),
        ),
        name="<u>march</u>.xml",
    )
    take(client, 2)
    for path in ("questions", "payments/1", "payments/2", "ledger/2026-03", "donors", "donors/2", "imports"):
        page = client.get(f"/treasurer/{path}").text
        for hostile in ("<script>", "<b>", "<i>", "<u>", "60481729"):
            assert hostile not in page, (path, hostile)
        for at, letter in enumerate(page):
            if letter == "\u202e":
                around = page[:at]
                is_isolated = around.rfind("<bdi") > around.rfind("</bdi>")
                is_attribute = around.rfind("<") > around.rfind(">")
                assert is_isolated or is_attribute, (path, page[at - 60 : at + 20])


def test_what_statements_disagree_on_is_shown(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-10", 1_000), gift("03-20", 2_000)), name="whole.xml")
    book.take(statement("03-01", "03-31", gift("03-10", 1_000)), name="less.xml")
    said = said_of(client, "/treasurer/questions")
    assert "What statements disagree on" in said
    assert "does not show this payment" in said
    assert "Mari Mets · 20 March 2026 · +20,00 €" in said


def test_many_questions_come_a_page_at_a_time(client: TestClient, book: Book) -> None:
    lines = [line(f"03-{1 + number:02}", 100 + number, "Mari Mets", MARI, f"tere {number}") for number in range(28)]
    book.take(statement("03-01", "03-31", *lines))
    first, second = client.get("/treasurer/questions").text, client.get("/treasurer/questions?page=2").text
    assert (first.count("<article"), second.count("<article")) == (25, 3)
    assert "Page 1 of 2" in first
    assert client.get("/treasurer/questions?page=0").status_code == 422
    assert client.get("/treasurer/questions?current=26").text.count("<article") == 3


def test_a_reason_is_needed_only_where_something_else_was_decided(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 5_000, "Mari Mets", MARI, "tere")))
    transfer = {"kind": "transfer", "donor": "Mari Mets", "appeal": "99", "anonymous": "true", "reason": " "}
    assert answer(client, 1, **transfer)[0] == 200  # what only gifts have is not looked at
    assert "A person said so, without a reason." in said_of(client, "/treasurer/payments/1")
    before = book.ledger()
    status, page = answer(client, 1, kind="other", reason="  ")
    assert (status, "reason_missing" in page) == (422, True)
    assert book.ledger() == before


def test_a_payment_that_is_none_is_left_out_and_brought_back(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-10", 1_000)))
    before = book.ledger()
    path = "/treasurer/payments/1/leave-out"
    assert client.post(path, data={"reason": "  "}).status_code == 422
    said = text_of(client.post(path, data={"reason": "Shown <again> on the 11th"}).text)
    assert "Decided." in said
    assert "Shown <again> on the 11th" in said
    assert client.get("/treasurer/payments/1").status_code == 404
    client.post("/treasurer/left-out/1/bring-back")
    assert book.ledger() == before


def test_lines_are_counted_apart_and_as_one(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-10", 1_000)), name="a.xml")
    book.take(statement("03-01", "03-30", gift("03-10", 1_000)), name="b.xml")
    before = book.ledger()
    assert "Attested by 2 lines" in said_of(client, "/treasurer/payments/1")
    client.post("/treasurer/payments/1/apart")
    assert said_of(client, "/treasurer/ledger/2026-03").count("10 March 2026") == 2
    client.post("/treasurer/payments/1/same", data={"other": "2"})
    assert book.ledger() == before


def test_decisions_that_do_not_fit(client: TestClient, book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-10", 1_000), gift("03-11", 1_000)))
    for path, said, status, code in (
        ("payments/1/apart", {}, 409, "one_line"),
        ("payments/1/same", {"other": "2"}, 409, "different_day_or_amount"),
        ("payments/7/leave-out", {"reason": "x"}, 404, "unknown_payment"),
        ("left-out/7/bring-back", {}, 404, "unknown_line"),
    ):
        answer_ = client.post(f"/treasurer/{path}", data=said)
        assert (answer_.status_code, code in answer_.text) == (status, True), path
