"""What is published, in a file beside the books: anybody may read it, and it is there while the database is silent.

It is sealed with the key of the host and the place of the books, so that it is never taken for that of other books.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from hmac import compare_digest
from secrets import token_hex

from sqlalchemy import Engine

from donations.core.refusal import Refusal
from donations.store.host_key import host_key_at
from donations.store.keyed import Keyed, hashed
from donations.store.place import place_of, snapshot_file_of


def keep_snapshot(engine: Engine, content: str | None) -> None:
    """Let the file be this snapshot as canonical JSON, whole or not at all; None where nothing is published.

    Books without a key yet and those in memory keep nothing. Raises `OSError`, and `Refusal` as `HostKey.words`.
    """
    file = snapshot_file_of(engine.url)
    if file is None:
        return
    seal = None if content is None else next(_seals(engine, content), None)
    if content is None or seal is None:
        file.unlink(missing_ok=True)
        return
    half = file.with_name(f"{file.name}.{token_hex(4)}")
    try:
        with open(half, "x", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as opened:
            opened.write(f"{seal}\n{content}")
            opened.flush()
            os.fsync(opened.fileno())
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)


def snapshot_kept(engine: Engine) -> str | None:
    """Return the snapshot that the file has; None where it has none of these books, or is damaged."""
    file = snapshot_file_of(engine.url)
    if file is not None:
        with suppress(OSError, UnicodeDecodeError, Refusal):
            said, _, content = file.read_text("utf-8").partition("\n")
            if any(compare_digest(said.encode(), seal.encode()) for seal in _seals(engine, content)):
                return content
    return None


def _seals(engine: Engine, content: str) -> Iterator[str]:
    place = place_of(engine.url.render_as_string(hide_password=False))
    return (hashed(word, Keyed.SNAPSHOT, f"{place}\n{content}") for word in host_key_at(engine).words())
