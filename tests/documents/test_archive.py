"""An archive that is given out piece by piece."""

from __future__ import annotations

import io
from collections.abc import Iterator
from zipfile import ZipFile

from donations.documents.archive import zipped


def test_it_holds_every_file() -> None:
    content = b"".join(zipped([("a.pdf", b"one" * 1000), ("b.pdf", b"")]))
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {"a.pdf": b"one" * 1000, "b.pdf": b""}


def test_the_first_piece_does_not_wait_for_the_last_file() -> None:
    made: list[str] = []

    def files() -> Iterator[tuple[str, bytes]]:
        for name in ("a", "b"):
            made.append(name)
            yield name, b"x"

    pieces = zipped(files())
    assert next(pieces).startswith(b"PK")
    assert made == ["a"]


def test_equal_files_make_equal_archives() -> None:
    assert list(zipped([("a", b"x")])) == list(zipped([("a", b"x")]))
