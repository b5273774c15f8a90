"""`donations watch` imports what is whole, once, and leaves the folder as it is; `import -` reads what is piped in."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from tests.cli.conftest import MONTH, NEAR_MISSES, ROOT, Cli, document
from tests.cli.test_stopping import SECONDS
from tests.readers.test_archive import zipped

from donations.acts.importing import take_read
from donations.cli import context, watching
from donations.cli.watching import FileState, WholeFiles, states_in
from donations.core.iban import parse_account
from donations.store.donors.people import add_account
from donations.store.session import writing

BAD = ROOT / "tests" / "refused" / "bad_amount-nan.ofx"
NOW = ("--once", "--settle", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def state(size: int) -> FileState:
    return FileState(1, size, 1, 1)


def test_standard_input_is_a_file_like_any(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for status in ("imported", "already_imported"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MONTH.read_bytes())))
        (item,) = document(cli("import", "-", "-", "--add-accounts", "--json"))["items"]
        assert (item["name"], item["path"], item["status"]) == ("stdin", "-", status)


def test_standard_input_is_bounded(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONATIONS_MAX_FILE_BYTES", "1024")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * 1025)))
    (item,) = document(cli("import", "-", "--json"))["items"]
    assert [each["code"] for each in item["notices"]] == ["file_too_large"]


def test_a_file_is_whole_that_stays_the_same() -> None:
    files, path = WholeFiles(settle=10), Path("a.xml")
    assert files.look({path: state(1)}, 0) == []
    assert files.look({path: state(2)}, 9) == []  # it grows
    assert files.look({path: state(2)}, 18) == []
    assert files.look({path: state(2)}, 19) == [path]
    files.mark(path, is_tried=True)
    assert files.look({path: state(2)}, 99) == []
    assert files.are_all_tried
    assert files.look({path: state(3)}, 100) == []  # another one by its name
    assert not files.are_all_tried
    assert files.look({}, 110) == []
    assert files.look({path: state(3)}, 111) == []  # gone and back: who knows
    assert files.look({path: state(3)}, 121) == [path]


def test_names_of_what_is_being_written_are_skipped(folder: Path) -> None:
    for name in (
        "a.xml.part",
        "b.crdownload",
        ".c.xml",
        "~$d.csv",
        "e.xml~",
        "f.XML.TMP",
        "g.md",
        "h.xml",
        "deep/i.csv",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    (folder / "gone.xml").symlink_to(folder / "nowhere")
    assert [str(each.relative_to(folder)) for each in states_in(folder)] == ["deep/i.csv", "h.xml"]


def test_a_folder_is_imported_once_and_left_as_it_is(cli: Cli, folder: Path) -> None:
    cli("account", "add", "EE237700010000000016", "--name", "LHV")
    shutil.copy(MONTH, folder / "month.xml")
    (folder / "bank.zip").write_bytes(
        zipped((NEAR_MISSES.name, NEAR_MISSES.read_bytes()), (BAD.name, BAD.read_bytes()))
    )
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    said = cli("watch", folder, *NOW)
    assert said.returncode == 1
    assert "month.xml: imported. New: 11, known: 0, gifts: 7, questions: 0." in said.stdout
    assert said.stdout.count("(bad_amount)") == 1
    again = cli("watch", folder, *NOW)
    assert "Files that were in the books already: 2." in again.stdout
    assert "month.xml" not in again.stdout
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before


def test_what_was_taken_back_stays_out(cli: Cli, folder: Path) -> None:
    cli("import", MONTH, "--add-accounts")
    cli("undo", 1)
    shutil.copy(MONTH, folder / "month.xml")
    said = cli("watch", folder, *NOW)
    assert (said.returncode, "month.xml: It was taken back" in said.stdout) == (0, True)


def test_an_empty_folder_and_none_at_all(cli: Cli, folder: Path) -> None:
    assert cli("watch", folder, *NOW).returncode == 0
    assert cli("watch", folder / "nowhere", *NOW).returncode == 2


class _SeenError(Exception):
    """The test has seen enough."""


def looks(cli: Cli, monkeypatch: pytest.MonkeyPatch, folder: Path, *steps: Any) -> str:
    """Watch, doing a step in place of each rest, and return what was printed until there are no more steps."""
    left = list(steps)
    printed: list[str] = []

    def rest(_: float) -> None:
        if not left:
            raise _SeenError
        left.pop(0)()

    monkeypatch.setattr(watching, "sleep", rest)
    monkeypatch.setattr("donations.cli.watching.show_line", printed.append)
    ended = cli("watch", folder, "--settle", 0)
    assert ended.returncode != 0
    return "\n".join(printed)


def test_what_is_refused_is_said_once_and_again_when_it_is_another(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "a.ofx"
    shutil.copy(BAD, file)
    said = looks(
        cli,
        monkeypatch,
        folder,
        lambda: None,
        lambda: os.utime(file, ns=(1, 1)),  # tried again, and found the same
        lambda: None,
        lambda: file.write_text("nothing that a bank writes"),
        lambda: None,
    )
    assert [said.count(code) for code in ("(bad_amount)", "(not_a_statement)")] == [1, 1]


def test_a_file_waits_for_its_account(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(MONTH, folder / "month.xml")

    def register() -> None:
        number = parse_account("EE237700010000000016")
        assert number is not None
        with writing(context.engine()) as session:
            add_account(session, number, name="LHV")

    said = looks(cli, monkeypatch, folder, lambda: None, register, lambda: None)
    assert [said.count(each) for each in ("(unknown_account)", "month.xml: imported.")] == [1, 1]


def test_books_that_cannot_be_had_are_tried_again(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("account", "add", "EE237700010000000016", "--name", "LHV")
    shutil.copy(MONTH, folder / "month.xml")
    fails = [True, True]

    def take(*given: Any) -> Any:
        if fails:
            fails.pop()
            raise OperationalError("", {}, Exception("database is locked"))
        return take_read(*given)

    monkeypatch.setattr("donations.cli.watching.take_read", take)
    assert "month.xml: imported." in looks(cli, monkeypatch, folder, lambda: None, lambda: None)


def test_a_signal_ends_it_in_peace(cli: Cli, folder: Path) -> None:
    cli("account", "add", "EE237700010000000016", "--name", "LHV")
    command = [
        str(Path(sys.executable).with_name("donations")),
        "watch",
        str(folder),
        "--every",
        "0.1",
        "--settle",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Watching ")
        shutil.copy(MONTH, folder / "month.xml.part")
        (folder / "month.xml.part").rename(folder / "month.xml")
        assert process.stdout.readline().startswith("month.xml: imported.")
        process.send_signal(signal.SIGTERM)
        assert (process.wait(SECONDS), process.stderr and process.stderr.read()) == (0, "")
