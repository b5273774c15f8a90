"""What the books refuse of a person's answers, rules and decisions, by stable code: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from donations.core.language import N_
from donations.web.failures import Failure

_OTHER_ANSWER = N_("Go back and choose another answer.")


def _refusal(
    code: str, what: str, remedy: str = _OTHER_ANSWER, *, status: int = 422, values: Mapping[str, object] | None = None
) -> Failure:
    return Failure(code=code, status=status, what=what, remedy=remedy, values=values or {})


REFUSALS: dict[str, Failure] = {
    failure.code: failure
    for failure in (
        # Answers
        _refusal("unknown_appeal", N_("There is no such appeal."), N_("Go back and choose one from the list.")),
        _refusal("appeal_needed", N_("There are several appeals."), N_("Go back and say which one.")),
        _refusal(
            "donor_needed", N_("A gift has a donor."), N_("Go back and write a name, or say that it is anonymous.")
        ),
        _refusal(
            "several_donors",
            N_("Several donors have that name."),
            N_("Go back and write the donor’s number in its place: it stands on the donor’s page."),
        ),
        _refusal(
            "cannot_allocate",
            N_("That does not fit the payment: it is more than is left, or for money that moves the other way."),
        ),
        _refusal("bad_amount", N_("An amount is more than nothing.")),
        _refusal("no_such_proposal", N_("There is no such proposal any more."), N_("Look at the question again.")),
        _refusal(
            "nothing_answered",
            N_("There is no answer to take back: it was taken back already, or somebody answered anew."),
            N_("The payment’s own page shows all that was decided."),
        ),
        _refusal(
            "parts_do_not_add_up",
            N_("The parts do not add up to what is left of the payment."),
            N_("Go back and let them add up."),
        ),
        _refusal(
            "refund_exceeds_gifts",
            N_("More would go back than is left of this donor’s gifts."),
            N_("If that is right, answer once more in your own words, with a reason."),
        ),
        _refusal(
            "nothing_to_return",
            N_("That payment is no gift that could go back."),
            N_("Go back and write the number of the gift’s payment: it stands on the donor’s page."),
        ),
        _refusal(
            "text_refused",
            N_("The text in “%(field)s” cannot be kept: it has at most %(limit)s characters, all of them readable."),
            N_("Go back and write it shorter, by hand rather than pasted."),
            values={"field": "…", "limit": "…"},
        ),
        # What the organisation is called
        _refusal(
            "organisation_unnamed",
            N_("Nobody has said yet what your organisation is called."),
            N_("Say it under “Accounts, appeals and keywords”, and then do this again."),
            status=409,
        ),
        _refusal(
            "organisation_differs",
            N_("The settings of the program call your organisation otherwise than these books do."),
            N_("If it is called otherwise now, say so under “Accounts, appeals and keywords”; else mend the settings."),
            status=409,
        ),
        # Standing rules
        _refusal(
            "rule_too_wide",
            N_("The rule would fit payments of just anybody."),
            N_("Go back and choose the account, the name, or a word of the text."),
        ),
        _refusal(
            "rule_word_too_short",
            N_("A word of the rule is too short: it would be found everywhere."),
            N_("Go back and write at least three letters."),
        ),
        _refusal(
            "rule_name_alone",
            N_("Different people have one name, so a name alone never makes a gift."),
            N_("Go back and choose the account too, or a name together with a word of the text."),
        ),
        _refusal("rule_does_not_fit", N_("Such money moves the other way.")),
        _refusal("rule_needs_donor", N_("A rule for gifts has a donor and an appeal."), N_("Go back and choose them.")),
        _refusal("unknown_rule", N_("There is no such rule."), N_("Look for it in the list of rules."), status=404),
        _refusal("rule_switched", N_("The rule was switched already."), N_("There is nothing left to do."), status=409),
        # Which lines are one payment
        _refusal(
            "different_day_or_amount",
            N_("Only two payments of one account, day and amount can be one."),
            N_("If one of them is none, leave it out instead."),
        ),
        _refusal("answered", N_("Somebody answered one of them."), N_("Take the answer back first.")),
        _refusal("both_shown", N_("One statement shows both, so they are two payments."), N_("Nothing is to be done.")),
        _refusal("one_line", N_("Only one line attests this payment."), N_("Nothing is to be done.")),
        _refusal(
            "part_of_batch",
            N_("It is part of a batch entry, which counts whole."),
            N_("Give the part its purpose instead."),
        ),
        _refusal("one_payment", N_("That is one payment."), N_("Nothing is to be done.")),
        _refusal("not_decided", N_("Nobody said that they are two payments."), N_("Nothing is to be done.")),
        _refusal(
            "different_amount",
            N_("Only two payments of one account and amount can be one."),
            N_("If one of them is none, leave it out instead."),
        ),
        # Own accounts and their days
        _refusal(
            "unknown_account",
            N_("There is no such own account."),
            N_("Look for it among your accounts in the settings."),
        ),
        _refusal(
            "not_quiet",
            N_("Only days that no statement covers can be confirmed, between two balances of the bank that agree."),
            N_("Look at the coverage: it says what is known of these days."),
        ),
        _refusal("not_confirmed", N_("Nobody confirmed these days."), N_("Nothing is to be done."), status=409),
        _refusal("no_balance", N_("No balance of that day was entered."), N_("Nothing is to be done."), status=409),
        # Publishing
        _refusal(
            "books_broken",
            N_("A check of the books does not hold, so nothing was published."),
            N_("Run donations check on the computer that runs the program: it names what is wrong and where."),
            status=409,
        ),
        # Closing months
        _refusal(
            "cannot_close",
            N_("The month cannot be closed now."),
            N_("Look at its page: it says what comes first."),
            status=409,
        ),
        _refusal(
            "reason_needed",
            N_("Something is in the way, and no reason was written."),
            N_("Go back and say why it is done all the same."),
        ),
        _refusal("not_closed", N_("The month is not closed."), N_("There is nothing to open again."), status=409),
        _refusal(
            "not_newest",
            N_("Only the newest closed month can be opened again."),
            N_("What comes to an older one is listed there as a correction."),
            status=409,
        ),
        _refusal("unknown_line", N_("No such line is left out."), N_("Look at the questions again.")),
    )
}
