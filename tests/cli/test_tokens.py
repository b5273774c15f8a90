"""Tokens on the command line: made and shown once, listed with their owner, revoked."""

from __future__ import annotations

import re

from tests.cli.conftest import Cli, document

from donations.access.person import Role
from donations.cli import context
from donations.store.users import add_person


def test_a_token_from_making_to_revoking(cli: Cli) -> None:
    assert document(cli("token", "list", "--json"))["items"] == []
    with context.writer() as session:
        add_person(
            session,
            name="Tiina Tamm",
            name_key="tiina tamm",
            email="",
            email_key=None,
            roles=Role.TREASURER,
            now=context.now(),
        )
    options = ("--name", "Nightly import", "--scope", "statement:write", "--days", "30", "--json")
    made = document(cli("token", "add", "TIINA  tamm", *options))
    assert re.fullmatch(r"dt_1_[A-Za-z0-9_-]{43}", made["token"])
    listed = cli("token", "list", "--json")
    (token,) = document(listed)["items"]
    assert (token["owner"], token["scopes"], token["state"]) == ("Tiina Tamm", ["statement:write"], "good")
    assert made["token"] not in listed.stdout
    assert document(cli("token", "revoke", 1, "--json")) == {"revoked": 1}
    assert document(cli("token", "list", "--json"))["items"][0]["state"] == "revoked"
    assert "revoked" in cli("token", "list").stdout
    assert cli("token", "revoke", 1).returncode == 1


def test_a_token_has_an_owner_and_a_scope(cli: Cli) -> None:
    answer = cli("token", "add", "Nobody", "--name", "x", "--scope", "report:read", "--json")
    assert (answer.returncode, document(answer)["error"]["code"]) == (1, "unknown_person")
    assert cli("token", "add", "Nobody", "--name", "x", "--scope", "everything").returncode == 2
    assert cli("token", "add", "Nobody", "--name", "x", "--scope", "report:read", "--days", "366").returncode == 2
