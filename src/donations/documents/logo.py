"""A logo as it is given: looked at before it is decoded, and set on a page once, as every certificate will hold it."""

from __future__ import annotations

from donations.core.picture import picture_head
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.documents.printed import can_hold
from donations.store.association import LOGO_BYTES_MAX, Logo, logo_of

SIDE_MAX = 2_000
PIXELS_MAX = 1_000_000
"""Whatever decodes it needs four bytes for each."""


def checked_logo(content: bytes) -> Logo:
    """Return the logo. Raises `Refusal`: `bad_logo` where it is too large, another kind of file, or damaged."""
    head = picture_head(content) if len(content) <= LOGO_BYTES_MAX else None
    if head is None or max(head.width, head.height) > SIDE_MAX or head.width * head.height > PIXELS_MAX:
        raise Refusal(BooksCode.BAD_LOGO)
    found = logo_of(content, head.kind)
    if not can_hold(found):
        raise Refusal(BooksCode.BAD_LOGO)
    return found
