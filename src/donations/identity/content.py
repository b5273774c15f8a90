"""The content of a payment: of each field the fullest that its lines give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from donations.core.iban import AccountNumber
from donations.core.payment import Payment, PaymentId
from donations.core.person_code import Code, UnverifiedCode
from donations.core.statement import Counterparty, LineKind, StatementLine


def merged(payment: PaymentId, account: AccountNumber, lines: Sequence[StatementLine]) -> Payment:
    """Return the payment that the lines attest; the lines' order changes nothing.

    A valid IBAN or checked code of any line wins over an unverified one, and longer text over shorter, for formats
    cut texts at different lengths.
    """
    one = lines[0]
    if len(lines) == 1:
        return _payment(payment, account, one, one.counterparty, one.text)
    parties = [line.counterparty for line in lines]
    fullest = Counterparty(
        name=_longest(party.name for party in parties),
        account=_account(party.account for party in parties),
        code=_code(party.code for party in parties),
        on_behalf_of=_longest(party.on_behalf_of for party in parties),
    )
    return Payment(
        id=payment,
        account=account,
        booked_on=one.booked_on,
        money=one.money,
        counterparty=fullest,
        text=_longest(line.text for line in lines),
        reference=max((line.reference for line in lines if line.reference), default=None),
        kind=max((line.kind for line in lines), key=lambda kind: (kind is not LineKind.TRANSFER, kind)),
        is_reversal=any(line.is_reversal for line in lines),
    )


def _payment(
    payment: PaymentId, account: AccountNumber, line: StatementLine, counterparty: Counterparty, text: str
) -> Payment:
    return Payment(
        id=payment,
        account=account,
        booked_on=line.booked_on,
        money=line.money,
        counterparty=counterparty,
        text=text,
        reference=line.reference,
        kind=line.kind,
        is_reversal=line.is_reversal,
    )


def _longest(texts: Iterable[str]) -> str:
    return max(texts, key=lambda text: (len(text), text))


def _account(accounts: Iterable[AccountNumber | None]) -> AccountNumber | None:
    known = [account for account in accounts if account is not None]
    return max(known, key=lambda account: (isinstance(account, str), str(account)), default=None)


def _code(codes: Iterable[Code | None]) -> Code | None:
    known = [code for code in codes if code is not None]
    return max(known, key=lambda code: (not isinstance(code, UnverifiedCode), str(code)), default=None)
