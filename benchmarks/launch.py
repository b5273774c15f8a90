"""Starts one program and prints as JSON what it took with all that it started; run by itself, so that it is small.

A program begins with the peak of memory of who started it: this one has eight megabytes, the benchmarks a hundred.
"""

import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

_BETWEEN_LOOKS = 0.02


def main(out: str, *program: str) -> None:
    """Run a program whose output goes to a file; memory is the sum of the peaks of its processes, in kilobytes."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    to = (os.POSIX_SPAWN_OPEN, 1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    began = time.perf_counter()
    child = os.posix_spawnp(program[0], program, os.environ, file_actions=[to], setsigmask=())
    peaks: dict[int, int] = {}
    while not (ended := os.wait4(child, os.WNOHANG))[0]:
        for process in _family(child):
            peaks[process] = max(peaks.get(process, 0), _peak(process))
        signal.sigtimedwait({signal.SIGCHLD}, _BETWEEN_LOOKS)
    wall = time.perf_counter() - began
    _, status, usage = ended
    print(  # noqa: T201 - its answer
        json.dumps(
            {
                "status": os.waitstatus_to_exitcode(status),
                "cpu": usage.ru_utime + usage.ru_stime,
                "wall": wall,
                "peak": max(sum(peaks.values()), usage.ru_maxrss) * 1024,
            }
        )
    )


def _family(process: int) -> list[int]:
    found = [process]
    for each in found:  # grows while it is walked
        with contextlib.suppress(OSError):
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
    return found


def _peak(process: int) -> int:
    with contextlib.suppress(OSError, StopIteration):
        status = Path(f"/proc/{process}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in status if line.startswith("VmHWM")))
    return 0


main(*sys.argv[1:])
