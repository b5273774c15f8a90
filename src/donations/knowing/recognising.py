"""A person's word on who pays: an account with a name, or a code, is a donor's from now on, and for all that came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from donations.core.donor import ANONYMOUS, Claim, CodeClaim, Donor, DonorId
from donations.knowing.erasure import refuse_restricted
from donations.knowing.refusal import CannotKnowError
from donations.knowing.rejudging import Became, rejudge
from donations.store.donors import people
from donations.store.donors.claim_words import claim_word, give_claim, has_word, take_claim_back
from donations.store.donors.links import keep_together
from donations.store.session import ReadSession, WriteSession, as_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
    """What a word on a claim comes to."""

    donor: Donor
    became: Became


def recognise(session: WriteSession, donor: DonorId, claim: Claim, *, by: str, now: datetime) -> ClaimResult:
    """Let a standing donor be recognised by a claim, whosever it was. Raises `CannotKnowError`.

    An account with a name outranks the payer's own code: somebody else may pay for the donor, again and again.
    """
    reader = as_reader(session)
    known = people.donors(reader, [donor]).get(donor)
    if known is None or known.id != donor:
        raise CannotKnowError("unknown_donor", f"There is no donor {donor}.")
    if donor == ANONYMOUS:
        raise CannotKnowError("anonymous_donor", "Who is recognised is not anonymous.")
    refuse_restricted(reader, [donor, *people.donors_claimed(reader, [claim]).values()])
    if claim in people.claims_of(reader, donor):
        raise CannotKnowError("known_already", "The donor is recognised by that already.")
    if has_word(reader, claim):
        raise CannotKnowError("claim_given", "It was given to another donor by hand: take that back first.")
    if isinstance(claim, CodeClaim):
        _check_code(reader, donor, claim)
    keep_together(session, [donor])
    give_claim(session, claim, donor, by=by, at=now)
    return ClaimResult(donor=known, became=rejudge(session, people.claims_of(reader, donor), now=now))


def take_back(session: WriteSession, claim_id: int, *, now: datetime) -> ClaimResult:
    """Let a claim be whose it was before the word. Raises `CannotKnowError`."""
    found = claim_word(as_reader(session), claim_id)
    if found is None:
        raise CannotKnowError("unknown_claim", "Nobody gave this by hand.")
    refuse_restricted(as_reader(session), [found.donor])
    take_claim_back(session, claim_id)
    known = people.donors(as_reader(session), [found.donor])[found.donor]
    claims = [found.claim, *people.claims_of(as_reader(session), known.id)]
    return ClaimResult(donor=known, became=rejudge(session, claims, now=now))


def _check_code(session: ReadSession, donor: DonorId, claim: CodeClaim) -> None:
    if claim in people.donors_claimed(session, [claim]):
        raise CannotKnowError("code_taken", "Another donor has this code: merge the two instead.")
    if any(isinstance(each, CodeClaim) for each in people.claims_of(session, donor)):
        raise CannotKnowError("two_codes", "The donor has another code already.")
