"""`donations publish` and `donations verify-public` as a person and a script use them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import MONTH, Cli, document
from tests.published.test_published import SNAPSHOT

from donations.cli import publishing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file as the public page gives it."""
    path = tmp_path / "transparency.json"
    path.write_text(SNAPSHOT.written(), encoding="utf-8")
    return path


def test_publishing_shows_first_and_tells_when_nothing_is_new(cli: Cli) -> None:
    cli("import", MONTH, "--add-account")
    assert "Nothing was changed" in cli("publish", "--dry-run").stdout
    assert document(cli("publish", "--json"))["is_preview"] is False  # the account, though no month is closed
    again = cli("publish", "--json")
    assert (again.returncode, document(again)["error"]["code"]) == (1, "nothing_new")


def test_what_holds_is_told_with_the_fingerprint_to_keep(cli: Cli, file: Path) -> None:
    newest = SNAPSHOT.blocks[-1].digest
    assert newest in cli("verify-public", file).stdout
    assert document(cli("verify-public", file, "--json")) == {
        "blocks": 3,
        "total": {"minor": 90_000, "currency": "EUR"},
        "newest_sha256": newest,
    }
    assert cli("verify-public", file, "--knew", SNAPSHOT.blocks[0].digest).returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "knew"), [('"total_cents":30000', '"total_cents":30001', ""), ("x", "x", "0" * 64)]
)
def test_what_does_not_hold_is_told(cli: Cli, file: Path, old: str, new: str, knew: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    result = cli("verify-public", file, "--knew", knew, "--json")
    assert (result.returncode, document(result)["error"]["code"]) == (1, "public_figures_broken")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("none.json", "cannot_read"),
        ("http://donations.example/transparency.json", "cannot_read"),
        ("file:///etc/hostname", "cannot_read"),
        ("ftp://localhost/transparency.json", "cannot_read"),
        (str(MONTH), "not_public_figures"),
    ],
)
def test_what_cannot_be_read_is_told(cli: Cli, source: str, code: str) -> None:
    result = cli("verify-public", source, "--json")
    assert (result.returncode, document(result)["error"]["code"]) == (2, code)


def test_only_https_and_this_computer_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Opener:
        """Answers without a network."""

        def open(self, request: object, timeout: int) -> object:
            """Note what was asked."""
            assert timeout
            asked.append(request.full_url)  # type: ignore[attr-defined]
            raise OSError

    monkeypatch.setattr(publishing, "build_opener", lambda *_: Opener())
    for address in ("https://donations.example", "http://localhost:8000/", "http://[::1]:8000/transparency.json"):
        with pytest.raises(OSError, match=r"^$"):
            publishing._fetched(address)
    with pytest.raises(ValueError, match=r"^$"):
        publishing._fetched("http://donations.example/")
    assert asked == [
        "https://donations.example/transparency.json",
        "http://localhost:8000/transparency.json",
        "http://[::1]:8000/transparency.json",
    ]
