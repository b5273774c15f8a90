"""What is deployed says nothing that the program does not understand: compose.yaml, units of systemd, the manual."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from donations.cli.main import command_named
from donations.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
MANUAL = (ROOT / "docs" / "operations.md").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ALL = "\n".join((MANUAL, COMPOSE, DOCKERFILE, *(each.read_text() for each in UNITS)))
OF_THE_SHELL = {"DONATIONS_CONFIG"}


def commands() -> Iterator[list[str]]:
    """Yield every command line of the program that stands anywhere, from the command's name on."""
    compose = [" ".join(each["command"]) for each in yaml.safe_load(COMPOSE)["services"].values() if "command" in each]
    image = re.findall(r'^CMD \["donations", (.*)\]', DOCKERFILE, re.MULTILINE)
    yield from (line.replace('"', "").replace(",", "").split() for line in image)
    units = re.findall(r"^ExecStart=.*", ALL, re.MULTILINE)
    shells = re.findall(r"^```sh\n(.*?)^```", MANUAL, re.DOTALL | re.MULTILINE)
    spoken = re.findall(r"`(donations [a-z][^`]*)`", MANUAL)
    for line in "\n".join((*compose, *units, *shells, *spoken)).splitlines():
        for found in re.findall(r"(?:\b|as_)donations ([a-z][^#&;|)]*)", line):
            yield shlex.split(found)


def test_every_command_is_understood() -> None:
    found = list(commands())
    assert {each[0] for each in found} >= {"serve", "backup", "check", "verify", "restore", "migrate", "config"}
    for name, *arguments in found:
        command = command_named(name)
        if arguments:  # else it is only named
            command.make_context(name, arguments).close()


def test_every_setting_is_known() -> None:
    known = {PREFIX + field.upper() for field in Settings.model_fields} | OF_THE_SHELL
    said = {each.removesuffix("_FILE") for each in re.findall(r"\bDONATIONS_[A-Z_]+", ALL)}
    assert said - known == set()
    toml = re.search(r"donations\.toml <<'END'\n(.*?)END", MANUAL, re.DOTALL)
    assert toml is not None
    assert {line.split()[0] for line in toml[1].splitlines()} <= set(Settings.model_fields)


def test_nothing_secret_stands_in_compose() -> None:
    said: dict[str, Any] = yaml.safe_load(COMPOSE)
    files = {name: each["file"] for name, each in said["secrets"].items()}
    assert all(each.startswith("./secrets/") for each in files.values())
    for name, service in said["services"].items():
        assert service["read_only"] is True, name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert set(service["secrets"]) <= set(files), name
        given = service["environment"]
        secret = [
            each for each in given if re.search("PASSWORD|SECRET|DATABASE_URL", each) and not each.endswith("_FILE")
        ]
        assert secret == [], name
        assert all(given[each].removeprefix("/run/secrets/") in files for each in given if each.endswith("_FILE")), name
        assert all(each.startswith("127.0.0.1:") for each in service.get("ports", ())), name
    ignored = (ROOT / ".dockerignore").read_text().split() + (ROOT / ".gitignore").read_text().split()
    assert {"secrets", "/secrets/", "/.env"} <= set(ignored)


def test_the_image_is_of_a_user_without_rights() -> None:
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", DOCKERFILE, re.MULTILINE)
    assert "LOGNAME=" in DOCKERFILE  # this user has no name, and whoever acts is told by name


@pytest.mark.parametrize("unit", [each for each in UNITS if each.suffix == ".service"], ids=lambda each: each.stem)
def test_units_may_little(unit: Path) -> None:
    lines = set(unit.read_text().splitlines())
    wanted = ("User=donations", "ProtectSystem=strict", "PrivateTmp=yes", "NoNewPrivileges=yes", "ProtectHome=yes")
    assert lines >= {*wanted, "CapabilityBoundingSet=", "UMask=0077"}
    assert "LoadCredential=secret_key:/etc/donations/secret_key" in lines


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for each in UNITS:
        text = each.read_text().replace("/opt/donations/bin/donations", "/bin/true")  # it has to be there
        (tmp_path / each.name).write_text(text)
    named = [str(tmp_path / each.name) for each in UNITS]
    ended = subprocess.run(["systemd-analyze", "verify", *named], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
