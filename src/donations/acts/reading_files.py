"""Files are read, on the terms on which they are taken, before anything of the books is held."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from donations.acts.uncollected import uncollected
from donations.core.problem import ProblemCode, Refused
from donations.core.progress import Tell, silent
from donations.core.statement import GivenFile, Reading
from donations.core.table_layout import ColumnMeaning, TableLook, said_of
from donations.readers import Limits
from donations.readers.door import files_of, look, read
from donations.store.donors import people
from donations.store.session import reading
from donations.store.statements.files import active_import
from donations.store.table_layouts import KeptLayout, table_layouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms files are taken."""

    by: str
    now: datetime
    limits: Limits = field(default_factory=Limits)
    add_accounts: bool = False
    """Whether accounts that are not known are registered."""
    is_alone: bool = True
    """Whether nobody else has to agree to an account after the first."""
    accept_imbalance: str | None = None
    """The written reason for importing balances that do not add up."""
    account: str = ""
    """Whose account tables are of that do not say it."""
    tell: Tell = silent
    """Is told how much is booked, in lines of all files."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file with what was read of it, or why it was refused: reading takes longer than anybody may hold a lock."""

    given: GivenFile
    found: Reading | Refused | None
    """None where these very bytes were in the books already: then nothing was read."""

    @property
    def lines(self) -> int:
        """How many there are to be booked."""
        return sum(len(each.lines) for each in self.found.statements) if isinstance(self.found, Reading) else 0


NO_LAYOUT = frozenset({ProblemCode.UNKNOWN_CSV_LAYOUT, ProblemCode.MISSING_HEADING, ProblemCode.SPREADSHEET})
"""A table, of which nobody of ours knows what its columns mean."""


def read_new_file(engine: Engine, given: GivenFile, terms: Terms) -> ReadFile:
    """Read a file, unless its very bytes are in the books already; a table as it was said of those with its heading."""
    found = _read_unless_known(engine, given, terms)
    if isinstance(found.found, Refused) and any(each.code in NO_LAYOUT for each in found.found.problems):
        said = as_said(engine, given, terms)
        return found if said is None else _read_unless_known(engine, said, terms)
    return found


def _read_unless_known(engine: Engine, given: GivenFile, terms: Terms) -> ReadFile:
    with reading(engine) as session:
        is_known = active_import(session, digest_of(given)) is not None
    return ReadFile(given, None) if is_known else read_file(given, terms)


def as_said(engine: Engine, given: GivenFile, terms: Terms) -> GivenFile | None:
    """Return a table with what was said of its heading and whose account it is; None where somebody has to say it.

    A table that does not name its account is of the only one, or of the one in the terms: of several nobody guesses.
    One without a heading looks like those of others that have as many columns, so it is asked each time.
    """
    found = look_at_table(engine, given, terms)
    if found is None or found[1] is None or not any(found[0].heading):
        return None
    layout = found[1].layout
    with reading(engine) as session:
        own = [row.number for row in people.accounts(session)]
    account = terms.account or (own[0] if len(own) == 1 else "")
    if layout.place(ColumnMeaning.OWN_ACCOUNT) is None and not account:
        return None
    return GivenFile(name=given.name, content=said_of(given.content, layout, account=account))


def look_at_table(engine: Engine, given: GivenFile, terms: Terms) -> tuple[TableLook, KeptLayout | None] | None:
    """Return what the columns of a table show and what was said of such; None where it is no table."""
    try:
        seen = look(given.content, terms.limits)
    except Refused:
        return None
    with reading(engine) as session:
        return seen, table_layouts(session).get(seen.fingerprint)


def read_new_files(engine: Engine, given: GivenFile, terms: Terms) -> list[ReadFile]:
    """Read a file, or each file of an archive, as `read_new_file` does."""
    return [read_new_file(engine, each, terms) for each in files_of(given, terms.limits)]


def read_file(given: GivenFile, terms: Terms) -> ReadFile:
    """Read a file, and say so where its name promises another format."""
    with uncollected():
        return ReadFile(given, found_in(given, terms))


def found_in(given: GivenFile, terms: Terms) -> Reading | Refused:
    """Return what is read of a file, or why it is refused."""
    try:
        return read(
            given.content,
            name=given.name,
            today=terms.now.date(),
            limits=terms.limits,
            accept_imbalance=terms.accept_imbalance is not None,
        )
    except Refused as refusal:
        return refusal


def digest_of(given: GivenFile) -> str:
    """Return by what the same bytes are known."""
    return hashlib.sha256(given.content).hexdigest()
