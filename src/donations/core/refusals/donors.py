"""Refusals of what is done with donors: merging, recognising, forgetting, and keeping their data."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.refusal import RefusalCode
from donations.core.refusal import RefusalKind as Kind

_NOTHING_TO_DO = N_("There is nothing left to do.")


class DonorCode(RefusalCode):
    """What is refused of acts on donors."""

    UNKNOWN_DONOR = Kind.ABSENT, N_("There is no such donor."), N_("Look for the name in the list of donors.")
    SAME_DONOR = Kind.WRONG_INPUT, N_("Both are the same donor."), N_("Choose another donor to merge with.")
    ANONYMOUS_DONOR = (
        Kind.WRONG_INPUT,
        N_("The anonymous donor stands for many people."),
        N_("Nobody can be merged with it or recognised as it. Answer the single payments instead."),
    )
    MERGED_ALREADY = (
        Kind.CONFLICT,
        N_("Donor {donor} was merged into donor {into} already."),
        N_("Open the donor again from the list, and merge the one that stands for it."),
    )
    TWO_CODES = (
        Kind.CONFLICT,
        N_("Two different personal or registry codes are two donors."),
        N_("If one gave for the other, answer those payments. If a code was given by hand, take it back first."),
    )
    CODE_TAKEN = (
        Kind.CONFLICT,
        N_("Another donor has this code already."),
        N_("If it is the same person, merge the two donors."),
    )
    BAD_CODE = (
        Kind.WRONG_INPUT,
        N_("This is not the code that is asked for, or its check digit is wrong."),
        N_("Compare it with the document: a personal code has 11 digits, a registry code 8."),
    )
    KNOWN_ALREADY = Kind.CONFLICT, N_("The donor is recognised by that already."), _NOTHING_TO_DO
    CLAIM_GIVEN = (
        Kind.CONFLICT,
        N_("Somebody said that this account and name pay for another donor."),
        N_("Take that back on the other donor’s page first."),
    )
    UNKNOWN_CLAIM = Kind.ABSENT, N_("This was taken back already."), N_("Look at the donor’s page again.")
    UNKNOWN_MERGE = Kind.ABSENT, N_("There is no such merge."), N_("Look for it on the donor’s page.")
    APART_ALREADY = Kind.CONFLICT, N_("This merge was taken apart already."), _NOTHING_TO_DO

    # Being forgotten
    RESTRICTED_DONOR = (
        Kind.CONFLICT,
        N_("This donor asked to be forgotten, so nothing more is written about the donor."),
        N_("Look at the donor’s page: it says what is kept and until when."),
    )
    DONOR_HELD = (
        Kind.CONFLICT,
        N_("This donor’s data is on hold."),
        N_("Nothing was destroyed. When the reason for the hold is over, release the data first."),
    )
    DONOR_NOT_HELD = Kind.CONFLICT, N_("This donor’s data is not on hold."), _NOTHING_TO_DO
    DONOR_NOT_RESTRICTED = (
        Kind.CONFLICT,
        N_("The donor’s name is still in the books."),
        N_("Take it out first; the rest can be destroyed when the law lets it go."),
    )
    DONOR_UNNAMED = Kind.CONFLICT, N_("Nothing names this donor any more."), _NOTHING_TO_DO
    DONOR_STILL_NEEDED = (
        Kind.CONFLICT,
        N_("The law still asks for this donor’s payments with the payer’s name."),
        N_("Nothing was destroyed. The donor’s page says the day from which it can be."),
    )
    BAD_REASON = (
        Kind.WRONG_INPUT,
        N_("That is no reason to keep a donor’s data."),
        N_("Choose a dispute or an audit."),
    )
    NAME_ERASED = (
        Kind.CONFLICT,
        N_("The name on this certificate was erased, so it cannot be printed any more."),
        N_("Its figures stay in the books."),
    )
