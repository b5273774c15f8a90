"""The process that reads what strangers wrote: it has the bytes of one file at a time and, once begun, nothing else.

`door` starts it with a clean environment and two pipes. It loads all that reading needs, gives up what it can do, and
then answers one file after another until its input ends.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import encodings
import gc
import os
import pkgutil
import resource
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from donations.core.iban import parse_iban
from donations.core.lines import Fact
from donations.core.problem import Refused
from donations.readers.columns import FactsOut
from donations.readers.draft import ofx_moment
from donations.readers.plain import ASKED, LENGTH, LOOK, OPEN, READ, dumps, plain_problems, way_of
from donations.readers.plugins import Plugins
from donations.readers.protocol import KnownReader, Reader
from donations.readers.registry import READERS
from donations.readers.sniffer import choose, opened
from donations.readers.table_look import look_at

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of linux/sched.h
_NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS of linux/prctl.h
_INPUT, _OUTPUT = 0, 1
_NONE = (0, 0)
_FACTS_AT_ONCE = 200
_BYTES_AT_ONCE = 1 << 20


def main(memory: int) -> None:
    """Answer files until there are no more, in so many bytes of address space."""
    plugins = _load_all()
    _give_up()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    theirs, known = plugins.readers(READERS)
    readers = (*READERS, *theirs)
    _say(["ready", _plain(known)])
    answers: dict[int, Callable[[bytes], None]] = {READ: partial(_read, readers), OPEN: _open, LOOK: _look}
    while asked := _take(ASKED.size):
        seconds, length, wanted = ASKED.unpack(asked)
        _allow(seconds)
        _answer(length, answers[wanted])
        gc.collect()


def _load_all() -> Plugins:
    """Load what is else loaded when first needed: afterwards no file can be opened. Plug-ins are only taken in."""
    for module in pkgutil.iter_modules(encodings.__path__):
        with contextlib.suppress(LookupError):
            codecs.lookup(module.name)
    parse_iban("EE382200221020145685")  # the register of banks
    ofx_moment("20260101")  # `strptime`
    plugins = Plugins.installed()
    sys.meta_path.clear()
    gc.collect()
    gc.freeze()
    gc.disable()  # between two files it looks for garbage, and not while one is read
    return plugins


def _plain(known: tuple[KnownReader, ...]) -> list[object]:
    ours = (KnownReader(name=each.name, suffixes=each.suffixes) for each in READERS)
    to_plain = way_of(KnownReader)[0]
    return [to_plain(each) for each in (*ours, *known)]


def _give_up() -> None:
    """Leave the network and the system's rights, as far as the system lets us, then files, processes and memory dumps.

    Without a new descriptor nothing is opened: no file, no socket, no pipe. The limits are hard, and in a user
    namespace of its own not even root can raise them again.
    """
    with contextlib.suppress(OSError, AttributeError):  # another system than Linux
        system = ctypes.CDLL(None)
        _ = system.unshare(_NEW_USER | _NEW_NET) and system.unshare(_NEW_NET)
        system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE):
        resource.setrlimit(limit, _NONE)


def _allow(seconds: int) -> None:
    """Let one more file take so much of the processor: then the system ends this process."""
    used = int(time.process_time()) + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, most))


def _answer(length: int, answer: Callable[[bytes], None]) -> None:
    try:
        answer(_take(length))
        _say(["end"])
    except Refused as refused:
        _say(["refused", plain_problems(refused.problems)])
    except MemoryError:
        _say(["memory"])
    except Exception:  # noqa: BLE001 - whatever a parser raises; its text could hold a payer's name
        _say(["failed"])


def _read(readers: Sequence[Reader], content: bytes) -> None:
    reader = choose(content, readers)
    own = set(reader.suffixes)
    _say(["format", reader.name, sorted({each for other in readers for each in other.suffixes} - own)])
    out = FactsOut()
    for facts in _batches(reader, content):
        _say(["facts", out.plain(facts)])


def _look(content: bytes) -> None:
    _say(["table", look_at(content).text()])


def _open(content: bytes) -> None:
    for name, member in opened(content):
        _say(["member", name])
        for at in range(0, len(member), _BYTES_AT_ONCE):
            _say(["bytes", b64encode(member[at : at + _BYTES_AT_ONCE]).decode("ascii")])


def _batches(reader: Reader, content: bytes) -> Iterator[list[Fact]]:
    facts = reader.facts(content)
    while batch := list(islice(facts, _FACTS_AT_ONCE)):
        yield batch


def _take(length: int) -> bytes:
    """Return so many bytes, or none where the input has ended."""
    parts = []
    while length and (part := os.read(_INPUT, min(length, 1 << 20))):
        parts.append(part)
        length -= len(part)
    return b"" if length else b"".join(parts)


def _say(message: list[object]) -> None:
    content = dumps(message)
    left = memoryview(LENGTH.pack(len(content)) + content)
    while left:
        left = left[os.write(_OUTPUT, left) :]
