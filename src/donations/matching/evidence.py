"""What a rule saw, as pairs kept with its decision: never a name, an account number, a code or the payer's words."""

from __future__ import annotations

from typing import assert_never

from donations.core.iban import ValidIban, bank_name, national_check_fails
from donations.matching.against import What
from donations.matching.case import Case
from donations.matching.keywords import DeniedKeyword, Found, Hit, NearKeyword, NoKeyword, OneAppeal, SeveralAppeals
from donations.matching.outcome import Evidence
from donations.matching.references import Field, ReferenceHit
from donations.matching.written import Span


def of_case(case: Case) -> Evidence:
    """Return what names an appeal: the reference where there is one, for it outranks the text, else the keyword."""
    if not case.references:
        return of_text(case.found)
    return sum(map(of_hit, case.references), ()) + (_denied(case.denied.at, case.denied.what) if case.denied else ())


def of_text(found: Found) -> Evidence:
    """Return what the text names, with its place (characters from 0, the end not included)."""
    match found:
        case NoKeyword():
            return ()
        case OneAppeal(hit):
            return of_hit(hit)
        case SeveralAppeals(hits):
            return sum(map(of_hit, hits), ())
        case DeniedKeyword(hit, by, what):
            return of_hit(hit) + _denied(by, what)
        case NearKeyword(hit, difference):
            return (*of_hit(hit), ("difference", difference.value))
        case _:
            assert_never(found)


def of_hit(hit: Hit | ReferenceHit) -> Evidence:
    """Return which keyword or reference of which appeal stands where."""
    appeal = ("appeal", str(hit.appeal))
    if isinstance(hit, Hit):
        return (("field", Field.TEXT.value), ("keyword", hit.keyword), *_place(hit.at), appeal)
    return (("field", hit.field.value), *(() if hit.at is None else _place(hit.at)), appeal)


def hints(iban: ValidIban) -> Evidence:
    """Return what is odd about a valid account number; registers err too, so it decides nothing."""
    if not iban.startswith("EE"):
        return ()
    national = (("hint", "national_check"),) if national_check_fails(iban) else ()
    return national if bank_name(iban) else (*national, ("hint", "unknown_bank"))


def _denied(at: Span, what: What) -> Evidence:
    return (*_place(at, "denied_"), ("against", what.value))


def _place(at: Span, which: str = "") -> Evidence:
    return ((f"{which}start", str(at.start)), (f"{which}end", str(at.end)))
