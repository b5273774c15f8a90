"""The cash box: a count is a statement of it, shown first, kept with its sheet, and taken back like one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.book import NOW, OWN, Book, day, line, statement
from tests.documents.papers import accessible
from tests.documents.papers import text_of as pdf_text
from tests.web.reading_pages import hidden_of, text_of

from donations.acts.offering import Answer
from donations.acts.proving import proofs
from donations.acts.registering import NewAccount, call, register
from donations.core.cash_count import CASH_BOX
from donations.core.payment import Purpose
from donations.core.statement import LineKind
from donations.identity.proof import DayState
from donations.reports.cash_box import kept_counts
from donations.reports.obstacles import money_under_way
from donations.store.payments.allocations import allocations_of
from donations.store.session import writing

PAGE = "/treasurer/cash"
EMPTY: dict[str, list[str]] = {"kind": [], "day": [], "amount": [], "name": [], "code": [], "text": []}


@pytest.fixture(autouse=True)
def box(book: Book) -> None:
    with writing(book.engine) as session:
        register(session, NewAccount(number=CASH_BOX), now=NOW)
        call(session, "MTÜ Rohutirts", by="treasurer", at=NOW)
    book.take(statement("06-01", "06-30", opening=0))


def entries(*rows: tuple[str, str, str, str]) -> dict[str, list[str]]:
    """Return the columns of some rows: kind, day, amount, name."""
    kinds, days, amounts, names = zip(*rows, strict=True)
    columns = {"kind": kinds, "day": days, "amount": amounts, "name": names}
    blank = [""] * len(rows)
    return {**{name: list(each) for name, each in columns.items()}, "code": blank, "text": ["Annetus"] * len(rows)}


def form(**more: Any) -> dict[str, Any]:
    given = entries(("gift", "2026-06-07", "50.00", "Mari Mets"), ("gift", "", "30.00", ""))
    first = {"first_day": "2026-06-01", "opening": "0", "last_day": "2026-06-14", "counted": "80.00"}
    return {**first, "by": ["Salme Sõnajalg", "Endel Ebajasmiin"], **given, **more}


def send(client: TestClient, **more: Any) -> Any:
    return client.post(PAGE, data=form(**more))


def commit(client: TestClient, **more: Any) -> int:
    """Count the box, look at the preview, and import exactly that."""
    shown = send(client, **more)
    hidden = hidden_of(shown.text, action="/commit")
    client.post(f"{shown.url.path}/commit", data=hidden)
    listed = client.get(PAGE).text
    return max(int(each.split(".pdf")[0]) for each in listed.split("/treasurer/cash/")[1:] if ".pdf" in each)


def test_a_count_is_shown_first_and_then_a_statement_that_proves_its_days(client: TestClient, book: Book) -> None:
    preview = send(client)
    assert "/treasurer/upload/" in preview.url.path
    with book.reading() as session:
        assert kept_counts(session) == []
    commit(client)
    with book.reading() as session:
        (kept,) = kept_counts(session)
        assert (kept.count.counted, kept.count.difference) == (8_000, 0)
        (proved,) = [each for each in proofs(session) if each.number == CASH_BOX.text]
        assert proved.state_on(day("06-14")) is DayState.PROVEN
    assert "80,00 €" in text_of(client.get(PAGE).text)
    assert book.broken() == frozenset()


def test_the_next_count_begins_where_the_last_one_ended(client: TestClient, book: Book) -> None:
    commit(client)
    more = entries(("gift", "", "5.00", ""))
    commit(client, first_day="", opening="999", last_day="2026-06-20", counted="85.00", **more)
    with book.reading() as session:
        newest, _ = kept_counts(session)
    assert (newest.count.first_day, newest.count.opening) == (date(2026, 6, 15), 8_000)
    assert send(client, last_day="2026-06-18", counted="85.00", **EMPTY).status_code == 422


def test_a_miscount_says_so_and_needs_a_reason(client: TestClient, book: Book) -> None:
    told = send(client, counted="75.00")
    assert told.status_code == 409
    assert "75,00 € was counted, but there should be 80,00 €: the difference is −5,00 €." in text_of(told.text)
    preview = send(client, counted="75.00", anyway="true")
    assert "(difference −5,00 €)" in text_of(preview.text)
    with book.reading() as session:
        assert kept_counts(session) == []


def test_coins_and_notes_come_to_the_sum(client: TestClient, book: Book) -> None:
    pieces = ["", "", "", "1", "1", "1"]  # 50, 20 and 10
    commit(client, counted="", pieces=pieces)
    with book.reading() as session:
        (kept,) = kept_counts(session)
    assert kept.count.pieces == ((5_000, 1), (2_000, 1), (1_000, 1))
    assert send(client, counted="81.00", pieces=pieces, last_day="2026-06-20").status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": ["Salme Sõnajalg", "salme sõnajalg"]},
        {"by": ["Salme Sõnajalg", ""]},
        {"last_day": "2026-12-31"},
        {"last_day": "2026-06-02"},
        {"counted": "kaheksakümmend"},
        {"pieces": ["-1"]},
    ],
)
def test_what_cannot_be_stays_on_the_form(client: TestClient, wrong: dict[str, Any]) -> None:
    refused = send(client, **wrong)
    assert refused.status_code == 422
    assert "Mari Mets" in refused.text


def test_the_sheet_is_a_paper_with_both_names(client: TestClient) -> None:
    number = commit(client)
    paper = client.get(f"{PAGE}/{number}.pdf").content
    assert accessible(paper)
    told = pdf_text(paper)
    assert all(each in told for each in ("Salme Sõnajalg: ____", "Endel Ebajasmiin: ____", "Mari Mets", "80,00"))


def test_the_sheet_speaks_its_readers_language(client: TestClient) -> None:
    number = commit(client, counted="", pieces=["", "", "", "1", "1", "1"])
    told = pdf_text(client.get(f"{PAGE}/{number}.pdf", headers={"accept-language": "et"}).content)
    assert all(each in told for each in ("Kassa loendamine", "Mündid ja rahatähed", "Mis tuli ja läks", "Tükke"))


def test_taken_back_it_is_as_if_it_had_never_come(client: TestClient, book: Book) -> None:
    before = book.ledger()
    book.undo(commit(client))
    assert book.ledger() == before


def test_what_was_taken_to_the_bank_must_arrive(client: TestClient, book: Book) -> None:
    rows = entries(("gift", "", "80.00", ""), ("banked", "2026-06-14", "60.00", "MTÜ Rohutirts"))
    commit(client, counted="20.00", bank=OWN, **rows)

    def moving() -> list[tuple[str, str]]:
        with book.reading() as session:
            found = money_under_way(session, proofs(session), today=day("06-30"))
            return [(each.side.account, each.side.other) for each in found]

    assert moving() == [("CASH", OWN)]
    deposit = line("06-16", 6_000, "Salme Sõnajalg", text="Sularaha sissemakse", kind=LineKind.CASH)
    book.take(statement("06-15", "06-30", deposit))
    came = book.payment("06-16", 6_000)
    with book.reading() as session:
        assert allocations_of(session, [came]).get(came, []) == []  # asked: anybody may give cash at the bank
    book.answer(came, Answer(purpose=Purpose.TRANSFER, reason="from the box"))
    assert moving() == []
