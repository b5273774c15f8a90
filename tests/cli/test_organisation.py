"""Nothing is given out under no real name, whatever shell or timetable the command is run from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.conftest import MONTH, Cli, document
from tests.documents.papers import text_of
from tests.web.test_association import png

from donations.cli import context

GIVING = [
    ["certificates", "issue", "2026"],
    ["certificates", "issue", "2026", "--dry-run"],
    ["publish"],
    ["publish", "--dry-run"],
    ["inf4", "take", "2026", "-o", "list.csv"],
    ["report", "gifts", "--format", "pdf", "-o", "gifts.pdf"],
    ["donors", "export", "2"],
    ["donors", "export", "2", "--pdf", "letter.pdf"],
    ["audit", "head", "--mail-text"],
]


@pytest.fixture
def nameless(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """January of 2026, closed; it is the year after, and nobody ever said what the organisation is called."""
    monkeypatch.delenv("DONATIONS_ORGANISATION")
    monkeypatch.setattr(context, "now", lambda: datetime(2027, 1, 10, 12, tzinfo=UTC))
    cli("import", MONTH, "--add-accounts")
    cli("month", "close", "2026-01", "--reason", "no matter what")
    return cli


def given_out(folder: Path) -> Iterator[int]:
    with closing(sqlite3.connect(folder / "books.sqlite")) as opened:
        for table in ("certificate", "public_snapshot", "tax_list"):
            yield opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608


@pytest.mark.parametrize("command", GIVING, ids=" ".join)
def test_nothing_is_given_out_before_the_name_was_said(nameless: Cli, tmp_path: Path, command: list[str]) -> None:
    ended = nameless(*command)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "(organisation_unnamed)" in ended.stderr
    assert "donations organisation --name" in ended.stderr
    assert list(given_out(tmp_path)) == [0, 0, 0]
    assert [each.name for each in tmp_path.iterdir()] == ["books.sqlite", "books.key"]


@pytest.mark.parametrize("command", GIVING, ids=" ".join)
def test_once_it_was_said_any_shell_gives_out_the_same(
    nameless: Cli, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    assert document(nameless("organisation", "--name", "MTÜ Rohutirts", "--json"))["name"] == "MTÜ Rohutirts"
    assert nameless(*command).returncode == 0
    monkeypatch.setenv("DONATIONS_ORGANISATION", "MTÜ Rohutrits")
    ended = nameless(*command)
    assert (ended.returncode, "(organisation_differs)" in ended.stderr) == (1, True)


def test_the_name_stands_on_what_is_given_out(nameless: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONATIONS_ORGANISATION", "MTÜ Rohutirts")
    assert document(nameless("publish", "--json"))["giving"]["payee"] == "MTÜ Rohutirts"
    monkeypatch.delenv("DONATIONS_ORGANISATION")
    nameless("certificates", "issue", "2026")
    nameless("certificates", "write", "2026", "--number", "1", "-o", "one.pdf")
    assert "MTÜ Rohutirts" in text_of((tmp_path / "one.pdf").read_bytes())
    assert "MTÜ Rohutirts" in nameless("audit", "head", "--mail-text").stdout
    assert nameless("organisation").stdout.startswith("MTÜ Rohutirts, no registry code\n")


@pytest.mark.parametrize("name", ["", "Our association", "M\nM", "M" * 81])
def test_what_is_no_name_is_not_taken(nameless: Cli, name: str) -> None:
    ended = nameless("organisation", "--name", name)
    assert ended.returncode in {1, 2}
    assert "Our association" in nameless("organisation").stdout


def test_what_the_law_asks_is_said_and_what_is_missing_is_named(cli: Cli) -> None:
    cli("migrate")
    said = cli("organisation").stdout
    assert "Not said yet: the first month of your financial year." in said
    cli("organisation", "--year-begins", 7, "--incentives", "2020-01-01..2026-06-30", "--beliefs", "own_body")
    own = document(cli("organisation", "--email", "info@example.org", "--security", "https://example.org/s", "--json"))
    assert own["financial_year_begins"] == 7
    assert own["incentive_list"] == {"since": "2020-01-01", "until": "2026-06-30"}
    assert own["beliefs"] == {"gifts_tell": True, "ground": "own_body"}
    assert own["contact"] == {"email": "info@example.org", "security": "https://example.org/s", "phone": "", "web": ""}
    assert own["unsaid"] == []
    assert document(cli("organisation", "--email", "", "--json"))["contact"]["security"] == "https://example.org/s"
    assert document(cli("organisation", "--incentives", "never", "--json"))["incentive_list"]["since"] is None
    assert [each["action"] for each in document(cli("audit", "list", "--json"))["items"]].count("papers_set") == 6


def test_what_is_shown_is_said_piece_by_piece(cli: Cli, tmp_path: Path) -> None:
    cli("migrate")
    (tmp_path / "logo.png").write_bytes(png())
    said = ["phone=+372 5555 5555", "about.et=Oleme niidul.", "about.ru=Мы на лугу.", "signer=Mari Mets"]
    own = document(
        cli("organisation", *(word for each in said for word in ("--say", each)), "--logo", "logo.png", "--json")
    )
    assert own["about"] == {"et": "Oleme niidul.", "en": "", "ru": "Мы на лугу."}
    assert (own["contact"]["phone"], own["signer"], len(own["logo"])) == ("+372 5555 5555", "Mari Mets", 64)
    own = document(cli("organisation", "--say", "about.ru=", "--logo", "none", "--json"))
    assert (own["about"]["ru"], own["about"]["et"], own["logo"]) == ("", "Oleme niidul.", "")
    assert "+372 5555 5555" in cli("organisation").stdout


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--incentives", "2026-06-30..2020-01-01", "bad_listed_days"),
        ("--incentives", "..2020-01-01", "bad_listed_days"),
        ("--incentives", "soon", "bad_listed_days"),
        ("--email", "info", "bad_contact"),
        ("--email", "a@b\nBcc: c@d", "bad_contact"),
        ("--security", "http://example.org", "bad_contact"),
        ("--year-begins", "13", "bad_usage"),
        ("--say", "about=x", "bad_usage"),
        ("--say", "web=example.org", "bad_web_address"),
        ("--logo", "books.sqlite", "bad_logo"),
    ],
)
def test_what_the_law_would_not_understand_is_refused(cli: Cli, option: str, value: str, code: str) -> None:
    cli("migrate")
    before = document(cli("organisation", "--json"))
    assert document(cli("organisation", option, value, "--json"))["error"]["code"] == code
    assert document(cli("organisation", "--json")) == before
