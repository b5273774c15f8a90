"""Who was paid: by account, else by name, and the bank itself; whoever shares one of these counts once."""

from __future__ import annotations

from typing import Any

import pytest
from tests.book import JAAN, MARI, OWN, line

from donations.core.iban import parse_iban
from donations.core.payment import Payment, PaymentId
from donations.core.spending import one_each, payee_of, the_bank
from donations.core.statement import LineKind


def payment(name: str = "", account: str = "", **more: Any) -> Payment:
    own, made = parse_iban(OWN), line("03-01", -1_000, name, account, **more)
    assert own is not None
    return Payment(
        id=PaymentId(1),
        account=own,
        booked_on=made.booked_on,
        money=made.money,
        counterparty=made.counterparty,
        kind=made.kind,
    )


@pytest.mark.parametrize(
    ("made", "payee"),
    [
        (payment("Mari Mets", MARI), f"iban:{MARI}"),
        (payment("Mari Mets"), "name:mari mets"),
        (payment("METS, Mari", "EE00123"), "name:mari mets"),
        (payment(), None),
        (payment("LHV Pank", MARI, kind=LineKind.FEE), "bank:fee"),
        (payment(kind=LineKind.TAX), the_bank(LineKind.TAX)),
        (payment("Shop", kind=LineKind.CARD), "name:shop"),
    ],
)
def test_who_was_paid(made: Payment, payee: str | None) -> None:
    assert payee_of(made) == payee


@pytest.mark.parametrize(
    ("many", "count"),
    [
        ([payment("Mari Mets", MARI), payment("Mari Mets", JAAN), payment("Mets Mari")], 1),
        ([payment("Mari Mets", MARI), payment("M. Mets", MARI), payment("m mets", JAAN)], 1),
        ([payment("Mari Mets", MARI), payment("Jaan Tamm", JAAN)], 2),
        ([payment("", MARI), payment("", JAAN), payment()], 2),
        ([payment("Mari Mets", MARI), payment("Mari Mets", kind=LineKind.FEE)], 2),
    ],
)
def test_nobody_counts_twice(many: list[Payment], count: int) -> None:
    stands = one_each(many)
    assert len({stands[payee] for each in many if (payee := payee_of(each)) is not None}) == count
