"""Which claims are one donor: each kind by itself, and against a model that walks from neighbour to neighbour."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.matching.sample import code, iban

from donations.core.donor import Claim, CodeClaim, DonorId, PayerClaim
from donations.core.name import NameKey, name_key
from donations.identity.donors import DonorDecisions, Groups, Sighting, claim_key, group, own

ONE, OTHER, THIRD = (iban(each) for each in ("EE782200221020001114", "EE377700771000555017", "EE931700017005550001"))
MARIS, JAANS, ANOTHER = (code(each) for each in ("49403136526", "38001085718", "37605030299"))
MARI, KASK, JAAN, NOBODY = name_key("Mari Tamm"), name_key("Mari Kask"), name_key("Jaan Tamm"), NameKey("")
TWO, THREE, FOUR = DonorId(2), DonorId(3), DonorId(4)


def seen(iban: object, name: NameKey, stated: object = None, *typed: object, cut: NameKey | None = None) -> Sighting:
    return Sighting(iban=iban, name=name, stated=stated, typed=typed, cut=frozenset({cut} - {None}))  # type: ignore[arg-type]


def together(*sightings: Sighting, words: DonorDecisions | None = None) -> list[set[Claim]]:
    """Return the groups of two claims or more, each once."""
    groups = group(sightings, words or DonorDecisions())
    return sorted(
        (set(each) for each in groups.claims.values() if len(each) > 1), key=lambda each: sorted(map(str, each))
    )


def test_account_name_and_code_on_one_line_are_one() -> None:
    assert together(seen(ONE, MARI, MARIS)) == [{PayerClaim(ONE, MARI), CodeClaim(MARIS)}]


def test_a_code_that_comes_later_joins_whoever_had_the_account() -> None:
    found = together(seen(ONE, MARI), seen(OTHER, KASK, MARIS), seen(ONE, MARI, MARIS))
    assert found == [{PayerClaim(ONE, MARI), PayerClaim(OTHER, KASK), CodeClaim(MARIS)}]


def test_two_codes_of_one_account_and_name_link_nothing() -> None:
    assert together(seen(ONE, MARI, MARIS), seen(ONE, MARI, JAANS), seen(ONE, MARI)) == []


def test_names_and_accounts_alone_link_nobody() -> None:
    assert together(seen(ONE, MARI), seen(OTHER, MARI), seen(ONE, JAAN)) == []


def test_an_account_without_a_name_is_its_only_names() -> None:
    assert together(seen(ONE, NOBODY), seen(ONE, MARI)) == [{PayerClaim(ONE, NOBODY), PayerClaim(ONE, MARI)}]
    assert together(seen(ONE, NOBODY), seen(ONE, MARI), seen(ONE, JAAN)) == []
    assert together(seen(ONE, NOBODY, MARIS)) == [{PayerClaim(ONE, NOBODY), CodeClaim(MARIS)}]
    assert together(seen(ONE, NOBODY, MARIS), seen(ONE, JAAN)) == [{PayerClaim(ONE, NOBODY), PayerClaim(ONE, JAAN)}]


def test_a_name_that_one_statement_cuts_shorter_is_the_same() -> None:
    whole, short = name_key("Pika Nimega Ühing"), name_key("Pika Nimega Üh")
    assert together(seen(ONE, whole, cut=short), seen(ONE, short)) == [{PayerClaim(ONE, whole), PayerClaim(ONE, short)}]


@pytest.mark.parametrize(
    ("others", "is_hers", "is_his"),
    [
        pytest.param([], True, False, id="nobody else writes it"),
        pytest.param([seen(OTHER, JAAN, None, MARIS)], False, False, id="both always write it"),
        pytest.param([seen(OTHER, JAAN, None, MARIS), seen(OTHER, JAAN)], True, False, id="he gives without it too"),
        pytest.param(
            [seen(OTHER, JAAN, None, MARIS), seen(THIRD, KASK, MARIS)], False, False, id="the bank's is a third"
        ),
        pytest.param(
            [seen(OTHER, JAAN, None, MARIS), seen(THIRD, JAAN, MARIS)], False, True, id="the bank says it is his"
        ),
        pytest.param(
            [seen(OTHER, JAAN, JAANS), seen(OTHER, JAAN, None, MARIS)], True, False, id="he has a code of his own"
        ),
        pytest.param([seen(ONE, MARI, ANOTHER)], False, False, id="she has another code"),
        pytest.param(
            [seen(None, JAAN, None, MARIS)], False, False, id="a name without account writes it and she not only"
        ),
    ],
)
def test_a_code_in_a_text_is_a_hint(others: list[Sighting], *, is_hers: bool, is_his: bool) -> None:
    sometimes = [seen(ONE, MARI)] if any(each.iban is None for each in others) else []
    groups = group([seen(ONE, MARI, None, MARIS), *sometimes, *others], DonorDecisions())

    def has_it(payer: PayerClaim) -> bool:
        return CodeClaim(MARIS) in groups.together(payer)

    assert (has_it(PayerClaim(ONE, MARI)), has_it(PayerClaim(OTHER, JAAN))) == (is_hers, is_his)
    assert ((PayerClaim(ONE, MARI), MARIS) in groups.doubtful) is not is_hers


def test_a_code_in_a_text_never_makes_two_names_one() -> None:
    assert together(seen(ONE, MARI, None, MARIS), seen(OTHER, JAAN, None, MARIS), seen(OTHER, JAAN)) == [
        {PayerClaim(ONE, MARI), CodeClaim(MARIS)}
    ]


def test_two_codes_in_one_text_name_nobody() -> None:
    assert together(seen(ONE, MARI, None, MARIS, JAANS)) == []


def test_an_account_that_a_person_gave_to_somebody_is_no_codes() -> None:
    his = PayerClaim(OTHER, JAAN)
    words = DonorDecisions(kept={PayerClaim(ONE, MARI): TWO, his: TWO}, given=frozenset({his}))
    assert together(seen(OTHER, JAAN, JAANS), words=words) == [{PayerClaim(ONE, MARI), his}]


def test_a_word_about_a_donor_keeps_no_code_that_was_typed_alone_and_others_came_with() -> None:
    his, hers = PayerClaim(OTHER, JAAN), CodeClaim(MARIS)
    sightings = (seen(OTHER, JAAN, None, MARIS), seen(OTHER, JAAN), seen(ONE, MARI, None, MARIS))
    typed = DonorDecisions(kept={his: TWO, hers: TWO}, typed=frozenset({hers}))
    assert group(sightings, typed).together(hers) == {PayerClaim(ONE, MARI), hers}
    assert his in group(sightings[:2], typed).together(hers), "nobody else came with it"


def test_a_word_about_a_donor_keeps_a_code_that_the_bank_gave_then_whatever_is_seen_now() -> None:
    his, hers = PayerClaim(OTHER, JAAN), CodeClaim(MARIS)
    kept = DonorDecisions(kept={his: TWO, hers: TWO})
    for others in (seen(ONE, MARI, MARIS), seen(ONE, MARI, None, MARIS), seen(OTHER, JAAN, None, MARIS)):
        assert his in group((seen(OTHER, JAAN), others), kept).together(hers)


def test_two_by_a_persons_word_are_two_whatever_links_them() -> None:
    her, other = PayerClaim(ONE, MARI), PayerClaim(OTHER, MARI)
    words = DonorDecisions(kept={her: TWO, other: THREE}, two=frozenset({(TWO, THREE)}))
    groups = group([seen(ONE, MARI, MARIS), seen(OTHER, MARI, MARIS)], words)
    assert groups.head(her) != groups.head(other)
    assert [payer for payer, _ in groups.refused] == [max(her, other, key=claim_key)]


def test_a_merge_outranks_the_word_that_two_are_two() -> None:
    words = DonorDecisions(
        kept={PayerClaim(ONE, MARI): TWO, PayerClaim(OTHER, MARI): THREE},
        one=frozenset({(TWO, FOUR), (FOUR, THREE)}),
        two=frozenset({(TWO, THREE)}),
    )
    assert together(words=words) == [{PayerClaim(ONE, MARI), PayerClaim(OTHER, MARI)}]


def test_a_number_stays_with_its_code_else_with_its_oldest_claim_that_is_seen() -> None:
    her, other, hers = PayerClaim(ONE, MARI), PayerClaim(OTHER, KASK), CodeClaim(MARIS)
    registered: dict[Claim, DonorId] = {her: TWO, hers: TWO, other: TWO}
    groups = group([seen(ONE, MARI), seen(OTHER, KASK, MARIS)], DonorDecisions())
    owned = own(groups, registered, seen=frozenset(registered))
    assert (dict(owned.owners), dict(owned.freed)) == ({other: TWO, hers: TWO}, {her: TWO})
    owned = own(group([seen(ONE, MARI), seen(OTHER, KASK)], DonorDecisions()), registered, seen=frozenset({her, other}))
    assert (dict(owned.owners), dict(owned.freed)) == ({her: TWO}, {hers: TWO, other: TWO})


def test_a_number_stays_with_who_typed_a_code_that_turns_out_to_be_anothers() -> None:
    his, hers = PayerClaim(OTHER, JAAN), CodeClaim(MARIS)
    registered: dict[Claim, DonorId] = {hers: TWO, his: TWO}
    groups = group([seen(OTHER, JAAN, None, MARIS), seen(ONE, MARI, MARIS)], DonorDecisions())
    owned = own(groups, registered, seen={his, hers, PayerClaim(ONE, MARI)})
    assert (owned.owners[his], owned.freed) == (TWO, {hers: TWO})


def test_a_code_that_no_line_has_any_more_is_free_for_others() -> None:
    her, hers = PayerClaim(ONE, MARI), CodeClaim(MARIS)
    owned = own(group([seen(ONE, MARI)], DonorDecisions()), {her: TWO, hers: TWO}, seen=frozenset({her}))
    assert (dict(owned.owners), dict(owned.freed)) == ({her: TWO}, {hers: TWO})
    kept = DonorDecisions(kept={her: TWO, hers: TWO})
    owned = own(group([seen(ONE, MARI)], kept), {her: TWO, hers: TWO}, seen=frozenset({her}))
    assert dict(owned.owners) == {her: TWO, hers: TWO}


def test_a_donor_of_whom_nothing_is_seen_waits_for_all_its_claims() -> None:
    registered: dict[Claim, DonorId] = {PayerClaim(ONE, MARI): TWO, CodeClaim(MARIS): TWO}
    assert dict(own(group([], DonorDecisions()), registered, seen=frozenset()).owners) == registered


_IBANS = (ONE, OTHER, THIRD)
_NAMES = (MARI, JAAN, NOBODY)
_CODES = (MARIS, JAANS)
_SIGHTINGS = st.lists(
    st.builds(
        lambda iban, name, stated, typed: seen(iban, name, stated, *([typed] if typed else [])),
        st.sampled_from(_IBANS),
        st.sampled_from(_NAMES),
        st.sampled_from((None, None, *_CODES)),
        st.sampled_from((None, None, *_CODES)),
    ),
    max_size=12,
)


def modelled(sightings: list[Sighting]) -> dict[Claim, set[Claim]]:
    """Walk from claim to claim over whatever the bank's fields put beside each other."""
    stated: defaultdict[tuple[object, str], set[object]] = defaultdict(set)
    ways: defaultdict[tuple[object, str], set[object]] = defaultdict(set)
    for each in sightings:
        pair = (each.iban, each.name)
        ways[pair].add(each.typed[0] if each.stated is None and each.typed else None)
        stated[pair] |= {each.stated} - {None}
    names = {account: {name for at, name in ways if at == account and name} for account, _ in ways}
    edges: set[tuple[object, object]] = set()
    for account, name in ways:
        codes = stated[account, name]
        if len(codes) == 1 and (name or not names[account]):
            edges |= {((account, name), code) for code in codes}
        if not name and len(names[account]) == 1:
            edges |= {((account, ""), (account, each)) for each in names[account]}
    for typed in _CODES:
        writers = {pair for pair in ways if pair[1] and typed in ways[pair] and not stated[pair]}
        by_bank = {pair[1] for pair in ways if typed in stated[pair]} - {""}
        theirs = {pair[1] for pair in writers}
        always = {pair[1] for pair in writers if ways[pair] == {typed}}
        owners = by_bank or (theirs if len(theirs) == 1 else always if len(always) == 1 else set())
        edges |= {(pair, typed) for pair in writers if pair[1] in owners and ways[pair] <= {typed, None}}
    found: dict[Claim, set[Claim]] = {}
    nodes = {*ways, *(end for edge in edges for end in edge)}
    for node in nodes:
        reached, new = set(), {node}
        while new:
            reached |= new
            new = {b for a, b in (*edges, *((b, a) for a, b in edges)) if a in new} - reached
        found[_claim(node)] = {_claim(each) for each in reached}
    return found


def _claim(node: object) -> Claim:
    return PayerClaim(*node) if isinstance(node, tuple) else CodeClaim(node)  # type: ignore[arg-type]


@settings(max_examples=300)
@given(sightings=_SIGHTINGS, seed=st.integers(0, 99))
def test_groups_are_those_of_the_model_in_any_order(sightings: list[Sighting], seed: int) -> None:
    groups: Groups = group(sightings, DonorDecisions())
    wanted = modelled(sightings)
    assert {claim: set(groups.together(claim)) for claim in wanted} == wanted
    shuffled = list(sightings)
    Random(seed).shuffle(shuffled)
    assert group(shuffled, DonorDecisions()) == groups
