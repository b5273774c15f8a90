"""Texts are bounded alike on both databases: by a column's kind, and by what PostgreSQL keeps in an index."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random

import pytest
from sqlalchemy import Engine, Index, PrimaryKeyConstraint, Text, UniqueConstraint, update
from sqlmodel import AutoString, col, select
from tests.book import NOW, OWN

from donations.core.iban import parse_iban
from donations.core.refusal import Refusal
from donations.core.typed import LINE_MAX, NAME_MAX
from donations.store.donors import people
from donations.store.opening import _LIMITS, MADE, limits_of
from donations.store.session import WriteSession, reading, writing
from donations.store.tables import AppealRow, KeywordRow, metadata
from donations.store.tables.donors import OwnCodeRow
from donations.store.tables.rules import PendingUploadRow

INDEX_BYTES = 2_704
"""What PostgreSQL takes in a B-tree (a third of a page)."""
BYTES_MAX = 4
"""Of one character in UTF-8."""


def letters(length: int) -> str:
    """Return text that cannot be pressed together, of the longest letters there are."""
    random = Random(length)
    return "".join(chr(random.randrange(0x1F300, 0x1F600)) for _ in range(length))


def test_every_column_of_text_has_a_limit_or_is_made_by_the_program() -> None:
    columns = {f"{table.name}.{each.name}": each for table in metadata.sorted_tables for each in table.columns}
    assert columns.keys() >= _LIMITS.keys() | MADE
    long = {name for name, each in columns.items() if isinstance(each.type, Text)}
    assert long <= _LIMITS.keys() | MADE
    assert not _LIMITS.keys() & MADE


def test_what_is_indexed_fits_into_an_index() -> None:
    for table in metadata.sorted_tables:
        limits = limits_of(table.name)
        for index in (*table.indexes, *table.constraints):
            if isinstance(index, Index | UniqueConstraint | PrimaryKeyConstraint):
                texts = [each.name for each in index.columns if isinstance(each.type, AutoString | Text)]
                assert sum(limits[name] * BYTES_MAX for name in texts) <= INDEX_BYTES, (table.name, texts)


ids = count(2)
WRITING: list[tuple[str, int, Callable[[WriteSession, str], object]]] = [
    ("name", NAME_MAX, lambda session, text: people.add_account(session, parse_iban(OWN), name=text)),  # type: ignore[arg-type]
    ("name", NAME_MAX, lambda session, text: session.add(AppealRow(id=next(ids), name=text))),
    ("name", NAME_MAX, lambda session, text: session.execute(update(AppealRow).values(name=text))),
    ("word", NAME_MAX, lambda session, text: session.add(KeywordRow(word=text, appeal_id=1))),
    ("code", LINE_MAX, lambda session, text: session.add(OwnCodeRow(code=text))),
    (
        "token",
        LINE_MAX,
        lambda session, text: session.add(
            PendingUploadRow(id=1, token=text, ordinal=1, name="", content=b"", uploaded_at=NOW)
        ),
    ),
]


@pytest.mark.parametrize(("field", "limit", "write"), WRITING)
def test_the_longest_text_is_kept_and_a_longer_one_refused(
    engine: Engine, field: str, limit: int, write: Callable[[WriteSession, str], object]
) -> None:
    with writing(engine) as session:
        write(session, letters(limit))
    for text in (letters(limit + 1), "a\x00", "\ud800"):
        with pytest.raises(Refusal, match="text_refused") as refused, writing(engine) as session:
            write(session, text)
        assert refused.value.facts == {"field": field, "limit": limit}
        assert text not in str(refused.value)


@pytest.mark.parametrize("text", ["a\x00", "\udcff"])
def test_nobody_looks_for_what_cannot_be_kept(engine: Engine, text: str) -> None:
    with pytest.raises(Refusal, match="text_refused"), reading(engine) as session:
        session.exec(select(AppealRow).where(col(AppealRow.name) == text)).all()
