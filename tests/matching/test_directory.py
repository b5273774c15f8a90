"""Who is meant by an account, a name and a code."""

from __future__ import annotations

import pytest
from tests.matching.sample import JAAN, JAANS_CODE, MARI, MARIS, MARIS_CODE

from donations.core.donor import Claim, CodeClaim, DonorId, PayerClaim
from donations.core.name import NameKey, name_key
from donations.core.person_code import CheckedCode
from donations.matching.directory import Directory

MARI_KEY, JAAN_KEY, NO_NAME = name_key(MARI), name_key(JAAN), NameKey("")
MARI_PAYS, JAAN_PAYS = PayerClaim(MARIS, MARI_KEY), PayerClaim(MARIS, JAAN_KEY)


def seen(
    names: set[NameKey], codes: dict[PayerClaim, set[CheckedCode]], donors: dict[Claim, DonorId] | None = None
) -> Directory:
    return Directory(
        own_accounts=frozenset(),
        appeals=(),
        payers={MARIS: frozenset(names)},
        codes={payer: frozenset(each) for payer, each in codes.items()},
        donors=donors or {},
    )


@pytest.mark.parametrize(
    ("directory", "name", "code", "expected"),
    [
        pytest.param(seen(set(), {}), MARI_KEY, None, MARI_PAYS, id="never seen: account and name"),
        pytest.param(seen(set(), {}), NO_NAME, None, PayerClaim(MARIS, NO_NAME), id="never seen, without a name"),
        pytest.param(seen({MARI_KEY}, {}), NO_NAME, None, MARI_PAYS, id="no name: the only one seen"),
        pytest.param(seen({MARI_KEY, JAAN_KEY}, {}), MARI_KEY, None, MARI_PAYS, id="two names: the one written"),
        pytest.param(seen({MARI_KEY, JAAN_KEY}, {}), NO_NAME, None, None, id="two names, none written"),
        pytest.param(seen({MARI_KEY}, {}), MARI_KEY, MARIS_CODE, CodeClaim(MARIS_CODE), id="a code decides"),
        pytest.param(
            seen({MARI_KEY}, {MARI_PAYS: {MARIS_CODE}}), MARI_KEY, None, CodeClaim(MARIS_CODE), id="a code seen before"
        ),
        pytest.param(
            seen({MARI_KEY}, {MARI_PAYS: {MARIS_CODE, JAANS_CODE}}), MARI_KEY, None, None, id="two namesakes' codes"
        ),
        pytest.param(
            seen({MARI_KEY, JAAN_KEY}, {MARI_PAYS: {MARIS_CODE}, JAAN_PAYS: {MARIS_CODE}}),
            NO_NAME,
            None,
            CodeClaim(MARIS_CODE),
            id="two spellings with one code",
        ),
        pytest.param(
            seen({MARI_KEY, JAAN_KEY}, {}, {MARI_PAYS: DonorId(1), JAAN_PAYS: DonorId(2)}),
            NO_NAME,
            None,
            None,
            id="two donors",
        ),
        pytest.param(
            seen({MARI_KEY, JAAN_KEY}, {}, {MARI_PAYS: DonorId(1), JAAN_PAYS: DonorId(1)}),
            NO_NAME,
            None,
            min(MARI_PAYS, JAAN_PAYS, key=lambda claim: claim.name),
            id="two claims on one donor",
        ),
    ],
)
def test_who_is_meant(directory: Directory, name: NameKey, code: CheckedCode | None, expected: Claim | None) -> None:
    assert directory.claim_on(iban=MARIS, name=name, code=code) == expected
