"""What names a restricted donor in the bank's lines, and what does not: on a joint account the name decides."""

from __future__ import annotations

from datetime import date

import pytest
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, line, statement
from tests.written_once import written_once

from donations.acts.erasing import purge, restrict
from donations.core.donor import DonorId
from donations.ledger.retention import RetentionReason
from donations.store.payments.shown import recognised, unnamed_payers
from donations.store.reporting import attested
from donations.store.session import writing

JOINT = OTHER_OWN
CODE = "49403136526"
MARIS = DonorId(2)


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Mari on an account of her own and on one that she shares with Jaan, who also has his own."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-01", 1_000, "Mari Mets", MARI, code=CODE),
            gift("03-02", 2_000, "Mari Mets", JOINT, code=CODE),
            gift("03-03", 3_000, "Jaan Tamm", JOINT),
            line("03-04", -100, "Mari Mets", MARI, "tasu"),
            line("03-05", -200, "Mets, M.", MARI, "tasu"),
            line("03-06", -300, "METS MARI", JOINT, "tasu"),
            line("03-07", -400, "Jaan Tamm", JOINT, "tasu"),
            line("03-08", -500, "Mari Mets", JAAN, "tasu"),
            line("03-09", -600, "Keegi Muu", JAAN, "tasu", code=CODE),
            line("03-10", 700, "Mari Mets", MARI, "küsimus"),
        )
    )
    return book


def named(book: Book) -> set[int]:
    """Return the amounts of the payments that name Mari."""
    with book.reading() as session:
        amounts = {row.id: row.minor for row in attested(session)}
        found = recognised(session, amounts)
        assert set(found.values()) <= {MARIS}
        assert unnamed_payers(session, amounts) == dict.fromkeys(found, "№ 2")
    return {amounts[payment] for payment in found}


def restricted(book: Book) -> None:
    with writing(book.engine) as session:
        restrict(session, MARIS, why=RetentionReason.ASKED, by="treasurer", now=NOW, today=date(2026, 7, 1))


def test_nobody_is_recognised_who_did_not_ask_for_it(lived_in: Book) -> None:
    assert named(lived_in) == set()


def test_costs_and_questions_name_the_donor_and_a_joint_accounts_other_holder_keeps_the_name(lived_in: Book) -> None:
    restricted(lived_in)
    assert named(lived_in) == {1_000, 2_000, 700, -100, -200, -300, -600}


def test_when_the_rest_is_destroyed_nothing_is_left_to_recognise(lived_in: Book) -> None:
    restricted(lived_in)
    with writing(lived_in.engine) as session:
        purge(session, MARIS, by="treasurer", now=NOW, today=date(2034, 12, 31))
    with lived_in.reading() as session:
        assert recognised(session, [row.id for row in attested(session)]) == {}
