"""Merging donors is a fact beside the gifts: no sum changes, every invariant holds, and taking apart restores all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples, of_rules
from tests.written_once import written_once

from donations.acts.merging import MergeResult, merge, unmerge
from donations.acts.offering import Answer
from donations.core.donor import ANONYMOUS, DonorId
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.store.donors import people
from donations.store.donors.merges import merges, merges_of
from donations.store.given import GiftScope
from donations.store.giving.givers import donor_sums
from donations.store.session import WriteSession, writing

JOINT = OTHER_OWN
MARIS_CODE = "49403136526"
JAANS_CODE = "37605030299"


def known(book: Book) -> Book:
    """Mari under two names from two accounts, Jaan, and a joint account that one line uses without a name."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-01", 1_000),
            gift("03-02", 2_000, "M Mets", JAAN),
            gift("03-03", 4_000, "Jaan Tamm", JAAN),
            gift("03-04", 8_000, "Mari Mets", JOINT),
            gift("03-05", 16_000, "M Mets", JOINT),
            gift("03-06", 32_000, "", JOINT),
            line("03-07", -1_000, "Mari Mets", MARI, "tagastus"),
        )
    )
    return book


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    return known(book)


def do(book: Book, act: Callable[[WriteSession], MergeResult]) -> MergeResult:
    with writing(book.engine) as session:
        result = act(session)
    assert not book.broken()
    return result


def merged(book: Book, goes: str, into: str) -> MergeResult:
    """Merge the first donors of two names."""
    one, other = (min(ids_of(book, name)) for name in (goes, into))
    return do(book, lambda session: merge(session, one, into=other, reason="x", by="treasurer", now=NOW))


def parted(book: Book, number: int) -> MergeResult:
    return do(book, lambda session: unmerge(session, number, by="treasurer", now=NOW))


def ids_of(book: Book, name: str) -> list[DonorId]:
    with book.reading() as session:
        found = people.donors(session, map(DonorId, range(1, 20)))
    return [donor for donor in found if found[donor].name == name and found[donor].id == donor]


def sums(book: Book) -> dict[str, int]:
    """What each name gave."""
    found: Counter[str] = Counter()
    with book.reading() as session:
        for each in donor_sums(session, GiftScope(first_day=date.min, last_day=date.max)):
            found[str(each.name)] += each.given - each.refunded
    return dict(found)


def test_merged_donors_are_one_everywhere(lived_in: Book) -> None:
    before = sums(lived_in)
    result = merged(lived_in, "M Mets", "Mari Mets")
    assert sums(lived_in)["Mari Mets"] == before["Mari Mets"] + 2_000
    assert [each.minor for each in result.together.years] == [1_000 + 2_000]
    assert result.together.accounts == (MARI, JAAN)
    assert result.stays.accounts == (MARI,)


def test_an_account_of_merged_donors_is_one_donors(lived_in: Book) -> None:
    """The line without a name asks who of the two gave, until they are one."""
    before = lived_in.ledger()
    mari, initial = max(ids_of(lived_in, "Mari Mets")), max(ids_of(lived_in, "M Mets"))
    result = do(lived_in, lambda session: merge(session, initial, into=mari, reason="x", by="t", now=NOW))
    assert (result.became.answered, result.became.asked) == (1, 0)
    assert [(each.before, each.after, each.gifts) for each in result.became.moved] == [(None, "Mari Mets", 1)]
    with lived_in.reading() as session:
        (number,) = [each.id for each in merges_of(session, mari)]
    result = parted(lived_in, number)
    assert (result.became.answered, result.became.asked) == (0, 1)
    assert lived_in.ledger() == before


def test_chains_lead_to_the_one_that_stands(lived_in: Book) -> None:
    before = lived_in.ledger()
    merged(lived_in, "M Mets", "Jaan Tamm")
    merged(lived_in, "Jaan Tamm", "Mari Mets")
    with lived_in.reading() as session:
        assert {donor.name for donor in people.donors(session, merges(session)).values()} == {"Mari Mets"}
    parted(lived_in, 1)
    assert sums(lived_in)["M Mets"] == 2_000 + 16_000
    parted(lived_in, 2)
    assert lived_in.ledger() == before


def test_a_person_who_answers_for_a_merged_donor_answers_for_the_one_that_stands(lived_in: Book) -> None:
    merged(lived_in, "M Mets", "Mari Mets")
    answer = Answer(purpose=Purpose.GIFT, donor=ids_of(lived_in, "Jaan Tamm")[0], reason="he said so")
    lived_in.answer(lived_in.payment("03-06", 32_000), answer)
    merged(lived_in, "Jaan Tamm", "Mari Mets")
    assert sums(lived_in)["Mari Mets"] == 1_000 + 2_000 + 4_000 + 8_000 + 32_000


@pytest.mark.parametrize(
    ("goes", "into", "code"),
    [
        (2, 2, "same_donor"),
        (2, 99, "unknown_donor"),
        (ANONYMOUS, 2, "anonymous_donor"),
        (2, ANONYMOUS, "anonymous_donor"),
    ],
)
def test_merges_that_do_not_fit(lived_in: Book, goes: int, into: int, code: str) -> None:
    before = lived_in.ledger()
    with pytest.raises(Refusal) as refused, writing(lived_in.engine) as session:
        merge(session, DonorId(goes), into=DonorId(into), reason="x", by="t", now=NOW)
    assert str(refused.value.code) == code
    assert lived_in.ledger() == before


def test_two_codes_are_two_people(book: Book) -> None:
    both = (gift("03-01", 1_000, code=MARIS_CODE), gift("03-02", 1_000, "Jaan Tamm", JAAN, code=JAANS_CODE))
    book.take(statement("03-01", "03-31", *both))
    with pytest.raises(Refusal) as refused:
        merged(book, "Mari Mets", "Jaan Tamm")
    assert str(refused.value.code) == "two_codes"


def test_a_merge_is_taken_apart_once(lived_in: Book) -> None:
    merged(lived_in, "M Mets", "Mari Mets")
    parted(lived_in, 1)
    for number, code in ((1, "apart_already"), (2, "unknown_merge")):
        with pytest.raises(Refusal) as refused, writing(lived_in.engine) as session:
            unmerge(session, number, by="t", now=NOW)
        assert str(refused.value.code) == code


def acts() -> st.SearchStrategy[list[tuple[int, int]]]:
    """Return pairs of donors to merge; a pair of one number takes apart the merge that it counts."""
    return st.lists(st.tuples(st.integers(2, 8), st.integers(2, 8)), max_size=8)


@of_rules()
@settings(max_examples=examples(20))
@given(pairs=acts())
def test_any_merges_and_partings_keep_every_sum_and_invariant(
    fresh_engine: FreshEngine, pairs: list[tuple[int, int]]
) -> None:
    """Taken apart in any order, all is as it was before."""
    with fresh_engine() as engine:
        book = known(Book(engine))
        before, given_in_all = book.ledger(), sum(sums(book).values())
        made = list(_tried(book, pairs))
        assert sum(sums(book).values()) in {given_in_all, given_in_all + 32_000}  # the line without a name
        assert not book.broken()
        with book.reading() as session:
            standing = set(merges(session))
            assert {each for each in people.donors(session, standing).values() if each.id in standing} == set()
        for number in made:
            parted(book, number)
        assert book.ledger() == before


def _tried(book: Book, pairs: list[tuple[int, int]]) -> Iterator[int]:
    """Try each act, and return the merges that stand in the end."""
    made: list[int] = []
    for one, other in pairs:
        try:
            with writing(book.engine) as session:
                if one != other:
                    merge(session, DonorId(one), into=DonorId(other), reason="x", by="t", now=NOW)
                    made.append(len(made) + 1)
                else:
                    unmerge(session, one - 1, by="t", now=NOW)
        except Refusal:
            continue
    with book.reading() as session:
        gone = {each.id for donor in range(1, 9) for each in merges_of(session, DonorId(donor)) if each.parted_by}
    return (number for number in made if number not in gone)
