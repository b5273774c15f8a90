"""What is of people and waits for a short while: sealed by the key of the host, and opened by the one before it too.

So no change of the books' keys has to touch it, and what is written while they are changed is read afterwards.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from sqlalchemy import Connection

from donations.store.data_keys import has_keys
from donations.store.host_key import key_of, own_words
from donations.store.sealing import SEALED, SecretSeal, is_sealed


def closed(connection: Connection, content: str, *, bound_to: str) -> str:
    """Return what may be kept of a text; with unsealed books it stays open. Raises `Refusal`, as `key_of`."""
    if not has_keys(connection):
        return content
    box = SecretSeal(key_of(connection)).boxed(content.encode(), bound_to=bound_to)
    return SEALED + urlsafe_b64encode(box).decode()


def reopened(connection: Connection, kept: str, *, bound_to: str) -> str | None:
    """Return the text again; None where it was changed, or is of something else. Raises `Refusal`, as `key_of`."""
    if not is_sealed(kept):
        return kept
    try:
        box = urlsafe_b64decode(kept.removeprefix(SEALED))
    except ValueError:
        return None
    for word in own_words(connection):
        content = SecretSeal(word).unboxed(box, bound_to=bound_to)
        if content is not None:
            return content.decode()
    return None
