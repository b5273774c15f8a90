"""The canonical ledger as JSON lines: equal books have equal bytes, whatever order and format the files came in."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from donations.core.donor import ANONYMOUS, DonorId
from donations.core.name import name_key
from donations.core.payment import PaymentId
from donations.matching.payer import Payer, payer_of
from donations.store.donors.restricted import all_restricted
from donations.store.organisation import own_codes
from donations.store.payments.payments import load_payments
from donations.store.reporting import DumpedPart, attested, donor_names, parts_in_force
from donations.store.session import ReadSession, in_runs


def dump(session: ReadSession) -> bytes:
    """Return one line of JSON for each payment, sorted; amounts in minor units, no row ids, no clocks.

    A line holds what is the same in every format: account, booking date, signed amount, what it was for. A donor is
    shown as all that the payments of its gifts say of who pays, for numbers and spellings depend on which file came
    first; one who asked to be forgotten as a fingerprint of that. Who decided is left out too: the same decision taken
    again is the same ledger.
    """
    parts: defaultdict[PaymentId, list[DumpedPart]] = defaultdict(list)
    for part in parts_in_force(session):
        parts[part.payment].append(part)
    donors = _donors(session, parts)
    lines = []
    for payment in attested(session):
        booked = parts.get(payment.id, ())
        line = {
            "account": payment.account,
            "allocations": sorted((_allocation(part, donors) for part in booked), key=_json),
            "currency": payment.currency,
            "day": payment.booked_on.isoformat(),
            "minor": payment.minor,
            "unallocated": abs(payment.minor) - sum(part.minor for part in booked),
        }
        lines.append(_json(line))
    return "".join(f"{line}\n" for line in sorted(lines)).encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 of a dump, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _allocation(part: DumpedPart, donors: Mapping[DonorId, Sequence[str]]) -> dict[str, Any]:
    return {
        "purpose": part.purpose,
        "minor": part.minor,
        **({"appeal": part.appeal} if part.appeal is not None else {}),
        **({"donor": donors[part.donor]} if part.donor is not None else {}),
    }


def _donors(session: ReadSession, parts: Mapping[PaymentId, Sequence[DumpedPart]]) -> dict[DonorId, list[str]]:
    """Return what makes each donor the same donor in any order of imports."""
    names = donor_names(session)
    givers = {payment: [part.donor for part in booked if part.is_gift] for payment, booked in parts.items()}
    own = own_codes(session)
    claims: defaultdict[DonorId, set[str]] = defaultdict(set)
    for run in in_runs([payment for payment, donors in givers.items() if any(donors)]):
        for payment in load_payments(session, run):
            for donor in givers[payment.id]:
                if donor is not None and donor != ANONYMOUS:
                    claims[donor].update(_claim(payer_of(payment, own_codes=own)))
    unclaimed = {donor: [f"name {name_key(name)}"] for donor, name in names.items()}
    known = unclaimed | {donor: sorted(found) for donor, found in claims.items() if found} | {ANONYMOUS: ["anonymous"]}
    return known | {donor: _forgotten(known[donor]) for donor in all_restricted(session) & known.keys()}


def _forgotten(claims: Sequence[str]) -> list[str]:
    """Return the same for the same donor, without saying who that is."""
    return [f"forgotten {hashlib.sha256(_json(claims).encode()).hexdigest()}"]


def _claim(payer: Payer) -> Iterable[str]:
    if payer.code is not None:
        yield f"code {payer.code}"
    elif payer.iban is not None:
        yield f"{payer.iban} {payer.name}".strip()
