"""Files of all banks and formats are taken by the product, with as many lines as they have; and they are repeatable."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from tests.conftest import FreshEngine
from tests.truth.bank import Bank
from tests.truth.books import FixtureBooks
from tests.truth.files import given_file, is_blank
from tests.truth.values import Batches, Download, Form, Times
from tests.truth.world import make_world


@pytest.mark.parametrize("form", Form)
def test_every_format_is_read(fresh_sqlite: FreshEngine, form: Form) -> None:
    """Of three worlds, with whatever their banks say of times and batches."""
    for seed in range(3):
        world = make_world(seed, themes=("batches", "standing_orders", "interest", "bounced"))
        bank, books = Bank(world), FixtureBooks(fresh_sqlite)
        product = books(world.organisation, datetime.combine(world.last_day + timedelta(days=9), time(9)))
        for account in world.accounts:
            product.register_account(account.iban)
            for times, batches in zip(Times, (None, Batches.TOTAL, Batches.FIRST_DETAIL), strict=True):
                file = given_file(
                    bank,
                    Download(
                        key=1,
                        account=account.iban,
                        currencies=account.currencies,
                        first_day=world.first_day,
                        last_day=world.last_day,
                        made_at=datetime.combine(world.last_day + timedelta(days=1), time(9)),
                        form=form,
                        times=times,
                        batches=batches,
                    ),
                )
                if not is_blank(file):
                    (took,) = product.preview([file])
                    assert took.status == "imported", (file.name, took.notices)
                    assert took.lines == len(file.statements[0].leaves)
        books.clear()


def test_a_file_is_a_function_of_its_world() -> None:
    """What is left out of a world changes nothing else in it: so stories can be made smaller."""
    world = make_world(4, themes=("standing_orders",))
    assert make_world(4, themes=("standing_orders",)) == world
    download = Download(
        key=1,
        account=world.accounts[0].iban,
        currencies=("EUR",),
        first_day=world.first_day,
        last_day=world.last_day,
        made_at=datetime.combine(world.last_day + timedelta(days=1), time(9)),
        form=Form.CAMT_02,
    )
    whole = Bank(world).statements(download)[0]
    fewer = Bank(replace(world, movements=world.movements[1:])).statements(download)[0]
    assert set(fewer.lines) <= set(whole.lines)


def test_only_one_module_knows_the_product() -> None:
    """The model shares no code with what it judges."""
    folder = Path(__file__).parent
    knowing = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            name.partition(".")[0] == "donations"
            for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        )
    }
    assert knowing == {"product.py"}
