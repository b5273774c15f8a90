"""Whose personal or registry code the tax board's list of a year still wants, and what a pasted list says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from donations.core.donor import CodeClaim, DonorId
from donations.core.language import N_
from donations.core.name import name_key
from donations.matching.pasted_codes import Pasted, PastedState, pasted_lines, who_is_meant
from donations.reports.inf4 import Inf4, Unlisted
from donations.store.donors import people
from donations.store.donors.names import names_right
from donations.store.session import ReadSession
from donations.views.inf4 import UnlistedReason

WHY_NOT_KEPT = {
    PastedState.WRONG_CODE: N_("The code is not valid: 11 digits of a person, 8 of an organisation."),
    PastedState.CODE_TAKEN: N_("Another donor has this code already."),
    PastedState.TWICE: N_("Two lines contradict each other: two codes for one donor, or one code for two."),
    PastedState.KNOWN_ALREADY: N_("The code of this donor is known already."),
    PastedState.NOBODY: N_("Nobody who is called so lacks a code."),
    PastedState.UNREADABLE: N_("There is no name or no code on this line."),
}
"""Of lines from which nothing can be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedList:
    """What each line comes to, and the donors that they may mean."""

    sure: tuple[Pasted, ...]
    unclear: tuple[Pasted, ...]
    """A person says who is meant, or what the code is."""
    rest: tuple[Pasted, ...]
    wanting: Mapping[DonorId, Unlisted]


def wanting_a_code(found: Inf4) -> dict[DonorId, Unlisted]:
    """Return who could be listed if the code were known, the largest sums first."""
    wanted = {UnlistedReason.CODE_MISSING, UnlistedReason.CODE_INVALID}
    return {each.donor: each for each in found.unlisted if each.why in wanted}


def pasted_list(session: ReadSession, found: Inf4, text: str) -> PastedList:
    """Return what a pasted list says of those whose code is wanted."""
    lines, wanting = pasted_lines(text), wanting_a_code(found)
    codes = [CodeClaim(line.checked) for line in lines if line.checked is not None]
    meant = who_is_meant(
        lines,
        wanting=names_right(session, set(wanting)),
        known=[name_key(each.name) for each in found.lines],
        taken=[claim.code for claim in people.donors_claimed(session, codes) if isinstance(claim, CodeClaim)],
    )
    unclear = {PastedState.UNCLEAR, PastedState.WRONG_CODE}
    return PastedList(
        sure=tuple(each for each in meant if each.state is PastedState.FITS),
        unclear=tuple(each for each in meant if each.state in unclear),
        rest=tuple(each for each in meant if each.state not in {*unclear, PastedState.FITS}),
        wanting=wanting,
    )
