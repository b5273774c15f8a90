"""Accounts begin and end on the terminal, balances are entered and taken back, and the days say why."""

from __future__ import annotations

import pytest
from tests.cli.conftest import MONTH, STATEMENTS, Cli, document

LHV = "EE237700010000000016"
OTHER = "EE382200221020145685"


@pytest.fixture
def january(cli: Cli) -> Cli:
    """January of the LHV account is imported, proven."""
    assert cli("import", MONTH, "--add-accounts").returncode == 0
    return cli


def test_an_account_begins_and_ends(january: Cli) -> None:
    begun = document(january("account", "begin", LHV, "2025-12-20", "--json"))
    assert (begun["number"], begun["first_day"]) == (LHV, "2025-12-20")
    refused = january("account", "end", LHV, "2026-01-31", "--json")
    assert (refused.returncode, document(refused)["error"]["code"]) == (1, "balance_left")
    assert january("account", "end", LHV, "2026-01-31", "--became", OTHER).returncode == 0
    (listed,) = document(january("account", "list", "--json"))["items"]
    assert (listed["last_day"], listed["became"]) == ("2026-01-31", OTHER)
    said = january("coverage").stdout
    assert "ended on 2026-01-31" in said
    assert "2025-12-20 to 2025-12-31, days missing: No statement covers this time." in said
    assert "since the last statement" not in said
    assert "is open again" in january("account", "reopen", LHV).stdout
    assert january("account", "begin", LHV).returncode == 0
    assert "since the last statement" in january("coverage").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("account", "end", LHV, "2999-01-01"), 2, "day_not_over"),
        (("account", "end", LHV, "2026-01-30"), 1, "moved_after"),
        (("account", "end", LHV, "2026-01-31", "--became", "EE00"), 2, "iban_invalid"),
        (("account", "reopen", LHV), 1, "not_ended"),
        (("account", "begin", OTHER, "2026-01-01"), 1, "unknown_account"),
        (("account", "quiet", LHV, "2026-01-01", "2026-01-02"), 1, "not_quiet"),
        (("account", "quiet", LHV, "2026-01-01", "2026-01-02", "--take-back"), 1, "not_confirmed"),
        (("account", "quiet", LHV, "2026-01-01", "2026-01-02", "--currency", "EURO"), 2, "bad_currency"),
        (("balance", LHV, "2999-01-01", "1.00"), 2, "balance_too_early"),
        (("balance", LHV, "2026-01-31", "1.0.0"), 2, "bad_balance"),
        (("balance", LHV, "2026-02-30", "1.00"), 2, "bad_day"),
        (("balance", OTHER, "2026-01-31", "1.00"), 1, "unknown_account"),
        (("balance", "remove", LHV, "2026-01-31"), 1, "no_balance"),
    ],
)
def test_what_is_refused(january: Cli, arguments: tuple[str, ...], status: int, code: str) -> None:
    ended = january(*arguments, "--json")
    assert (ended.returncode, document(ended)["error"]["code"]) == (status, code)


def test_a_balance_that_contradicts_is_said_at_once_listed_and_taken_back(january: Cli) -> None:
    right = document(january("balance", LHV, "2026-01-31", "1369,19", "--json"))
    assert (right["money"]["minor"], right["contradicts"]) == (136_919, [])
    wrong = january("balance", LHV, "2026-01-31", "-1,00")
    assert wrong.returncode == 0
    assert (
        "It contradicts, 2026-01-01 to 2026-01-31: By its balances the bank has 1370.19 EUR less than the books."
        in wrong.stdout
    )
    assert f"donations balance remove {LHV} 2026-01-31" in wrong.stdout
    (listed,) = document(january("balance", "list", "--json"))["items"]
    assert listed == {"account": LHV, "day": "2026-01-31", "money": {"minor": -100, "currency": "EUR"}}
    checked = january("check", "days_without_conflict", "--json")
    assert checked.returncode == 1
    (row,) = document(checked)["rows"]
    assert (row["state"], row["where"]) == ("conflict", "account EE23…0016 EUR, 2026-01-01 to 2026-01-31")
    assert row["what"].startswith("conflict, balances_differ: By its balances")
    assert document(january("balance", "remove", LHV, "2026-01-31", "--json"))["removed"]
    assert document(january("balance", "list", "--json"))["items"] == []
    assert january("check", "days_without_conflict").returncode == 0


def test_quiet_days_are_confirmed_and_taken_back(cli: Cli) -> None:
    first, second = (STATEMENTS / f"seb-2026-0{name}" for name in ("1-02-two-months.xml", "6-xml.ofx"))
    cli("import", first, second, "--add-accounts")
    found = [row for row in document(cli("coverage", "--json"))["rows"] if row["state"] == "unchanged"]
    for row in found:
        days = (row["account"], row["first_day"], row["last_day"])
        assert row["cause"] == "no_statement"
        assert cli("account", "quiet", *days, "--currency", row["currency"]).returncode == 0
        assert cli("account", "quiet", *days, "--currency", row["currency"], "--take-back").returncode == 0


def test_the_days_are_data_with_state_and_cause(january: Cli) -> None:
    january("account", "begin", LHV, "2025-12-20")
    missing, proven = document(january("coverage", "--json"))["rows"]
    assert (missing["state"], missing["cause"], missing["first_day"], missing["last_day"]) == (
        "missing",
        "no_statement",
        "2025-12-20",
        "2025-12-31",
    )
    assert (proven["state"], proven["cause"], proven["advice"]) == ("proven", None, None)


def test_a_month_says_what_is_in_the_way_with_the_command_that_helps(january: Cli) -> None:
    january("account", "add", OTHER)
    january("account", "begin", OTHER, "2026-01-25")
    said = january("month", "show", "2026-01").stdout
    assert "EE38 2200 2210 2014 5685, 2026-01-25 to 2026-01-31: days missing." in said
    assert "See: donations import FILE" in said
    (way, *_) = document(january("month", "show", "2026-01", "--json"))["obstacles"]
    assert (way["kind"], way["cause"], way["currency"]) == ("days_missing", "no_statement", "EUR")
    assert january("month", "close", "2026-01", "--reason", "the bank sends it on paper").returncode == 0
    shown = january("month", "show", "2026-01")
    assert (
        "Closed all the same with days missing, EE38…5685, 2026-01-25 to 2026-01-31, because: the bank" in shown.stdout
    )
