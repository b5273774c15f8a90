"""What the organisation is called: never a placeholder on what is given out, and never another name in silence."""

from __future__ import annotations

import pytest
from tests.book import NOW, Book

from donations.acts.registering import call, called, given_out, name_to_give_out
from donations.core.name import PLACEHOLDER
from donations.core.refusal import Refusal
from donations.published.document import Snapshot
from donations.store.publishing import add_snapshot
from donations.store.session import writing

US = "MTÜ Rohutirts"


def giving(book: Book, said: str) -> str:
    """Give something out where the setting says this, and return the name that stands on it, or the refusal."""
    try:
        with writing(book.engine) as session:
            return given_out(session, configured=said, by="treasurer", at=NOW)
    except Refusal as error:
        return str(error.code)


def naming(book: Book, name: str) -> None:
    with writing(book.engine) as session:
        call(session, name, by="treasurer", at=NOW)


def publishing(book: Book, name: str) -> None:
    with writing(book.engine) as session:
        snapshot = Snapshot(organisation=name, donors_min=5, agrees_until=None, goal=None, giving=None, blocks=())
        add_snapshot(session, snapshot, by="treasurer", at=NOW)


@pytest.mark.parametrize("said", ["", "  ", PLACEHOLDER, "our ASSOCIATION "])
def test_under_no_name_nothing_is_given_out(book: Book, said: str) -> None:
    assert giving(book, said) == "organisation_unnamed"
    with pytest.raises(Refusal):
        naming(book, said)
    with book.reading() as session:
        assert called(session, configured=said) == PLACEHOLDER


def test_what_is_given_out_first_keeps_the_name(book: Book) -> None:
    assert giving(book, f" {US} ") == US
    assert giving(book, "") == giving(book, PLACEHOLDER) == giving(book, "mtü  rohutirts") == US
    assert giving(book, "MTÜ Rohutrits") == "organisation_differs"
    with book.reading() as session:
        assert called(session, configured="MTÜ Rohutrits") == US


def test_only_looking_keeps_nothing(book: Book) -> None:
    with book.reading() as session:
        assert name_to_give_out(session, configured=US) == US
    assert giving(book, "MTÜ Teine") == "MTÜ Teine"


def test_another_name_is_said_on_purpose(book: Book) -> None:
    naming(book, US)
    assert giving(book, "MTÜ Teine") == "organisation_differs"
    naming(book, "MTÜ Teine")
    assert giving(book, "MTÜ Teine") == giving(book, "") == "MTÜ Teine"


def test_what_was_published_before_names_were_kept_counts(book: Book) -> None:
    publishing(book, US)
    assert giving(book, "MTÜ Teine") == "organisation_differs"
    assert giving(book, "") == US


def test_a_placeholder_that_was_published_is_no_name(book: Book) -> None:
    publishing(book, PLACEHOLDER)
    assert giving(book, "") == "organisation_unnamed"
    assert giving(book, US) == US
