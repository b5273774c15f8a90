"""How fast files are read, from bytes to checked statements, beside the least that anybody needs for their format."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import MappingProxyType

from lxml import etree
from ofxparse import OfxParser  # noqa: TID251 - not to read anything for the books, but to be compared with

from benchmarks.plan import Plan, interleaved
from benchmarks.sample import Sample, in_new_process, measured
from benchmarks.statements import FORMATS, payments
from benchmarks.targets import Figure
from donations.readers import Limits
from donations.readers.registry import read

_TODAY = date(2026, 1, 2)
_LIMITS = Limits(file_bytes=2 * 1024**3, lines=10_000_000)
_OFX_LINE = re.compile(r"<STMTTRN>(.*?)</STMTTRN>", re.DOTALL)
_OFX_FIELD = re.compile(r"<([A-Z]+)>([^<\r\n]+)")


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield how many times its floor each reader takes."""
    with TemporaryDirectory(dir=plan.folder) as name:
        written = payments(plan.lines)
        cases: dict[str, Callable[[], Sample]] = {}
        for form, write in FORMATS.items():
            path = Path(name) / form
            path.write_bytes(write(written))
            cases[form] = partial(in_new_process, partial(ours, path))
            cases[f"floor of {form}"] = partial(in_new_process, partial(FLOORS[form], path))
        seconds = {case: median(each.cpu for each in found) for case, found in interleaved(plan, cases).items()}
    for form in FORMATS:
        least = seconds[f"floor of {form}"]
        yield Figure(f"read.{form}", seconds[form] / least, f"{seconds[form]:.2f} s : {least:.2f} s", plan.lines)


def ours(path: Path) -> Sample:
    """Let our reader have a file, with every check."""
    content = path.read_bytes()
    with measured() as sample:
        read(content, today=_TODAY, limits=_LIMITS)
    return sample


def _iterparse(path: Path) -> Sample:
    """Walk over the entries of camt.053, and look at nothing."""
    content = path.read_bytes()
    with measured() as sample:
        for _, entry in etree.iterparse(io.BytesIO(content), tag="{*}Ntry"):
            entry.clear()
            while entry.getprevious() is not None:
                del entry.getparent()[0]
    return sample


class _Node:
    """What ofxparse asks of a tag."""

    __slots__ = ("contents", "fields")

    def __init__(self, fields: Mapping[str, _Node], contents: list[str]) -> None:
        self.fields, self.contents = fields, contents

    def find(self, name: str) -> _Node | None:
        return self.fields.get(name)


def _parse_transaction(path: Path) -> Sample:
    """Let ofxparse make transactions of tags that are found already."""
    nodes = [
        _Node({name.lower(): _Node({}, [value]) for name, value in _OFX_FIELD.findall(line)}, [])
        for line in _OFX_LINE.findall(path.read_text(encoding="utf-8"))
    ]
    OfxParser.fail_fast, OfxParser.custom_date_format = True, None
    with measured() as sample:
        for node in nodes:
            OfxParser.parseTransaction(node)
    return sample


def _csv_reader(path: Path) -> Sample:
    """Cut every line into its cells."""
    content = path.read_bytes()
    with measured() as sample:
        for _ in csv.reader(io.StringIO(content.decode())):
            pass
    return sample


FLOORS: Mapping[str, Callable[[Path], Sample]] = MappingProxyType(
    {"camt.053": _iterparse, "ofx": _parse_transaction, "lhv-csv": _csv_reader}
)
