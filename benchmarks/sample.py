"""Processor seconds of some work of ours, in a process of its own where nothing is loaded, cached or allocated yet."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context


@dataclass(slots=True)
class Sample:
    """Seconds."""

    cpu: float = 0.0


@contextmanager
def measured() -> Iterator[Sample]:
    """Measure the work inside, while nothing looks for garbage: so files are read (`readers/worker.py`)."""
    gc.collect()
    gc.disable()
    sample, began = Sample(), time.process_time()
    yield sample
    sample.cpu = time.process_time() - began
    gc.enable()


def in_new_process(work: Callable[[], Sample]) -> Sample:
    """Run the work, and let it measure the part that counts."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as one:
        return one.submit(work).result()
