"""The journal as general ledger transactions for Merit Aktiva, one batch for each booking, appeals as projects.

The layout is Merit's own: *Creating General Ledger Transactions* (`sendglbatch`) of its reference manual, with the
payload shown there, read in a stored copy in December 2026 (the page bears no date; its example is of 9 July 2020):
https://api.merit.ee/connecting-robots/reference-manual/general-ledger-transactions/creating-general-ledger-transactions/
The codes of accounts and projects have to be known to Merit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from donations.core.money import Minor, decimal_text
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.reports.journal import Booking, BookingPart, Journal, one_line
from donations.reports.words import PURPOSES, WITHOUT_PURPOSE, text_in_language
from donations.store.organisation import AccountNumbers
from donations.views.phrases import Teller

_ACCOUNT, _PROJECT, _MEMO = 8, 20, 150
"""How many signs Merit takes (`Str 8`, `Str 20`, `Str 150`)."""


def merit(
    found: Journal, numbers: AccountNumbers, projects: Mapping[str, str], teller: Teller, *, with_names: bool
) -> str:
    """Return JSON: an array of payloads, a line each, in the order of the bookings.

    `projects` are codes by the names of appeals; an appeal without one is called by its name. Raises `Refusal` where
    an account or an appeal has no code that Merit takes.
    """
    batches = (_batch(each, numbers, projects, teller, with_names=with_names) for each in found.bookings)
    return "[\n" + ",\n".join(batches) + "\n]\n"


def _batch(
    booking: Booking, numbers: AccountNumbers, projects: Mapping[str, str], teller: Teller, *, with_names: bool
) -> str:
    memos = [_memo(part, teller, with_names=with_names) for part in booking.parts]
    own = numbers.own.get(booking.account) or booking.account
    rows = [_row(own, booking.minor, booking, memo="; ".join(dict.fromkeys(memos)))]
    for part, memo in zip(booking.parts, memos, strict=True):
        code = numbers.purposes.get("unallocated" if part.purpose is None else part.purpose.value, "")
        project = projects.get(part.appeal) or part.appeal
        rows.append(_row(code, -part.minor, booking, memo=memo, project=project))
    return _object(
        DocNo=json.dumps(str(booking.payment)),
        BatchDate=json.dumps(f"{booking.day:%Y%m%d}"),
        CurrencyCode=json.dumps(booking.currency),
        EntryRow=f"[{', '.join(rows)}]",
    )


def _row(account: str, minor: Minor, booking: Booking, *, memo: str, project: str = "") -> str:
    to, since = (decimal_text(max(each, 0), booking.currency) for each in (minor, -minor))
    fields = {"AccountCode": _text(_fitting(account, _ACCOUNT)), "Debit": to, "Credit": since}
    if project:
        fields["ProjectCode"] = _text(_fitting(project, _PROJECT))
    return _object(**fields, Memo=_text(memo[:_MEMO]))


def _object(**fields: str) -> str:
    """Return a JSON object of texts that are JSON already, so that amounts stay the decimals that they are."""
    return "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in fields.items()) + "}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _fitting(code: str, most: int) -> str:
    if not 0 < len(code) <= most:
        raise Refusal(BooksCode.NOT_FOR_MERIT)
    return code


def _memo(part: BookingPart, teller: Teller, *, with_names: bool) -> str:
    said = text_in_language(WITHOUT_PURPOSE if part.purpose is None else PURPOSES[part.purpose], teller)
    return one_line(" ".join(filter(None, (said, part.appeal, part.donor if with_names else ""))))
