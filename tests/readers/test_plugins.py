"""Readers of other packages: the documented example reads as written, and whatever runs, runs behind the walls."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.readers.test_bounds import csv

from donations.core.problem import Refused
from donations.readers import door
from donations.readers.door import Workers
from donations.readers.protocol import KnownReader

EXAMPLE = Path(__file__).parents[2] / "docs" / "example-reader"
TODAY = date(2026, 11, 22)
TRIES = """
import ctypes, os, sys

def tried(what):
    try:
        found = what()
    except Exception as error:
        return type(error).__name__
    return "done" if found != -1 else "refused"

def forks():
    child = os.fork()
    child or os._exit(0)

WAYS = [
    lambda: open({kept!r}),
    lambda: open({new!r}, "w"),
    lambda: ctypes.CDLL(None).socket(2, 1, 0),
    os.pipe,
    lambda: __import__("socket").socket(),
    lambda: __import__("sqlite3"),
]
if {counts_processes}:
    WAYS.append(forks)
AT_IMPORT = [*map(tried, WAYS)]
"""
READER = """
from donations.core.problem import ProblemCode, refuse
class Tries:
    name, suffixes = {name!r}, ()
    def claims(self, content):
        return content.startswith(b"TRY")
    def facts(self, content):
        raise refuse(ProblemCode.NOT_A_STATEMENT, kind=repr([AT_IMPORT, [*map(tried, WAYS)]]), hint="")
READER = Tries()
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Bring a folder of installed packages, and workers that know it."""
    found = tmp_path / "site"
    found.mkdir()
    monkeypatch.syspath_prepend(str(found))
    workers = Workers()
    monkeypatch.setattr(door, "WORKERS", workers)
    yield found
    workers.close()


def install(site: Path, module: str, source: str, *, package: str, entry: str) -> None:
    """Lay a package down as installers do: its file, its metadata, its entry points and the list of its files."""
    (site / f"{module}.py").write_text(source)
    info = site / f"{package.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[donations.readers]\n{entry}\n")
    (info / "RECORD").write_text(f"{module}.py,,\n")


def install_example(site: Path) -> None:
    said = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())
    ((group, entries),) = said["project"]["entry-points"].items()
    ((name, value),) = entries.items()
    assert group == "donations.readers"
    source = (EXAMPLE / "example_reader.py").read_text()
    install(site, "example_reader", source, package=said["project"]["name"], entry=f"{name} = {value}")


def theirs() -> list[KnownReader]:
    return [each for each in door.known_readers() if each.package]


def refused_for(content: bytes) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        door.read(content, today=TODAY)
    (problem,) = refused.value.problems
    return {"code": problem.code.value, **dict(problem.values)}


def test_the_example_reads_as_it_is_documented(site: Path) -> None:
    install_example(site)
    reading = door.read((EXAMPLE / "statement.example").read_bytes(), today=TODAY)
    (statement,) = reading.statements
    assert reading.format == "example"
    assert [(str(each.booked_on), each.money.signed_minor, each.counterparty.name) for each in statement.lines] == [
        ("2026-01-05", 2500, "Mari Mets"),
        ("2026-01-06", -350, ""),
    ]
    assert theirs() == [KnownReader(name="example", suffixes=(".example",), package="donations-example-reader 1.0")]


def test_a_number_that_the_example_cannot_read_is_refused(site: Path) -> None:
    install_example(site)
    damaged = (EXAMPLE / "statement.example").read_bytes().replace(b"25.00", b"25,00")
    assert refused_for(damaged)["code"] == "bad_amount"


def test_a_package_opens_and_starts_nothing(site: Path, tmp_path: Path) -> None:
    kept, new = tmp_path / "kept", tmp_path / "new"
    kept.write_text("books")
    counted = os.getuid() != 0  # the system does not count the processes of root
    source = TRIES.format(kept=str(kept), new=str(new), counts_processes=counted) + READER.format(name="tries")
    install(site, "tries", source, package="tries", entry="tries = tries:READER")
    for answers in json.loads(refused_for(b"TRY")["kind"].replace("'", '"')):
        assert len(answers) >= 6
        assert "done" not in answers
    assert not new.exists()


@pytest.mark.parametrize(
    "source",
    [
        "raise ValueError",
        "raise SystemExit",
        "READER = 1",
        "AT_IMPORT = WAYS = ()\ntried = 0" + READER.format(name="camt.053"),
        "import a_package_that_is_not_there",
    ],
)
def test_what_is_no_reader_is_named_and_keeps_nothing_from_being_read(site: Path, source: str) -> None:
    install(site, "broken", source, package="broken", entry="broken = broken:READER")
    assert theirs() == [KnownReader(name="broken", package="broken 1.0", is_usable=False)]
    assert door.read(csv(), today=TODAY).statements


def test_one_that_breaks_over_every_file_claims_none(site: Path) -> None:
    source = (
        "class R:\n name, suffixes, facts = 'r', (), print\n def claims(self, content): raise ValueError\nREADER = R()"
    )
    install(site, "breaking", source, package="breaking", entry="breaking = breaking:READER")
    assert theirs()[0].is_usable
    assert door.read(csv(), today=TODAY).statements


def test_our_own_process_never_runs_a_package(site: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    source = (
        f"try: open({str(ran)!r}, 'w')\nexcept OSError: pass\n" + "AT_IMPORT = WAYS = ()\n" + READER.format(name="x")
    )
    install(site, "running", source, package="running", entry="running = running:READER")
    assert theirs()[0].is_usable
    assert not ran.exists()
