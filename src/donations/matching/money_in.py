"""Rules for money in that may be a gift: it takes an appeal named beyond doubt and a valid account of one donor.

`other_money` comes first, so all that these rules see has come from somebody else and is no return.
"""

from __future__ import annotations

from donations.core.donor import CodeClaim, PayerClaim
from donations.core.iban import UnverifiedAccount
from donations.matching import outcome
from donations.matching.case import Case
from donations.matching.keywords import Hit, NearKeyword, ReferenceHit, SeveralAppeals
from donations.matching.outcome import Ask, AskReason, Because, Gift, Outcome, OutcomeCause, Reason
from donations.matching.proposals import (
    best,
    gift_by,
    gift_for,
    gift_or_income,
    gifts_by_likely_donors,
    gifts_by_name_really_paying,
    gifts_of_institution,
    income,
)


def taken_back(case: Case, rule: str) -> Outcome | None:
    """The line beside it takes it back, and both may be made up: whoever pays can write them into a text."""
    if not case.payment.is_taken_back:
        return None
    return Ask.by(rule, AskReason.TAKEN_BACK, gift_or_income(case, case.appeal), seen=outcome.of_case(case))


def payer_is_no_donor(case: Case, rule: str) -> Outcome | None:
    """A bank, a payment institution or a public body pays, and nobody is named behind it: a grant, or many gifts."""
    if case.institution is None or case.payer.on_behalf_of:
        return None
    seen = (*outcome.of_case(case), ("payer", case.institution.value))
    return Ask.by(rule, AskReason.PAYER_IS_NO_DONOR, gifts_of_institution(case), seen=seen)


def negated_keyword(case: Case, rule: str) -> Outcome | None:
    """The text takes the keyword or reference back: `annetuse tagastus`, `ei ole annetus`."""
    if case.denied is None or case.denied.what.is_other_purpose:
        return None
    offers = best([income()], gifts_by_likely_donors(case, case.appeal))
    return Ask.by(rule, AskReason.NEGATED_KEYWORD, offers, seen=outcome.of_case(case))


def other_purpose(case: Case, rule: str) -> Outcome | None:
    """The text names an appeal, and another purpose or a second amount beside it: `annetus, arve 17`."""
    if case.denied is None:
        return None
    offers = best([income(Because.OTHER_PURPOSE)], gifts_by_likely_donors(case, case.appeal))
    return Ask.by(rule, AskReason.OTHER_PURPOSE, offers, seen=outcome.of_case(case))


def several_keywords(case: Case, rule: str) -> Outcome | None:
    """Several appeals are named, and no single reference decides."""
    hits: tuple[Hit | ReferenceHit, ...] = case.references
    if not hits and isinstance(case.found, SeveralAppeals):
        hits = case.found.hits
    if len(hits) < 2:
        return None
    because = Because.REFERENCE if case.references else Because.KEYWORD
    offers = best(*(gift_for(case, hit.appeal, because) for hit in hits))
    return Ask.by(rule, AskReason.SEVERAL_KEYWORDS, offers, seen=outcome.of_case(case))


def near_keyword(case: Case, rule: str) -> Outcome | None:
    """No appeal is named, but a word is nearly a keyword."""
    if case.references or not isinstance(case.found, NearKeyword):
        return None
    gift = tuple(gift_for(case, case.found.hit.appeal, Because.NEAR_KEYWORD))
    offers = best(gift, [income()])
    if case.speaks_against is not None:
        offers = best([income(Because.OTHER_PURPOSE)], gift)
    return Ask.by(rule, AskReason.NEAR_KEYWORD, offers, seen=outcome.of_text(case.found))


def no_valid_iban(case: Case, rule: str) -> Outcome | None:
    """An appeal is named, but no account number that could say who gives."""
    if case.named is None or case.payer.iban is not None:
        return None
    failed = isinstance(case.account, UnverifiedAccount) and case.account.is_failed_iban
    why = AskReason.IBAN_INVALID if failed else AskReason.NO_IBAN
    return Ask.by(rule, why, best(gifts_by_likely_donors(case, case.appeal)), seen=outcome.of_hit(case.named))


def payer_differs(case: Case, rule: str) -> Outcome | None:
    """Somebody seems to pay for somebody else: two codes, another's code, or a name on whose behalf it is."""
    payer = case.payer
    if case.named is None or payer.iban is None:
        return None
    codes = dict.fromkeys(code for code in (payer.stated_code, *payer.text_codes) if code is not None)
    if len(codes) == 1 and payer.stated_code is None:
        known = case.directory.codes.get(PayerClaim(payer.iban, payer.name), frozenset())
        codes |= dict.fromkeys(sorted(known))
    is_one = any(case.directory.codes_with(CodeClaim(code)).issuperset(codes) for code in codes)
    differs = (len(codes) > 1 and not is_one) or case.directory.code_of(payer) != payer.code
    if (not differs and not payer.on_behalf_of) or _is_said_who(case):
        return None
    seen = (("differs", "code" if differs else "name"),)
    by_code = (
        gift_by(case, CodeClaim(code), Because.CODE_IN_TEXT if code in payer.text_codes else Because.SAME_CODE)
        for code in codes
    )
    offers = best(by_code, gifts_by_name_really_paying(case), gifts_by_likely_donors(case, case.appeal))
    return Ask.by(rule, AskReason.PAYER_DIFFERS, offers, seen=outcome.of_hit(case.named) + seen)


def _is_said_who(case: Case) -> bool:
    """Whether a person said for whom this account and name pay, and the text names nobody else."""
    payer = case.payer
    if payer.iban is None or payer.on_behalf_of:
        return False
    codes = case.directory.by_word.get(PayerClaim(payer.iban, payer.name))
    return codes is not None and codes.issuperset(code for code in payer.text_codes if code != payer.stated_code)


def several_donors(case: Case, rule: str) -> Outcome | None:
    """Several donors use the account, and neither name nor code tells which of them gives."""
    payer = case.payer
    if case.named is None or payer.iban is None:
        return None
    if case.directory.claim_of(payer) is not None:
        return None
    claims = case.directory.claims_on(iban=payer.iban, name=payer.name)
    offers = best(gift_by(case, claim, Because.SAME_IBAN) for claim in claims)
    return Ask.by(rule, AskReason.SEVERAL_DONORS, offers, seen=outcome.of_hit(case.named))


def reference_and_iban(case: Case, rule: str) -> Outcome | None:
    """An appeal's reference and a valid account of one donor: a gift."""
    return _gift(case, rule, OutcomeCause.REFERENCE) if isinstance(case.named, ReferenceHit) else None


def keyword_and_iban(case: Case, rule: str) -> Outcome | None:
    """One appeal's keyword and a valid account of one donor: a gift."""
    return _gift(case, rule, OutcomeCause.KEYWORD) if isinstance(case.named, Hit) else None


def _gift(case: Case, rule: str, cause: OutcomeCause) -> Gift | None:
    payer = case.payer
    if case.named is None or payer.iban is None:
        return None
    claim = case.directory.claim_of(payer)
    if claim is None:
        return None
    reason = Reason(rule=rule, code=cause, evidence=outcome.of_hit(case.named) + outcome.hints(payer.iban))
    return Gift(appeal=case.named.appeal, claim=claim, reason=reason)


def keyword_missing(case: Case, rule: str) -> Outcome | None:
    """Nothing says what for, but the account belongs to donors with earlier gifts."""
    if case.payer.iban is None or not case.directory.givers.get(case.payer.iban):
        return None
    return Ask.by(rule, AskReason.KEYWORD_MISSING, gift_or_income(case, None))


def unknown(case: Case, rule: str) -> Ask:
    """Nothing says what for, and nobody known pays."""
    return Ask.by(rule, AskReason.UNKNOWN, gift_or_income(case, None))
