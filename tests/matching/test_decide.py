"""The decision table of matching, row by row, and what must hold for any payment."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.matching.sample import (
    GENERAL,
    JAAN,
    JAAN_ID,
    JAANS,
    JAANS_CODE,
    KNOWN,
    MARI,
    MARI_ID,
    MARI_PAYS,
    MARIS,
    MARIS_CODE,
    NOBODY,
    ODD_NATIONAL_CHECK,
    OWN,
    OWN_CODE,
    OWN_SAVINGS,
    ROOF,
    STRANGERS,
    TOWNS_CODE,
    WRONG_CHECKSUM,
    gift_of,
    joint,
    payment,
)

from donations.core.donor import Appeal, Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import UnverifiedAccount
from donations.core.money import EUR, MoneyIn
from donations.core.name import name_key
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.statement import LineKind
from donations.matching.decide import RULES, decide
from donations.matching.directory import Directory, GivenGift, OwnSide, PaidOut, PaidTo
from donations.matching.outcome import Ask, AskReason, Because, Gift, NotAGift, Outcome, Taught

CASH = LineKind.CASH


def said(outcome: Outcome) -> str:
    """Return an outcome in one word or two, as the tables below say it."""
    match outcome:
        case Gift(appeal=appeal):
            return f"gift to {'General' if appeal == GENERAL.id else 'Roof'}"
        case Ask(why=why):
            return f"ask {why}"
        case NotAGift(purpose=purpose) | Taught(purpose=purpose):
            return str(purpose)


@pytest.mark.parametrize(
    ("one", "known", "expected"),
    [
        pytest.param(payment(), KNOWN, "gift to General", id="one appeal's, valid IBAN, one known donor"),
        pytest.param(payment(), NOBODY, "gift to General", id="one appeal's, valid IBAN, not known yet"),
        pytest.param(payment("katusele"), KNOWN, "gift to Roof", id="another appeal's"),
        pytest.param(payment(), joint(MARI, JAAN), "gift to General", id="several donors use it: the name agrees"),
        pytest.param(payment(name=""), joint(MARI, JAAN), "ask several_donors", id="several donors use it: a tie asks"),
        pytest.param(payment(account=None), KNOWN, "ask no_iban", id="one appeal's, no account"),
        pytest.param(payment(account=UnverifiedAccount("12345678")), KNOWN, "ask no_iban", id="a domestic number"),
        pytest.param(payment(account=None, kind=CASH), KNOWN, "ask no_iban", id="B45: cash has no account"),
        pytest.param(payment(account=WRONG_CHECKSUM), KNOWN, "ask iban_invalid", id="B43: its check digits fail"),
        pytest.param(payment(account=ODD_NATIONAL_CHECK), KNOWN, "gift to General", id="B44: national check fails"),
        pytest.param(payment("aitäh"), KNOWN, "ask keyword_missing", id="none, valid IBAN of a donor with gifts"),
        pytest.param(payment(""), KNOWN, "ask keyword_missing", id="no text at all, a donor with gifts"),
        pytest.param(payment("anetus"), KNOWN, "ask near_keyword", id="near miss: one letter off"),
        pytest.param(payment("Аnnetus"), KNOWN, "ask near_keyword", id="B48 near miss: look-alike letter"),
        pytest.param(payment("an netus"), KNOWN, "ask near_keyword", id="B48 near miss: split by a space"),
        pytest.param(payment("annet"), KNOWN, "ask near_keyword", id="B48 near miss: cut short"),
        pytest.param(payment("anetus", account=None), NOBODY, "ask near_keyword", id="near miss, any account"),
        pytest.param(payment("Annetuse tagastus"), KNOWN, "ask negated_keyword", id="B49: present with a return"),
        pytest.param(payment("ei ole annetus"), KNOWN, "ask negated_keyword", id="B49: present with a negation"),
        pytest.param(payment("ei ole annetus", account=None), KNOWN, "ask negated_keyword", id="negated, any account"),
        pytest.param(payment("annetus katusele"), KNOWN, "ask several_keywords", id="several appeals'"),
        pytest.param(payment("Annetus", account=OWN_SAVINGS), KNOWN, "transfer", id="B46: an own account, in"),
        pytest.param(payment("x", account=OWN_SAVINGS, minor=-500), KNOWN, "transfer", id="an own account, out"),
        pytest.param(payment(is_reversal=True), KNOWN, "income", id="money in that is a return of our payment"),
        pytest.param(payment(kind=LineKind.INTEREST), KNOWN, "income", id="interest"),
        pytest.param(payment(kind=LineKind.FEE, minor=-50), KNOWN, "cost", id="fee"),
        pytest.param(payment(kind=LineKind.FEE, minor=50), KNOWN, "income", id="a fee given back"),
        pytest.param(payment(kind=LineKind.TAX, minor=-50), KNOWN, "cost", id="tax"),
        pytest.param(payment("Annetuse tagastus", minor=-500), KNOWN, "ask refund", id="out to a donor, names a gift"),
        pytest.param(payment("ekslik", minor=-20_00), KNOWN, "ask refund", id="out to a donor, returns its amount"),
        pytest.param(payment("kulud", minor=-19_99), KNOWN, "cost", id="out to a donor for something else"),
        pytest.param(
            payment("üür", minor=-20_00, account=STRANGERS, name="Üürileandja OÜ"), KNOWN, "cost", id="to nobody known"
        ),
        pytest.param(payment("x", minor=-20_00, account=STRANGERS), KNOWN, "ask refund", id="to her other account"),
        pytest.param(payment("x", minor=-20_00, account=None), KNOWN, "ask refund", id="to her, by name alone"),
        pytest.param(
            payment("x", minor=-50_00, account=None, name="J. N.", payer_code=JAANS_CODE),
            KNOWN,
            "ask refund",
            id="to him, by code alone",
        ),
        pytest.param(payment("tagasi", minor=-7_00, account=None), KNOWN, "ask refund", id="a return to a donor"),
        pytest.param(
            payment("annetuse tagastus", minor=-7_00, account=None, name="Keegi Teine"),
            NOBODY,
            "ask refund",
            id="a gift's return, to whomever",
        ),
        pytest.param(
            payment("EE967700030606454826 Annetuse tagas", minor=-7_00, account=None, name="Keegi Teine"),
            NOBODY,
            "ask refund",
            id="likewise where the bank cut the text",
        ),
        *(
            pytest.param(
                payment(text, minor=-7_00, account=account, name="Keegi Teine"),
                NOBODY,
                "ask says_return",
                id=f"a return, to nobody known: {text}, {account}",
            )
            for account in (None, STRANGERS)
            for text in ("Tagastus", "tagasi", "Refund", "Возврат", "tagatisraha tagastus", "Arve 3 tagasimakse")
        ),
        pytest.param(
            payment("Kuutasu, aitäh tagasiside eest", minor=-7_00, account=STRANGERS, name="Keegi"),
            NOBODY,
            "cost",
            id="what only looks like a return",
        ),
        pytest.param(
            payment("ei", minor=-7_00, account=None, name="Keegi"), NOBODY, "cost", id="no more than a denial"
        ),
        pytest.param(
            payment("Arve 12 annetuskarbid", minor=-7_00, account=STRANGERS, name="Trükikoda OÜ"),
            KNOWN,
            "cost",
            id="a compound and an invoice name no gift",
        ),
        pytest.param(payment("x", minor=-20_00, is_reversal=True), KNOWN, "ask gift_returned", id="a gift went back"),
        pytest.param(payment("arve 7", account=STRANGERS), KNOWN, "ask unknown", id="none, unknown"),
        pytest.param(payment("arve 7", account=None), KNOWN, "ask unknown", id="none, no account"),
    ],
)
def test_the_decision_table(one: Payment, known: Directory, expected: str) -> None:
    assert said(decide(one, known)) == expected


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(payment("", paid_reference="20260011"), "gift to General", id="viitenumber"),
        pytest.param(payment("", paid_reference="RF5220260011"), "gift to General", id="RF of the same"),
        pytest.param(payment("katus", paid_reference="20260011"), "gift to General", id="outranks the text"),
        pytest.param(payment("annetus katus", paid_reference="20260011"), "gift to General", id="decides between two"),
        pytest.param(payment("anetus", paid_reference="121312952"), "gift to Roof", id="outranks a near miss"),
        pytest.param(payment("annetus", paid_reference="2008"), "gift to General", id="nobody's leaves the text"),
        pytest.param(payment("tagastus", paid_reference="20260011"), "ask negated_keyword", id="with a return"),
        pytest.param(payment("x", paid_reference="20260011", account=None), "ask no_iban", id="without account"),
        pytest.param(payment("/RFB/121312952/TXT/aitäh"), "gift to Roof", id="not split by the bank"),
        pytest.param(payment("RF31 1213 1295 2"), "gift to Roof", id="RF in groups of four in the text"),
        pytest.param(payment("viitenumber 2026 0011"), "gift to General", id="called so, in groups of four"),
        pytest.param(payment("viitenr: 2026\n0011"), "gift to General", id="cut by a line break"),
        pytest.param(payment("viide 20260011 20 eurot"), "gift to General", id="an amount behind it"),
        pytest.param(payment("20260011"), "ask keyword_missing", id="a bare number says nothing"),
        pytest.param(payment("viide 20260012"), "ask keyword_missing", id="wrong check digit"),
        pytest.param(payment("viide 20260011, viide 121312952"), "ask several_keywords", id="two appeals'"),
    ],
)
def test_a_reference_outranks_the_text(one: Payment, expected: str) -> None:
    assert said(decide(one, KNOWN)) == expected


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(payment(), MARI_PAYS, id="account and name"),
        pytest.param(payment(name="Näidis, Mari"), MARI_PAYS, id="the name in another order"),
        pytest.param(payment(name=""), MARI_PAYS, id="no name: the only one seen on the account"),
        pytest.param(payment(payer_code=MARIS_CODE), CodeClaim(MARIS_CODE), id="the file's own code"),
        pytest.param(payment(f"annetus {MARIS_CODE}"), CodeClaim(MARIS_CODE), id="B50: the only code in the text"),
        pytest.param(payment("annetus 49403\n136526"), CodeClaim(MARIS_CODE), id="the code cut by a line break"),
        pytest.param(payment(f"annetus {MARIS_CODE}", payer_code=MARIS_CODE), CodeClaim(MARIS_CODE), id="both agree"),
        pytest.param(payment("annetus 49403136527"), MARI_PAYS, id="B50: wrong check digit in the text"),
        pytest.param(payment(payer_code="P-77"), MARI_PAYS, id="a code nobody can check"),
        pytest.param(payment(f"annetus, reg {OWN_CODE}"), MARI_PAYS, id="our own code, copied from our page"),
        pytest.param(payment(name=JAAN, account=JAANS), CodeClaim(JAANS_CODE), id="the code seen there before"),
        pytest.param(payment(on_behalf_of="Mari Näidis"), MARI_PAYS, id="on behalf of the payer"),
        pytest.param(payment(name=JAAN), PayerClaim(MARIS, name_key(JAAN)), id="another name: somebody new"),
    ],
)
def test_who_gives(one: Payment, expected: object) -> None:
    outcome = decide(one, KNOWN)
    assert isinstance(outcome, Gift)
    assert outcome.claim == expected


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(payment(f"annetus {JAANS_CODE}", payer_code=MARIS_CODE), id="two codes"),
        pytest.param(payment(f"annetus {MARIS_CODE} {JAANS_CODE}"), id="two codes in the text"),
        pytest.param(payment(f"annetus {MARIS_CODE}", name=JAAN, account=JAANS), id="a code and the one seen before"),
        pytest.param(payment(on_behalf_of=JAAN), id="on behalf of somebody else"),
    ],
)
def test_somebody_paying_for_another_asks_and_proposes_both(one: Payment) -> None:
    outcome = decide(one, KNOWN)
    assert isinstance(outcome, Ask)
    assert outcome.why is AskReason.PAYER_DIFFERS
    assert len({(offer.donor, offer.claim) for offer in outcome.proposals}) >= 2
    assert {offer.purpose for offer in outcome.proposals} == {Purpose.GIFT}


def test_of_two_codes_it_is_said_which_stands_in_the_text() -> None:
    known: dict[Claim, DonorId] = {CodeClaim(MARIS_CODE): DonorId(2), CodeClaim(JAANS_CODE): DonorId(3)}
    one = payment(f"annetus {JAANS_CODE}", payer_code=MARIS_CODE, account=STRANGERS)
    outcome = decide(one, replace(KNOWN, donors=known))
    assert isinstance(outcome, Ask)
    because = {(offer.donor, offer.because) for offer in outcome.proposals}
    assert {(2, Because.SAME_CODE), (3, Because.CODE_IN_TEXT)} <= because


@pytest.mark.parametrize("text", ["toetus", "annetus", ""])
@pytest.mark.parametrize(
    ("name", "payer_code", "kind"),
    [
        ("Keegi", TOWNS_CODE, "public_body"),
        ("Tartu Linn", "", "public_body"),
        ("RAE VALD", "", "public_body"),
        ("Rahandusministeerium", "", "public_body"),
        ("Eesti Kultuurkapital", "", "public_body"),
        ("Maksu- ja Tolliamet", "", "public_body"),
        ("Kohtutäitur Mari Tamm", "", "public_body"),
        ("SEB Pank AS", "10004252", "bank"),
        ("Pank mille nime ei tea", "10004252", "bank"),
        ("Montonio Finance UAB", "", "bank"),
        ("Wise", "", "bank"),
        ("PayPal (Europe) S.à r.l. et Cie, S.C.A.", "", "bank"),
        ("TRWIBEB1XXX", "", "bank"),
    ],
)
def test_a_payer_that_is_no_donor_is_asked_about_whatever_it_writes(
    text: str, name: str, payer_code: str, kind: str
) -> None:
    outcome = decide(payment(text, name=name, payer_code=payer_code, account=STRANGERS), KNOWN)
    assert isinstance(outcome, Ask)
    assert outcome.why is AskReason.PAYER_IS_NO_DONOR
    assert ("payer", kind) in outcome.reason.evidence
    first = outcome.proposals[0]
    assert (first.purpose, first.claim) != (Purpose.GIFT, CodeClaim(TOWNS_CODE))
    assert first.purpose is Purpose.INCOME or (first.donor, first.claim) == (None, None)


@pytest.mark.parametrize(
    "name", ["Mari Linn", "Jaan Vald", "Kalle Amet", "Linn, Kalle", "Mari Wise", "Eva Nets", "Aivar Pank", "Anne Riik"]
)
def test_people_are_not_taken_for_what_their_names_mean(name: str) -> None:
    assert isinstance(decide(payment(name=name, account=STRANGERS), KNOWN), Gift)


def test_who_is_named_behind_a_payment_institution_is_proposed_and_the_institution_never() -> None:
    outcome = decide(payment(name="Revolut Bank UAB", on_behalf_of="Mari Maasikas", account=STRANGERS), KNOWN)
    assert isinstance(outcome, Ask)
    assert outcome.why is AskReason.PAYER_DIFFERS
    assert [offer.claim for offer in outcome.proposals] == [PayerClaim(STRANGERS, name_key("Mari Maasikas"))]


def test_a_pooled_account_under_a_real_name_is_a_persons() -> None:
    assert isinstance(decide(payment(name="Mari Maasikas", account=STRANGERS), KNOWN), Gift)


def offers(one: Payment, known: Directory = KNOWN) -> list[tuple[Purpose, Because, DonorId | None, object]]:
    """Return the proposals of a question, without the claims."""
    outcome = decide(one, known)
    assert isinstance(outcome, Ask)
    return [(offer.purpose, offer.because, offer.donor, offer.appeal) for offer in outcome.proposals]


def test_without_a_keyword_the_donors_last_appeal_is_proposed() -> None:
    assert offers(payment("aitäh"))[0] == (Purpose.GIFT, Because.SAME_IBAN, MARI_ID, ROOF.id)


def test_without_an_account_the_code_counts_before_the_name() -> None:
    assert offers(payment(f"annetus {JAANS_CODE}", account=None)) == [
        (Purpose.GIFT, Because.SAME_CODE, JAAN_ID, GENERAL.id),
        (Purpose.GIFT, Because.SAME_NAME, MARI_ID, GENERAL.id),
    ]


@pytest.mark.parametrize(("text", "appeal"), [("annetus", GENERAL), ("anetus", GENERAL), ("katus", ROOF)])
@pytest.mark.parametrize("account", [None, STRANGERS])
def test_a_name_alone_never_comes_before_somebody_new(text: str, appeal: Appeal, account: str | None) -> None:
    outcome = decide(payment(text, account=account), KNOWN)
    if isinstance(outcome, Gift):
        assert outcome.claim not in KNOWN.donors
        return
    assert offers(payment(text, account=account))[:2] == [
        (Purpose.GIFT, Because.NAMESAKE, None, appeal.id),
        (Purpose.GIFT, Because.SAME_NAME, MARI_ID, appeal.id),
    ]


def test_without_account_and_name_only_the_anonymous_donor_is_left() -> None:
    assert offers(payment(account=None, name="")) == [(Purpose.GIFT, Because.ANONYMOUS, None, GENERAL.id)]


def refund_offers(minor: int, *gifts: GivenGift, text: str = "tagasi") -> list[tuple[Purpose, Because, object]]:
    """Return what is proposed for money out to Mari, who made these gifts."""
    outcome = decide(payment(text, minor=-minor), replace(KNOWN, given={MARI_ID: gifts}))
    assert isinstance(outcome, Ask)
    return [(offer.purpose, offer.because, offer.about) for offer in outcome.proposals]


COST = (Purpose.COST, Because.NOT_A_GIFT, None)


def test_a_refund_is_proposed_of_the_newest_gift_of_its_amount() -> None:
    gifts = gift_of(1, 20_00, GENERAL), gift_of(2, 20_00, ROOF), gift_of(3, 50_00, GENERAL)
    assert refund_offers(20_00, *gifts) == [
        (Purpose.REFUND, Because.RETURNED_AMOUNT, 2),
        (Purpose.REFUND, Because.RETURNED_AMOUNT, 1),
        (Purpose.REFUND, Because.GIFT_LEFT, 3),
        COST,
    ]


def test_a_part_of_a_gift_may_go_back() -> None:
    assert refund_offers(5_00, gift_of(1, 20_00, GENERAL)) == [(Purpose.REFUND, Because.GIFT_LEFT, 1), COST]


def test_no_more_is_proposed_than_is_left() -> None:
    gone = gift_of(1, 20_00, GENERAL, left=0)
    assert refund_offers(20_00, gone) == [(Purpose.COST, Because.NOTHING_LEFT, None)]
    assert refund_offers(20_00, gone, gift_of(2, 15_00, GENERAL)) == [(Purpose.COST, Because.NOTHING_LEFT, None)]
    both = gift_of(1, 20_00, GENERAL, left=8_00), gift_of(2, 15_00, GENERAL)
    assert refund_offers(20_00, *both) == [(Purpose.REFUND, Because.GIFT_LEFT, None), COST]


def test_what_speaks_of_a_purchase_is_proposed_as_a_cost_first() -> None:
    assert refund_offers(20_00, gift_of(1, 20_00, GENERAL), text="Arve 17")[0] == (
        Purpose.COST,
        Because.OTHER_PURPOSE,
        None,
    )


def went_out(minor: int, *, day: date, account: str = STRANGERS, refund_of: DonorId | None = None) -> Directory:
    """Return what is known once so much went out on a day, as payment 7."""
    out = PaidOut(PaymentId(7), day, refund_of, None if refund_of is None else ROOF.id)
    return replace(KNOWN, paid_out={PaidTo(account, minor, EUR): (out,)})


@pytest.mark.parametrize(
    ("day", "minor", "asks"),
    [
        (date(2026, 1, 5), 7_00, True),
        (date(2025, 12, 6), 7_00, True),
        (date(2025, 12, 5), 7_00, False),
        (date(2026, 1, 6), 7_00, False),
        (date(2026, 1, 1), 7_01, False),
    ],
)
def test_money_that_went_out_shortly_before_may_come_back(day: date, minor: int, *, asks: bool) -> None:
    outcome = decide(payment("Annetus", minor=7_00, account=STRANGERS), went_out(minor, day=day))
    assert isinstance(outcome, Ask) is asks
    if isinstance(outcome, Ask):
        assert outcome.why is AskReason.CAME_BACK
        first = outcome.proposals[0]
        assert (first.purpose, first.because, first.about) == (Purpose.INCOME, Because.CAME_BACK, 7)


@pytest.mark.parametrize("is_reversal", [True, False])
def test_a_refund_that_came_back_lets_the_gift_stand_again(*, is_reversal: bool) -> None:
    known = went_out(7_00, day=date(2026, 1, 2), refund_of=MARI_ID)
    outcome = decide(payment("tagastus AC04", minor=7_00, account=STRANGERS, is_reversal=is_reversal), known)
    assert isinstance(outcome, Ask)
    assert outcome.why is AskReason.CAME_BACK
    first, *others = outcome.proposals
    assert (first.purpose, first.because, first.donor, first.appeal, first.about) == (
        Purpose.GIFT,
        Because.REFUND_CAME_BACK,
        MARI_ID,
        ROOF.id,
        7,
    )
    assert all(each.about is None for each in others if each.purpose is Purpose.INCOME)  # a refund leaves no income


def test_another_payment_of_ours_that_the_bank_returns_is_no_question() -> None:
    known = went_out(7_00, day=date(2026, 1, 2))
    assert said(decide(payment("Arve 1", minor=7_00, account=STRANGERS, is_reversal=True), known)) == "income"


OURS = replace(KNOWN, own_names=frozenset({name_key("MTÜ Vikerkaar")}))


@pytest.mark.parametrize("minor", [50_00, -50_00])
@pytest.mark.parametrize("account", [None, STRANGERS])
@pytest.mark.parametrize("text", ["Ülekanne oma kontole", "annetus", ""])
def test_the_organisations_own_name_is_an_own_transfer_and_never_a_gift(
    minor: int, account: str | None, text: str
) -> None:
    one = payment(text, minor=minor, name="Mtü Vikerkaar", account=account)
    outcome = decide(one, OURS)
    assert isinstance(outcome, Ask)
    assert outcome.why is AskReason.OWN_MONEY
    assert [(offer.purpose, offer.because) for offer in outcome.proposals[:1]] == [(Purpose.TRANSFER, Because.OWN_NAME)]
    side = OwnSide(PaymentId(9), date(2026, 1, 3), OWN_SAVINGS, OWN, name_key("MTÜ Vikerkaar"))
    told = decide(one, replace(OURS, own_sides={(EUR, -minor): (side,)}))
    assert isinstance(told, Ask)
    assert (told.proposals[0].because, told.proposals[0].about) == (Because.OTHER_SIDE, 9)


@pytest.mark.parametrize(
    "side",
    [
        OwnSide(PaymentId(9), date(2026, 1, 3), OWN, OWN_SAVINGS, name_key("MTÜ Vikerkaar")),  # the same account
        OwnSide(PaymentId(9), date(2026, 1, 3), OWN_SAVINGS, STRANGERS, name_key("MTÜ Vikerkaar")),
        OwnSide(PaymentId(9), date(2026, 1, 16), OWN_SAVINGS, OWN, name_key("MTÜ Vikerkaar")),
        OwnSide(PaymentId(9), date(2026, 1, 3), OWN_SAVINGS, None, name_key("Mari Mets")),
    ],
)
def test_what_is_no_other_side(side: OwnSide) -> None:
    one = payment("", minor=50_00, name="MTÜ Vikerkaar", account=None)
    told = decide(one, replace(OURS, own_sides={(EUR, -50_00): (side,)}))
    assert isinstance(told, Ask)
    assert told.proposals[0].about is None


@pytest.mark.parametrize(
    ("one", "first"),
    [
        pytest.param(payment("Toetus", name="Külli Nõmm", account=STRANGERS), Purpose.GIFT, id="a person's thanks"),
        pytest.param(payment("", name="Külli Nõmm", account=STRANGERS), Purpose.GIFT, id="a person, no word"),
        pytest.param(payment("Jõudu!", name="OÜ Kask", account=STRANGERS), Purpose.GIFT, id="a company's thanks"),
        pytest.param(payment("jaanuar", name="OÜ Kask", account=STRANGERS), Purpose.INCOME, id="a company, no word"),
        pytest.param(payment("Arve 5", name="Külli Nõmm", account=STRANGERS), Purpose.INCOME, id="an invoice"),
        pytest.param(payment("annetuskarp", name="Külli Nõmm", account=STRANGERS), Purpose.GIFT, id="a compound"),
        pytest.param(payment("annetuspilet 5", account=STRANGERS), Purpose.INCOME, id="a compound of a purchase"),
    ],
)
def test_what_is_proposed_first_of_money_without_keyword(one: Payment, first: Purpose) -> None:
    outcome = decide(one, NOBODY)
    assert isinstance(outcome, Ask)
    assert outcome.proposals[0].purpose is first
    assert outcome.proposals[0].because is not Because.NOT_A_GIFT


def test_an_account_in_the_text_is_a_hint_and_no_more() -> None:
    one = payment(f"aitäh, kontolt {JAANS}", name="Keegi Muu", account=None)
    outcome = decide(one, KNOWN)
    assert isinstance(outcome, Ask)
    assert (outcome.proposals[0].because, outcome.proposals[0].donor) == (Because.IBAN_IN_TEXT, JAAN_ID)
    booked = decide(payment(f"Annetus kontole {OWN_SAVINGS}"), KNOWN)
    assert said(booked) == "gift to General"


def test_several_appeals_are_proposed_as_written() -> None:
    assert [appeal for _, _, _, appeal in offers(payment("katus ja annetus"))] == [ROOF.id, GENERAL.id]


def test_a_question_has_at_most_four_proposals() -> None:
    crowd = joint(*[f"Keegi {letter}" for letter in "abcdefgh"])
    assert len(offers(payment(name=""), crowd)) == 4


def test_several_claims_of_one_donor_leave_no_doubt() -> None:
    claims: dict[Claim, DonorId] = {PayerClaim(MARIS, name_key(name)): DonorId(7) for name in (MARI, JAAN)}
    outcome = decide(payment(name=""), joint(MARI, JAAN, donors=claims))
    assert isinstance(outcome, Gift)
    assert outcome.claim in claims


def test_a_gift_keeps_what_it_rests_on() -> None:
    outcome = decide(payment("Suur  annetus", account=ODD_NATIONAL_CHECK), KNOWN)
    assert outcome.reason.rule == "keyword+iban/2"
    assert outcome.reason.evidence == (
        ("field", "text"),
        ("keyword", "annetus"),
        ("start", "6"),
        ("end", "13"),
        ("appeal", "1"),
        ("hint", "national_check"),
    )


def test_rules_have_distinct_versioned_names() -> None:
    names = [name for name, _ in RULES]
    assert len(set(names)) == len(names)
    assert all(name.rsplit("/")[1].isdigit() for name in names)


WORDS = st.sampled_from(
    [
        *("annetus", "Annetuse", "ANNE\nTUS", "an netus", "püsiannetus", "Аnnetus", "anetus", "katus", "donation"),
        *("tagastus", "ei ole", "mitte", "arve", "viide 20260011", "RF31121312952", "/RFB/20260011/TXT/", "toetus"),
        *(MARIS_CODE, JAANS_CODE, "reg 70001202", "\u200b", "\u00ad", "\n", ",", "", "١٢", "<b>", "=1+1"),
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=5), max_size=8).flatmap(
    lambda words: st.sampled_from(["", " ", "\n"]).map(lambda gap: gap.join(words))
)
PAYMENTS = st.builds(
    payment,
    TEXTS,
    minor=st.integers(-30_00, 30_00).filter(bool),
    name=st.sampled_from(["", MARI, JAAN]) | st.text(max_size=9),
    account=st.sampled_from([None, MARIS, JAANS, STRANGERS, OWN_SAVINGS, WRONG_CHECKSUM]),
    payer_code=st.sampled_from(["", MARIS_CODE, JAANS_CODE, TOWNS_CODE, "P-77"]),
    on_behalf_of=st.sampled_from(["", MARI, JAAN]),
    paid_reference=st.sampled_from(["", "20260011", "2008"]),
    kind=st.sampled_from(LineKind),
    is_reversal=st.booleans(),
)


@given(PAYMENTS, st.sampled_from([NOBODY, KNOWN, joint(MARI, JAAN)]))
def test_no_gift_without_cause(one: Payment, known: Directory) -> None:
    """I17: an appeal named in the payment, a valid account of somebody else, money in, and no return."""
    outcome = decide(one, known)
    if isinstance(outcome, Gift):
        account = one.counterparty.account
        assert isinstance(one.money, MoneyIn)
        assert not one.is_reversal
        assert account is not None
        assert not isinstance(account, UnverifiedAccount)
        assert account not in known.own_accounts
        assert one.kind not in {LineKind.FEE, LineKind.INTEREST, LineKind.TAX}
        squeezed = "".join(letter for letter in one.text.casefold() if letter.isalnum())
        stated = [*(word for appeal in known.appeals for word in appeal.keywords), "20260011", "121312952"]
        assert one.reference in GENERAL.references or any(word in squeezed for word in stated)


@given(PAYMENTS, st.sampled_from([NOBODY, KNOWN, joint(MARI, JAAN)]))
def test_no_reason_holds_anything_personal(one: Payment, known: Directory) -> None:
    kept = repr(decide(one, known).reason)
    for personal in (one.counterparty.name, MARIS, JAANS, MARIS_CODE, JAANS_CODE, TOWNS_CODE):
        assert len(personal) < 8 or personal not in kept


@given(PAYMENTS, st.sampled_from([NOBODY, KNOWN, joint(MARI, JAAN)]))
def test_other_income_comes_first_for_a_reason_only(one: Payment, known: Directory) -> None:
    outcome = decide(one, known)
    if isinstance(outcome, Ask) and outcome.proposals:
        first = outcome.proposals[0]
        assert (first.purpose, first.because) != (Purpose.INCOME, Because.NOT_A_GIFT)


def essence(outcome: Outcome) -> object:
    """Return an outcome without the places in the text, which move."""
    evidence = tuple(pair for pair in outcome.reason.evidence if not pair[0].endswith(("start", "end")))
    return replace(outcome, reason=replace(outcome.reason, evidence=evidence))


@given(PAYMENTS, st.data())
def test_what_nobody_sees_changes_nothing(one: Payment, data: st.DataObject) -> None:
    """Zero-width characters, soft hyphens and the decomposed form of accents (B47)."""
    at = data.draw(st.integers(0, len(one.text)))
    unseen = data.draw(st.text("\u200b\u200d\u2060\ufeff\u00ad\u202e\ufe0f", max_size=3))
    for text in (one.text[:at] + unseen + one.text[at:], unicodedata.normalize("NFD", one.text)):
        assert essence(decide(replace(one, text=text), KNOWN)) == essence(decide(one, KNOWN))


_PROGRAM = """
from tests.matching.sample import MARI, JAAN, KNOWN, joint, payment
from donations.matching.decide import decide
for known in (KNOWN, joint(MARI, JAAN, "x", "y", "z")):
    for text in ("annetus katus", "anetus kattus", "annetuse tagastus", "ANNETUS", "aitah", "DONATION II"):
        for name in ("", MARI, JAAN):
            print(decide(payment(text, name=name), known), decide(payment(text, name=name, minor=-2000), known))
"""


def test_hash_seed_locale_and_time_zone_change_nothing() -> None:
    """I16: the same decisions in any process."""
    root = Path(__file__).parents[2]
    printed = set()
    for seed, locale, zone in (("1", "C.UTF-8", "UTC"), ("2", "tr_TR.UTF-8", "Asia/Tokyo"), ("3", "et_EE.UTF-8", "")):
        there = {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone, "PYTHONPATH": f"{root / 'src'}:{root}"}
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", _PROGRAM],
            env={**os.environ, **there},
            capture_output=True,
            check=True,
            text=True,
        )
        printed.add(done.stdout)
    assert len(printed) == 1
    assert "Ask" in printed.pop()
