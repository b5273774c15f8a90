"""What the writers write is read without a word of complaint, and says what the story says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from donations.core.money import EUR, Balance
from donations.core.problem import ProblemCode
from donations.core.statement import Reading, StatementLine
from donations.demo.files import Excerpt, camt053, excerpt, lhv_csv, ofx, swedbank_csv
from donations.demo.movement import Bank, Movement
from donations.demo.story import LEFT_OUT, Folder, Story
from donations.readers.registry import read

TODAY = date(2026, 7, 5)
WRITERS = [
    pytest.param(camt053, "camt.053", id="camt.053"),
    pytest.param(ofx, "ofx", id="ofx"),
    pytest.param(lhv_csv, "lhv-csv", id="lhv-csv"),
    pytest.param(swedbank_csv, "swedbank-csv", id="swedbank-csv"),
]


EXPECTED = {ProblemCode.CANNOT_PROVE_WHOLE, ProblemCode.CANCELLED_OUT}
"""A CSV and an OFX file lack balances; an own payment that came back is marked by camt.053 alone."""


def shown(story: Story, bank: Bank) -> Excerpt:
    """Return all but the first and last month of an account."""
    first, last = story.span[1].first_day, story.span[-2].last_day
    return excerpt(story.movements, story.account(bank), owner=story.owner, first_day=first, last_day=last)


def reading(content: bytes) -> Reading:
    found = read(content, today=TODAY)
    assert {notice.code for notice in found.notices} <= EXPECTED
    return found


def in_all_formats(line: StatementLine) -> tuple[object, ...]:
    return line.booked_on, line.money.signed_minor, line.counterparty.name, line.text, line.reference or ""


def told(movement: Movement) -> tuple[object, ...]:
    return movement.day, movement.minor, movement.party.name, movement.text, movement.reference


@pytest.mark.parametrize("bank", Bank)
@pytest.mark.parametrize(("write", "form"), WRITERS)
def test_every_format_shows_every_movement(
    story: Story, bank: Bank, write: Callable[[Excerpt], bytes], form: str
) -> None:
    written = shown(story, bank)
    found = reading(write(written))
    (statement,) = found.statements
    assert found.format == form
    assert [in_all_formats(line) for line in statement.lines] == [told(each) for each in written.movements]
    assert statement.closing in {None, Balance(written.closing, EUR)}
    assert statement.opening in {None, Balance(written.opening, EUR)}


@pytest.mark.parametrize("bank", Bank)
def test_camt_says_who_pays_and_what_the_bank_means(story: Story, bank: Bank) -> None:
    written = shown(story, bank)
    (statement,) = reading(camt053(written)).statements
    for line, each in zip(statement.lines, written.movements, strict=True):
        party = line.counterparty
        assert (party.account, party.on_behalf_of) == (each.party.iban or None, each.on_behalf_of)
        assert party.code == (each.party.code or None if each.party.iban.startswith("EE") else None)
        assert (line.kind, line.is_reversal) == (each.kind, each.is_return)
    assert statement.opening == Balance(written.opening, EUR)


def test_the_last_month_of_one_account_is_left_to_upload(story: Story) -> None:
    folder, last = Folder(story), story.span[-1]
    downloaded = [statement for file in folder.of_months(story.span) for statement in reading(file.content).statements]
    left_out = story.account(LEFT_OUT).iban
    assert max(each.last_day for each in downloaded if each.account == left_out) < last.first_day
    uploads = [statement for file in folder.to_upload() for statement in reading(file.content).statements]
    assert len(uploads) == 5
    assert {each.account for each in uploads} == {left_out, story.account(Bank.SWEDBANK).iban}
    assert (last.first_day, last.last_day) in {(each.first_day, each.last_day) for each in uploads}
