"""Whether the owner of an account, as a bank writes the name, is the organisation that calls the account its own."""

from __future__ import annotations

from donations.core.name import name_key

_LEGAL_FORMS = {
    "mittetulundusuhing": "mtu",
    "sihtasutus": "sa",
    "osauhing": "ou",
    "aktsiaselts": "as",
}
"""Banks shorten the legal form, or write it out."""
_SHORTEST = 20
"""Banks cut long names; shorter ones are whole."""


def is_owner(owner: str, payee: str) -> bool:
    """Whether both are one name; a blank one says nothing.

    Order of words, case, accents and the spelling of the legal form do not tell names apart.
    """
    one, other = _words(owner), _words(payee)
    if not one or not other or one == other:
        return True
    cut, whole = sorted((name_key(owner), name_key(payee)), key=len)
    return len(cut) >= _SHORTEST and set(cut.split()) <= set(whole.split())


def _words(name: str) -> frozenset[str]:
    return frozenset(_LEGAL_FORMS.get(word, word) for word in name_key(name).split())
