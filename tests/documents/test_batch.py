"""Batches are set one after the other, each once; what nobody keeps any more stops, and readers share the file."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event
from zipfile import ZipFile

from donations.documents.batch import KEPT_FOR, KEPT_MAX, Batch, PaperBatches

NOW = datetime(2027, 1, 10, 12, tzinfo=UTC)
FILES = [("1.pdf", b"one"), ("2.pdf", b"two")]


def finished(batch: Batch) -> Batch:
    for _ in range(500):
        if batch.is_whole or batch.is_broken:
            return batch
        time.sleep(0.01)
    raise AssertionError


def begun(batches: PaperBatches, name: str = "2026", content: str = "x", now: datetime = NOW) -> Batch:
    return batches.begin(name, content, FILES, total=2, now=now)


def test_a_batch_becomes_an_archive_that_several_read_at_once() -> None:
    batch = finished(begun(PaperBatches()))
    one, other = b"".join(batch.pieces()), b"".join(batch.pieces())
    assert (batch.papers, batch.size) == (2, len(one))
    assert one == other
    with ZipFile(io.BytesIO(one)) as archive:
        assert [(name, archive.read(name)) for name in archive.namelist()] == FILES


def test_the_same_papers_are_set_once_and_others_replace_them() -> None:
    batches = PaperBatches()
    first = begun(batches)
    assert begun(batches) is first
    second = begun(batches, content="other")
    assert second is not first
    assert not first.is_wanted
    assert batches.find("2026", now=NOW) is second


def test_what_nobody_keeps_stops_after_the_paper_at_hand() -> None:
    batches, go_on, is_begun = PaperBatches(), Event(), Event()

    def slow() -> Iterator[tuple[str, bytes]]:
        yield FILES[0]
        is_begun.set()
        go_on.wait(5)
        yield FILES[1]
        raise AssertionError("nobody waits for a third")

    dropped = batches.begin("2026", "x", slow(), total=3, now=NOW)
    assert is_begun.wait(5)
    waiting = begun(batches, content="other")
    assert waiting.papers == 0
    go_on.set()
    assert finished(waiting).is_whole
    assert (dropped.papers, dropped.is_whole, dropped.is_broken) == (1, False, False)


def test_nothing_is_kept_for_longer_than_an_hour_nor_more_than_a_few() -> None:
    batches = PaperBatches()
    many = [begun(batches, name=str(year)) for year in range(KEPT_MAX + 1)]
    assert [batches.find(str(year), now=NOW) for year in range(KEPT_MAX + 1)] == [None, *many[1:]]
    assert batches.find("1", now=NOW + KEPT_FOR + timedelta(seconds=1)) is None
    assert finished(many[1]).is_whole
