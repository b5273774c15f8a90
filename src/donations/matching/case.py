"""One payment before the rules: all they may look at, read once."""

from __future__ import annotations

from dataclasses import dataclass

from donations.core.donor import AppealId
from donations.core.iban import AccountNumber
from donations.core.money import MoneyIn
from donations.core.payment import Payment
from donations.matching import keywords, references
from donations.matching.denial import denial
from donations.matching.directory import Directory
from donations.matching.keywords import DeniedKeyword, Found, Hit, OneAppeal
from donations.matching.payer import Payer, payer_of
from donations.matching.references import ReferenceHit
from donations.matching.written import Span, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A payment, who pays, what its text and reference name, and what is known."""

    payment: Payment
    directory: Directory
    payer: Payer
    found: Found
    references: tuple[ReferenceHit, ...]
    denied_at: Span | None
    """Where the text denies what its keyword or reference says."""

    @property
    def is_money_in(self) -> bool:
        """Whether the money came to an own account."""
        return isinstance(self.payment.money, MoneyIn)

    @property
    def account(self) -> AccountNumber | None:
        """The other side's account number."""
        return self.payment.counterparty.account

    @property
    def named(self) -> Hit | ReferenceHit | None:
        """What names the one appeal beyond doubt: a reference, which outranks the text, or a keyword."""
        if len(self.references) == 1:
            return self.references[0]
        if isinstance(self.found, OneAppeal) and not self.references:
            return self.found.hit
        return None

    @property
    def appeal(self) -> AppealId | None:
        """The appeal named beyond doubt."""
        return None if self.named is None else self.named.appeal


def open_case(payment: Payment, directory: Directory) -> Case:
    """Read a payment once for all rules."""
    written = read(payment.text)
    found = keywords.find(written, directory.appeals)
    hits = references.find(payment, written, directory.appeals)
    denied_at = found.by if isinstance(found, DeniedKeyword) else None
    if denied_at is None and hits:
        said = denial(written.folded, keywords=())
        denied_at = said and written.span(*said)
    return Case(
        payment=payment,
        directory=directory,
        payer=payer_of(payment, own_codes=directory.own_codes),
        found=found,
        references=hits,
        denied_at=denied_at,
    )
