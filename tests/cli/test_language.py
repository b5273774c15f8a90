"""The terminal speaks the reader's language; programs get the same documents whatever it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import NEAR_MISSES, Cli, document

from donations.cli.main import COMMANDS, command_named
from donations.core.language import Language
from donations.views.language import speaking

SAID = {
    "en": "No questions: everything is explained.\n",
    "et": "Küsimusi ei ole: kõik on selgitatud.\n",
    "ru": "Вопросов нет: всё объяснено.\n",
}
VARIABLES = ("DONATIONS_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def nothing_set(outside: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing of this computer decide; `outside` comes first, for it sets English."""
    del outside
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "et_EE.UTF-8"}, "et"),
        ({"LANG": "et_EE.UTF-8", "LC_MESSAGES": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "et_EE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "et_EE.UTF-8", "DONATIONS_LANGUAGE": "ru"}, "ru"),
        ({"LANG": "et_EE.UTF-8", "DONATIONS_LANGUAGE": ""}, "et"),
    ],
)
def test_it_speaks_as_the_computer_does(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cli("questions").stdout == SAID[said]


def test_a_setting_goes_before_the_computer_and_what_is_typed_before_all(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "donations.toml").write_text('language = "et"\n')
    assert cli("questions").stdout == SAID["et"]
    monkeypatch.setenv("DONATIONS_LANGUAGE", "ru")
    assert cli("questions").stdout == SAID["ru"]
    assert cli("--language", "en", "questions").stdout == SAID["en"]
    assert cli("questions").stdout == SAID["ru"]


def test_an_unknown_language_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("--language", "de", "questions").returncode == 2
    monkeypatch.setenv("DONATIONS_LANGUAGE", "de")
    assert document(cli("questions", "--json"))["error"]["code"] == "bad_settings"


def test_tables_sentences_refusals_and_help_are_in_it(cli: Cli) -> None:
    shown = {
        ("import", NEAR_MISSES, "--add-accounts"): "tagasi lükatud 0",
        ("questions",): "Küsimusi: 6",
        ("report", "months"): "Kuu",
        ("month", "show", "2026-02"): "Ees on, 1: ",
        ("why", 1): "Makse 1: ",
        ("why", 99): "Sellist makset ei ole",
        ("--help",): "pangakontod",
    }
    told = {words: cli("--language", "et", *words) for words in shown}
    assert [words for words, each in told.items() if shown[words] not in each.stdout + each.stderr] == []


def helps(command: Any) -> Iterator[str]:
    yield from (each.help for each in (command, *command.params) if each.help)
    for each in getattr(command, "commands", {}).values():
        yield from helps(each)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_help_is_left_in_english(name: str) -> None:
    english = list(helps(command_named(name)))
    for language in (Language.ESTONIAN, Language.RUSSIAN):
        with speaking(language):
            assert [one for one, other in zip(english, helps(command_named(name)), strict=True) if one == other] == []


def test_help_of_a_command_is_in_it_with_all_around_it(cli: Cli) -> None:
    shown = cli("--language", "et", "month", "close", "--help").stdout
    for said in ("Külmutab lõppenud", "Argumendid", "[kohustuslik]", "ära muuda midagi", "Näita seda teksti ja välju."):
        assert said in shown
    assert "Show" not in shown


def test_what_checks_hold_the_books_to_and_how_they_are_broken_is_in_it(cli: Cli) -> None:
    cli("import", NEAR_MISSES, "--add-accounts")
    spoken = " ".join(cli("--language", "et", "check", "integers").stdout.split())
    assert "Raha on kõikjal" in spoken
    row = document(cli("--language", "et", "check", "integers", "--json"))["rows"][0]
    assert row["what"] == "Money is whole minor units everywhere."  # programs get the same in every language


def test_what_a_program_reads_differs_in_its_words_alone(cli: Cli) -> None:
    cli("import", NEAR_MISSES, "--add-accounts")
    for command in (("account", "list"), ("report", "gifts"), ("audit", "list"), ("certificates", "list", "2026")):
        assert cli("--language", "ru", *command, "--json").stdout[:200] == cli(*command, "--json").stdout[:200]
    english, russian = (
        document(cli(*language, "questions", "--json"))["items"][0] for language in ((), ("--language", "ru"))
    )
    differing = {key for key in english if english[key] != russian[key]}
    assert differing == {"words", "proposals"}
