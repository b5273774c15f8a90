"""What has become of certificates that were issued: which of them still say what the books say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from donations.certificates.value import Certificate, Issued, State, Sums
from donations.core.donor import DonorId
from donations.core.organisation import is_placeholder


def replaced_by(found: Iterable[Certificate]) -> dict[str, str]:
    """Return the numbers that were replaced, each with the one that stands for it."""
    return {number: each.number for each in found for number in each.replaces}


def became(
    found: Sequence[Certificate],
    *,
    standing: Mapping[DonorId, DonorId],
    replaced: Mapping[str, str],
    now: Mapping[DonorId, Sums],
) -> list[Issued]:
    """Return certificates of one year with their state; `standing` says who stands for their donors, `now` their sums.

    Donors who were merged may each have one of the same sum: then only the newest may be shown to anybody. One that
    was issued under no real name is void whatever it says.
    """
    true = {
        donor: each.number
        for each in found
        if each.number not in replaced
        and not is_placeholder(each.issuer.organisation)
        and _left(each.sums) == _left(now.get(donor := standing[each.kept.donor], ()))
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
                now=now.get(donor, ()),
                replaced_by=replaced.get(each.number),
            )
        )
    return issued


def _left(sums: Sums) -> Sums:
    """A currency of which all went back is as good as one in which nothing was given."""
    return tuple((currency, minor) for currency, minor in sums if minor)
