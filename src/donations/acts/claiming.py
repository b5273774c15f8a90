"""A person's word on who pays: an account with a name, or a code, is a donor's from now on, and for all that came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from donations.acts.erasing import refuse_restricted
from donations.acts.judging_claims import Became, rejudge
from donations.core.donor import ANONYMOUS, Claim, CodeClaim, Donor, DonorId
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.store.donors import people
from donations.store.donors.links import keep_together
from donations.store.donors.registered import claim_word, give_claim, has_word, take_claim_back
from donations.store.session import ReadSession, WriteSession, as_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
    """What a word on a claim comes to."""

    donor: Donor
    claim: Claim
    became: Became


def recognise(session: WriteSession, donor: DonorId, claim: Claim, *, by: str, now: datetime) -> ClaimResult:
    """Let a standing donor be recognised by a claim, whosever it was. Raises `Refusal`.

    An account with a name outranks the payer's own code: somebody else may pay for the donor, again and again.
    """
    reader = as_reader(session)
    known = people.donors(reader, [donor]).get(donor)
    if known is None or known.id != donor:
        raise Refusal(DonorCode.UNKNOWN_DONOR)
    if donor == ANONYMOUS:
        raise Refusal(DonorCode.ANONYMOUS_DONOR)
    refuse_restricted(reader, [donor, *people.donors_claimed(reader, [claim]).values()])
    if claim in people.claims_of(reader, donor):
        raise Refusal(DonorCode.KNOWN_ALREADY)
    if has_word(reader, claim):
        raise Refusal(DonorCode.CLAIM_GIVEN)
    if isinstance(claim, CodeClaim):
        _check_code(reader, donor, claim)
    keep_together(session, [donor])
    give_claim(session, claim, donor, by=by, at=now)
    became = rejudge(session, people.claims_of(reader, donor), now=now)
    return ClaimResult(donor=known, claim=claim, became=became)


def take_back(session: WriteSession, claim_id: int, *, now: datetime) -> ClaimResult:
    """Let a claim be whose it was before the word. Raises `Refusal`."""
    found = claim_word(as_reader(session), claim_id)
    if found is None:
        raise Refusal(DonorCode.UNKNOWN_CLAIM)
    refuse_restricted(as_reader(session), [found.donor])
    take_claim_back(session, claim_id)
    known = people.donors(as_reader(session), [found.donor])[found.donor]
    claims = [found.claim, *people.claims_of(as_reader(session), known.id)]
    return ClaimResult(donor=known, claim=found.claim, became=rejudge(session, claims, now=now))


def _check_code(session: ReadSession, donor: DonorId, claim: CodeClaim) -> None:
    if claim in people.donors_claimed(session, [claim]):
        raise Refusal(DonorCode.CODE_TAKEN)
    if any(isinstance(each, CodeClaim) for each in people.claims_of(session, donor)):
        raise Refusal(DonorCode.TWO_CODES)
