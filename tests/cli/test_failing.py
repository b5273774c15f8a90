"""What fails is told alike: the kind of a refusal is its exit status, and `--json` the document that the API gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.cli.conftest import MONTH, NEAR_MISSES, Cli, document

from donations.cli.main import command_named
from donations.cli.show import COMMANDS, document_of, status_of
from donations.core.language import Language
from donations.core.refusal import Refusal, RefusalCode, RefusalKind
from donations.core.refusals import CODES, AnswerCode, BooksCode
from donations.views.language import speaking
from donations.web.api.problems import problem
from donations.web.refused import refusal_in_words
from donations.web.refused import status_of as web_status_of

KINDS = {
    RefusalKind.WRONG_INPUT: (2, 422),
    RefusalKind.ABSENT: (1, 404),
    RefusalKind.CONFLICT: (1, 409),
    RefusalKind.NOT_ALLOWED: (1, 403),
    RefusalKind.BUSY: (1, 503),
    RefusalKind.UNFORESEEN: (3, 500),
}
OF_HTTP_ALONE = {400, 401, 405, 408, 410, 413, 415}


def made(code: RefusalCode) -> Refusal:
    """Return the refusal with something in each of its places."""

    class Anything(dict[str, str]):
        def __missing__(self, name: str) -> str:
            self[name] = f"<{name}>"
            return self[name]

    facts = Anything()
    for said in (code.what, code.money, code.remedy):
        said.format_map(facts)
    return Refusal(code, **facts)


@pytest.mark.parametrize("code", CODES)
def test_page_program_and_terminal_say_the_same(code: str) -> None:
    refusal = made(CODES[code])
    with speaking(Language.ENGLISH):
        answer: dict[str, Any] = json.loads(bytes(problem(refusal).body))
        on_page = refusal_in_words(refusal)
    error = document_of(refusal)["error"]
    assert answer == error | {"type": f"/docs/problems#{code}", "status": answer["status"]}
    assert (on_page.what, on_page.remedy, on_page.money) == (error["title"], error["remedy"], error["money"])
    assert error["code"] == code


@pytest.mark.parametrize("code", CODES)
def test_the_kind_is_the_status_of_http_and_of_the_terminal(code: str) -> None:
    refusal = made(CODES[code])
    ending, status = KINDS[refusal.code.kind]
    assert status_of(refusal) == ending
    assert web_status_of(refusal.code) in {status, *OF_HTTP_ALONE} or code == "unknown_report"


def test_the_commands_that_are_named_are_there() -> None:
    for command in COMMANDS.values():
        name, *rest = command.split()[1:]
        found = command_named(name)  # a wrong name ends the test
        assert not hasattr(found, "commands") or rest[0] in found.commands, command


@pytest.mark.parametrize(
    "misuse",
    [
        ("why",),
        ("why", "five"),
        ("why", "0"),
        ("answer", "1"),
        ("inf4", "take"),
        ("journal", "2026-01", "--format", "parchment"),
        ("donors", "hold", "1", "--why", "king"),
        ("nothing",),
    ],
)
def test_what_the_parser_finds_is_told_as_json_too(cli: Cli, misuse: tuple[str, ...]) -> None:
    ended = cli(*misuse, "--json")
    assert (ended.returncode, document(ended)["error"]["code"]) == (2, "bad_usage")
    assert ended.stderr == ""
    shown = cli(*misuse)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "Usage: " in shown.stderr


def test_what_the_parser_finds_is_told_in_the_readers_language(cli: Cli) -> None:
    """The library's own English is nowhere: each kind of its refusals is known."""
    refused = {
        ("importt", "x"): "käsku importt ei ole; lähimad on import, report",
        ("donors", "list"): "käsku list ei ole",
        ("questions", "--jso"): "valikut --jso ei ole; lähimad on --json",
        ("questions", "--frobnicate"): "valikut --frobnicate ei ole",
        ("questions", "--json=3"): "--json ei võta väärtust",
        ("questions", "extra"): "extra on liigne",
        ("report", "donors", "--year"): "--year järel peab olema väärtus",
        ("report", "donors", "--year", "20x6"): "--year on täisarv",
        ("report", "donors", "--format", "pdff"): "--format on üks neist: csv, json, pdf, xlsx",
        ("organisation", "--year-begins", "13"): "--year-begins on kõige rohkem 12",
        ("certificates", "issue", "1999"): "year on vähemalt 2000",
        ("why",): "PAYMENT puudub",
    }
    no_usage = {"--json=3", "--year"}  # the library names no command there
    told = {misuse: cli("--language", "et", *misuse).stderr for misuse in refused}
    assert {misuse for misuse, said in refused.items() if said not in told[misuse]} == set()
    spoken = {misuse for misuse, said in told.items() if said.startswith("Kasutamine: ")}
    assert {misuse[-1] for misuse in refused.keys() - spoken} == no_usage


def test_the_same_kind_of_refusal_ends_alike(cli: Cli) -> None:
    cli("import", MONTH, "--add-accounts")
    cli("undo", "1")
    refused = {
        ("undo", "1"): (1, "nothing_to_undo"),
        ("undo", "9"): (1, "unknown_import"),
        ("account", "add", "EE237700010000000016"): (1, "already_registered"),
        ("donors", "release", "9"): (1, "unknown_donor"),
        ("donors", "merge", "9", "8", "--reason", "x"): (1, "unknown_donor"),
        ("token", "revoke", "99"): (1, "unknown_token"),
        ("user", "link", "nobody"): (1, "unknown_person"),
        ("month", "reopen", "2026-01", "--reason", "x"): (1, "not_closed"),
        ("certificates", "issue", "2025"): (1, "nothing_to_issue"),
        ("certificates", "issue", "2025", "--donor", "99999"): (1, "unknown_donor"),
        ("why", "9"): (1, "unknown_payment"),
        ("unanswer", "9"): (1, "unknown_payment"),
        ("balance", "EE237700010000000016", "2099-10-31", "12,00"): (2, "balance_too_early"),
        ("balance", "EE237700010000000016", "2026-01-31", "12.345"): (2, "bad_balance"),
        ("balance", "EE237700010000000016", "2026-01-31", "12", "--currency", "EURO"): (2, "bad_currency"),
        ("report", "gifts", "--csv", "/nonexistent/x.csv"): (2, "file_system"),
        ("report", "gifts", "--csv", "."): (2, "file_system"),
        ("report", "gifts", "--month", "3"): (2, "bad_month"),
        ("report", "gifts", "--year", "2026", "--month", "2026-03"): (2, "period_twice"),
    }
    ended = {command: cli(*command, "--json") for command in refused}
    assert {command: (each.returncode, document(each)["error"]["code"]) for command, each in ended.items()} == refused


def test_amounts_take_a_comma(cli: Cli) -> None:
    cli("import", NEAR_MISSES, "--add-accounts")
    asked = document(cli("questions", "--json"))["items"]
    payment = next(each["payment"]["id"] for each in asked if each["payment"]["money"]["minor"] > 500)
    for amount, code in (("1.234", "bad_amount"), ("0,00", "bad_amount")):
        refused = cli("answer", payment, "gift", "--donor", "Mari", "--amount", amount, "--json")
        assert (refused.returncode, document(refused)["error"]["code"]) == (2, code)
    answered = cli("answer", payment, "gift", "--donor", "Mari", "--amount", "1,5", "--json")
    assert (answered.returncode, [part["money"]["minor"] for part in document(answered)["parts"]]) == (0, [150])


def test_a_month_is_written_in_one_way(cli: Cli) -> None:
    cli("import", MONTH, "--add-accounts")
    january = document(cli("report", "gifts", "--month", "2026-01", "--json"))
    assert january["rows"]
    assert document(cli("report", "gifts", "--month", "2025-12", "--json"))["rows"] == []


def test_the_sentence_names_where_to_look(cli: Cli) -> None:
    ended = cli("answer", "9", "1")
    assert ended.stderr == (
        "There is no such payment. Nothing was changed. It may have gone when its import was taken back. Look for it in"
        f" the ledger. See: {COMMANDS[AnswerCode.UNKNOWN_PAYMENT]} (unknown_payment)\n"
    )
    assert BooksCode.UNKNOWN_ACCOUNT in COMMANDS
