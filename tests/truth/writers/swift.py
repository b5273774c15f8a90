"""MT940, and MT942 of days that go on: SWIFT's tagged text, one message for each currency."""

from __future__ import annotations

from datetime import date, timedelta

from tests.truth.values import Download, Form, Kind, Line, Statement
from tests.truth.writers.amounts import TALLINN

_TYPES = {Kind.FEE: "CHG", Kind.INTEREST: "INT", Kind.RETURN: "RTI"}
_WIDTH, _SUBFIELD = 65, 27
_LEADING = ":-"
"""What may not stand at the beginning of a line of text."""


def write_swift(download: Download, statements: tuple[Statement, ...]) -> bytes:
    """Return the messages one after another."""
    return "".join(_message(download, each, at) for at, each in enumerate(statements, 1)).encode()


def _message(download: Download, one: Statement, at: int) -> str:
    is_report = download.form is Form.MT942
    fields = [
        f":20:S{download.key}-{at}",
        f":25:{one.account}",
        f":28C:{one.number or 0}/1",
        *([f":34F:{one.currency}0,"] if is_report else []),
        *([] if one.printed_made is None else [f":13D:{one.printed_made:%y%m%d%H%M}{_offset(one)}"]),
        *(
            []
            if one.opening is None
            else [_balance("60F", one.opening, one.currency, one.first_day - timedelta(days=1))]
        ),
        *(field for line in one.lines for field in _line(line, names=one.by_names)),
        *(
            []
            if one.closing is None or one.closing_on is None
            else [_balance("62F", one.closing, one.currency, one.closing_on)]
        ),
        *([_total("90C", one, 1), _total("90D", one, -1)] if is_report else []),
        "-",
    ]
    return "\r\n".join(fields) + "\r\n"


def _offset(one: Statement) -> str:
    return f"{(one.printed_made or one.made_at).replace(tzinfo=TALLINN):%z}"


def _amount(minor: int) -> str:
    whole, cents = divmod(abs(minor), 100)
    return f"{whole},{cents:02}" if cents else f"{whole},"


def _balance(tag: str, minor: int, currency: str, day: date) -> str:
    return f":{tag}:{'D' if minor < 0 else 'C'}{day:%y%m%d}{currency}{_amount(minor)}"


def _total(tag: str, one: Statement, sign: int) -> str:
    found = [line.minor for line in one.lines if line.minor * sign > 0]
    return f":{tag}:{len(found)}{one.currency}{_amount(sum(found))}"


def _line(line: Line, *, names: bool) -> list[str]:
    ids = dict(line.ids)
    number = ids.get("swift") or ids.get("camt") or ""
    is_returned = line.kind is Kind.RETURN
    mark = ("RD" if is_returned else "C") if line.minor > 0 else ("RC" if is_returned else "D")
    kind = _TYPES.get(line.kind, "TRF")
    moved = f":61:{line.day:%y%m%d}{line.day:%m%d}{mark}{_amount(line.minor)}N{kind}NONREF"
    told = _by_names(line, ids.get("e2e", "")) if names else _by_subfields(line, ids.get("e2e", ""))
    return [moved + (f"//{number}" if number else ""), *_folded(f":86:{told}")]


def _text(line: Line) -> str:
    return f"/RFB/{line.reference}/TXT/{line.text}" if line.reference else line.text


def _by_subfields(line: Line, end_to_end: str) -> str:
    behind = f"ABWA+{line.on_behalf_of}" if line.on_behalf_of else ""
    said = [*([f"EREF+{end_to_end}"] if end_to_end else []), f"SVWZ+{_text(line)}", *([behind] if behind else [])]
    pieces = [each[at : at + _SUBFIELD] for each in said for at in range(0, len(each), _SUBFIELD)]
    codes = [*range(20, 30), *range(60, 64)]
    told = "".join(f"?{code}{piece}" for code, piece in sorted(zip(codes, pieces, strict=False)) if code < 30)
    late = "".join(f"?{code}{piece}" for code, piece in zip(codes, pieces, strict=False) if code >= 60)
    name = line.name[:_SUBFIELD], line.name[_SUBFIELD:]
    who = (f"?31{line.iban}" if line.iban else "") + "".join(
        f"?{code}{part}" for code, part in zip((32, 33), name, strict=True) if part
    )
    return f"166?00ÜLEKANNE{told}{who}{late}"


def _by_names(line: Line, end_to_end: str) -> str:
    told = (("TRTP", "SEPA"), ("EREF", end_to_end), ("IBAN", line.iban), ("NAME", line.name), ("REMI", _text(line)))
    return "".join(f"/{name}/{value}" for name, value in told if value) + "/"


def _folded(field: str) -> list[str]:
    """Cut a field into lines of 65 characters, sooner where the next one would begin like a field or an end."""
    found = []
    while field:
        at = _WIDTH
        while at < len(field) and field[at] in _LEADING:
            at -= 1
        found.append(field[:at])
        field = field[at:]
    return found
