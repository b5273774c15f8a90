"""Entries (`Ntry`) of camt.053 as statement lines: of one payer, a batch in parts, or a whole that nothing explains.

`camt_fields` has the rule of amounts. Knows nothing of statements and balances.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from donations.core.iban import AccountNumber, parse_bic
from donations.core.language import N_
from donations.core.money import Balance, Currency, Minor, money_of
from donations.core.person_code import Code, UnverifiedCode, parse_code
from donations.core.problem import Problem, ProblemCode, refuse
from donations.core.reference import Reference, parse_reference, split_remittance
from donations.core.statement import Counterparty, Detail, IdScheme, LineKind, StatementLine, StatementStart, bank_ids
from donations.readers.camt_fields import (
    account_in,
    amount_in,
    amount_of,
    day_at,
    day_in,
    explains,
    has_amount,
    minor_of,
    number_in,
    sent_as,
    sign_of,
)
from donations.readers.camt_xml import Node

_NATIONAL_SCHEMES = frozenset({"", "NIDN", "COID"})


@dataclass(frozen=True, slots=True)
class _Side:
    """Where a party is written; from version 08 it is a choice of a party and a bank."""

    account: str
    account_name: str
    names: tuple[str, ...]
    ultimate_names: tuple[str, ...]
    codes: tuple[str, ...]
    bics: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> _Side:
        party, ultimate, bank = f"RltdPties/{name}", f"RltdPties/Ultmt{name}", f"RltdAgts/{name}Agt/FinInstnId"
        return cls(
            account=f"{party}Acct/",
            account_name=f"{party}Acct/Nm",
            names=_names(party),
            ultimate_names=_names(ultimate),
            codes=tuple(f"{party}{pty}/Id/{kind}Id/Othr" for pty in ("", "/Pty") for kind in ("Prvt", "Org")),
            bics=(f"{bank}/BICFI", f"{bank}/BIC"),
        )


def _names(party: str) -> tuple[str, ...]:
    return (f"{party}/Nm", f"{party}/Pty/Nm", f"{party}/Agt/FinInstnId/Nm")


_DEBTOR, _CREDITOR = _Side.of("Dbtr"), _Side.of("Cdtr")
_INITIATOR_NAMES = _names("RltdPties/InitgPty")


def counterparty(detail: Node, *, own: AccountNumber | None, money_in: bool, is_reversal: bool) -> Counterparty:
    """Return who is on the other side of a payment (`TxDtls`).

    Of money in that is the debtor, of money out the creditor. A payment that came back keeps its parties in their
    first roles at some banks, so there the party with an account that is not our own is the other side.
    """
    expected, opposite = (_DEBTOR, _CREDITOR) if money_in else (_CREDITOR, _DEBTOR)
    account = account_in(detail, expected.account)
    if (is_reversal and account is None) or (account is not None and account == own):
        opposite_account = account_in(detail, opposite.account)
        if account is not None or opposite_account not in {None, own}:
            return _party(detail, opposite, opposite_account)
    return _party(detail, expected, account)


def _party(detail: Node, side: _Side, account: AccountNumber | None) -> Counterparty:
    ultimate = _first(detail, side.ultimate_names)
    name = (
        _first(detail, side.names)
        or detail.value(side.account_name)
        or ultimate
        or (_first(detail, _INITIATOR_NAMES) if side is _DEBTOR else "")
    )
    return Counterparty(
        name=name,
        account=account,
        code=_code(detail, side.codes),
        on_behalf_of="" if ultimate == name else ultimate,
        bic=parse_bic(_first(detail, side.bics)),
    )


def _first(detail: Node, paths: tuple[str, ...]) -> str:
    texts = detail.texts
    for path in paths:
        if path in texts and (text := texts[path][0]):
            return text
    return ""


def _code(detail: Node, paths: tuple[str, ...]) -> Code | None:
    """Return the one code whose check digits are right, else the first unverified one of a national scheme.

    Numbers of other schemes (a tax number, a bank's customer number) say nothing unless their check digits do.
    """
    found: dict[Code, None] = {}
    for path in paths:
        for number in detail.group(path):
            code = parse_code(number.value("Id"))
            scheme = number.value("SchmeNm/Cd") or number.value("SchmeNm/Prtry")
            if code is not None and (scheme in _NATIONAL_SCHEMES or not isinstance(code, UnverifiedCode)):
                found[code] = None
    checked = [code for code in found if not isinstance(code, UnverifiedCode)]
    if len(checked) == 1:
        return checked[0]
    first = next(iter(found), None)
    return first if first is None or isinstance(first, UnverifiedCode) else UnverifiedCode(first)


_KIND_OF_SUBFAMILY = {  # ISO 20022 external codes: sub-families that every family has
    "FEES": LineKind.FEE,
    "CHRG": LineKind.FEE,
    "COMM": LineKind.FEE,
    "INTR": LineKind.INTEREST,
    "TAXE": LineKind.TAX,
}
_KIND_OF_PAYMENT_FAMILY = {"CCRD": LineKind.CARD, "MCRD": LineKind.CARD, "CNTR": LineKind.CASH}
_REFERENCE_CHARACTERS_MIN = 6
"""A shorter reference is the number of the entry or payment in its statement, and the same in every other one."""
PAYMENT = "NtryDtls/TxDtls"
ENTRY_REFERENCES = ("AcctSvcrRef", "NtryRef")
REFERENCES = ("Refs/AcctSvcrRef", "Refs/EndToEndId", "Refs/InstrId", "Refs/TxId", "Refs/UETR")
"""Where a payment has its ids, in the order of `payment_ids`."""
_UETR = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOTHING = Node("TxDtls", 0, {}, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedEntry:
    """An entry whose money and day are known."""

    entry: Node
    start: StatementStart
    currency: Currency
    minor: Minor
    day: date

    @property
    def is_reversal(self) -> bool:
        """Whether the entry says that something comes back."""
        return self.entry.value("RvslInd") in {"true", "1"}


def line_of(booked: BookedEntry, detail: Node | None, *, is_part: bool = False) -> StatementLine:
    """Return the line of an entry, with what the bank tells of its one payment, or of one payment of a batch.

    A part has its own row, ids and amounts, for those of the entry are the whole batch's.
    """
    entry, told = booked.entry, _NOTHING if detail is None else detail
    returned = told.group("RtrInf")
    is_reversal = booked.is_reversal or bool(returned)
    remittance, reference = _remittance(told)
    of_bank = [told.value("AddtlTxInf"), entry.value("AddtlNtryInf"), *_words_of(returned)]
    text = remittance or of_bank[0] or of_bank[1]
    ids = payment_ids(*map(told.value, REFERENCES), is_reversal=is_reversal)
    sent = sent_as(told, None if is_part else entry, (abs(booked.minor), booked.currency))
    return StatementLine(
        row=told.row if is_part else entry.row,
        booked_on=booked.day,
        money=money_of(booked.minor, booked.currency),
        counterparty=counterparty(told, own=booked.start.account, money_in=booked.minor > 0, is_reversal=is_reversal),
        text=text,
        bank_text=_beside(text, of_bank) if any(of_bank) else "",
        reference=reference,
        ids=bank_ids(*ids, *(() if is_part else entry_ids(*map(entry.value, ENTRY_REFERENCES)))),
        kind=_kind(told if told.value("BkTxCd/Domn/Cd") else entry),
        is_reversal=is_reversal,
        return_reason=_reason(returned[0]) if returned else "",
        value_date=day_in(entry.value("ValDt/Dt") or entry.value("ValDt/DtTm")),
        original=sent.original,
        charges=sent.charges,
    )


def whole_of(booked: BookedEntry, details: list[Node]) -> StatementLine:
    """Return the line of an entry as a whole: nobody's, with the kind and the return that its payments agree on."""
    line = line_of(booked, None)
    if line.kind is LineKind.TRANSFER:
        kinds = set(map(_kind, details))
        line = replace(line, kind=kinds.pop() if len(kinds) == 1 else line.kind)
    returned = [each for detail in details for each in detail.group("RtrInf")]
    reasons = set(map(_reason, returned))
    return replace(
        line,
        is_reversal=line.is_reversal or bool(returned),
        return_reason=reasons.pop() if len(reasons) == 1 else "",
    )


def detail_of(booked: BookedEntry, detail: Node) -> Detail:
    """Return what the file shows of a payment that does not explain its entry."""
    is_reversal = booked.is_reversal or bool(detail.group("RtrInf"))
    remittance, reference = _remittance(detail)
    is_against = sign_of(detail) == (-1 if booked.minor > 0 else 1)
    return Detail(
        counterparty=counterparty(detail, own=booked.start.account, money_in=booked.minor > 0, is_reversal=is_reversal),
        text="\n".join(filter(None, (remittance or detail.value("AddtlTxInf"), reference))),
        amount=None if is_against else amount_of(detail, booked.currency),
    )


def _remittance(detail: Node) -> tuple[str, Reference | None]:
    """Return text and reference; a reference whose check digits fail stays in the text, so that nothing is lost."""
    split = [split_remittance(piece) for piece in detail.values("RmtInf/Ustrd")]
    written = [*detail.values("RmtInf/Strd/CdtrRefInf/Ref"), *(reference for reference, _ in split)]
    references = {text: parse_reference(text) for text in written if text}
    chosen = next((reference for reference in references.values() if reference is not None), None)
    texts = [text for _, text in split] + detail.values("RmtInf/Strd/AddtlRmtInf")
    texts += [text for text, reference in references.items() if reference is None or reference != chosen]
    return "\n".join(text for text in dict.fromkeys(texts) if text), chosen


def _beside(text: str, words: Iterable[str]) -> str:
    """Return what the bank adds to a text that does not have it yet."""
    return "\n".join(dict.fromkeys(each for each in words if each and each not in text))


def _words_of(returned: Iterable[Node]) -> Iterator[str]:
    return (word for each in returned for word in each.values("AddtlInf"))


def _reason(returned: Node) -> str:
    return returned.value("Rsn/Cd") or returned.value("Rsn/Prtry") or returned.value("AddtlInf")


def _kind(coded: Node) -> LineKind:
    kind = _KIND_OF_SUBFAMILY.get(coded.value("BkTxCd/Domn/Fmly/SubFmlyCd"))
    if kind is None and coded.value("BkTxCd/Domn/Cd") == "PMNT":
        kind = _KIND_OF_PAYMENT_FAMILY.get(coded.value("BkTxCd/Domn/Fmly/Cd"))
    return kind or LineKind.TRANSFER


def entry_ids(servicer: str, reference: str) -> Iterator[tuple[IdScheme, str]]:
    """Yield an entry's ids: `AcctSvcrRef` and `NtryRef`."""
    yield IdScheme.ACCOUNT_SERVICER, servicer
    if len(reference) >= _REFERENCE_CHARACTERS_MIN:
        yield IdScheme.ENTRY, reference


def payment_ids(
    servicer: str, end_to_end: str, instruction: str, transaction: str, uetr: str, *, is_reversal: bool
) -> Iterator[tuple[IdScheme, str]]:
    """Yield a payment's ids. `TxId` and `UETR` of one that comes back are those of the payment that went out."""
    yield IdScheme.ACCOUNT_SERVICER, servicer
    yield IdScheme.END_TO_END, end_to_end
    yield IdScheme.INSTRUCTION, instruction
    if is_reversal:
        return
    # Some banks repeat the payer's own id here, and those are often constant.
    if len(transaction) >= _REFERENCE_CHARACTERS_MIN and transaction != end_to_end:
        yield IdScheme.TRANSACTION, transaction
    if uetr and _UETR.fullmatch(uetr.lower()):
        yield IdScheme.UETR, uetr.lower()


_PENDING = frozenset({"PDNG", "INFO", "FUTR"})


def is_pending(entry: Node) -> bool:
    """Whether the money has not moved yet; without a status it has, for a statement is of booked entries.

    The status is text up to version 07 and a choice from 08. Refuses `missing_field` for any other word.
    """
    status = entry.value("Sts") or entry.value("Sts/Cd") or entry.value("Sts/Prtry")
    if status in _PENDING:
        return True
    if status in {"BOOK", ""}:
        return False
    raise refuse(ProblemCode.MISSING_FIELD, line=entry.row, field=N_("The booking status (BOOK or PDNG)"))


def is_undated(entry: Node) -> bool:
    """Whether the bank wrote no date into the entry at all."""
    return not any(entry.value(f"{which}/{kind}") for which in ("BookgDt", "ValDt") for kind in ("Dt", "DtTm"))


def entry_facts(entry: Node, start: StatementStart, *, only_day: date | None) -> Iterator[StatementLine | Problem]:
    """Yield the line of a booked entry and notices about it; raises `Refused` where it cannot be read.

    An entry without a date is of the statement's `only_day`, and cannot be read where it has more days than one.
    """
    booked = _booked(entry, start, only_day)
    if booked.minor == 0:
        yield Problem.of(ProblemCode.ZERO_AMOUNT, line=entry.row)
        return
    details = entry.group(PAYMENT)
    announced = sum(number_in(count) or 0 for count in entry.values("NtryDtls/Btch/NbOfTxs"))
    if len(details) > 1:
        yield from _batch(booked, details)
    elif announced > 1:
        if booked.minor > 0:
            yield _kept_whole(booked, N_("not all of them are shown"))
        yield _whole(booked, details)
    elif not details or explains(details[0], entry, (abs(booked.minor), booked.currency), is_in=booked.minor > 0):
        yield line_of(booked, details[0] if details else None)
    else:
        yield from _batch(booked, details)


def _booked(entry: Node, start: StatementStart, only_day: date | None) -> BookedEntry:
    """Return what moved on the account: always the entry's own amount, for details may be in other currencies.

    The direction is already the real one: a reversal (`RvslInd`) turns nothing round. The value date is the day
    only where the bank gives no booking date, as a person would read it.
    """
    minor, currency = amount_in(entry, otherwise=start.currency)
    sign = sign_of(entry)
    if sign is None:
        raise refuse(ProblemCode.MISSING_FIELD, line=entry.row, field=N_("The direction (CRDT or DBIT)"))
    if minor < 0:
        raise refuse(ProblemCode.SIGN_CONFLICT, line=entry.row)
    day = day_at(entry, "BookgDt") or day_at(entry, "ValDt") or only_day
    if day is None:
        raise refuse(ProblemCode.BAD_DATE, line=entry.row)
    return BookedEntry(entry=entry, start=start, currency=currency, minor=sign * minor, day=day)


def _batch(booked: BookedEntry, details: list[Node]) -> Iterator[StatementLine | Problem]:
    """Yield one line with a part for each payment if these add up to it, else the line whole and a notice."""
    stated = [(detail, _part_minor(booked, detail)) for detail in details]
    moved = [(detail, minor) for detail, minor in stated if minor is not None]
    is_told = all(minor is not None or not has_amount(detail) for detail, minor in stated)
    total = sum(minor for _, minor in moved)
    if is_told and total == booked.minor:
        # A part of zero moves no money, so it is no payment.
        parts = [line_of(replace(booked, minor=minor), detail, is_part=True) for detail, minor in moved if minor]
        payments = [detail for detail, minor in moved if minor]
        yield line_of(booked, payments[0]) if len(parts) == 1 else replace(line_of(booked, None), parts=tuple(parts))
        return
    is_complete = len(moved) == len(details)
    told = str(Balance(total, booked.currency)) if is_complete else N_("not all of them have an amount")
    yield _kept_whole(booked, told)
    yield _whole(booked, details)


def _part_minor(booked: BookedEntry, detail: Node) -> Minor | None:
    """Return what one payment of a batch moved, signed; None where it has no amount in the entry's currency."""
    minor = minor_of(detail, booked.currency)
    return None if minor is None else minor * (sign_of(detail) or (1 if booked.minor > 0 else -1))


def _kept_whole(booked: BookedEntry, parts: str) -> Problem:
    total = Balance(booked.minor, booked.currency)
    return Problem.of(ProblemCode.BATCH_KEPT_WHOLE, line=booked.entry.row, parts=parts, total=total)


def _whole(booked: BookedEntry, details: list[Node]) -> StatementLine:
    """Return the entry as one payment of nobody: who of its payments paid what, a person decides."""
    return replace(whole_of(booked, details), details=tuple(detail_of(booked, detail) for detail in details))
