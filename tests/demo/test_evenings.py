"""The truth: the story knows every gift it made, and the ledger comes to know the same, proven by the balances."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import Engine
from tests.demo.conftest import LEFT_OPEN, NOW, Imported, StoredEntry

from donations.acts.asking import review
from donations.acts.importing import take
from donations.acts.reading_files import Terms
from donations.core.calendar import Month
from donations.core.name import name_key
from donations.core.payment import Payment, Purpose
from donations.core.problem import ProblemCode
from donations.core.statement import GivenFile, Proof
from donations.demo.movement import Bank, Movement
from donations.demo.story import LEFT_OUT, Folder, Story
from donations.reports.checking import check
from donations.store.giving.gift_sums import gift_rows
from donations.store.session import reading

Sums = Counter[tuple[str, Month, str]]
"""Cents by donor, month and appeal."""


def downloaded(story: Story) -> list[Movement]:
    """Return what the files of all months show: the last month of one account is left to upload."""
    return [each for each in story.movements if (each.bank, Month.of(each.day)) != (LEFT_OUT, story.span[-1])]


def given(movements: list[Movement]) -> Sums:
    sums: Sums = Counter()
    for each in movements:
        if each.truth.purpose is Purpose.GIFT:
            gift = each.minor - each.truth.fee
            sums[name_key(each.truth.donor), Month.of(each.day), each.truth.appeal] += gift
    return sums


def booked(engine: Engine, story: Story) -> Sums:
    first, last = story.span[0].first_day, story.span[-1].last_day
    sums: Sums = Counter()
    with reading(engine) as session:
        for row in gift_rows(session, first_day=first, last_day=last):
            donor = "" if row.donor_id == 1 else name_key(row.donor)
            sums[donor, Month.of(row.booked_on), row.appeal] += row.minor
    return sums


def asked(engine: Engine) -> list[Payment]:
    with reading(engine) as session:
        return [question.payment for question in review(session).questions]


def test_the_rules_book_what_is_plain_and_ask_about_all_else(imported: Imported, story: Story) -> None:
    movements = downloaded(story)
    unclear = [each for each in movements if not each.truth.is_plain]
    assert booked(imported.engine, story) == given([each for each in movements if each.truth.is_plain])
    assert Counter(payment.money.signed_minor for payment in asked(imported.engine)) == Counter(
        each.minor for each in unclear
    )
    assert sum(statement.new for result in imported.results for statement in result.statements) == len(movements)


def test_every_file_is_proven_and_complains_of_nothing_but_absent_balances(imported: Imported) -> None:
    for result in imported.results:
        assert {problem.code for problem in result.problems} <= {ProblemCode.CANNOT_PROVE_WHOLE}
        assert {statement.proof for statement in result.statements} == {Proof.PROVEN}


def test_answered_the_books_are_the_story_but_for_the_newest_questions(kept: StoredEntry, story: Story) -> None:
    movements = downloaded(story)
    left = asked(kept.engine)
    total = sum(not each.truth.is_plain for each in movements)
    assert len(left) == LEFT_OPEN
    assert 0 < sum(each.answered for each in kept.evenings) <= total - len(left)
    still_open = Counter(
        (Bank(str(payment.account)[4:6]), payment.booked_on, payment.money.signed_minor) for payment in left
    )
    known = []
    for each in movements:
        key = (each.bank, each.day, each.minor)
        if not each.truth.is_plain and still_open[key]:
            still_open[key] -= 1
        else:
            known.append(each)
    assert booked(kept.engine, story) == given(known)


def test_the_books_of_all_evenings_pass_every_check(kept: StoredEntry) -> None:
    with reading(kept.engine) as session:
        assert not check(session).broken


@pytest.mark.parametrize("order", [1, -1], ids=["as listed", "the other way round"])
def test_the_five_files_to_upload_complete_the_last_month(copied: Engine, story: Story, order: int) -> None:
    terms = Terms(by="treasurer", now=NOW)
    files = list(Folder(story).to_upload())[::order]
    results = [take(copied, GivenFile(name=file.name, content=file.content), terms) for file in files]
    plain = [each for each in story.movements if each.truth.is_plain]
    last_month = [each for each in story.movements if each not in set(downloaded(story))]
    assert sum(statement.new for result in results for statement in result.statements) == len(last_month) > 0
    assert booked(copied, story) == given(plain)
