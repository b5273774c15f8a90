"""What field :86: tells of a line (payer, account, end-to-end id, text), in the structures that banks use.

- Subfields, `166?00GUTSCHRIFT?20EREF+…?21SVWZ+…?30BIC?31IBAN?32NAME` (Germany, Austria, Poland, the Baltics);
- names, `/TRTP/…/IBAN/…/BIC/…/NAME/…/REMI/…/EREF/…` (the Netherlands and others);
- plain text, which is kept as it stands.

Whom a text names is the payer's word: an account, a name or a BIC is only taken from where the bank puts them.
Subfields out of their order, and what follows `/REMI/`, are text, for a payer can have written them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from donations.core.iban import AccountNumber, parse_account, parse_bic

_SUBFIELD = re.compile(r"(?:[0-9]{3})?([?~^<>@])[0-9]{2}")
_CODE = re.compile(r"[0-9]{2}")
_REMITTANCE = frozenset({*range(20, 30), *range(60, 64)})
_WIDTH = 27
"""Characters of a subfield: a full one was cut there, a shorter one ends where a word does."""
_TAG = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE)\+")
_PARTIES = frozenset({"ABWA", "ABWE"})
_NAMED = re.compile(
    r"/(TRTP|EREF|ORDP|BENM|NAME|IBAN|BIC|CNTP|REMI|MARF|CSID|ADDR|ISDT|PURP|RTRN|SVCL|ULTD|ULTC|CREF|PREF|IREF|RREF)/"
)
_IN_TEXT = frozenset({"IBAN", "BIC", "NAME", "CNTP", "ORDP", "BENM", "ADDR", "ULTD", "ULTC", "CREF", "REMI"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a line's :86: says."""

    name: str = ""
    account: AccountNumber | None = None
    bic: str = ""
    on_behalf_of: str = ""
    end_to_end: str = ""
    text: str = ""
    bank_text: str = ""
    return_reason: str = ""


def details(written: str) -> Details:
    """Return what a field says; `written` has its lines as the file does."""
    lines = written.split("\n")
    # What banks fold after 65 characters was one line; a mark at the end of one is part of it too.
    joined = "".join(lines)
    subfield = _SUBFIELD.match(joined)
    if subfield is not None:
        found = _by_subfields(joined, mark=subfield[1])
        if found is not None:
            return found
    elif (named := _NAMED.match(joined.lstrip())) is not None:
        return _by_names(joined.lstrip()[named.start() :])
    return Details(text="\n".join(line.strip() for line in lines).strip())


def _by_subfields(joined: str, *, mark: str) -> Details | None:
    """Return what subfields say; None where they are not in their order, for then a text has made some of them."""
    found: dict[int, list[str]] = {}
    last = -1
    for piece in joined.split(mark)[1:]:
        if _CODE.match(piece) is None:
            found[last].append(f"{mark}{piece}")
        elif int(piece[:2]) <= last:
            return None
        else:
            last = int(piece[:2])
            found[last] = [piece[2:]]
    values = {code: "".join(parts) for code, parts in found.items()}
    remittance = _pieces([value for code, value in values.items() if code in _REMITTANCE])
    text, tagged = _by_tags(remittance)
    return Details(
        name=" ".join(_pieces([values.get(32, ""), values.get(33, "")]).split()),
        account=parse_account(values.get(31, "").strip()),
        bic=parse_bic(values.get(30, "").strip()),
        on_behalf_of=tagged.get("ABWA", ""),
        end_to_end=tagged.get("EREF", ""),
        text=text,
        bank_text=values.get(0, "").strip(),
    )


def _pieces(pieces: list[str]) -> str:
    """Join subfields: one that is full goes on in the next, another ends with its word."""
    return "".join(piece if len(piece) >= _WIDTH else f"{piece}\n" for piece in pieces).strip()


def _by_tags(text: str) -> tuple[str, dict[str, str]]:
    """Return the text itself and what SEPA's tags in it say; an id ends with its line, and text may follow."""
    parts = _TAG.split(text)
    tagged: dict[str, str] = {}
    said = [parts[0]]
    for tag, value in zip(parts[1::2], parts[2::2], strict=True):
        if tag == "SVWZ" or tag in tagged:
            said.append(value)
        elif tag in _PARTIES:
            tagged[tag] = " ".join(value.split())
        else:
            tagged[tag], _, rest = value.strip().partition("\n")
            said.append(rest)
    return "\n".join(filter(None, (each.strip() for each in said))), tagged


def _by_names(joined: str) -> Details:
    """Return what names say; behind `/REMI/` only what names nobody is taken out of the text."""
    parts = _NAMED.split(joined)
    found: dict[str, str] = {}
    text: list[str] = []
    for name, value in zip(parts[1::2], parts[2::2], strict=True):
        if name == "REMI" and not text:
            text = [value]
        elif text and (name in _IN_TEXT or name in found):
            text.append(f"/{name}/{value}")
        else:
            found.setdefault(name, value.strip(" /"))
    account, bic, name, _ = (*found.get("CNTP", "").split("/"), "", "", "", "")[:4]
    return Details(
        name=(found.get("NAME") or name).strip(),
        account=parse_account((found.get("IBAN") or account).strip()),
        bic=parse_bic((found.get("BIC") or bic).strip()),
        end_to_end=found.get("EREF", "").replace(" ", ""),
        text=_remittance("".join(text)),
        bank_text=found.get("TRTP", ""),
        return_reason=found.get("RTRN", ""),
    )


def _remittance(text: str) -> str:
    """Return the payer's text without the words that say what it is (`USTD//`)."""
    return text.strip().removeprefix("USTD//").rstrip("/").strip()
