"""Settings: what is not known, not there or cannot be used is said, with the place where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Cli, cli, document, outside

from donations.core.refusal import Refusal
from donations.settings import read_settings, unknown_variables

__all__ = ["cli", "outside"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal() -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        read_settings()
    return str(refused.value.code), str(refused.value.translated())


def test_without_anything_said_all_is_as_documented() -> None:
    found = read_settings()
    assert (found.database_url, found.organisation, found.user) == ("sqlite:///donations.sqlite", "", "")


def test_the_environment_goes_before_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "donations.toml").write_text('organisation = "MTÜ Rohutirts"\nmax_lines = 5\nallowed_hosts = ["a.ee"]\n')
    monkeypatch.setenv("DONATIONS_MAX_LINES", "7")
    found = read_settings()
    assert (found.organisation, found.max_lines, found.allowed_hosts) == ("MTÜ Rohutirts", 7, ("a.ee",))


@pytest.mark.parametrize("named", ["/etc/donatons.toml", "/etc", ""])
def test_a_file_that_is_named_must_be_there(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONATIONS_CONFIG", named)
    code, said = refusal()
    assert (code, "DONATIONS_CONFIG" in said) == ("no_config_file", True)


def test_a_folder_of_the_files_name_is_no_file(folder: Path) -> None:
    (folder / "donations.toml").mkdir()
    assert refusal()[0] == "no_config_file"


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b'organisaton = "X"', ["organisaton", "organisation?"]),
        (b'[donations]\norganisation = "X"', ["donations"]),
        (b'DONATIONS_ORGANISATION = "X"', ["DONATIONS_ORGANISATION", "organisation?"]),
        (b'colour = "red"\nmax_line = 5', ["colour", "max_line", "max_lines?"]),
    ],
)
def test_what_the_file_says_must_be_known(folder: Path, content: bytes, names: list[str]) -> None:
    (folder / "donations.toml").write_bytes(content)
    code, said = refusal()
    assert code == "unknown_setting"
    assert [name for name in ["donations.toml", *names] if name not in said] == []


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'user = "a"\norganisation = \n', 2),
        (b'user = "a"\n\norganisation = "M\xfct"\n', 3),
        (b'user = "a"\nuser = "b"\n', 2),
        (b'organisation = "MT', 1),
        (b"max_lines = [\n1,\n", 3),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(folder: Path, content: bytes, line: int) -> None:
    (folder / "donations.toml").write_bytes(content)
    code, said = refusal()
    assert (code, f"donations.toml, line {line}: " in said) == ("bad_config_file", True)


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("max_lines", "0", "greater than 0"),
        ("max_lines", "many", "integer"),
        ("database_url", "nonsense", "sqlite:///FILE"),
        ("database_url", "", "sqlite:///FILE"),
        ("database_url", "mysql://x", "sqlite:///FILE"),
        ("database_url", "sqlite://", "sqlite:///FILE"),
        ("database_url", "sqlite:///:memory:", "sqlite:///FILE"),
        ("database_url", "postgresql://mari:short-and@host:port/books", "sqlite:///FILE"),
        ("secret_key", "short-and-secret", "at least 32"),
        ("address", "foo", "https://"),
        ("user", "Mari\nMets", "one line"),
        ("user", "M" * 5_000, "one line"),
        ("organisation", "M\x00", "one line"),
        ("organisation", "M" * 81, "80"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_rule_and_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, rule: str
) -> None:
    is_number = value.isdecimal()
    escaped = value.encode("unicode_escape").decode().replace("\\x", "\\u00")
    (folder / "donations.toml").write_text(f"{name} = {value}\n" if is_number else f'{name} = "{escaped}"\n')
    said = [refusal()]
    if "\x00" not in value:
        (folder / "donations.toml").unlink()
        monkeypatch.setenv(f"DONATIONS_{name.upper()}", value)
        said.append(refusal())
    for (code, message), place in zip(said, (f"{name} in donations.toml", f"DONATIONS_{name.upper()}"), strict=False):
        assert code == "bad_settings"
        assert place in message
        assert rule in message
        assert "short-and" not in message


def test_what_the_environment_says_and_nobody_knows_is_told_once(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONATIONS_MAX_LINE", "5")
    assert list(unknown_variables()) == ["DONATIONS_MAX_LINE (perhaps DONATIONS_MAX_LINES?)"]
    ended = cli("account", "list", "--json")
    assert document(ended) == {"items": [], "next": None}
    assert ended.stderr.count("DONATIONS_MAX_LINE ") == 1
    assert ended.returncode == 0


def test_bad_settings_are_misuse(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONATIONS_CONFIG", "/etc/donatons.toml")
    ended = cli("account", "list", "--json")
    assert (ended.returncode, document(ended)["error"]["code"]) == (2, "no_config_file")


@pytest.mark.parametrize("name", ["database_url", "secret_key", "backup_passphrase"])
def test_secrets_stand_in_files_of_the_host(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    value = "postgresql://mari:short-and@host/books"
    (folder / "secret").write_text(f"{value}\n")
    (folder / "donations.toml").write_text(f'{name}_file = "secret"\n')
    assert value in str(getattr(read_settings(), name)) or getattr(read_settings(), name).get_secret_value() == value
    (folder / "donations.toml").write_text(f'{name}_file = "secret"\n{name} = "{value}"\n')
    assert refusal()[0] == "bad_settings"
    (folder / "donations.toml").unlink()
    variable = f"DONATIONS_{name.upper()}"
    monkeypatch.setenv(f"{variable}_FILE", "secret")
    read_settings()
    assert list(unknown_variables()) == []
    monkeypatch.setenv(variable, value)
    code, said = refusal()
    assert (code, f"{variable}, {variable}_FILE" in said, "short-and" in said) == ("bad_settings", True, False)
    monkeypatch.delenv(variable)
    monkeypatch.setenv(f"{variable}_FILE", "not-there")
    assert f"{variable}_FILE=not-there" in refusal()[1]
