"""One measurement in a process of its own: CPU and wall time of some work, and by how much it raised peak memory."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

_STATUS = Path("/proc/self/status")


@dataclass(slots=True)
class Sample:
    """Seconds, and bytes of resident memory."""

    cpu: float = 0.0
    wall: float = 0.0
    peak: int = 0
    grown: int = 0
    """Peak during the work less what was resident before it (imports, and the file's bytes)."""


@contextmanager
def measured() -> Iterator[Sample]:
    """Measure the work inside; right for the largest work of a process, for its peak of memory is never lowered."""
    sample = Sample()
    before, wall, cpu = _resident("VmRSS"), time.perf_counter(), time.process_time()
    yield sample
    sample.cpu, sample.wall = time.process_time() - cpu, time.perf_counter() - wall
    sample.peak = _resident("VmHWM")
    sample.grown = sample.peak - before


def _resident(name: str) -> int:
    """Return bytes that are (`VmRSS`) or at most were (`VmHWM`) resident; without /proc, the peak for both."""
    if _STATUS.exists():
        kib = next(line.split()[1] for line in _STATUS.read_text().splitlines() if line.startswith(name))
        return int(kib) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def in_new_process(work: Callable[[], Sample]) -> Sample:
    """Run the work where nothing is loaded, cached or allocated yet."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as one:
        return one.submit(work).result()


def median_of(samples: Sequence[Sample]) -> Sample:
    """Return the median of each figure."""
    return Sample(
        cpu=median(each.cpu for each in samples),
        wall=median(each.wall for each in samples),
        peak=int(median(each.peak for each in samples)),
        grown=int(median(each.grown for each in samples)),
    )
