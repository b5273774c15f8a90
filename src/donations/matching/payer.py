"""Who seems to pay: account, name and codes of a payment, read the same way for every rule and every look-up."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from donations.core.iban import UnverifiedAccount, ValidIban
from donations.core.keyword import fold
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment
from donations.core.person_code import CheckedCode, Code, UnverifiedCode, codes_in

_BREAK_IN_NUMBER = re.compile(r"(?<=[0-9])(?:\r?\n|\r)(?=[0-9])")
_REGISTRY_CODE_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The claims that a payment makes about who pays."""

    iban: ValidIban | None
    name: NameKey
    on_behalf_of: NameKey
    """Who really pays, where the bank says it is somebody else; empty where it is the payer."""
    stated_code: CheckedCode | None
    """The code in the file's own field."""
    text_codes: tuple[CheckedCode, ...]
    """The codes in the text, in order, without the organisation's own."""

    @property
    def code(self) -> CheckedCode | None:
        """The file's own code, else the only one in the text, which is but a hint: `Directory.code_of` decides."""
        if self.stated_code is not None:
            return self.stated_code
        return self.text_codes[0] if len(self.text_codes) == 1 else None

    @property
    def is_state(self) -> bool:
        """Whether it is a state or municipal body: their registry codes begin with 7 (RIK)."""
        return self.code is not None and is_registry_code(self.code) and self.code.startswith("7")


def is_registry_code(code: CheckedCode) -> bool:
    """Whether a checked code names an organisation."""
    return len(code) == _REGISTRY_CODE_DIGITS


def payer_of(payment: Payment, *, own_codes: AbstractSet[CheckedCode] = frozenset()) -> Payer:
    """Return who seems to pay; the organisation's own codes, which donors copy from its page, name nobody."""
    other = payment.counterparty
    name, really = name_key(other.name), name_key(other.on_behalf_of)
    return Payer(
        iban=None if isinstance(other.account, UnverifiedAccount) else other.account,
        name=name,
        on_behalf_of=really if really != name else NameKey(""),
        stated_code=None if isinstance(other.code, UnverifiedCode) else other.code,
        text_codes=tuple(code for code in _codes(fold(payment.text)) if code not in own_codes),
    )


def claimed_code(
    stated: Code | None, text: str, *, own_codes: AbstractSet[CheckedCode] = frozenset()
) -> CheckedCode | None:
    """Return the code that may be the payer's: the file's own where it is checked, else the only one in the text."""
    if stated is not None and not isinstance(stated, UnverifiedCode):
        return stated
    found = [code for code in _codes(fold(text)) if code not in own_codes]
    return found[0] if len(found) == 1 else None


def _codes(folded: str) -> tuple[CheckedCode, ...]:
    """Find codes as written; a code that the bank cut at its column is only believed where none stands whole."""
    joined = _BREAK_IN_NUMBER.sub("", folded)
    return codes_in(folded) or (codes_in(joined) if joined != folded else ())
