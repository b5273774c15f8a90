"""What the program says of itself: its settings without secrets, its version, and what shells complete."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from tests.cli.conftest import Cli, document

from donations.settings import PREFIX, Settings

SECRET = "kanaarilind-kanaarilind-kanaarilind"  # noqa: S105 - of books that do not exist


def test_every_setting_with_where_it_comes_from(outside: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DONATIONS_ORGANISATION")
    (tmp_path / "donations.toml").write_text('max_lines = 7\nuser = "file"\nallowed_hosts = ["a.ee", "b.ee"]')
    said = document(outside("config", "--json"))
    assert said["config_file"] == str(tmp_path / "donations.toml")
    found = {each.pop("name"): each for each in said["settings"]}
    assert set(found) == {PREFIX + each.upper() for each in Settings.model_fields}
    assert found["DONATIONS_MAX_LINES"] == {
        "value": 7,
        "is_set": True,
        "origin": "file",
        "place": str(tmp_path / "donations.toml"),
    }
    assert (found["DONATIONS_USER"]["value"], found["DONATIONS_USER"]["place"]) == ("treasurer", "DONATIONS_USER")
    assert found["DONATIONS_ALLOWED_HOSTS"]["value"] == ["a.ee", "b.ee"]
    assert (found["DONATIONS_ORGANISATION"]["origin"], found["DONATIONS_ORGANISATION"]["is_set"]) == ("default", False)
    assert "a.ee, b.ee" in outside("config").stdout


@pytest.mark.parametrize("arguments", [["config"], ["config", "--json"]])
def test_nothing_secret_is_shown(
    outside: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    for name in ("SECRET_KEY", "METRICS_TOKEN"):
        monkeypatch.setenv(PREFIX + name, SECRET)
    (tmp_path / "donations.toml").write_text(f'backup_passphrase = "{SECRET}"')
    monkeypatch.setenv("DONATIONS_DATABASE_URL", f"postgresql://u:{SECRET}@h/d?password={SECRET}&sslmode=require")
    shown = outside(*arguments)
    assert (shown.returncode, "kanaari" in shown.stdout + shown.stderr) == (0, False)
    if "--json" in arguments:
        secret = [each for each in document(shown)["settings"] if each["value"] is None and each["is_set"]]
        assert len(secret) == 3
        assert "sslmode=require" in shown.stdout


def test_a_secret_in_a_file_of_its_own_is_told_by_what_names_it(
    outside: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text(SECRET)
    monkeypatch.setenv("DONATIONS_METRICS_TOKEN_FILE", str(tmp_path / "token"))
    (tmp_path / "donations.toml").write_text(f'secret_key_file = "{tmp_path}/token"')
    found = {each["name"]: each for each in document(outside("config", "--json"))["settings"]}
    token, key = found["DONATIONS_METRICS_TOKEN"], found["DONATIONS_SECRET_KEY"]
    assert (token["is_set"], token["origin"], token["place"]) == (True, "environment", "DONATIONS_METRICS_TOKEN_FILE")
    assert (key["is_set"], key["origin"], key["place"]) == (True, "file", str(tmp_path / "donations.toml"))


def test_settings_that_cannot_be_meant_are_refused(outside: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONATIONS_METRICS_TOKEN", "short")
    ended = outside("config")
    assert (ended.returncode, "(bad_settings)" in ended.stderr) == (2, True)


def test_its_version(outside: Cli) -> None:
    assert outside("--version").stdout == f"donations {version('donations')}\n"


def test_shells_complete_commands_and_what_is_in_them() -> None:
    program = Path(sys.executable).with_name("donations")

    def completed(words: str) -> list[str]:
        asked = {"_DONATIONS_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        ended = subprocess.run([program], env=os.environ | asked, check=True, capture_output=True, text=True)
        return ended.stdout.split()

    assert completed("donations con") == ["config"]
    assert completed("donations month cl") == ["close"]
