"""The process that reads takes no more than it may and reaches nothing; what becomes of it, no file is half read.

A reader of the tests runs what a file holds, as a file would that took the process over.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text
from tests.conftest import FreshEngine
from tests.readers.test_bounds import csv
from tests.readers.test_refused import samples as small_samples
from tests.readers.test_samples import samples

from donations.acts.importing import FileStatus, take
from donations.acts.reading_files import Terms
from donations.core.problem import Problem, Refused
from donations.core.statement import GivenFile, Reading
from donations.readers import Limits, door
from donations.readers.door import Worker, Workers
from donations.readers.registry import read as read_here

TODAY = date(2026, 11, 22)
BRIEF = Limits(file_bytes=1024 * 1024, seconds=1)
RUNS = """
import sys
sys.path[:] = sys.argv[2:]
import os, signal, socket, time
from donations.core.problem import ProblemCode, refuse
from donations.readers import worker

class Runs:
    name, suffixes = "runs", ()

    def claims(self, content):
        return content.startswith(b"RUN:")

    def facts(self, content):
        code, _, file = content[4:].partition(b"\\n--\\n")
        names = dict(vars(worker), socket=socket, time=time, signal=signal)
        exec(code.decode(), names)
        if "said" in names:
            raise refuse(ProblemCode.NOT_A_STATEMENT, kind=repr(names["said"]), hint="")
        reader = worker.choose(file, others)
        for fact in reader.facts(file):
            yield fact

others = worker.READERS
worker.READERS = (*others, Runs())
worker.main(int(sys.argv[1]))
"""


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Bring workers that run what a file holds."""
    monkeypatch.setattr(door, "_CODE", RUNS)
    found = Workers()
    monkeypatch.setattr(door, "WORKERS", found)
    yield found
    found.close()


def run(code: str, file: bytes = b"") -> bytes:
    return b"RUN:" + code.encode() + b"\n--\n" + file


def outcome(content: bytes, limits: Limits | None = None) -> Reading | tuple[Problem, ...]:
    try:
        return door.read(content, today=TODAY, limits=limits)
    except Refused as refused:
        return refused.problems


def here(content: bytes) -> Reading | tuple[Problem, ...]:
    try:
        return read_here(content, today=TODAY)
    except Refused as refused:
        return refused.problems


def refused_for(content: bytes, limits: Limits = BRIEF) -> dict[str, str]:
    """Return the one code that refuses the file, with its facts."""
    problems = outcome(content, limits)
    assert isinstance(problems, tuple)
    (problem,) = problems
    return {"code": problem.code.value, **dict(problem.values)}


def said(code: str) -> str:
    """Return what an expression comes to in the worker."""
    answer = refused_for(run(f"said = {code}"))
    assert answer["code"] == "not_a_statement", answer
    return answer["kind"]


def fails(code: str) -> bool:
    """Whether statements raise an error of the system in the worker."""
    tried = "\n ".join(code.splitlines())
    answer = refused_for(run(f"said = 'done'\ntry:\n {tried}\nexcept (OSError, ValueError):\n said = 'failed'"))
    return answer["kind"] == "'failed'"


def test_every_sample_reads_behind_the_door_as_before_it() -> None:
    for sample in (*samples(), *small_samples("noticed"), *small_samples("refused")):
        content = sample.read_bytes()
        assert outcome(content) == here(content), sample.name


@pytest.mark.usefixtures("workers")
def test_one_that_takes_too_much_memory_is_refused() -> None:
    """T04, B24."""
    took = refused_for(run("kept = []\nwhile True: kept.append(bytes(10_000_000))"))
    assert took == {"code": "took_too_much", "what": "memory"}
    assert isinstance(outcome(csv()), Reading)


@pytest.mark.usefixtures("workers")
def test_one_that_takes_too_much_of_the_processor_is_refused() -> None:
    """T04, B24."""
    assert refused_for(run("while True: pass")) == {"code": "took_too_much", "what": "time"}
    assert isinstance(outcome(csv()), Reading)


@pytest.mark.usefixtures("workers")
def test_one_that_only_waits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(outcome(csv()), Reading)
    monkeypatch.setattr(door, "_PATIENCE", 1)
    assert refused_for(run("time.sleep(3600)")) == {"code": "took_too_much", "what": "time"}


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize(
    "ends", ["os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)", "import ctypes; ctypes.string_at(0)"]
)
@pytest.mark.parametrize("is_first", [True, False])
def test_one_that_ends_the_worker_is_refused_and_the_next_is_read(ends: str, *, is_first: bool) -> None:
    if not is_first:
        assert isinstance(outcome(csv()), Reading)
    assert refused_for(run(ends, csv()))["code"] == "unreadable_file"
    assert isinstance(outcome(csv()), Reading)


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize(
    "lie",
    [
        "b'\\x80\\x04cos\\nsystem\\n.'",  # a pickle
        "b'[' * 1_000_000",
        'b\'["facts", [["StatementLine", {"row": 1}]]]\'',
        "b'[\"refused\", []]'",
        'b\'["refused", [{"code": "too_many_lines"}]]\'',
        "b'[\"ready\"]'",
    ],
)
def test_what_no_reader_says_is_not_believed(lie: str) -> None:
    sent = f"lie = {lie}\nos.write(1, len(lie).to_bytes(4, 'big') + lie) if len(lie) < 60_000 else _say([lie.decode()])"
    assert refused_for(run(sent, csv()))["code"] == "unreadable_file"


@pytest.mark.usefixtures("workers")
def test_a_message_without_end_is_not_waited_for() -> None:
    assert refused_for(run("os.write(1, b'\\xff' * 9)\nos._exit(0)"))["code"] == "unreadable_file"


@pytest.mark.usefixtures("workers")
def test_the_worker_reaches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """T04."""
    monkeypatch.setenv("DONATIONS_SECRET_KEY", "k" * 40)
    books = tmp_path / "books.sqlite"
    books.write_bytes(b"SQLite format 3")
    assert "DONATIONS" not in said("sorted(os.environ)")
    assert fails(f"os.open({str(books)!r}, os.O_RDONLY)")
    assert fails(f"open({str(tmp_path / 'new')!r}, 'w')")
    assert fails("open('/proc/self/environ')")
    assert fails(f"open('/proc/{os.getpid()}/environ')")
    assert fails("socket.socket()")
    assert fails("os.close(2)\nsocket.socket()")
    assert fails("os.dup(1)")
    assert fails("os.pipe()")
    assert list(tmp_path.iterdir()) == [books]


@pytest.mark.usefixtures("workers")
def test_the_worker_has_two_pipes_and_nothing_else_of_ours(tmp_path: Path) -> None:
    with (tmp_path / "open").open("w") as held, subprocess.Popen(["true"], stdin=subprocess.PIPE):
        os.set_inheritable(held.fileno(), True)
        tried = "said = []\nfor n in range(3, 256):\n try: said.append(os.fstat(n) and n)\n except OSError: pass"
        assert refused_for(run(tried))["kind"] == "[]"


def test_the_worker_is_in_a_network_of_its_own(workers: Workers) -> None:
    try:
        subprocess.run(["unshare", "-rn", "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system allows no network of its own without rights")
    assert said("os.readlink('/proc/self/ns/net')") != repr(str(Path("/proc/self/ns/net").readlink()))
    assert fails("resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))")
    assert os.getuid() == 0 or fails("os.fork()")  # the system does not count the processes of root
    assert workers is door.WORKERS


def test_a_worker_is_used_again_and_not_for_ever(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    first = said("os.getpid()")
    assert [said("os.getpid()") for _ in range(3)] == [first] * 3
    monkeypatch.setattr(door, "FILES_MAX", 5)
    assert said("os.getpid()") == first
    assert said("os.getpid()") != first
    assert len(_idle(workers)) == 1


def test_many_at_once_each_get_their_own(workers: Workers) -> None:
    """T05."""
    files = [sample.read_bytes() for sample in samples()[:8]]
    expected = [here(file) for file in files]
    ends = ["os._exit(1)", "raise ValueError", "said = 1"]
    mixed = [content for file, end in zip(files, cycle(ends)) for content in (file, run(end))]
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(outcome, mixed))
    assert found[::2] == expected
    assert all(isinstance(each, tuple) for each in found[1::2])
    assert len(_idle(workers)) <= door.IDLE_MAX


def test_what_is_forked_has_workers_of_its_own(workers: Workers) -> None:
    assert isinstance(outcome(csv()), Reading)
    pid = os.fork()
    if pid == 0:
        os._exit(0 if not _idle(workers) else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert isinstance(outcome(csv()), Reading)


def test_a_worker_that_cannot_start_is_not_the_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "WORKERS", Workers())
    for code in ("raise SystemExit(1)", "import time; print('x' * 9, flush=True)"):
        monkeypatch.setattr(door, "_CODE", code)
        assert refused_for(csv()) == {"code": "reader_unavailable"}
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert refused_for(csv()) == {"code": "reader_unavailable"}


@pytest.mark.usefixtures("workers")
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(fresh_sqlite: FreshEngine, tmp_path: Path) -> None:
    """T04: by the file itself, which is refused; by something else, and another worker reads the file."""
    terms = Terms(by="treasurer", now=datetime(2026, 11, 22, tzinfo=UTC), add_accounts=True)
    file = csv() + b"\n" + csv(archive="2").partition(b"\n")[2]
    with fresh_sqlite() as engine:

        def payments() -> int:
            with engine.connect() as connection:
                return cast("int", connection.execute(text("SELECT count(*) FROM payment")).scalar())

        broken = run("os.kill(os.getpid(), 9)", file)
        assert take(engine, GivenFile(name="a.csv", content=broken), terms).status is FileStatus.REFUSED
        assert payments() == 0
        assert isinstance(outcome(csv()), Reading)  # so that the worker has read before
        results = []
        slow = GivenFile(name="a.csv", content=run("time.sleep(1)", file))
        thread = threading.Thread(target=lambda: results.append(take(engine, slow, terms)))
        alive: list[Worker] = []
        start = Worker.read

        def noted(self: Worker, *args: object, **given: object) -> Reading:
            alive.append(self)
            return start(self, *args, **given)  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Worker, "read", noted)
            thread.start()
            while not alive:
                time.sleep(0.01)
            os.kill(alive[0].process.pid, signal.SIGKILL)
            thread.join()
        assert [each.status for each in results] == [FileStatus.IMPORTED]
        assert len(alive) == 2
        assert payments() == 2
        assert take(engine, slow, terms).status is FileStatus.ALREADY_IMPORTED
        assert payments() == 2
        assert list(tmp_path.iterdir()) == []


def test_the_pages_and_the_terminal_load_no_parser() -> None:
    code = "import sys, donations.web, donations.cli.main, donations.cli.server; print(*sys.modules)"
    source = Path(door.__file__).parents[2]
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env={"PYTHONPATH": str(source)}
    ).stdout.split()
    assert "donations.readers.door" in loaded
    assert {"lxml", "ofxparse", "bs4", "donations.readers.registry"}.isdisjoint(loaded)


def _idle(workers: Workers) -> list[Worker]:
    return workers._idle
