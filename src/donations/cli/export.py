"""What a command hands out: written into the audit log before it leaves, and into files that only its reader can open.

It is written whether it goes to a file or to the screen, for what is shown can be sent on to a file too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from donations.cli import context
from donations.ledger.audit import About, Action, Noted
from donations.store.log.audit import note_access


def write_private(path: Path, content: bytes) -> None:
    """Write the file whole; one that is there keeps its rights. Raises `OSError`."""
    path.touch(mode=0o600)
    path.write_bytes(content)


def note_export(command: str, **asked: object) -> None:
    """Write down that somebody takes along what a command makes; `asked` are its options."""
    _write(export_of(command, **asked))


def note_program(command: str) -> None:
    """Write down that a program reads what names people: whoever asks for JSON is one."""
    _write(_noted(Action.PROGRAM_READ, command, {}))


def export_of(command: str, **asked: object) -> Noted:
    """Return what is written down, for a command that is writing anyway."""
    return _noted(Action.EXPORTED, command, asked)


def _noted(action: Action, command: str, asked: Mapping[str, object]) -> Noted:
    options = {name: value if isinstance(value, int) else str(value) for name, value in asked.items() if value}
    return Noted(
        action=action,
        about=About.COMMAND,
        id=f"donations {command}",
        by=context.person(),
        at=context.now(),
        details=options,
    )


def _write(noted: Noted) -> None:
    with context.writer() as session:
        note_access(session, [noted])
