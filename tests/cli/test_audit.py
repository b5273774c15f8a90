"""`donations audit`: the head is kept elsewhere, and what was cut off or changed since then shows."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from tests.book import NOW
from tests.cli.conftest import Cli, document

from donations.cli import context
from donations.ledger.audit import About, Action, Noted
from donations.store.log.looks import _as_kept, _keep
from donations.store.place import looks_folder_of

IBAN = "EE382200221020145685"


def test_the_head_of_an_empty_log(cli: Cli) -> None:
    assert document(cli("audit", "head", "--json")) == {"number": 0, "sha256": ""}
    assert "Nothing was done yet." in cli("audit", "head").stdout
    assert "0 entries" in cli("audit", "verify").stdout


def test_who_did_what(cli: Cli) -> None:
    assert cli("account", "add", IBAN, "--name", "Current").returncode == 0
    (entry,) = document(cli("audit", "list", "--json"))["items"]
    assert (entry["number"], entry["action"], entry["about"], entry["id"]) == (1, "account_added", "account", "1")
    assert entry["by"] == context.person()
    listed = cli("audit", "list", "--area", "settings").stdout
    assert "Own account added" in listed
    assert IBAN not in listed
    assert document(cli("audit", "list", "--area", "months", "--json"))["items"] == []


def test_a_log_that_was_cut_off_shows_to_who_kept_its_head(cli: Cli) -> None:
    cli("account", "add", IBAN)
    head = cli("audit", "head").stdout.strip()
    assert head == f"1:{document(cli('audit', 'head', '--json'))['sha256']}"
    assert cli("audit", "verify", "--knew", head).returncode == 0
    with context.engine().begin() as connection:
        for statement in (
            "DROP TRIGGER audit_entry_refuses_delete",
            "DELETE FROM audit_detail",
            "DELETE FROM audit_entry",
        ):
            connection.execute(text(statement))
    assert cli("audit", "verify").returncode == 0
    answer = cli("audit", "verify", "--knew", head, "--json")
    assert (answer.returncode, document(answer)["error"]["code"]) == (1, "log_broken")
    for known, expected in (((), "holds"), (("--knew", head), "broken")):
        (row,) = document(cli("check", "audit_log_chained", *known, "--json"))["rows"]
        assert row["state"] == expected


def test_looks_of_a_server_that_was_stopped_are_in_the_log_of_the_terminal(cli: Cli) -> None:
    cli("account", "add", IBAN)
    for asked in (("audit", "verify"), ("check", "audit_log_chained"), ("backup", "copy.backup")):
        folder = looks_folder_of(context.engine().url)
        assert folder is not None
        looked = Noted(action=Action.DONOR_VIEWED, about=About.DONOR, id="7", by="Mari", at=NOW)
        _keep(folder, _as_kept(context.engine(), looked))
        cli(*asked)
        assert not folder.exists(), asked
    assert [each["id"] for each in document(cli("audit", "list", "--json"))["items"] if each["about"] == "donor"] == [
        "7"
    ] * 3


def test_the_head_as_a_letter_to_the_board(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONATIONS_ORGANISATION", "MTÜ Rohutirts")
    assert "Nothing was done yet." in cli("audit", "head", "--mail-text").stdout
    cli("account", "add", IBAN)
    head = cli("audit", "head").stdout.strip()
    letter = cli("audit", "head", "--mail-text").stdout
    assert letter.startswith("MTÜ Rohutirts: on ")
    assert f"donations audit verify --knew {head}\n" in letter


@pytest.mark.parametrize(
    ("command", "action", "thing"),
    [
        (["report", "donors"], "exported", "donations report donors"),
        (["report", "gifts", "--year", "2026", "--csv", "gifts.csv"], "exported", "donations report gifts"),
        (["report", "donors", "--format", "xlsx", "--output", "d.xlsx"], "exported", "donations report donors"),
        (["report", "donors", "--json"], "exported", "donations report donors"),
        (["dump"], "exported", "donations dump"),
        (["dump", "--json"], "exported", "donations dump"),
        (["journal", "2026-01"], "exported", "donations journal 2026-01"),
        (["questions", "--json"], "program_read", "donations questions"),
        (["inf4", "list", "2026", "--json"], "program_read", "donations inf4 list 2026"),
        (["certificates", "list", "2026", "--json"], "program_read", "donations certificates list 2026"),
    ],
)
def test_what_is_taken_along_is_written_down(cli: Cli, command: list[str], action: str, thing: str) -> None:
    assert cli(*command).returncode == 0
    (entry,) = document(cli("audit", "list", "--json"))["items"]
    assert (entry["action"], entry["about"], entry["id"], entry["by"]) == (action, "command", thing, "treasurer")
    assert cli("audit", "verify").returncode == 0


@pytest.mark.parametrize(
    "command",
    [["dump", "--hash"], ["dump", "--hash", "--json"], ["report", "nonsense"], ["coverage"], ["check"], ["questions"]],
)
def test_what_names_nobody_or_is_only_looked_at_leaves_nothing(cli: Cli, command: list[str]) -> None:
    ended = cli(*command)
    assert "payments" not in ended.stdout or "--hash" not in command
    assert document(cli("audit", "list", "--json"))["items"] == []


def test_a_head_is_written_as_it_was_shown(cli: Cli) -> None:
    for head in ("1", "one:abc", "0:abc", "1:", ""):  # the last one is what a script has of a file that is lost
        answer = cli("audit", "verify", "--knew", head, "--json")
        assert (answer.returncode, document(answer)["error"]["code"]) == (2, "bad_head")


def test_a_head_that_somebody_kept_is_compared_whatever_else_is_checked(cli: Cli) -> None:
    other = ("--knew", f"1:{'0' * 64}", "--json")
    rows = document(cli("check", "donors_grouped", *other))["rows"]
    assert {row["check"]: row["state"] for row in rows} == {"audit_log_chained": "broken", "donors_grouped": "holds"}
    assert document(cli("check", "--rejudge", *other))["error"]["code"] == "check_or_rejudge"
