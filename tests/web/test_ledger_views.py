"""A view of the ledger is kept under a name by the person alone who signed in, sealed, and stands in no address."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from tests.book import JAAN, NOW, Book, gift, statement
from tests.web.conftest import browser, enter
from tests.web.reading_pages import text_of
from tests.web.test_guard import code_of
from tests.web.test_ledger import payments_on
from tests.written_once import written_once

from donations.access.person import Role
from donations.acts.erasing import restrict
from donations.ledger.retention import RetentionReason
from donations.store.ledger_views import VIEWS_MAX, ledger_views
from donations.store.session import reading, writing

LEDGER = "/treasurer/ledger"
VIEWS = f"{LEDGER}/views"
ABOUT_JAAN = {"name": "Tamm ja teised", "text": "tamm", "show": "gift", "least": "15"}


@pytest.fixture(autouse=True)
@written_once
def lived_in(book: Book) -> Book:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), gift("03-06", 2_000, "Jaan Tamm", JAAN)))
    return book


@pytest.fixture
def treasurer(app: FastAPI) -> TestClient:
    return browser(app, enter(app, Role.TREASURER, name="Laine"))


def test_what_is_looked_for_is_kept_from_the_page_and_shown_by_a_number(treasurer: TestClient, lived_in: Book) -> None:
    page = treasurer.get(LEDGER, params={"text": "tamm", "least": "15"}).text
    (form,) = html.fromstring(page).xpath(f"//form[@action='{VIEWS}']")
    sent = {each.name: each.value for each in form.inputs if each.name not in {"token", None}} | {"name": "Tammed"}
    shown = treasurer.post(VIEWS, data=sent)
    assert str(shown.url).endswith(f"{LEDGER}?view=1")
    assert payments_on(shown.text) == [f"/treasurer/payments/{lived_in.payment('03-06', 2_000)}"]
    assert "Tammed" in text_of(treasurer.get(LEDGER).text)
    assert "tamm" not in "".join(html.fromstring(shown.text).xpath("//main//a/@href")).casefold()
    taken_along = treasurer.get(f"{LEDGER}/payments.csv?view=1").text
    assert "Jaan Tamm" in taken_along
    assert "Mari Mets" not in taken_along


def test_a_view_is_replaced_renamed_and_removed(treasurer: TestClient) -> None:
    treasurer.post(VIEWS, data=ABOUT_JAAN)
    assert len(payments_on(treasurer.post(VIEWS, data={"name": ABOUT_JAAN["name"], "text": "m"}).text)) == 2
    treasurer.post(VIEWS, data={"name": "Kulud", "show": "cost"})
    assert code_of(treasurer.post(f"{VIEWS}/2/rename", data={"name": ABOUT_JAAN["name"]}).text) == "view_name_taken"
    assert code_of(treasurer.post(f"{VIEWS}/2/rename", data={"name": " "}).text) == "name_needed"
    assert "Väljaminekud" in text_of(treasurer.post(f"{VIEWS}/2/rename", data={"name": "Väljaminekud"}).text)
    said = text_of(treasurer.post(f"{VIEWS}/2/remove").text)
    assert "Väljaminekud" not in said
    assert ABOUT_JAAN["name"] in said
    assert treasurer.get(f"{LEDGER}?view=2").status_code == 404


def test_what_is_asked_for_besides_takes_the_place_of_what_the_view_says(treasurer: TestClient) -> None:
    treasurer.post(VIEWS, data=ABOUT_JAAN)
    assert len(payments_on(treasurer.get(f"{LEDGER}?view=1").text)) == 1
    assert payments_on(treasurer.get(f"{LEDGER}?view=1&first=2026-04-01").text) == []
    assert len(payments_on(treasurer.get(f"{LEDGER}?view=1&end=true").text)) == 1


def test_nobody_else_has_it(app: FastAPI, treasurer: TestClient) -> None:
    treasurer.post(VIEWS, data=ABOUT_JAAN)
    auditor = browser(app, enter(app, Role.AUDITOR, name="Arvo"))
    assert ABOUT_JAAN["name"] not in auditor.get(LEDGER).text
    assert auditor.get(f"{LEDGER}?view=1").status_code == 404
    for change in ("rename", "remove"):
        assert auditor.post(f"{VIEWS}/1/{change}", data={"name": "x"}).status_code == 404
    assert str(auditor.post(VIEWS, data={"name": "Minu", "show": "cost"}).url).endswith("?view=2")
    assert browser(app, enter(app, Role.VIEWER, name="Vello")).post(VIEWS, data=ABOUT_JAAN).status_code == 403


@pytest.mark.parametrize("wrong", [{"least": "x"}, {"name": ""}, {"show": "x"}, {"name": "x" * 81}])
def test_what_cannot_be_kept(treasurer: TestClient, wrong: dict[str, str]) -> None:
    assert treasurer.post(VIEWS, data=ABOUT_JAAN | wrong).status_code == 422
    assert treasurer.get(f"{LEDGER}?view=1").status_code == 404


def test_there_are_not_endlessly_many(treasurer: TestClient) -> None:
    for at in range(VIEWS_MAX):
        treasurer.post(VIEWS, data={"name": f"view {at}", "show": "cost"}, follow_redirects=False)
    assert code_of(treasurer.post(VIEWS, data={"name": "one more"}).text) == "too_many_views"
    assert treasurer.post(VIEWS, data={"name": "view 0", "show": "gift"}).status_code == 200


def test_it_lies_sealed(treasurer: TestClient, lived_in: Book) -> None:
    """In the file of the database, and in the log beside it, as anybody reads them who has no key."""
    treasurer.post(VIEWS, data={"name": "Kirsipuu annetused", "text": "kirsipuu"})
    with lived_in.engine.connect() as connection:
        (name, choice), *more = connection.exec_driver_sql("SELECT name, choice FROM ledger_view").all()
        others = connection.exec_driver_sql("SELECT details FROM audit_detail").scalars().all()
    assert more == []
    for kept in (bytes(name), bytes(choice), *map(bytes, others)):
        assert b"irsipuu" not in kept
    if lived_in.engine.dialect.name == "sqlite":
        database = Path(str(lived_in.engine.url.database))
        files = [each for each in database.parent.iterdir() if each.name.startswith(database.name)]
        assert files
        assert not any(b"irsipuu" in each.read_bytes() for each in files if each.is_file())


def test_who_is_forgotten_is_looked_for_by_no_view(treasurer: TestClient, lived_in: Book) -> None:
    for name, text in (("a", "TAMM"), ("b", JAAN), ("c", JAAN[-4:]), ("Jaan Tamm", "x"), ("d", "mets")):
        treasurer.post(VIEWS, data={"name": name, "text": text})
    with reading(lived_in.engine) as session:
        assert len(ledger_views(session, 1)) == 5
    with writing(lived_in.engine) as session:
        done = restrict(
            session,
            lived_in.donor("Jaan Tamm"),
            why=RetentionReason.ASKED,
            by="Laine",
            now=NOW,
            today=date(2026, 5, 1),
        )
    assert done.destroyed.views == 4
    with reading(lived_in.engine) as session:
        assert [each.name for each in ledger_views(session, 1)] == ["d"]
