"""One entry (`Ntry`) of camt.053 as a statement line with its parts; knows nothing of statements and balances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from donations.core.language import N_
from donations.core.money import Balance, Currency, Minor, money_of
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.reference import Reference, parse_reference, split_remittance
from donations.core.statement import Counterparty, IdScheme, LineKind, StatementLine, StatementStart, bank_ids
from donations.readers.camt_fields import amount_in, day_at, sign_of
from donations.readers.camt_node import Node
from donations.readers.camt_party import counterparty
from donations.readers.limits import TEXT_CHARACTERS_MAX

_PENDING = frozenset({"PDNG", "INFO", "FUTR"})
_KIND_OF_SUBFAMILY = {  # ISO 20022 external codes: sub-families that every family has
    "FEES": LineKind.FEE,
    "CHRG": LineKind.FEE,
    "COMM": LineKind.FEE,
    "INTR": LineKind.INTEREST,
    "TAXE": LineKind.TAX,
}
_KIND_OF_PAYMENT_FAMILY = {"CCRD": LineKind.CARD, "MCRD": LineKind.CARD, "CNTR": LineKind.CASH}
_ENTRY_REFERENCE_CHARACTERS_MIN = 6
"""A shorter entry reference is the number of the entry in its statement, and the same in every other one."""
_NOTHING = Node("TxDtls", 0, {}, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Booked:
    """An entry whose money and day are known."""

    entry: Node
    start: StatementStart
    currency: Currency
    minor: Minor
    day: date


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
    details = entry.group("NtryDtls/TxDtls")
    if len(details) > 1:
        yield from _batch(booked, details)
        return
    announced = sum(int(count) for count in entry.values("NtryDtls/Btch/NbOfTxs") if count.isdecimal())
    if booked.minor > 0 and announced > 1:
        yield _kept_whole(booked, N_("not all of them are shown"))
    yield _line(booked, details[0] if details else None)


def _booked(entry: Node, start: StatementStart, only_day: date | None) -> _Booked:
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
    return _Booked(entry=entry, start=start, currency=currency, minor=sign * minor, day=day)


def _batch(booked: _Booked, details: list[Node]) -> Iterator[StatementLine | Problem]:
    """Yield one line with a part for each payment if these add up to it, else the line whole and a notice."""
    amounts = [_part_minor(booked, detail) for detail in details]
    stated = [minor for minor in amounts if minor is not None]
    whole = _line(booked, None)
    if len(stated) == len(details) and sum(stated) == booked.minor:
        parts = tuple(
            _part(replace(booked, minor=minor), detail)
            for detail, minor in zip(details, stated, strict=True)
            if minor  # a part of zero moves no money, so it is no payment
        )
        yield replace(whole, parts=parts)
        return
    sum_of_parts = str(Balance(sum(stated), booked.currency))
    yield _kept_whole(booked, sum_of_parts if len(stated) == len(details) else N_("not all of them have an amount"))
    payments = [_part(booked, detail) for detail in details]
    others = {payment.counterparty for payment in payments}
    text = "\n".join(dict.fromkeys(payment.text for payment in payments if payment.text))
    yield replace(
        whole,
        counterparty=others.pop() if len(others) == 1 else Counterparty(),
        text=text if len(text) <= TEXT_CHARACTERS_MAX else whole.text,
    )


def _part_minor(booked: _Booked, detail: Node) -> Minor | None:
    """Return what one payment of a batch moved, signed; None where it has no amount in the entry's currency."""
    sign = sign_of(detail) or (1 if booked.minor > 0 else -1)
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        if not detail.value(path):
            continue
        try:
            minor, currency = amount_in(detail, path, otherwise=booked.currency)
        except Refused:
            return None
        if currency == booked.currency:
            return sign * minor if minor >= 0 else None
    return None


def _kept_whole(booked: _Booked, parts: str) -> Problem:
    total = Balance(booked.minor, booked.currency)
    return Problem.of(ProblemCode.BATCH_KEPT_WHOLE, line=booked.entry.row, parts=parts, total=total)


def _part(booked: _Booked, detail: Node) -> StatementLine:
    """Return a payment of a batch: it has its own ids, for those of the entry are the whole batch's."""
    return replace(_line(booked, detail), row=detail.row, ids=bank_ids(*_detail_ids(detail)))


def _line(booked: _Booked, detail: Node | None) -> StatementLine:
    """Return the line of an entry, with what the bank tells of its one payment."""
    entry, told = booked.entry, _NOTHING if detail is None else detail
    is_reversal = entry.value("RvslInd") in {"true", "1"} or bool(told.group("RtrInf"))
    text, reference = _remittance(told)
    return StatementLine(
        row=entry.row,
        booked_on=booked.day,
        money=money_of(booked.minor, booked.currency),
        counterparty=counterparty(told, own=booked.start.account, money_in=booked.minor > 0, is_reversal=is_reversal),
        text=text or told.value("AddtlTxInf") or entry.value("AddtlNtryInf"),
        reference=reference,
        ids=bank_ids(*_detail_ids(told), *_entry_ids(entry)),
        kind=_kind(told if told.value("BkTxCd/Domn/Cd") else entry),
        is_reversal=is_reversal,
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


def _kind(coded: Node) -> LineKind:
    kind = _KIND_OF_SUBFAMILY.get(coded.value("BkTxCd/Domn/Fmly/SubFmlyCd"))
    if kind is None and coded.value("BkTxCd/Domn/Cd") == "PMNT":
        kind = _KIND_OF_PAYMENT_FAMILY.get(coded.value("BkTxCd/Domn/Fmly/Cd"))
    return kind or LineKind.TRANSFER


def _entry_ids(entry: Node) -> Iterator[tuple[IdScheme, str]]:
    yield IdScheme.ACCOUNT_SERVICER, entry.value("AcctSvcrRef")
    reference = entry.value("NtryRef")
    if len(reference) >= _ENTRY_REFERENCE_CHARACTERS_MIN:
        yield IdScheme.ENTRY, reference


def _detail_ids(detail: Node) -> Iterator[tuple[IdScheme, str]]:
    yield IdScheme.ACCOUNT_SERVICER, detail.value("Refs/AcctSvcrRef")
    yield IdScheme.END_TO_END, detail.value("Refs/EndToEndId")
    yield IdScheme.INSTRUCTION, detail.value("Refs/InstrId")
