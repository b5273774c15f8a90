"""Files are read, on the terms on which they are taken, before anything of the books is held."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from donations.acts.uncollected import uncollected
from donations.core.problem import Refused
from donations.core.progress import Tell, silent
from donations.core.statement import GivenFile, Reading
from donations.readers import Limits
from donations.readers.door import files_of, read
from donations.store.session import reading
from donations.store.statements.files import active_import


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


def read_new_file(engine: Engine, given: GivenFile, terms: Terms) -> ReadFile:
    """Read a file, unless its very bytes are in the books already."""
    with reading(engine) as session:
        is_known = active_import(session, digest_of(given)) is not None
    return ReadFile(given, None) if is_known else read_file(given, terms)


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
