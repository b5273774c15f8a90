"""A donor's letter has everything of the donor and nothing of anybody else; who asks to be forgotten is.

That no page names who was forgotten is in `test_canaries.py`.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, line, statement
from tests.documents.papers import accessible
from tests.documents.papers import text_of as paper_text
from tests.web.conftest import Clock, browser, enter
from tests.web.reading_pages import hidden_of, text_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.acts.merging import merge
from donations.acts.offering import Answer
from donations.core.donor import AppealId, DonorId
from donations.core.payment import Purpose
from donations.reports.inf4 import inf4
from donations.store.donors.donor_facts import ConsentKind, correct_name, record_consent, write_note
from donations.store.log.audit import EntryFilter, entries
from donations.store.organisation import (
    Beliefs,
    BeliefsGround,
    FinancialYear,
    IncentiveList,
    PaperSettings,
    set_papers,
)
from donations.store.papers import keep_list
from donations.store.session import as_reader, reading, writing
from donations.store.tables.documents import DocumentSettingRow

JOINT = OTHER_OWN
CODE = "49403136526"
OTHERS = ("Jaan Tamm", "Tamm Jaan", JAAN, "37605030299", "Jaani märkus", "Piret Pihl")
"""Of other people; `JOINT` is Mari's account too."""


MARIS = DonorId(2)


@pytest.fixture(autouse=True)
@written_once
def lived_in(book: Book) -> Book:
    """Mari, Jaan on the same account, Piret who paid for Mari, and something of everything said about Mari."""
    book.take(
        statement(
            "01-01",
            "05-31",
            gift("01-05", 1_000, "Mari Mets", JOINT, code=CODE),
            gift("01-06", 2_000, "Jaan Tamm", JOINT, code="37605030299"),
            gift("02-05", 3_000, "M Mets"),
            gift("03-06", 4_000, "Piret Pihl", JAAN),
            line("04-01", 5_000, "Mari Mets", JOINT, "Mari ja Jaan Tamm ühiselt"),
        )
    )
    with writing(book.engine) as session:
        set_papers(session, FinancialYear(first_month=1), by="treasurer", at=NOW)
        for donor, note in ((MARIS, "Mari märkus"), (MARIS, "koos Jaan Tammega"), (DonorId(3), "Jaani märkus")):
            write_note(session, donor, note, by="treasurer", at=NOW)
        said = {"given_on": date(2026, 6, 1), "source": "kiri", "by": "treasurer", "at": NOW}
        record_consent(session, MARIS, ConsentKind.CERTIFICATE_LANGUAGE, "ru", **said)  # type: ignore[arg-type]
        correct_name(session, MARIS, "Mari Mets-Kask", by="treasurer", at=NOW)
        merge(session, DonorId(4), into=MARIS, reason="ema ütles", by="treasurer", now=NOW)
    for minor, on in ((4_000, "03-06"), (5_000, "04-01")):
        given = Answer(purpose=Purpose.GIFT, donor=MARIS, appeal=AppealId(1), reason=f"räägitud {on}")
        book.answer(book.payment(on, minor), given)
    with writing(book.engine) as session:
        keep_list(session, inf4(as_reader(session), 2026).lines, year=2026, by="treasurer", at=NOW)
    return book


def keys_of(page: str, *wanted: str) -> list[str]:
    """Return the ticks beside texts with these words."""
    choices = html.fromstring(page).xpath("//input[@name='without']")
    return [each.get("value") for each in choices if any(word in each.getparent().text_content() for word in wanted)]


def test_the_letter_has_everything_of_the_donor_and_nothing_of_anybody_else(client: TestClient) -> None:
    asked = {"language": "en"}
    shown = html.fromstring(client.get("/treasurer/donors/2/held", params=asked).text).xpath("//article")[0]
    pdf = client.get("/treasurer/donors/2/held.pdf", params=asked)
    data = client.get("/treasurer/donors/2/held.json", params=asked)
    renderings = [" ".join(shown.text_content().split()), paper_text(pdf.content), data.text]
    for rendering in renderings:
        plain = rendering.replace("\N{NO-BREAK SPACE}", " ")
        for known in ("Mari Mets-Kask", "Mari Mets", "M Mets", CODE, JOINT, MARI, "Mari märkus", "kiri", "ema ütles"):
            assert known in plain, (known, plain)
        for reason in ("räägitud 03-06", "räägitud 04-01", "somebody else paid for you", "left out"):
            assert reason in plain, (reason, plain)
        assert [each for each in OTHERS if each in plain] == []
    assert accessible(pdf.content)["ua"] == "1"
    assert {part["title"] for part in json.loads(data.text)["parts"]} >= {
        "Who you are",
        "Your gifts, and how each was counted",
        "What the bank wrote, once for each statement",
        "What you told us",
        "What we noted",
        "Papers that name you",
        "Who looked at your data, or changed it",
    }


def letter_of(client: TestClient, book: Book, *said: PaperSettings) -> str:
    with writing(book.engine) as session:
        for each in said:
            set_papers(session, each, by="treasurer", at=NOW)
    return " ".join(client.get("/treasurer/donors/2/held.json", params={"language": "en"}).json()["paragraphs"])


def test_the_letter_says_of_the_tax_board_what_the_association_said(client: TestClient, lived_in: Book) -> None:
    assert "tax" not in letter_of(client, lived_in)
    assert "gifts to us are not declared" in letter_of(client, lived_in, IncentiveList())
    later = letter_of(client, lived_in, IncentiveList(since=date(2026, 2, 1), until=date(2026, 3, 31)))
    assert "for the days from 2026-02-01 to 2026-03-31." in later
    assert "income tax incentive: 2026-01-05, 2026-04-01." in later
    assert "when you gave on these days" not in letter_of(client, lived_in, IncentiveList(since=date(2020, 1, 1)))


def test_the_letter_says_what_gifts_tell_and_how_long_it_is_kept(client: TestClient, lived_in: Book) -> None:
    letter = letter_of(client, lived_in, Beliefs(gifts_tell=True))
    assert ("until 2033-12-31" in letter, "Art. 9" in letter, "Art. 9 (2)" in letter) == (True, True, False)
    assert "Art. 9 (2) (d)" in letter_of(
        client, lived_in, Beliefs(gifts_tell=True, ground=BeliefsGround.OWN_BODY), FinancialYear(first_month=7)
    )
    assert "until 2033-06-30" in letter_of(client, lived_in)


def test_who_forgets_a_donor_is_told_where_the_day_is_only_the_latest(client: TestClient, lived_in: Book) -> None:
    assert "financial year" not in text_of(client.get("/treasurer/donors/2/erase").text)
    with writing(lived_in.engine) as session:
        session.delete(session.get_one(DocumentSettingRow, FinancialYear.name))
    page = text_of(client.get("/treasurer/donors/2/erase").text)
    assert ("Nobody has said when your financial year begins" in page, "Until 31 March 2034" in page) == (True, True)


def test_who_sends_the_letter_is_told_what_it_cannot_say(client: TestClient, lived_in: Book) -> None:
    said = "whether you are on the tax board’s list"
    assert said in text_of(client.get("/treasurer/donors/2/held").text)
    letter_of(client, lived_in, IncentiveList())
    assert said not in text_of(client.get("/treasurer/donors/2/held").text)


def test_the_letter_speaks_the_donors_language_and_shows_what_to_look_at(client: TestClient) -> None:
    page = client.get("/treasurer/donors/2/held").text
    assert html.fromstring(page).xpath("//article/@lang") == ["ru"]


def test_a_treasurer_decides_which_texts_are_left_out(client: TestClient) -> None:
    page = client.get("/treasurer/donors/2/held").text
    doubtful = keys_of(page, "Jaan Tamm", "Tammega")
    assert html.fromstring(page).xpath("//input[@checked]/@value") == doubtful
    asked = {"language": "en", "looked": "true", "without": keys_of(page, "Mari märkus")}
    letter = client.get("/treasurer/donors/2/held.json", params=asked).text
    assert ("Mari märkus" in letter, "koos Jaan Tammega" in letter, "left out" in letter) == (False, True, True)
    whole = client.get("/treasurer/donors/2/held.json", params={"looked": "true"}).text
    assert ("Mari märkus" in whole, "left out" in whole) == (True, False)


def test_looking_at_the_letter_and_taking_it_along_is_logged(client: TestClient, app: FastAPI) -> None:
    client.get("/treasurer/donors/2/held")
    client.get("/treasurer/donors/2/held.pdf")
    with reading(app.state.site.engine) as session:
        seen = [(each.entry.action, each.entry.thing) for each in entries(session, EntryFilter(), size=2)]
    assert seen == [("exported", "donor 2"), ("donor_viewed", "donor 2")]


def test_an_auditor_reads_the_letter_with_the_code_hidden_and_erases_nothing(app: FastAPI) -> None:
    with browser(app, enter(app, Role.AUDITOR, name="Anu")) as auditor:
        page = auditor.get("/treasurer/donors/2/held?language=en").text
        assert CODE not in page
        assert f"…{CODE[-4:]}" in page
        assert "Forget the donor" not in auditor.get("/treasurer/donors/2/erase").text
        assert auditor.post("/treasurer/donors/2/erase", data={"why": "asked"}).status_code == 403
    with browser(app, enter(app, Role.VIEWER, name="Villu", sees_names=True)) as viewer:
        assert viewer.get("/treasurer/donors/2/held").status_code == 403


def forgotten(client: TestClient, donor: int) -> str:
    page = client.get(f"/treasurer/donors/{donor}/erase").text
    return client.post(
        f"/treasurer/donors/{donor}/erase", data=hidden_of(page, action="/erase") | {"why": "asked"}
    ).text


def test_what_goes_and_what_stays_is_shown_before_it_is_done(client: TestClient, lived_in: Book) -> None:
    said = text_of(client.get("/treasurer/donors/2/erase").text)
    for each in ("say “№ 2” instead", "2 notes", "1 word of the donor", "1 name from before", "Until 31 December 2033"):
        assert each in said
    assert "5 gifts" not in said
    assert (
        "Mari Mets-Kask" in lived_in.ledger().decode() or lived_in.donor("Mari Mets-Kask") == 2
    )  # nothing is done yet
    assert "out of the books" in text_of(forgotten(client, 2))


def test_a_search_for_the_name_finds_nobody(client: TestClient) -> None:
    forgotten(client, 2)
    for asked in ("mets", MARI, CODE[-4:]):
        assert "№ 2" not in client.get("/treasurer/donors", params={"find": asked}).text
    assert client.get("/treasurer/donors/2").url.path == "/treasurer/donors/2/erase"
    for path, data in (
        ("notes", {"text": "x"}),
        ("name", {"text": "Mari Mets"}),
        ("consents", {"kind": "contact", "value": "x", "given_on": "2026-06-01", "source": "x"}),
    ):
        answer = client.post(f"/treasurer/donors/2/{path}", data=data)
        assert "asked to be forgotten" in text_of(answer.text)


def test_who_gave_again_is_told_once(client: TestClient, lived_in: Book) -> None:
    forgotten(client, 2)
    lived_in.take(statement("06-01", "06-30", gift("06-05", 700, "Mari Mets", JOINT, code=CODE)), name="june.xml")
    assert "Donor 2, who asked to be forgotten, gave again." in text_of(client.get("/treasurer").text)
    page = client.get("/treasurer/donors/2/erase").text
    assert "gave again since: 1 gift" in text_of(page)
    client.post("/treasurer/donors/2/noticed")
    assert "gave again" not in text_of(client.get("/treasurer").text)


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        (datetime(2033, 12, 31, 21, 59, 59, tzinfo=UTC), False),  # a second before midnight in Tallinn
        (datetime(2033, 12, 31, 22, 0, 0, tzinfo=UTC), True),
    ],
)
def test_the_rest_may_go_from_the_first_second_of_the_eighth_year(
    client: TestClient, app: FastAPI, clock: Clock, lived_in: Book, now: datetime, *, is_due: bool
) -> None:
    forgotten(client, 2)
    clock.now = now
    client = browser(app, enter(app, Role.TREASURER, name="in eight years"))
    page = client.get("/treasurer/donors/2/erase").text
    assert ("Destroy the rest" in text_of(page)) is is_due
    if is_due:
        done = client.post("/treasurer/donors/2/purge", data=hidden_of(page, action="/purge"))
        assert "Nothing names the donor any more." in text_of(done.text)
        assert "destroyed when no law asked" in text_of(client.get("/treasurer/imports/1/original").text)
        assert not lived_in.broken()


def test_data_is_held_and_released(client: TestClient) -> None:
    held = client.post("/treasurer/donors/2/hold", data={"why": "dispute"})
    assert "The data is on hold" in text_of(held.text)
    assert "Forget the donor" not in text_of(held.text)
    assert "data is on hold" in text_of(
        client.post("/treasurer/donors/2/erase", data={"why": "asked", "promised": "x"}).text
    )
    assert "can be destroyed again" in text_of(client.post("/treasurer/donors/2/release").text)
    assert "does not fit" not in text_of(forgotten(client, 2))


def test_nobody_is_forgotten_by_mistake(client: TestClient) -> None:
    for path in ("held", "erase"):
        assert client.get(f"/treasurer/donors/1/{path}").status_code == 422  # the anonymous donor
        assert client.get(f"/treasurer/donors/99/{path}").status_code == 404
    assert client.post("/treasurer/donors/2/erase", data={"why": "dispute", "promised": "x"}).status_code == 422
    assert client.post("/treasurer/donors/2/erase", data={"why": "asked", "promised": "x"}).status_code == 409
    assert client.post("/treasurer/donors/2/noticed").status_code == 409
