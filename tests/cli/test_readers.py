"""`donations readers` lists what is read, without books."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, document


def test_all_readers_are_listed(outside: Cli, tmp_path: Path) -> None:
    listed = document(outside("readers", "--json"))["readers"]
    assert [each["name"] for each in listed][:2] == ["camt.053", "camt.052"]
    assert all(each["is_usable"] for each in listed)
    assert "mt940" in outside("readers").stdout
    assert list(tmp_path.iterdir()) == []
