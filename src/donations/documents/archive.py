"""Many files as one archive, made while it is taken along."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
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
