"""Whatever is typed is bounded: by one refusal that names the field and the limit, and never what was typed."""

from __future__ import annotations

import pytest
from tests.book import OTHER_OWN
from tests.cli.conftest import NEAR_MISSES, Cli, document

BAD = ["x" * 3_000, "Secret\x00", "Secret\udcff"]
TYPED = {
    "name": ["account", "add", OTHER_OWN, "--name", "{}"],
    "number": ["account", "add", "{}", "--local"],
    "an appeal's name": ["appeal", "add", "{}", "--keyword", "Kevad"],
    "reason": ["answer", "1", "other", "--reason", "{}"],
    "donor": ["answer", "1", "gift", "--donor", "{}"],
    "leave-out": ["identity", "leave-out", "1", "--reason", "{}"],
    "organisation": ["organisation", "--name", "{}"],
    "token": ["token", "add", "Mari Mets", "--name", "{}", "--scope", "report:read"],
    "who asks": ["audit", "list", "--by", "{}"],
    "user": ["user", "add", "{}", "--role", "viewer"],
    "month": ["month", "close", "2026-02", "--reason", "{}"],
}
LOOKED_UP = {"who asks"}
"""Only looked for: it may be long, and then nothing is found."""


@pytest.fixture
def books(cli: Cli) -> Cli:
    """Books with questions, and somebody in them."""
    cli("import", NEAR_MISSES, "--add-accounts")
    cli("user", "add", "Mari Mets", "--role", "treasurer")
    return cli


@pytest.mark.parametrize("typed", TYPED)
def test_what_cannot_be_kept_is_refused(books: Cli, typed: str) -> None:
    before = books("dump", "--hash").stdout
    for bad in BAD[1:] if typed in LOOKED_UP else BAD:
        ended = books(*(each.format(bad) for each in TYPED[typed]), "--json")
        assert ended.returncode == 2, (ended, bad[:20])
        error = document(ended)["error"]
        assert error["code"] in {"text_refused", "bad_name"}
        assert bad not in ended.stdout + ended.stderr
    assert books("dump", "--hash").stdout == before


def test_who_decides_is_one_line(books: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for bad in ("x" * 81, "Mari\nMets", "\udcff"):
        monkeypatch.setenv("DONATIONS_USER", bad)
        ended = books("account", "list", "--json")
        assert (ended.returncode, document(ended)["error"]["code"]) == (2, "bad_settings")
