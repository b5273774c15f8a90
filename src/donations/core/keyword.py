"""Keywords in their normal form."""

from __future__ import annotations

from typing import NewType

Keyword = NewType("Keyword", str)
"""A keyword in its normal form, made only by `parse_keyword`."""
