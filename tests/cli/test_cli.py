"""The command line as a treasurer and a script use it: exit status, one JSON document, nothing else on stdout."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from tests.book import JAAN, MARI, Book, gift, line, statement
from tests.cli.conftest import MONTH, NEAR_MISSES, ROOT, STATEMENTS, Cli, document
from tests.readers.test_archive import zipped

from donations.cli import importing
from donations.cli.show import as_json, complain, show_line, table
from donations.store.opening import open_engine


def test_an_archive_is_imported_as_its_files(cli: Cli, tmp_path: Path) -> None:
    archive = tmp_path / "bank.zip"
    archive.write_bytes(zipped((MONTH.name, MONTH.read_bytes()), (NEAR_MISSES.name, NEAR_MISSES.read_bytes())))
    shown = document(cli("import", archive, "--add-accounts", "--dry-run", "--json"))
    found = document(cli("import", archive, "--add-accounts", "--json"))
    apart = document(cli("import", MONTH, NEAR_MISSES, "--json"))
    assert [each["name"] for each in found["items"]] == [f"bank.zip › {each.name}" for each in (MONTH, NEAR_MISSES)]
    assert shown["sums"] == found["sums"]
    assert [(each["status"], each["id"]) for each in apart["items"]] == [
        ("already_imported", each["id"]) for each in found["items"]
    ]


def test_import_tells_scripts_what_it_did(cli: Cli) -> None:
    result = cli("import", MONTH, "--add-accounts", "--json")
    assert result.returncode == 0
    found = document(result)
    assert found["sums"] == {
        "files": 1,
        "imported": 1,
        "waiting": 0,
        "refused": 0,
        "new": 11,
        "known": 0,
        "gifts": 7,
        "totals": [{"minor": 17500, "currency": "EUR"}],
        "questions": 0,
        "donors": 7,
        "new_donors": 7,
    }
    file = found["items"][0]
    assert (file["path"], file["status"], file["format"]) == (str(MONTH), "imported", "camt.053")
    assert [{**each, "days": len(each["days"])} for each in file["statements"]] == [
        {
            "account": "EE237700010000000016",
            "currency": "EUR",
            "first_day": "2026-01-01",
            "last_day": "2026-01-31",
            "opening": {"minor": 120455, "currency": "EUR"},
            "closing": {"minor": 136919, "currency": "EUR"},
            "name": "LHV Pank …0016",
            "bank": "LHV Pank",
            "owner": "MTÜ Rohutirts",
            "money_in": {"minor": 17531, "currency": "EUR"},
            "money_out": {"minor": 1067, "currency": "EUR"},
            "imbalance": {"minor": 0, "currency": "EUR"},
            "days": 1,
            "proof": "proven",
            "lines": 11,
            "new": 11,
            "known": 0,
        }
    ]


LHV = (
    '"Kliendi konto","Dokumendi number","Kuupäev","Saaja/maksja konto","Saaja/maksja nimi","Deebet/Kreedit (D/C)",'
    '"Summa","Viitenumber","Arhiveerimistunnus","Selgitus","Valuuta","Isikukood või registrikood",'
    '"Saaja/maksja panga BIC","Makse algataja nimi","Kande viide","Konto teenusepakkuja viide"\n'
    f'"EE237700010000000016","","2026-06-10","{MARI}","Mari Mets","C","44.40","","20260610{{0}}","Annetus","{{0}}",'
    '"","","","K{0}",""\n'
)


def test_a_dry_run_says_who_gave_and_which_closed_months_it_corrects(cli: Cli, tmp_path: Path) -> None:
    first, late = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text(LHV.format("EUR"), encoding="utf-8")
    late.write_text(LHV.format("EUR").replace("2026-06-10", "2026-06-11").replace("44.40", "5.00"), encoding="utf-8")
    assert cli("import", first, "--add-accounts").returncode == 0
    (item,) = document(cli("import", late, "--dry-run", "--json"))["items"]
    effect = item["effect"]
    assert (effect["payments"], effect["known"], effect["donors"], effect["new_donors"]) == (1, 0, 1, 0)
    assert [(each["purpose"], each["count"]) for each in effect["purposes"]] == [("gift", 1)]
    assert "Donors who gave: 1; for the first time: 0." in cli("import", late, "--dry-run").stdout


def test_money_of_one_currency_is_not_added_to_that_of_another(cli: Cli, tmp_path: Path) -> None:
    for currency in ("EUR", "USD"):
        (tmp_path / f"{currency}.csv").write_text(LHV.format(currency), encoding="utf-8")
    found = document(cli("import", tmp_path / "EUR.csv", tmp_path / "USD.csv", "--add-accounts", "--json"))
    euros, dollars = {"minor": 4440, "currency": "EUR"}, {"minor": 4440, "currency": "USD"}
    assert [file["totals"] for file in found["items"]] == [[euros], [dollars]]
    assert (found["sums"]["gifts"], found["sums"]["totals"]) == (2, [euros, dollars])
    assert document(cli("undo", 2, "--json"))["totals"] == [dollars]


def test_a_refusal_is_status_1_and_the_rest_is_imported(cli: Cli) -> None:
    bad = ROOT / "tests" / "refused" / "bad_amount-nan.ofx"
    result = cli("import", bad, MONTH, "--add-accounts", "--json")
    assert result.returncode == 1
    assert [file["status"] for file in document(result)["items"]] == ["refused", "imported"]
    problem = document(result)["items"][0]["notices"][0]
    assert (problem["code"], problem["line"]) == ("bad_amount", 17)
    assert problem["what"].startswith("The amount cannot be read.")


@pytest.mark.parametrize(
    "misuse",
    [
        ("import",),
        ("import", "no such file.xml"),
        ("import", MONTH, "--accept-imbalance", " "),
        ("account", "add", "EE237700010000000017"),
        ("answer", "1", "perhaps"),
        ("report", "nothing"),
        ("report", "gifts", "--month", "3"),
        ("report", "gifts", "--format", "pdf"),
        ("check", "no_such_check"),
        ("month", "close", "2026-13"),
        ("account", "begin", "EE237700010000000016", "soon"),
        ("report", "gifts", "--from", "2026-02-30"),
        ("report", "gifts", "--year", "2026", "--month", "2026-03"),
        ("month", "reopen", "2026-01"),
    ],
)
def test_misuse_is_status_2(cli: Cli, misuse: tuple[object, ...]) -> None:
    result = cli(*misuse)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_an_unknown_account_names_the_command_that_registers_it(cli: Cli) -> None:
    waits = document(cli("import", MONTH, "--json"))["items"][0]
    asked = {"number": "EE237700010000000016", "bank": "LHV Pank", "owner": "MTÜ Rohutirts"}
    assert (waits["status"], waits["asks"]) == ("waits", [asked])
    refused = waits["notices"][0]
    assert refused["code"] == "unknown_account"
    said = cli("import", MONTH)
    assert said.returncode == 1
    assert "1 wait, 0 refused." in said.stdout
    assert "donations account add EE237700010000000016" in said.stdout
    command = refused["remedy"].partition("donations ")[2].split()
    assert cli(*command, "--name", "LHV").returncode == 0
    assert cli("import", MONTH).returncode == 0
    assert document(cli("account", "list", "--json"))["items"] == [
        {"id": 1, "number": "EE237700010000000016", "name": "LHV", "first_day": None, "last_day": None, "became": None}
    ]


def test_a_dry_run_changes_nothing(cli: Cli) -> None:
    assert document(cli("import", STATEMENTS, "--add-accounts", "--dry-run", "--json"))["sums"]["gifts"] == 49
    assert document(cli("dump", "--json"))["payments"] == []


def test_a_new_database_has_the_general_appeal(cli: Cli) -> None:
    assert document(cli("appeal", "list", "--json"))["items"] == [
        {
            "id": 1,
            "name": "General",
            "keywords": ["annetus"],
            "references": [],
            "last_day": None,
            "keywords_last_days": {},
            "has_page": False,
            "goal": None,
            "begins_on": None,
        }
    ]


def test_an_appeal_finds_its_gifts_among_what_was_imported(cli: Cli) -> None:
    cli("import", STATEMENTS, "--add-accounts")
    added = cli("appeal", "add", "Niidufond", "--keyword", "Niidufond", "--reference", "20260011", "--json")
    assert document(added)["gifts"] == 4
    assert document(cli("appeal", "add", "General", "--keyword", "Donation", "--json"))["gifts"] == 1
    again = cli("appeal", "add", "Other", "--keyword", "niidufond", "--json")
    assert (again.returncode, document(again)["error"]["code"]) == (1, "name_taken")
    ended = document(cli("appeal", "end", "Niidufond", "2020-01-01", "--json"))
    assert (ended["last_day"], ended["lost_gifts"]) == ("2020-01-01", 4)
    assert document(cli("appeal", "reopen", "Niidufond", "--json"))["gifts"] == 4
    assert cli("appeal", "end", "Nobody", "2020-01-01").returncode == 1


def test_questions_are_answered_and_explained(cli: Cli) -> None:
    cli("import", NEAR_MISSES, "--add-accounts")
    questions = document(cli("questions", "--json"))["items"]
    near = next(each for each in questions if each["reason"] == "near_keyword")
    assert cli("answer", near["payment"]["id"], near["proposals"][0]["number"]).returncode == 0
    other = next(each for each in questions if each["reason"] == "negated_keyword")
    assert cli("answer", other["payment"]["id"], "other").returncode == 2  # why?
    assert cli("answer", other["payment"]["id"], "other", "--reason", "invoice 17").returncode == 0
    left = document(cli("questions", "--json"))["items"]
    assert len(left) == len(questions) - 2
    why = document(cli("why", near["payment"]["id"], "--json"))
    assert [(row["purpose"], row["person"]) for row in why["history"]] == [("gift", "treasurer")]
    assert [(each["import_id"], each["file"]) for each in why["lines"]] == [(1, NEAR_MISSES.name)]
    assert cli("check").returncode == 0


def test_what_statements_disagree_on_is_listed_before_the_questions(cli: Cli, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/books.sqlite")
    book = Book(engine)
    asked = line("03-05", 900, "Jaan Kask", JAAN, "toetus")
    book.take(statement("03-01", "03-31", gift("03-02", 1_000), asked))
    book.take(statement("03-01", "03-10", asked))
    engine.dispose()
    found = document(cli("questions", "--json"))
    gone = book.payment("03-02", 1_000)
    assert [(each["kind"], each["payment"]["id"]) for each in found["findings"]] == [("orphan", gone)]
    assert len(found["items"]) == 1
    shown = cli("questions")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"Payment {gone}: 2026-03-02")
    assert "Questions: 1." in shown.stdout


def test_a_question_says_the_account_as_it_is_and_proposals_as_pages_do(cli: Cli, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/books.sqlite")
    wallet = line("03-02", 500, "Wallet AS", "LT601010012345678901", "annetus")
    party = replace(wallet.counterparty, on_behalf_of="Mari Mets")
    Book(engine).take(
        statement(
            "03-01",
            "03-31",
            line("03-01", 900, text="sularaha"),
            replace(wallet, counterparty=party),
            line("03-03", 700, "Jaan Kask", "221012345678", "annetus"),
        )
    )
    engine.dispose()
    shown = cli("questions").stdout
    assert "2026-03-01, 9,00\u00a0€, no name, no account\n" in shown
    assert "Wallet AS, LT60 1010 0123 4567 8901\n" in shown
    assert "Jaan Kask, 221012345678 (not a valid IBAN)\n" in shown
    assert "1. Gift of Mari Mets (a new donor) · General, because the bank names this donor" in shown
    assert "2. Gift of Wallet AS (a new donor) · General, because nobody known agrees: a new donor [" in shown
    asked = document(cli("questions", "--json"))["items"][1]
    assert [(each["donor"], each["new_donor"]) for each in asked["proposals"]] == [(None, True), (None, True)]
    assert cli("answer", asked["payment"]["id"], 1).returncode == 0
    assert "gift 5,00\u00a0€ of Mari Mets" in cli("why", asked["payment"]["id"]).stdout
    again = cli("answer", asked["payment"]["id"], 2, "--json")
    assert (again.returncode, document(again)["error"]["code"]) == (1, "proposal_outdated")


def asked_about_a_gift(cli: Cli) -> int:
    """Return a payment that may be a gift."""
    asked = document(cli("questions", "--json"))["items"]
    payment: int = next(each["payment"]["id"] for each in asked if each["payment"]["money"]["minor"] > 0)
    return payment


def test_of_two_who_answer_at_once_the_second_sees_what_the_first_did(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("import", NEAR_MISSES, "--add-accounts")
    payment = asked_about_a_gift(cli)
    monkeypatch.setenv("DONATIONS_USER", "Mari")
    assert cli("answer", payment, "other", "--reason", "a sale").returncode == 0
    monkeypatch.setenv("DONATIONS_USER", "Jaan")
    second = ("answer", payment, "gift", "--donor", "anonymous")
    refused = document(cli(*second, "--json"))["error"]
    assert refused["code"] == "answered_by_another"
    assert f"donations why {payment}" in refused["remedy"]
    assert "decided by Mari" in cli("why", payment).stdout
    assert cli(*second, "--anew").returncode == 0
    again = cli("answer", payment, "other", "--reason", "no, a sale")
    assert again.stdout.splitlines()[1] == "In place of: gift, 7,00\u00a0€."  # his own word


def test_an_answer_can_be_changed_and_split(cli: Cli) -> None:
    cli("import", NEAR_MISSES, "--add-accounts")
    payment = asked_about_a_gift(cli)
    assert cli("answer", payment, "gift", "--donor", "Uus Annetaja", "--amount", "3.00").returncode == 0
    rest = document(cli("answer", payment, "gift", "--donor", "anonymous", "--json"))
    assert rest["parts"][-1]["money"]["minor"] == 400  # what was left: the first part stands
    over = cli("answer", payment, "gift", "--donor", "anonymous", "--amount", "9.00", "--json")
    assert document(over)["error"]["code"] == "cannot_allocate"
    nothing = cli("answer", payment, "gift", "--donor", "anonymous", "--amount", "0", "--json")
    assert document(nothing)["error"]["code"] == "bad_amount"
    assert cli("answer", payment, "other", "--reason", "a mistake").returncode == 0
    history = document(cli("why", payment, "--json"))["history"]
    left = [each["purpose"] for each in history if each["taken_back"] is None]
    assert left == ["income"]
    assert cli("check").returncode == 0


def test_an_answer_is_taken_back(cli: Cli) -> None:
    cli("import", NEAR_MISSES, "--add-accounts")
    before = cli("questions", "--json").stdout
    payment = json.loads(before)["items"][0]["payment"]["id"]
    cli("answer", payment, 1)
    assert document(cli("unanswer", payment, "--json"))["taken_back"] == 1
    assert document(cli("questions", "--json"))["items"][0]["payment"]["id"] == payment
    assert document(cli("unanswer", payment, "--json"))["error"]["code"] == "nothing_answered"


def test_a_file_that_cannot_be_opened_is_refused_and_the_rest_imported(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "statements"
    folder.mkdir()
    (folder / "1.xml").write_bytes(MONTH.read_bytes())
    (folder / "2.xml").symlink_to("/proc/self/mem")
    (folder / "3 \udcff.xml").write_bytes(NEAR_MISSES.read_bytes())
    result = cli("import", folder, "--add-accounts", "--json")
    assert result.returncode == 1
    assert [file["status"] for file in document(result)["items"]] == ["imported", "refused", "imported"]
    assert document(result)["items"][1]["notices"][0]["code"] == "cannot_open"


def test_what_payers_write_is_data_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    table("Names", ["Name"], [["\\[/b] [red]Mari :smile:"]])
    assert "\\[/b] [red]Mari :smile:" in capsys.readouterr().out


@pytest.mark.parametrize("letter", ["\x1b", "\x7f", "\x9b", "\x85", "\N{RIGHT-TO-LEFT OVERRIDE}"])
def test_what_payers_write_commands_no_terminal(capsys: pytest.CaptureFixture[str], letter: str) -> None:
    """A sequence that begins with one of these could colour, move or rewrite what was shown before."""
    name = f"Mari{letter}31m"
    table("Names", ["Name"], [[name]])
    show_line(name)
    complain("code", name)
    as_json({"name": name})
    said = capsys.readouterr()
    assert letter not in said.out + said.err
    assert (said.out + said.err).count("31m") == 4
    assert json.loads(said.out[said.out.index("{") :]) == {"name": name}


def test_undo_gives_the_ledger_that_never_had_the_file(cli: Cli) -> None:
    cli("import", MONTH, "--add-accounts")
    before = cli("dump").stdout
    cli("import", NEAR_MISSES)
    planned = document(cli("undo", "2", "--dry-run", "--json"))
    assert (planned["is_preview"], planned["payments"], planned["gifts"]) == (True, 11, 4)
    assert cli("undo", "2").returncode == 0
    assert cli("dump").stdout == before
    assert document(cli("undo", "2", "--json"))["error"]["code"] == "nothing_to_undo"


def test_every_report_is_one_json_document_and_a_table(cli: Cli) -> None:
    cli("import", STATEMENTS, "--add-accounts")
    for command in (
        ("report", "gifts", "--year", "2026"),
        ("report", "donors"),
        ("report", "month", "--month", "2026-02"),
        ("report", "reconciliation"),
        ("coverage",),
        ("check",),
        ("dump",),
        ("questions",),
    ):
        assert document(cli(*command, "--json")), command
        shown = cli(*command)
        assert (shown.returncode, shown.stderr) == (0, ""), command
        assert shown.stdout, command


def test_a_report_is_written_for_spreadsheets(cli: Cli, tmp_path: Path) -> None:
    cli("import", MONTH, "--add-accounts")
    assert cli("report", "gifts", "--csv", "gifts.csv").returncode == 0
    lines = (tmp_path / "gifts.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) >= 8


def test_a_report_is_written_as_a_paper(cli: Cli, tmp_path: Path) -> None:
    cli("import", MONTH, "--add-accounts")
    for form, begins in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", "\ufeffKuupäev".encode())):
        path = tmp_path / f"gifts.{form}"
        assert cli("report", "gifts", "--format", form, "--language", "et", "--output", path).returncode == 0
        assert path.read_bytes().startswith(begins), form


def test_a_balance_read_in_the_internet_bank_proves_days(cli: Cli) -> None:
    cli("import", STATEMENTS / "seb-2026-03-english.csv", "--add-accounts")
    account = document(cli("account", "list", "--json"))["items"][0]["number"]

    def states() -> set[str]:
        return {row["state"] for row in document(cli("coverage", "--json"))["rows"]}

    assert states() == {"unproven", "not_over"}  # the file does not say until when it goes
    cli("balance", account, "2026-03-07", "138.60")
    cli("balance", account, "2026-03-31", "164.40")
    assert states() == {"proven"}


@pytest.mark.usefixtures("short_demo")
def test_the_demo_ends_after_its_table_and_leaves_files_to_upload(cli: Cli, tmp_path: Path) -> None:
    shown = cli("demo", "--no-serve", "--donors", "10")
    assert shown.returncode == 0
    assert " files, 0 refused." in shown.stdout
    assert len(list((tmp_path / "demo-data" / "to-upload").iterdir())) == 5


def test_the_installed_command_starts(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("donations")), "--help"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "import" in shown.stdout


def test_a_month_is_closed_corrected_and_opened_again(cli: Cli) -> None:
    cli("import", MONTH, "--add-accounts")
    assert document(cli("month", "close", "2026-01", "--dry-run", "--json"))["obstacles"] == []
    assert document(cli("month", "close", "2026-01", "--json"))["by"] == "treasurer"
    assert cli("answer", "1", "other", "--reason", "a sale").returncode == 0
    shown = document(cli("month", "show", "2026-01", "--json"))
    assert shown["corrections"] == 2
    assert {(each["what"], each["change"]) for each in shown["changed"] if each["what"] == "gifts"} == {("gifts", -1)}
    assert "Corrected since" in cli("month", "show", "2026-01").stdout
    rows = document(cli("report", "corrections", "--year", "2026", "--json"))["rows"]
    assert [row["why"] for row in rows] == ["a sale", "a sale"]
    codes = {note["code"] for note in document(cli("report", "month", "--year", "2026", "--json"))["notes"]}
    assert {"month_closed", "months_corrected"} <= codes
    assert cli("check").returncode == 0
    assert cli("month", "reopen", "2026-01", "--reason", "a mistake").returncode == 0


def test_what_is_in_the_way_of_closing_is_told(cli: Cli) -> None:
    cli("import", NEAR_MISSES, "--add-accounts")
    refused = cli("month", "close", "2026-02", "--json")
    assert (refused.returncode, document(refused)["error"]["code"]) == (1, "reason_needed")
    assert (
        "In the way, 1: Open questions of this month: 6. See: donations questions"
        in cli("month", "show", "2026-02").stdout
    )
    closed = cli("month", "close", "2026-02", "--reason", "the payers are silent")
    assert (closed.returncode, closed.stdout.startswith("2026-02 is closed.")) == (0, True)
    assert "the payers are silent" in cli("report", "gifts", "--year", "2026").stdout


def test_what_nobody_foresaw_is_told_without_a_traceback(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("donations.cli.reviewing.unallocated_ids", lambda _: int("Mari Mets"))
    result = cli("questions", "--json")
    assert (result.returncode, document(result)["error"]["code"]) == (3, "internal")
    assert "Mari" not in result.stdout + result.stderr


def test_donors_are_merged_and_taken_apart(cli: Cli) -> None:
    cli("import", MONTH, NEAR_MISSES, "--add-accounts")
    question = asked_about_a_gift(cli)
    answered = document(cli("answer", question, "gift", "--donor", "Her Maiden Name", "--json"))
    merging = ("donors", "merge", answered["parts"][0]["donor"]["id"], 2, "--reason", "she married")
    before = cli("dump", "--hash").stdout
    assert document(cli("donors", "alike", "--json"))["items"] == []
    tried = document(cli(*merging, "--dry-run", "--json"))
    assert (tried["id"], tried["is_preview"], tried["into"]["id"]) == (1, True, 2)
    assert cli("dump", "--hash").stdout == before
    assert cli(*merging).returncode == 0
    assert cli("dump", "--hash").stdout != before
    assert document(cli(*merging, "--json"))["error"]["code"] == "merged_already"
    assert cli("donors", "apart", 1).returncode == 0
    assert cli("dump", "--hash").stdout == before
    assert cli("check").returncode == 0


def test_the_organisations_own_code_is_registered(cli: Cli) -> None:
    cli("import", MONTH, "--add-accounts")
    assert document(cli("organisation", "80000014", "--json")) == {"own_codes": ["80000014"]}
    assert document(cli("organisation", "80000011", "--json"))["error"]["code"] == "bad_code"
    assert cli("check").returncode == 0


class Terminal(io.StringIO):
    """What is printed on a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--json",)])
def test_how_far_an_import_is_shows_on_a_terminal_alone(
    cli: Cli, outside: Cli, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    assert "Importing" not in cli("import", MONTH, "--dry-run").stderr
    seen = Terminal()
    monkeypatch.setattr(importing, "errors", Console(file=seen))
    outside("import", MONTH, "--add-accounts", *options)  # not what another test has begun with
    assert ("Importing" in seen.getvalue()) is ("--json" not in options)
