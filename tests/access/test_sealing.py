"""What the database keeps of a secret opens with the key only, and only for the person whose it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from donations.access.secret import SecretSeal, is_sealed, seal_for
from donations.store.keyed import BadKeyError

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody
ONE, OTHER = SecretSeal(lambda: "1" * 43), SecretSeal(lambda: "2" * 43)


def test_it_opens_with_its_key_for_its_person() -> None:
    kept = ONE.sealed(SECRET, person_id=7)
    assert is_sealed(kept)
    assert SECRET not in kept
    assert ONE.opened(kept, person_id=7) == SECRET
    assert ONE.opened(kept, person_id=8) is None
    assert OTHER.opened(kept, person_id=7) is None
    assert ONE.sealed(SECRET, person_id=7) != kept


def test_what_an_older_version_kept_is_the_secret_itself() -> None:
    assert not is_sealed(SECRET)
    assert ONE.opened(SECRET, person_id=7) == SECRET


def test_the_key_lies_beside_the_database_for_its_owner_only(tmp_path: Path) -> None:
    books = tmp_path / "books.sqlite"
    seal, file = seal_for(books, word=""), tmp_path / "books.key"
    assert not file.exists(), "it is made when it is first needed"
    kept = seal.sealed(SECRET, person_id=1)
    assert file.stat().st_mode & 0o777 == 0o600
    assert seal_for(books, word="").opened(kept, person_id=1) == SECRET
    file.unlink()
    assert seal_for(books, word="").opened(kept, person_id=1) is None


def test_the_key_of_the_settings_needs_no_file(tmp_path: Path) -> None:
    books = tmp_path / "books.sqlite"
    kept = seal_for(books, word="1" * 43).sealed(SECRET, person_id=1)
    assert ONE.opened(kept, person_id=1) == SECRET
    assert not list(tmp_path.iterdir())
    with pytest.raises(BadKeyError):
        seal_for(books, word="short").sealed(SECRET, person_id=1)
