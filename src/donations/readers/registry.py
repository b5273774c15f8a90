"""All readers in one tuple, and the way from bytes to checked statements inside one process, as tests and tools go.

The program itself reads behind `door`, in a process of its own.
"""

from __future__ import annotations

from datetime import date

from donations.core.problem import ProblemCode, Refused, refuse
from donations.core.statement import Reading
from donations.readers.camt052 import CAMT052
from donations.readers.camt053 import CAMT053
from donations.readers.cash_box import CASH_BOX_READER
from donations.readers.csv_banks import DIALECTS
from donations.readers.finalise import finalise
from donations.readers.mt940 import MT940
from donations.readers.ofx import OFX
from donations.readers.payout_layouts import LAYOUTS
from donations.readers.protocol import Limits, Reader
from donations.readers.sniffer import choose
from donations.readers.table import TABLE

READERS: tuple[Reader, ...] = (CAMT053, CAMT052, OFX, MT940, *DIALECTS, *LAYOUTS, CASH_BOX_READER, TABLE)


def read(content: bytes, *, today: date, limits: Limits | None = None, accept_imbalance: bool = False) -> Reading:
    """Read a whole file, or raise `Refused` with every problem found in it.

    `today` is the last believable day (bookings up to two days ahead pass). With `accept_imbalance` a stated
    balance that does not add up becomes a notice. Any exception of a parser is the refusal `unreadable_file`:
    its text could hold a payer's name, so it is not shown.
    """
    limits = limits or Limits()
    if len(content) > limits.file_bytes:
        raise refuse(ProblemCode.FILE_TOO_LARGE, limit=limits.file_size)
    reader = choose(content, READERS)
    try:
        return finalise(
            reader.facts(content),
            format_name=reader.name,
            today=today,
            lines_max=limits.lines,
            accept_imbalance=accept_imbalance,
        )
    except Refused:
        raise
    except Exception as error:
        raise refuse(ProblemCode.UNREADABLE_FILE, format=reader.name) from error
