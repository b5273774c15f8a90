"""One payment before the rules: all they may look at, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from donations.core.donor import AppealId
from donations.core.iban import AccountNumber
from donations.core.money import MoneyIn
from donations.core.payment import Payment
from donations.matching import keywords
from donations.matching.against import What, against
from donations.matching.directory import Directory
from donations.matching.keywords import DeniedKeyword, Found, Hit, OneAppeal, ReferenceHit
from donations.matching.payer import NoDonor, Payer, no_donor, payer_of
from donations.matching.written import FoldedText, TextSpan, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """What in the text speaks against what its keyword or reference says."""

    what: What
    at: TextSpan


class Case(NamedTuple):
    """A payment, who pays, what its text and reference name, and what is known."""

    payment: Payment
    directory: Directory
    payer: Payer
    institution: NoDonor | None
    """What kind of institution the other side is by name and code, whoever stands behind it."""
    written: FoldedText
    found: Found
    references: tuple[ReferenceHit, ...]
    denied: Denied | None
    named: Hit | ReferenceHit | None
    """What names the one appeal beyond doubt: a reference, which outranks the text, or a keyword."""
    is_money_in: bool
    """Whether the money came to an own account."""

    @property
    def account(self) -> AccountNumber | None:
        """The other side's account number."""
        return self.payment.counterparty.account

    @property
    def appeal(self) -> AppealId | None:
        """The appeal named beyond doubt."""
        return None if self.named is None else self.named.appeal

    @property
    def speaks_against(self) -> What | None:
        """What in the text, with or without keyword, speaks of a return, an error, or of what else the money is for."""
        if self.denied is not None:
            return self.denied.what
        found = against(self.written.folded)
        return None if found is None else found.what


def open_case(payment: Payment, directory: Directory) -> Case:
    """Read a payment once for all rules."""
    written = read(payment.text)
    payer = payer_of(payment, own_codes=directory.own_codes)
    names = (payer.name, payer.on_behalf_of)
    minor = payment.money.amount.minor
    found = keywords.find(written, directory.appeals, minor=minor, names=names)
    hits = keywords.find_reference(payment, written, directory.appeals)
    denied = Denied(what=found.what, at=found.by) if isinstance(found, DeniedKeyword) else None
    if denied is None and hits:
        said = against(written.folded, minor=minor, names=names)
        denied = said and Denied(what=said.what, at=written.span(*said.at))
    return Case(
        payment=payment,
        directory=directory,
        payer=payer,
        institution=no_donor(payer),
        written=written,
        found=found,
        references=hits,
        denied=denied,
        named=_named(found, hits),
        is_money_in=isinstance(payment.money, MoneyIn),
    )


def _named(found: Found, hits: tuple[ReferenceHit, ...]) -> Hit | ReferenceHit | None:
    if hits:
        return hits[0] if len(hits) == 1 else None
    return found.hit if isinstance(found, OneAppeal) else None
