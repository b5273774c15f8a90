"""`donations changes`: the terminal makes the same wishes, in the name of who types."""

from __future__ import annotations

import pytest
from tests.access.house import JAAN, MARI
from tests.book import OTHER_OWN, OWN
from tests.cli.conftest import MONTH, STATEMENTS, Cli, document
from tests.web.conftest import QUICK

from donations.access.event import Origin
from donations.access.link import add_person
from donations.access.person import Role
from donations.cli import context
from donations.store.session import writing


@pytest.fixture
def board(two: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Let them have an account; Mari types."""
    assert two("account", "add", OWN).returncode == 0
    monkeypatch.setenv("DONATIONS_USER", MARI)
    context.settings.cache_clear()
    return two


@pytest.fixture
def two(cli: Cli) -> Cli:
    """Mari and Jaan, who both may decide on accounts; the association has none yet."""
    context.settings.cache_clear()
    context.engine.cache_clear()
    with writing(context.engine()) as session:
        for name in (MARI, JAAN):
            origin = Origin(address="", browser="", at=context.now())
            row = add_person(session, name=name, email="", roles=frozenset({Role.TREASURER}), origin=origin)
            row.password_hash = QUICK.hashed("x")
            session.add(row)
    return cli


def refused(ended: object) -> str:
    return str(document(ended)["error"]["code"])  # type: ignore[arg-type]


def test_an_account_waits_and_another_one_agrees(board: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    said = board("account", "add", OTHER_OWN, "--name", "Hoius")
    assert "It waits as change 1" in said.stdout
    assert "donations changes agree 1" in said.stdout
    assert document(board("account", "add", OTHER_OWN, "--name", "Hoius", "--json"))["waits"]["number"] == 1
    assert refused(board("changes", "agree", 1, "--json")) == "second_needed"
    listed = board("changes", "list").stdout
    assert "1. New own account: EE47 1000 0010 2014 5685" in listed
    assert f"May agree: {JAAN}" in listed
    assert len(document(board("account", "list", "--json"))["items"]) == 1
    monkeypatch.setenv("DONATIONS_USER", JAAN)
    context.settings.cache_clear()
    assert board("changes", "agree", 1).returncode == 0
    assert len(document(board("account", "list", "--json"))["items"]) == 2
    assert "Nothing waits." in board("changes", "list").stdout


def test_no_import_registers_what_waits(board: Cli) -> None:
    said = board("import", MONTH, "--add-accounts")
    assert said.returncode == 1
    assert "donations account add" in said.stdout
    assert len(document(board("account", "list", "--json"))["items"]) == 1


def test_one_import_registers_the_first_account_only(two: Cli) -> None:
    said = two("import", MONTH, STATEMENTS / "seb-2026-01-02-two-months.xml", "--add-accounts")
    assert said.returncode == 1
    assert "donations account add" in said.stdout
    assert len(document(two("account", "list", "--json"))["items"]) == 1


def test_an_invited_person_has_no_role_until_somebody_agreed(board: Cli) -> None:
    made = board("user", "add", "Uus Mees", "--role", "admin")
    assert "/link/" in made.stdout
    assert "It waits as change 1: all are told" in made.stderr
    (new,) = [each for each in document(board("user", "list", "--json"))["items"] if each["name"] == "Uus Mees"]
    assert new["roles"] == []
    assert board("changes", "withdraw", 1).returncode == 0
