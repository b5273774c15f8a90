"""Donors: found by one box, known on one page, merged and taken apart with the outcome shown first."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, OTHER_OWN, Book, gift, line, statement
from tests.web.conftest import browser, enter
from tests.web.reading_pages import give_answer, hidden_of, links_of, text_of
from tests.written_once import written_once

from donations.access.person import Role

CODE = "49403136526"


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Mari regularly, M Mets on the same account, an organisation, and a line of Jaan's with a code."""
    monthly = [gift(f"0{month}-05", 1_000, gives) for month, gives in enumerate(["Mari Mets"] * 5, 1)]
    book.take(
        statement(
            "01-01",
            "05-31",
            *monthly,
            gift("03-06", 2_550, "M Mets"),
            gift("03-07", 50_000, "Rohutirts OÜ", OTHER_OWN),
            gift("03-08", 700, "Jaan Tamm", JAAN, code=CODE),
        )
    )
    return book


def found(client: TestClient, **asked: str) -> list[str]:
    """Return the names that a search lists, in order."""
    page = html.fromstring(client.get("/treasurer/donors", params=asked).text)
    return [str(each) for each in page.xpath("//main//tbody/tr/th//bdi/text()")]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["M Mets", "Mari Mets", "Rohutirts OÜ", "Jaan Tamm"]),
        ({"find": "mets"}, ["M Mets", "Mari Mets"]),
        ({"find": "METS märi"}, ["Mari Mets"]),
        ({"find": "et"}, ["M Mets", "Mari Mets"]),
        ({"find": "%"}, ["M Mets", "Mari Mets", "Rohutirts OÜ", "Jaan Tamm"]),
        ({"find": MARI}, ["M Mets", "Mari Mets"]),
        ({"find": f"…{MARI[-4:]}"[1:]}, ["M Mets", "Mari Mets", "Jaan Tamm"]),
        ({"find": "EE30 7700 7710 0000 0012"}, ["M Mets", "Mari Mets"]),
        ({"find": "25,50"}, ["M Mets"]),
        ({"find": "25.5 €"}, ["M Mets"]),
        ({"find": "10"}, ["Mari Mets"]),
        ({"find": "26"}, []),
        ({"kind": "organisation"}, ["Rohutirts OÜ"]),
        ({"kind": "person", "code": "true"}, ["M Mets", "Mari Mets"]),
        ({"regular": "true"}, ["Mari Mets"]),
        ({"notes": "true"}, []),
        ({"order": "year"}, ["Rohutirts OÜ", "Mari Mets", "M Mets", "Jaan Tamm"]),
        ({"order": "last"}, ["Mari Mets", "Jaan Tamm", "Rohutirts OÜ", "M Mets"]),
    ],
)
def test_one_box_finds(client: TestClient, lived_in: Book, asked: dict[str, str], names: list[str]) -> None:
    del lived_in
    assert found(client, **asked) == names


def test_an_empty_list_says_what_to_do_next(client: TestClient) -> None:
    assert "Upload statements" in text_of(client.get("/treasurer/donors").text)
    assert "Show all donors" in text_of(client.get("/treasurer/donors?find=nobody").text)


def test_a_page_tells_rhythm_accounts_and_reasons(client: TestClient, lived_in: Book) -> None:
    del lived_in
    said = text_of(client.get("/treasurer/donors/2").text)
    assert "5 gifts : 50,00 €" in said.replace("gifts:", "gifts :")
    assert "Regular, every month: 10,00 €, 5 times in a row, next about 5 June 2026" in said
    assert "EE30 7700 7710 0000 0012 Mari Mets 5 5 January 2026 5 May 2026" in said
    assert said.count("the text has the keyword “annetus”") == 5
    assert "Who else gives from these accounts M Mets" in said
    assert "missing" in said


def test_somebody_elses_payments_are_told_on_both_pages(client: TestClient, lived_in: Book) -> None:
    answer = {"kind": "gift", "donor": "Rohutirts OÜ", "appeal": "1", "reason": "for the company"}
    give_answer(client, lived_in.payment("03-08", 700), answer)
    assert "Others paid for this donor Jaan Tamm" in text_of(client.get("/treasurer/donors/4").text)
    lived_in.take(statement("06-01", "06-30", gift("06-08", 700, "Jaan Tamm", JAAN, code=CODE)))
    said = text_of(client.get("/treasurer/donors/5").text)
    assert "This donor paid for others Jaan Tamm EE83 2200 2210 0000 0012 → Rohutirts OÜ" in said


def merge_page(client: TestClient, goes: int, into: int) -> str:
    return client.get(f"/treasurer/donors/{goes}/merge?into={into}").text


def test_merging_shows_the_outcome_and_is_taken_apart_again(client: TestClient, lived_in: Book) -> None:
    before = lived_in.ledger()
    page = merge_page(client, 3, 2)
    assert "As one donor Mari Mets" in text_of(page)
    assert "2026 25,50 € 1 gift 50,00 € 5 gifts 75,50 € 6 gifts" in text_of(page)
    assert lived_in.ledger() == before
    done = client.post("/treasurer/donors/3/merge", data=hidden_of(page, action="/merge") | {"reason": "she said so"})
    assert "They are one donor now." in text_of(done.text)
    assert "she said so" in text_of(done.text)
    assert client.get("/treasurer/donors/3").url.path == "/treasurer/donors/2"
    assert found(client, find="m mets") == ["Mari Mets"]
    assert found(client, find="25,50") == ["Mari Mets"]
    (apart,) = [link for link in links_of(done.text) if link.endswith("/apart")]
    page = client.get(apart).text
    assert "And this one M Mets" in text_of(page)
    assert "They are two donors again." in client.post(apart, data=hidden_of(page, action="/apart")).text
    assert lived_in.ledger() == before
    assert "taken apart" in text_of(client.get("/treasurer/donors/2").text)


def test_an_outcome_that_has_changed_is_shown_again(client: TestClient, lived_in: Book) -> None:
    sent = hidden_of(merge_page(client, 3, 2), action="/merge")
    lived_in.take(statement("06-01", "06-30", gift("06-05", 1_000)))
    before = lived_in.ledger()
    answer = client.post("/treasurer/donors/3/merge", data=sent)
    assert (answer.status_code, "preview_outdated" in answer.text) == (409, True)
    assert lived_in.ledger() == before
    again = client.post("/treasurer/donors/3/merge", data=hidden_of(answer.text, action="/merge"))
    assert "They are one donor now." in again.text


def test_the_other_donor_is_looked_for(client: TestClient, lived_in: Book) -> None:
    del lived_in
    page = client.get("/treasurer/donors/3/merge?find=mari").text
    assert "?into=2" in links_of(page)
    assert "?into=3" not in links_of(client.get("/treasurer/donors/3/merge?find=mets").text)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("3/merge?into=3", 422, "same_donor"),
        ("3/merge?into=1", 422, "anonymous_donor"),
        ("3/merge?into=99", 404, "unknown_donor"),
        ("99/merge", 404, "unknown_donor"),
        ("2/merges/7/apart", 404, "unknown_merge"),
        ("2/claims/7/back", 404, "unknown_claim"),
        ("77", 404, "unknown_donor"),
        ("99999999999", 422, "bad_form"),
    ],
)
def test_what_does_not_fit_is_said(client: TestClient, lived_in: Book, path: str, status: int, code: str) -> None:
    del lived_in
    answer = client.get(f"/treasurer/donors/{path}")
    assert (answer.status_code, code in answer.text) == (status, True), text_of(answer.text)


def test_who_looks_alike_is_proposed_until_a_person_denies_it(client: TestClient, lived_in: Book) -> None:
    del lived_in
    page = client.get("/treasurer/donors/duplicates").text
    said = text_of(page)
    assert "1 pair looks alike." in said
    assert "M Mets = Mari Mets ? likely Similar names, and the same account." in said
    assert "/treasurer/donors/3/merge?into=2" in links_of(page)
    said = text_of(client.post("/treasurer/donors/duplicates/differ", data=hidden_of(page, action="/differ")).text)
    assert "No possible duplicates." in said
    assert "Marked by you as different" in said
    page = client.get("/treasurer/donors/duplicates").text
    page = client.post("/treasurer/donors/duplicates/forget", data=hidden_of(page, action="/forget")).text
    assert "1 pair looks alike." in text_of(page)


def test_another_account_is_recognised_and_taken_back(client: TestClient, lived_in: Book) -> None:
    before = lived_in.ledger()
    sent = {"kind": "payer", "iban": "EE30 7700 7710 0000 0012", "name": "Mets, M"}
    page = client.post("/treasurer/donors/2/claims", data=sent).text
    assert "1 gift ( 25,50 € ): M Mets → Mari Mets" in text_of(page)
    assert lived_in.ledger() == before
    said = text_of(client.post("/treasurer/donors/2/claims/add", data=hidden_of(page, action="/add")).text)
    assert "6 gifts" in said
    (back,) = [link for link in links_of(client.get("/treasurer/donors/2").text) if link.endswith("/back")]
    page = client.get(back).text
    assert "M Mets" in text_of(page)
    client.post(back, data=hidden_of(page, action="/back"))
    assert lived_in.ledger() == before


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"kind": "payer", "iban": "EE307700771000000013", "name": "x"}, "iban_invalid"),
        ({"kind": "payer", "iban": MARI, "name": " . "}, "bad_form"),
        ({"kind": "payer", "iban": MARI, "name": "Mari Mets"}, "known_already"),
        ({"kind": "code", "code": "49403136527"}, "bad_code"),
        ({"kind": "code", "code": CODE}, "code_taken"),
    ],
)
def test_claims_that_do_not_fit(client: TestClient, lived_in: Book, sent: dict[str, str], code: str) -> None:
    del lived_in
    answer = client.post("/treasurer/donors/2/claims", data=sent)
    status = 409 if code in {"known_already", "code_taken"} else 422
    assert (answer.status_code, code in answer.text) == (status, True), text_of(answer.text)
    assert sent.get("code", "-") not in text_of(answer.text)


def test_notes_are_kept_and_erased(client: TestClient, lived_in: Book) -> None:
    del lived_in
    page = client.post("/treasurer/donors/2/notes", data={"text": "<b>Call</b> in May"}).text
    assert "<b>Call</b> in May" in text_of(page)
    assert found(client, notes="true") == ["Mari Mets"]
    page = client.post("/treasurer/donors/2/notes/1/erase").text
    assert "Call" not in text_of(page)
    assert found(client, notes="true") == []


def test_the_latest_word_of_a_consent_counts(client: TestClient, lived_in: Book) -> None:
    del lived_in
    assert "the name is not shown" in text_of(client.get("/treasurer/donors/2").text)
    for value, on in (("no", "2026-05-02"), ("yes", "2026-05-01")):
        said = {"kind": "public_name", "value": value, "given_on": on, "source": "e-mail"}
        page = client.post("/treasurer/donors/2/consents", data=said).text
    assert "Name shown in public no 2 May 2026, e-mail" in text_of(page)
    assert "Earlier statements by the donor Name shown in public: yes" in text_of(page)
    for wrong in ({"value": "perhaps"}, {"given_on": "2027-01-01"}, {"source": " "}, {"kind": "x"}):
        assert client.post("/treasurer/donors/2/consents", data=said | wrong).status_code == 422, wrong


def test_a_name_is_corrected_and_the_one_before_is_kept(client: TestClient, lived_in: Book) -> None:
    before = lived_in.ledger()
    said = text_of(client.post("/treasurer/donors/2/name", data={"text": "Mari Mets-Kask"}).text)
    assert "Called before: Mari Mets (treasurer," in said
    assert found(client, find="kask mets") == ["Mari Mets-Kask"]
    assert lived_in.ledger() == before
    assert client.post("/treasurer/donors/2/name", data={"text": " - "}).status_code == 422


def test_who_may_only_look_sees_no_form(app: FastAPI, client: TestClient, lived_in: Book) -> None:
    del lived_in, client
    with browser(app, enter(app, Role.AUDITOR, name="auditor")) as auditor:
        for path in ("donors", "donors/2", "donors/duplicates"):
            page = auditor.get(f"/treasurer/{path}")
            assert page.status_code == 200
            assert 'method="post"' not in page.text.partition("<main")[2].partition("</main")[0], path
        assert auditor.get("/treasurer/donors/3/merge?into=2").status_code == 403
        assert auditor.post("/treasurer/donors/2/notes", data={"text": "x"}).status_code == 403


def test_a_long_list_of_gifts_comes_a_page_at_a_time(client: TestClient, book: Book) -> None:
    lines = [gift(f"03-{1 + number % 28:02}", 100 + number) for number in range(60)]
    book.take(statement("03-01", "03-31", *lines, line("03-30", -100, "Mari Mets", MARI, "x")))
    said = text_of(client.get("/treasurer/donors/2?page=2").text)
    assert "60 gifts" in said
    assert "Page 2 of 2" in said


@pytest.fixture
def linked(client: TestClient, book: Book) -> Book:
    """Two donors whom a later line links by a code; the newer name differs from the one that a person gave."""
    both = (gift("01-05", 500, "Aino Kask", MARI), gift("01-06", 900, "A. Kask", JAAN, code=CODE))
    book.take(statement("01-01", "01-31", *both))
    client.post("/treasurer/donors/2/name", data={"text": "Aino Esimene"})
    book.take(statement("02-01", "02-28", gift("02-05", 700, "AINO TAMM", JAAN, code=CODE)), name="newer.xml")
    book.take(statement("03-01", "03-31", gift("03-05", 700, "Aino Kask", MARI, code=CODE)), name="linking.xml")
    return book


def test_an_import_that_makes_two_donors_one_says_so(client: TestClient, linked: Book) -> None:
    del linked
    said = "Donors who turned out to be one with another, because the bank’s lines say so: 1."
    assert said in text_of(client.get("/treasurer/imports/3").text)
    shown = text_of(client.get("/treasurer/donors/3").text)
    assert client.get("/treasurer/donors/3").url.path == "/treasurer/donors/2"
    assert "Donors 2 and 3 are one, because the bank’s lines say so." in shown
    assert "1 donor stands alone again" in text_of(client.get("/treasurer/imports/3/undo").text)


def test_donors_whom_the_bank_links_are_taken_apart_with_the_outcome_shown_first(
    client: TestClient, linked: Book
) -> None:
    (apart,) = [link for link in links_of(client.get("/treasurer/donors/2").text) if link.endswith("/apart")]
    before = linked.ledger()
    page = client.get(apart).text
    assert "And this one Aino Tamm" in text_of(page)
    assert linked.ledger() == before
    assert "They are two donors again." in client.post(apart, data=hidden_of(page, action="/apart")).text
    assert client.get("/treasurer/donors/3").url.path == "/treasurer/donors/3"
    assert client.get(apart).status_code == 404
    linked.take(statement("04-01", "04-30", gift("04-05", 700, "Aino Kask", MARI, code=CODE)))
    assert client.get("/treasurer/donors/3").url.path == "/treasurer/donors/3"
    assert not linked.broken()


def test_a_newer_name_is_offered_and_taken_with_one_button(client: TestClient, linked: Book) -> None:
    linked.take(statement("05-01", "05-31", gift("05-05", 700, "AINO MÄGI", JAAN, code=CODE)))
    page = client.get("/treasurer/donors/2").text
    assert "The newest payments call the donor “Aino Mägi”." in text_of(page)
    done = client.post("/treasurer/donors/2/name", data={"text": "Aino Mägi"})
    assert "The newest payments call" not in text_of(done.text)
    assert "Aino Mägi" in text_of(done.text)


def test_who_turned_out_to_be_somebody_forgotten_is_told_until_a_person_decides(client: TestClient, book: Book) -> None:
    both = (gift("01-05", 500, "Aino Kask", MARI), gift("01-06", 900, "Aino Vana", JAAN, code=CODE))
    book.take(statement("01-01", "01-31", *both))
    client.post("/treasurer/donors/3/notes", data={"text": "Aino Vana helistas"})
    page = client.get("/treasurer/donors/2/erase").text
    client.post("/treasurer/donors/2/erase", data=hidden_of(page, action="/erase") | {"why": "asked"})
    book.take(statement("02-01", "02-28", gift("02-05", 700, "Aino Kask", MARI, code=CODE)))
    assert "turned out to be another one too" in text_of(client.get("/treasurer").text)
    page = client.get("/treasurer/donors/3").text
    assert "Aino" not in page
    assert "The donor turned out to be another one too" in text_of(page)
    assert "1 note" in text_of(page)
    client.post("/treasurer/donors/2/erase", data=hidden_of(page, action="/erase") | {"why": "asked"})
    assert "turned out to be another one too" not in text_of(client.get("/treasurer").text)
    assert not book.broken()
