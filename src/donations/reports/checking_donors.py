"""Whether donors are what lines and people's words make them: made again from all claims, nothing would change."""

from __future__ import annotations

from collections.abc import Iterator

from donations.identity.owners import own
from donations.ledger.checks import Violation
from donations.store.donors import people
from donations.store.donors.around import around
from donations.store.donors.links import kept_links, links_of
from donations.store.session import ReadSession


def donors_grouped(session: ReadSession) -> Iterator[Violation]:
    """Each claim is the donor's with whom the bank's lines and people's words put it, and no other link stands."""
    known = around(session, people.all_claims(session))
    owned = own(known.groups, known.registered, seen=known.seen)
    numbers = people.claim_numbers(session, known.registered)
    for claim, donor in known.registered.items():
        if owned.owners.get(claim) != donor:
            yield Violation(f"claim {numbers[claim]}", f"is not donor {donor}'s any more")
    pairs = {
        (min(owned.owners[one], owned.owners[other]), max(owned.owners[one], owned.owners[other]))
        for one, other in known.groups.links
        if {one, other} <= owned.owners.keys()
    }
    wanted = {(one, other) for one, other in pairs if one != other}
    standing = links_of(session)
    for one, other in sorted(wanted - standing):
        yield Violation(f"donor {one}", f"is one with donor {other} by the bank's lines, and is not linked")
    for one, other in sorted(standing - wanted - kept_links(session, known.donors)):
        yield Violation(f"donor {one}", f"is linked with donor {other}, and no line says so")
