"""Readers of other packages: their source is taken in while files can still be opened, and runs when nothing can be."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import EntryPoint, entry_points
from importlib.util import decode_source, spec_from_loader
from types import ModuleType
from typing import Any

from donations.core.lines import Fact
from donations.readers.protocol import KnownReader, Reader

GROUP = "donations.readers"
"""The group of entry points; each names a `Reader`."""

STANDARD = (
    "collections",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "html",
    "io",
    "itertools",
    "json",
    "math",
    "re",
)
"""Of the standard library, what is there behind the walls besides what our own readers load."""

_NAME = re.compile(r"[a-z0-9.-]{1,40}")
_PYTHON = ".py"
_PACKAGE = "__init__"


class KeptModules(MetaPathFinder, InspectLoader):
    """Modules whose source lies in memory: importing them opens no file."""

    def __init__(self, sources: Mapping[str, tuple[str, bool]]) -> None:
        """Keep sources by the names of their modules, each with whether it is a package."""
        self._sources = sources

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module is, if it is one of these."""
        _ = path, target
        return spec_from_loader(fullname, self) if fullname in self._sources else None

    def get_source(self, fullname: str) -> str:
        """Return a module's source."""
        return self._sources[fullname][0]

    def is_package(self, fullname: str) -> bool:
        """Whether a module is a package."""
        return self._sources[fullname][1]


@dataclass(frozen=True, slots=True)
class Plugins:
    """What other packages offer, not yet run."""

    offered: tuple[tuple[EntryPoint, str], ...] = ()
    """Each with its package and version."""
    sources: Mapping[str, tuple[str, bool]] = field(default_factory=dict)

    @classmethod
    def installed(cls) -> Plugins:
        """Find them by what their packages say of themselves, and load what of the standard library they may use."""
        offered = tuple(sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)))
        if offered:
            for name in STANDARD:
                import_module(name)
        return cls(
            tuple((each, _package(each)) for each in offered),
            dict(source for each in offered for source in _sources(each)),
        )

    def readers(self, own: Sequence[Reader]) -> tuple[tuple[Reader, ...], tuple[KnownReader, ...]]:
        """Run them: return those that are readers, and what is known of all. Only behind the walls of `worker`."""
        sys.meta_path.append(KeptModules(self.sources))
        readers: list[Reader] = []
        known: list[KnownReader] = []
        for each, package in self.offered:
            reader = _loaded(each, taken={other.name for other in (*own, *readers)})
            if reader is not None:
                readers.append(reader)
            name, suffixes = (reader.name, reader.suffixes) if reader is not None else (each.name, ())
            known.append(KnownReader(name=name, suffixes=suffixes, package=package, is_usable=reader is not None))
        return tuple(readers), tuple(known)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfAPackage:
    """A reader of another package, asked with care: where it breaks over a file, the file is not its own."""

    name: str
    suffixes: tuple[str, ...]
    reader: Any

    def claims(self, content: bytes) -> bool:
        with suppress(Exception):
            return self.reader.claims(content) is True
        return False

    def facts(self, content: bytes) -> Iterator[Fact]:
        yield from self.reader.facts(content)


def _package(offered: EntryPoint) -> str:
    return "" if offered.dist is None else f"{offered.dist.name} {offered.dist.version}"


def _sources(offered: EntryPoint) -> Iterator[tuple[str, tuple[str, bool]]]:
    for file in (offered.dist and offered.dist.files) or ():
        if file.suffix == _PYTHON and ".." not in file.parts:
            *parents, last = file.with_suffix("").parts
            is_package = last == _PACKAGE
            name = ".".join(parents if is_package else (*parents, last))
            with suppress(OSError, SyntaxError, UnicodeError):
                yield name, (decode_source(file.read_binary()), is_package)


def _loaded(offered: EntryPoint, *, taken: set[str]) -> Reader | None:
    """Run a package and return its reader; None where it breaks, is no reader, or has the name of another one."""
    try:
        found = offered.load()
        name, suffixes = found.name, tuple(found.suffixes)
        is_reader = callable(found.claims) and callable(found.facts)
    except (Exception, SystemExit):  # noqa: BLE001 - whatever a stranger's code raises
        return None
    fits = isinstance(name, str) and _NAME.fullmatch(name) and all(isinstance(each, str) for each in suffixes)
    if not fits or not is_reader or name in taken:
        return None
    return _OfAPackage(name=name, suffixes=suffixes, reader=found)
