"""Refusals of decisions: answers, standing rules, which lines are one payment, and what is done with donors."""

from __future__ import annotations

from donations.core.language import N_
from donations.core.refusal import NOTHING_TO_DO, RefusalCode
from donations.core.refusal import RefusalKind as Kind

_OTHER_ANSWER = N_("Choose another answer.")
_LEAVE_OUT = N_("If one of them is none, leave it out instead.")
_LOOK_AGAIN = N_("Look at the payment again.")


class AnswerCode(RefusalCode):
    """What is refused of what people say of payments."""

    UNKNOWN_PAYMENT = (
        Kind.ABSENT,
        N_("There is no such payment."),
        N_("It may have gone when its import was taken back. Look for it in the ledger."),
    )
    APPEAL_NEEDED = Kind.WRONG_INPUT, N_("There are several appeals."), N_("Say which one.")
    DONOR_NEEDED = (
        Kind.WRONG_INPUT,
        N_("Every gift and every refund has a donor."),
        N_("Write a name, or say that it is anonymous."),
    )
    SEVERAL_DONORS = (
        Kind.WRONG_INPUT,
        N_("Several donors have that name: numbers {donors}."),
        N_("Write the donor’s number in its place."),
    )
    CANNOT_ALLOCATE = (
        Kind.WRONG_INPUT,
        N_("That does not fit the payment: it is more than is left, or for money that moves the other way."),
        _OTHER_ANSWER,
    )
    BAD_AMOUNT = (
        Kind.WRONG_INPUT,
        N_("The amount cannot be read, or it is not more than nothing."),
        N_("Write it with a comma or a point, for example 12,50; no spaces."),
    )
    UNKNOWN_ANSWER = (
        Kind.WRONG_INPUT,
        N_("There is no such answer."),
        N_("Answer gift, refund, transfer, other, or with a proposal’s number."),
    )
    REASON_MISSING = Kind.WRONG_INPUT, N_("No reason was written."), N_("Say why it is so.")
    NO_SUCH_PROPOSAL = Kind.ABSENT, N_("There is no such proposal any more."), N_("Look at the question again.")
    PROPOSAL_OUTDATED = (
        Kind.CONFLICT,
        N_("Something changed since the proposal was shown."),
        N_("Look at the question again; its proposals may be others now."),
    )
    ANSWERED_BY_ANOTHER = (
        Kind.CONFLICT,
        N_("Somebody else answered this payment."),
        N_("See what stands: donations why {payment}. To answer in its place, add --anew."),
    )
    NOTHING_ANSWERED = (
        Kind.CONFLICT,
        N_("There is no answer to take back: it was taken back already, or somebody answered anew."),
        N_("The payment’s own page shows all that was decided."),
    )
    PARTS_OF_SEVERAL = Kind.WRONG_INPUT, N_("Several payments are answered whole."), _OTHER_ANSWER
    PARTS_DO_NOT_ADD_UP = (
        Kind.WRONG_INPUT,
        N_("The parts do not add up to what is left of the payment."),
        N_("Let them add up."),
    )
    REFUND_EXCEEDS_GIFTS = (
        Kind.WRONG_INPUT,
        N_("More would go back than is left of this donor’s gifts."),
        N_("If that is right, answer once more in your own words, with a reason."),
    )
    NOTHING_TO_RETURN = (
        Kind.WRONG_INPUT,
        N_("That payment is no gift that could go back."),
        N_("Write the number of the gift’s payment: it stands on the donor’s page."),
    )
    OTHER_CURRENCY = Kind.WRONG_INPUT, N_("The payment is in another currency."), _LOOK_AGAIN
    NO_DONOR_HERE = Kind.WRONG_INPUT, N_("Only gifts and refunds have a donor."), N_("Leave the donor out.")

    # Standing rules
    RULE_TOO_WIDE = (
        Kind.WRONG_INPUT,
        N_("The rule would fit payments of just anybody."),
        N_("Choose the account, the name, or a word of the text."),
    )
    RULE_WORD_TOO_SHORT = (
        Kind.WRONG_INPUT,
        N_("A word of the rule is too short: it would be found everywhere."),
        N_("Write at least three letters."),
    )
    RULE_NAME_ALONE = (
        Kind.WRONG_INPUT,
        N_("Different people have one name, so a name alone never makes a gift."),
        N_("Choose the account too, or a name together with a word of the text."),
    )
    RULE_DOES_NOT_FIT = Kind.WRONG_INPUT, N_("Such money moves the other way."), _OTHER_ANSWER
    RULE_NEEDS_DONOR = Kind.WRONG_INPUT, N_("A rule for gifts has a donor and an appeal."), N_("Choose them.")
    UNKNOWN_RULE = Kind.ABSENT, N_("There is no such rule."), N_("Look for it in the list of rules.")
    RULE_SWITCHED = Kind.CONFLICT, N_("The rule was switched already."), NOTHING_TO_DO

    # Which lines are one payment
    DIFFERENT_DAY_OR_AMOUNT = (
        Kind.CONFLICT,
        N_("Only two payments of one account, day and amount can be one."),
        _LEAVE_OUT,
    )
    DIFFERENT_AMOUNT = Kind.CONFLICT, N_("Only two payments of one account and amount can be one."), _LEAVE_OUT
    ANSWERED = Kind.CONFLICT, N_("Somebody answered one of them."), N_("Take the answer back first.")
    BOTH_SHOWN = Kind.CONFLICT, N_("One statement shows both, so they are two payments."), NOTHING_TO_DO
    ONE_LINE = Kind.CONFLICT, N_("Only one line attests this payment."), NOTHING_TO_DO
    ONE_PAYMENT = Kind.WRONG_INPUT, N_("That is one payment."), N_("Name two different payments.")
    NOT_DECIDED = Kind.CONFLICT, N_("Nobody said that they are two payments."), NOTHING_TO_DO
    PART_OF_BATCH = (
        Kind.CONFLICT,
        N_("It is part of a batch entry, which counts whole."),
        N_("Give the part its purpose instead."),
    )
    UNKNOWN_LINE = Kind.ABSENT, N_("No such line is left out."), N_("Look at the questions again.")


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
    BAD_PHONE = (
        Kind.WRONG_INPUT,
        N_("This is not a phone number."),
        N_("Write it with the country’s code, as +372 and 7 or 8 digits, or +358 and the number without its first 0."),
    )
    BAD_EMAIL = (
        Kind.WRONG_INPUT,
        N_("This is not an e-mail address."),
        N_("Write one address alone, such as name@example.org."),
    )
    UNKNOWN_FIELD = Kind.ABSENT, N_("Donors have no such field."), N_("Look at the donor’s page again.")
    KNOWN_ALREADY = Kind.CONFLICT, N_("The donor is recognised by that already."), NOTHING_TO_DO
    CLAIM_GIVEN = (
        Kind.CONFLICT,
        N_("Somebody said that this account and name pay for another donor."),
        N_("Take that back on the other donor’s page first."),
    )
    UNKNOWN_CLAIM = Kind.ABSENT, N_("This was taken back already."), N_("Look at the donor’s page again.")
    UNKNOWN_MERGE = Kind.ABSENT, N_("There is no such merge."), N_("Look for it on the donor’s page.")
    APART_ALREADY = Kind.CONFLICT, N_("This merge was taken apart already."), NOTHING_TO_DO

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
    DONOR_NOT_HELD = Kind.CONFLICT, N_("This donor’s data is not on hold."), NOTHING_TO_DO
    DONOR_NOT_RESTRICTED = (
        Kind.CONFLICT,
        N_("The donor’s name is still in the books."),
        N_("Take it out first; the rest can be destroyed when the law lets it go."),
    )
    DONOR_UNNAMED = Kind.CONFLICT, N_("Nothing names this donor any more."), NOTHING_TO_DO
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
