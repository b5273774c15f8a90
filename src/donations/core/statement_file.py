"""A statement file as it was given to us, and its name as it may be shown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file as it was given: the name is only shown, never used as a path or as evidence."""

    name: str
    content: bytes


def shown_name(name: str) -> str:
    """Return a given name fit for showing: the last part of a path, printable, at most 120 characters."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(" " if unicodedata.category(letter).startswith(("C", "Z")) else letter for letter in last)
    return " ".join(kept.split())[:120] or "unnamed"
