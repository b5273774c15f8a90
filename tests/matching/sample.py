"""Fictitious people, accounts and appeals, and short ways to make a payment and a directory of them."""

from __future__ import annotations

from datetime import date
from typing import Final

from donations.core.donor import Appeal, AppealId, Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import UnverifiedAccount, ValidIban, parse_account, parse_iban
from donations.core.keyword import parse_keyword
from donations.core.money import EUR, money_of
from donations.core.name import name_key
from donations.core.payment import Payment, PaymentId
from donations.core.person_code import CheckedCode, UnverifiedCode, parse_code
from donations.core.reference import Reference, parse_reference
from donations.core.statement import Counterparty, LineKind
from donations.matching.directory import Directory, GivenGift


def iban(text: str) -> ValidIban:
    """Return a valid IBAN of a test."""
    found = parse_iban(text)
    assert found is not None
    return found


def code(text: str) -> CheckedCode:
    """Return a valid personal or registry code of a test."""
    found = parse_code(text)
    assert found is not None
    assert not isinstance(found, UnverifiedCode)
    return found


def reference(text: str) -> Reference:
    """Return a valid reference of a test."""
    found = parse_reference(text)
    assert found is not None
    return found


OWN: Final = iban("EE947700771001112226")
OWN_SAVINGS: Final = iban("EE312200221065432104")
MARIS: Final = iban("EE782200221020001114")
JAANS: Final = iban("EE377700771000555017")
STRANGERS: Final = iban("EE931700017005550001")
ODD_NATIONAL_CHECK: Final = iban("EE512200221020001115")
WRONG_CHECKSUM: Final = UnverifiedAccount("EE782200221020001115")

MARI: Final = "MARI NÄIDIS"
JAAN: Final = "Jaan Näidis"
MARIS_CODE: Final = code("49403136526")
JAANS_CODE: Final = code("38001085718")
TOWNS_CODE: Final = code("70001202")
OWN_CODE: Final = code("80123455")

GENERAL: Final = Appeal(
    id=AppealId(1),
    name="General",
    keywords=(parse_keyword("Annetus"), parse_keyword("donation"), parse_keyword("пожертвование")),
    references=(reference("20260011"),),
)
ROOF: Final = Appeal(
    id=AppealId(2), name="Roof", keywords=(parse_keyword("katus"),), references=(reference("121312952"),)
)


def payment(  # noqa: PLR0913 - one keyword for each thing that a rule may look at
    text: str = "Annetus",
    *,
    minor: int = 20_00,
    name: str = MARI,
    account: str | UnverifiedAccount | None = MARIS,
    payer_code: str = "",
    on_behalf_of: str = "",
    paid_reference: str = "",
    kind: LineKind = LineKind.TRANSFER,
    is_reversal: bool = False,
) -> Payment:
    """Make a payment; by default 20.00 that Mari sends from her account with the keyword."""
    return Payment(
        id=PaymentId(1),
        account=OWN,
        booked_on=date(2026, 1, 5),
        money=money_of(minor, EUR),
        counterparty=Counterparty(
            name=name,
            account=parse_account(account) if isinstance(account, str) else account,
            code=parse_code(payer_code),
            on_behalf_of=on_behalf_of,
        ),
        text=text,
        reference=parse_reference(paid_reference) if paid_reference else None,
        kind=kind,
        is_reversal=is_reversal,
    )


def gift_of(number: int, minor: int, appeal: Appeal, *, left: int | None = None) -> GivenGift:
    """Make a gift of New Year's Day."""
    whole = minor if left is None else left
    return GivenGift(PaymentId(number), date(2026, 1, 1), minor, EUR, whole, appeal.id)


MARI_ID: Final = DonorId(1)
JAAN_ID: Final = DonorId(2)
MARI_PAYS: Final = PayerClaim(MARIS, name_key(MARI))
JAAN_PAYS: Final = PayerClaim(JAANS, name_key(JAAN))

NOBODY: Final = Directory(
    own_accounts=frozenset({OWN, OWN_SAVINGS}), own_codes=frozenset({OWN_CODE}), appeals=(GENERAL, ROOF)
)
"""No gift has come yet."""

KNOWN: Final = Directory(
    own_accounts=NOBODY.own_accounts,
    own_codes=NOBODY.own_codes,
    appeals=NOBODY.appeals,
    payers={MARIS: frozenset({name_key(MARI)}), JAANS: frozenset({name_key(JAAN)})},
    codes={JAAN_PAYS: frozenset({JAANS_CODE})},
    donors={MARI_PAYS: MARI_ID, CodeClaim(JAANS_CODE): JAAN_ID},
    donors_by_name={name_key(MARI): frozenset({MARI_ID}), name_key(JAAN): frozenset({JAAN_ID})},
    givers={MARIS: frozenset({MARI_ID}), JAANS: frozenset({JAAN_ID})},
    given={MARI_ID: (gift_of(101, 20_00, ROOF),), JAAN_ID: (gift_of(102, 50_00, GENERAL),)},
    last_appeal={MARI_ID: ROOF, JAAN_ID: GENERAL},
)
"""Mari gives by her account and name, Jaan is known by his code."""


def joint(*names: str, donors: dict[Claim, DonorId] | None = None) -> Directory:
    """Make a directory in which several people pay from Mari's account."""
    keys = [name_key(name) for name in names]
    ids = donors or {PayerClaim(MARIS, key): DonorId(number) for number, key in enumerate(keys, start=11)}
    return Directory(
        own_accounts=NOBODY.own_accounts,
        appeals=NOBODY.appeals,
        payers={MARIS: frozenset(keys)},
        donors=ids,
        givers={MARIS: frozenset(ids.values())},
    )
