"""Files: a download written down."""

from __future__ import annotations

from tests.truth.bank import Bank, prints_period
from tests.truth.values import Download, GivenFile
from tests.truth.writers import WRITERS


def given_file(bank: Bank, download: Download) -> GivenFile:
    """Return the bytes of a download, and what they truly say."""
    statements = bank.statements(download)
    ending = download.form.value.partition(".")[2]
    return GivenFile(
        key=download.key,
        name=f"{download.key:02}-{download.form.value.partition('.')[0]}.{ending}",
        content=WRITERS[download.form](download, statements),
        download=download,
        statements=statements,
    )


def is_blank(file: GivenFile) -> bool:
    """Whether it shows nothing at all: such a file is refused, and rightly."""
    return not prints_period(file.download) and not any(each.lines for each in file.statements)
