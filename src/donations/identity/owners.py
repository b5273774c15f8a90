"""Which donor's number each claim has, once it is known which claims are one donor: numbers stay as far as they can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from donations.core.donor import Claim, CodeClaim, DonorId, PayerClaim
from donations.identity.donors import Groups, claim_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """Whose each claim is from now on."""

    owners: Mapping[Claim, DonorId]
    freed: Mapping[Claim, DonorId]
    """Claims that were these donors' and are not any more: nobody's, or of a donor who has no number yet."""


def own(groups: Groups, registered: Mapping[Claim, DonorId], *, seen: AbstractSet[Claim]) -> Owned:
    """Return whose claims are; `registered` are those that have a donor, the oldest first.

    A donor's number stays with the group of its oldest code that is seen now, for a code outlasts accounts and names;
    else of its oldest other claim that is seen; where none is, it waits for them. A code that one of its own payers
    only typed, and that may be somebody else's, comes last.
    """
    by_donor: defaultdict[DonorId, list[Claim]] = defaultdict(list)
    for claim, donor in registered.items():
        by_donor[donor].append(claim)
    owners: dict[Claim, DonorId] = {}
    left: list[Claim] = []
    for donor, claims in by_donor.items():
        borrowed = {CodeClaim(code) for payer, code in groups.doubtful if payer in claims}
        alive = sorted(
            (claim for claim in claims if claim in seen),
            key=lambda claim: 2 if claim in borrowed else isinstance(claim, PayerClaim),
        )
        if donor not in groups.heads and not alive:
            owners |= dict.fromkeys(claims, donor)
            continue
        home = groups.head(donor if donor in groups.heads else alive[0])
        for claim in claims:
            if groups.head(claim) == home:
                owners[claim] = donor
            else:
                left.append(claim)
    _join(groups, owners)
    return Owned(owners=owners, freed={claim: registered[claim] for claim in left if claim not in owners})


def _join(groups: Groups, owners: dict[Claim, DonorId]) -> None:
    """Let claims without a donor be the donor's with whose claims they are linked, each with the nearest."""
    beside: defaultdict[Claim, list[Claim]] = defaultdict(list)
    for one, other in groups.links:
        beside[one].append(other)
        beside[other].append(one)
    waiting = sorted((claim for claim in beside if claim in owners), key=claim_key)
    while waiting:
        further = []
        for claim in waiting:
            for other in sorted(beside[claim], key=claim_key):
                if other not in owners:
                    owners[other] = owners[claim]
                    further.append(other)
        waiting = further
