"""Published blocks, the snapshots made of them, and the terms of publishing: kept and read again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlmodel import col, select

from donations.core.canonical import canonical
from donations.published.blocks import DONORS_FLOOR, Rules
from donations.published.document import Block, Goal, Snapshot
from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.tables.publishing import PublicSnapshotRow, PublishedBlockRow, PublishingTermsRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingTerms:
    """How careful to be, and what the page says besides figures."""

    rules: Rules = field(default_factory=Rules)
    account_id: int | None = None
    """The own account that gifts are asked to; None is the first one with an IBAN."""
    payee: str = ""
    """Empty: the organisation's name."""
    goal: Goal | None = None
    spending_since: date | None = None
    """The first day whose costs are published by category; None: no spending is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTerms:
    """Terms with who set them and when."""

    terms: PublishingTerms
    donors_min: int
    """As it was set, when fewer were allowed."""
    is_rounded: bool
    """Figures could be rounded once; those blocks stay as they are."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBlock:
    """A published block as it is kept."""

    block: Block
    digest: str
    """As kept; `block.digest` is what it should be."""
    last_allocation: int
    """Allocations with a higher number are not counted in it."""
    by: str
    at: datetime


def blocks(session: ReadSession) -> list[KeptBlock]:
    """Return the published blocks, the oldest first."""
    rows = session.exec(select(PublishedBlockRow).order_by(col(PublishedBlockRow.number)))
    return [
        KeptBlock(
            block=Block.read(json.loads(row.figures)),
            digest=row.digest,
            last_allocation=row.last_allocation_id,
            by=row.published_by,
            at=row.published_at,
        )
        for row in rows
    ]


def add_block(session: WriteSession, block: Block, *, last_allocation: int, by: str, at: datetime) -> None:
    """Append a block."""
    session.add(
        PublishedBlockRow(
            number=block.number,
            first_day=block.first_day,
            last_day=block.last_day,
            figures=canonical(block.document()),
            before=block.before,
            digest=block.digest,
            last_allocation_id=last_allocation,
            published_by=by,
            published_at=at.astimezone(UTC),
        )
    )
    session.flush()


def add_snapshot(session: WriteSession, snapshot: Snapshot, *, by: str, at: datetime) -> None:
    """Let the public pages be served from this from now on."""
    session.add(
        PublicSnapshotRow(
            id=next(next_ids(session, PublicSnapshotRow)),
            content=snapshot.written(),
            digest=snapshot.digest,
            made_by=by,
            made_at=at.astimezone(UTC),
        )
    )
    session.flush()


def terms(session: ReadSession) -> PublishingTerms:
    """Return the terms that count now."""
    found = history_of_terms(session, size=1)
    return found[0].terms if found else PublishingTerms()


def history_of_terms(session: ReadSession, *, size: int) -> list[PastTerms]:
    """Return the terms that were ever set, the newest first."""
    rows = session.exec(select(PublishingTermsRow).order_by(col(PublishingTermsRow.id).desc()).limit(size))
    return [
        PastTerms(terms=_terms(row), donors_min=row.donors_min, is_rounded=row.is_rounded, by=row.set_by, at=row.set_at)
        for row in rows
    ]


def set_terms(session: WriteSession, wanted: PublishingTerms, *, by: str, at: datetime) -> None:
    """Append terms; what is published stays as it is."""
    goal = wanted.goal
    session.add(
        PublishingTermsRow(
            id=next(next_ids(session, PublishingTermsRow)),
            donors_min=wanted.rules.donors_min,
            percent=wanted.rules.percent,
            is_rounded=False,
            account_id=wanted.account_id,
            payee=wanted.payee,
            goal_minor=None if goal is None else goal.minor,
            goal_text="" if goal is None else goal.text,
            goal_since=None if goal is None else goal.since,
            spending_since=wanted.spending_since,
            set_by=by,
            set_at=at.astimezone(UTC),
        )
    )
    session.flush()


def _terms(row: PublishingTermsRow) -> PublishingTerms:
    goal = None
    if row.goal_minor is not None and row.goal_since is not None:
        goal = Goal(minor=row.goal_minor, text=row.goal_text, since=row.goal_since)
    return PublishingTerms(
        rules=Rules(donors_min=max(DONORS_FLOOR, row.donors_min), percent=row.percent),
        account_id=row.account_id,
        payee=row.payee,
        goal=goal,
        spending_since=row.spending_since,
    )
