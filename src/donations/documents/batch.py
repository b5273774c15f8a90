"""Many papers set beside the pages that wait for them: how far it is, and one archive in the end.

One batch is set after the other, each once, however many people wait for it. Its archive is a file without a name: it
takes no memory, nobody else can open it, and it is gone with the process. A batch that nobody keeps any more stops.
"""

from __future__ import annotations

import io
import logging
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from threading import Lock, Thread
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


class _Pipe(io.RawIOBase):
    """A file that is only written to, and gives what came since the last time."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        self._waiting += content
        return len(content)

    def taken(self) -> bytes:
        """Return what is waiting, once."""
        content = bytes(self._waiting)
        self._waiting.clear()
        return content


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield a ZIP archive of named files; they bear no time, so that equal files make equal archives."""
    pipe = _Pipe()
    with ZipFile(pipe, "w") as archive:
        for name, content in files:
            info = ZipInfo(name)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content)
            yield pipe.taken()
    yield pipe.taken()


KEPT_FOR = timedelta(hours=1)
KEPT_MAX = 4
"""Archives hold names: no more are kept than somebody takes along."""
_AT_ONCE = 256 * 1024
_LOG = logging.getLogger(__name__)


class Batch:
    """Papers that are being set; whoever reads from it keeps its file."""

    def __init__(self, content: str, *, total: int, begun: datetime) -> None:
        """Begin with none; `content` tells apart what would be other papers."""
        self.content = content
        self.total = total
        self.begun = begun
        self.papers = 0
        """So many are set."""
        self.size = 0
        """Bytes of the archive; 0 until it is whole."""
        self.is_broken = False
        self.is_wanted = True
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - lives as long as the batch
        self._lock = Lock()
        weakref.finalize(self, self._file.close).atexit = False

    @property
    def is_whole(self) -> bool:
        """Whether the archive can be taken along."""
        return self.size > 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the archive from its beginning; several may read at once."""
        at = 0
        while at < self.size:
            with self._lock:
                self._file.seek(at)
                piece = self._file.read(_AT_ONCE)
            at += len(piece)
            yield piece

    def make(self, files: Iterable[tuple[str, bytes]], turn: Lock) -> None:
        """Set all papers when it is its turn; what goes wrong is told by `is_broken` and, without names, in the log."""
        try:
            with turn:
                for piece in zipped(self._counted(files)):
                    self._file.write(piece)
                self.size = self._file.tell() if self.is_wanted else 0
        except Exception as error:  # noqa: BLE001 - nobody is there to catch it, and the page tells
            # A traceback could hold names.
            _LOG.error("paper %s of %s could not be set (%s)", self.papers + 1, self.total, type(error).__name__)
            self.is_broken = True

    def _counted(self, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        for each in files:
            if not self.is_wanted:
                return
            yield each
            self.papers += 1


@dataclass(frozen=True, slots=True)
class PaperBatches:
    """The batches of the last hour by name; safe for several threads."""

    _kept: dict[str, Batch] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock)
    _turn: Any = field(default_factory=Lock)

    def find(self, name: str, *, now: datetime) -> Batch | None:
        """Return the batch of a name; None where none was begun within the hour, or since the program started."""
        with self._lock:
            self._forget(now)
            return self._kept.get(name)

    def begin(self, name: str, content: str, files: Iterable[tuple[str, bytes]], *, total: int, now: datetime) -> Batch:
        """Return the batch of this content: the one that is there, else a new one in place of what had the name."""
        with self._lock:
            self._forget(now)
            there = self._kept.get(name)
            if there is not None and there.content == content and not there.is_broken:
                return there
            if there is not None:
                self._drop(name)
            while len(self._kept) >= KEPT_MAX:
                self._drop(next(iter(self._kept)))
            batch = self._kept[name] = Batch(content, total=total, begun=now)
        Thread(target=batch.make, args=(files, self._turn), daemon=True).start()
        return batch

    def _forget(self, now: datetime) -> None:
        for name in [name for name, batch in self._kept.items() if now - batch.begun > KEPT_FOR]:
            self._drop(name)

    def _drop(self, name: str) -> None:
        self._kept.pop(name).is_wanted = False
