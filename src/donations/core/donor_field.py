"""What is kept of a donor beside the name, each field declared once: every face shows all that is here.

Values lie in one table whatever their field (`store/donors/donor_facts.py`), so that a field needs no migration, and
erasure and the audit log know it from its first day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from donations.core.language import N_
from donations.core.mail import ADDRESS_MAX, email_address
from donations.core.refusal import Refusal, RefusalCode
from donations.core.refusals import DonorCode


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorField:
    """How one field is called, and what may stand in it."""

    key: str
    """Stable: names it in the database, the API, forms and the audit log."""
    label: str
    """Marked for translation, as is the hint."""
    hint: str
    length_max: int
    """Characters, as it is kept."""
    normalise: Callable[[str], str | None]
    """Return what is kept of what was typed, without blanks around it; None where it cannot be meant."""
    refusal: RefusalCode
    """Says what may stand in it; never repeats what was typed."""

    def checked(self, typed: str) -> str:
        """Return what is kept. Raises `Refusal`."""
        value = self.normalise(typed.strip())
        if value is None or not 0 < len(value) <= self.length_max:
            raise Refusal(self.refusal)
        return value


_BETWEEN_DIGITS = re.compile(r"[\s().\-\N{NON-BREAKING HYPHEN}\N{EN DASH}/]")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
"""As ITU-T E.164: the country's code and the number, 15 digits at most."""
_ESTONIAN_PHONE = re.compile(r"[3-8][0-9]{6,7}")
"""Without the country's code, as people in Estonia write it: 7 or 8 digits."""


def phone_number(typed: str) -> str | None:
    """Return a phone number as `+3725550123`; Estonia's code is added where a number of Estonia has none."""
    plain = _BETWEEN_DIGITS.sub("", typed)
    if _ESTONIAN_PHONE.fullmatch(plain):
        return f"+372{plain}"
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    return plain if _PHONE.fullmatch(plain) else None


EMAIL = DonorField(
    key="email",
    label=N_("E-mail address"),
    hint=N_("For certificates and thanks; nothing else is sent."),
    length_max=ADDRESS_MAX,
    normalise=email_address,
    refusal=DonorCode.BAD_EMAIL,
)
DONOR_FIELDS: tuple[DonorField, ...] = (
    DonorField(
        key="phone",
        label=N_("Phone number"),
        hint=N_("With the country’s code, such as +372; without one it is taken for a number of Estonia."),
        length_max=16,
        normalise=phone_number,
        refusal=DonorCode.BAD_PHONE,
    ),
    EMAIL,
)
"""In the order in which they are shown."""


def donor_fields() -> Mapping[str, DonorField]:
    """Return the declared fields by their keys."""
    return {each.key: each for each in DONOR_FIELDS}
