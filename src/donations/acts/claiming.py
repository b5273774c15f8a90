"""A person's word on who pays: an account with a name, or a code, is a donor's from now on, and for all that came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from donations.acts.erasing import refuse_restricted
from donations.acts.judging_claims import Became, rejudge
from donations.core.donor import ANONYMOUS, Claim, CodeClaim, Donor, DonorId
from donations.core.person_code import UnverifiedCode, parse_code
from donations.core.refusal import Refusal, RefusalCode
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
    known = _give(session, donor, claim, by=by, now=now)
    became = rejudge(session, people.claims_of(as_reader(session), donor), now=now)
    return ClaimResult(donor=known, claim=claim, became=became)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredCodes:
    """What became of codes that were typed for many donors."""

    kept: tuple[DonorId, ...]
    refused: tuple[tuple[DonorId, RefusalCode], ...]


def enter_codes(session: WriteSession, typed: Iterable[tuple[DonorId, str]], *, by: str, now: datetime) -> EnteredCodes:
    """Let standing donors be recognised by these personal or registry codes; each that cannot be is told, and why."""
    kept: list[DonorId] = []
    refused: list[tuple[DonorId, RefusalCode]] = []
    for donor, text in typed:
        try:
            _give(session, donor, code_claim(text), by=by, now=now)
        except Refusal as refusal:
            refused.append((donor, refusal.code))
        else:
            kept.append(donor)
    reader = as_reader(session)
    rejudge(session, {claim for donor in kept for claim in people.claims_of(reader, donor)}, now=now)
    return EnteredCodes(kept=tuple(kept), refused=tuple(refused))


def code_claim(typed: str) -> CodeClaim:
    """Return the claim of a personal or registry code as it was typed. Raises `Refusal`, `bad_code`."""
    code = parse_code(typed)
    if code is None or isinstance(code, UnverifiedCode):
        raise Refusal(DonorCode.BAD_CODE)
    return CodeClaim(code)


def _give(session: WriteSession, donor: DonorId, claim: Claim, *, by: str, now: datetime) -> Donor:
    """Give a claim to a donor. Raises `Refusal` before anything is changed."""
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
    return known


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
