"""What published blocks told of each category of spending, shown by itself or folded."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.spending import CategoryId
from donations.ledger.spending import Fold, Seen, Spent
from donations.store.ids import append
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.spending import SpendingToldRow

_NONE = 0
"""Stands for what has no category."""
_SHOWN = ""


def told_so_far(session: ReadSession) -> Counter[CategoryId | None]:
    """Return what all blocks told, by category, in euro cents."""
    category = col(SpendingToldRow.category_id)
    rows = session.execute(sql_select(category, func.sum(col(SpendingToldRow.minor))).group_by(category))
    return Counter({None if each == _NONE else CategoryId(each): int(minor) for each, minor in rows})


def seen_so_far(session: ReadSession) -> Seen:
    """Return which categories blocks showed, and which they folded to hide somebody's pay."""
    columns = (col(SpendingToldRow.category_id), col(SpendingToldRow.fold))
    found = {(CategoryId(each), fold) for each, fold in session.execute(sql_select(*columns).distinct())}
    return Seen(
        shown=frozenset(each for each, fold in found if fold == _SHOWN),
        covering=frozenset(each for each, fold in found if fold == Fold.COVER.value),
    )


def keep_told(session: WriteSession, spent: Spent, *, block: int) -> None:
    """Keep what a block tells."""
    folds: dict[CategoryId | None, Fold] = {**spent.folded, **dict.fromkeys(spent.covering, Fold.COVER)}
    rows = (
        {"block_number": block, "category_id": each or _NONE, "minor": minor, "fold": folds.get(each, _SHOWN)}
        for each, minor in spent.by_category.items()
        if minor
    )
    append(session, SpendingToldRow, rows)
