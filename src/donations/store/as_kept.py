"""The tables of the books with what is sealed as the bytes that it is kept as: for copies, and for sealing anew."""

from __future__ import annotations

from sqlalchemy import LargeBinary, MetaData, Table

from donations.store.tables import metadata
from donations.store.tables.sealed import Sealed, SealedFile


def is_sealed_column(kind: object) -> bool:
    """Whether a column of this type is sealed in sealed books."""
    return isinstance(kind, Sealed | SealedFile)


def _as_kept() -> dict[str, Table]:
    kept = MetaData()
    for table in metadata.sorted_tables:
        for column in table.to_metadata(kept).columns:
            if is_sealed_column(column.type):
                column.type = LargeBinary()
    return {table.name: kept.tables[table.name] for table in metadata.sorted_tables}


AS_KEPT = _as_kept()
"""By their names, each after the ones that it refers to."""
