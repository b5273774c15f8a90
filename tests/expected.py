"""Golden texts: `<sample>.expected` beside each sample, written anew only on request and reviewed in the diff."""

from __future__ import annotations

from pathlib import Path


def compare(sample: Path, text: str, *, update: bool) -> None:
    """Compare with the text beside the sample; with `update` (never in CI) write it."""
    expected = sample.with_name(sample.name + ".expected")
    if update:
        expected.write_text(text, encoding="utf-8")
    assert expected.exists(), f"{expected.name} is missing: make golden, and review it"
    assert text == expected.read_text(encoding="utf-8")
