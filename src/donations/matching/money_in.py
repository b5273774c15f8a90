"""Rules for money in that may be a gift: it takes an appeal named beyond doubt and a valid account of one donor.

`other_money` comes first, so all that these rules see has come from somebody else and is no return.
"""

from __future__ import annotations

from donations.core.donor import CodeClaim
from donations.matching import outcome
from donations.matching.case import Case, codes_meant
from donations.matching.features import AccountKind, Features
from donations.matching.keywords import Hit, NearKeyword, ReferenceHit, SeveralAppeals
from donations.matching.outcome import (
    Asking,
    AskReason,
    Because,
    ClearGift,
    OutcomeCause,
    Proposal,
    Reason,
    Verdict,
)
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


def taken_back(seen: Features, rule: str) -> Verdict | None:
    """The line beside it takes it back, and both may be made up: whoever pays can write them into a text."""
    if not seen.is_taken_back:
        return None
    return Asking.by(rule, AskReason.TAKEN_BACK, gift_or_income, seen=outcome.of_named(seen.text))


def payer_is_no_donor(seen: Features, rule: str) -> Verdict | None:
    """A bank, a payment institution or a public body pays, and nobody is named behind it: a grant, or many gifts."""
    if seen.payer.institution is None or seen.payer.is_for_another:
        return None
    payout = (("hint", "provider"),) if seen.payer.is_provider else ()
    evidence = (*outcome.of_named(seen.text), ("payer", seen.payer.institution.value), *payout)
    return Asking.by(rule, AskReason.PAYER_IS_NO_DONOR, gifts_of_institution, seen=evidence)


def negated_keyword(seen: Features, rule: str) -> Verdict | None:
    """The text takes the keyword or reference back: `annetuse tagastus`, `ei ole annetus`."""
    if seen.text.denied is None or seen.text.denied.what.is_other_purpose:
        return None
    return Asking.by(rule, AskReason.NEGATED_KEYWORD, _no_gift_first, seen=outcome.of_named(seen.text))


def _no_gift_first(case: Case) -> tuple[Proposal, ...]:
    return best([income(Because.DENIED)], gifts_by_likely_donors(case, case.appeal))


def other_purpose(seen: Features, rule: str) -> Verdict | None:
    """The text names an appeal, and another purpose or a second amount beside it: `annetus, arve 17`."""
    if seen.text.denied is None:
        return None
    return Asking.by(rule, AskReason.OTHER_PURPOSE, _other_purpose_first, seen=outcome.of_named(seen.text))


def _other_purpose_first(case: Case) -> tuple[Proposal, ...]:
    return best([income(Because.OTHER_PURPOSE)], gifts_by_likely_donors(case, case.appeal))


def several_keywords(seen: Features, rule: str) -> Verdict | None:
    """Several appeals are named, and no single reference decides."""
    hits: tuple[Hit | ReferenceHit, ...] = seen.text.references
    if not hits and isinstance(seen.text.found, SeveralAppeals):
        hits = seen.text.found.hits
    if len(hits) < 2:
        return None
    because = Because.REFERENCE if seen.text.references else Because.KEYWORD

    def offers(case: Case) -> tuple[Proposal, ...]:
        return best(*(gift_for(case, hit.appeal, because) for hit in hits))

    return Asking.by(rule, AskReason.SEVERAL_KEYWORDS, offers, seen=outcome.of_named(seen.text))


def near_keyword(seen: Features, rule: str) -> Verdict | None:
    """No appeal is named, but a word is nearly a keyword."""
    if seen.text.references or not isinstance(seen.text.found, NearKeyword):
        return None
    near, is_against = seen.text.found, seen.text.speaks_against is not None

    def offers(case: Case) -> tuple[Proposal, ...]:
        gift = gift_for(case, near.hit.appeal, Because.NEAR_KEYWORD)
        return best([income(Because.OTHER_PURPOSE)], gift) if is_against else best(gift, [income()])

    return Asking.by(rule, AskReason.NEAR_KEYWORD, offers, seen=outcome.of_text(near))


def no_valid_iban(seen: Features, rule: str) -> Verdict | None:
    """An appeal is named, but no account number that could say who gives."""
    if seen.text.named is None or seen.payer.account is AccountKind.VALID:
        return None
    why = AskReason.IBAN_INVALID if seen.payer.account is AccountKind.FAILED else AskReason.NO_IBAN
    return Asking.by(rule, why, _by_likely_donors, seen=outcome.of_hit(seen.text.named))


def _by_likely_donors(case: Case) -> tuple[Proposal, ...]:
    return best(gifts_by_likely_donors(case, case.appeal))


def payer_differs(seen: Features, rule: str) -> Verdict | None:
    """Somebody seems to pay for somebody else: two codes, another's code, or a name on whose behalf it is."""
    if seen.text.named is None or seen.payer.differs is None:
        return None
    evidence = (*outcome.of_hit(seen.text.named), ("differs", seen.payer.differs))
    return Asking.by(rule, AskReason.PAYER_DIFFERS, _by_codes_and_names, seen=evidence)


def _by_codes_and_names(case: Case) -> tuple[Proposal, ...]:
    typed = case.payer.text_codes
    by_code = (
        gift_by(case, CodeClaim(code), Because.CODE_IN_TEXT if code in typed else Because.SAME_CODE)
        for code in codes_meant(case.payer, case.directory)
    )
    return best(by_code, gifts_by_name_really_paying(case), gifts_by_likely_donors(case, case.appeal))


def several_donors(seen: Features, rule: str) -> Verdict | None:
    """Several donors use the account, and neither name nor code tells which of them gives."""
    if seen.text.named is None or seen.payer.account is not AccountKind.VALID or seen.payer.is_one_donor:
        return None
    return Asking.by(rule, AskReason.SEVERAL_DONORS, _by_account, seen=outcome.of_hit(seen.text.named))


def _by_account(case: Case) -> tuple[Proposal, ...]:
    payer = case.payer
    claims = () if payer.iban is None else case.directory.claims_on(iban=payer.iban, name=payer.name)
    return best(gift_by(case, claim, Because.SAME_IBAN) for claim in claims)


def reference_and_iban(seen: Features, rule: str) -> Verdict | None:
    """An appeal's reference and a valid account of one donor: a gift."""
    return _gift(seen, rule, OutcomeCause.REFERENCE) if isinstance(seen.text.named, ReferenceHit) else None


def keyword_and_iban(seen: Features, rule: str) -> Verdict | None:
    """One appeal's keyword and a valid account of one donor: a gift."""
    return _gift(seen, rule, OutcomeCause.KEYWORD) if isinstance(seen.text.named, Hit) else None


def _gift(seen: Features, rule: str, cause: OutcomeCause) -> ClearGift | None:
    if seen.text.named is None or not seen.payer.is_one_donor:
        return None
    evidence = outcome.of_hit(seen.text.named) + outcome.hints(seen.payer)
    return ClearGift(appeal=seen.text.named.appeal, reason=Reason(rule=rule, code=cause, evidence=evidence))


def keyword_missing(seen: Features, rule: str) -> Verdict | None:
    """Nothing says what for, but the account belongs to donors with earlier gifts."""
    return Asking.by(rule, AskReason.KEYWORD_MISSING, gift_or_income) if seen.payer.gave_before else None


def unknown(rule: str) -> Asking:
    """Nothing says what for, and nobody known pays."""
    return Asking.by(rule, AskReason.UNKNOWN, gift_or_income)
