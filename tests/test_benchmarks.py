"""The files that are measured are statements that every reader accepts, of the same payments; no time is tested."""

from __future__ import annotations

from datetime import date

import pytest
from benchmarks.payments import OPENING, Party, closing, payments
from benchmarks.statements import FORMATS

from donations.core.iban import national_check_fails, parse_iban
from donations.core.money import EUR, Balance
from donations.core.person_code import UnverifiedCode, parse_code
from donations.core.statement import Statement
from donations.readers import read

COUNT = 500
TODAY = date(2026, 1, 1)


def statement(form: str) -> Statement:
    reading = read(FORMATS[form](payments(COUNT)), today=TODAY)
    assert (reading.format, reading.notices) == (form, ())
    (found,) = reading.statements
    return found


def parties() -> set[Party]:
    return {payment.party for payment in payments(COUNT)}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_states_the_same_payments(form: str) -> None:
    shown = [
        (line.booked_on, line.money.signed_minor, line.counterparty.name, line.counterparty.account, line.text)
        for line in statement(form).lines
    ]
    assert shown == [(each.day, each.minor, each.party.name, each.party.iban, each.text) for each in payments(COUNT)]


@pytest.mark.parametrize(
    ("form", "opening", "closing"),
    [
        ("camt.053", Balance(OPENING, EUR), Balance(closing(payments(COUNT)), EUR)),
        ("ofx", None, Balance(closing(payments(COUNT)), EUR)),
        ("lhv-csv", None, None),
    ],
)
def test_balances_are_those_that_the_format_has(form: str, opening: Balance | None, closing: Balance | None) -> None:
    assert (statement(form).opening, statement(form).closing) == (opening, closing)


def test_accounts_and_codes_have_right_check_digits() -> None:
    for party in parties():
        iban = parse_iban(party.iban)
        assert iban is not None
        assert not national_check_fails(iban)
        assert not isinstance(parse_code(party.code), UnverifiedCode | None)


def test_everybody_has_an_account_and_a_code_of_their_own() -> None:
    assert len({party.iban for party in parties()}) == len({party.code for party in parties()}) == len(parties())


def test_a_seed_gives_the_same_payments_again_and_another_seed_others() -> None:
    assert payments(COUNT, seed=2) == payments(COUNT, seed=2) != payments(COUNT, seed=3)


def test_most_is_money_in_and_most_of_that_names_the_keyword() -> None:
    gifts = [payment for payment in payments(COUNT) if payment.minor > 0]
    named = [payment for payment in gifts if "annetus" in payment.text.casefold()]
    assert 0.75 < len(gifts) / COUNT < 0.85
    assert 0.8 < len(named) / len(gifts) < 0.9
