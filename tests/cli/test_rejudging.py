"""`--rejudge`: what readers and rules of today make of older books is shown, and done when it is asked for."""

from __future__ import annotations

import pytest
from tests.cli.conftest import MONTH, NEAR_MISSES, Cli, document

from donations.core.payment import Payment, Purpose
from donations.matching.judge import Judge
from donations.matching.outcome import NotAGift, Outcome, OutcomeCause, Reason


def older(_: Judge, payment: Payment) -> Outcome:
    """Judge as a program of before that knew no gifts."""
    purpose = Purpose.INCOME if payment.money.signed_minor > 0 else Purpose.COST
    return NotAGift(purpose=purpose, reason=Reason(rule="old/1", code=OutcomeCause.OWN_ACCOUNT))


@pytest.fixture
def old_books(cli: Cli, outside: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    with monkeypatch.context() as before:
        before.setattr(Judge, "judge", older)
        outside("import", MONTH, NEAR_MISSES, "--add-accounts")  # `cli` would copy, or keep, what others begin with
    return cli


def test_a_preview_says_what_would_change_and_changes_nothing(old_books: Cli) -> None:
    before = old_books("dump", "--hash").stdout
    shown = document(old_books("check", "--rejudge", "--json"))
    assert (shown["is_preview"], shown["files"], shown["becoming_gifts"]) == (True, 2, 11)
    assert (shown["questions_before"], shown["questions"], len(shown["payments"])) == (0, 6, 22)
    assert old_books("dump", "--hash").stdout == before
    told = old_books("check", "--rejudge").stdout
    assert "Nothing was changed." in told
    assert "donations migrate --rejudge" in told


def test_what_is_shown_is_done(old_books: Cli) -> None:
    assert old_books("check").returncode == 1
    shown = document(old_books("check", "--rejudge", "--json"))
    done = document(old_books("migrate", "--rejudge", "--json"))
    assert done == {**shown, "is_preview": False}
    assert old_books("check").returncode == 0
    again = document(old_books("check", "--rejudge", "--json"))
    assert (again["payments"], again["becoming_gifts"]) == ([], 0)


def test_a_check_by_name_looks_at_no_rules(old_books: Cli) -> None:
    ended = old_books("check", "integers", "--rejudge", "--json")
    assert (ended.returncode, document(ended)["error"]["code"]) == (2, "check_or_rejudge")


def test_a_broken_rule_says_how_to_look(old_books: Cli) -> None:
    assert "donations check --rejudge" in " ".join(old_books("check", "rules_repeatable", "--json").stdout.split())
