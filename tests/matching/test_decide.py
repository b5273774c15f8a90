"""The decision table of matching, row by row, and what must hold for any payment."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
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
    OWN_CODE,
    OWN_SAVINGS,
    ROOF,
    STRANGERS,
    TOWNS_CODE,
    WRONG_CHECKSUM,
    joint,
    payment,
)

from donations.core.allocation import Purpose
from donations.core.donor import Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import UnverifiedAccount
from donations.core.money import MoneyIn
from donations.core.name import name_key
from donations.core.payment import Payment
from donations.core.statement import LineKind
from donations.matching.decide import RULES, decide
from donations.matching.directory import Directory
from donations.matching.outcome import Ask, AskReason, Because, Cause, Gift, NotAGift, Outcome, Taught

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
        pytest.param(payment("üür", minor=-20_00, account=STRANGERS), KNOWN, "cost", id="out to nobody who gave"),
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


@pytest.mark.parametrize("text", ["toetus", "annetus", ""])
def test_a_state_payer_is_never_a_giver_by_rule(text: str) -> None:
    outcome = decide(payment(text, payer_code=TOWNS_CODE, account=STRANGERS), KNOWN)
    assert isinstance(outcome, Ask)
    assert (outcome.why, outcome.reason.code) == (AskReason.UNKNOWN, Cause.STATE_PAYER)
    assert outcome.proposals[0].purpose is Purpose.INCOME


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


def test_without_account_and_name_only_the_anonymous_donor_is_left() -> None:
    assert offers(payment(account=None, name="")) == [(Purpose.GIFT, Because.ANONYMOUS, None, GENERAL.id)]


def test_a_refund_is_proposed_first_to_who_gave_the_amount() -> None:
    both = joint(MARI, JAAN)
    mari, jaan = sorted(both.givers[MARIS])
    gave = Directory(
        own_accounts=both.own_accounts,
        appeals=both.appeals,
        payers=both.payers,
        donors=both.donors,
        givers=both.givers,
        gift_amounts={(MARIS, mari): frozenset({10_00}), (MARIS, jaan): frozenset({20_00})},
        last_appeal={mari: ROOF, jaan: GENERAL},
    )
    assert offers(payment("tagasi", minor=-20_00), gave) == [
        (Purpose.REFUND, Because.RETURNED_AMOUNT, jaan, GENERAL.id),
        (Purpose.REFUND, Because.SAME_IBAN, mari, ROOF.id),
        (Purpose.COST, Because.NOT_A_GIFT, None, None),
    ]


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
    assert outcome.reason.rule == "keyword+iban/1"
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
