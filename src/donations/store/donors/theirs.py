"""What in the books is a donor's own, and what only stands beside it: on a joint account somebody else pays too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.name import NameKey, name_key
from donations.core.payment import PaymentId
from donations.store.donors.standing_donor import donors_behind
from donations.store.given import in_force
from donations.store.ids import in_runs
from donations.store.payments.payments import days_of
from donations.store.session import ReadSession
from donations.store.tables import (
    AllocationRow,
    AttestationRow,
    DonorClaimRow,
    DonorRow,
    LineTextRow,
    PaymentRow,
    StatementLineRow,
    StatementRow,
)
from donations.store.tables.donors import ClaimWordRow, DonorNameRow, RestrictedDonorRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """By what a donor is known, with all who were merged into it."""

    donors: frozenset[DonorId]
    names: tuple[str, ...]
    """As written, those before corrections too."""
    keys: frozenset[NameKey]
    """The same folded, and the names of claims; not those of others who pay for the donor."""
    codes: frozenset[str]
    ibans: frozenset[str]
    """Accounts from which the donor paid, joint ones too."""

    def is_named(self, name: str, code: str) -> bool:
        """Whether a line names the donor as the payer; a code in its text does not."""
        return code in self.codes or name_key(name) in self.keys


def theirs(session: ReadSession, donor: DonorId) -> Theirs:
    """Return by what a standing donor is known."""
    ids = list(session.exec(donors_behind(donor)))  # type: ignore[call-overload]
    shown = dict(
        session.execute(sql_select(col(DonorRow.id), col(DonorRow.name)).where(col(DonorRow.id).in_(ids))).all()
    )
    kept = select(RestrictedDonorRow).where(col(RestrictedDonorRow.donor_id).in_(ids))
    shown |= {row.donor_id: row.name for row in session.exec(kept)}
    before = session.exec(select(DonorNameRow.name).where(col(DonorNameRow.donor_id).in_(ids)))
    names = tuple(dict.fromkeys(name for name in (*(shown[each] for each in sorted(shown)), *before) if name))
    by_word = select(ClaimWordRow.claim_id)
    claims = session.exec(
        select(DonorClaimRow).where(col(DonorClaimRow.donor_id).in_(ids), col(DonorClaimRow.id).not_in(by_word))
    ).all()
    codes = session.exec(select(DonorClaimRow.code).where(col(DonorClaimRow.donor_id).in_(ids)))
    known = Theirs(
        donors=frozenset(map(DonorId, ids)),
        names=names,
        keys=frozenset({*map(name_key, names), *(NameKey(each.name_key) for each in claims)} - {NameKey("")}),
        codes=frozenset(codes) - {""},
        ibans=frozenset(each.iban for each in claims) - {""},
    )
    used = (each.account for each in lines_naming(session, known) if each.is_own)
    return replace(known, ibans=known.ibans | (frozenset(used) - {""}))


class NamingLine(NamedTuple):
    """What a statement line says of a payer."""

    line: int
    file: int
    payment: PaymentId | None
    """None where its import was taken back."""
    day: date
    minor: Minor
    currency: Currency
    name: str
    account: str
    code: str
    on_behalf_of: str
    text: str
    reference: str
    is_own: bool
    """Whether the donor pays, and nobody else for the donor."""
    is_shared: bool
    """Whether parts of its payment are other donors'."""


def lines_naming(session: ReadSession, whom: Theirs) -> list[NamingLine]:
    """Return the lines by which a donor paid or is recognised, by day, undone imports too."""
    found: dict[int, NamingLine] = {}
    own = payments_of(session, whom)
    for condition in _conditions(whom, own):
        for row in session.execute(_lines().where(condition)):
            is_named = whom.is_named(row.name, row.code)
            is_own = is_named or (not row.name and row.payment in own)
            if row.payment in own or is_own:
                found[row.line] = NamingLine(
                    *(row.line, row.file, None if row.payment is None else PaymentId(row.payment)),
                    *(row.day, row.minor, Currency(row.currency)),
                    *(row.name, row.account, row.code, row.on_behalf_of, row.text, row.reference),
                    *(is_own, row.payment in own and not own[PaymentId(row.payment)]),
                )
    return sorted(found.values(), key=lambda each: (each.day, each.line))


def payments_of(session: ReadSession, whom: Theirs) -> dict[PaymentId, bool]:
    """Return the payments that were ever allocated to a donor, and whether nothing of them stands as anybody else's."""
    mine = col(AllocationRow.donor_id).in_(sorted(whom.donors))
    ids = list(session.scalars(sql_select(col(AllocationRow.payment_id)).where(mine).distinct()))
    others = set()
    for run in in_runs(sorted(ids)):
        foreign = (~mine, col(AllocationRow.donor_id).is_not(None), in_force())
        query = sql_select(col(AllocationRow.payment_id)).where(col(AllocationRow.payment_id).in_(run), *foreign)
        others |= set(session.scalars(query))
    return {PaymentId(each): each not in others for each in sorted(ids)}


def payments_alone(session: ReadSession, whom: Theirs) -> list[PaymentId]:
    """Return the payments of which nothing stands as anybody else's: what people wrote of them is about the donor."""
    return [payment for payment, is_alone in payments_of(session, whom).items() if is_alone]


def last_day_of(session: ReadSession, whom: Theirs) -> date | None:
    """Return the day of the last payment or line that concerns a donor; None where there is none."""
    days = [each.day for each in lines_naming(session, whom)]
    return max([*days, *days_of(session, payments_of(session, whom)).values()], default=None)


def _conditions(whom: Theirs, payments: dict[PaymentId, bool]) -> Iterator[ColumnElement[bool]]:
    for run in in_runs(list(payments)):
        # Asked for the payment of each line instead, databases would walk all lines.
        lines = select(AttestationRow.line_id).where(col(AttestationRow.payment_id).in_(run))
        yield col(StatementLineRow.id).in_(lines) & (col(PaymentRow.minor) == col(StatementLineRow.minor))
    # One after the other: joined by OR, databases would walk all lines.
    for named, by in (
        (LineTextRow.account, whom.ibans),
        (LineTextRow.claimed_code, whom.codes),
        (LineTextRow.code, whom.codes),
    ):
        if by:
            yield col(named).in_(sorted(by))


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        sql_select(
            col(StatementLineRow.id).label("line"),
            col(StatementRow.file_id).label("file"),
            col(AttestationRow.payment_id).label("payment"),
            col(StatementLineRow.booked_on).label("day"),
            col(StatementLineRow.minor).label("minor"),
            col(StatementRow.currency).label("currency"),
            *(col(LineTextRow.name), col(LineTextRow.account), col(LineTextRow.code)),
            *(col(LineTextRow.on_behalf_of), col(LineTextRow.text), col(LineTextRow.reference)),
        )
        .select_from(StatementLineRow)
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .join(LineTextRow, col(LineTextRow.line_id) == col(StatementLineRow.id))
        .outerjoin(AttestationRow, col(AttestationRow.line_id) == col(StatementLineRow.id))
        .outerjoin(PaymentRow, col(PaymentRow.id) == col(AttestationRow.payment_id))
    )
