"""Every sample statement is claimed by exactly one reader, and read as the text beside it says."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.expected import compare
from tests.readers.golden import rendered

from donations.readers.registry import READERS, read

SAMPLES = Path(__file__).parents[2] / "statements"
TODAY = date(2026, 11, 22)


def samples() -> list[Path]:
    """Return the statement files."""
    return sorted(each for each in SAMPLES.iterdir() if each.suffix not in {".md", ".expected"})


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_sample_is_read_as_expected(sample: Path, update_expected: bool) -> None:
    content = sample.read_bytes()
    assert [reader.name for reader in READERS if reader.claims(content)] == [read(content, today=TODAY).format]
    compare(sample, rendered(read(content, today=TODAY)), update=update_expected)


def test_no_sample_lacks_an_expectation_and_no_expectation_a_sample() -> None:
    names = {sample.name for sample in samples()}
    assert {path.name.removesuffix(".expected") for path in SAMPLES.glob("*.expected")} == names
    assert len(names) > 10


def test_every_reader_has_a_sample() -> None:
    formats = Counter(read(sample.read_bytes(), today=TODAY).format for sample in samples())
    assert set(formats) == {reader.name for reader in READERS}
