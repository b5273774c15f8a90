"""A donor's letter and way out of the books on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, document
from tests.documents.papers import text_of

STATEMENT = Path(__file__).parents[2] / "statements" / "lhv-2026-01-month.xml"


def test_a_letter_and_then_forgotten(cli: Cli, tmp_path: Path) -> None:
    cli("import", STATEMENT, "--add-accounts")
    cli("appeal", "add", "General", "--keyword", "Annetus")
    cli("organisation", "--year-begins", 1)
    letter = document(cli("donors", "export", 2))
    assert [part["title"] for part in letter["parts"]][:3] == [
        "Who you are",
        "Your gifts, and how each was counted",
        "What the bank wrote, once for each statement",
    ]
    name = next(row["value"] for row in letter["parts"][0]["rows"] if row["what"].startswith("Name"))
    assert cli("donors", "export", 2, "--pdf", tmp_path / "letter.pdf", "--language", "en").returncode == 0
    assert name in text_of((tmp_path / "letter.pdf").read_bytes())

    assert "Nothing is kept." in cli("donors", "erase", 2, "--dry-run").stdout
    cli("donors", "hold", 2, "--why", "audit")
    assert document(cli("donors", "erase", 2, "--json"))["error"]["code"] == "donor_held"
    assert cli("donors", "release", 2).stdout == "Donor 2 is released.\n"
    done = document(cli("donors", "erase", 2, "--json"))
    assert (done["shown_as"], done["kept_until"], done["swept"]) == ("№ 2", "2033-12-31", True)
    assert document(cli("donors", "purge", 2, "--json"))["error"]["code"] == "donor_still_needed"
    assert document(cli("donors", "purge", "--json"))["donors"] == []
    assert document(cli("donors", "show", 2, "--json"))["error"]["code"] == "restricted_donor"
    assert name not in cli("report", "donors", "--json").stdout
    assert name not in cli("inf4", "list", 2026, "--json").stdout
    assert cli("check").returncode == 0


def test_a_donor_is_shown_by_number(cli: Cli) -> None:
    cli("import", STATEMENT, "--add-accounts")
    found = document(cli("donors", "show", 2, "--json"))
    assert found["id"] == 2
    assert found["given"]
    said = cli("donors", "show", 2)
    assert (said.returncode, said.stdout.partition("\n")[0]) == (0, f"2 {found['name']}")
    assert document(cli("donors", "show", 999, "--json"))["error"]["code"] == "unknown_donor"
