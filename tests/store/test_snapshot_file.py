"""The file beside the books that has what is published: whole, for its owner only, and of no other books."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.conftest import HOST_KEY

from donations.store.opening import open_engine
from donations.store.place import snapshot_file_of
from donations.store.snapshot_file import keep_snapshot, snapshot_kept

CONTENT = '{"organisation":"MTÜ Rohutirts"}'


def at(url: str, *, key: str = HOST_KEY) -> Engine:
    return open_engine(url, key=key)


@pytest.fixture(params=["sqlite:///books.sqlite", "postgresql://nobody@127.0.0.1:1/books"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.chdir(tmp_path)
    return at(request.param)


def test_it_comes_back_while_nobody_asks_the_database(engine: Engine, tmp_path: Path) -> None:
    assert snapshot_kept(engine) is None
    keep_snapshot(engine, "{}")
    keep_snapshot(engine, CONTENT)
    assert snapshot_kept(engine) == CONTENT
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    keep_snapshot(engine, None)
    assert [*tmp_path.iterdir()] == []


def test_that_of_other_books_is_not_taken(engine: Engine, tmp_path: Path) -> None:
    keep_snapshot(engine, CONTENT)
    file = snapshot_file_of(engine.url)
    assert file is not None
    url = engine.url.render_as_string()
    assert snapshot_kept(at(url, key=HOST_KEY[::-1])) is None
    for other in ("sqlite:///others.sqlite", "postgresql://nobody@127.0.0.1:1/others"):
        elsewhere = snapshot_file_of(at(other).url)
        assert elsewhere is not None
        (tmp_path / elsewhere).write_bytes(file.read_bytes())
        assert snapshot_kept(at(other)) is None


@pytest.mark.parametrize("damage", [b"", b"\xff", b"Rohutirts"])
def test_a_damaged_one_is_not_taken(engine: Engine, damage: bytes) -> None:
    keep_snapshot(engine, CONTENT)
    file = snapshot_file_of(engine.url)
    assert file is not None
    file.write_bytes(file.read_bytes()[:-5] + damage)
    assert snapshot_kept(engine) is None


def test_books_without_a_key_and_those_in_memory_keep_nothing(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/books.sqlite", "sqlite://"):
        keep_snapshot(at(url, key=""), CONTENT)
        assert snapshot_kept(at(url, key="")) is None
    assert [*tmp_path.iterdir()] == []
