"""What has become of certificates that were issued: which of them still say what the books say.

One is void only where its gifts are not all there any more, or the sum or the name is another now: gifts are compared
by day and amount, for which row of the books they stand in, and which number their donor has, is nothing that it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from donations.certificates.value import Certificate, Issued, State
from donations.core.donor import DonorId
from donations.core.money import Currency, Minor, totals
from donations.core.name import NameKey, name_key
from donations.core.organisation import is_placeholder


class Gift(Protocol):
    """A gift, or what went back (negative)."""

    @property
    def day(self) -> date:
        """When."""

    @property
    def minor(self) -> Minor:
        """How much."""

    @property
    def currency(self) -> Currency:
        """In which currency."""


def replaced_by(found: Iterable[Certificate]) -> dict[str, str]:
    """Return the numbers that were replaced, each with the one that stands for it."""
    return {number: each.number for each in found for number in each.replaces}


def became(
    found: Sequence[Certificate],
    *,
    standing: Mapping[DonorId, DonorId],
    replaced: Mapping[str, str],
    now: Mapping[DonorId, Sequence[Gift]],
    names: Mapping[DonorId, frozenset[NameKey]],
) -> list[Issued]:
    """Return certificates of one year with their state.

    `standing` says who stands for their donors, `now` what these gave, `names` under which names a paper is right.
    Donors who were merged may each have one of the same gifts: then only the newest may be shown to anybody.
    One that was issued under no real name is void whatever it says.
    """

    def is_true(each: Certificate, donor: DonorId) -> bool:
        name, parts = each.kept.name, now.get(donor, ())
        is_named = name is None or donor not in names or name_key(name) in names[donor]
        return is_named and _left(each.parts) == _left(parts) and _gifts(each.parts) <= _gifts(parts)

    true = {
        donor: each.number
        for each in found
        if each.number not in replaced
        and not is_placeholder(each.issuer.organisation)
        and is_true(each, donor := standing[each.kept.donor])
    }
    issued = []
    for each in found:
        donor = standing[each.kept.donor]
        state = State.STANDS if true.get(donor) == each.number else State.VOID
        issued.append(
            Issued(
                certificate=each,
                state=State.REPLACED if each.number in replaced else state,
                donor=donor,
                now=totals(now.get(donor, ())),
                replaced_by=replaced.get(each.number),
            )
        )
    return issued


def _left(parts: Sequence[Gift]) -> list[tuple[Currency, Minor]]:
    """A currency of which all went back is as good as one in which nothing was given."""
    return [(currency, minor) for currency, minor in totals(parts) if minor]


def _gifts(parts: Sequence[Gift]) -> Counter[tuple[date, Minor, Currency]]:
    return Counter((part.day, part.minor, part.currency) for part in parts if part.minor > 0)
