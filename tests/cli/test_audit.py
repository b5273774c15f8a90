"""`donations audit`: the head is kept elsewhere, and what was cut off or changed since then shows."""

from __future__ import annotations

from sqlalchemy import text
from tests.cli.test_cli import Cli, cli, document  # noqa: F401 - a fixture

from donations.cli import context

IBAN = "EE382200221020145685"


def test_the_head_of_an_empty_log(cli: Cli) -> None:  # noqa: F811 - the fixture
    assert document(cli("audit", "head", "--json")) == {"number": 0, "sha256": ""}
    assert "Nothing was done yet." in cli("audit", "head").stdout
    assert "0 entries" in cli("audit", "verify").stdout


def test_who_did_what(cli: Cli) -> None:  # noqa: F811
    assert cli("account", "add", IBAN, "--name", "Current").returncode == 0
    (entry,) = document(cli("audit", "list", "--json"))
    assert (entry["number"], entry["action"], entry["about"], entry["id"]) == (1, "account_added", "account", "1")
    assert entry["by"] == context.person()
    listed = cli("audit", "list", "--area", "settings").stdout
    assert "Own account added" in listed
    assert IBAN not in listed
    assert document(cli("audit", "list", "--area", "months", "--json")) == []


def test_a_log_that_was_cut_off_shows_to_who_kept_its_head(cli: Cli) -> None:  # noqa: F811
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


def test_a_head_is_written_as_it_was_shown(cli: Cli) -> None:  # noqa: F811
    for head in ("1", "one:abc", "0:abc", "1:"):
        answer = cli("audit", "verify", "--knew", head, "--json")
        assert (answer.returncode, document(answer)["error"]["code"]) == (2, "bad_head")
