"""Files: a download written down."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.truth.bank import Bank, prints_period
from tests.truth.values import Download, GivenFile
from tests.truth.writers import WRITERS


def given_file(bank: Bank, download: Download) -> GivenFile:
    """Return the bytes of a download, and what they truly say."""
    statements = bank.statements(download)
    name, content = f"{download.key:02}-{download.form.value}", WRITERS[download.form](download, statements)
    return GivenFile(
        key=download.key,
        name=f"{name}.zip" if download.is_packed else name,
        content=_packed(name, content) if download.is_packed else content,
        download=download,
        statements=statements,
    )


def _packed(name: str, content: bytes) -> bytes:
    """Return an archive of one file, beside what a computer adds by itself."""
    with ZipFile(into := BytesIO(), "w", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo(f"väljavõtted/{name}"), content)
        archive.writestr(ZipInfo("__MACOSX/._x"), b"\0")
    return into.getvalue()


def is_blank(file: GivenFile) -> bool:
    """Whether it, or a statement in it, shows nothing at all and of no day: such a file is refused, and rightly."""
    form, shown = file.download.form, [bool(each.lines) for each in file.statements]
    shows = all(shown) if form.is_camt or form.is_swift else any(shown)
    return not prints_period(file.download) and not shows
