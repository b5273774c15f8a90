"""What a sealed column keeps, what databases may be asked of it, and what is refused."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text, update
from sqlmodel import col
from tests.book import MARI, NOW, Book, gift, statement
from tests.unsealed import without_keys

from donations.core.refusal import Refusal
from donations.store.session import reading, writing
from donations.store.tables import DonorClaimRow, DonorRow, PayerRow
from donations.store.tables.donors import DonorFieldRow
from donations.store.tables.sealed import BrokenSealError, Ciphers, SealedKind


def new_keys() -> dict[str, bytes]:
    return {kind: secrets.token_bytes(64) for kind in SealedKind}


KEYS = new_keys()
KINDS = st.sampled_from([kind for kind in SealedKind if kind is not SealedKind.DIGEST])


@given(KINDS, st.binary(min_size=1), st.booleans())
def test_what_is_sealed_opens_as_what_it_was_and_as_nothing_else(
    kind: SealedKind, content: bytes, is_findable: bool
) -> None:
    ciphers, others = Ciphers(KEYS), Ciphers(new_keys())
    kept = ciphers.sealed(kind, content, is_findable=is_findable)
    assert ciphers.opened(kind, kept, is_findable=is_findable) == content
    assert (ciphers.sealed(kind, content, is_findable=is_findable) == kept) is is_findable
    changed = bytes([kept[0] ^ 1]) + kept[1:]
    other_kind = SealedKind.TEXT if kind is not SealedKind.TEXT else SealedKind.NAME
    for cipher, as_kind, sealed in (
        (ciphers, kind, changed),
        (ciphers, kind, kept[:-1]),
        (ciphers, other_kind, kept),
        (others, kind, kept),
    ):
        with pytest.raises(BrokenSealError):
            cipher.opened(as_kind, sealed, is_findable=is_findable)


def test_books_without_keys_keep_what_they_are_given() -> None:
    ciphers = Ciphers({})
    assert ciphers.sealed(SealedKind.NAME, b"Mari", is_findable=True) == b"Mari"
    assert ciphers.opened(SealedKind.NAME, b"Mari", is_findable=False) == b"Mari"
    assert Ciphers(KEYS).digest("Mari") != ciphers.digest("Mari")


def test_databases_find_join_and_count_what_they_cannot_read(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), gift("03-06", 500), opening=0))
    theirs = col(PayerRow.account) == col(DonorClaimRow.iban)
    with book.reading() as session:
        assert session.scalar(select(col(PayerRow.name)).where(col(PayerRow.account) == MARI)) == "Mari Mets"
        assert session.scalars(select(col(DonorClaimRow.name_key)).join(PayerRow, theirs)).all() == ["mari mets"]
        assert session.scalar(select(func.count(col(PayerRow.name).distinct()))) == 1
        raw = [bytes(each) for each in session.scalars(text("SELECT name FROM payer"))]
    assert b"Mari" not in b"".join(raw)


@pytest.mark.parametrize("asked", ["contains", "startswith", "__lt__", "__add__", "desc"])
def test_what_a_database_cannot_tell_of_a_sealed_value_is_refused_where_it_is_asked(asked: str) -> None:
    with pytest.raises(TypeError, match="sealed"):
        getattr(col(DonorRow.name), asked)(*([] if asked == "desc" else ["Mari"]))


def test_what_has_few_values_is_never_sealed_alike(engine: Engine) -> None:
    with writing(engine) as session:
        for number, field in enumerate(("one", "two")):
            session.add(DonorFieldRow(id=number, donor_id=1, field=field, value="et", recorded_by="t", recorded_at=NOW))
        session.flush()
        one, other = session.scalars(text("SELECT value FROM donor_field")).all()
    assert bytes(one) != bytes(other)


def test_what_was_changed_from_outside_is_told_and_not_read(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), opening=0))
    with writing(book.engine) as session:
        session.execute(text("UPDATE payer SET name = account"))
    with book.reading() as session, pytest.raises(Refusal, match="broken_seal"):
        session.scalars(select(col(PayerRow.name))).all()


def test_unsealed_books_stand_open(engine: Engine) -> None:
    without_keys(engine)
    with writing(engine) as session:
        session.execute(update(DonorRow).values(name="Mari Mets"))
    with reading(engine) as session:
        assert [bytes(each) for each in session.scalars(text("SELECT name FROM donor"))] == [b"Mari Mets"]
