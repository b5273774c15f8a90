"""The terminal speaks the reader's language; programs get the same documents whatever it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import NEAR_MISSES, Cli, document

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
        ("questions",): "Küsimusi 6",
        ("report", "months"): "Kuu",
        ("month", "show", "2026-02"): "Ees on, 1: ",
        ("why", 1): "Makse 1: ",
        ("why", 99): "Sellist makset ei ole",
        ("--help",): "pangakontod",
    }
    told = {words: cli("--language", "et", *words) for words in shown}
    assert [words for words, each in told.items() if shown[words] not in each.stdout + each.stderr] == []


def test_what_a_program_reads_differs_in_its_words_alone(cli: Cli) -> None:
    cli("import", NEAR_MISSES, "--add-accounts")
    for command in (("account", "list"), ("report", "gifts"), ("audit", "list"), ("certificates", "list", "2026")):
        assert cli("--language", "ru", *command, "--json").stdout[:200] == cli(*command, "--json").stdout[:200]
    english, russian = (
        document(cli(*language, "questions", "--json"))["items"][0] for language in ((), ("--language", "ru"))
    )
    differing = {key for key in english if english[key] != russian[key]}
    assert differing == {"words", "proposals"}
