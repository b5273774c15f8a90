"""Files that name people: a new one can be read by nobody but whoever typed the command."""

from __future__ import annotations

from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Write the file whole; one that is there keeps its rights. Raises `OSError`."""
    path.touch(mode=0o600)
    path.write_bytes(content)
