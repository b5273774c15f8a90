"""Questions alike are one group with one answer, and each is offered the same alone as among all others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.book import JAAN, MARI, OTHER_OWN, Book, gift, line, statement

from donations.acts.alike import grouped
from donations.acts.asking import review
from donations.core.statement import StatementLine
from donations.store.session import ReadSession


def behind(given: StatementLine, name: str) -> StatementLine:
    return replace(given, counterparty=replace(given.counterparty, on_behalf_of=name))


def groups(session: ReadSession) -> list[list[int]]:
    return [[each.payment.id for each in group.all] for group in grouped(review(session).questions)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            (
                gift("03-01", 100, "Laps Mets", JAAN),
                line("03-02", 200, "Laps Mets", "", "annetus"),
                behind(gift("03-03", 300), "Laps Mets"),
            ),
            id="on whose behalf it is paid",
        ),
        pytest.param(
            (
                line("03-05", 700, "", "", "to the other account"),
                line("03-06", -700, "", "", f"to {OTHER_OWN}"),
                line("03-07", -700, "MTÜ Vikerkaar", "", "to ourselves"),
            ),
            id="an own account in the text",
        ),
    ],
)
def test_a_question_is_offered_the_same_alone_as_among_others(book: Book, lines: tuple[StatementLine, ...]) -> None:
    own = statement("03-01", "03-31", *lines)
    book.take(replace(own, provenance=replace(own.provenance, owner="MTÜ Vikerkaar")))
    book.take(statement("03-01", "03-31", line("03-06", 700, "", "", "came"), account=OTHER_OWN), name="other.xml")
    with book.reading() as session:
        together = {each.payment.id: each.outcome for each in review(session).questions}
        for each, outcome in together.items():
            (alone,) = review(session, only=[each]).questions
            assert alone.outcome == outcome, each


def test_one_answer_is_for_those_that_say_the_same(book: Book) -> None:
    book.take(
        statement(
            "03-01",
            "03-31",
            line("03-01", 100, "Mari Mets", MARI, "Toetus"),
            line("03-02", 200, "Jaan Tamm", JAAN, "Toetus"),
            line("03-03", 300, "METS MARI", MARI, "toetus "),
            line("03-04", 400, "Mari Mets", MARI, "Toetus, arve 7"),  # is offered as something else
            line("03-05", 100, "Mari Mets", MARI, "tere"),
            line("03-06", 100, "", "", "Toetus"),  # from nobody knows whom
            line("03-07", 100, "", "", "Toetus"),
        )
    )
    with book.reading() as session:
        assert groups(session) == [[1, 3], [2], [4], [5], [6], [7]]
