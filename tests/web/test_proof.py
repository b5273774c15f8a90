"""The proof as a page: the auditor's home, checks run beside it, a sample that can be drawn again, its paper."""

from __future__ import annotations

import re
from threading import Event

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.book import JAAN, MARI, Book, gift, line, statement
from tests.documents.papers import text_of as text_of_pdf
from tests.web.conftest import browser, enter, prove
from tests.web.reading_pages import text_of
from tests.written_once import written_once

from donations.access.person import Role
from donations.jobs.known import KINDS
from donations.jobs.running import do_next
from donations.reports.checking import NAMES
from donations.store.check_results import last_check_run

PROOF = "/treasurer/proof"


@pytest.fixture
@written_once
def march(book: Book) -> Book:
    """Forty gifts and a question."""
    gifts = [gift(f"03-{day:02}", 1_000 + day) for day in range(1, 31)]
    book.take(statement("03-01", "03-31", *gifts, line("03-31", 5_000, "Jaan Tamm", JAAN, "tere")), name="march.xml")
    return book


def of(app: FastAPI, *roles: Role, sees_names: bool = False) -> TestClient:
    return browser(app, enter(app, *roles, name="Aino Audiitor", sees_names=sees_names))


def run_by(client: TestClient, app: FastAPI) -> None:
    """Ask for the checks, and let them be run to the end."""
    client.post(f"{PROOF}/run")
    site = app.state.site
    site.jobs.stop(seconds=60)
    while do_next(site.engine, KINDS, site.clock, stop=Event()):
        pass


@pytest.mark.usefixtures("march")
def test_who_audits_begins_with_the_proof(app: FastAPI) -> None:
    auditor = of(app, Role.AUDITOR)
    assert auditor.get("/treasurer", follow_redirects=False).headers["location"] == PROOF
    page = auditor.get(PROOF).text
    assert "The checks were not run yet." in text_of(page)
    assert "Questions that wait for an answer: 1." in text_of(page)
    assert 'href="/treasurer"' not in page
    both = browser(app, enter(app, Role.AUDITOR, Role.TREASURER, name="Both"))
    assert both.get("/treasurer", follow_redirects=False).status_code == 200


def test_all_checks_are_run_beside_the_page_and_what_they_found_is_kept(app: FastAPI, march: Book) -> None:
    auditor = of(app, Role.AUDITOR)
    run_by(auditor, app)
    said = text_of(auditor.get(f"{PROOF}/run").text)
    assert f"Checks that hold: {len(NAMES)} of {len(NAMES)}." in said
    assert "asked for by Aino Audiitor" in said
    with march.reading() as session:
        found = last_check_run(session)
    assert found is not None
    assert set(found.found) == set(NAMES)
    assert not found.broken


def test_what_does_not_hold_is_said_with_a_way_to_see_it(app: FastAPI, march: Book) -> None:
    with march.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE day_sum SET minor = minor + 1")
    auditor = of(app, Role.AUDITOR)
    run_by(auditor, app)
    page = auditor.get(PROOF).text
    (name,) = re.findall(rf'action="{PROOF}/checks/(\w+)"', page)
    assert "Does not hold:" in text_of(page)
    assert "broken" in text_of(auditor.post(f"{PROOF}/checks/{name}").text)
    assert auditor.get(f"{PROOF}/checks/other").status_code == 404


def test_one_check_tells_what_it_found_only_of_the_books_it_looked_at(app: FastAPI, march: Book) -> None:
    auditor, check = of(app, Role.AUDITOR), f"{PROOF}/checks/sums_kept"
    assert "This check was not run yet." in text_of(auditor.get(check).text)
    run_by(auditor, app)
    assert "It held when all checks were run" in text_of(auditor.get(check).text)
    said = text_of(auditor.post(check).text)
    assert "Looked at on" in said
    assert text_of(auditor.get(check).text) == said
    with march.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE day_sum SET minor = minor + 1")
    assert "Looked at on" not in text_of(auditor.get(check).text)
    assert "broken" in text_of(auditor.post(check).text)


def test_a_sample_can_be_drawn_again(app: FastAPI, march: Book) -> None:
    auditor = of(app, Role.AUDITOR)

    def drawn(seed: str) -> list[str]:
        page = auditor.get(PROOF, params={"seed": seed}).text.partition('id="sample"')[2]
        return re.findall(r'href="/treasurer/(payments/\d+|imports/\d+)"', page)

    first = drawn("77-31")
    assert len(first) == 50  # each payment has one line
    assert "imports/1" in first
    march.take(statement("04-01", "04-02", gift("04-01", 700)), name="april.xml")
    assert drawn("77-31") == first
    assert drawn("78-31") != first
    assert auditor.get(PROOF, params={"seed": "x"}).status_code == 404
    (shown,) = set(re.findall(r"\?seed=(\d+-\d+)", auditor.get(PROOF).text))
    assert drawn(shown) == drawn(shown) == drawn("")
    another = auditor.get(PROOF, params={"another": "true"}, follow_redirects=False).headers["location"]
    assert another.partition("?seed=")[2] not in {"", f"{shown}#sample"}


@pytest.mark.usefixtures("march")
def test_without_names_no_payment_is_shown(app: FastAPI) -> None:
    viewer = of(app, Role.VIEWER)
    page = viewer.get(PROOF).text
    assert "payments/" not in page
    assert "Mari" not in page
    prove(viewer)
    assert "Mari" not in text_of_pdf(viewer.get(f"{PROOF}/paper.pdf").content)


@pytest.mark.usefixtures("march")
def test_the_paper_says_the_same(app: FastAPI) -> None:
    auditor = of(app, Role.AUDITOR)
    prove(auditor)
    said = text_of_pdf(auditor.get(f"{PROOF}/paper.pdf?seed=77-31").content)
    assert "Proof of the books" in said
    assert "seed 77-31" in said
    assert "Mari Mets" in said
    assert MARI not in said
