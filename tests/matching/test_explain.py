"""Every code that a rule can give has its sentence, and none says more than was kept."""

from __future__ import annotations

import pytest
from tests.matching.sample import JAAN, KNOWN, MARI, ODD_NATIONAL_CHECK, OWN_SAVINGS, payment

from donations.core.payment import Payment
from donations.matching.against import What
from donations.matching.decide import decide
from donations.matching.explain import BECAUSE, REASONS, explain
from donations.matching.near import SpellingDifference
from donations.matching.outcome import AskReason, Because, OutcomeCause
from donations.matching.payer import NoDonor


def test_every_code_has_its_sentence() -> None:
    assert set(REASONS) == {*AskReason, *OutcomeCause}
    assert set(BECAUSE) == set(Because)
    for code in (*AskReason, *OutcomeCause):
        for difference in SpellingDifference:
            assert "{" not in explain(code, (("difference", difference.value), ("start", "0"), ("differs", "name")))
    for what in What:
        for payer in NoDonor:
            said = (("against", what.value), ("payer", payer.value))
            assert "{" not in explain(AskReason.OTHER_PURPOSE, said) + explain(AskReason.PAYER_IS_NO_DONOR, said)


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (
            payment("Suur annetus", account=ODD_NATIONAL_CHECK),
            (
                "A gift: the text has the keyword “annetus” (from letter 6), and the account number is valid."
                " The account number's national check digit does not fit; that alone refuses nothing."
            ),
        ),
        (
            payment("anetus"),
            "Please check: one letter keeps the text (from letter 1) from being the keyword “annetus”.",
        ),
        (
            payment(paid_reference="20260011"),
            "A gift: the reference number is the appeal's, and the account number is valid.",
        ),
        (
            payment(on_behalf_of=JAAN),
            (
                "Please choose the donor: somebody seems to pay for somebody else"
                " (the bank names somebody else as the one who really pays)."
            ),
        ),
        (
            payment("x", minor=-20_00),
            "Please check: this may be a refund, for it has the amount of a gift.",
        ),
        (
            payment("annetus, arve 17"),
            "Please check: the text names an appeal, but also another purpose.",
        ),
        (
            payment("annetuse tagastus"),
            "Please check: the text names an appeal, but also mentions a return.",
        ),
        (
            payment(name="Swedbank AS"),
            "Please check: a bank or a payment institution pays, and who really gives is not named.",
        ),
        (payment(account=OWN_SAVINGS), "A transfer: the other account is one of your own."),
    ],
)
def test_a_decision_is_explained_from_its_kept_reason(one: Payment, sentence: str) -> None:
    reason = decide(one, KNOWN).reason
    assert explain(str(reason.code), reason.evidence) == sentence
    assert MARI not in sentence
