"""On what terms a file is taken, and what it reads as."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath

from donations.core.problem import Problem, ProblemCode
from donations.core.statement import Reading
from donations.core.statement_file import GivenFile
from donations.readers import READERS, Limits, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms files are taken."""

    by: str
    now: datetime
    limits: Limits = field(default_factory=Limits)
    add_accounts: bool = False
    accept_imbalance: str | None = None
    """The written reason for importing balances that do not add up."""


def read_file(given: GivenFile, terms: Terms) -> Reading:
    """Read a file, and say so where its name promises another format; raises `Refused`."""
    reading = read(
        given.content,
        today=terms.now.date(),
        limits=terms.limits,
        accept_imbalance=terms.accept_imbalance is not None,
    )
    suffix = PurePath(given.name).suffix.lower()
    own = {ending for reader in READERS if reader.name == reading.format for ending in reader.suffixes}
    known = {ending for reader in READERS for ending in reader.suffixes}
    if suffix in known - own:
        notice = Problem.of(ProblemCode.FORMAT_DIFFERS, format=reading.format, suffix=suffix)
        return Reading(format=reading.format, statements=reading.statements, notices=(*reading.notices, notice))
    return reading
