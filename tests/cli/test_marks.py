"""What was shown is what is done: a mark that a dry run printed binds the command, or nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete
from tests.cli.conftest import MONTH, NEAR_MISSES, STATEMENTS, Cli, document

from donations.cli import context
from donations.core.canonical import canonical
from donations.ledger.audit import commitment_to
from donations.reports.inf4 import inf4, inf4_view
from donations.store.log.audit import secret_of_books
from donations.store.opening import open_engine
from donations.store.session import reading, writing
from donations.store.tables.audit import AuditDetailRow

OTHER = STATEMENTS / "seb-2026-01-02-two-months.xml"
LIST = "list.csv"
MERGED = 9
"""A donor of whom no code is known."""


@pytest.fixture
def books(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """January and February of 2026; it is the year after."""
    monkeypatch.setattr(context, "now", lambda: datetime(2027, 1, 10, 12, tzinfo=UTC))
    cli("import", MONTH, NEAR_MISSES, "--add-accounts")
    waiting = (each["payment"] for each in document(cli("questions", "--json"))["items"])
    first = next(each["id"] for each in waiting if each["money"]["minor"] > 0)
    assert cli("answer", first, "gift", "--donor", "Uus Annetaja").returncode == 0
    assert cli("donors", "show", MERGED).stdout.startswith(f"{MERGED} Uus Annetaja")
    return cli


def mark_in(said: str) -> str:
    (found,) = re.findall(r"--as-shown ([0-9a-f]{12})$", said, re.MULTILINE)
    return str(found)


def refused(cli: Cli, *words: object) -> str:
    before = cli("dump", "--hash").stdout
    code: str = document(cli(*words, "--json"))["error"]["code"]
    assert cli("dump", "--hash").stdout == before
    return code


def answered(cli: Cli) -> None:
    first = document(cli("questions", "--json"))["items"][0]["payment"]["id"]
    assert cli("answer", first, "other", "--reason", "a sale").returncode == 0


def undone(cli: Cli, number: int) -> None:
    assert cli("undo", number).returncode == 0


def published(cli: Cli) -> None:
    assert cli("appeal", "add", "A new roof", "--keyword", "katus").returncode == 0
    assert cli("publish").returncode == 0


def imported(cli: Cli, path: Path) -> None:
    assert cli("import", path, "--add-accounts").returncode == 0


STEPS: dict[str, tuple[list[object], list[object], Callable[[Cli], None]]] = {
    "undo": (["undo", 2], [], answered),
    "erase": (["donors", "erase", 2], [], lambda cli: undone(cli, 1)),
    "merge": (["donors", "merge", MERGED, 2, "--reason", "one"], [], lambda cli: undone(cli, 1)),
    "close": (["month", "close", "2026-01"], ["--reason", "so it is"], lambda cli: undone(cli, 1)),
    "publish": (["publish"], [], published),
    "import": (["import", OTHER, "--add-accounts"], [], lambda cli: imported(cli, OTHER)),
}
"""The command, what is needed to do it only, and what comes between."""


@pytest.mark.parametrize("name", STEPS)
def test_what_was_shown_is_done(books: Cli, name: str) -> None:
    command, more, _ = STEPS[name]
    mark = mark_in(books(*command, "--dry-run").stdout)
    done = books(*command, *more, "--as-shown", mark)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", STEPS)
def test_what_changed_meanwhile_is_refused_as_a_conflict(books: Cli, name: str) -> None:
    command, more, between = STEPS[name]
    mark = mark_in(books(*command, "--dry-run").stdout)
    between(books)
    assert refused(books, *command, *more, "--as-shown", mark) == "preview_outdated"


@pytest.mark.parametrize("mark", ["", "0" * 12, "0" * 64, "zz"])
def test_what_is_no_mark_of_it_is_refused(books: Cli, mark: str) -> None:
    assert refused(books, "undo", 2, "--as-shown", mark) == "preview_outdated"


def test_the_beginning_of_a_mark_is_too_little(books: Cli) -> None:
    mark = mark_in(books("undo", 2, "--dry-run").stdout)
    assert refused(books, "undo", 2, "--as-shown", mark[:11]) == "preview_outdated"
    whole = document(books("undo", 2, "--dry-run", "--json"))["digest"]
    assert books("undo", 2, "--as-shown", whole).returncode == 0


def test_a_proposal_is_taken_as_it_was_shown(books: Cli) -> None:
    question = next(each for each in document(books("questions", "--json"))["items"] if each["proposals"])
    number, mark = question["payment"]["id"], question["proposals"][0]["promised"][:12]
    assert f"[{mark}]" in books("questions").stdout
    assert refused(books, "answer", number, 1, "--as-shown", "0" * 12) == "proposal_outdated"
    assert document(books("answer", number, "other", "--reason", "x", "--as-shown", mark, "--json"))["error"][
        "code"
    ] == ("bad_usage")
    assert books("answer", number, 1, "--as-shown", mark).returncode == 0
    assert refused(books, "answer", number, 1, "--as-shown", mark) == "proposal_outdated"


def test_a_proposal_that_became_another_one_is_not_taken(books: Cli) -> None:
    found = document(books("questions", "--json"))["items"]
    question = next(each for each in found if each["proposals"] and each["proposals"][0]["purpose"] == "gift")
    mark = question["proposals"][0]["promised"][:12]
    assert books("appeal", "add", "A new roof", "--keyword", "katus").returncode == 0
    assert books("answer", question["payment"]["id"], "other", "--amount", "0.01", "--reason", "x").returncode == 0
    assert refused(books, "answer", question["payment"]["id"], 1, "--as-shown", mark) == "proposal_outdated"


def test_several_files_are_imported_as_shown_or_none_of_them(cli: Cli) -> None:
    mark = mark_in(cli("import", MONTH, NEAR_MISSES, "--add-accounts", "--dry-run").stdout)
    assert refused(cli, "import", MONTH, "--add-accounts", "--as-shown", mark) == "preview_outdated"
    assert (
        document(cli("import", MONTH, NEAR_MISSES, "--add-accounts", "--as-shown", mark, "--json"))["sums"]["imported"]
        == 2
    )


def test_the_list_for_the_tax_board_is_kept_as_it_was_shown(books: Cli, tmp_path: Path) -> None:
    mark = mark_in(books("inf4", "list", 2026).stdout)
    undone(books, 1)
    take: list[object] = ["inf4", "take", 2026, "-o", tmp_path / LIST]
    assert refused(books, *take, "--as-shown", mark) in {"preview_outdated", "nothing_to_list"}
    imported(books, MONTH)
    mark = mark_in(books("inf4", "list", 2026).stdout)
    assert books(*take, "--as-shown", mark).returncode == 0


@pytest.mark.usefixtures("books")
def test_nobody_can_try_out_which_codes_a_list_has(tmp_path: Path) -> None:
    """Who sees the promise, the names and the sums could else make it of each code that there may be."""
    engine = open_engine(f"sqlite:///{tmp_path}/books.sqlite")

    def made_of(*, secret: str, codes: bool) -> str:
        rows = [[each.donor, each.name, each.minor, str(each.code) if codes else ""] for each in listed.lines]
        return commitment_to(canonical(["inf4", 2026, rows]), secret)

    def promised() -> str:
        with reading(engine) as session:
            return inf4_view(session, listed).promised

    with reading(engine) as session:
        listed, secret = inf4(session, 2026), secret_of_books(session)
    assert listed.lines
    assert len(secret) == 32
    assert promised() == made_of(secret=secret, codes=True) != made_of(secret="", codes=True)
    with writing(engine) as tx:
        tx.execute(delete(AuditDetailRow))  # where no secret is left, the codes are no part of it
    assert promised() == made_of(secret="", codes=False)
    engine.dispose()
