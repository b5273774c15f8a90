"""The reader of cash counts, in the format of our own that `core.cash_count` writes."""

from __future__ import annotations

from collections.abc import Iterator

from donations.core.cash_count import BEGINS, CASH_BOX, BadCountError, CashEntry, read_count
from donations.core.iban import parse_account
from donations.core.lines import Fact, Saying, StatedLine
from donations.core.money import Balance, Currency
from donations.core.person_code import parse_code
from donations.core.problem import ProblemCode, refuse
from donations.core.statement import BalancePoint, Counterparty, Provenance, StatedBalance, StatementStart


class _CashBox:
    name = "cash-box"
    suffixes = (".json",)

    def claims(self, content: bytes) -> bool:
        """Whether the content begins as a count of ours does."""
        return content.startswith(BEGINS)

    def facts(self, content: bytes) -> Iterator[Fact]:
        """Yield the count as a statement: what the box held before, what came and went, and what was found."""
        try:
            count = read_count(content)
        except BadCountError:
            raise refuse(ProblemCode.BAD_CASH_COUNT) from None
        currency = count.currency
        yield StatementStart(
            row=1,
            account=CASH_BOX,
            currency=currency,
            first_day=count.first_day,
            last_day=count.last_day,
            provenance=Provenance(made_at=count.made_at),
        )
        opening, counted = Balance(count.opening, currency), Balance(count.counted, currency)
        yield StatedBalance(row=1, point=BalancePoint.OPENING, on=count.first_day, balance=opening)
        for entry in count.entries:
            yield StatedLine(1, entry.day, entry.signed, _saying(entry, currency))
        yield StatedBalance(row=1, point=BalancePoint.CLOSING, on=count.last_day, balance=counted)


def _saying(entry: CashEntry, currency: Currency) -> Saying:
    return Saying(
        currency=currency,
        counterparty=Counterparty(
            name=entry.name, account=parse_account(entry.account), code=parse_code(entry.code) if entry.code else None
        ),
        text=entry.text,
    )


CASH_BOX_READER = _CashBox()
