"""People by the command line, and the link by which the first one comes in."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from tests.cli.conftest import Cli, document

from donations.access.members import AUDITED_FOR
from donations.cli import context, server
from donations.core.calendar import day_of
from donations.store.session import reading
from donations.web.site import Site

LINK = re.compile(r"http://localhost:8000/link/[\w-]{43}")


class Port8000(socket.socket):
    """A socket that says so."""

    def getsockname(self) -> tuple[str, int]:
        """Return the address."""
        return "127.0.0.1", 8000


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[uvicorn.Config]]:
    """What would have been served, and how; on port 8000, as far as anybody is told."""
    calls: list[uvicorn.Config] = []
    with Port8000() as listening:
        monkeypatch.setattr(server, "listen", lambda *_: listening)
        monkeypatch.setattr("uvicorn.Server.run", lambda server, _: calls.append(server.config))
        yield calls


def test_somebody_is_added_and_listed(cli: Cli) -> None:
    assert "Nobody yet" in cli("user", "list").stdout
    added = cli("user", "add", "Mari Mets", "--role", "treasurer", "--role", "admin", "--email", "mari@mets.ee")
    assert added.returncode == 0
    assert LINK.search(added.stdout)
    (person,) = document(cli("user", "list", "--json"))["items"]
    assert person == {
        "name": "Mari Mets",
        "email": "mari@mets.ee",
        "roles": ["treasurer", "admin"],
        "sees_names": False,
        "has_password": False,
        "is_disabled": False,
        "until": None,
    }


def test_who_comes_for_a_while(cli: Cli) -> None:
    cli("user", "add", "Mari Mets", "--role", "treasurer", "--until", "2027-01-31")
    cli("user", "add", "Jaan Kask", "--role", "auditor")
    jaan, mari = document(cli("user", "list", "--json"))["items"]
    assert (mari["until"], jaan["until"]) == ("2027-01-31", str(day_of(context.now()) + AUDITED_FOR))
    assert "2027-01-31" in cli("user", "list").stdout
    assert cli("user", "add", "Ants Aas", "--role", "viewer", "--until", "soon").returncode == 2


def test_the_last_administrator_who_lost_the_phone(cli: Cli) -> None:
    cli("user", "add", "Anna Admin", "--role", "admin")
    assert "taken away" in cli("user", "reset-step", "anna admin").stdout
    newest, *_ = document(cli("audit", "list", "--json", "--area", "people"))["items"]
    assert newest["action"] == "factors_reset"
    assert cli("user", "reset-step", "Nobody").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["add", "M", "--role", "viewer"], "bad_name"),
        (["add", "mari METS", "--role", "viewer"], "already_taken"),
        (["disable", "Jaan Kask"], "unknown_person"),
        (["link", "Jaan Kask"], "unknown_person"),
        (["disable", "Anna Admin"], "last_admin"),
    ],
)
def test_what_cannot_be_done_is_said(cli: Cli, arguments: list[str], code: str) -> None:
    cli("user", "add", "Mari Mets", "--role", "treasurer")
    cli("user", "add", "Anna Admin", "--role", "admin")
    refused = cli("user", *arguments, "--json")
    assert refused.returncode in {1, 2}
    assert document(refused)["error"]["code"] == code


def test_switched_off_and_a_new_link(cli: Cli) -> None:
    first = document(cli("user", "add", "Mari Mets", "--role", "viewer", "--names", "--json"))
    second = document(cli("user", "link", "mari mets", "--json"))
    assert first["link"] != second["link"]
    assert second["days"] == 3
    assert cli("user", "disable", "MARI METS").returncode == 0
    (person,) = document(cli("user", "list", "--json"))["items"]
    assert person["is_disabled"]


def test_serving_prints_a_link_until_somebody_has_an_account(cli: Cli, served: list[uvicorn.Config]) -> None:
    first, second = (LINK.search(cli("serve").stdout) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first[0] != second[0]
    cli("user", "add", "Mari Mets", "--role", "admin")
    assert LINK.search(cli("serve").stdout) is None
    assert isinstance(served[-1].app, FastAPI)
    site: Site = served[-1].app.state.site
    assert not site.is_demo


@pytest.mark.parametrize(("proxies", "believed"), [("", []), ("10.0.0.1, 10.0.0.2", ["10.0.0.1", "10.0.0.2"])])
def test_only_proxies_in_the_settings_are_believed(
    cli: Cli,
    served: list[uvicorn.Config],
    monkeypatch: pytest.MonkeyPatch,
    proxies: str,
    believed: list[str],
) -> None:
    """The server by itself would believe whatever runs on this computer."""
    monkeypatch.setenv("DONATIONS_TRUSTED_PROXIES", proxies)
    cli("serve")
    assert (served[-1].proxy_headers, served[-1].forwarded_allow_ips) == (bool(believed), believed)


def test_links_begin_with_the_address_in_the_settings(
    cli: Cli, served: list[uvicorn.Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONATIONS_ADDRESS", "https://donations.example/")
    assert "https://donations.example/link/" in cli("serve").stdout
    assert "https://donations.example/link/" in cli("user", "add", "Mari Mets", "--role", "admin").stdout
    assert len(served) == 1


def test_no_secret_of_a_link_is_kept(cli: Cli, served: list[uvicorn.Config]) -> None:
    printed = LINK.search(cli("serve").stdout)
    assert printed is not None
    assert served
    with reading(context.engine()) as session:
        kept = str(session.connection().exec_driver_sql("SELECT * FROM one_time_link").all())
    assert printed[0].rpartition("/")[2] not in kept
