"""`donations inf4`, `certificates` and `journal` as a treasurer and a script use them."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.cli.conftest import MONTH, Cli, document
from tests.documents.papers import sheet_of, text_of

from donations.cli import context


@pytest.fixture
def books(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """January of 2026, closed; it is the year after."""
    monkeypatch.setattr(context, "now", lambda: datetime(2027, 1, 10, 12, tzinfo=UTC))
    cli("import", MONTH, "--add-accounts")
    assert cli("month", "close", "2026-01", "--reason", "no matter what").returncode == 0
    return cli


def refused(cli: Cli, *arguments: object) -> tuple[int, str]:
    ended = cli(*arguments, "--json")
    return ended.returncode, document(ended)["error"]["code"]


def test_the_list_says_who_can_be_told_and_names_no_code(books: Cli, tmp_path: Path) -> None:
    found = document(books("inf4", "list", "--json"))
    assert found["year"] == 2026
    assert found["listed"]
    listed = sum(each["money"]["minor"] for each in found["listed"])
    others = sum(each["money"]["minor"] for each in found["not_listed"])
    other = found["anonymous"]["minor"] + found["without_donor"]["minor"]
    assert listed + others + other == found["total"]["minor"] == found["booked"]["minor"] == 17500
    books("inf4", "take", "--output", tmp_path / "list.csv")
    codes = [line.partition(";")[0] for line in (tmp_path / "list.csv").read_text("utf-8-sig").splitlines()[1:]]
    said = books("inf4", "list").stdout
    assert found["listed"][0]["donor"]["name"] in said
    assert not [code for code in codes if code in said]


def test_a_list_is_kept_when_it_is_taken(books: Cli, tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    taken = document(books("inf4", "take", "2026", "-o", file, "--format", "xlsx", "--language", "en", "--json"))
    assert (taken["list"], taken["donors"]) == (1, sheet_of(file.read_bytes()).max_row - 2)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert document(books("inf4", "list", "--json"))["changed"] == []


def test_a_list_that_cannot_be_written_was_not_taken(books: Cli, tmp_path: Path) -> None:
    assert refused(books, "inf4", "take", "-o", tmp_path / "none" / "list.csv") == (2, "file_system")
    assert refused(books, "inf4", "take", "2025", "-o", tmp_path / "list.csv") == (1, "nothing_to_list")
    assert document(books("inf4", "take", "-o", tmp_path / "list.csv", "--json"))["list"] == 1


def test_certificates_are_issued_and_written(books: Cli, tmp_path: Path) -> None:
    ready = document(books("certificates", "list", "2026", "--json"))["ready"]
    one = ready[0]["donor"]["id"]
    shown = document(books("certificates", "issue", "2026", "--dry-run", "--json"))
    assert (shown["is_preview"], shown["numbers"]) == (True, [f"2026-{at:04}" for at in range(1, len(ready) + 1)])
    assert document(books("certificates", "issue", "2026", "--donor", one, "--json"))["numbers"] == ["2026-0001"]
    all_shown = shown["promised"]  # one of them is issued by now
    assert refused(books, "certificates", "issue", "2026", "--as-shown", all_shown) == (1, "preview_outdated")
    rest = document(books("certificates", "issue", "2026", "--dry-run", "--json"))["promised"]
    assert f"{len(ready) - 1} certificates" in books("certificates", "issue", "2026", "--as-shown", rest).stdout
    found = document(books("certificates", "list", "2026", "--json"))
    assert [each["state"] for each in found["issued"]] == ["stands"] * len(ready)
    assert "2026-0001" in books("certificates", "list", "2026").stdout

    assert books("certificates", "write", "2026", "-o", tmp_path / "all.zip").returncode == 0
    with ZipFile(tmp_path / "all.zip") as archive:
        *papers, _, _ = archive.namelist()
        assert [each[:9] for each in papers] == [f"2026-{number:04}" for number in range(1, len(ready) + 1)]
        whole = archive.read(papers[0])
    assert books("certificates", "write", "2026", "--number", 1, "-o", tmp_path / "1.pdf").returncode == 0
    assert (tmp_path / "1.pdf").read_bytes() == whole
    assert ready[0]["donor"]["name"] in text_of(whole)


def test_what_cannot_be_issued_or_written_is_refused(books: Cli, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    assert refused(books, "certificates", "write", "2026", "-o", file) == (1, "nothing_to_write")
    assert refused(books, "certificates", "write", "2026", "-o", file, "--number", 1) == (1, "unknown_certificate")
    assert refused(books, "certificates", "issue", "2027") == (1, "year_not_final")
    assert refused(books, "certificates", "issue", "2026", "--donor", 1) == (1, "nothing_to_issue")
    assert not file.exists()


def test_a_month_is_written_as_bookings(books: Cli, tmp_path: Path) -> None:
    file = tmp_path / "journal"
    for rendering, has in {"csv": "2026-01-", "hledger": "Income:Gifts", "beancount": "open Income:Gifts"}.items():
        said = books("journal", "2026-01", "--format", rendering).stdout
        assert has in said
        written = document(books("journal", "2026-01", "--format", rendering, "-o", file, "--json"))
        assert (written["bookings"], file.read_bytes().decode()) == (11, said)


def test_a_journal_names_donors_only_where_that_is_wanted(books: Cli) -> None:
    name = document(books("certificates", "list", "2026", "--json"))["ready"][0]["donor"]["name"]
    assert name not in books("journal", "2026-01").stdout
    assert name in books("journal", "2026-01", "--names").stdout


def test_a_journal_that_cannot_be_written_is_refused(books: Cli, tmp_path: Path) -> None:
    assert refused(books, "journal", "2026-13") == (2, "bad_month")
    assert refused(books, "journal", "2026-01") == (2, "output_needed")
    file = tmp_path / "merit.json"
    assert refused(books, "journal", "2026-01", "--format", "merit", "-o", file) == (1, "not_for_merit")
    assert not file.exists()
